import { describe, expect, test } from 'vitest';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const LIST = '/crm/v8/Accounts?fields=Account_Name';

async function pagesByToken(org: Running, path: string): Promise<string[]> {
  const ids: string[] = [];
  let token = '';
  for (;;) {
    const { json } = await org.get(path + (token === '' ? '' : `&page_token=${token}`));
    ids.push(...json.data.map((row: { id: string }) => row.id));
    if (!json.info.more_records) return ids;
    token = json.info.next_page_token;
  }
}

const numeric = (a: string, b: string) => (BigInt(a) < BigInt(b) ? -1 : 1);

describe('parameters', () => {
  test.each([
    ['no fields', '/crm/v8/Accounts', 'REQUIRED_PARAM_MISSING'],
    ['fifty-one fields', `/crm/v8/Accounts?fields=${Array(51).fill('id').join()}`, 'LIMIT_EXCEEDED'],
    ['an unknown module', '/crm/v8/Nothing?fields=id', 'INVALID_MODULE'],
    ['201 rows a page', `${LIST}&per_page=201`, 'INVALID_DATA'],
    ['page 0', `${LIST}&page=0`, 'INVALID_DATA'],
    ['a sort by name', `${LIST}&sort_by=Account_Name`, 'INVALID_DATA'],
    ['the eleventh page', `${LIST}&page=11`, 'DISCRETE_PAGINATION_LIMIT_EXCEEDED'],
    ['an unknown page token', `${LIST}&page_token=abc`, 'INVALID_DATA'],
    ['page and page token', `${LIST}&page=1&page_token=abc`, 'AMBIGUITY_DURING_PROCESSING'],
    ['an ids parameter beyond its length', `${LIST}&ids=${'1'.repeat(1025)}`, 'INVALID_DATA'],
  ])('%s are refused', async (_what, path, code) => {
    const org = await running(anOrg({ Accounts: accounts(1) }));

    expect(await org.get(path)).toMatchObject({ status: 400, json: { code, status: 'error' } });
  });

  test('other methods and other paths answer as Zoho does', async () => {
    const org = await running(anOrg());

    expect((await org.call('PATCH', '/crm/v8/Accounts')).json.code).toBe('INVALID_REQUEST_METHOD');
    expect(await org.get('/crm/v8/Accounts/1/2/3')).toMatchObject({
      status: 404,
      json: { code: 'INVALID_URL_PATTERN' },
    });
  });

  test.each([
    ['ignore', 200],
    ['reject', 400],
  ] as const)('an unknown field is met with %s', async (position, status) => {
    const org = await running(anOrg({ Accounts: accounts(1) }), { switches: { unknownListField: position } });

    expect((await org.get('/crm/v8/Accounts?fields=Account_Name,Nothing')).status).toBe(status);
  });
});

describe('paging', () => {
  test('rows come by descending id, as numbers: some ids are a digit shorter', async () => {
    const org = await running(anOrg({ Accounts: accounts(450) }));

    const ids = await pagesByToken(org, LIST);

    expect(ids).toEqual([...ids].sort(numeric).reverse());
    expect(new Set(ids).size).toBe(450);
    expect([...ids].sort().reverse()).not.toEqual(ids);
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set([18, 19]));
  });

  test('by Modified_Time rows of one second are ordered by id and none is lost', async () => {
    const modified = (index: number) => ({ Modified_Time: `2026-02-0${1 + (index % 3)}T10:00:00+00:00` });
    const org = await running(anOrg({ Accounts: accounts(450, modified) }));

    const up = await pagesByToken(org, `${LIST}&sort_by=Modified_Time&sort_order=asc`);
    const down = await pagesByToken(org, `${LIST}&sort_by=Modified_Time`);

    expect(new Set(up).size).toBe(450);
    expect(down).toEqual([...up].reverse());
  });

  test('a changed record moves to the end of the order by Modified_Time', async () => {
    const org = await running(anOrg({ Accounts: accounts(3) }));
    const path = `${LIST}&sort_by=Modified_Time&sort_order=asc`;
    await org.get(path);

    const change = { data: [{ id: org.id('account-0'), Rating: 'Active' }], trigger: [] };
    await org.call('PUT', '/crm/v8/Accounts', { body: change });

    const keys = ['account-1', 'account-2', 'account-0'].map((key) => org.id(key));
    expect((await org.get(path)).json.data.map((row: { id: string }) => row.id)).toEqual(keys);
  });

  test('by Created_Time pages of a token follow the creation, not the change', async () => {
    const created = (index: number) => ({
      Created_Time: `2026-01-0${1 + (index % 3)}T10:00:00+00:00`,
      Modified_Time: `2026-02-0${9 - (index % 3)}T10:00:00+00:00`,
    });
    const org = await running(anOrg({ Accounts: accounts(9, created) }));

    const ids = await pagesByToken(org, `${LIST}&sort_by=Created_Time&sort_order=asc&per_page=2`);

    const expected = [0, 3, 6, 1, 4, 7, 2, 5, 8].map((index) => org.id(`account-${index}`));
    expect(ids).toEqual(expected);
  });

  test('a page token is bound to its parameters and its user, lives a day, and leads back', async () => {
    const org = await running(anOrg({ Accounts: accounts(5) }));
    const { info } = (await org.get(`${LIST}&per_page=2`)).json;
    const token = info.next_page_token;

    const second = (await org.get(`${LIST}&per_page=2&page_token=${token}`)).json.info;
    const other = await org.get(`${LIST}&per_page=3&page_token=${token}`);
    const first = await org.get(`${LIST}&per_page=2&page_token=${second.previous_page_token}`);
    org.sim.control.setClock({ offsetMs: 86_400_000 });
    const next = (await org.refresh()).json.access_token;
    const late = await org.call('GET', `${LIST}&per_page=2&page_token=${token}`, { token: next });

    expect(second).toMatchObject({ page: 2, count: 2, more_records: true });
    expect(other.json.code).toBe('TOKEN_BOUND_DATA_MISMATCH');
    expect(first.json.info.page).toBe(1);
    expect(late.json.code).toBe('EXPIRED_VALUE');
  });

  test('the hundred-thousandth row is the last that a token reaches', async () => {
    const org = await running(anOrg({ Accounts: accounts(100_001) }), { switches: { dailyCredits: 10_000 } });
    let token = '';
    let served = 0;
    for (; served < 100_000; served += 200) {
      const { json } = await org.get(`/crm/v8/Accounts?fields=id${token && `&page_token=${token}`}`);
      token = json.info.next_page_token;
    }

    const beyond = await org.get(`/crm/v8/Accounts?fields=id&page_token=${token}`);

    expect(beyond.json.code).toBe('PAGINATION_LIMIT_EXCEEDED');
  });
});

describe('what is shown', () => {
  test('nothing is 204, and nothing newer is 304, both without a body', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));

    const none = await org.get('/crm/v8/Deals?fields=id');
    const stale = await org.get(LIST, { 'if-modified-since': '2026-01-05T10:00:00+01:00' });
    const fresh = await org.get(LIST, { 'if-modified-since': '2026-01-05T09:59:59+01:00' });

    expect([none.status, none.json]).toEqual([204, '']);
    expect([stale.status, stale.json]).toEqual([304, '']);
    expect(fresh.json.data).toHaveLength(1);
  });

  test('instants carry the offset of the user who consented, and no milliseconds', async () => {
    const seed = anOrg({ Accounts: accounts(1) });
    const users = seed.users.map((user) => ({ ...user, time_zone: 'America/St_Johns' }));
    const org = await running({ ...seed, users });

    const { json } = await org.get('/crm/v8/Accounts?fields=Created_Time');

    expect(json.data[0].Created_Time).toBe('2026-01-05T05:30:00-03:30');
  });

  test('lookups show id and name of the record they point to', async () => {
    const Deals = [
      { $key: 'd', Deal_Name: 'D', Account_Name: { $ref: 'account-0' }, Owner: { $user: 'bob' } },
    ];
    const org = await running(anOrg({ Accounts: accounts(1), Deals }));

    const { json } = await org.get('/crm/v8/Deals?fields=Account_Name,Owner');

    expect(json.data[0].Account_Name).toEqual({ id: org.id('account-0'), name: 'Account 0' });
    expect(json.data[0].Owner).toMatchObject({ name: 'Bob Clerk', email: 'bob@office.test' });
  });

  test('converted leads hide until they are asked for', async () => {
    const Leads = [
      { $key: 'open', Last_Name: 'Open' },
      { $key: 'gone', Last_Name: 'Gone', Converted__s: true },
    ];
    const org = await running(anOrg({ Leads }));
    const names = async (more: string) =>
      (await org.get(`/crm/v8/Leads?fields=Last_Name&sort_order=asc${more}`)).json.data.map(
        (row: { Last_Name: string }) => row.Last_Name,
      );

    expect(await names('')).toEqual(['Open']);
    expect(await names('&converted=true')).toEqual(['Gone']);
    expect(await names('&converted=both')).toEqual(['Open', 'Gone']);
  });

  test('the list of notes is for administrators', async () => {
    const seed = anOrg();
    const bob = [...seed.users].reverse().map((user) => ({ ...user, admin: user.key !== 'ada' }));
    const org = await running({ ...seed, users: bob });
    const code = org.sim.control.issueGrantCode({ as: 'ada' });
    const { json } = await org.oauth({
      grant_type: 'authorization_code',
      client_id: org.sim.clientId,
      client_secret: org.sim.clientSecret,
      code,
    });

    const path = '/crm/v8/Notes?fields=id';
    expect(await org.call('GET', path, { token: json.access_token })).toMatchObject({
      status: 403,
      json: { code: 'NOT_SUPPORTED' },
    });
    expect((await org.get(path)).status).toBe(204);
  });

  test.each([
    ['actual', 'Qualification'],
    ['display', 'Talking'],
  ] as const)('picklists show the %s value, and either is accepted', async (position, shown) => {
    const org = await running(anOrg(), { switches: { picklistAnswer: position } });
    for (const Stage of ['Qualification', 'Talking']) {
      const data = [{ Deal_Name: Stage, Stage, Pipeline: 'Standard' }];
      await org.call('POST', '/crm/v8/Deals', { body: { data, trigger: [] } });
    }

    const { json } = await org.get('/crm/v8/Deals?fields=Stage,Probability');

    expect(json.data.map((row: { Stage: string }) => row.Stage)).toEqual([shown, shown]);
    expect(json.data[0].Probability).toBe(10);
  });
});

describe('one record', () => {
  test('comes with keys that nobody asked for, is 204 when it is not there', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));

    const one = await org.get(`/crm/v8/Accounts/${org.id('account-0')}`);

    expect(one.json.data[0]).toMatchObject({ Account_Name: 'Account 0', $approved: true });
    expect((await org.get('/crm/v8/Accounts/123')).status).toBe(204);
    expect((await org.get('/crm/v8/Accounts/abc')).json.code).toBe('INVALID_DATA');
  });
});

describe('deleted records', () => {
  test('are told with type and time, age into permanent ones and vanish after 120 days', async () => {
    const org = await running(anOrg({ Accounts: accounts(2) }));
    await org.call('DELETE', `/crm/v8/Accounts?ids=${org.id('account-0')}&wf_trigger=false`);
    const deleted = async (query = '') => (await org.get(`/crm/v8/Accounts/deleted${query}`)).json;
    const atDay = async (day: number) => {
      org.sim.control.setClock({ offsetMs: day * 86_400_000 });
      const token = (await org.refresh()).json.access_token;
      return (await org.call('GET', '/crm/v8/Accounts/deleted', { token })).json;
    };

    expect((await deleted()).data).toMatchObject([{ display_name: 'Account 0', type: 'recycle' }]);
    expect((await deleted('?type=permanent')) as unknown).toBe('');
    expect((await deleted('?type=other')).code).toBe('PATTERN_NOT_MATCHED');
    expect((await atDay(61)).data).toMatchObject([{ display_name: null, type: 'permanent' }]);
    expect(await atDay(121)).toBe('');
  });

  test('since an instant are only those deleted after it', async () => {
    const gone = (day: number) => ({
      $key: `gone-${day}`,
      display_name: `Gone ${day}`,
      type: 'recycle' as const,
      deleted_time: new Date(Date.now() - day * 86_400_000).toISOString(),
    });
    const org = await running(anOrg({}, { deleted: { Deals: [gone(1), gone(5), gone(9)] } }));
    const since = `${new Date(Date.now() - 6 * 86_400_000).toISOString().slice(0, 19)}+00:00`;

    const { json } = await org.get('/crm/v8/Deals/deleted?per_page=1', { 'if-modified-since': since });

    expect(json).toMatchObject({
      data: [{ display_name: 'Gone 1' }],
      info: { count: 1, more_records: true },
    });
  });
});

test('counting needs the search scope', async () => {
  const seed = anOrg({ Accounts: accounts(3) });
  const poor = await running(seed);
  const rich = await running(seed, { scopes: ['ZohoCRM.modules.ALL', 'ZohoSearch.securesearch.READ'] });

  expect((await poor.get('/crm/v8/Accounts/actions/count')).json.code).toBe('OAUTH_SCOPE_MISMATCH');
  expect((await rich.get('/crm/v8/Accounts/actions/count')).json).toEqual({ count: 3 });
});
