import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { type Db, openDb } from '../../src/db.ts';
import { eraseAgain, erasePerson } from '../../src/ops/erase.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { addRow, columnsByTable } from '../support/every-table.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { rowsToLink } from '../support/rows-to-link.ts';
import {
  aCase,
  aContact,
  aDeal,
  aLead,
  anAccount,
  aScore,
  aState,
  aTask,
  connected,
  hashed,
} from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const clock = fakeClock('2026-03-02T09:00:00Z');

const NAME = "Zofia O'Brien-Wójcik";
const EMAIL = 'zofia.w@people.test';
const PHONE = '+48 22 555 01 99';
const PERSON = '5725767000009990001';
const ACCOUNT = '5725767000009990100';
const TRACES = /zofia|w[oó]jcik|555 01 99|people\.test|5725767000009990001/i;

/** Every cell of every table that shows anything of the person, packed scores included. */
async function tracesIn(db: Db): Promise<string[]> {
  const tables =
    db.dialect === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{
          name: string;
        }>`select table_name as name from information_schema.tables where table_schema = current_schema()`;
  const found: string[] = [];
  for (const { name } of (await tables.execute(db.kysely)).rows) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db.kysely);
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        const text = value instanceof Uint8Array ? zstdDecompressSync(value).toString() : String(value);
        if (TRACES.test(text)) found.push(`${name}.${column}: ${text.slice(0, 200)}`);
      }
    }
  }
  return found;
}

const FILLED_OTHERWISE = new Set(['score_packs', 'suppressions', 'suppression_salts', 'erasures']);
/** A row in each table whose every text names the person, as text and as JSON. */
async function inEveryTable(db: Db, connection: string): Promise<string[]> {
  const filled: string[] = [];
  const texts = [
    `Ring ${NAME}, ${PHONE}`,
    JSON.stringify({ who: NAME, said: [`mail ${EMAIL}`, { [`of ${NAME}`]: PERSON }], id: PERSON }),
  ];
  const { id: run } = await db.kysely
    .insertInto('runs')
    .values({
      connection_id: connection,
      kind: 'plan',
      state: 'done',
      input: '{}',
      summary: '{}',
      started_at: clock.now(),
      finished_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const plan = await createStore(db, keys, clock).plans.open(connection, String(run), '2026-03-01');
  const { id: imported } = await db.kysely
    .insertInto('imports')
    .values({
      connection_id: connection,
      kind: 'costs',
      file_hash: 'x',
      file_name: `${NAME}.csv`,
      state: 'done',
      line_count: 2,
      imported_at: clock.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const store = createStore(db, keys, clock);
  const links = {
    plan_id: Number(plan),
    import_id: imported,
    ...(await rowsToLink(store, connection, clock.now())),
  };
  for (const table of (await columnsByTable(db)).keys()) {
    if (FILLED_OTHERWISE.has(table)) continue;
    for (const [number, text] of texts.entries()) {
      const at = new Date(clock.now().getTime() + number * 60_000);
      await addRow(db, table, { connection, text, at, number, links });
    }
    filled.push(table);
  }
  return filled;
}

async function withPerson(store: Store) {
  const connection = await connected(store);
  const save = store.records.save.bind(store.records, connection);
  const link = { contactId: PERSON, accountId: ACCOUNT };
  await save('Accounts', [hashed(anAccount({ id: ACCOUNT, name: 'Nordlys Sp. z o.o.' }))], null);
  await save('Contacts', [hashed(aContact({ id: PERSON, name: NAME, accountId: ACCOUNT }))], null);
  await save(
    'Leads',
    [hashed(aLead({ id: '77', name: NAME, converted: true, convertedContactId: PERSON }))],
    null,
  );
  await save('Deals', [hashed(aDeal({ id: '300', name: `Order of ${NAME}`, ...link }))], null);
  await save(
    'Cases',
    [hashed(aCase({ id: '400', subject: 'She is ill', contactId: PERSON, accountId: null }))],
    null,
  );
  await save(
    'Tasks',
    [hashed(aTask({ id: '500', subject: `Call ${NAME}`, whatId: null, whoId: PERSON }))],
    null,
  );
  const about = { mainContactId: PERSON, reasons: [{ code: 'contact.last', params: { who: NAME } }] };
  const scores = [
    aScore({ id: ACCOUNT, ...about }),
    aScore({ id: PERSON, module: 'Contacts', name: NAME, ...about }),
  ];
  const rows = scores.map((score) => ({ score, state: aState() }));
  await store.scores.save(connection, rows, { inPacks: true });
  return connection;
}
/** As a sync hands it over: its hash shows nothing. */
const read = <R extends { id: string }>(record: R) => ({
  record,
  inputHash: `hash of ${record.id.slice(-3)}`,
});
const SUBJECT = { ids: [PERSON], names: [NAME], numbers: [EMAIL, PHONE] };

describeOnBoth('erasure', ({ open }) => {
  test('no table, no column and no packed score tells anything of the person any more', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await withPerson(store);
    const tables = await inEveryTable(db, connection);
    expect((await tracesIn(db)).length).toBeGreaterThan(tables.length);

    const { certificate } = await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);

    expect(await tracesIn(db)).toEqual([]);
    expect(certificate).toMatchObject({ records: 2, bytesLeft: null, namesake: false });
    expect(certificate.tables.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['contacts', 'plan_items']),
    );
    expect(certificate.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('what hung on the person hangs on the account, so that its totals stay', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await withPerson(store);

    await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);

    const [deal] = await store.records.get(connection, 'Deals', ['300']);
    const [task] = await store.records.get(connection, 'Tasks', ['500']);
    const [support] = await store.records.get(connection, 'Cases', ['400']);
    expect(deal).toMatchObject({
      name: 'Order of (erased)',
      accountId: ACCOUNT,
      contactId: null,
      amount: '261.96',
    });
    expect(task).toMatchObject({ subject: '(erased)', whatId: ACCOUNT, whoId: null });
    expect(support).toMatchObject({ subject: '(erased)', accountId: ACCOUNT, contactId: null });
    expect(await store.scores.get(connection, ACCOUNT)).toMatchObject({ mainContactId: null });
  });

  test('the next sync does not bring the person back, and another of that id range is stored as ever', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await withPerson(store);
    await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);

    await store.records.save(
      connection,
      'Contacts',
      [
        read(aContact({ id: PERSON, name: NAME, accountId: ACCOUNT })),
        read(aContact({ id: '201', name: 'Ann Berg', accountId: ACCOUNT })),
      ],
      null,
    );
    await store.records.save(
      connection,
      'Tasks',
      [
        read(aTask({ id: '501', subject: 'She rang', whatId: null, whoId: PERSON })),
        read(aTask({ id: '502', subject: `Ask Ann about ${NAME.toUpperCase()}, ${EMAIL}.`, whoId: '201' })),
      ],
      null,
    );

    expect(await tracesIn(db)).toEqual([]);
    expect(await store.records.get(connection, 'Contacts', ['201'])).toMatchObject([{ name: 'Ann Berg' }]);
    expect(await store.records.get(connection, 'Tasks', ['501', '502'])).toMatchObject([
      { subject: '(erased)', whatId: ACCOUNT, whoId: null },
      { subject: 'Ask Ann about (erased), (erased).', whoId: '201' },
    ]);
  });

  test('a namesake keeps the name, wherever a row is not about the erased person', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await withPerson(store);
    const tasks = [
      hashed(aTask({ id: '600', subject: `Lunch with ${NAME}`, whoId: '202' })),
      hashed(aTask({ id: '601', subject: `Invite ${NAME}`, whoId: PERSON })),
    ];
    await store.records.save(connection, 'Contacts', [hashed(aContact({ id: '202', name: NAME }))], null);
    await store.records.save(connection, 'Tasks', tasks, null);

    const { certificate } = await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);

    expect(certificate.namesake).toBe(true);
    expect(await store.records.get(connection, 'Contacts', ['202'])).toMatchObject([{ name: NAME }]);
    expect(await store.records.get(connection, 'Tasks', ['600', '601'])).toMatchObject([
      { subject: `Lunch with ${NAME}` },
      { subject: '(erased)' },
    ]);
  });

  test('who comes back with a backup is erased again', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await withPerson(store);
    await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);
    // As a restore does it: past the store.
    await sql`insert into contacts (connection_id, id, created_at, modified_at, ours, input_hash, name, account_id, inputs)
      values (${connection}, ${PERSON}, ${clock.now()}, ${clock.now()}, '{}', 'x', ${NAME}, ${ACCOUNT}, '{}')`.execute(
      db.kysely,
    );

    const certificates = await eraseAgain({ store, clock }, await connectionOf(store));

    expect(certificates).toHaveLength(1);
    expect(await tracesIn(db)).toEqual([]);
  });

  test('removing the connection leaves no row of it in any table', async () => {
    const db = await open();
    const store = createStore(db, keys, clock);
    const connection = await withPerson(store);
    await inEveryTable(db, connection);
    await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);

    await store.connections.remove(connection);

    for (const table of (await columnsByTable(db)).keys()) {
      const { rows } =
        await sql`select 1 from ${sql.table(table)} where connection_id = ${connection}`.execute(db.kysely);
      expect(rows, table).toEqual([]);
    }
  });
});

test('the bytes are gone from the file of an embedded database, too', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'zcv-erasure-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'store.db');
  const db = await openDb(`file:${path}`);
  await migrate(db);
  const store = createStore(db, keys, clock);
  const connection = await withPerson(store);
  await inEveryTable(db, connection);
  const bytes = () => [path, `${path}-wal`].map((file) => readFileSync(file).toString('latin1')).join('');
  expect(bytes()).toContain(EMAIL);

  await erasePerson({ store, clock }, await connectionOf(store), SUBJECT);

  for (const trace of [EMAIL, PHONE, PERSON, 'Zofia']) expect(bytes()).not.toContain(trace);
  await db.close();
});

async function connectionOf(store: Store) {
  const [connection] = await store.connections.list();
  if (!connection) throw new Error('no connection');
  return connection;
}
