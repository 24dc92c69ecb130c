import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { type Keys, loadKeys } from '../../src/crypto.ts';
import { type Db, openDb } from '../../src/db.ts';
import { backupDeps } from '../../src/operations.ts';
import { backUp } from '../../src/ops/backup.ts';
import { readHead, sumsOf, type TableSum } from '../../src/ops/backup-file.ts';
import { erasePerson } from '../../src/ops/erase.ts';
import { moveStore } from '../../src/ops/move-store.ts';
import { type RestoreInput, restore } from '../../src/ops/restore.ts';
import { copyTarget } from '../../src/store/copy-target.ts';
import { ALL_MIGRATIONS, migrate, unknownAmong } from '../../src/store/migrate.ts';
import { serviceFacts } from '../../src/store/service-facts.ts';
import { openSnapshot } from '../../src/store/snapshot.ts';
import { createStore } from '../../src/store/store.ts';
import { activateCopy, whileLocked, workersIn } from '../../src/store/whole-load.ts';
import { describeOnBoth } from '../support/databases.ts';
import { sealEverything } from '../support/every-secret.ts';
import { addRow, columnsByTable } from '../support/every-table.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { rowsToLink } from '../support/rows-to-link.ts';
import { aContact, aScore, aState, connected, hashed } from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const otherKeys = await loadKeys({ keys: Buffer.alloc(32, 9).toString('base64'), keyFile: null });
const clock = fakeClock('2026-03-02T09:00:00Z');
const ODD = 'line\nbreak, "quotes", ’ … 日本 🎉 \\ \u2028 end';

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'zcv-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}
/** The other kind of database than the one under test, so that each test crosses over. */
async function anSqlite(): Promise<Db> {
  const db = await openDb(`file:${join(aFolder(), 'other.db')}`);
  onTestFinished(() => db.close());
  return db;
}

const FILLED_OTHERWISE = new Set([
  'score_packs',
  'suppressions',
  'suppression_salts',
  'erasures',
  'channels',
  'memberships',
  'api_token_connections',
]);
/** Two connections with a few rows; what short-lived secrets and what is compressed is among them. */
async function filled(db: Db): Promise<string> {
  const store = createStore(db, keys, clock);
  const access = { accessToken: 'short-lived', expiresAt: clock.now() };
  const connection = await connected(store, { ...access, mode: 'auto' });
  await connected(store, { name: 'second' });
  await store.records.save(
    connection,
    'Contacts',
    [hashed(aContact({ id: '901', name: 'Zofia Wrzos' }))],
    null,
  );
  const score = aScore({ id: '901', module: 'Contacts', name: 'Zofia Wrzos' });
  await store.scores.save(connection, [{ score, state: aState() }], { inPacks: true });
  return connection;
}

/** Rows in every table beside, with what is easily lost on the way. */
async function filledEverywhere(db: Db): Promise<void> {
  const store = createStore(db, keys, clock);
  const connection = await filled(db);
  const run = await store.runs.start(connection, 'plan', {}, clock.now());
  const plan = await store.plans.open(connection, run, '2026-03-01');
  const { id: imported } = await db.kysely
    .insertInto('imports')
    .values({
      connection_id: connection,
      kind: 'costs',
      file_hash: 'x',
      file_name: ODD,
      state: 'done',
      line_count: 2,
      imported_at: clock.now(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await sealEverything(store, connection, clock.now());
  const told = await db.kysely
    .selectFrom('event_deliveries')
    .select(['id', 'event', 'endpoint_id'])
    .executeTakeFirstOrThrow();
  const links = {
    ...(await rowsToLink(store, connection, clock.now())),
    ...{ plan_id: Number(plan), import_id: imported },
    ...{ delivery: told.id, event: told.event, endpoint_id: told.endpoint_id },
  };
  for (const table of (await columnsByTable(db)).keys()) {
    if (FILLED_OTHERWISE.has(table)) continue;
    for (const number of [0, Number.MAX_SAFE_INTEGER]) {
      const at = new Date(clock.now().getTime() + (number % 1_000));
      await addRow(db, table, { connection, text: `${ODD} ${number}`, at, number, links });
    }
  }
  const minute = new Date('2026-03-01T00:01:00.000Z');
  await db.kysely
    .insertInto('credit_ledger')
    .values({ connection_id: connection, minute, credits: 0.1 })
    .execute();
}
async function sums(db: Db): Promise<TableSum[]> {
  const snapshot = await openSnapshot(db);
  return sumsOf(snapshot).finally(() => snapshot.close());
}
const targetOf = (db: Db, by: Keys = keys) => copyTarget(db, () => createStore(db, by, clock));
const restored = (db: Db, file: string, more: Partial<RestoreInput> = {}, by: Keys = keys) =>
  restore(
    {
      target: targetOf(db, by),
      keyIds: by.all.map(({ id }) => id),
      unknownMigrations: unknownAmong,
      clock,
      say: () => {},
    },
    { file, replace: false, rekey: false, withoutKeys: false, erasures: null, ...more },
  );
const backedUp = (db: Db, out: string, keep: number | null = null) =>
  backUp(
    backupDeps(db, () => createStore(db, keys, clock), clock),
    { out, keep },
  );

describeOnBoth('backup', ({ open, url }) => {
  test('what comes back in either database has the checksums of what was there, every table filled', async () => {
    const db = await open();
    await filledEverywhere(db);
    const file = join(aFolder(), 'one.zcvb');
    const before = await sums(db);

    const { head } = await backedUp(db, file);
    const other = await anSqlite();
    await restored(other, file);

    expect(head.tables).toEqual(before);
    expect(before.filter(({ rows }) => rows > 0).length).toBeGreaterThan(45);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await activateCopy(other, clock.now())).toMatchObject({
      working: [expect.any(String), expect.any(String)],
    });
    expect(await sums(other)).toEqual(before);
    const again = await openDb(await url());
    onTestFinished(() => again.close());
    await backedUp(other, `${file}.2`);
    await restored(again, `${file}.2`);
    await activateCopy(again, clock.now());
    expect(await sums(again)).toEqual(before);
  });

  test('no key and no access token is in the file, and it says which key is needed', async () => {
    const db = await open();
    await filled(db);
    const file = join(aFolder(), 'one.zcvb');

    const { head } = await backedUp(db, file);

    expect(head.keyIds).toEqual([keys.all[0].id]);
    expect(head.note).toContain('not in this file');
    const copy = await anSqlite();
    await restored(copy, file);
    const [row] = await copy.kysely.selectFrom('connections').selectAll().orderBy('name').execute();
    expect(row).toMatchObject({ access_token: null, mode: 'read-only', state: 'standby' });
  });

  test('numbers go on where they were, also after the highest row was deleted', async () => {
    const db = await open();
    const connection = await filled(db);
    const store = createStore(db, keys, clock);
    const last = Number(await store.runs.start(connection, 'sync', {}, clock.now()));
    await db.kysely.deleteFrom('runs').where('id', '=', last).execute();
    const file = join(aFolder(), 'one.zcvb');
    await backedUp(db, file);

    const copy = await openDb(await url());
    onTestFinished(() => copy.close());
    await restored(copy, file);

    const next = await createStore(copy, keys, clock).runs.start(connection, 'sync', {}, clock.now());
    expect(Number(next)).toBe(last + 1);
  });

  test('rows that are written while it runs are not in it, and the writer does not wait', async () => {
    const db = await open();
    await filled(db);
    const writer = await openDb(db.pool ? `${db.pool.options.connectionString}` : `file:${await fileOf(db)}`);
    onTestFinished(() => writer.close());
    const before = await sums(db);

    const snapshot = await openSnapshot(db);
    const startedAt = performance.now();
    await connected(createStore(writer, keys, clock), { name: 'meanwhile' });
    const waitedMs = performance.now() - startedAt;
    const seen = await sumsOf(snapshot).finally(() => snapshot.close());

    expect(seen).toEqual(before);
    expect(waitedMs).toBeLessThan(1_000);
    expect(await sums(db)).not.toEqual(before);
  });

  test('a byte that was changed anywhere, or that is missing, is noticed before anything is written', async () => {
    const db = await open();
    await filled(db);
    const folder = aFolder();
    const file = join(folder, 'one.zcvb');
    await backedUp(db, file);
    const { size } = statSync(file);
    const copy = await anSqlite();
    for (const place of [65_556, size - 9, 65_536 + ((size - 65_536) >> 1)]) {
      const bad = join(folder, `bad-${place}`);
      const bytes = readFileSync(file);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      writeFileSync(bad, bytes);

      await expect(restored(copy, bad)).rejects.toThrow(/checksum/);
    }
    const cut = join(folder, 'cut');
    copyFileSync(file, cut);
    truncateSync(cut, size - 1);
    await expect(restored(copy, cut)).rejects.toThrow(/was cut/);
    writeFileSync(cut, randomBytes(80_000));
    await expect(restored(copy, cut)).rejects.toThrow(/no backup of this service/);

    expect(await targetOf(copy).isEmpty()).toBe(true);
  });

  test('a wrong key, a newer version and a database with rows are refused before anything is written', async () => {
    const db = await open();
    await filled(db);
    const file = join(aFolder(), 'one.zcvb');
    await backedUp(db, file);
    const before = await sums(db);
    const copy = await anSqlite();

    await expect(restored(copy, file, {}, otherKeys)).rejects.toThrow(/sealed with key .* is given/);
    await expect(restored(db, file)).rejects.toThrow(/not empty/);
    await sql`insert into kysely_migration values ('9999-later', 'now')`.execute(db.kysely);
    onTestFinished(async () => {
      await sql`delete from kysely_migration where name = '9999-later'`.execute(db.kysely);
    });
    await backedUp(db, `${file}.later`);
    await expect(restored(copy, `${file}.later`)).rejects.toThrow(/9999-later.*use version/);

    expect(await targetOf(copy).isEmpty()).toBe(true);
    expect(await sums(db)).toEqual(before);
  });

  test('with --replace the former rows go, but who was erased since stays erased', async () => {
    const db = await open();
    const connection = await filled(db);
    const store = createStore(db, keys, clock);
    const folder = aFolder();
    const file = join(folder, 'one.zcvb');
    await backedUp(db, file);
    const found = await store.connections.byId(connection);
    if (!found) throw new Error('the connection is there');
    await erasePerson({ store, clock }, found, { ids: ['901'], names: ['Zofia Wrzos'], numbers: [] });
    await connected(store, { name: 'third' });

    const { erasedAgain } = await restored(db, file, { replace: true });

    expect(erasedAgain).toBe(1);
    expect(await store.records.get(connection, 'Contacts', ['901'])).toEqual([]);
    expect((await store.connections.list()).map(({ name }) => name)).toEqual(['default', 'second']);
    // On another machine the list that lies beside the backup says it.
    await erasePerson({ store, clock }, found, { ids: ['901'], names: [], numbers: [] });
    await backedUp(db, join(folder, 'two.zcvb'));
    const elsewhere = await anSqlite();
    expect(await restored(elsewhere, file)).toMatchObject({ erasedAgain: 1 });
  });

  test('a backup of an older schema is restored and then migrated', async () => {
    const old = await openDb(await url());
    onTestFinished(() => old.close());
    const until = ALL_MIGRATIONS.indexOf('0021-likeness-and-discounts');
    await migrate(old, { only: ALL_MIGRATIONS.slice(0, until + 1) });
    const connection = await connected(createStore(old, keys, clock));
    await addRow(old, 'contacts', { connection, text: '{}', at: clock.now(), number: 5 });
    const file = join(aFolder(), 'old.zcvb');
    const snapshot = await openSnapshot(old);
    const { writeBackup } = await import('../../src/ops/backup-file.ts');
    await writeBackup(snapshot, file, { product: '0.0.9', createdAt: clock.now(), keyIds: [keys.all[0].id] });
    await snapshot.close();

    const copy = await openDb(await url());
    onTestFinished(() => copy.close());
    await restored(copy, file);

    expect((await readHead(file)).migrations).toHaveLength(until + 1);
    expect(await migrate(copy)).toEqual([]);
    expect(await copy.kysely.selectFrom('contacts').select('id').execute()).toEqual([{ id: '5' }]);
  });

  test('--rekey seals every secret with the new key; --without-keys takes out what the lost one sealed', async () => {
    const db = await open();
    const connection = await filled(db);
    const file = join(aFolder(), 'one.zcvb');
    await backedUp(db, file);
    const both: Keys = { all: [otherKeys.all[0], keys.all[0]] };
    const rekeyed = await anSqlite();
    const keyless = await anSqlite();

    const { resealed } = await restored(rekeyed, file, { rekey: true }, both);
    await restored(keyless, file, { withoutKeys: true }, otherKeys);

    expect(resealed).toBeGreaterThanOrEqual(4);
    const grant = await createStore(rekeyed, otherKeys, clock).tokens.grant(connection);
    expect(grant.refreshToken).toBe('1000.refresh-token-of-the-firm');
    const lost = createStore(keyless, otherKeys, clock);
    expect(await lost.secrets.uses()).toEqual([]);
    expect((await lost.connections.list()).map(({ state }) => state)).toEqual([
      'reconnect_needed',
      'reconnect_needed',
    ]);
  });

  test('only the newest backups of the folder stay, and no file that is not ours goes', async () => {
    const db = await open();
    const folder = aFolder();
    writeFileSync(join(folder, 'mine.txt'), 'x');
    for (const day of ['01', '02', '03']) await backedUp(db, join(folder, `zcv-202603${day}T000000Z.zcvb`));

    const { removed } = await backedUp(db, join(folder, 'zcv-20260304T000000Z.zcvb'), 2);

    expect(removed).toEqual(['zcv-20260301T000000Z.zcvb', 'zcv-20260302T000000Z.zcvb']);
    expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('x');
    expect(await serviceFacts(db).get('backup')).toMatchObject({ file: 'zcv-20260304T000000Z.zcvb' });
    await expect(backedUp(db, join(folder, 'mine.txt', 'no.zcvb'))).rejects.toThrow();
    expect(await serviceFacts(db).get('backup_failed')).toMatchObject({
      why: expect.stringMatching(/ENOTDIR|EEXIST/),
    });
  });

  test('a move compares every table, marks the former database, and comes back', async () => {
    const db = await open();
    await filled(db);
    const before = await sums(db);
    const other = await anSqlite();
    const partsOf = (of: Db) => ({
      whileLocked: <T>(work: Parameters<typeof whileLocked<T>>[1]) => whileLocked(of, work),
      facts: serviceFacts(of),
      workers: (now: Date) => workersIn(of, now),
    });
    const move = (from: Db, to: Db, replace = false) =>
      moveStore(
        {
          source: partsOf(from),
          target: { ...targetOf(to), openSnapshot: () => openSnapshot(to) },
          clock,
          say: () => {},
        },
        { to: 'the other one', replace },
      );

    await move(db, other);

    expect(await sums(other)).toEqual(before);
    expect(await serviceFacts(db).get('moved')).toMatchObject({ to: 'the other one' });
    const modes = async (of: Db) =>
      (await createStore(of, keys, clock).connections.list()).map(({ mode }) => mode);
    expect(await modes(db)).toEqual(['read-only', 'read-only']);
    expect(await modes(other)).toEqual(['auto', 'manual']);
    await expect(move(other, db)).rejects.toThrow(/not empty/);
    await move(other, db, true);
    expect(await sums(db)).toEqual(before);
    expect(await serviceFacts(db).get('moved')).toBeNull();
  });
});

async function fileOf(db: Db): Promise<string> {
  const { rows } = await sql<{ file: string }>`select file from pragma_database_list`.execute(db.kysely);
  return rows[0]?.file ?? '';
}
