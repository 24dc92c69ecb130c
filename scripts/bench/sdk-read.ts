/**
 * How many records a second the official client reads: page after page of 200, as its own samples do it.
 * A child of scripts/bench/sync.ts; prints one JSON object.
 */
import path from 'node:path';
import * as sdk from '@zohocrm/typescript-sdk-8.0';

const {
  ZOHO_ACCOUNTS_URL: url = '',
  ZOHO_CLIENT_ID: clientId = '',
  ZOHO_CLIENT_SECRET: clientSecret = '',
  ZOHO_REFRESH_TOKEN: refreshToken = '',
  SDK_DIR: folder = '',
  BENCH_FIELDS: fields = '',
} = process.env;
const pages = Number(process.argv[2] ?? 50);

const token = new sdk.OAuthBuilder()
  .clientId(clientId)
  .clientSecret(clientSecret)
  .refreshToken(refreshToken)
  .build();
const builder = new sdk.InitializeBuilder()
  .environment(new sdk.Environment(url, `${url}/oauth/v2/token`, url))
  .token(token)
  .store(new sdk.FileStore(path.join(folder, 'tokens.csv')))
  .SDKConfig(new sdk.SDKConfigBuilder().autoRefreshFields(false).pickListValidation(false).build())
  .resourcePath(folder)
  .logger(new sdk.LogBuilder().level(sdk.Levels.OFF).filePath(null).build());
await builder.initialize();

const operations = new sdk.Record.RecordOperations('Deals');
async function readPage(pageToken: string | null): Promise<{ count: number; next: string | null }> {
  const params = new sdk.ParameterMap();
  await params.add(sdk.Record.GetRecordsParam.FIELDS, fields);
  await params.add(sdk.Record.GetRecordsParam.PER_PAGE, 200);
  if (pageToken !== null) await params.add(sdk.Record.GetRecordsParam.PAGE_TOKEN, pageToken);
  const wrapper: unknown = (await operations.getRecords(params)).getObject();
  if (!(wrapper instanceof sdk.Record.ResponseWrapper)) throw new Error('the list was refused');
  return { count: wrapper.getData().length, next: wrapper.getInfo().getNextPageToken() ?? null };
}

// The first page also reads the org, the user and the fields of the module: it is not counted.
let { next } = await readPage(null);
let records = 0;
const startedAt = performance.now();
for (let page = 0; page < pages && next !== null; page += 1) {
  const answer = await readPage(next);
  records += answer.count;
  next = answer.next;
}
const seconds = (performance.now() - startedAt) / 1_000;
process.stdout.write(JSON.stringify({ records, seconds }));
