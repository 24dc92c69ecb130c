import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  ZohoAuthError,
  ZohoContractError,
  ZohoCreditsError,
  ZohoRejectedError,
  ZohoUnavailableError,
} from '../../src/errors.ts';
import type { ZohoRequest } from '../../src/zoho/client.ts';
import { coql } from '../../src/zoho/coql.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';
import { ACCOUNTS, API, serve, withMockedHttp } from '../support/http.ts';
import { failureOf, memoryTokens, TOKEN, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const READ: ZohoRequest = { method: 'GET', path: '/crm/v8/Deals', query: { fields: 'id' }, credits: 1 };
const WRITE: ZohoRequest = {
  method: 'PUT',
  path: '/crm/v8/Deals',
  body: { data: [] },
  credits: 10,
  sub: true,
};
const DATA = { data: [{ id: '5725767000000411001' }] };
const error = (code: string) => ({ code, message: 'as said', details: {}, status: 'error' });
const FRESH = { access_token: '1000.fresh-token', api_domain: API, token_type: 'Bearer', expires_in: 3600 };

describe('a call that succeeds', () => {
  test('carries the token in Zoho’s own form and books its price before the answer', async () => {
    const { client, ledger } = zohoWorld();
    const sent = serve(API, 'GET', '/crm/v8/Deals', { body: DATA });

    const answer = await client.request({ ...READ, query: { fields: 'id,Deal_Name', note: 'a b&c' } });

    expect(answer).toMatchObject({ status: 200, body: DATA });
    expect(sent[0]?.headers.authorization).toBe(`Zoho-oauthtoken ${TOKEN}`);
    expect(sent[0]?.url.searchParams.get('note')).toBe('a b&c');
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([1]);
    expect(client.usage()).toEqual({ calls: 1, credits: 1 });
  });

  test.each([204, 304])('HTTP %i has no body', async (status) => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', { status });

    expect((await client.request(READ)).body).toBeNull();
  });

  test('keeps every digit of ids that come as numbers', async () => {
    const { client } = zohoWorld();
    const body = '{"data":[{"id":5725767000000411003,"Amount":48000.5,"Rate":1234567890.123456789}]}';
    serve(API, 'GET', '/crm/v8/Deals', { body });

    expect((await client.request(READ)).body).toEqual({
      data: [{ id: '5725767000000411003', Amount: 48000.5, Rate: '1234567890.123456789' }],
    });
  });

  test('a byte order mark in front of the JSON is passed over', async () => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', { body: `\uFEFF${JSON.stringify(DATA)}` });

    expect((await client.request(READ)).body).toEqual(DATA);
  });

  test('the balance that Zoho tells is shared with the next booking, less what is under way', async () => {
    const { client, ledger } = zohoWorld();
    const told = (credits: string) => ({ body: DATA, headers: { 'X-API-CREDITS-REMAINING': credits } });
    serve(API, 'GET', '/crm/v8/Deals', [told('1234'), { body: DATA }, told('1100'), { body: DATA }]);

    await client.request(READ);
    await client.request(READ);
    const first = ledger.balance?.credits;
    await client.request(READ);
    await client.request(READ);

    expect(first).toBe(1233);
    expect(ledger.balance?.credits).toBe(1099);
  });

  test('a balance below the price stops every process until it may have changed', async () => {
    const { client, ledger, clock } = zohoWorld();
    const other = zohoWorld({ ledger });
    serve(API, 'GET', '/crm/v8/Deals', { body: DATA, headers: { 'X-API-CREDITS-REMAINING': '0' } });
    await client.request(READ);

    const here = await failureOf(client.request(READ));
    const there = await failureOf(other.client.request(READ));

    const availableAt = new Date(clock.now().getTime() + 3_600_000);
    expect(here).toMatchObject({ code: 'zoho_credits', availableAt });
    expect(there).toMatchObject({ code: 'zoho_credits', availableAt });
  });
});

test('a price that Zoho changed is booked as the settings have it', async () => {
  const { client, ledger } = zohoWorld({ prices: { ...DEFAULT_PRICES, coql200: 4 } });
  serve(API, 'POST', '/crm/v8/coql', { body: DATA });

  await coql(client, 'select id from Deals where id is not null limit 200', 200);

  expect(ledger.rows.map(({ credits }) => credits)).toEqual([4]);
});

describe('a read whose answer is no use', () => {
  test.each([
    ['a 500', { status: 500, body: error('INTERNAL_ERROR') }],
    ['a 503 in HTML', { status: 503, body: '<html>Service Unavailable</html>' }],
    ['HTML with status 200', { status: 200, body: '<!doctype html><p>Maintenance</p>' }],
    ['an empty 200', { status: 200, body: '' }],
    ['JSON cut in the middle', { status: 200, body: '{"data":[{"id":"57' }],
    ['a retryable code under 400', { status: 400, body: error('PROCESSING_ERROR') }],
    ['a reset', { breaks: 'ECONNRESET' }],
  ])('%s is repeated after a wait', async (_name, broken) => {
    const { client, clock } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', [broken, { body: DATA }]);

    expect((await client.request(READ)).body).toEqual(DATA);
    expect(clock.sleeps).toEqual([750]);
  });

  test('is given up after five tries, with longer waits each time', async () => {
    const { client, clock, ledger } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', Array(5).fill({ status: 502, body: '<html>' }));

    const failure = await failureOf(client.request(READ));

    expect(failure).toBeInstanceOf(ZohoUnavailableError);
    expect(failure).toMatchObject({ status: 502, answerLost: false });
    expect(clock.sleeps).toEqual([750, 1500, 3000, 6000]);
    expect(ledger.rows).toHaveLength(5);
  });

  test('COQL counts as a read although it is a POST', async () => {
    const { client } = zohoWorld();
    serve(API, 'POST', '/crm/v8/coql', [{ breaks: 'ECONNRESET' }, { body: DATA }]);

    const answer = await client.request({ method: 'POST', path: '/crm/v8/coql', body: {}, credits: 3 });

    expect(answer.body).toEqual(DATA);
  });
});

describe('a write', () => {
  test.each([
    ['a reset', { breaks: 'ECONNRESET' }],
    ['a 500', { status: 500, body: error('INTERNAL_ERROR') }],
    ['HTML', { status: 200, body: '<html>' }],
    ['an empty 200', { status: 200, body: '' }],
  ])('whose answer was lost to %s is not repeated', async (_name, broken) => {
    const { client } = zohoWorld();
    serve(API, 'PUT', '/crm/v8/Deals', broken);

    const failure = await failureOf(client.request(WRITE));

    expect(failure).toBeInstanceOf(ZohoUnavailableError);
    expect(failure).toMatchObject({ answerLost: true });
  });

  test('that never left is repeated', async () => {
    const { client } = zohoWorld();
    serve(API, 'PUT', '/crm/v8/Deals', [{ breaks: 'ECONNREFUSED' }, { body: DATA }]);

    expect((await client.request(WRITE)).body).toEqual(DATA);
  });

  test('that met the rate limit is repeated, at the price of one credit more', async () => {
    const { client, ledger } = zohoWorld();
    serve(API, 'PUT', '/crm/v8/Deals', [{ status: 429, body: error('TOO_MANY_REQUESTS') }, { body: DATA }]);

    expect((await client.request(WRITE)).body).toEqual(DATA);
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([10, 1]);
  });

  test.each([200, 201, 202, 207, 400])(
    'with rows under HTTP %i is an answer to be read row by row',
    async (status) => {
      const { client } = zohoWorld();
      const body = { data: [{ code: 'INVALID_DATA', status: 'error', message: 'no', details: {} }] };
      serve(API, 'PUT', '/crm/v8/Deals', { status, body });

      expect(await client.request(WRITE)).toMatchObject({ status, body });
    },
  );
});

describe('a refusal', () => {
  test('of the whole call names Zoho’s code and is not repeated', async () => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', {
      status: 400,
      body: { ...error('INVALID_DATA'), details: { api_name: 'Stage', json_path: '$.data[3].Stage' } },
    });

    const failure = await failureOf(client.request(READ));

    expect(failure).toBeInstanceOf(ZohoRejectedError);
    expect(failure).toMatchObject({
      zohoCode: 'INVALID_DATA',
      status: 400,
      details: { json_path: '$.data[3].Stage' },
    });
  });

  test('of several errors at once is unwrapped', async () => {
    const { client } = zohoWorld();
    const inner = { ...error('MANDATORY_NOT_FOUND'), details: { api_name: 'Stage' } };
    serve(API, 'PUT', '/crm/v8/Deals', {
      status: 400,
      body: { ...error('MULTIPLE_OR_MULTI_ERRORS'), details: { errors: [inner, error('INVALID_DATA')] } },
    });

    expect(await failureOf(client.request(WRITE))).toMatchObject({
      zohoCode: 'MANDATORY_NOT_FOUND',
      details: { api_name: 'Stage' },
    });
  });

  test('is told by the body under HTTP 200 too', async () => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', { body: error('NO_PERMISSION') });

    expect(await failureOf(client.request(READ))).toMatchObject({ zohoCode: 'NO_PERMISSION' });
  });

  test('a redirect is not followed', async () => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', { status: 302, headers: { Location: 'https://evil.test/' } });

    expect(await failureOf(client.request(READ))).toBeInstanceOf(ZohoContractError);
  });
});

describe('the access token', () => {
  test('is refreshed once after a 401, stored, and the call repeated', async () => {
    const { client, store, ledger } = zohoWorld();
    const calls = serve(API, 'GET', '/crm/v8/Deals', [
      { status: 401, body: error('INVALID_TOKEN') },
      { body: DATA },
    ]);
    const refreshes = serve(ACCOUNTS, 'POST', '/oauth/v2/token', { body: FRESH });

    await client.request(READ);

    expect(calls.map((call) => call.headers.authorization)).toEqual([
      `Zoho-oauthtoken ${TOKEN}`,
      'Zoho-oauthtoken 1000.fresh-token',
    ]);
    expect(refreshes).toHaveLength(1);
    expect(store.stored.accessToken).toBe('1000.fresh-token');
    expect(store.leasedBy).toBeNull();
    expect(ledger.rows).toHaveLength(2);
  });

  test('of another process is tried before a refresh', async () => {
    const world = zohoWorld();
    await world.tokens.current();
    world.store.stored = { ...world.store.stored, accessToken: '1000.other-process' };
    const calls = serve(API, 'GET', '/crm/v8/Deals', [
      { status: 401, body: error('INVALID_TOKEN') },
      { body: DATA },
    ]);

    await world.client.request(READ);

    expect(calls[1]?.headers.authorization).toBe('Zoho-oauthtoken 1000.other-process');
  });

  test('refused again when fresh asks for a reconnection and stops', async () => {
    const { client, store } = zohoWorld();
    serve(API, 'PUT', '/crm/v8/Deals', [
      { status: 401, body: error('INVALID_TOKEN') },
      { status: 401, body: error('INVALID_TOKEN') },
    ]);
    serve(ACCOUNTS, 'POST', '/oauth/v2/token', { body: FRESH });

    const failure = await failureOf(client.request(WRITE));

    expect(failure).toBeInstanceOf(ZohoAuthError);
    expect(failure).toMatchObject({ scope: false, zohoCode: 'INVALID_TOKEN' });
    expect(store.reconnectReasons).toHaveLength(1);
  });

  test('many calls refused at once cause one refresh', async () => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', (sent) =>
      sent.headers.authorization === `Zoho-oauthtoken ${TOKEN}`
        ? { status: 401, body: error('INVALID_TOKEN') }
        : { body: DATA },
    );
    const refreshes = serve(ACCOUNTS, 'POST', '/oauth/v2/token', [{ body: FRESH }]);

    const answers = await Promise.all(Array.from({ length: 12 }, () => client.request(READ)));

    expect(answers.map(({ body }) => body)).toEqual(Array(12).fill(DATA));
    expect(refreshes).toHaveLength(1);
  });

  test.each([401, 403])('without the scope (HTTP %i) is not refreshed', async (status) => {
    const { client, store } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', { status, body: error('OAUTH_SCOPE_MISMATCH') });

    const failure = await failureOf(client.request(READ));

    expect(failure).toBeInstanceOf(ZohoAuthError);
    expect(failure).toMatchObject({ scope: true });
    expect(store.reconnectReasons).toEqual([]);
  });

  test('never goes to a host that an answer named', async () => {
    const { client } = zohoWorld({ store: memoryTokens({ apiDomain: 'https://www.zohoapis.eu.evil.test' }) });

    const failure = await failureOf(client.request(READ));

    expect(failure).toBeInstanceOf(ConfigError);
    expect(failure).toMatchObject({ message: expect.stringContaining('www.zohoapis.eu.evil.test') });
  });

  test('is in no message of any failure', async () => {
    const { client } = zohoWorld({ retry: { maxAttempts: 1 } });
    serve(API, 'GET', '/crm/v8/Deals', [{ breaks: 'ECONNRESET' }, { status: 500, body: '<html>' }]);

    const failures = [await failureOf(client.request(READ)), await failureOf(client.request(READ))];

    for (const failure of failures) {
      const cause = failure instanceof Error ? failure.cause : null;
      expect(`${failure} ${cause} ${JSON.stringify(cause)}`).not.toContain(TOKEN);
    }
  });
});

describe('the rate limit', () => {
  test('makes the whole client wait as long as Zoho asks', async () => {
    const { client, clock } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', [
      { status: 429, body: error('TOO_MANY_REQUESTS'), headers: { 'Retry-After': '7' } },
      { body: DATA },
    ]);

    await client.request(READ);

    expect(clock.sleeps).toEqual([7_000]);
  });

  test.each(['RATE_LIMIT_EXCEEDED', 'API_LIMIT_EXCEEDED'])('is also called %s', async (code) => {
    const { client, clock } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', [{ status: 400, body: error(code) }, { body: DATA }]);

    await client.request(READ);

    expect(clock.sleeps).toEqual([750]);
  });

  test('that stays for minutes means that the credits are gone, and nothing more is sent for an hour', async () => {
    const { client, clock } = zohoWorld();
    const start = clock.now().getTime();
    const calls = serve(API, 'GET', '/crm/v8/Deals', () => ({
      status: 429,
      body: error('TOO_MANY_REQUESTS'),
    }));

    const failure = await failureOf(client.request(READ));
    const callsUntilGivenUp = calls.length;
    const next = await failureOf(client.request(READ));

    expect(failure).toBeInstanceOf(ZohoCreditsError);
    const waitedMs = clock.now().getTime() - start;
    expect(waitedMs).toBeGreaterThanOrEqual(5 * 60_000);
    expect(waitedMs).toBeLessThan(7 * 60_000);
    expect(failure).toMatchObject({ availableAt: new Date(clock.now().getTime() + 3_600_000) });
    expect(next).toBeInstanceOf(ZohoCreditsError);
    expect(calls).toHaveLength(callsUntilGivenUp);
  });

  test('with a wait of hours is not waited for', async () => {
    const { client, clock } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', {
      status: 429,
      body: error('TOO_MANY_REQUESTS'),
      headers: { 'Retry-After': '36000' },
    });

    const failure = await failureOf(client.request(READ));

    expect(failure).toMatchObject({ availableAt: new Date(clock.now().getTime() + 36_000_000) });
    expect(clock.sleeps).toEqual([]);
  });
});

describe('the ceiling', () => {
  test('stops a call before it is sent and names when enough credits return', async () => {
    const { client, ledger, clock } = zohoWorld({ ceiling: 100 });
    ledger.rows.push(
      { at: new Date('2026-02-01T12:00:00Z'), credits: 60 },
      { at: new Date('2026-02-02T09:00:00Z'), credits: 36 },
    );

    const failure = await failureOf(client.request(WRITE));

    expect(failure).toBeInstanceOf(ZohoCreditsError);
    expect(failure).toMatchObject({ availableAt: new Date('2026-02-02T12:01:00Z') });
    expect(ledger.rows).toHaveLength(2);

    clock.advance(2 * 3_600_000 + 60_001);
    serve(API, 'PUT', '/crm/v8/Deals', { body: DATA });
    serve(ACCOUNTS, 'POST', '/oauth/v2/token', { body: FRESH });
    await expect(client.request(WRITE)).resolves.toMatchObject({ status: 200 });
  });

  test('calls at the same time cannot share the last credits', async () => {
    const { client } = zohoWorld({ ceiling: 3 });
    serve(API, 'GET', '/crm/v8/Deals', [{ body: DATA }, { body: DATA }, { body: DATA }]);

    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => client.request(READ)));

    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });

  test('of Zoho itself is obeyed when its balance says so', async () => {
    const { client } = zohoWorld();
    serve(API, 'GET', '/crm/v8/Deals', { body: DATA, headers: { 'X-API-CREDITS-REMAINING': '5' } });
    await client.request(READ);

    expect(await failureOf(client.request(WRITE))).toBeInstanceOf(ZohoCreditsError);
  });
});
