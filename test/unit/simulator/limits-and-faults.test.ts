import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../../src/simulator/faults.ts';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const ORG = '/crm/v8/org';
const quiet = (rows: unknown[]) => ({
  data: rows,
  trigger: [],
  skip_feature_execution: [{ name: 'cadences' }],
});
const rename = (org: Running, Account_Name: string) =>
  org.call('PUT', '/crm/v8/Accounts', { body: quiet([{ id: org.id('account-0'), Account_Name }]) });
const nameOf = (org: Running) => org.sim.control.records('Accounts')[0]?.Account_Name;

describe('credits', () => {
  test.each([
    ['one call', 'GET', ORG, undefined, 1],
    ['a page', 'GET', '/crm/v8/Accounts?fields=id', undefined, 1],
    ['deleted records', 'GET', '/crm/v8/Accounts/deleted', undefined, 2],
    ['ten rows', 'PUT', '/crm/v8/Accounts', 10, 1],
    ['eleven rows', 'PUT', '/crm/v8/Accounts', 11, 2],
    ['a hundred rows', 'PUT', '/crm/v8/Accounts', 100, 10],
  ])('%s cost what the price list says', async (_what, method, path, rows, credits) => {
    const org = await running(anOrg());
    const body = rows === undefined ? undefined : quiet(Array.from({ length: rows }, () => ({ id: '1' })));

    await org.call(method, path, { body });

    expect(org.sim.control.report()).toMatchObject({ credits, creditsSpent: credits });
  });

  test.each([
    [200, 1],
    [201, 2],
    [1000, 2],
    [1001, 3],
    [2000, 3],
  ])('COQL with limit %i costs %i', async (limit, credits) => {
    const org = await running(anOrg());

    await org.call('POST', '/crm/v8/coql', {
      body: { select_query: `select id from Accounts where id is not null limit ${limit}` },
    });

    expect(org.sim.control.report().credits).toBe(credits);
  });

  test('are shown from half of the day’s ceiling on, and come back after 24 hours', async () => {
    const org = await running(anOrg(), { switches: { dailyCredits: 4 } });
    const remaining = async () => (await org.get(ORG)).headers.get('x-api-credits-remaining');

    expect([await remaining(), await remaining(), await remaining(), await remaining()]).toEqual([
      null,
      '2',
      '1',
      '0',
    ]);
    expect(await org.get(ORG)).toMatchObject({ status: 429, json: { code: 'TOO_MANY_REQUESTS' } });
    org.sim.control.setClock({ offsetMs: 86_400_001 });
    const token = (await org.refresh()).json.access_token;
    expect((await org.call('GET', ORG, { token })).status).toBe(200);
  });

  test.each([
    ['Free', 200, 5_000],
    ['Standard', 10, 52_500],
    ['Standard', 1_000, 100_000],
    ['Professional', 10, 55_000],
    ['Enterprise', 10, 60_000],
    ['Ultimate', 10, 70_000],
  ] as const)('an org of edition %s with %i users has %i', async (edition, users, credits) => {
    const org = await running(anOrg({}, { edition, org: { users, edition } }));

    expect(org.sim.control.report().creditsOfDay).toBe(credits);
  });

  test.each([
    ['none', 0, 4],
    ['rejected', 1, 4],
    ['all', 1, 5],
  ] as const)('refused calls cost %s', async (refusedCallsCost, afterRefusal, afterThrottle) => {
    const org = await running(anOrg(), { switches: { refusedCallsCost, dailyCredits: 4 } });
    const spent = () => org.sim.control.report().creditsSpent;

    await org.get('/crm/v8/Accounts');
    expect(spent()).toBe(afterRefusal);

    while (spent() < 4) await org.get(ORG);
    expect((await org.get(ORG)).status).toBe(429);
    expect(spent()).toBe(afterThrottle);
  });
});

describe('simultaneous calls', () => {
  const statuses = async (calls: Promise<{ status: number }>[]) =>
    (await Promise.all(calls)).map(({ status }) => status).sort();

  test('beyond the edition’s number answer 429, with Retry-After only when told so', async () => {
    const org = await running(anOrg({}, { edition: 'Free' }), { switches: { latencyMs: 700 } });
    await org.token();
    const seven = () => Array.from({ length: 7 }, () => org.get(ORG));

    expect(await statuses(seven())).toEqual([200, 200, 200, 200, 200, 429, 429]);

    org.sim.control.setSwitches({ retryAfterSeconds: 3 });
    const throttled = (await Promise.all(seven())).find(({ status }) => status === 429);
    expect(throttled?.headers.get('retry-after')).toBe('3');
    expect((await org.get(ORG)).headers.get('retry-after')).toBeNull();
  });

  test('are counted for the whole org, whoever calls', async () => {
    const org = await running(anOrg(), { switches: { concurrency: 1, latencyMs: 700 } });
    const own = (await org.refresh()).json.access_token;
    await org.token();

    expect(await statuses([org.get(ORG), org.call('GET', ORG, { token: own })])).toEqual([200, 429]);
  });

  test('every answer says when its token ends, and none what is left below half of the credits', async () => {
    const org = await running(anOrg());

    const { headers } = await org.get(ORG);

    const leftMs = Date.parse(headers.get('x-accesstoken-reset') ?? '') - Date.now();
    expect(leftMs).toBeGreaterThan(3_000_000);
    expect(leftMs).toBeLessThanOrEqual(3_600_000);
    expect(headers.get('x-api-credits-remaining')).toBeNull();
  });

  test('heavy ones share fewer slots', async () => {
    // Only an answer that is still awaited keeps its slot, so the slot is taken before the delay of the answer.
    const org = await running(anOrg({ Accounts: accounts(11) }), { switches: { subConcurrency: 0 } });
    const rows = (count: number) =>
      quiet(Array.from({ length: count }, (_, at) => ({ id: org.id(`account-${at}`) })));
    const select_query = 'select id from Accounts where id is not null';

    const heavy = await statuses([
      org.call('POST', '/crm/v8/coql', { body: { select_query } }),
      org.get('/crm/v8/Accounts?fields=id&sort_by=id'),
      org.call('PUT', '/crm/v8/Accounts', { body: rows(11) }),
    ]);
    const light = await statuses([
      org.get('/crm/v8/Accounts?fields=id'),
      org.call('PUT', '/crm/v8/Accounts', { body: rows(10) }),
    ]);

    expect(heavy).toEqual([429, 429, 429]);
    expect(light).toEqual([200, 200]);
  });
});

describe('faults', () => {
  const faulty = async (...faults: FaultSpec[]) => {
    const org = await running(anOrg({ Accounts: accounts(4) }));
    await org.token();
    org.sim.control.addFaults(faults);
    return org;
  };

  test('strike as often as told, after as many calls as told, where they match', async () => {
    const match = { method: 'GET', path: '/org$' };
    const org = await faulty({ kind: 'server-error', match, after: 1, times: 2 });
    const seen = [];
    for (let count = 0; count < 4; count++) seen.push((await org.get(ORG)).status);

    expect(seen).toEqual([200, 500, 500, 200]);
    expect((await org.get('/crm/v8/users')).status).toBe(200);
    expect(org.sim.control.report().faults[0]).toMatchObject({ matched: 4, struck: 2 });
  });

  test('of a probability strike the same calls for the same seed', async () => {
    const seen = async (seed: number) => {
      const org = await faulty({ kind: 'html', probability: 0.5, seed });
      const statuses = [];
      for (let count = 0; count < 20; count++) statuses.push((await org.get(ORG)).status);
      return statuses;
    };

    const first = await seen(7);

    expect(await seen(7)).toEqual(first);
    expect(await seen(8)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 503]));
  });

  test('a 429 comes with Retry-After when told so, an HTML page as HTML', async () => {
    const org = await faulty({ kind: 'rate-limited', retryAfter: 2, times: 1 });
    const limited = await org.get(ORG);
    org.sim.control.addFaults({ kind: 'html', status: 502, times: 1 });
    const page = await org.get(ORG);

    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '2']);
    expect([page.status, page.headers.get('content-type')]).toEqual([502, 'text/html;charset=UTF-8']);
  });

  test('a reset drops the call before anything happens', async () => {
    const org = await faulty({ kind: 'reset', times: 1 });

    await expect(rename(org, 'New')).rejects.toThrow();

    expect(nameOf(org)).toBe('Account 0');
  });

  test('a lost answer leaves the write done', async () => {
    const org = await faulty({ kind: 'lost-answer', times: 1 });

    await expect(rename(org, 'New')).rejects.toThrow();

    expect(nameOf(org)).toBe('New');
    expect(org.sim.control.report().calls).toEqual({ 'PUT /crm/v8/Accounts': 1 });
  });

  test('a late commit is not there at first, and there later', async () => {
    const org = await faulty({ kind: 'late-commit', ms: 150, times: 1 });

    await expect(rename(org, 'New')).rejects.toThrow();
    const atOnce = nameOf(org);
    await expect.poll(() => nameOf(org)).toBe('New');

    expect(atOnce).toBe('Account 0');
    expect((await org.get(ORG)).status).toBe(200);
  });

  test('a reset mid-body breaks the answer off after the work', async () => {
    const org = await faulty({ kind: 'reset-mid-body', times: 1 });

    await expect(rename(org, 'New')).rejects.toThrow(/terminated|socket|aborted|fetch/);

    expect(nameOf(org)).toBe('New');
  });

  test('a slow call keeps its slot', async () => {
    const org = await faulty({ kind: 'slow', ms: 120, times: 1 });
    org.sim.control.setSwitches({ concurrency: 1 });
    const started = performance.now();

    const slow = org.get(ORG);
    await new Promise((resolve) => setTimeout(resolve, 40));
    const second = await org.get(ORG);

    expect(second.status).toBe(429);
    expect((await slow).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(110);
  });

  test('a half-failed batch refuses every k-th row with the code', async () => {
    const org = await faulty({ kind: 'half-failed', every: 2, code: 'RECORD_IN_BLUEPRINT' });
    const rows = [0, 1, 2, 3].map((at) => ({ id: org.id(`account-${at}`), Rating: 'Active' }));

    const { status, json } = await org.call('PUT', '/crm/v8/Accounts', { body: quiet(rows) });

    expect(status).toBe(207);
    expect(json.data.map((row: { code: string }) => row.code)).toEqual([
      'SUCCESS',
      'RECORD_IN_BLUEPRINT',
      'SUCCESS',
      'RECORD_IN_BLUEPRINT',
    ]);
    expect(org.sim.control.records('Accounts').map((row) => row.Rating)).toEqual([
      'Active',
      null,
      'Active',
      null,
    ]);
  });

  test('a locked record refuses writes until the fault is cleared', async () => {
    const org = await faulty();
    const [fault] = org.sim.control.addFaults({ kind: 'locked', ids: [org.id('account-0')] });

    expect((await rename(org, 'New')).json.data[0].code).toBe('RECORD_LOCKED');

    org.sim.control.clearFaults(fault);
    expect((await rename(org, 'New')).json.data[0].code).toBe('SUCCESS');
  });

  test('the token endpoint is disturbed only by a fault that names it', async () => {
    const org = await faulty({ kind: 'server-error' });
    const spared = await org.refresh();
    org.sim.control.addFaults({ kind: 'html', match: { path: '/oauth/v2/token' } });
    const disturbed = await org.refresh();

    expect(spared.json.access_token).toBeDefined();
    expect([disturbed.status, disturbed.headers.get('content-type')]).toEqual([
      503,
      'text/html;charset=UTF-8',
    ]);
  });

  test('an expired token dies for good, a revoked grant cannot be refreshed', async () => {
    const org = await faulty({ kind: 'expired-token', times: 1 });

    expect((await org.get(ORG)).status).toBe(401);
    expect((await org.get(ORG)).status).toBe(401);
    const token = (await org.refresh()).json.access_token;
    org.sim.control.addFaults({ kind: 'revoked-grant', times: 1 });
    expect((await org.call('GET', ORG, { token })).status).toBe(401);
    expect((await org.refresh()).json).toEqual({ error: 'invalid_code' });
  });
});

describe('control over HTTP', () => {
  const control = (org: Running, method: string, path: string, body?: unknown) =>
    fetch(`${org.sim.url}/__control/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  test('sets and clears faults, switches and the clock', async () => {
    const org = await running(anOrg());

    const added = await control(org, 'POST', 'faults', [{ kind: 'html' }, { kind: 'slow', ms: 1 }]);
    const { ids } = (await added.json()) as { ids: string[] };
    await control(org, 'DELETE', `faults/${ids[0]}`);
    await control(org, 'POST', 'switches', { wrongSecretError: 'invalid_client_secret' });
    await control(org, 'POST', 'clock', { now: '2031-01-01T00:00:00Z' });

    expect(org.sim.control.report().faults.map(({ kind }) => kind)).toEqual(['slow']);
    const wrong = { client_id: org.sim.clientId, client_secret: 'x', grant_type: 'refresh_token' };
    expect((await org.oauth(wrong)).json.error).toBe('invalid_client_secret');
    expect((await org.get(ORG)).headers.get('x-accesstoken-reset')).toMatch(/^2031-01-01T02:00:/);
    await control(org, 'DELETE', 'faults');
    expect(org.sim.control.report().faults).toEqual([]);
  });

  test.each([
    ['faults', { kind: 'earthquake' }],
    ['switches', { wrongSecretError: 'invalid_grant' }],
    ['switches', { wrongName: true }],
    ['clock', {}],
    ['records/Nothing', { data: [{}] }],
    ['records/Accounts', { data: [{ Account_Name: 5 }] }],
  ])('refuses a mistake in %s: %j', async (path, body) => {
    const org = await running(anOrg());

    expect((await control(org, 'POST', path, body)).status).toBe(400);
  });

  test('writes records as a person does: stamped with the person, without credits', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    const data = [{ id: org.id('account-0'), Rating: 'Active' }, { Account_Name: 'Second' }];

    const { ids } = (await (await control(org, 'POST', 'records/Accounts', { data, as: 'bob' })).json()) as {
      ids: string[];
    };
    const dump = await (await control(org, 'GET', 'records/Accounts')).json();

    expect(ids).toHaveLength(2);
    expect(dump).toMatchObject({
      data: [{ Rating: 'Active', Modified_By: { name: 'Bob Clerk' } }, { Account_Name: 'Second' }],
    });
    expect(org.sim.control.report()).toMatchObject({ totalCalls: 0, creditsSpent: 0, writes: {} });
  });

  test('the report starts anew after a reset, revoking ends the connection', async () => {
    const org = await running(anOrg());
    await org.get(ORG);

    await control(org, 'POST', 'reset-report');
    await control(org, 'POST', 'revoke', {});

    expect(await (await control(org, 'GET', 'report')).json()).toMatchObject({ totalCalls: 0, refreshes: 0 });
    expect((await org.get(ORG)).status).toBe(401);
  });
});
