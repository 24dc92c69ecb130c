import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_SCOPES } from '../../src/simulator/scopes.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCaller, type Caller, entriesOf, uploadCsv } from './simulator-caller.ts';
import { contractOrg } from './simulator-org.ts';

const PATH = '/crm/bulk/v8/write';
const SCOPES = [...DEFAULT_SCOPES, 'ZohoCRM.bulk.CREATE', 'ZohoFiles.files.ALL'];

let simulator: Simulator;
let caller: Caller;
async function start(scopes: readonly string[] = SCOPES) {
  simulator = await startSimulator({
    seed: contractOrg(),
    scopes,
    switches: { bulkWriteStartedAfterMs: 0, bulkWriteCompletedAfterMs: 0, refusedCallsCost: 'none' },
  });
  caller = await aCaller(simulator);
}
beforeEach(() => start());
afterEach(() => simulator.close());

const account = (number: number) => simulator.control.idOf(`account-${number}`);
const rowOf = (number: number) =>
  simulator.control.records('Accounts').find((row) => row.id === account(number)) ?? {};
const uploaded = async (csv: string) => (await uploadCsv(caller, csv)).details.file_id;

interface Job {
  id: string;
  status: string;
  result?: { download_url: string };
}
type Body = Record<string, unknown> & { resource?: Record<string, unknown> };

/** A job that updates accounts by id, with what the test changes of it. */
async function create(csv: string, { resource = {}, ...body }: Body = {}) {
  const file_id = await uploaded(csv);
  return caller.send('POST', PATH, {
    operation: 'update',
    ...body,
    resource: [{ type: 'data', module: { api_name: 'Accounts' }, file_id, find_by: 'id', ...resource }],
  });
}
async function ended(created: Response): Promise<Job> {
  const { details } = (await created.json()) as { details: { id: string } }; // asserted by what follows
  let job: Job = { id: details.id, status: '' };
  await expect
    .poll(async () => {
      job = await caller.json<Job>('GET', `${PATH}/${details.id}`);
      return job.status;
    })
    .toMatch(/COMPLETED|SKIPPED|FAILED/);
  return job;
}
async function resultOf({ id, result }: Job): Promise<string[][]> {
  const answer = await caller.send('GET', result?.download_url ?? '/nowhere');
  const entries = await entriesOf(Buffer.from(await answer.arrayBuffer()));
  expect(Object.keys(entries)).toEqual(['Accounts-rows.csv']);
  expect(answer.headers.get('content-disposition')).toContain(`${id}.zip`);
  return parse(entries['Accounts-rows.csv'] ?? '');
}
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

describe('a job of bulk write', () => {
  test('writes its rows and tells of each; it costs 500 credits, everything else 1', async () => {
    const csv = `id,Phone,Industry,Website\n${account(1)},1,Retail,w.test\n99,2,Retail,w.test\n`;

    const job = await ended(await create(csv));
    const result = await resultOf(job);

    expect(job).toMatchObject({
      status: 'COMPLETED',
      operation: 'update',
      resource: [{ file: { added_count: 0, updated_count: 1, skipped_count: 1, total_count: 2 } }],
    });
    // The first three columns, then the outcome.
    expect(result).toEqual([
      ['id', 'Phone', 'Industry', 'STATUS', 'RECORD_ID', 'ERRORS'],
      [account(1), '1', 'Retail', 'updated', account(1), ''],
      ['99', '2', 'Retail', 'skipped', '', 'RESOURCE_NOT_FOUND-id'],
    ]);
    expect(rowOf(1)).toMatchObject({ Phone: '1', Industry: 'Retail', Website: 'w.test' });
    const { credits, calls } = simulator.control.report();
    expect(credits).toBe(500 + 1 + 1 + (calls[`GET ${PATH}/{id}`] ?? 0));
  });

  test('empty cells clear their field, or leave it alone when they are to be ignored', async () => {
    const before = rowOf(1).Phone;
    await ended(await create(`id,Phone\n${account(1)},\n`, { ignore_empty: true }));
    const ignored = rowOf(1).Phone;
    await ended(await create(`id,Phone\n${account(1)},\n`));

    expect([ignored, rowOf(1).Phone]).toEqual([before, null]);
  });

  test('a row with a value that does not fit is skipped with its column', async () => {
    const csv = `id,Annual_Revenue\n${account(1)},much\n${account(2)},12.5\n`;

    const result = await resultOf(await ended(await create(csv)));

    expect(result.slice(1)).toEqual([
      [account(1), 'much', 'skipped', account(1), 'INVALID_DATA-Annual_Revenue'],
      [account(2), '12.5', 'updated', account(2), ''],
    ]);
  });

  test('a job that was not made well shows no row written', async () => {
    simulator.control.addFaults({ kind: 'failed-job' });
    const job = await ended(await create(`id,Phone\n${account(1)},new\n`));

    expect(job).toMatchObject({ status: 'FAILED' });
    expect(job.result).toBeUndefined();
    expect(rowOf(1).Phone).not.toBe('new');
  });
});

describe('dates', () => {
  const mapping = (format?: string) => ({
    resource: {
      module: { api_name: 'Deals' },
      field_mappings: [
        { api_name: 'id', index: 0 },
        { api_name: 'Closing_Date', index: 1, ...(format ? { format } : {}) },
      ],
    },
  });
  const dealOf = () =>
    simulator.control.records('Deals').find((row) => row.id === simulator.control.idOf('deal-1'));

  test('are month/day/year unless the mapping says otherwise', async () => {
    const id = simulator.control.idOf('deal-1');
    await ended(await create(`id,Day\n${id},03/04/2026\n`, mapping()));
    const american = dealOf()?.Closing_Date;
    await ended(await create(`id,Day\n${id},2026-05-06\n`, mapping('yyyy-MM-dd')));

    expect([american, dealOf()?.Closing_Date]).toEqual(['2026-03-04', '2026-05-06']);
  });

  test('in another form are refused row by row', async () => {
    const job = await ended(
      await create(`id,Day\n${simulator.control.idOf('deal-1')},2026-05-06\n`, mapping()),
    );

    expect(job.status).toBe('SKIPPED');
  });
});

describe('what is refused', () => {
  const mapped = (field_mappings: unknown): Body => ({ resource: { field_mappings } });
  const id = { api_name: 'id', index: 0 };

  test.each<[string, Body, number, string]>([
    ['no operation', { operation: undefined }, 400, 'MISSING_REQUIRED_KEY'],
    ['another operation', { operation: 'replace' }, 400, 'INVALID_DATA'],
    ['no find_by', { resource: { find_by: undefined } }, 400, 'MISSING_REQUIRED_KEY'],
    ['find_by a field that is not unique', { resource: { find_by: 'Phone' } }, 400, 'INVALID_FIELD'],
    ['an unknown module', { resource: { module: { api_name: 'asdf' } } }, 400, 'MODULE_NOT_AVAILABLE'],
    [
      'a module without bulk write',
      { resource: { module: { api_name: 'Calls' } } },
      400,
      'MODULE_NOT_AVAILABLE',
    ],
    ['an unknown file', { resource: { file_id: '1' } }, 400, 'INVALID_FILE_ID'],
    ['an unknown field', mapped([id, { api_name: 'Nope', index: 1 }]), 400, 'INVALID_FIELD_NAME'],
    [
      'a field that cannot be written',
      mapped([id, { api_name: 'Created_Time', index: 1 }]),
      400,
      'INVALID_FIELD',
    ],
    ['a field twice', mapped([id, { ...id, index: 1 }]), 400, 'INVALID_FIELD'],
    ['a mapping without a column', mapped([id, { api_name: 'Phone' }]), 400, 'MISSING_REQUIRED_KEY'],
    [
      'a column that is not there',
      mapped([id, { api_name: 'Phone', index: 2 }]),
      400,
      'COLUMN_INDEX_NOT_FOUND',
    ],
    ['a lookup without find_by', mapped([id, { api_name: 'Owner', index: 1 }]), 400, 'MISSING_REQUIRED_KEY'],
    ['a format of a text', mapped([id, { api_name: 'Phone', index: 1, format: 'x' }]), 400, 'INVALID_FORMAT'],
    ['no column to find by', mapped([{ api_name: 'Phone', index: 1 }]), 400, 'MANDATORY_FIELDS_NOT_MAPPED'],
    [
      'another callback',
      { callback: { url: 'https://x.test', method: 'get' } },
      400,
      'INVALID_CALLBACK_METHOD',
    ],
  ])('%s', async (_what, body, status, code) => {
    expect(await codeOf(await create(`id,Phone\n${account(1)},1\n`, body))).toEqual([status, code]);
  });

  test('too many rows or columns, and a file with no CSV of one kind', async () => {
    simulator.control.setSwitches({ bulkWriteMostRows: 1 });
    const wide = Array.from({ length: 201 }, (_, at) => `c${at}`).join(',');

    expect(await codeOf(await create('id,Phone\n1,1\n2,2\n'))).toEqual([400, 'LIMIT_EXCEEDED']);
    expect(await codeOf(await create(`${wide}\n`))).toEqual([400, 'HEADER_LIMIT_EXCEEDED']);
    expect(await codeOf(await create(''))).toEqual([400, 'FILE_NOT_SUPPORTED']);
  });

  test('an upload that is no zip, too large, or without its headers', async () => {
    const headers = { feature: 'bulk-write', 'x-crm-org': '20087654321' };

    expect(await uploadCsv(caller, Buffer.from('id,Phone'))).toMatchObject({ code: 'INVALID_FILE_FORMAT' });
    expect(await uploadCsv(caller, 'id\n', { feature: 'bulk-write' })).toMatchObject({
      code: 'INVALID_DATA',
    });
    expect(await uploadCsv(caller, 'id\n', { ...headers, feature: 'x' })).toMatchObject({
      code: 'INVALID_DATA',
    });
    simulator.control.setSwitches({ bulkWriteMostBytes: 10 });
    expect(await uploadCsv(caller, 'id\n')).toMatchObject({ code: 'FILE_TOO_LARGE' });
  });

  test('a grant without the scopes', async () => {
    await simulator.close();
    await start(DEFAULT_SCOPES);

    expect(await uploadCsv(caller, 'id\n')).toMatchObject({ code: 'OAUTH_SCOPE_MISMATCH' });
    expect(await codeOf(await caller.send('POST', PATH, {}))).toEqual([401, 'OAUTH_SCOPE_MISMATCH']);
  });

  test('a job and a result after they were kept for a week', async () => {
    const job = await ended(await create(`id,Phone\n${account(1)},1\n`));
    simulator.control.setClock({ offsetMs: 8 * 86_400_000 });
    caller = await aCaller(simulator);

    expect(await codeOf(await caller.send('GET', `${PATH}/${job.id}`))).toEqual([400, 'RESOURCE_NOT_FOUND']);
    expect(await codeOf(await caller.send('GET', job.result?.download_url ?? ''))).toEqual([
      400,
      'RESOURCE_NOT_FOUND',
    ]);
  });
});
