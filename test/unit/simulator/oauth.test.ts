import { describe, expect, test } from 'vitest';
import { anOrg, type Running, running } from './running-simulator.ts';

const REDIRECT = 'http://127.0.0.1:9/callback';

const client = ({ sim }: Running) => ({ client_id: sim.clientId, client_secret: sim.clientSecret });

async function consent(org: Running, more: Record<string, string> = {}): Promise<URL> {
  const query = new URLSearchParams({
    client_id: org.sim.clientId,
    response_type: 'code',
    scope: 'ZohoCRM.modules.deals.READ',
    redirect_uri: REDIRECT,
    access_type: 'offline',
    state: 'xyz',
    ...more,
  });
  const answer = await fetch(`${org.sim.url}/oauth/v2/auth?${query}`, { redirect: 'manual' });
  return new URL(answer.headers.get('location') ?? 'http://nowhere.test');
}

const exchange = (org: Running, code: string, more: Record<string, string> = { redirect_uri: REDIRECT }) =>
  org.oauth({ ...client(org), grant_type: 'authorization_code', code, ...more });

describe('consent', () => {
  test('the page shows the scopes and both buttons, and refusing leads back with access_denied', async () => {
    const org = await running(anOrg());
    const query = {
      client_id: org.sim.clientId,
      response_type: 'code',
      scope: 'ZohoCRM.modules.deals.READ',
      redirect_uri: REDIRECT,
      state: '"><script>',
    };

    const page = await (await fetch(`${org.sim.url}/oauth/v2/auth?${new URLSearchParams(query)}`)).text();
    const refusal = await fetch(`${org.sim.url}/oauth/v2/consent`, {
      method: 'POST',
      body: new URLSearchParams({ ...query, answer: 'reject' }),
      redirect: 'manual',
    });

    expect(page).toContain('ZohoCRM.modules.deals.READ');
    expect(page).toMatch(/value="accept".*value="reject"/s);
    expect(page).not.toContain('<script>');
    expect(new URL(refusal.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied');
  });

  test.each([
    ['a redirect URI that is not registered', { redirect_uri: 'https://elsewhere.test/cb' }],
    ['an unknown client', { client_id: 'someone' }],
    ['the scope of activities, which is gone', { scope: 'ZohoCRM.modules.activities.READ' }],
  ])('%s is refused on the page, without a redirect', async (_what, more) => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });

    expect((await consent(org, more)).hostname).toBe('nowhere.test');
  });

  test('the callback carries code, state, location and accounts server', async () => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });

    const callback = (await consent(org)).searchParams;

    expect(callback.get('state')).toBe('xyz');
    expect(callback.get('location')).toBe('us');
    expect(callback.get('accounts-server')).toBe(org.sim.url);
    expect(callback.get('code')).toMatch(/^1000\./);
  });

  test('at most ten codes come out in ten minutes', async () => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });
    const hosts = [];

    // The simulator handed one out at start.
    for (let count = 0; count < 10; count++) hosts.push((await consent(org)).hostname);

    expect(hosts.filter((host) => host === '127.0.0.1')).toHaveLength(9);
  });
});

describe('the code', () => {
  test('is exchanged once, and its second use is invalid_code with HTTP 200', async () => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });
    const code = (await consent(org, { prompt: 'consent' })).searchParams.get('code') ?? '';

    const first = await exchange(org, code);
    const second = await exchange(org, code);

    expect(first.json).toMatchObject({ api_domain: org.sim.url, token_type: 'Bearer', expires_in: 3600 });
    expect(first.json.refresh_token).toMatch(/^1000\./);
    expect(second).toMatchObject({ status: 200, json: { error: 'invalid_code' } });
  });

  test('dies after two minutes', async () => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });
    const code = (await consent(org)).searchParams.get('code') ?? '';

    org.sim.control.setClock({ offsetMs: 121_000 });

    expect((await exchange(org, code)).json).toEqual({ error: 'invalid_code' });
  });

  test('is bound to its redirect URI, unless a self client made it', async () => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });
    const code = (await consent(org)).searchParams.get('code') ?? '';

    expect((await exchange(org, code, {})).json).toEqual({ error: 'invalid_redirect_uri' });
    expect((await exchange(org, org.sim.grantCode, {})).json.refresh_token).toMatch(/^1000\./);
  });

  test('brings a refresh token only with offline access, and a second time only with prompt=consent', async () => {
    const org = await running(anOrg(), { switches: { autoConsent: true } });
    const tokenFor = async (more: Record<string, string>) => {
      const code = (await consent(org, more)).searchParams.get('code') ?? '';
      return (await exchange(org, code)).json.refresh_token;
    };

    expect(await tokenFor({})).toBeUndefined();
    expect(await tokenFor({ access_type: 'online', prompt: 'consent' })).toBeUndefined();
    expect(await tokenFor({ prompt: 'consent' })).toMatch(/^1000\./);
  });

  test('is taken from the query and from multipart bodies as well', async () => {
    const org = await running(anOrg());
    const input = { ...client(org), grant_type: 'refresh_token', refresh_token: org.sim.refreshToken };
    const form = new FormData();
    for (const [key, value] of Object.entries(input)) form.set(key, value);

    const url = `${org.sim.url}/oauth/v2/token`;
    const byForm = await (await fetch(url, { method: 'POST', body: form })).json();
    const byQuery = await (await fetch(`${url}?${new URLSearchParams(input)}`, { method: 'POST' })).json();

    expect(byForm).toMatchObject({ api_domain: org.sim.url });
    expect(byQuery).toMatchObject({ api_domain: org.sim.url });
  });
});

describe('refreshing', () => {
  test('answers without a refresh token, and refusals come with HTTP 200', async () => {
    const org = await running(anOrg());
    const input = { ...client(org), grant_type: 'refresh_token', refresh_token: org.sim.refreshToken };

    expect((await org.refresh()).json.refresh_token).toBeUndefined();
    expect(await org.oauth({ ...input, refresh_token: 'unknown' })).toMatchObject({
      status: 200,
      json: { error: 'invalid_code' },
    });
    expect((await org.oauth({ ...input, client_id: 'x' })).json).toEqual({ error: 'invalid_client' });
  });

  test.each(['invalid_client', 'invalid_client_secret'] as const)('a wrong secret is %s', async (error) => {
    const org = await running(anOrg(), { switches: { wrongSecretError: error } });
    const input = { ...client(org), grant_type: 'refresh_token', refresh_token: org.sim.refreshToken };

    expect((await org.oauth({ ...input, client_secret: 'wrong' })).json).toEqual({ error });
  });

  test.each([200, 400] as const)('the eleventh token in ten minutes is throttled with %i', async (status) => {
    const org = await running(anOrg(), { switches: { tokenThrottleStatus: status } });
    for (let count = 0; count < 10; count++) expect((await org.refresh()).json.error).toBeUndefined();

    expect(await org.refresh()).toMatchObject({ status, json: { error: 'Access Denied' } });

    org.sim.control.setClock({ offsetMs: 601_000 });
    expect((await org.refresh()).json.error).toBeUndefined();
  });

  test('one live token too many silently kills the oldest', async () => {
    const org = await running(anOrg(), { switches: { liveAccessTokens: 2 } });
    const tokens = [];
    for (let count = 0; count < 3; count++) tokens.push((await org.refresh()).json.access_token);

    const statuses = [];
    for (const token of tokens) statuses.push((await org.call('GET', '/crm/v8/org', { token })).status);

    expect(statuses).toEqual([401, 200, 200]);
  });

  test('the twenty-first refresh token of a user deletes the first', async () => {
    const org = await running(anOrg());
    for (let count = 0; count < 20; count++) {
      const code = org.sim.control.issueGrantCode();
      expect((await exchange(org, code, {})).json.refresh_token).toMatch(/^1000\./);
      org.sim.control.setClock({ offsetMs: (count + 1) * 601_000 });
    }

    expect((await org.refresh()).json).toEqual({ error: 'invalid_code' });
  });
});

describe('revoking', () => {
  const revoke = (org: Running, token: string) =>
    fetch(`${org.sim.url}/oauth/v2/token/revoke?token=${token}`, { method: 'POST' });

  test.each([
    [true, 401],
    [false, 200],
  ])('with revokeKillsAccessTokens %s a live access token answers %i', async (kills, status) => {
    const org = await running(anOrg(), { switches: { revokeKillsAccessTokens: kills } });
    await org.token();

    const answer = await revoke(org, org.sim.refreshToken);

    expect(await answer.json()).toEqual({ status: 'success' });
    expect((await org.get('/crm/v8/org')).status).toBe(status);
    expect((await org.refresh()).json).toEqual({ error: 'invalid_code' });
  });

  test('an unknown token is answered with an HTML page and 400', async () => {
    const org = await running(anOrg());

    const answer = await revoke(org, 'unknown');

    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });
});

describe('calls', () => {
  test('without the right header fail authentication, with a dead token they are invalid', async () => {
    const org = await running(anOrg());
    const token = await org.token();

    const bearer = await org.call('GET', '/crm/v8/org', { headers: { authorization: `Bearer ${token}` } });
    org.sim.control.setClock({ offsetMs: 3_600_000 });
    const late = await org.get('/crm/v8/org');

    expect(bearer).toMatchObject({ status: 401, json: { code: 'AUTHENTICATION_FAILURE' } });
    expect(late).toMatchObject({ status: 401, json: { code: 'INVALID_TOKEN', status: 'error' } });
  });

  test.each([401, 403] as const)('outside the scopes answer OAUTH_SCOPE_MISMATCH with %i', async (status) => {
    const scopes = ['ZohoCRM.modules.deals.READ', 'zohocrm.modules.Accounts.WRITE'];
    const org = await running(anOrg(), { scopes, switches: { scopeMismatchStatus: status } });
    const write = { body: { data: [{ Account_Name: 'New' }] } };

    expect((await org.get('/crm/v8/Deals?fields=id')).status).toBe(204);
    expect(await org.get('/crm/v8/Contacts?fields=id')).toMatchObject({
      status,
      json: { code: 'OAUTH_SCOPE_MISMATCH' },
    });
    expect((await org.call('POST', '/crm/v8/Accounts', write)).status).toBe(201);
    expect((await org.call('POST', '/crm/v8/Deals', write)).status).toBe(status);
    expect((await org.call('POST', '/crm/v8/coql', { body: { select_query: 'x' } })).status).toBe(status);
  });

  test('carry the time at which their token ends', async () => {
    const org = await running(anOrg());

    const { headers } = await org.get('/crm/v8/org');

    expect(headers.get('x-accesstoken-reset')).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+0[12]:00$/);
  });
});
