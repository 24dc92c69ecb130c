/**
 * Drives the official Zoho client against a simulator and prints what it saw as one JSON object.
 * The client keeps tokens and field metadata in files, so it gets a folder of its own:
 *
 *   SIMULATOR_URL=http://127.0.0.1:9090 CLIENT_ID=… CLIENT_SECRET=… REFRESH_TOKEN=… SDK_DIR=/tmp/sdk \
 *     node scripts/sdk-check.ts
 *
 * It speaks plain http to whatever host its Environment names; no data-centre class is needed.
 */
import path from 'node:path';
import * as sdk from '@zohocrm/typescript-sdk-8.0';

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is missing`);
  return value;
}

const url = required('SIMULATOR_URL');
const folder = required('SDK_DIR');
const seen: Record<string, unknown> = {};

await initialize();
await readMetadata();
const id = await writeRecords();
await readRecords(id);
await query();
await refusals();
await bulkRead();
await createField();
await watch(id);
process.stdout.write(
  JSON.stringify(seen, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
);

async function initialize(): Promise<void> {
  const token = new sdk.OAuthBuilder()
    .clientId(required('CLIENT_ID'))
    .clientSecret(required('CLIENT_SECRET'))
    .refreshToken(required('REFRESH_TOKEN'))
    .build();
  const builder = new sdk.InitializeBuilder()
    .environment(new sdk.Environment(url, `${url}/oauth/v2/token`, url))
    .token(token)
    .store(new sdk.FileStore(path.join(folder, 'tokens.csv')))
    .SDKConfig(new sdk.SDKConfigBuilder().autoRefreshFields(false).pickListValidation(false).build())
    .resourcePath(folder)
    .logger(new sdk.LogBuilder().level(sdk.Levels.OFF).filePath(null).build());
  await builder.initialize();
}

async function readMetadata(): Promise<void> {
  const params = new sdk.ParameterMap();
  await params.add(sdk.Fields.GetFieldsParam.MODULE, 'Accounts');
  const fields = await answer(
    'fields',
    sdk.Fields.ResponseWrapper,
    new sdk.Fields.FieldsOperations().getFields(params),
  );
  seen.fields = fields.getFields().map((field) => [field.getAPIName(), field.getDataType()]);
}

async function writeRecords(): Promise<bigint> {
  const operations = new sdk.Record.RecordOperations('Accounts');
  const account = new sdk.Record.Record();
  account.addFieldValue(sdk.Record.Field.Accounts.ACCOUNT_NAME, 'Written by the client');
  account.addKeyValue('Phone', '030-1');
  const created = await written('create', operations.createRecords(bodyOf([account])));

  const id = BigInt(String(created.getDetails().get('id')));
  const change = new sdk.Record.Record();
  change.setId(id);
  change.addKeyValue('Phone', '030-2');
  await written('update', operations.updateRecords(bodyOf([change])));

  const again = new sdk.Record.Record();
  again.addFieldValue(sdk.Record.Field.Accounts.ACCOUNT_NAME, 'Written by the client');
  again.addKeyValue('Website', 'https://client.example.test');
  const body = bodyOf([again]);
  body.setDuplicateCheckFields(['Account_Name']);
  const upserted = await written('upsert', operations.upsertRecords(body));
  seen.upsertAction = upserted.getAction().getValue();
  return id;
}

function bodyOf(records: sdk.Record.Record[]): sdk.Record.BodyWrapper {
  const body = new sdk.Record.BodyWrapper();
  body.setData(records);
  body.setTrigger([]);
  return body;
}

async function written(step: string, call: Promise<sdk.APIResponse>): Promise<sdk.Record.SuccessResponse> {
  const wrapper = await answer(step, sdk.Record.ActionWrapper, call);
  const [row] = wrapper.getData();
  if (row instanceof sdk.Record.SuccessResponse) {
    seen[step] = { code: row.getCode().getValue(), id: String(row.getDetails().get('id')) };
    return row;
  }
  throw new Error(`${step} was refused: ${JSON.stringify(seen[`${step}Answer`])}`);
}

async function readRecords(id: bigint): Promise<void> {
  const operations = new sdk.Record.RecordOperations('Accounts');
  const params = new sdk.ParameterMap();
  await params.add(sdk.Record.GetRecordsParam.FIELDS, 'Account_Name,Phone,Owner,Modified_Time');
  await params.add(sdk.Record.GetRecordsParam.PER_PAGE, 2);
  const list = await answer('list', sdk.Record.ResponseWrapper, operations.getRecords(params));
  seen.list = {
    count: list.getInfo().getCount(),
    moreRecords: list.getInfo().getMoreRecords(),
    names: list.getData().map((record) => String(record.getKeyValue('Account_Name'))),
  };
  const one = await answer('get', sdk.Record.ResponseWrapper, operations.getRecord(id));
  const [record] = one.getData();
  seen.get = {
    id: record?.getId(),
    phone: record?.getKeyValue('Phone') as unknown,
    website: record?.getKeyValue('Website') as unknown,
    isTime: record?.getModifiedTime() instanceof Date,
  };
}

async function query(): Promise<void> {
  const body = new sdk.Coql.BodyWrapper();
  body.setSelectQuery("select Account_Name, Phone from Accounts where Account_Name like 'Written%' limit 10");
  const result = await answer(
    'coql',
    sdk.Coql.ResponseWrapper,
    new sdk.Coql.CoqlOperations().getRecords(body),
  );
  seen.coql = {
    more: result.getInfo().getMoreRecords(),
    rows: result.getData().map((record) => Object.fromEntries(record.getKeyValues())),
  };
}

/** What the client makes of a refused row and of a refused call. */
async function refusals(): Promise<void> {
  const nameless = new sdk.Record.Record();
  nameless.addKeyValue('Phone', '030-9');
  const named = new sdk.Record.Record();
  named.addFieldValue(sdk.Record.Field.Accounts.ACCOUNT_NAME, 'Beside a refused row');
  const operations = new sdk.Record.RecordOperations('Accounts');
  const mixed = await answer(
    'mixed',
    sdk.Record.ActionWrapper,
    operations.createRecords(bodyOf([named, nameless])),
  );
  seen.mixed = mixed.getData().map((row) => {
    if (row instanceof sdk.Record.SuccessResponse) return row.getCode().getValue();
    return row instanceof sdk.Record.APIException
      ? [row.getCode().getValue(), row.getDetails().get('api_name')]
      : null;
  });
  const body = new sdk.Coql.BodyWrapper();
  body.setSelectQuery('select Nope from Accounts where id is not null');
  const refused = await answer(
    'badQuery',
    sdk.Coql.APIException,
    new sdk.Coql.CoqlOperations().getRecords(body),
  );
  seen.badQuery = refused.getCode().getValue();
}

async function bulkRead(): Promise<void> {
  const operations = new sdk.BulkRead.BulkReadOperations();
  const module = new sdk.Modules.MinifiedModule();
  module.setAPIName('Accounts');
  const field = new sdk.Fields.MinifiedField();
  field.setAPIName('Account_Name');
  const criteria = new sdk.BulkRead.Criteria();
  criteria.setField(field);
  criteria.setComparator(new sdk.Choice('starts_with'));
  criteria.setValue('Written');
  const request = new sdk.BulkRead.Query();
  request.setModule(module);
  request.setFields(['id', 'Account_Name', 'Owner']);
  request.setCriteria(criteria);
  const body = new sdk.BulkRead.BodyWrapper();
  body.setQuery(request);
  const created = await answer('bulkCreate', sdk.BulkRead.ActionWrapper, operations.createBulkReadJob(body));
  const [row] = created.getData();
  if (!(row instanceof sdk.BulkRead.SuccessResponse)) throw new Error('the bulk read job was refused');
  const jobId = BigInt(String(row.getDetails().get('id')));

  const job = await finished(operations, jobId);
  const file = await answer('bulkResult', sdk.BulkRead.FileBodyWrapper, operations.downloadResult(jobId));
  // The client types this a file stream; what it holds is the whole body.
  const zip: unknown = file.getFile().getStream();
  seen.bulk = {
    state: job.getState().getValue(),
    count: job.getResult().getCount(),
    fileName: file.getFile().getName(),
    zip: Buffer.isBuffer(zip) ? zip.toString('base64') : null,
  };
}

async function finished(
  operations: sdk.BulkRead.BulkReadOperations,
  jobId: bigint,
): Promise<sdk.BulkRead.JobDetail> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const details = await answer(
      'bulkJob',
      sdk.BulkRead.ResponseWrapper,
      operations.getBulkReadJobDetails(jobId),
    );
    const [job] = details.getData();
    if (job?.getState().getValue() === 'COMPLETED') return job;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the bulk read job never completed');
}

async function createField(): Promise<void> {
  const field = new sdk.Fields.Fields();
  field.setFieldLabel('Client Field');
  field.setDataType('text');
  field.setLength(40);
  const body = new sdk.Fields.BodyWrapper();
  body.setFields([field]);
  const params = new sdk.ParameterMap();
  await params.add(sdk.Fields.CreateFieldParam.MODULE, 'Accounts');
  const operations = new sdk.Fields.FieldsOperations();
  const created = await answer('createField', sdk.Fields.ActionWrapper, operations.createField(body, params));
  const [row] = created.getFields();
  seen.createField = row instanceof sdk.Fields.SuccessResponse ? row.getCode().getValue() : null;
}

async function watch(id: bigint): Promise<void> {
  const channel = new sdk.Notifications.Notification();
  channel.setChannelId('1000000068101');
  channel.setEvents(['Accounts.edit']);
  channel.setToken('client-token');
  channel.setNotifyUrl(required('NOTIFY_URL'));
  channel.setChannelExpiry(new Date(Date.now() + 3_600_000));
  const body = new sdk.Notifications.BodyWrapper();
  body.setWatch([channel]);
  const operations = new sdk.Notifications.NotificationsOperations();
  const enabled = await answer(
    'watch',
    sdk.Notifications.ActionWrapper,
    operations.enableNotifications(body),
  );
  const [row] = enabled.getWatch();
  seen.watch = row instanceof sdk.Notifications.SuccessResponse ? row.getCode().getValue() : null;

  const change = new sdk.Record.Record();
  change.setId(id);
  change.addKeyValue('Phone', '030-3');
  await written('notified', new sdk.Record.RecordOperations('Accounts').updateRecords(bodyOf([change])));

  const params = new sdk.ParameterMap();
  await params.add(sdk.Notifications.GetNotificationsParam.CHANNEL_ID, 1000000068101n);
  const details = await answer(
    'channel',
    sdk.Notifications.ResponseWrapper,
    operations.getNotifications(params),
  );
  seen.channel = details.getWatch().map((one) => [one.getChannelId(), one.getResourceName()]);

  const gone = new sdk.ParameterMap();
  await gone.add(sdk.Notifications.DeleteNotificationParam.CHANNEL_IDS, '1000000068101');
  const ended = await answer('unwatch', sdk.Notifications.ActionWrapper, operations.deleteNotification(gone));
  const [last] = ended.getWatch();
  seen.unwatch = last instanceof sdk.Notifications.SuccessResponse ? last.getCode().getValue() : null;
}

/** The object the client made of an answer; the raw JSON is in the error when it is of another class. */
async function answer<T>(
  step: string,
  expected: abstract new () => T,
  call: Promise<sdk.APIResponse>,
): Promise<T> {
  const response = await call;
  const object: unknown = response.getObject();
  seen[`${step}Status`] = response.getStatusCode();
  if (object instanceof expected) return object;
  const json = JSON.stringify(response.getResponseJSON());
  throw new Error(`${step}: HTTP ${response.getStatusCode()}, not a ${expected.name}: ${json}`);
}
