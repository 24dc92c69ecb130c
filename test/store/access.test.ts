import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { ConflictError } from '../../src/errors.ts';
import { createStore } from '../../src/store/store.ts';
import { isCarried } from '../../src/store/whole-tables.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, connected } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const DAY_MS = 86_400_000;
const after = (ms: number) => new Date(AT.getTime() + ms);

async function aStore(open: () => Promise<Db>) {
  const db = await open();
  const store = createStore(db, keys);
  const connection = await connected(store);
  const other = await connected(store, { name: 'other' });
  const aPerson = async (userId: string, role: 'admin' | 'viewer' = 'viewer', of = connection) => {
    const person = await store.people.signedIn(
      { location: 'eu', orgId: '1', userId, name: `User ${userId}` },
      AT,
    );
    await store.people.setMembership({ connection: of, personId: person.id, role, origin: 'invited' }, AT);
    return person;
  };
  return { db, store, connection, other, aPerson };
}

/** Everything that is stored, as one text. */
async function dump(db: Db, tables: readonly string[]): Promise<string> {
  let text = '';
  for (const table of tables) {
    const { rows } = await sql`select * from ${sql.table(table)}`.execute(db.kysely);
    text += JSON.stringify(rows);
  }
  return text;
}

describeOnBoth('people and their roles', ({ open }) => {
  test('a user of one org is one person, and the same id in another org or data centre is another', async () => {
    const { store } = await aStore(open);
    const ann = { location: 'eu', orgId: '1', userId: '7', name: 'Ann' };

    const first = await store.people.signedIn(ann, AT);
    const again = await store.people.signedIn({ ...ann, name: 'Ann Smith' }, after(DAY_MS));
    const elsewhere = await store.people.signedIn({ ...ann, location: 'us' }, AT);

    expect(again).toEqual({ ...first, name: 'Ann Smith' });
    expect(elsewhere.id).not.toBe(first.id);
  });

  test('the last administrator can be neither lowered nor removed; a second one frees the first', async () => {
    const { store, connection, aPerson } = await aStore(open);
    const ann = await aPerson('1', 'admin');
    const bo = await aPerson('2');

    await expect(store.people.setRole(connection, ann.id, 'viewer')).rejects.toThrow(ConflictError);
    await expect(store.people.removeMember(connection, ann.id)).rejects.toThrow(/last administrator/);
    await store.people.setRole(connection, bo.id, 'admin');
    await store.people.removeMember(connection, ann.id);

    expect(await store.people.members(connection)).toMatchObject([{ personId: bo.id, role: 'admin' }]);
  });

  test('two administrators who remove each other at once leave one', async () => {
    const { store, connection, aPerson } = await aStore(open);
    const [ann, bo] = [await aPerson('1', 'admin'), await aPerson('2', 'admin')];

    await Promise.allSettled([
      store.people.removeMember(connection, ann.id),
      store.people.removeMember(connection, bo.id),
    ]);

    expect(await store.people.members(connection)).toHaveLength(1);
  });

  test('who is no longer active in the org has no role, and no session after being removed', async () => {
    const { store, connection, other, aPerson } = await aStore(open);
    const ann = await aPerson('1', 'admin');
    await aPerson('1', 'viewer', other);
    await store.users.replace(connection, [
      { id: '1', name: 'Ann', active: false, email: null, managerId: null },
    ]);
    const session = { idHash: 'h', personId: ann.id, operator: null, data: {}, createdAt: AT, seenAt: AT };
    await store.sessions.save({ ...session, endsAt: after(DAY_MS) });

    expect(await store.people.membershipsOf(ann.id)).toMatchObject([{ connection: other, role: 'viewer' }]);
    await store.people.removeMember(other, ann.id);
    expect(await store.sessions.find('h', AT)).toBeNull();
  });

  test('an invitation serves its address once, in its connection, until it expires; the address is not stored', async () => {
    const { db, store, connection, other } = await aStore(open);
    const invite = (expiresAt: Date) =>
      store.people.invite({
        connection,
        email: 'Bo.Jansen@firm.test',
        role: 'viewer',
        createdBy: 'operator:ops',
        at: AT,
        expiresAt,
      });

    await invite(after(DAY_MS));
    const late = await store.people.accept(connection, 'bo.jansen@firm.test', after(DAY_MS));
    await invite(after(DAY_MS));
    await invite(after(2 * DAY_MS));
    expect(await store.people.invitations(connection, AT)).toMatchObject([{ hint: 'b…@firm.test' }]);
    expect(await dump(db, ['invitations'])).not.toMatch(/jansen/i);
    const elsewhere = await store.people.accept(other, 'bo.jansen@firm.test', AT);
    const first = await store.people.accept(connection, 'bo.jansen@FIRM.test', AT);
    const second = await store.people.accept(connection, 'bo.jansen@firm.test', AT);

    expect([late, elsewhere, first?.role, second]).toEqual([null, null, 'viewer', null]);
  });
});

describeOnBoth('sessions', ({ open }) => {
  test('a session ends when idle for a day, and after its time however much it is used', async () => {
    const { store, aPerson } = await aStore(open);
    const ann = await aPerson('1');
    const session = {
      idHash: 'h',
      personId: ann.id,
      operator: null,
      data: { a: 1 },
      createdAt: AT,
      seenAt: AT,
    };
    await store.sessions.save({ ...session, endsAt: after(2 * DAY_MS) });

    expect(await store.sessions.find('h', after(DAY_MS - 1))).toMatchObject({ data: { a: 1 } });
    expect(await store.sessions.find('h', after(DAY_MS))).toBeNull();
    await store.sessions.touch('h', after(DAY_MS));
    expect(await store.sessions.find('h', after(2 * DAY_MS - 1))).not.toBeNull();
    expect(await store.sessions.find('h', after(2 * DAY_MS))).toBeNull();
  });

  test('nobody lists or ends what is not their own', async () => {
    const { store, aPerson } = await aStore(open);
    const [ann, bo] = [await aPerson('1'), await aPerson('2')];
    const base = { data: {}, createdAt: AT, seenAt: AT, endsAt: after(DAY_MS) };
    await store.sessions.save({ ...base, idHash: 'a', personId: ann.id, operator: null });
    await store.sessions.save({ ...base, idHash: 'b', personId: bo.id, operator: null });
    await store.sessions.save({ ...base, idHash: 'o', personId: null, operator: 'ops' });

    expect(await store.sessions.end({ personId: ann.id }, 'b')).toBe(false);
    expect(await store.sessions.end({ operator: 'ops' }, 'b')).toBe(false);
    expect(await store.sessions.list({ personId: ann.id }, AT)).toMatchObject([{ idHash: 'a' }]);
    expect(await store.sessions.endAll('operators')).toBe(1);
    expect(await store.sessions.endAll({ personId: bo.id })).toBe(1);
    expect(await store.sessions.list({ personId: ann.id }, AT)).toHaveLength(1);
  });
});

describeOnBoth('secrets that are handed out', ({ open }) => {
  test('a token is good until it expires or is revoked, knows its connections, and only its hash is stored', async () => {
    const { db, store, connection } = await aStore(open);
    const made = { name: 'reports', scope: 'read', createdBy: 'operator:ops', at: AT } as const;
    const { secret, token } = await store.apiTokens.create({
      ...made,
      connections: [connection, connection],
      expiresAt: after(DAY_MS),
    });
    const fleet = await store.apiTokens.create({ ...made, connections: 'fleet', expiresAt: after(DAY_MS) });

    expect(await store.apiTokens.use(secret, AT)).toMatchObject({ connections: [connection], scope: 'read' });
    expect(await store.apiTokens.use(secret, after(DAY_MS))).toBeNull();
    expect(await store.apiTokens.use(`${secret.slice(0, -1)}!`, AT)).toBeNull();
    expect(await store.apiTokens.byId(token.id)).toMatchObject({ lastUsedAt: AT });
    expect(await store.apiTokens.list({ connection })).toHaveLength(1);
    expect(await store.apiTokens.list('all')).toHaveLength(2);
    expect(await dump(db, ['api_tokens'])).not.toContain(secret.slice(4));
    expect(await store.apiTokens.revoke(token.id)).toBe(true);
    expect(await store.apiTokens.use(secret, AT)).toBeNull();
    expect(await store.apiTokens.use(fleet.secret, AT)).toMatchObject({ connections: 'fleet' });
    // What belonged to a connection that is gone opens nothing.
    const orphan = await store.apiTokens.create({
      ...made,
      connections: [connection],
      expiresAt: after(DAY_MS),
    });
    await store.connections.remove(connection);
    expect(await store.apiTokens.use(orphan.secret, AT)).toMatchObject({ connections: [] });
  });

  test("an operator's link opens once, of two at the same moment one, and not when it is over or revoked", async () => {
    const { store } = await aStore(open);
    const make = () => store.links.addOperatorLink({ operator: 'ops', at: AT, expiresAt: after(60_000) });
    const [secret, late, revoked] = [await make(), await make(), await make()];

    const both = await Promise.all([
      store.links.takeOperatorLink(secret, AT),
      store.links.takeOperatorLink(secret, AT),
    ]);
    const overdue = await store.links.takeOperatorLink(late, after(60_000));
    await store.links.revokeOperatorLinks();

    expect(both.filter((one) => one !== null)).toEqual(['ops']);
    expect([overdue, await store.links.takeOperatorLink(revoked, AT)]).toEqual([null, null]);
  });

  test('a connect link is claimed by one, comes back when consent came to nothing, and keeps no client secret', async () => {
    const { db, store, connection } = await aStore(open);
    const { link, secret } = await store.links.addConnectLink({
      name: 'client',
      accountsUrl: null,
      client: { clientId: '1000.X', clientSecret: 'very-secret-of-client' },
      createdBy: 'operator:ops',
      at: AT,
      expiresAt: after(DAY_MS),
    });

    expect(await store.links.connectLink(secret, AT)).toEqual(link);
    expect(await store.links.connectLink(secret, after(DAY_MS))).toBeNull();
    expect(await dump(db, ['connect_links'])).not.toContain('very-secret-of-client');
    const claims = await Promise.all([
      store.links.claimConnectLink(link.id, AT),
      store.links.claimConnectLink(link.id, AT),
    ]);
    expect(claims.toSorted()).toEqual([false, true]);
    expect(await store.links.connectLink(secret, AT)).toBeNull();
    await store.links.releaseConnectLink(link.id);
    expect(await store.links.connectLinkById(link.id, AT)).toEqual(link);
    await store.links.claimConnectLink(link.id, AT);
    await store.links.connectLinkServed(link.id, connection);
    expect(await store.links.listConnectLinks(AT)).toEqual([]);
    expect(await store.links.revokeConnectLink(link.id)).toBeNull();
  });

  test('what people allowed ends with the program, the person, the role and its time, and no copy has it', async () => {
    const { db, store, connection, aPerson } = await aStore(open);
    const made = { connection, redirectUris: ['https://zoho.test/back'], createdBy: 'cli', at: AT };
    const program = (name: string) => store.oauthClients.add({ ...made, name, scopes: ['read'] });
    const [one, two] = [(await program('one')).client, (await program('two')).client];
    const lend = async (client: string, personId: string, expiresAt = after(400 * DAY_MS)) => {
      const [grant, secret] = [randomBytes(8).toString('hex'), randomBytes(8).toString('hex')];
      await store.oauthGrants.saveGrant({ id: grant, client, personId, data: {}, expiresAt }, AT);
      const token = { secret, grant, scope: 'read', data: {}, expiresAt: after(399 * DAY_MS) };
      await store.oauthGrants.saveToken({ ...token, kind: 'AccessToken' });
      return secret;
    };
    const opens = async (...secrets: string[]) => {
      const found = await Promise.all(secrets.map((secret) => store.oauthGrants.useAccessToken(secret, AT)));
      return found.map((lent) => lent !== null);
    };
    const [ann, bo, cy] = [await aPerson('1', 'admin'), await aPerson('2'), await aPerson('3')];
    const kept = await lend(one.id, ann.id);
    const removed = await lend(two.id, ann.id);
    const [dismissed, lost] = [await lend(one.id, bo.id), await lend(one.id, cy.id)];
    const late = await lend(one.id, ann.id, AT);
    const orphan = { kind: 'AccessToken', secret: 'orphan', grant: 'none', scope: 'read', data: {} } as const;
    expect(await opens(kept, removed, dismissed, lost, late)).toEqual([true, true, true, true, false]);

    await store.oauthClients.remove(connection, two.id);
    await store.people.removeMember(connection, bo.id);
    await store.people.endMembership(connection, cy.id);
    await store.oauthGrants.saveToken({ ...orphan, expiresAt: after(DAY_MS) });

    expect(await opens(kept, removed, dismissed, lost, 'orphan')).toEqual([true, false, false, false, false]);
    expect(await store.oauthClients.list({ connection }, AT)).toMatchObject([{ name: 'one', people: 1 }]);
    const days = { deliveries: 1, undo: 1, runs: 1, scoreHistory: 1, alerts: 1, digests: 1, audit: 1 };
    const { rows } = await store.retention.removeOld({ ...days, expired: 7 }, after(8 * DAY_MS), 5_000);
    expect(rows).toEqual({ oauth_grants: 1 });
    expect(await opens(kept)).toEqual([true]);
    expect(await dump(db, ['oauth_tokens'])).not.toContain(kept);
    for (const table of ['oauth_grants', 'oauth_tokens', 'oauth_requests'])
      expect(isCarried(table)).toBe(false);
    expect(isCarried('oauth_clients')).toBe(true);
  });

  test('a token is used by one of two that come at once', async () => {
    const { store, connection, aPerson } = await aStore(open);
    const made = { connection, redirectUris: ['https://zoho.test/back'], createdBy: 'cli', at: AT };
    const { client } = await store.oauthClients.add({ ...made, name: 'one', scopes: ['read'] });
    const expiresAt = after(DAY_MS);
    const { id: personId } = await aPerson('1');
    await store.oauthGrants.saveGrant({ id: 'g', client: client.id, personId, data: {}, expiresAt }, AT);
    const token = {
      kind: 'RefreshToken',
      secret: 's',
      grant: 'g',
      scope: 'read',
      data: {},
      expiresAt,
    } as const;
    await store.oauthGrants.saveToken(token);

    const won = await Promise.all(
      Array.from({ length: 5 }, () => store.oauthGrants.consumeToken('RefreshToken', 's', AT)),
    );

    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await store.oauthGrants.token('RefreshToken', 's')).toMatchObject({ consumedAt: AT });
  });

  test('a state is good once, for its time, in the browser that began', async () => {
    const { store } = await aStore(open);
    const begin = () =>
      store.oauthStates.begin({ kind: 'connect', details: { name: 'a' }, now: AT, expiresAt: after(60_000) });
    const [own, stolen, late] = [await begin(), await begin(), await begin()];

    const twice = await Promise.all([
      store.oauthStates.redeem(own.state, own.browserKey, AT),
      store.oauthStates.redeem(own.state, own.browserKey, AT),
    ]);
    const strange = await store.oauthStates.redeem(stolen.state, own.browserKey, AT);
    const spent = await store.oauthStates.redeem(stolen.state, stolen.browserKey, AT);

    expect(twice.filter((one) => one !== null)).toEqual([{ kind: 'connect', details: { name: 'a' } }]);
    expect([strange, spent]).toEqual([null, null]);
    expect(await store.oauthStates.redeem(late.state, late.browserKey, after(60_000))).toBeNull();
  });
});

describeOnBoth('the audit log', ({ open }) => {
  test('tells newest first, by connection, actor, action and time, with names and without secrets', async () => {
    const { db, store, connection, other, aPerson } = await aStore(open);
    const ann = await aPerson('1', 'admin');
    const entry = { connection, who: `user:${ann.id}`, target: 'client', before: null, at: AT };
    await store.audit.add({ ...entry, action: 'connection.set', after: { mode: 'auto' } });
    await store.audit.add({
      ...entry,
      action: 'settings.set',
      after: { smtp: { password: 'hunter2' }, note: 'of 1000.0123456789abcdef.0123' },
    });
    await store.audit.add({ ...entry, connection: other, who: 'cli', action: 'plan.approve', after: null });
    await store.audit.add({
      ...entry,
      connection: null,
      action: 'connection.remove',
      after: null,
      at: after(DAY_MS),
    });

    const list = (filter: object) => store.audit.list({ connection: 'all', ...filter }, { limit: 10 });
    const actions = async (filter: object) => (await list(filter)).map(({ action }) => action);

    expect(await actions({})).toEqual([
      'connection.remove',
      'plan.approve',
      'settings.set',
      'connection.set',
    ]);
    expect(await actions({ connection })).toEqual(['settings.set', 'connection.set']);
    expect(await actions({ connection: 'none' })).toEqual(['connection.remove']);
    expect(await actions({ action: 'connection' })).toEqual(['connection.remove', 'connection.set']);
    expect(await actions({ action: 'conn' })).toEqual([]);
    expect(await actions({ who: 'cli' })).toEqual(['plan.approve']);
    expect(await actions({ from: after(1) })).toEqual(['connection.remove']);
    const [newest] = await list({ connection });
    expect(newest).toMatchObject({ whoName: 'User 1', after: { smtp: { password: '[secret]' } } });
    expect(await dump(db, ['audit_log'])).not.toMatch(/hunter2|0123456789abcdef/);
    const older = await store.audit.list({ connection }, { limit: 10, olderThan: newest?.id });
    expect(older.map(({ action }) => action)).toEqual(['connection.set']);
  });
});
