import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { aConnection } from '../store/builders.ts';
import { aWebWorld, type Browser, linkTwo, type WebWorld } from '../support/web-world.ts';
import { aSeed } from './setup-world.ts';

/** Signing in, linking an org, and what an attacker tries, through real HTTP against a simulated Zoho. */

const USERS = [
  { key: 'ann', name: 'Ann Admin', email: 'ann@office.test', active: true, admin: true },
  { key: 'bob', name: 'Bob Clerk', email: 'bob@office.test', active: true, admin: false },
  { key: 'eve', name: 'Eve Clerk', email: 'eve@office.test', active: true, admin: false },
];
const DAY_MS = 86_400_000;

let world: WebWorld;
/** Id of the connection of the simulated org, and of one of another org. */
let [mine, theirs] = ['', ''];
beforeAll(async () => {
  world = await aWebWorld(aSeed({ users: USERS }));
  ({ mine, theirs } = await linkTwo(world));
});
afterAll(() => world.close());
beforeEach(() => {
  world.freshCodes();
  world.simulator.control.setSwitches({ consentBy: 'ann' });
});

const me = async (browser: Browser) => (await browser.go('/api/v1/me')).status;
const connectionNames = async () => (await world.app.store.connections.list()).map(({ name }) => name);
/** The address that Zoho sends back to, with some of its parameters changed. */
function changed(callback: string, change: Record<string, string | null>): string {
  const url = new URL(callback);
  for (const [name, value] of Object.entries(change)) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}

describe('signing in with Zoho', () => {
  test('asks for an online token of two scopes, keeps none, and shows what the person may see', async () => {
    const browser = world.browser();
    const begin = await browser.go('/sign-in?returnTo=/api/v1/me');
    const asked = new URL(begin.headers.get('location') ?? '').searchParams;
    const ann = await world.signedIn('ann');
    const told = (await (await ann.go('/api/v1/me')).json()) as { connections: unknown; name: string };

    expect(Object.fromEntries(asked)).toMatchObject({
      access_type: 'online',
      scope: 'ZohoCRM.users.READ,ZohoCRM.org.READ',
    });
    expect(asked.has('prompt')).toBe(false);
    expect(told).toMatchObject({
      kind: 'user',
      name: 'Ann Admin',
      isOperator: false,
      connections: [{ name: 'mine', role: 'admin' }],
    });
    expect(JSON.stringify(await world.app.store.people.members(mine))).not.toContain('office.test');
  });

  test('who is no administrator is told what to ask for, and comes in once invited, as a viewer', async () => {
    const ann = await world.signedIn('ann');
    await expect(world.signedIn('bob')).rejects.toThrow(/403 .*not its administrator/s);

    const invited = await ann.write('POST', '/connections/mine/invitations', { email: 'BOB@office.test' });
    const bob = await world.signedIn('bob');
    const write = await bob.write('PUT', '/connections/mine/mode', { mode: 'auto' });
    const elsewhere = await bob.go('/api/v1/connections/theirs/members');

    expect(invited.status).toBe(201);
    expect([write.status, elsewhere.status]).toEqual([403, 404]);
    const { store } = world.app;
    const told = await store.audit.list({ connection: mine, action: 'user.sign_in' }, { limit: 1 });
    expect(told).toMatchObject([{ whoName: 'Bob Clerk' }]);
    await expect(world.signedIn('eve')).rejects.toThrow(/403/);
  });

  test('a stranger of an org that is not linked gets no session and leaves no trace', async () => {
    const lonely = await aWebWorld(aSeed({ users: USERS }));
    try {
      const other = aConnection({ name: 'theirs' });
      await lonely.app.store.connections.create({ ...other, org: { ...other.org, id: 'another-org' } });

      await expect(lonely.signedIn('ann')).rejects.toThrow(/403 .*is not linked here/s);

      const user = { location: 'custom', orgId: 'x', userId: 'x' };
      expect(await lonely.app.store.people.ofUser(user)).toBeNull();
    } finally {
      await lonely.close();
    }
  });

  test('refusal at Zoho is told kindly, in the language of the browser', async () => {
    const browser = world.browser();
    const callback = await browser.toZoho('/sign-in');

    const answer = await browser.go(changed(callback, { code: null, error: 'access_denied' }), {
      headers: { cookie: browser.cookieHeader(), 'accept-language': 'nl-BE,nl;q=0.9' },
    });

    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('U hebt bij Zoho geweigerd');
  });

  test.each([
    ['https://elsewhere.test/', '/'],
    ['//elsewhere.test', '/'],
    ['/\\elsewhere.test', '/'],
    ['/%2F/elsewhere.test', '/%2F/elsewhere.test'],
    ['/\t/elsewhere.test', '/'],
    ['/..//elsewhere.test', '/'],
    ['javascript:alert(1)', '/'],
    ['/runs?page=2', '/runs?page=2'],
  ])('returnTo %s leads to %s', async (wanted, expected) => {
    const browser = world.browser();
    const callback = await browser.toZoho(`/sign-in?returnTo=${encodeURIComponent(wanted)}`);

    const answer = await browser.go(callback);

    expect([answer.status, answer.headers.get('location')]).toEqual([303, expected]);
  });
});

describe('an attacker', () => {
  test.each(['/sign-in', '/connect?name=new-one'])(
    'replays a state, brings it to another browser, or invents one (%s)',
    async (path) => {
      const [victim, other] = [await world.operator(), await world.operator()];
      const [first, stolen] = [await victim.toZoho(path), await victim.toZoho(path)];
      await other.toZoho(path);

      const wrongBrowser = await other.go(stolen);
      const noBrowser = await world.browser().go(stolen);
      const invented = await other.go(changed(stolen, { state: 'x'.repeat(43) }));
      // The last trip of a browser is the one that counts.
      const older = await victim.go(first);
      const replayed = await victim.go(stolen);

      const answers = [wrongBrowser, noBrowser, invented, older, replayed];
      expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
      expect(await connectionNames()).toEqual(['mine', 'theirs']);
    },
  );

  test.each([
    'https://accounts.zoho.com.evil.test',
    'https://accounts.zoho.com@evil.test',
    'https://evil.test/accounts.zoho.com',
    'https://accounts-zoho.com',
    'https://accounts.zoho.co',
    'https://accounts.zohο.com', // a Greek omicron
    'http://accounts.zoho.com',
    'https://accounts.zoho.com:8443',
    'https://www.zohoapis.com',
    'https://content.zohoapis.eu',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '',
  ])('makes the code go to %s: nothing is sent anywhere', async (server) => {
    const operator = await world.operator();
    const callback = await operator.toZoho('/connect?name=new-one');
    world.simulator.control.resetReport();

    const answer = await operator.go(changed(callback, { 'accounts-server': server }));

    expect(answer.status).toBe(400);
    expect(world.simulator.control.report().codeExchanges).toBe(0);
    expect(await connectionNames()).toEqual(['mine', 'theirs']);
  });

  test('injects the code of another session: the org is another one than the connection, which stays as it is', async () => {
    const operator = await world.operator();
    const callback = await operator.toZoho('/connect?name=theirs');
    const before = await world.app.store.tokens.grant(theirs);

    const answer = await operator.go(callback);

    expect(answer.status).toBe(409);
    expect(await answer.text()).toContain('connect it under another --name');
    expect(await world.app.store.tokens.grant(theirs)).toEqual(before);
  });

  test('gives a code a second time, or one that was made for another address', async () => {
    const [one, two] = [world.browser(), world.browser()];
    const [first, second] = [await one.toZoho('/sign-in'), await two.toZoho('/sign-in')];
    const code = new URL(first).searchParams.get('code') ?? '';
    const selfMade = world.simulator.control.issueGrantCode({ as: 'ann' });
    expect((await one.go(first)).status).toBe(303);

    const spent = await two.go(changed(second, { code }));
    const third = await two.toZoho('/sign-in');
    const denied = await two.go(changed(third, { code: `${selfMade}x` }));

    expect([spent.status, denied.status]).toEqual([502, 502]);
    expect(await me(two)).toBe(401);
  });

  test('plants a session id before the victim signs in: the victim gets another', async () => {
    const attacker = await world.operator();
    const planted = attacker.cookies.get('zcv_session') ?? '';
    await attacker.write('DELETE', '/me/sessions');
    const victim = world.browser();
    victim.cookies.set('zcv_session', planted);

    const answer = await victim.go(await victim.toZoho('/sign-in'));

    expect(answer.status).toBe(303);
    expect(victim.cookies.get('zcv_session')).not.toBe(planted);
    expect(await me(attacker)).toBe(401);
    expect(await me(victim)).toBe(200);
  });

  test('uses a link for operators twice, late, or after it was revoked; a preview does not use it up', async () => {
    const { store, clock } = world.app;
    const make = () =>
      store.links.addOperatorLink({
        operator: 'ops',
        at: clock.now(),
        expiresAt: new Date(clock.now().getTime() + 60_000),
      });
    const [used, late, revoked] = [await make(), await make(), await make()];
    const open = async (secret: string, method: string) => {
      const browser = world.browser();
      const answer = await browser.go(`/operator/${secret}`, { method });
      return `${answer.status} ${await me(browser)}`;
    };

    const preview = await open(used, 'GET');
    const first = await open(used, 'POST');
    const again = await open(used, 'POST');
    world.later(60_000);
    const overdue = await open(late, 'POST');
    await store.links.revokeOperatorLinks();

    expect([preview, first, again]).toEqual(['200 401', '303 200', '410 401']);
    expect([overdue, await open(revoked, 'POST')]).toEqual(['410 401', '410 401']);
    expect(await open('guess', 'POST')).toBe('410 401');
  });

  test('uses tokens beyond their connection, their scope, their time, or after they were revoked', async () => {
    const operator = await world.operator();
    const make = async (path: string, body: object) =>
      (await (await operator.write('POST', path, body)).json()) as { id: string; secret: string };
    const read = await make('/connections/mine/tokens', { name: 'reads', days: 2 });
    const write = await make('/connections/mine/tokens', { name: 'writes', scope: 'write', days: 2 });
    const short = await make('/connections/mine/tokens', { name: 'short', days: 1 });
    const fleet = await make('/tokens', { name: 'fleet', connections: 'fleet', days: 2 });
    const ask = async (secret: string, method: string, path: string, json?: unknown) =>
      (await world.bearer(secret).go(`/api/v1${path}`, { method, ...(json ? { json } : {}) })).status;
    const mode = { mode: 'manual' };

    expect({
      own: await ask(read.secret, 'GET', '/connections/mine/members'),
      foreign: await ask(read.secret, 'GET', '/connections/theirs/members'),
      readerWrites: await ask(read.secret, 'PUT', '/connections/mine/mode', mode),
      writerWrites: await ask(write.secret, 'PUT', '/connections/mine/mode', mode),
      writerElsewhere: await ask(write.secret, 'PUT', '/connections/theirs/mode', mode),
      writerFleet: await ask(write.secret, 'GET', '/tokens'),
      writerMakesToken: await ask(write.secret, 'POST', '/connections/mine/tokens', { name: 'heir' }),
      writerSignsOut: await ask(write.secret, 'DELETE', '/me/sessions'),
      fleetReads: await ask(fleet.secret, 'GET', '/connections/theirs/members'),
      fleetWrites: await ask(fleet.secret, 'PUT', '/connections/theirs/mode', mode),
    }).toEqual({
      own: 200,
      foreign: 404,
      readerWrites: 403,
      writerWrites: 200,
      writerElsewhere: 404,
      writerFleet: 403,
      writerMakesToken: 403,
      writerSignsOut: 400,
      fleetReads: 200,
      fleetWrites: 403,
    });
    // A bad token is not helped by the cookie of somebody who may.
    const both = await operator.go('/api/v1/me', { headers: { authorization: `Bearer ${read.secret}x` } });
    expect(both.status).toBe(401);

    expect((await operator.write('DELETE', `/connections/mine/tokens/${read.id}`)).status).toBe(200);
    expect(await ask(read.secret, 'GET', '/me')).toBe(401);
    expect(await ask(short.secret, 'GET', '/me')).toBe(200);
    world.later(DAY_MS);
    expect(await ask(short.secret, 'GET', '/me')).toBe(401);
  });

  test('writes from another site with the cookie of a victim: no write route of the table lets it through', async () => {
    const { routes } = world;
    const operator = await world.operator();
    const tellsCsrf = (await operator.go('/api/v1/me')).status;
    const other = await world.operator();
    const { csrfToken } = (await (await other.go('/api/v1/me')).json()) as { csrfToken: string };
    const writes = routes.filter(({ isWrite }) => isWrite);
    const before = JSON.stringify(await world.app.store.connections.list());

    const table: Record<string, string> = {};
    for (const { method, path } of writes) {
      const at = `/api/v1${path.replace('{connection}', 'mine').replace(/\{\w+\}/g, '1')}`;
      const without = await operator.go(at, { method, json: {} });
      // A token of the attacker's own session, as header, and with the cookie that goes with it.
      const foreign = await operator.go(at, { method, json: {}, headers: { 'x-csrf-token': csrfToken } });
      const cookies = `${operator.cookieHeader().replace(/zcv_csrf=[^;]*/, '')}; zcv_csrf=${csrfToken}`;
      const tossed = await operator.go(at, {
        method,
        json: {},
        headers: { 'x-csrf-token': csrfToken, cookie: cookies },
      });
      table[`${method} ${path}`] = [without, foreign, tossed].map(({ status }) => status).join(' ');
    }

    expect(tellsCsrf).toBe(200);
    expect(writes.length).toBeGreaterThan(8);
    expect(table).toEqual(
      Object.fromEntries(writes.map(({ method, path }) => [`${method} ${path}`, '403 403 403'])),
    );
    expect(JSON.stringify(await world.app.store.connections.list())).toBe(before);
    const signOut = await operator.go('/sign-out', { method: 'POST' });
    expect([signOut.status, await me(operator)]).toEqual([403, 200]);
  });
});

describe('sessions', () => {
  test('end when signed out, here or everywhere, when idle, and when the member is removed', async () => {
    const ann = await world.signedIn('ann');
    await ann.write('POST', '/connections/mine/invitations', { email: 'eve@office.test' });
    const [one, two] = [await world.signedIn('eve'), await world.signedIn('eve')];
    const listed = (await (await one.go('/api/v1/me/sessions')).json()) as { items: { isThis: boolean }[] };
    expect(listed.items.map(({ isThis }) => isThis).toSorted()).toEqual([false, true]);

    const { csrfToken } = (await (await one.go('/api/v1/me')).json()) as { csrfToken: string };
    const out = await one.go('/sign-out', { method: 'POST', form: { _csrf: csrfToken } });
    expect([out.status, await me(one), await me(two)]).toEqual([200, 401, 200]);

    const three = await world.signedIn('eve');
    expect((await three.write('DELETE', '/me/sessions')).status).toBe(200);
    expect([await me(two), await me(three)]).toEqual([401, 401]);

    const four = await world.signedIn('eve');
    const members = (await (await ann.go('/api/v1/connections/mine/members')).json()) as {
      members: { id: string; name: string }[];
    };
    const eve = members.members.find(({ name }) => name === 'Eve Clerk')?.id ?? '';
    expect((await ann.write('DELETE', `/connections/mine/members/${eve}`)).status).toBe(200);
    expect(await me(four)).toBe(401);
    await expect(world.signedIn('eve')).rejects.toThrow(/403/);

    world.later(DAY_MS);
    expect(await me(ann)).toBe(401);
  });

  test('an administrator by the word of Zoho is neither removed nor lowered here', async () => {
    const ann = await world.signedIn('ann');
    const { members } = (await (await ann.go('/api/v1/connections/mine/members')).json()) as {
      members: { id: string; name: string }[];
    };
    const self = members.find(({ name }) => name === 'Ann Admin')?.id ?? '';

    const removed = await ann.write('DELETE', `/connections/mine/members/${self}`);
    const lowered = await ann.write('PATCH', `/connections/mine/members/${self}`, { role: 'viewer' });

    expect([removed.status, lowered.status]).toEqual([409, 409]);
  });
});

describe('linking an org', () => {
  test('needs a session that may: strangers are sent to sign in, viewers and others are refused', async () => {
    const ann = await world.signedIn('ann');
    await ann.write('POST', '/connections/mine/invitations', { email: 'bob@office.test' });
    const bob = await world.signedIn('bob');
    const status = async (browser: Browser, name: string) =>
      (await browser.go(`/connect?name=${name}`)).status;

    expect(await status(world.browser(), 'mine')).toBe(401);
    expect([await status(bob, 'mine'), await status(bob, 'new-one')]).toEqual([403, 403]);
    expect([await status(ann, 'mine'), await status(ann, 'theirs'), await status(ann, 'new-one')]).toEqual([
      302, 403, 403,
    ]);
    const token = await world.app.store.apiTokens.create({
      ...{ name: 't', scope: 'write', connections: 'fleet', createdBy: 'cli' },
      ...{ at: world.app.clock.now(), expiresAt: new Date('2100-01-01') },
    });
    expect(await status(world.bearer(token.secret), 'new-one')).toBe(401);
  });

  test('a session that ended at Zoho, or lost its role there, finishes nothing', async () => {
    const operator = await world.operator();
    const callback = await operator.toZoho('/connect?name=new-one');
    await operator.write('DELETE', '/me/sessions');

    const answer = await operator.go(callback);

    expect(answer.status).toBe(403);
    expect(await connectionNames()).toEqual(['mine', 'theirs']);
  });

  test('renewing keeps mode and history; the log says who did it', async () => {
    const ann = await world.signedIn('ann');
    await ann.write('PUT', '/connections/mine/mode', { mode: 'auto' });
    await world.app.store.connections.setState(mine, 'reconnect_needed', 'revoked');

    const answer = await ann.go(await ann.toZoho('/connect?name=mine'));

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('All permissions that we ask for were granted.');
    const renewed = await world.app.store.connections.byId(mine);
    expect(renewed).toMatchObject({ state: 'ready', mode: 'auto' });
    const [entry] = await world.app.store.audit.list(
      { connection: mine, action: 'connection.connect' },
      { limit: 1 },
    );
    expect(entry).toMatchObject({ whoName: 'Ann Admin', before: { state: 'reconnect_needed' } });
    expect(JSON.stringify(entry)).not.toMatch(/1000\./);
  });

  test('a connect link makes one read-only connection, once, and names what was not granted', async () => {
    const operator = await world.operator();
    const made = (await (await operator.write('POST', '/connect-links', { name: 'client-a' })).json()) as {
      url: string;
    };
    const path = new URL(made.url).pathname;
    const client = world.browser();

    const page = await client.go(path);
    const refused = await client.go(
      changed(await client.toZoho(path, { method: 'POST' }), { code: null, error: 'access_denied' }),
    );
    const callback = await client.toZoho(path, { method: 'POST' });
    const second = world.browser();
    const rival = await second.toZoho(path, { method: 'POST' });
    const linked = await client.go(callback, {
      headers: { cookie: client.cookieHeader(), 'accept-language': 'da' },
    });
    const again = await second.go(rival);
    const gone = await client.go(path);

    expect(await page.text()).toContain('ZohoCRM.coql.READ');
    expect([refused.status, linked.status, again.status, gone.status]).toEqual([400, 200, 409, 410]);
    const text = await linked.text();
    expect(text).toContain('Den er skrivebeskyttet');
    const connection = await world.app.store.connections.byName('client-a');
    expect(connection).toMatchObject({ mode: 'read-only' });
    // The client has linked an org; that opens nothing here.
    expect(await me(client)).toBe(401);
    const deleted = await operator.write('DELETE', '/connections/client-a', { confirm: 'client-a' });
    expect(await deleted.json()).toEqual({ revoked: true, problems: [] });
    expect(await connectionNames()).toEqual(['mine', 'theirs']);
    const log = (await (await operator.go('/api/v1/audit-log?limit=1')).json()) as { items: object[] };
    expect(log.items).toMatchObject([{ connection: null, target: 'client-a' }]);
  });

  test('a connection whose access cannot be revoked is deleted all the same, and says how to finish', async () => {
    const operator = await world.operator();
    await operator.go(await operator.toZoho('/connect?name=short-lived'));
    world.simulator.control.addFaults({ kind: 'reset', match: { path: '/oauth/v2/token/revoke' }, times: 4 });

    const unmeant = await operator.write('DELETE', '/connections/short-lived', { confirm: 'mine' });
    const deleted = await operator.write('DELETE', '/connections/short-lived', { confirm: 'short-lived' });

    expect(unmeant.status).toBe(409);
    expect(deleted.status).toBe(200);
    expect(await connectionNames()).toEqual(['mine', 'theirs']);
  });
});
