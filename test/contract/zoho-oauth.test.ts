import { describe, expect, test } from 'vitest';
import {
  ZohoAuthError,
  ZohoContractError,
  ZohoRateLimitError,
  ZohoUnavailableError,
} from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';
import {
  consentUrl,
  exchangeCode,
  REQUIRED_SCOPES,
  refreshAccessToken,
  revokeRefreshToken,
} from '../../src/zoho/oauth.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { ACCOUNTS, API, serve, withMockedHttp } from '../support/http.ts';
import { failureOf, memoryTokens, NOW, TOKEN, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const CLIENT = { accountsUrl: ACCOUNTS, clientId: '1000.CLIENT', clientSecret: 'the-secret' };
const REFRESH = { ...CLIENT, refreshToken: '1000.refresh-token' };
const FRESH = { access_token: '1000.fresh-token', api_domain: API, token_type: 'Bearer', expires_in: 3600 };

function deps(): { clock: FakeClock; log: typeof silentLog } {
  return { clock: fakeClock(NOW), log: silentLog };
}
const token = (body: unknown, status = 200) => serve(ACCOUNTS, 'POST', '/oauth/v2/token', { body, status });

describe('asking for a token', () => {
  test('a grant code is sent in the body, with the registered address where there is one', async () => {
    const sent = token({
      ...FRESH,
      refresh_token: '1000.refresh',
      scope: 'ZohoCRM.org.READ ZohoCRM.coql.READ',
    });

    const grant = await exchangeCode(deps(), {
      ...CLIENT,
      code: '1000.code',
      redirectUri: 'https://cv.test/cb',
    });

    expect(grant).toEqual({
      accessToken: '1000.fresh-token',
      expiresAt: new Date('2026-02-02T11:00:00Z'),
      apiDomain: API,
      refreshToken: '1000.refresh',
      scopes: ['ZohoCRM.org.READ', 'ZohoCRM.coql.READ'],
    });
    expect(sent[0]?.url.search).toBe('');
    expect(Object.fromEntries(new URLSearchParams(String(sent[0]?.body)))).toEqual({
      grant_type: 'authorization_code',
      code: '1000.code',
      redirect_uri: 'https://cv.test/cb',
      client_id: '1000.CLIENT',
      client_secret: 'the-secret',
    });
  });

  test('a self-client code is sent without an address', async () => {
    const sent = token(FRESH);

    await exchangeCode(deps(), { ...CLIENT, code: '1000.code' });

    expect(String(sent[0]?.body)).not.toContain('redirect_uri');
  });

  test.each([
    ['seconds', { expires_in: 3600 }],
    ['seconds beside milliseconds', { expires_in_sec: 3600, expires_in: 3_600_000 }],
    ['milliseconds alone', { expires_in: 3_600_000 }],
    ['text', { expires_in: '3600' }],
    ['nothing', { expires_in: undefined }],
  ])('a lifetime given as %s is an hour', async (_name, life) => {
    token({ ...FRESH, ...life });

    expect((await refreshAccessToken(deps(), REFRESH)).expiresAt).toEqual(new Date('2026-02-02T11:00:00Z'));
  });

  test('what Zoho leaves out is unknown, not invented', async () => {
    token({ access_token: '1000.fresh-token' });

    expect(await refreshAccessToken(deps(), REFRESH)).toMatchObject({
      apiDomain: null,
      refreshToken: null,
      scopes: null,
    });
  });
});

describe('a refusal, which comes with HTTP 200 or 400', () => {
  test.each([200, 400])('invalid_code (HTTP %i) asks for a new connection', async (status) => {
    token({ error: 'invalid_code' }, status);

    const failure = await failureOf(refreshAccessToken(deps(), REFRESH));

    expect(failure).toBeInstanceOf(ZohoAuthError);
    expect(failure).toMatchObject({
      zohoCode: 'invalid_code',
      message: expect.stringContaining('zcv connect'),
    });
  });

  test('of a grant code says that codes live for minutes', async () => {
    token({ error: 'invalid_code' });

    expect(await failureOf(exchangeCode(deps(), { ...CLIENT, code: 'x' }))).toMatchObject({
      message: expect.stringContaining('grant code'),
    });
  });

  test.each(['invalid_client', 'invalid_client_secret'])('%s names data centre and secret', async (code) => {
    token({ error: code });

    const failure = await failureOf(refreshAccessToken(deps(), REFRESH));

    expect(failure).toBeInstanceOf(ZohoAuthError);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/accounts\.zoho\.eu.*ZOHO_CLIENT_SECRET_EU/),
    });
    expect(String(failure)).not.toContain('the-secret');
  });

  test.each([200, 400])('the throttle (HTTP %i) asks for ten minutes and is not repeated', async (status) => {
    token(
      { error: 'Access Denied', error_description: 'You have made too many requests continuously.' },
      status,
    );

    const failure = await failureOf(refreshAccessToken(deps(), REFRESH));

    expect(failure).toBeInstanceOf(ZohoRateLimitError);
    expect(failure).toMatchObject({ retryAfterMs: 600_000 });
  });

  test('JSON with neither token nor error is a shape we do not know', async () => {
    token({ status: 'ok' });

    expect(await failureOf(refreshAccessToken(deps(), REFRESH))).toBeInstanceOf(ZohoContractError);
  });
});

describe('an accounts server in trouble', () => {
  test.each([
    ['HTML', { status: 200, body: '<html>' }],
    ['a 503', { status: 503, body: '' }],
    ['a reset', { breaks: 'ECONNRESET' }],
  ])('%s is asked again a little', async (_name, broken) => {
    const world = deps();
    serve(ACCOUNTS, 'POST', '/oauth/v2/token', [broken, { body: FRESH }]);

    expect((await refreshAccessToken(world, REFRESH)).accessToken).toBe('1000.fresh-token');
    expect(world.clock.sleeps).toEqual([750]);
  });

  test('is given up after three tries', async () => {
    serve(ACCOUNTS, 'POST', '/oauth/v2/token', Array(3).fill({ status: 500, body: '<html>' }));

    expect(await failureOf(refreshAccessToken(deps(), REFRESH))).toBeInstanceOf(ZohoUnavailableError);
  });
});

describe('revoking', () => {
  const revoke = () =>
    revokeRefreshToken(deps(), { accountsUrl: ACCOUNTS, refreshToken: '1000.refresh-token' });

  test('keeps the token out of the address where the server reads the form', async () => {
    const sent = serve(ACCOUNTS, 'POST', '/oauth/v2/token/revoke', { body: { status: 'success' } });

    expect(await revoke()).toBe('revoked');

    expect(sent.map(({ url, body }) => [url.search, body])).toEqual([['', 'token=1000.refresh-token']]);
  });

  test.each([
    ['an error', { error: 'invalid_token' }],
    ['HTML', '<html>'],
  ])('asks once more the other way after %s, and never fails', async (_name, body) => {
    const answer = { status: 400, body };
    const sent = serve(ACCOUNTS, 'POST', '/oauth/v2/token/revoke', [answer, answer]);

    expect(await revoke()).toBe('unknown');

    expect(sent[1]?.url.search).toBe('?token=1000.refresh-token');
  });

  test('does not fail without an answer', async () => {
    serve(ACCOUNTS, 'POST', '/oauth/v2/token/revoke', { breaks: 'ECONNRESET' });

    await expect(revoke()).resolves.toBe('unreachable');
  });
});

test('the consent page is asked for offline access and a fresh refresh token', () => {
  const url = new URL(
    consentUrl({
      accountsUrl: `${ACCOUNTS}/`,
      clientId: '1000.CLIENT',
      redirectUri: 'https://cv.test/cb',
      scopes: REQUIRED_SCOPES.map(({ scope }) => scope),
      state: 's t',
    }),
  );

  expect(`${url.origin}${url.pathname}`).toBe('https://accounts.zoho.eu/oauth/v2/auth');
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    response_type: 'code',
    access_type: 'offline',
    prompt: 'consent',
    state: 's t',
    scope: expect.stringContaining('ZohoCRM.coql.READ,'),
  });
});

describe('one token for all processes', () => {
  test('a stored token is used without asking Zoho', async () => {
    const { tokens } = zohoWorld();

    expect(await tokens.current()).toMatchObject({ accessToken: TOKEN, apiDomain: API });
  });

  test('is refreshed when less than a minute remains, once for many callers', async () => {
    const store = memoryTokens({ expiresAt: new Date('2026-02-02T10:00:59Z') });
    const { tokens } = zohoWorld({ store });
    const sent = token(FRESH);

    const got = await Promise.all(Array.from({ length: 10 }, () => tokens.current()));

    expect(new Set(got.map(({ accessToken }) => accessToken))).toEqual(new Set(['1000.fresh-token']));
    expect(sent).toHaveLength(1);
    expect(store.stored.expiresAt).toEqual(new Date('2026-02-02T11:00:00Z'));
    expect(store.leasedBy).toBeNull();
  });

  test('whoever finds the lease taken waits and takes what the holder stored', async () => {
    const store = memoryTokens({ accessToken: null, expiresAt: null });
    store.leasedBy = 'another process';
    const { tokens, clock } = zohoWorld({ store });
    const sleep = clock.sleep;
    clock.sleep = async (ms) => {
      await sleep(ms);
      if (clock.sleeps.length < 3) return;
      store.stored = {
        ...store.stored,
        accessToken: '1000.theirs',
        expiresAt: new Date('2026-02-02T11:00:00Z'),
      };
    };

    expect((await tokens.current()).accessToken).toBe('1000.theirs');
    expect(clock.sleeps).toHaveLength(3);
  });

  test('a lease that is never given back is not waited for without end', async () => {
    const store = memoryTokens({ accessToken: null, expiresAt: null });
    store.leasedBy = 'a dead process';

    expect(await failureOf(zohoWorld({ store }).tokens.current())).toBeInstanceOf(ZohoUnavailableError);
  });

  test('a refused refresh marks the connection and gives the lease back', async () => {
    const store = memoryTokens({ accessToken: null, expiresAt: null });
    token({ error: 'invalid_code' });

    expect(await failureOf(zohoWorld({ store }).tokens.current())).toBeInstanceOf(ZohoAuthError);
    expect(store.reconnectReasons).toHaveLength(1);
    expect(store.leasedBy).toBeNull();
  });

  test('a throttled refresh is not asked again until its time is over', async () => {
    const store = memoryTokens({ accessToken: null, expiresAt: null });
    const { tokens, clock } = zohoWorld({ store });
    token({ error: 'Access Denied', error_description: 'too many requests' });
    await failureOf(tokens.current());
    clock.advance(5 * 60_000);

    const second = await failureOf(tokens.current());

    expect(second).toMatchObject({ code: 'zoho_rate_limited', retryAfterMs: 300_000 });
    expect(store.reconnectReasons).toEqual([]);
    clock.advance(5 * 60_000);
    token(FRESH);
    expect((await tokens.current()).accessToken).toBe('1000.fresh-token');
  });

  test('an api_domain outside Zoho is neither used nor stored', async () => {
    const store = memoryTokens({ accessToken: null, expiresAt: null });
    token({ ...FRESH, api_domain: 'https://evil.test' });

    expect(await failureOf(zohoWorld({ store }).tokens.current())).toMatchObject({ code: 'bad_config' });
    expect(store.stored).toMatchObject({ apiDomain: API, accessToken: null });
    expect(store.leasedBy).toBeNull();
  });

  test('a token that lives for seconds is used for most of its life', async () => {
    const store = memoryTokens({ accessToken: null, expiresAt: null });
    const { tokens, clock } = zohoWorld({ store });
    token({ ...FRESH, expires_in: 20 });
    await tokens.current();
    clock.advance(14_000);

    expect((await tokens.current()).accessToken).toBe('1000.fresh-token');
  });
});
