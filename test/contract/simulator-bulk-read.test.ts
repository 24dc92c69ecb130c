import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import { aCaller, type Caller, entriesOf } from './simulator-caller.ts';
import { contractOrg } from './simulator-org.ts';

const AT_ONCE = { bulkQueuedAfterMs: 0, bulkStartedAfterMs: 0, bulkCompletedAfterMs: 0 };
const PATH = '/crm/bulk/v8/read';

describe('bulk read over HTTP', () => {
  let simulator: Simulator;
  let caller: Caller;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: contractOrg(), switches: AT_ONCE });
    caller = await aCaller(simulator);
  });

  afterEach(() => simulator.close());

  const query = (more: Record<string, unknown> = {}) => ({
    query: { module: { api_name: 'Accounts' }, ...more },
  });
  const noRow = { field: { api_name: 'Account_Name' }, comparator: 'equal', value: 'Nobody' };

  async function jobOf(body: unknown): Promise<string> {
    const { data } = await caller.json<{ data: { details: { id: string } }[] }>('POST', PATH, body);
    return data[0]?.details.id ?? '';
  }
  const download = (job: string) => caller.send('GET', `${PATH}/${job}/result`);

  test('a job costs 50 credits, a poll and a download 1 each, a refused request none', async () => {
    simulator.control.setSwitches({ refusedCallsCost: 'none' });
    const job = await jobOf(query({ fields: ['Account_Name'] }));
    await caller.send('GET', `${PATH}/${job}`);
    await download(job);
    await caller.send('POST', PATH, { query: { module: { api_name: 'Nowhere' } } });

    expect(simulator.control.report().credits).toBe(52);
  });

  test('the file holds every row once, in one entry named after the job', async () => {
    const job = await jobOf(query({ fields: ['Account_Name', 'Languages', 'Owner.last_name'] }));

    const answer = await download(job);

    const entries = await entriesOf(Buffer.from(await answer.arrayBuffer()));
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${job}.zip"`);
    expect(Object.keys(entries)).toEqual([`${job}.csv`]);
    expect(parse(entries[`${job}.csv`] ?? '')).toEqual([
      ['Id', 'Account_Name', 'Languages', 'Owner.last_name'],
      [simulator.control.idOf('account-1'), 'Account 1', 'English,German', 'Admin'],
      [simulator.control.idOf('account-2'), 'Account 2', '', 'Admin'],
      [simulator.control.idOf('account-3'), 'Account 3', '', 'Admin'],
    ]);
  });

  test('a page token continues beyond the size of a page', async () => {
    simulator.control.setSwitches({ bulkPageSize: 2 });
    const first = await jobOf(query({ fields: ['Account_Name'] }));
    const details = (job: string) =>
      caller.json<{ data: { result: { next_page_token: string } }[] }>('GET', `${PATH}/${job}`);
    const { data } = await details(first);

    const second = await jobOf({ query: { page_token: data[0]?.result.next_page_token } });

    expect(data).toMatchObject([{ result: { page: 1, per_page: 2, count: 2, more_records: true } }]);
    expect(await details(second)).toMatchObject({
      data: [{ result: { page: 2, count: 1, more_records: false, next_page_token: null } }],
    });
  });

  test('a body that is not declared as JSON, is empty or broken is refused', async () => {
    const post = async (headers: Record<string, string>, body: string) => {
      const answer = await caller.raw('POST', PATH, headers, body);
      return [answer.status, ((await answer.json()) as { code: string }).code]; // Every refusal has a code.
    };

    expect(await post({ 'content-type': 'text/plain' }, '{}')).toEqual([415, 'MEDIA_TYPE_NOT_SUPPORTED']);
    expect(await post({ 'content-type': 'application/json' }, '')).toEqual([400, 'REQUEST_BODY_IS_EMPTY']);
    expect(await post({ 'content-type': 'application/json' }, '{')).toEqual([
      400,
      'REQUEST_BODY_NOT_READABLE',
    ]);
  });

  test.each<[Switches['bulkEmptyResult'], number, unknown]>([
    ['header', 200, 'Id,Account_Name\n'],
    ['empty-zip', 200, undefined],
    ['204', 204, undefined],
  ])('a result without rows, switch %s', async (bulkEmptyResult, status, content) => {
    simulator.control.setSwitches({ bulkEmptyResult });
    const job = await jobOf(query({ fields: ['Account_Name'], criteria: noRow }));

    const answer = await download(job);

    expect(answer.status).toBe(status);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(status === 200 ? (await entriesOf(bytes))[`${job}.csv`] : undefined).toEqual(content);
  });

  test.each([400, 404] as const)('a result that is not there yet answers %i and JSON', async (status) => {
    simulator.control.setSwitches({ bulkCompletedAfterMs: 60_000, bulkMissingResultStatus: status });
    const job = await jobOf(query());

    const early = await download(job);

    expect(early.status).toBe(status);
    expect(await early.json()).toMatchObject({ code: 'RESOURCE_NOT_FOUND', details: { resource: job } });
    simulator.control.setClock({ offsetMs: 61_000 });
    expect((await download(job)).status).toBe(200);
  });

  test('a result is shown before completion only with the switch on', async () => {
    simulator.control.setSwitches({ bulkCompletedAfterMs: 60_000 });
    const job = await jobOf(query());
    const details = () => caller.json<{ data: Record<string, unknown>[] }>('GET', `${PATH}/${job}`);

    expect((await details()).data[0]).not.toHaveProperty('result');
    simulator.control.setSwitches({ bulkEarlyResult: true });
    expect((await details()).data[0]).toMatchObject({ state: 'IN PROGRESS', result: { count: 0 } });
  });

  test('faults: a truncated zip with a complete answer, a job that fails', async () => {
    simulator.control.addFaults([
      { kind: 'truncated-zip', times: 1 },
      { kind: 'failed-job', after: 1 },
    ]);
    const whole = await jobOf(query());
    const failed = await jobOf(query());

    await expect(entriesOf(Buffer.from(await (await download(whole)).arrayBuffer()))).rejects.toThrow();
    expect(
      Object.keys(await entriesOf(Buffer.from(await (await download(whole)).arrayBuffer()))),
    ).toHaveLength(1);
    expect(await caller.json('GET', `${PATH}/${failed}`)).toMatchObject({
      data: [{ state: 'FAILURE', result: { error_message: { status: 'error' } } }],
    });
  });

  test('the callback gets the details of the job', async () => {
    const hooks = createServer();
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
    const { port } = hooks.address() as AddressInfo; // An address of this kind is all that a TCP server has.
    const posted = new Promise<unknown>((resolve, reject) => {
      hooks.once('request', (request, response) => {
        response.end();
        json(request).then(resolve, reject);
      });
    });
    const callback = { url: `http://127.0.0.1:${port}/done`, method: 'post' };

    const job = await jobOf({ ...query(), callback });

    expect(await posted).toMatchObject({ id: job, state: 'COMPLETED', result: { count: 3 } });
    hooks.close();
  });

  test('an eleventh download within a minute answers 429, and the minute after it does not', async () => {
    const job = await jobOf(query());
    const statuses: number[] = [];
    for (let count = 0; count < 11; count++) statuses.push((await download(job)).status);

    simulator.control.setClock({ offsetMs: 61_000 });

    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429]);
    expect((await download(job)).status).toBe(200);
  });

  test('job and result are gone after a day, and a page token with them', async () => {
    simulator.control.setSwitches({ bulkPageSize: 2, accessTokenSeconds: 200_000 });
    caller = await aCaller(simulator);
    const job = await jobOf(query());
    const shown = await caller.json<{ data: { result: { next_page_token: string } }[] }>(
      'GET',
      `${PATH}/${job}`,
    );
    const continued = { query: { page_token: shown.data[0]?.result.next_page_token } };

    simulator.control.setClock({ offsetMs: 86_400_000 + 60_000 });

    expect((await caller.send('GET', `${PATH}/${job}`)).status).toBe(404);
    expect((await download(job)).status).toBe(404);
    expect((await caller.send('POST', PATH, continued)).status).toBe(400);
  });

  test('jobs beyond bulkJobsInFlight are refused until one has ended', async () => {
    simulator.control.setSwitches({ bulkCompletedAfterMs: 60_000, bulkJobsInFlight: 1 });
    const create = async () => (await caller.send('POST', PATH, query())).status;

    const statuses = [await create(), await create()];
    simulator.control.setClock({ offsetMs: 61_000 });

    expect([...statuses, await create()]).toEqual([201, 429, 201]);
  });

  test('a range of Modified_Time exports what was changed within it', async () => {
    simulator.control.stampRecords('Accounts', [simulator.control.idOf('account-2')], '2026-03-01T10:00:00Z');
    const condition = (comparator: string, value: unknown) => ({
      field: { api_name: 'Modified_Time' },
      comparator,
      value,
    });
    const criteria = {
      group_operator: 'and',
      group: [
        condition('greater_equal', '2026-03-01T11:00:00+01:00'),
        condition('less_than', '2026-03-01T10:00:01+00:00'),
      ],
    };
    const job = await jobOf(query({ fields: ['id'], criteria }));

    const entries = await entriesOf(Buffer.from(await (await download(job)).arrayBuffer()));

    expect(Object.values(entries)).toEqual([`Id\n${simulator.control.idOf('account-2')}\n`]);
  });

  test('what a job exported does not change while its result is kept', async () => {
    const job = await jobOf(query({ fields: ['Account_Name'] }));
    const before = Buffer.from(await (await download(job)).arrayBuffer());

    simulator.control.writeRecords('Accounts', [
      { id: simulator.control.idOf('account-1'), Account_Name: 'Later' },
    ]);

    expect(Buffer.from(await (await download(job)).arrayBuffer())).toEqual(before);
  });
});
