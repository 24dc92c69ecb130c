import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { ConflictError, NotFoundError } from '../../src/errors.ts';
import { NO_HISTORY } from '../../src/scoring/lead-history.ts';
import { scoreLead } from '../../src/scoring/lead-score.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { aChannel } from '../support/a-channel.ts';
import { describeOnBoth } from '../support/databases.ts';
import { addRow } from '../support/every-table.ts';
import { rowsToLink } from '../support/rows-to-link.ts';
import { ASOF, aFit, RULES, someLeadFacts } from '../unit/scoring/builders.ts';
import {
  AT,
  aBaseline,
  aCase,
  aConnection,
  aContact,
  aCursor,
  aDeal,
  aFieldItem,
  anAccount,
  anIntent,
  anInvoice,
  aRefusal,
  aReminder,
  aScore,
  aState,
  aTask,
  connected,
  hashed,
  later,
} from './builders.ts';

const keyText = randomBytes(32).toString('base64');
const keys = await loadKeys({ keys: keyText, keyFile: null });

/** Every table that has a column connection_id, asked of the database itself. */
async function ownedTables(db: Db): Promise<string[]> {
  const { rows } =
    db.dialect === 'sqlite'
      ? await sql<{ name: string }>`select m.name from sqlite_master m, pragma_table_info(m.name) c
          where m.type = 'table' and c.name = 'connection_id' order by 1`.execute(db.kysely)
      : await sql<{ name: string }>`select table_name as name from information_schema.columns
          where table_schema = 'public' and column_name = 'connection_id' order by 1`.execute(db.kysely);
  return rows.map((row) => row.name);
}
async function rowsIn(db: Db, table: string, connection: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*) as n from ${sql.table(table)} where connection_id = ${connection}`.execute(db.kysely);
  return rows[0]?.n ?? 0;
}

/** One row or more in every table. */
async function fillImports(db: Db, connection: string): Promise<void> {
  const file = { file_hash: 'hash', file_name: 'file.csv', state: 'done', line_count: 1, imported_at: AT };
  const { id } = await db.kysely
    .insertInto('imports')
    .values({ ...file, connection_id: connection, kind: 'purchases' })
    .returning('id')
    .executeTakeFirstOrThrow();
  const line = { connection_id: connection, import_id: id, line: 2, day: '2026-01-01' };
  const named = { ...line, account_id: '100', account_number: null, contact_id: null };
  const money = { amount: '1.00', currency: null, rate: null };
  const { kysely } = db;
  const nothing = { number: null, kind: null, product: null, product_group: null, quantity: null };
  await kysely
    .insertInto('purchases')
    .values({
      ...named,
      ...money,
      ...nothing,
      deal_id: null,
      through_deal: false,
      list_price: null,
      discount_percent: null,
      cost: null,
    })
    .execute();
  await kysely
    .insertInto('costs')
    .values({ ...named, ...money, kind: 'freight', minutes: null, note: null })
    .execute();
  await kysely
    .insertInto('contributions')
    .values({ ...named, kind: 'review', amount: null, note: null })
    .execute();
  await kysely
    .insertInto('referrals')
    .values({ ...named, referrer_id: '101', referrer_number: null })
    .execute();
}

async function fillAccess(store: Store, connection: string): Promise<void> {
  const by = { createdBy: 'operator:ops', at: AT, expiresAt: later(60) };
  const user = { location: 'eu', orgId: '1', userId: connection, name: 'Ann' };
  const person = await store.people.signedIn(user, AT);
  await store.people.setMembership(
    { connection, personId: person.id, role: 'admin', origin: 'org_admin' },
    AT,
  );
  await store.people.invite({ ...by, connection, email: 'bo@firm.test', role: 'viewer' });
  const visit = { connection, operator: 'ops', reason: 'a call', at: AT, until: later(1) };
  await store.supportVisits.begin(visit);
  await store.apiTokens.create({ ...by, name: 'reports', scope: 'read', connections: [connection] });
  const { link } = await store.links.addConnectLink({
    ...by,
    name: 'client',
    accountsUrl: null,
    client: null,
  });
  await store.links.connectLinkServed(link.id, connection);
  const entry = { connection, who: 'cli', action: 'connection.set', target: 'mode' };
  await store.audit.add({ ...entry, before: null, after: null, at: AT });
}

/** `number` becomes the ids of rows, which are those of one connection alone. */
async function fillEverything(db: Db, store: Store, connection: string, number = 1): Promise<void> {
  await store.ledger.change(connection, AT, () => ({ spend: 1.5 }));
  const customer = { module: 'Accounts', id: '100' } as const;
  await store.refusals.save(connection, [aRefusal()]);
  await fillAccess(store, connection);
  const alert = { code: 'undone', severity: 'warning', message: 'A run was undone', params: {} } as const;
  await store.alerts.raise(connection, alert, AT);
  await store.mails.save(connection, { customer, at: AT, credits: 2 }, []);
  await store.stages.learn(connection, [{ pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' }]);
  await store.users.replace(connection, [
    { id: '1', name: 'Ann', active: true, email: null, managerId: null },
  ]);
  await store.fieldMap.upsert(connection, [
    {
      key: 'value_tier',
      module: 'Accounts',
      apiName: 'Value_Tier',
      fieldId: '9',
      label: 'Value Tier',
      state: 'created',
    },
  ]);
  const state = { fieldId: '9', apiName: 'Amount', dataType: 'text', repair: 'make it a number' };
  await store.mappingStates.replace(connection, 'Deals', [
    { ...state, reason: 'retyped', input: 'amount', pausedSince: new Date() },
  ]);
  await store.quarantine.add(connection, [{ module: 'Deals', recordId: '1', reason: 'no id' }], new Date());
  await store.records.save(connection, 'Accounts', [hashed(anAccount())], aCursor());
  await store.records.save(connection, 'Contacts', [hashed(aContact())], null);
  await store.records.save(connection, 'Deals', [hashed(aDeal())], null);
  await store.records.save(connection, 'Tasks', [hashed(aTask())], null);
  await store.records.save(connection, 'Cases', [hashed(aCase())], null);
  const base = { createdAt: AT, modifiedAt: AT, ownerId: null, ours: {} };
  await store.records.save(
    connection,
    'Leads',
    [
      hashed({
        ...base,
        id: '600',
        name: 'Lee',
        source: null,
        status: null,
        rating: null,
        converted: false,
        convertedAt: null,
        convertedAccountId: null,
        convertedContactId: null,
        convertedDealId: null,
        company: null,
        domain: null,
      }),
    ],
    null,
  );
  await store.records.save(connection, 'Invoices', [hashed(anInvoice())], null);
  const line = { productId: null, quantity: null, listPrice: null, discount: null, tax: null, netTotal: '1' };
  await store.dealStages.save(connection, [
    { id: '1', dealId: '300', stage: 'Closed Won', leftTo: null, enteredAt: AT },
  ]);
  await store.documentLines.add(connection, 'Invoices', [
    { documentId: '700', lines: [{ id: '1', ...line }] },
  ]);
  await store.records.save(
    connection,
    'Products',
    [
      hashed({
        ...base,
        id: '700',
        name: 'Chair',
        code: null,
        category: null,
        active: true,
        cost: '1.25',
        currency: null,
        exchangeRate: null,
      }),
    ],
    null,
  );
  await db.kysely
    .insertInto('goodwill')
    .values({
      connection_id: connection,
      module: 'Accounts',
      record_id: '100',
      day: '2026-01-01',
      amount: 500,
      note: null,
    })
    .execute();
  await db.kysely
    .insertInto('thanks')
    .values({
      connection_id: connection,
      module: 'Accounts',
      record_id: '100',
      day: '2026-01-01',
      how: 'card',
      note: null,
    })
    .execute();
  await fillImports(db, connection);
  await db.kysely
    .insertInto('crm_metadata')
    .values({ connection_id: connection, name: 'fields.Deals', read_at: AT, body: '[]' })
    .execute();
  await db.kysely
    .insertInto('bulk_hints')
    .values({ connection_id: connection, secret_hash: `hint-${connection}`, opened_at: AT, arrived_at: null })
    .execute();
  await store.scores.save(connection, [{ score: aScore({ id: '100' }), state: aState() }], { inPacks: true });
  const entry = { profit12: 1, revenue12: 2, firstPurchase: '2024-01-01', id: '100' };
  await store.baselines.save(connection, aBaseline({ ranked: [entry as never] })); // the brand of money is not at stake
  await store.modelFits.save(connection, aFit(), { madeFor: 'rules', at: AT });
  const phase = { phase: 'lost', subPhase: null, reason: 'Merged', by: 'Ann', setOn: '2026-01-01' } as const;
  await store.overrides.set(connection, customer, { ...phase, until: '2026-06-01' }, AT);
  await store.leadScores.save(connection, [scoreLead(someLeadFacts(), NO_HISTORY, RULES, ASOF)]);
  const runId = await store.runs.start(connection, 'apply', {}, AT);
  const planId = await store.plans.open(connection, runId, '2026-03-01');
  await store.plans.append(planId, [aFieldItem('100', 'Top')]);
  const [intent = 0] = await store.intents.begin([anIntent({ connection, runId, planId })], null);
  await store.intents.finish([
    { id: intent, outcome: 'written', code: null, message: null, recordId: '100' },
  ]);
  const bulkWrite = { connection, runId, planId, module: 'Accounts', rows: 1, begunAt: AT } as const;
  await store.bulkWrites.announce(bulkWrite, null);
  await store.reminders.save(connection, [aReminder()]);
  await store.channels.save(
    connection,
    aChannel({
      connection,
      channelId: '77',
      token: 'token-of-the-channel',
      secretHash: `hash-${connection}`,
    }),
  );
  const body = { module: 'Deals', operation: 'update', ids: ['300'] };
  await store.deliveries.add([
    { key: `key-${connection}`, connection, channelId: '77', receivedAt: AT, body, slow: false },
  ]);
  await store.schedules.upsert({
    id: `${connection}:score-and-write`,
    connection,
    job: 'score-and-write',
    expr: '0 3 * * *',
    timeZone: 'Europe/Amsterdam',
    quietHours: null,
    spreadMinutes: 0,
    enabled: true,
    nextRunAt: AT,
    lastRunAt: null,
    lastDueAt: null,
    missed: 0,
  });
  await store.jobs.enqueue({ connection, name: 'reconcile', payload: {}, singletonKey: null, runAt: AT });
  const links = await rowsToLink(store, connection, AT);
  for (const table of await ownedTables(db)) {
    if ((await rowsIn(db, table, connection)) === 0)
      await addRow(db, table, { connection, text: `of ${connection}`, at: AT, number, links });
  }
}

describeOnBoth('connections', ({ open }) => {
  test('come back as they were made, by name, by id and in the list', async () => {
    const store = createStore(await open(), keys);

    const made = await store.connections.create(aConnection({ name: 'firm', mode: 'auto' }));
    await store.connections.create(aConnection({ name: 'acme' }));

    expect(made).toMatchObject({
      name: 'firm',
      mode: 'auto',
      state: 'ready',
      org: { timeZone: 'Europe/Amsterdam' },
    });
    expect(JSON.stringify(made)).not.toMatch(/secret|refresh/);
    expect(await store.connections.byName('firm')).toEqual(made);
    expect(await store.connections.byId(made.id)).toEqual(made);
    expect((await store.connections.list()).map((one) => one.name)).toEqual(['acme', 'firm']);
    expect(await store.connections.byName('nobody')).toBeNull();
    await expect(store.connections.create(aConnection({ name: 'firm' }))).rejects.toThrow(ConflictError);
  });

  test('removing one leaves no row of it in any table, and all rows of the other', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const gone = await connected(store, { name: 'gone' });
    const kept = await connected(store, { name: 'kept' });
    await fillEverything(db, store, gone);
    await fillEverything(db, store, kept, 2);
    const tables = await ownedTables(db);
    for (const table of tables) expect([table, await rowsIn(db, table, gone)]).not.toEqual([table, 0]);

    await store.connections.remove(gone);

    expect(tables.length).toBeGreaterThan(25);
    for (const table of tables) {
      expect([table, await rowsIn(db, table, gone)]).toEqual([table, 0]);
      expect([table, await rowsIn(db, table, kept)]).not.toEqual([table, 0]);
    }
    expect((await store.connections.list()).map((one) => one.id)).toEqual([kept]);
  });

  test('deleting the row itself takes everything along too', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const gone = await connected(store);
    await fillEverything(db, store, gone);

    await db.kysely.deleteFrom('connections').where('id', '=', gone).execute();

    for (const table of await ownedTables(db)) {
      expect([table, await rowsIn(db, table, gone)]).toEqual([table, 0]);
    }
  });

  test('secrets are nowhere in the database in the clear', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const connection = await connected(store, { accessToken: '1000.access-token', expiresAt: AT });
    await fillEverything(db, store, connection);

    const dump: unknown[] = [];
    for (const table of ['connections', ...(await ownedTables(db))]) {
      dump.push((await sql`select * from ${sql.table(table)}`.execute(db.kysely)).rows);
    }

    const text = JSON.stringify(dump);
    expect(text).toContain('Value_Tier');
    for (const secret of [
      'client-secret-of',
      'refresh-token-of',
      '1000.access-token',
      'token-of-the-channel',
    ]) {
      expect(text).not.toContain(secret);
    }
    expect(await store.tokens.grant(connection)).toMatchObject({
      clientSecret: 'client-secret-of-the-firm',
      refreshToken: '1000.refresh-token-of-the-firm',
      accessToken: '1000.access-token',
      expiresAt: AT,
    });
  });

  test('a sealed secret copied to another connection does not open there', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const [one, two] = [await connected(store, { name: 'one' }), await connected(store, { name: 'two' })];

    await sql`update connections set refresh_token =
      (select refresh_token from connections where id = ${one}) where id = ${two}`.execute(db.kysely);

    await expect(store.tokens.grant(two)).rejects.toThrow(/cannot be opened/);
  });

  test('one of many gets the refresh lease, and the next when it is released or has run out', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const token = { accessToken: 'new', expiresAt: later(3_600_000), apiDomain: 'https://www.zohoapis.eu' };

    const got = await Promise.all(
      ['a', 'b', 'c', 'd'].map((holder) => store.tokens.acquireRefreshLease(id, holder, later(30_000), AT)),
    );
    expect(got.filter(Boolean)).toHaveLength(1);
    const holder = ['a', 'b', 'c', 'd'][got.indexOf(true)] ?? '';

    await store.tokens.releaseRefreshLease(id, 'somebody else');
    expect(await store.tokens.acquireRefreshLease(id, 'e', later(60_000), later(29_999))).toBe(false);
    expect(await store.tokens.acquireRefreshLease(id, 'e', later(60_000), later(30_000))).toBe(true);
    await store.tokens.saveAccessToken(id, token, holder);
    expect(await store.tokens.acquireRefreshLease(id, 'f', later(90_000), later(30_001))).toBe(false);
    await store.tokens.saveAccessToken(id, token, 'e');
    expect(await store.tokens.acquireRefreshLease(id, 'f', later(90_000), later(30_001))).toBe(true);
    expect(await store.tokens.grant(id)).toMatchObject(token);
    await expect(store.tokens.grant('nobody')).rejects.toThrow(NotFoundError);
  });

  test('state, mode, grant and org are changed one by one', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const { org } = aConnection();

    await store.connections.setMode(id, 'read-only');
    await store.tokens.markReconnectNeeded(id, 'refused');
    await store.connections.updateGrant(id, { ...aConnection(), refreshToken: 'another', location: 'eu' });
    await store.connections.updateOrg(id, { org: { ...org, users: 99 }, userId: '5', scopes: ['a', 'b'] });

    expect(await store.connections.byId(id)).toMatchObject({
      mode: 'read-only',
      state: 'reconnect_needed',
      location: 'eu',
      org: { users: 99 },
      userId: '5',
      scopes: ['a', 'b'],
    });
    expect((await store.tokens.grant(id)).refreshToken).toBe('another');
  });

  test('a stage that was renamed or taken off its pipeline stays what it was, for the deals that stand on it', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.stages.learn(id, [
      { pipeline: 'A', stage: 'Signed', outcome: 'won' },
      { pipeline: 'A', stage: 'Tested', outcome: 'open' },
    ]);

    await store.stages.learn(id, [
      { pipeline: 'A', stage: 'Won', outcome: 'won' },
      { pipeline: 'B', stage: 'Tested', outcome: 'lost' },
    ]);

    expect(await store.stages.all(id)).toEqual([
      { pipeline: 'A', stage: 'Won', outcome: 'won' },
      { pipeline: 'B', stage: 'Tested', outcome: 'lost' },
      { pipeline: 'A', stage: 'Signed', outcome: 'won' },
    ]);
  });

  test('users and mapped fields are replaced, changed and taken away', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const field = {
      key: 'value_tier',
      module: 'Accounts',
      apiName: 'Value_Tier',
      fieldId: '9',
      label: 'Value Tier',
      state: 'created',
    } as const;

    await store.users.replace(id, [
      { id: '1', name: 'Ann', active: true, email: null, managerId: null },
      { id: '2', name: 'Bob', active: true, email: null, managerId: null },
    ]);
    await store.users.replace(id, [
      { id: '2', name: 'Bob', active: false, email: 'Bob@office.test', managerId: '7' },
    ]);
    await store.fieldMap.upsert(id, [field, { ...field, module: 'Contacts' }]);
    await store.fieldMap.upsert(id, [{ ...field, apiName: 'Value_Tier_CV' }]);
    await store.fieldMap.remove(id, 'Contacts', ['value_tier', 'next_step']);

    expect(await store.users.all(id)).toEqual([{ id: '2', name: 'Bob', active: false, managerId: '7' }]);
    expect(await store.users.byEmail(id, ['bob@office.test', 'ann@office.test'])).toEqual(
      new Map([['bob@office.test', '2']]),
    );
    expect(await store.fieldMap.all(id)).toEqual([{ ...field, apiName: 'Value_Tier_CV' }]);
  });
});
