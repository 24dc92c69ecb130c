import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import { ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import type { BulkHints } from '../../src/zoho/bulk-jobs.ts';
import { type BulkPosition, bulkRead } from '../../src/zoho/bulk-read.ts';
import type { ZohoRow } from '../../src/zoho/records.ts';
import { type Answer, API, serve, withMockedHttp } from '../support/http.ts';
import { allOf, failureOf, type ZohoWorld, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const JOB = '5725767000000646004';
const PATH = '/crm/bulk/v8/read';
const RESULT = `${PATH}/${JOB}/result`;
const idAt = (index: number) => `57257670000004${String(10_000 + index)}`;

async function zipped(files: Record<string, string>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, text] of Object.entries(files)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  const chunks = await allOf(zip.outputStream);
  return Buffer.concat(chunks.map((chunk) => Buffer.from(chunk)));
}
const csvOf = (rows: number) =>
  `Id,Deal_Name\n${Array.from({ length: rows }, (_, index) => `${idAt(index)},Deal ${index}\n`).join('')}`;

const added: Answer = {
  status: 201,
  body: { data: [{ status: 'success', code: 'ADDED_SUCCESSFULLY', details: { id: JOB, state: 'ADDED' } }] },
};
const inState = (state: string, result: Record<string, unknown> = {}): Answer => ({
  body: { data: [{ id: JOB, state, result }] },
});
const completed = (result: Record<string, unknown> = {}): Answer =>
  inState('COMPLETED', { page: 1, per_page: 200_000, more_records: false, download_url: RESULT, ...result });

async function* read(
  world: ZohoWorld,
  from: BulkPosition | null = null,
  onPosition: (position: BulkPosition) => void = () => undefined,
): AsyncGenerator<ZohoRow[]> {
  const query = { module: 'Deals', fields: ['Deal_Name'] };
  for await (const { rows, position } of bulkRead(
    world.client,
    query,
    { clock: world.clock, log: silentLog },
    from,
  )) {
    onPosition(position);
    if (rows.length > 0) yield rows;
  }
}
async function rowsOf(world: ZohoWorld): Promise<ZohoRow[]> {
  return (await allOf(read(world))).flat();
}
async function serveJob(zip: Buffer | string, count?: number): Promise<void> {
  serve(API, 'POST', PATH, added);
  serve(API, 'GET', `${PATH}/${JOB}`, completed(count === undefined ? {} : { count }));
  serve(API, 'GET', RESULT, { body: zip });
}

describe('a bulk job', () => {
  test('is created, waited for, downloaded and read, at its published price', async () => {
    const world = zohoWorld();
    const created = serve(API, 'POST', PATH, added);
    serve(API, 'GET', `${PATH}/${JOB}`, [
      inState('QUEUED', { count: 0, download_url: '/wrong' }),
      inState('IN PROGRESS'),
      inState('INPROGRESS'),
      completed({ count: 2 }),
    ]);
    serve(API, 'GET', RESULT, { body: await zipped({ [`${JOB}.csv`]: csvOf(2) }) });

    const rows = await rowsOf(world);

    expect(rows).toEqual([
      { id: idAt(0), Deal_Name: 'Deal 0' },
      { id: idAt(1), Deal_Name: 'Deal 1' },
    ]);
    expect(created[0]?.body).toEqual({
      query: { module: { api_name: 'Deals' }, fields: ['id', 'Deal_Name'] },
      file_type: 'csv',
    });
    expect(created[0]?.headers['content-type']).toBe('application/json');
    expect(world.clock.sleeps.map(Math.round)).toEqual([1_000, 1_600, 2_560, 4_096]);
    expect(world.ledger.rows.map(({ credits }) => credits)).toEqual([50, 1, 1, 1, 1, 1]);
  });

  test('that fails names Zoho’s reason', async () => {
    const world = zohoWorld();
    serve(API, 'POST', PATH, added);
    serve(
      API,
      'GET',
      `${PATH}/${JOB}`,
      inState('FAILURE', {
        error_message: { code: 'FIELD_NOT_AVAILABLE', message: 'no such field', details: {} },
      }),
    );

    const failure = await failureOf(rowsOf(world));

    expect(failure).toBeInstanceOf(ZohoRejectedError);
    expect(failure).toMatchObject({ zohoCode: 'FIELD_NOT_AVAILABLE' });
  });

  test('that never ends is given up after an hour, looked at ever more rarely', async () => {
    const world = zohoWorld();
    serve(API, 'POST', PATH, added);
    const polls = serve(API, 'GET', `${PATH}/${JOB}`, () => inState('QUEUED'));

    expect(await failureOf(rowsOf(world))).toBeInstanceOf(ZohoUnavailableError);
    expect(Math.max(...world.clock.sleeps)).toBe(60_000);
    expect(polls.length).toBeLessThan(80);
  });

  test('is looked at early once Zoho says it is done, and its word is only a hint', async () => {
    const world = zohoWorld();
    const created = serve(API, 'POST', PATH, added);
    serve(API, 'GET', `${PATH}/${JOB}`, [inState('QUEUED'), inState('QUEUED'), completed({ count: 0 })]);
    const expected = new Set<string>();
    const hints: BulkHints = {
      open: async () => ({ url: 'https://us.test/hooks/bulk/x', bind: (id) => expected.add(id) }),
      isExpected: (id) => expected.has(id),
      // It lies twice.
      hasArrived: async () => true,
      close: async (id) => void expected.delete(id),
    };
    const query = { module: 'Deals', fields: ['Deal_Name'] };

    await allOf(bulkRead(world.client, query, { clock: world.clock, log: silentLog, hints }));

    expect(created[0]?.body).toMatchObject({
      callback: { url: 'https://us.test/hooks/bulk/x', method: 'post' },
    });
    expect(world.clock.sleeps).toEqual([1_000, 1_000, 1_000]);
    expect(expected.size).toBe(0);
  });

  test('whose creation went unanswered is created again: a second one does no harm but its price', async () => {
    serve(API, 'POST', PATH, [{ breaks: 'ECONNRESET' }, added]);
    serve(API, 'GET', `${PATH}/${JOB}`, completed({ count: 0 }));
    const world = zohoWorld();

    expect(await rowsOf(world)).toEqual([]);
    expect(world.ledger.rows.map(({ credits }) => credits)).toEqual([50, 50, 1]);
  });

  test('that fails for no fault of ours is made once more', async () => {
    const failed = inState('FAILURE', { error_message: { code: 'INTERNAL_ERROR', message: 'oops' } });
    const created = serve(API, 'POST', PATH, [added, added]);
    serve(API, 'GET', `${PATH}/${JOB}`, [failed, completed({ count: 1 })]);
    serve(API, 'GET', RESULT, { body: await zipped({ 'x.csv': csvOf(1) }) });

    expect(await rowsOf(zohoWorld())).toHaveLength(1);
    expect(created).toHaveLength(2);
  });

  test('refused with rows or without names the code', async () => {
    const refusal = { code: 'MODULE_NOT_SUPPORTED', status: 'error', message: 'no', details: {} };
    serve(API, 'POST', PATH, [
      { status: 400, body: refusal },
      { status: 400, body: { data: [refusal] } },
    ]);

    for (let call = 0; call < 2; call += 1) {
      const failure = await failureOf(rowsOf(zohoWorld()));
      expect(failure).toBeInstanceOf(ZohoRejectedError);
      expect(failure).toMatchObject({ zohoCode: 'MODULE_NOT_SUPPORTED' });
    }
  });

  test('with more rows than one file holds goes on by its token alone', async () => {
    const world = zohoWorld();
    const created = serve(API, 'POST', PATH, [added, added]);
    serve(API, 'GET', `${PATH}/${JOB}`, [
      completed({ count: 1, more_records: true, next_page_token: 'next' }),
      completed({ count: 1 }),
    ]);
    serve(API, 'GET', RESULT, [
      { body: await zipped({ 'a.csv': 'id\n5725767000000411001\n' }) },
      { body: await zipped({ 'b.csv': 'id\n5725767000000411002\n' }) },
    ]);

    expect(await rowsOf(world)).toEqual([{ id: '5725767000000411001' }, { id: '5725767000000411002' }]);
    expect(created[1]?.body).toEqual({ query: { page_token: 'next' } });
  });
});

describe('a read that was cut short', () => {
  const OTHER = '5725767000000646099';
  const addedAs = (id: string): Answer => ({
    status: 201,
    body: { data: [{ status: 'success', code: 'ADDED_SUCCESSFULLY', details: { id } }] },
  });

  test('goes on in the middle of its file, without paying for another job', async () => {
    const world = zohoWorld();
    serve(API, 'GET', `${PATH}/${JOB}`, completed({ count: 3 }));
    serve(API, 'GET', RESULT, { body: await zipped({ 'x.csv': csvOf(3) }) });
    const from = { job: { id: JOB, pageToken: null }, stored: 2, next: null };

    const rows = (await allOf(read(world, from))).flat();

    expect(rows.map(({ id }) => id)).toEqual([idAt(2)]);
    expect(world.ledger.rows.map(({ credits }) => credits)).toEqual([1, 1]);
  });

  test('tells at every point where it would go on; the next job works while a file is read', async () => {
    serve(API, 'POST', PATH, [added, addedAs(OTHER)]);
    serve(API, 'GET', `${PATH}/${JOB}`, completed({ count: 1, more_records: true, next_page_token: 'next' }));
    serve(API, 'GET', `${PATH}/${OTHER}`, completed({ count: 1, download_url: `${PATH}/${OTHER}/result` }));
    serve(API, 'GET', RESULT, { body: await zipped({ 'a.csv': csvOf(1) }) });
    serve(API, 'GET', `${PATH}/${OTHER}/result`, { body: await zipped({ 'b.csv': csvOf(1) }) });
    const positions: BulkPosition[] = [];

    await allOf(read(zohoWorld(), null, (position) => positions.push(position)));

    const [first, second] = [
      { id: JOB, pageToken: null },
      { id: OTHER, pageToken: 'next' },
    ];
    expect(positions).toEqual([
      { job: first, stored: 0, next: null },
      { job: first, stored: 0, next: second },
      { job: first, stored: 1, next: second },
      { job: second, stored: 1, next: null },
    ]);
  });

  test('and whose result is gone makes the job again from its page token, and reads all of it', async () => {
    const gone = { status: 404, body: { code: 'RESOURCE_NOT_FOUND', status: 'error', message: 'gone' } };
    serve(API, 'GET', `${PATH}/${JOB}`, gone);
    const created = serve(API, 'POST', PATH, addedAs(OTHER));
    serve(API, 'GET', `${PATH}/${OTHER}`, completed({ count: 2, download_url: `${PATH}/${OTHER}/result` }));
    serve(API, 'GET', `${PATH}/${OTHER}/result`, { body: await zipped({ 'b.csv': csvOf(2) }) });
    const from = { job: { id: JOB, pageToken: 'made it' }, stored: 1, next: null };

    const rows = (await allOf(read(zohoWorld(), from))).flat();

    expect(rows).toHaveLength(2);
    expect(created[0]?.body).toEqual({ query: { page_token: 'made it' } });
  });

  test.each([
    ['result download', completed({ count: 1 }), { status: 400, code: 'RESOURCE_NOT_FOUND' }],
    ['job', { status: 404, body: { code: 'RESOURCE_NOT_FOUND', status: 'error', message: 'gone' } }, null],
  ])('and whose %s and page token are both gone begins anew', async (_what, poll, result) => {
    serve(API, 'GET', `${PATH}/${JOB}`, poll);
    if (result) serve(API, 'GET', RESULT, { status: result.status, body: { ...result, status: 'error' } });
    const refused = { code: 'PAGE_NOT_SUPPORTED', status: 'error', message: 'expired', details: {} };
    const created = serve(API, 'POST', PATH, [{ status: 400, body: refused }, addedAs(OTHER)]);
    serve(API, 'GET', `${PATH}/${OTHER}`, completed({ count: 1, download_url: `${PATH}/${OTHER}/result` }));
    serve(API, 'GET', `${PATH}/${OTHER}/result`, { body: await zipped({ 'b.csv': csvOf(1) }) });
    const from = { job: { id: JOB, pageToken: 'made it' }, stored: 100, next: null };

    expect((await allOf(read(zohoWorld(), from))).flat()).toHaveLength(1);
    expect(created[1]?.body).toMatchObject({ query: { module: { api_name: 'Deals' } } });
  });
});

describe('the file', () => {
  test('comes in chunks of at most a thousand rows', async () => {
    await serveJob(await zipped({ 'x.csv': csvOf(2_500) }), 2_500);

    const chunks = await allOf(read(zohoWorld()));

    expect(Math.max(...chunks.map((rows) => rows.length))).toBeLessThanOrEqual(1_000);
    expect(chunks.flat().map(({ id }) => id)).toEqual(
      Array.from({ length: 2_500 }, (_, index) => idAt(index)),
    );
  });

  test('may begin with a byte order mark and hold commas, quotes, newlines and empty values', async () => {
    const csv = '\uFEFFID,Deal_Name,Description\r\n1001,"Smith, ""and"" Sons","two\nlines"\r\n1002,,\r\n';
    await serveJob(await zipped({ 'x.csv': csv }), 2);

    expect(await rowsOf(zohoWorld())).toEqual([
      { id: '1001', Deal_Name: 'Smith, "and" Sons', Description: 'two\nlines' },
      { id: '1002', Deal_Name: null, Description: null },
    ]);
  });

  test.each([
    ['only a header', async () => ({ body: await zipped({ 'x.csv': 'Id,Deal_Name\n' }) })],
    ['an empty file in the zip', async () => ({ body: await zipped({ 'x.csv': '' }) })],
    ['an empty zip', async () => ({ body: await zipped({}) })],
    ['no content', async () => ({ status: 204 })],
    ['an empty body', async () => ({ body: '' })],
  ])('of no rows may be %s', async (_name, answer) => {
    serve(API, 'POST', PATH, added);
    serve(API, 'GET', `${PATH}/${JOB}`, completed());
    serve(API, 'GET', RESULT, await answer());

    expect(await rowsOf(zohoWorld())).toEqual([]);
  });

  test('is not fetched where Zoho counts no rows', async () => {
    serve(API, 'POST', PATH, added);
    serve(API, 'GET', `${PATH}/${JOB}`, completed({ count: 0 }));

    expect(await rowsOf(zohoWorld())).toEqual([]);
  });

  test('that arrives truncated, cut or as something else is fetched again, and no row comes twice', async () => {
    const whole = await zipped({ 'x.csv': csvOf(3_000) });
    // Valid directory, spoilt content: the first rows are good, the sum is not.
    const spoilt = Buffer.from(whole);
    spoilt.writeUInt8((spoilt.readUInt8(spoilt.length - 900) + 1) % 256, spoilt.length - 900);
    for (const broken of [
      { body: whole.subarray(0, whole.length - 40) },
      { body: spoilt },
      { body: '<html>busy</html>' },
      { body: { code: 'RESOURCE_NOT_FOUND', status: 'error', message: 'not yet', details: {} } },
    ]) {
      serve(API, 'POST', PATH, added);
      serve(API, 'GET', `${PATH}/${JOB}`, completed({ count: 3_000 }));
      serve(API, 'GET', RESULT, [broken, { body: whole }]);

      const rows = await rowsOf(zohoWorld());

      expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 3_000 }, (_, index) => idAt(index)));
    }
  });

  test('with fewer rows than Zoho counted is an error, not a smaller module', async () => {
    const zip = await zipped({ 'x.csv': csvOf(5) });
    const created = serve(API, 'POST', PATH, [added, added]);
    serve(API, 'GET', `${PATH}/${JOB}`, [completed({ count: 6 }), completed({ count: 6 })]);
    serve(
      API,
      'GET',
      RESULT,
      Array.from({ length: 6 }, () => ({ body: zip })),
    );

    expect(await failureOf(rowsOf(zohoWorld()))).toBeInstanceOf(ZohoUnavailableError);
    expect(created).toHaveLength(2);
  });

  test.each([
    ['truncated', (whole: Buffer) => whole.subarray(0, whole.length - 40)],
    ['no zip at all', () => '<html>busy</html>'],
  ])('that is %s whenever it is fetched has its job made once more', async (_name, broken) => {
    const whole = await zipped({ 'x.csv': csvOf(3) });
    const created = serve(API, 'POST', PATH, [added, added]);
    serve(API, 'GET', `${PATH}/${JOB}`, [completed({ count: 3 }), completed({ count: 3 })]);
    const bad = { body: broken(whole) };
    serve(API, 'GET', RESULT, [bad, bad, bad, { body: whole }]);

    expect(await rowsOf(zohoWorld())).toHaveLength(3);
    expect(created).toHaveLength(2);
  });

  test('without a column of ids is of no use', async () => {
    await serveJob(await zipped({ 'x.csv': 'Deal_Name\nx\n' }), 1);

    expect(await failureOf(rowsOf(zohoWorld()))).toBeInstanceOf(ZohoContractError);
  });

  test('leaves nothing behind, also when reading is broken off', async () => {
    const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('zcv-bulk-'));
    const before = await left();
    await serveJob(await zipped({ 'x.csv': csvOf(5_000) }), 5_000);

    for await (const _rows of read(zohoWorld())) break;

    expect(await left()).toEqual(before);
  });
});

describe('the address of the file', () => {
  test.each([
    ['relative', RESULT, RESULT],
    ['absolute', `${API}${RESULT}`, RESULT],
    ['misprinted', `/crm/v8/read/${JOB}/result`, RESULT],
    ['missing', null, RESULT],
    ['outside Zoho', 'https://evil.test/result', RESULT],
  ])('may be %s; the token stays with Zoho', async (_name, downloadUrl, path) => {
    serve(API, 'POST', PATH, added);
    serve(API, 'GET', `${PATH}/${JOB}`, completed({ count: 1, download_url: downloadUrl }));
    const sent = serve(API, 'GET', path, { body: await zipped({ 'x.csv': csvOf(1) }) });

    expect(await rowsOf(zohoWorld())).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });
});
