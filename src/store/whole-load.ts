import { CompiledQuery, type Kysely, sql } from 'kysely';
import type { Db } from '../db.ts';
import { ConfigError } from '../errors.ts';
import { secondaryIndexes } from './dialect.ts';
import { completeSchema, createSchema } from './migrate.ts';
import { mergeErasures, type RememberedErasures } from './remembered-erasures.ts';
import { type CopyFact, factsIn, type MovedFact, serviceFacts } from './service-facts.ts';
import { openSnapshot, type Snapshot } from './snapshot.ts';
import { RowBatch } from './sqlite-driver.ts';
import type { Tables } from './tables.ts';
import {
  type Ask,
  type Cell,
  type CellType,
  isCarried,
  type WholeTable,
  wholeTables,
} from './whole-tables.ts';

/** Fills a whole database from a copy, in one transaction: a process that is killed meanwhile leaves what was there. */

export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: CellType }[];
  /** Read once, to the end. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}
export interface Copy {
  /** Names of those that had run where it was made; later ones run here, after the rows are in. */
  readonly migrations: readonly string[];
  readonly sequences: Readonly<Record<string, number>>;
  readonly tables: AsyncIterable<CopiedTable>;
}
export interface FillOptions {
  readonly kind: CopyFact['kind'];
  readonly id: string;
  readonly asOf: Date;
  /** The connections stand by until they are activated. */
  readonly standby: boolean;
  /** Who must not come back with the rows, whatever the copy says. */
  readonly erasures: readonly RememberedErasures[];
  readonly at: Date;
}

/** True when nothing stands in it: no tables, or none with a row. */
export async function isEmptyStore(db: Db): Promise<boolean> {
  for (const { name } of await tablesIn(db)) {
    if (!isCarried(name)) continue;
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(db.kysely);
    if (rows.length > 0) return false;
  }
  return true;
}

/** Who holds a lease or a job at this moment, by the name it gave itself. */
export async function workersIn(db: Db, now: Date): Promise<string[]> {
  const names = (await tablesIn(db)).map(({ name }) => name);
  if (!names.includes('leases') || !names.includes('jobs')) return [];
  const { rows } = await sql<{ who: string }>`
    select holder as who from leases where lease_until > ${now}
    union select worker from jobs where state = 'active' and lease_until > ${now}`.execute(db.kysely);
  return rows.map(({ who }) => who);
}

/**
 * Replaces everything by the copy. The fact 'copy' stays 'unfinished' until `finishCopy`. Throws ConfigError when the
 * copy has what this version does not know; then nothing was changed.
 */
export async function fillStore(db: Db, copy: Copy, options: FillOptions): Promise<void> {
  await db.kysely.transaction().execute(async (trx) => {
    if (db.dialect === 'sqlite') await sql`pragma defer_foreign_keys = on`.execute(trx);
    await dropAll(db, trx);
    await createSchema(trx, db.dialect, copy.migrations);
    const within: Db = { ...db, kysely: trx };
    const tables = new Map((await tablesIn(within)).map((table) => [table.name, table]));
    const indexes = await withoutIndexes(within, trx, [...tables.keys()]);
    for await (const part of copy.tables) await fillTable(within, trx, tables.get(part.name), part);
    for (const definition of indexes) await sql.raw(definition).execute(trx);
    await continueSequences(db, trx, [...tables.values()], copy.sequences);
    await completeSchema(trx, db.dialect, copy.migrations);
    for (const erasures of options.erasures) await mergeErasures(trx, erasures);
    await noteCopy(trx, options);
  });
}

/** Nothing is left to be done before work may begin. */
export async function finishCopy(db: Db, at: Date): Promise<void> {
  const facts = serviceFacts(db);
  const fact = await facts.get('copy');
  if (fact === null) return;
  const { kind, id, asOf, modes } = fact;
  await facts.set('copy', { kind, id, asOf, modes, state: kind === 'move' ? 'active' : 'standby' }, at);
}

/** Names of connections. */
export interface Activated {
  readonly working: readonly string[];
  /** They have their former mode as well, and no grant that works. */
  readonly toConnect: readonly string[];
}

/** Ends the standing by: every connection may again do what it might. Null: nothing stood by here. */
export async function activateCopy(db: Db, at: Date): Promise<Activated | null> {
  return db.kysely.transaction().execute(async (trx) => {
    const facts = factsIn(trx);
    const fact = await facts.get('copy');
    if (fact === null || fact.state === 'active') return null;
    const working: string[] = [];
    const toConnect: string[] = [];
    const { kind, id, asOf, modes } = fact;
    const rows = await trx
      .selectFrom('connections')
      .select(['id', 'name', 'state'])
      .orderBy('name')
      .execute();
    for (const { id: connection, name, state } of rows) {
      const mode = modes[connection];
      if (mode === undefined) continue;
      const row = trx.updateTable('connections').where('id', '=', connection);
      if (state === 'standby') {
        await row.set({ mode, state: 'ready', state_why: null }).execute();
        working.push(name);
      } else if (state === 'reconnect_needed') {
        // Its grant was lost, with its key perhaps; linked again, it must not find itself without the mode it had.
        await row.set({ mode }).execute();
        toConnect.push(name);
      }
    }
    await facts.set('copy', { kind, id, asOf, modes: {}, state: 'active' }, at);
    await facts.remove('moved');
    return { working, toConnect };
  });
}

async function noteCopy(trx: Kysely<Tables>, { kind, id, asOf, standby, at }: FillOptions): Promise<void> {
  const modes = standby ? await standBy(trx, `restored from a backup of ${asOf.toISOString()}`) : {};
  await factsIn(trx).set('copy', { kind, id, asOf: asOf.toISOString(), modes, state: 'unfinished' }, at);
}

/** Nothing is read or written by itself, and nothing written by hand. Returns the modes there were, by connection. */
async function standBy(trx: Kysely<Tables>, why: string): Promise<Record<string, string>> {
  const rows = await trx.selectFrom('connections').select(['id', 'mode', 'state']).execute();
  for (const { id, state } of rows) {
    await trx
      .updateTable('connections')
      .set({
        mode: 'read-only',
        ...(state === 'reconnect_needed' ? {} : { state: 'standby', state_why: why }),
      })
      .where('id', '=', id)
      .execute();
  }
  return Object.fromEntries(rows.map(({ id, mode }) => [id, mode]));
}

async function tablesIn(db: Db): Promise<WholeTable[]> {
  // Not by the pool, whose other connections do not see this transaction.
  const ask: Ask = async (query) => {
    const { sql: text, parameters } = query.compile(db.kysely);
    const { rows } = await db.kysely.executeQuery<Record<string, unknown>>(
      CompiledQuery.raw(text, [...parameters]),
    );
    return rows.map((row) => Object.values(row));
  };
  return wholeTables(ask, db.dialect);
}

async function dropAll(db: Db, trx: Kysely<Tables>): Promise<void> {
  const names = (await tablesIn({ ...db, kysely: trx })).map(({ name }) => name).reverse();
  for (const name of [...names, 'kysely_migration', 'kysely_migration_lock']) {
    await sql`drop table if exists ${sql.table(name)}`.execute(trx);
  }
}

/** Rows come in the order of the key, which is none for an index: made at the end they are sorted once. */
async function withoutIndexes(db: Db, trx: Kysely<Tables>, names: readonly string[]): Promise<string[]> {
  const definitions: string[] = [];
  for (const name of names) {
    for (const index of await secondaryIndexes(db, name as keyof Tables)) {
      // SQLite's list holds unique ones too, which may not be missing while rows come in.
      if (/^create unique/i.test(index.definition)) continue;
      await sql`drop index ${sql.id(index.name)}`.execute(trx);
      definitions.push(index.definition);
    }
  }
  return definitions;
}

const POSTGRES_TYPES: { readonly [T in CellType]: string } = {
  text: 'text',
  bigint: 'bigint',
  double: 'double precision',
  boolean: 'boolean',
  timestamptz: 'timestamptz',
  bytes: 'bytea',
};

async function fillTable(
  db: Db,
  trx: Kysely<Tables>,
  known: WholeTable | undefined,
  { name, columns, rows }: CopiedTable,
): Promise<void> {
  const missing = columns.filter((column) => !known?.columns.some((own) => own.name === column.name));
  if (!known || missing.length > 0) {
    throw new ConfigError(
      `the copy has ${known ? `the column ${name}.${missing[0]?.name}` : `a table ${name}`}, which this version does not know; use the version that made it`,
    );
  }
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  const bytesAt = columns.flatMap(({ type }, index) => (type === 'bytes' ? [index] : []));
  for await (const page of rows) {
    const cells =
      bytesAt.length === 0 ? page : page.map((row) => row.map((cell, at) => stored(cell, at, bytesAt)));
    if (db.dialect === 'sqlite') {
      const text = `insert into "${name}" (${names}) values (${columns.map(() => '?').join(', ')})`;
      await trx.executeQuery(CompiledQuery.raw(text, [new RowBatch(cells)]));
    } else {
      const lists = columns.map(({ type }, index) => `$${index + 1}::${POSTGRES_TYPES[type]}[]`).join(', ');
      const text = `insert into "${name}" (${names}) overriding system value select * from unnest(${lists})`;
      const values = columns.map((_, index) => cells.map((row) => row[index]));
      await trx.executeQuery(CompiledQuery.raw(text, values));
    }
  }
}

const stored = (cell: unknown, at: number, bytesAt: readonly number[]): unknown =>
  bytesAt.includes(at) && typeof cell === 'string' ? Buffer.from(cell, 'base64') : cell;

async function continueSequences(
  db: Db,
  trx: Kysely<Tables>,
  tables: readonly WholeTable[],
  sequences: Copy['sequences'],
): Promise<void> {
  for (const { name, identity } of tables) {
    const last = sequences[name] ?? 0;
    if (identity === null || last === 0) continue;
    if (db.dialect === 'postgres') {
      await sql`select setval(pg_get_serial_sequence(${name}, ${identity}), ${last})`.execute(trx);
      continue;
    }
    await sql`delete from sqlite_sequence where name = ${name}`.execute(trx);
    await sql`insert into sqlite_sequence (name, seq) values (${name}, ${last})`.execute(trx);
  }
}

const LOCK_WAIT = '10s';

export interface Locked {
  /** Of what stands there under the lock. */
  readonly openSnapshot: () => Promise<Snapshot>;
  /** Commits with the lock: from then on this database says that it was moved, and its connections stand by. */
  readonly mark: (fact: MovedFact, at: Date) => Promise<void>;
}

/** Runs work while nobody else can write; readers go on. */
export async function whileLocked<T>(db: Db, work: (locked: Locked) => Promise<T>): Promise<T> {
  const tables = db.dialect === 'postgres' ? await tablesIn(db) : [];
  return db.kysely.transaction().execute(async (trx) => {
    if (tables.length > 0) {
      await sql.raw(`set local lock_timeout = '${LOCK_WAIT}'`).execute(trx);
      await sql`lock table ${sql.join(tables.map(({ name }) => sql.table(name)))} in share mode`.execute(trx);
    }
    return work({
      // Through the transaction, which on SQLite has the only connection.
      openSnapshot: () => openSnapshot({ ...db, kysely: trx }),
      async mark(fact, at) {
        const facts = factsIn(trx);
        const modes = await standBy(trx, `moved to ${fact.to}`);
        const asOf = at.toISOString();
        await facts.set('copy', { kind: 'move', id: fact.id, asOf, modes, state: 'standby' }, at);
        await facts.set('moved', fact, at);
      },
    });
  });
}
