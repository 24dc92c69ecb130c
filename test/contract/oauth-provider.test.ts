import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDb } from '../../src/db.ts';
import { createAdapter } from '../../src/web/oauth/provider-adapter.ts';
import { anAccount, hashed } from '../store/builders.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  type AClient,
  aClient,
  aCode,
  allowed,
  answerPage,
  aPkce,
  ask,
  askPage,
  authorizeUrl,
  BACK,
  exchange,
  oauthEnvironment,
  refresh,
} from '../support/oauth-world.ts';
import { aWebWorld, type Browser, linkTwo, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

/** RFC 6749, 7636 and 9700 against the running service, through real HTTP: what an attacker tries, and what people see. */

const USERS = [
  { key: 'ann', name: 'Ann Admin', email: 'ann@office.test', active: true, admin: true },
  { key: 'bob', name: 'Bob Clerk', email: 'bob@office.test', active: true, admin: false },
  { key: 'eve', name: 'Eve Admin', email: 'eve@office.test', active: true, admin: true },
];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describeOnBoth('we as an OAuth provider', ({ url }) => {
  let world: WebWorld;
  let [mine, theirs] = ['', ''];
  let client: AClient;
  let other: AClient;
  let ann: Browser;
  let databaseUrl = '';
  beforeAll(async () => {
    databaseUrl = await url();
    world = await aWebWorld(aSeed({ users: USERS }), {
      ...(await oauthEnvironment()),
      DATABASE_URL: databaseUrl,
      ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      SESSION_SECRET: randomBytes(32).toString('base64'),
      LOG_LEVEL: 'error',
    });
    ({ mine, theirs } = await linkTwo(world));
    const customer = hashed(anAccount({ id: '77', name: 'Nordlys' }));
    await world.app.store.records.save(mine, 'Accounts', [customer], null);
    client = await aClient(world, mine);
    other = await aClient(world, mine, { name: 'Another' });
  });
  afterAll(() => world?.close());
  beforeEach(async () => {
    ann = await world.signedIn('ann');
  });

  const api = async (token: string, path: string, init: { method?: string; json?: unknown } = {}) =>
    (await world.bearer(token).go(`/api/v1${path}`, init)).status;
  const opens = (token: string) => api(token, '/connections/mine');
  /** All that stands in the tables, as one text. */
  const dump = async (tables: readonly string[]) => {
    const db = await openDb(databaseUrl);
    try {
      const found = [];
      for (const table of tables)
        found.push((await sql`select * from ${sql.table(table)}`.execute(db.kysely)).rows);
      return JSON.stringify(found);
    } finally {
      await db.close();
    }
  };
  const bob = async () => {
    await ann.write('POST', '/connections/mine/invitations', { email: 'bob@office.test' });
    return world.signedIn('bob');
  };

  describe('the way through', () => {
    test('a person allows, the program reads with the token, gets a new one, and gives it back', async () => {
      const pkce = aPkce();
      const page = await askPage(ann, authorizeUrl(client, pkce));
      const back = await answerPage(ann, page);
      const code = back.searchParams.get('code') ?? '';
      const first = await exchange(world, client, code, pkce.verifier);
      const [access, again] = [first.body.access_token ?? '', first.body.refresh_token ?? ''];
      const second = await refresh(world, client, again);
      const newer = second.body.access_token ?? '';

      expect(page.html).toContain('Card in Zoho');
      expect(page.html).toContain('Ann Admin');
      expect(`${back.origin}${back.pathname}`).toBe(BACK);
      expect(Object.fromEntries(back.searchParams)).toEqual({
        ...{ code, state: 'st-4711', iss: `${world.url}/oauth` },
      });
      expect(first.status).toBe(200);
      expect(first.body).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, scope: 'read inputs' });
      expect(first.headers.get('cache-control')).toContain('no-store');
      expect([await opens(access), await opens(newer)]).toEqual([200, 200]);
      expect(second.body.refresh_token).not.toBe(again);

      const ended = await ask(world, '/oauth/revoke', client, { token: second.body.refresh_token ?? '' });

      expect(ended.status).toBe(200);
      expect([await opens(access), await opens(newer)]).toEqual([401, 401]);
    });

    test('the secret may come in the body as well, and whatever is stored is a hash', async () => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      const params = { grant_type: 'authorization_code', code, redirect_uri: BACK };
      const given = { ...params, code_verifier: pkce.verifier };
      const { status, body } = await ask(world, '/oauth/token', client, given, 'post');

      expect(status).toBe(200);
      const stored = await dump(['oauth_clients', 'oauth_grants', 'oauth_tokens', 'oauth_requests']);
      expect(stored).toContain('Card in Zoho');
      for (const secret of [client.secret, code, body.access_token, body.refresh_token, pkce.verifier])
        expect(stored).not.toContain(secret);
    });

    test('who is not signed in signs in with Zoho first and comes back to the question', async () => {
      const browser = world.browser();
      const begin = await browser.go(authorizeUrl(client, aPkce()));
      const path = new URL(begin.headers.get('location') ?? '').pathname;
      const sent = await browser.go(path);
      world.simulator.control.setSwitches({ consentBy: 'ann' });
      const callback = await browser.toZoho(sent.headers.get('location') ?? '');
      const signedIn = await browser.go(callback);
      const page = await browser.go(signedIn.headers.get('location') ?? '');

      expect(sent.status).toBe(303);
      expect(signedIn.headers.get('location')).toBe(path);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain('Ann Admin');
    });

    test('the question is asked in the language of the browser', async () => {
      const page = await askPage(ann, authorizeUrl(client, aPkce()));
      const words = await Promise.all(
        ['en', 'nl', 'pl', 'da'].map(async (language) => {
          const answer = await ann.go(page.path, { headers: { 'accept-language': language } });
          const html = await answer.text();
          return [/<html lang="(\w+)"/.exec(html)?.[1], /<h1>([^<]+)/.exec(html)?.[1]];
        }),
      );

      expect(words).toEqual([
        ['en', 'Allow access?'],
        ['nl', 'Toegang toestaan?'],
        ['pl', 'Zezwolić na dostęp?'],
        ['da', 'Tillad adgang?'],
      ]);
    });

    test('the metadata name what there is and nothing else, at both addresses of RFC 8414', async () => {
      const at = async (path: string) => (await fetch(new URL(path, world.url))).json();
      const told = (await at('/.well-known/oauth-authorization-server/oauth')) as Record<string, unknown>;

      expect(told).toEqual(await at('/oauth/.well-known/oauth-authorization-server'));
      expect(told).toEqual({
        issuer: `${world.url}/oauth`,
        authorization_endpoint: `${world.url}/oauth/authorize`,
        token_endpoint: `${world.url}/oauth/token`,
        revocation_endpoint: `${world.url}/oauth/revoke`,
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        grant_types_supported: ['authorization_code', 'refresh_token'],
        code_challenge_methods_supported: ['S256'],
        scopes_supported: ['read', 'inputs'],
        token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
        authorization_response_iss_parameter_supported: true,
      });
      for (const path of ['/oauth/jwks', '/oauth/userinfo', '/oauth/.well-known/openid-configuration'])
        expect((await fetch(new URL(path, world.url))).status).toBe(404);
    });
  });

  describe('what is asked for', () => {
    // What would have brought a token is answered behind the #, where tokens would have stood.
    const paramsOf = (back: URL) =>
      Object.fromEntries(back.hash === '' ? back.searchParams : new URLSearchParams(back.hash.slice(1)));
    const toClient = async (change: Record<string, string | null>) => {
      const answer = await ann.go(authorizeUrl(client, aPkce(), change));
      const back = new URL(answer.headers.get('location') ?? 'about:none');
      return { place: `${back.origin}${back.pathname}`, told: paramsOf(back) };
    };

    test.each([
      ['no challenge', { code_challenge: null, code_challenge_method: null }, 'invalid_request'],
      ['a challenge without its method', { code_challenge_method: null }, 'invalid_request'],
      ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['a challenge that is none', { code_challenge: 'short' }, 'invalid_request'],
      ['a token in the address', { response_type: 'token' }, 'unsupported_response_type'],
      ['an ID token', { response_type: 'id_token' }, 'unsupported_response_type'],
      ['a scope that there is not', { scope: 'read write' }, 'invalid_scope'],
      ['a scope of OpenID Connect', { scope: 'openid read' }, 'invalid_scope'],
      ['no scope', { scope: null }, 'invalid_scope'],
      ['an answer without a question', { prompt: 'none' }, 'login_required'],
    ])('%s is told to the program with its state', async (_name, change, error) => {
      const { place, told } = await toClient(change);

      expect(place).toBe(BACK);
      expect(told).toMatchObject({ error, state: 'st-4711', iss: `${world.url}/oauth` });
      expect(told).not.toHaveProperty('code');
    });

    test('a state comes back letter by letter', async () => {
      const state = 'a b+c/d=&e"<script>ż%00';
      const page = await askPage(ann, authorizeUrl(client, aPkce(), { state }));
      const back = await answerPage(ann, page);

      expect(back.searchParams.get('state')).toBe(state);
    });

    test('a scope beyond those of the program is refused', async () => {
      const reader = await aClient(world, mine, { scopes: ['read'] });
      const answer = await ann.go(authorizeUrl(reader, aPkce(), { scope: 'read inputs' }));

      const back = new URL(answer.headers.get('location') ?? '');
      expect(back.searchParams.get('error')).toBe('invalid_scope');
    });

    test.each([
      ['https://elsewhere.test/', null],
      [`${BACK}/more`, null],
      [`${BACK}?more=1`, null],
      [BACK.replace('https:', 'http:'), null],
      [BACK.toUpperCase(), null],
      [`${BACK}#part`, null],
      ['javascript:alert(1)', null],
      [null, null],
      [BACK, 'nobody'],
      [BACK, null, 'twice'],
    ])(
      'to the address %s of client %s nobody is sent: a page says so',
      async (address, id, twice?: string) => {
        const change = { redirect_uri: address, ...(id === null ? {} : { client_id: id }) };
        const begin =
          authorizeUrl(client, aPkce(), change) + (twice ? '&redirect_uri=https://elsewhere.test/' : '');
        const answer = await ann.go(begin, { headers: { 'accept-language': 'nl' } });
        const html = await answer.text();

        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.headers.get('location')).toBeNull();
        expect(html).toContain('Dit verzoek kan niet worden beantwoord');
        expect(html).not.toContain('href');
      },
    );
  });

  describe('the question', () => {
    test('refused: the program hears access_denied, and nothing is allowed', async () => {
      const page = await askPage(ann, authorizeUrl(client, aPkce()));
      const back = await answerPage(ann, page, 'refuse');

      expect(Object.fromEntries(back.searchParams)).toMatchObject({
        ...{ error: 'access_denied', state: 'st-4711', iss: `${world.url}/oauth` },
      });
      expect(back.searchParams.has('code')).toBe(false);
    });

    test('is sent without the proof of our page, or with that of another session: refused', async () => {
      const page = await askPage(ann, authorizeUrl(client, aPkce()));
      const eve = await world.signedIn('eve');
      const foreign = await askPage(eve, authorizeUrl(client, aPkce()));
      const send = async (form: Record<string, string>) =>
        (await ann.go(page.path, { method: 'POST', form: { ...form, answer: 'allow' } })).status;

      expect([await send({}), await send({ _csrf: foreign.csrf })]).toEqual([403, 403]);
      expect((await answerPage(ann, page)).searchParams.has('code')).toBe(true);
    });

    test('cannot be begun by an attacker and answered by a victim', async () => {
      const eve = await world.signedIn('eve');
      const planted = await askPage(eve, authorizeUrl(client, aPkce()));

      const seen = await ann.go(planted.path);
      const own = await askPage(ann, authorizeUrl(client, aPkce()));
      // Even with a form of the victim's own session, and a cookie whose signature does not fit.
      const crossed = await ann.go(planted.path, {
        method: 'POST',
        form: { _csrf: own.csrf, answer: 'allow' },
      });
      ann.cookies.set('zcv_oauth_ask', eve.cookies.get('zcv_oauth_ask') ?? '');
      const forged = await ann.go(planted.path, {
        method: 'POST',
        form: { _csrf: own.csrf, answer: 'allow' },
      });

      expect([seen.status, crossed.status, forged.status]).toEqual([400, 400, 400]);
    });

    test('is answered once, within ten minutes, by who is signed in', async () => {
      const [answered, late] = [
        await askPage(ann, authorizeUrl(client, aPkce())),
        await askPage(await world.signedIn('ann'), authorizeUrl(client, aPkce())),
      ];
      const code = (await answerPage(ann, answered)).searchParams.get('code');
      const post = (browser: Browser, { path, csrf }: typeof answered) =>
        browser.go(path, { method: 'POST', form: { _csrf: csrf, answer: 'allow' } });
      const again = await post(ann, answered);
      const stranger = world.browser();
      for (const [name, value] of ann.cookies)
        if (name.startsWith('zcv_oauth')) stranger.cookies.set(name, value);
      const open = await askPage(ann, authorizeUrl(client, aPkce()));
      const unsigned = await post(stranger, open);
      world.later(11 * MINUTE_MS);
      const overdue = await ann.go(late.path);

      expect(code).not.toBeNull();
      expect([again.status, unsigned.status, overdue.status]).toEqual([400, 400, 400]);
    });

    test('names who is asked by the session, whatever the address says', async () => {
      const begin = authorizeUrl(client, aPkce());
      const page = await askPage(ann, `${begin}&login_hint=eve@office.test&user=eve&account=1&sub=eve`);

      expect(page.html).toContain('Ann Admin');
      expect(page.html).not.toMatch(/\beve\b/i);
    });

    test('is no question for operators, tokens, and people without a role on that connection', async () => {
      const operator = await world.operator();
      const asked = await askPage(operator, authorizeUrl(client, aPkce()));
      const stranger = await aClient(world, theirs);
      const page = await askPage(ann, authorizeUrl(stranger, aPkce()));
      const forced = await answerPage(ann, page);
      const lent = await allowed(world, await world.signedIn('ann'), client);
      const mixed = await askPage(ann, authorizeUrl(client, aPkce()));
      const withToken = await ann.go(mixed.path, { headers: { authorization: `Bearer ${lent.access}` } });

      expect(asked.status).toBe(403);
      expect(page.status).toBe(403);
      expect(page.html).not.toContain('value="allow"');
      expect(forced.searchParams.get('error')).toBe('access_denied');
      expect(withToken.status).toBe(403);
    });

    test('offers a viewer only what viewers may, and says so', async () => {
      const viewer = await bob();
      const page = await askPage(viewer, authorizeUrl(client, aPkce()));
      const lent = await allowed(world, viewer, client);

      expect(page.html).toContain('As a viewer you may not do that');
      expect(page.html).not.toContain('note goodwill');
      expect(lent.scope).toBe('read');
    });

    test('escapes the name of the program, and sends its form nowhere else', async () => {
      const name = '<img src=x onerror=alert(1)>';
      const odd = await aClient(world, mine, { name });
      const begin = await ann.go(authorizeUrl(odd, aPkce()));
      const page = await ann.go(new URL(begin.headers.get('location') ?? '').pathname);

      expect(await page.text()).not.toContain('<img');
      expect(page.headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
      expect(page.headers.get('content-security-policy')).toMatch(
        /form-action 'self' https: https:\/\/deluge\.zoho\.test/,
      );
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    });
  });

  describe('a code', () => {
    test.each([
      ['a wrong verifier', { code_verifier: aPkce().verifier }],
      ['no verifier', { code_verifier: null }],
      ['the challenge as verifier', 'challenge'],
      ['another address', { redirect_uri: 'https://elsewhere.test/' }],
    ] as const)('with %s gives nothing', async (_name, change) => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      const wrong = change === 'challenge' ? { code_verifier: pkce.challenge } : change;

      const answer = await exchange(world, client, code, pkce.verifier, wrong);

      expect(answer.status).toBe(400);
      expect(answer.body.error).toBe('invalid_grant');
      expect(answer.headers.get('cache-control')).toContain('no-store');
      expect((await exchange(world, client, code, pkce.verifier)).status).toBe(200);
    });

    test('without its address, of another program, invented, or as a refresh token gives nothing', async () => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      const bare = await exchange(world, client, code, pkce.verifier, { redirect_uri: null });
      const stolen = await exchange(world, { ...other, redirectUris: [BACK] }, code, pkce.verifier);
      const invented = await exchange(world, client, `zcvc_${'x'.repeat(43)}`, pkce.verifier);
      const asRefresh = await refresh(world, client, code);

      expect([bare, stolen, invented, asRefresh].map(({ body }) => body.error)).toEqual([
        ...['invalid_request', 'invalid_grant', 'invalid_grant', 'invalid_grant'],
      ]);
      expect(await api(code, '/connections/mine')).toBe(401);
    });

    test('is over after a minute', async () => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      world.later(61_000);

      expect((await exchange(world, client, code, pkce.verifier)).body.error).toBe('invalid_grant');
    });

    test.each([0, HOUR_MS])('that comes again %d ms later ends what it gave', async (laterMs) => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      const first = await exchange(world, client, code, pkce.verifier);
      const next = await refresh(world, client, first.body.refresh_token ?? '');
      const newest = next.body.access_token ?? '';
      world.later(laterMs);
      const fresh = laterMs > 0 ? await refresh(world, client, next.body.refresh_token ?? '') : next;
      const good = fresh.body.access_token ?? newest;
      expect(await opens(good)).toBe(200);

      const again = await exchange(world, client, code, pkce.verifier);

      expect(again.body.error).toBe('invalid_grant');
      expect(await opens(good)).toBe(401);
      expect((await refresh(world, client, fresh.body.refresh_token ?? '')).body.error).toBe('invalid_grant');
    });

    test('that comes eight times at once gives tokens at most once, and nothing of it is left', async () => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      const all = await Promise.all(
        Array.from({ length: 8 }, () => exchange(world, client, code, pkce.verifier)),
      );
      const good = all.filter(({ status }) => status === 200);

      expect(good.length).toBeLessThanOrEqual(1);
      expect(all.filter(({ status }) => status >= 500)).toEqual([]);
      for (const { body } of good) expect(await opens(body.access_token ?? '')).toBe(401);
    });

    test('that two found unused at once goes on for one; the other ends what it gives', async () => {
      const pkce = aPkce();
      const code = await aCode(ann, client, pkce);
      const codes = createAdapter(world.app)('AuthorizationCode');
      const found = [await codes.find(code), await codes.find(code)];

      await codes.consume(code);
      await expect(codes.consume(code)).rejects.toMatchObject({ error: 'invalid_grant' });

      expect(found).toMatchObject([{ clientId: client.id }, { clientId: client.id }]);
      expect(found[0]).not.toHaveProperty('consumed');
      const grant = await createAdapter(world.app)('Grant').find(found[0]?.grantId ?? '');
      expect(grant).toBeUndefined();
    });

    test('is worth nothing once the person has lost the role', async () => {
      const viewer = await bob();
      const pkce = aPkce();
      const code = await aCode(viewer, client, pkce);
      await dismiss('Bob Clerk');

      expect((await exchange(world, client, code, pkce.verifier)).body.error).toBe('invalid_grant');
    });
  });

  const dismiss = async (name: string) => {
    const answer = await ann.go('/api/v1/connections/mine/members');
    const { members } = (await answer.json()) as { members: { id: string; name: string }[] };
    const id = members.find((one) => one.name === name)?.id ?? '';
    expect((await ann.write('DELETE', `/connections/mine/members/${id}`)).status).toBe(200);
  };

  describe('a refresh token', () => {
    test('that was used before ends the whole family', async () => {
      const lent = await allowed(world, ann, client);
      const next = await refresh(world, client, lent.refresh);
      const [access, newer] = [next.body.access_token ?? '', next.body.refresh_token ?? ''];

      const replayed = await refresh(world, client, lent.refresh);

      expect(replayed.body.error).toBe('invalid_grant');
      expect([await opens(lent.access), await opens(access)]).toEqual([401, 401]);
      expect((await refresh(world, client, newer)).body.error).toBe('invalid_grant');
    });

    test('ends only its own family, not what others or the same person allowed elsewhere', async () => {
      const eve = await world.signedIn('eve');
      const [one, two] = [await allowed(world, ann, client), await allowed(world, ann, other)];
      const three = await allowed(world, eve, client);
      await refresh(world, client, one.refresh);
      await refresh(world, client, one.refresh);

      expect([await opens(one.access), await opens(two.access), await opens(three.access)]).toEqual([
        ...[401, 200, 200],
      ]);
    });

    test('of another program, invented, or with more scopes gives nothing and harms nothing', async () => {
      const lent = await allowed(world, ann, client, { scope: 'read' });
      const stolen = await refresh(world, other, lent.refresh);
      const invented = await refresh(world, client, `zcvr_${'x'.repeat(43)}`);
      const more = await refresh(world, client, lent.refresh, { scope: 'read inputs' });
      const asAccess = await opens(lent.refresh);

      expect([stolen, invented, more].map(({ body }) => body.error)).toEqual([
        ...['invalid_grant', 'invalid_grant', 'invalid_scope'],
      ]);
      expect(asAccess).toBe(401);
      expect((await refresh(world, client, lent.refresh)).status).toBe(200);
    });

    test('may ask for less', async () => {
      const lent = await allowed(world, ann, client);
      const less = await refresh(world, client, lent.refresh, { scope: 'read' });

      expect([lent.scope, less.body.scope]).toEqual(['read inputs', 'read']);
      expect(await note(less.body.access_token ?? '')).toBe(403);
    });

    test('is over after 90 days without use, and with its year however much it is used', async () => {
      const lent = await allowed(world, ann, client);
      world.later(91 * DAY_MS);
      expect((await refresh(world, client, lent.refresh)).body.error).toBe('invalid_grant');

      ann = await world.signedIn('ann');
      let { refresh: token } = await allowed(world, ann, client);
      const answers: number[] = [];
      for (let month = 0; month < 13; month += 1) {
        const { status, body } = await refresh(world, client, token);
        answers.push(status);
        token = body.refresh_token ?? '';
        world.later(30 * DAY_MS);
      }
      expect(answers).toEqual(Array.from({ length: 13 }, () => 200));
      expect((await refresh(world, client, token)).body.error).toBe('invalid_grant');
    });
  });

  /** A write of what people note. */
  async function note(token: string, connection = 'mine'): Promise<number> {
    const json = { amount: '5.00', note: 'late' };
    return api(token, `/connections/${connection}/customers/77/goodwill`, { method: 'POST', json });
  }

  describe('a program', () => {
    test.each(['basic', 'post'] as const)(
      'with a wrong secret (%s), or none, is nobody: 401 with WWW-Authenticate',
      async (by) => {
        const pkce = aPkce();
        const code = await aCode(ann, client, pkce);
        const params = { grant_type: 'authorization_code', code, redirect_uri: BACK };
        const given = { ...params, code_verifier: pkce.verifier };
        const wrong = { ...client, secret: other.secret };
        const answers = [
          await ask(world, '/oauth/token', wrong, given, by),
          await ask(world, '/oauth/token', { ...client, id: 'nobody' }, given, by),
          await ask(world, '/oauth/token', client, given, 'nothing'),
          await ask(world, '/oauth/revoke', wrong, { token: 'x' }, by),
        ];

        for (const { status, body, headers } of answers) {
          expect([status, body.error]).toEqual([401, 'invalid_client']);
          expect(headers.get('www-authenticate')).toMatch(/^Basic realm=/);
          expect(headers.get('cache-control')).toContain('no-store');
        }
        expect((await exchange(world, client, code, pkce.verifier)).status).toBe(200);
      },
    );

    test.each(['password', 'client_credentials', 'implicit', ''])(
      'that asks for the grant "%s" gets none',
      async (grant_type) => {
        const given = { grant_type, username: 'ann', password: 'x', scope: 'read' };
        const { status, body } = await ask(world, '/oauth/token', client, given);

        expect(status).toBe(400);
        expect(body.error).toBe(grant_type === '' ? 'invalid_request' : 'unsupported_grant_type');
      },
    );

    test('gives back only what is its own', async () => {
      const lent = await allowed(world, ann, client);
      const foreign = await ask(world, '/oauth/revoke', other, { token: lent.access });
      const unknown = await ask(world, '/oauth/revoke', client, { token: 'unknown' });
      expect([foreign.status, unknown.status]).toEqual([200, 200]);
      expect(await opens(lent.access)).toBe(200);

      const own = await ask(world, '/oauth/revoke', client, { token: lent.access });

      expect([own.status, await opens(lent.access)]).toEqual([200, 401]);
      expect((await refresh(world, client, lent.refresh)).body.error).toBe('invalid_grant');
    });

    test('that is removed has nothing left', async () => {
      const gone = await aClient(world, mine, { name: 'Gone' });
      const lent = await allowed(world, ann, gone);
      expect(await opens(lent.access)).toBe(200);

      await world.app.store.oauthClients.remove(mine, gone.id);

      expect(await opens(lent.access)).toBe(401);
      expect((await refresh(world, gone, lent.refresh)).body.error).toBe('invalid_client');
    });
  });

  describe('an access token', () => {
    test('opens what viewers see and what people note, on its connection alone, and no more', async () => {
      const lent = await allowed(world, ann, client);
      const mode = { mode: 'manual' };

      expect({
        connection: await api(lent.access, '/connections/mine'),
        customers: await api(lent.access, '/connections/mine/customers'),
        notes: await note(lent.access),
        otherConnection: await api(lent.access, '/connections/theirs'),
        otherNotes: await note(lent.access, 'theirs'),
        noConnection: await api(lent.access, '/connections/nowhere'),
        auditLog: await api(lent.access, '/connections/mine/audit-log'),
        tokens: await api(lent.access, '/connections/mine/tokens'),
        settings: await api(lent.access, '/connections/mine/mode', { method: 'PUT', json: mode }),
        makesToken: await api(lent.access, '/connections/mine/tokens', {
          method: 'POST',
          json: { name: 'x' },
        }),
        fleet: await api(lent.access, '/tokens'),
        sessions: await api(lent.access, '/me/sessions'),
        signsOut: await api(lent.access, '/me/sessions', { method: 'DELETE' }),
      }).toEqual({
        ...{ connection: 200, customers: 200, notes: 201, otherConnection: 404, otherNotes: 404 },
        ...{ noConnection: 404, auditLog: 403, tokens: 403, settings: 403, makesToken: 403, fleet: 403 },
        ...{ sessions: 400, signsOut: 403 },
      });
      const me = (await (await world.bearer(lent.access).go('/api/v1/me')).json()) as object;
      expect(me).toMatchObject({
        ...{ kind: 'user', name: 'Ann Admin', scopes: ['read', 'inputs'], csrfToken: null },
        ...{ client: { name: 'Card in Zoho' }, connections: [{ name: 'mine', role: 'admin' }] },
      });
    });

    test('of a person with roles on two connections still opens one', async () => {
      const lent = await allowed(world, ann, client);
      const { id: personId } = (await (await ann.go('/api/v1/me')).json()) as { id: string };
      const role = { connection: theirs, personId, role: 'admin', origin: 'invited' } as const;
      await world.app.store.people.setMembership(role, world.app.clock.now());
      try {
        expect((await ann.go('/api/v1/connections/theirs')).status).toBe(200);
        expect(await api(lent.access, '/connections/theirs')).toBe(404);
      } finally {
        await world.app.store.people.endMembership(theirs, personId);
      }
    });

    test('for reading notes nothing, and what a viewer allowed becomes no more when the program asks', async () => {
      const reads = await allowed(world, ann, client, { scope: 'read' });
      const viewer = await allowed(world, await bob(), client);

      expect([await note(reads.access), await note(viewer.access)]).toEqual([403, 403]);
      expect(await api(viewer.access, '/connections/mine/customers')).toBe(200);
    });

    test('is judged by the role of the moment: lowered, then removed, it opens less, then nothing', async () => {
      const browser = await bob();
      const { id } = (await (await browser.go('/api/v1/me')).json()) as { id: string };
      await ann.write('PATCH', `/connections/mine/members/${id}`, { role: 'admin' });
      const lent = await allowed(world, browser, client);
      const asAdmin = await note(lent.access);
      await ann.write('PATCH', `/connections/mine/members/${id}`, { role: 'viewer' });
      const asViewer = await note(lent.access);
      await dismiss('Bob Clerk');
      const asNobody = [await note(lent.access), await opens(lent.access)];
      // Who is invited anew has not allowed anything anew.
      await bob();

      expect([asAdmin, asViewer, asNobody]).toEqual([201, 403, [401, 401]]);
      expect(await opens(lent.access)).toBe(401);
      expect((await refresh(world, client, lent.refresh)).body.error).toBe('invalid_grant');
    });

    test('of somebody whom the org has deactivated opens nothing, nor does it bring new ones', async () => {
      const browser = await bob();
      const { id } = (await (await browser.go('/api/v1/me')).json()) as { id: string };
      const lent = await allowed(world, browser, client);
      const { userId = '' } = (await world.app.store.people.byId(id)) ?? {};
      const user = { id: userId, name: 'Bob Clerk', managerId: null, email: null };
      const { users } = world.app.store;
      await users.replace(mine, [{ ...user, active: false }]);
      const answers = [await opens(lent.access), (await refresh(world, client, lent.refresh)).status];
      await users.replace(mine, []);

      expect(answers).toEqual([404, 400]);
      expect(await opens(lent.access)).toBe(200);
    });

    test('is over after an hour', async () => {
      const lent = await allowed(world, ann, client);
      world.later(HOUR_MS + 1_000);

      const answer = await world.bearer(lent.access).go('/api/v1/connections/mine');

      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    });

    test('is not helped by the cookie of somebody who may, and not taken from the address', async () => {
      const lent = await allowed(world, ann, client);
      const bad = await ann.go('/api/v1/me', { headers: { authorization: `Bearer ${lent.access}x` } });
      const query = await world.browser().go(`/api/v1/me?access_token=${lent.access}`);

      expect([bad.status, query.status]).toEqual([401, 401]);
    });
  });

  test('the audit log tells what was allowed, by whom, and who noted what through which program', async () => {
    const lent = await allowed(world, ann, client);
    await note(lent.access);
    const newest = async (action: string) =>
      (await world.app.store.audit.list({ connection: mine, action }, { limit: 1 }))[0];

    expect(await newest('oauth.allow')).toMatchObject({
      ...{ whoName: 'Ann Admin', target: 'Card in Zoho', after: { scopes: ['read', 'inputs'] } },
    });
    expect(await newest('goodwill.add')).toMatchObject({
      ...{ whoName: 'Ann Admin', target: 'Accounts 77', after: { amount: 500, through: 'Card in Zoho' } },
    });
  });
});

describe('where browsers come over https to a proxy in front of us', () => {
  test('addresses are those of PUBLIC_URL, whatever the request calls us, and cookies go over https alone', async () => {
    const publicUrl = 'https://value.example.test';
    const world = await aWebWorld(aSeed({ users: USERS }), { OAUTH_PROVIDER: 'true', PUBLIC_URL: publicUrl });
    try {
      const { connection } = await world.app.connect({
        name: 'mine',
        refreshToken: world.simulator.refreshToken,
      });
      const client = await aClient(world, connection.id);
      const begin = await fetch(new URL(authorizeUrl(client, aPkce()), world.url), {
        redirect: 'manual',
        headers: { 'x-forwarded-host': 'evil.test' },
      });

      expect(begin.headers.get('location')).toMatch(
        /^https:\/\/value\.example\.test\/oauth\/consent\/[\w-]+$/,
      );
      const cookies = begin.headers.getSetCookie().filter((line) => line.startsWith('zcv_oauth'));
      expect(cookies.length).toBeGreaterThan(1);
      for (const line of cookies)
        expect(line.toLowerCase()).toMatch(/; secure; httponly|samesite=lax; secure/);
    } finally {
      await world.close();
    }
  });

  test('where it is not switched on, no address answers and no token opens', async () => {
    const world = await aWebWorld(aSeed({ users: USERS }));
    try {
      const statuses = await Promise.all(
        ['/oauth/authorize', '/oauth/token', '/.well-known/oauth-authorization-server/oauth'].map(
          async (path) => (await fetch(new URL(path, world.url))).status,
        ),
      );

      expect(statuses).toEqual([404, 404, 404]);
      expect((await world.bearer(`zcva_${'x'.repeat(43)}`).go('/api/v1/me')).status).toBe(401);
    } finally {
      await world.close();
    }
  });
});
