import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { DecimalSum } from '../money.ts';
import { bulkUpsert } from './dialect.ts';
import { LINE_COLUMNS } from './import-columns.ts';
import { linkLines } from './import-links.ts';
import type {
  ImportFile,
  ImportKind,
  ImportsStore,
  LineConflict,
  NewLines,
  ReferralLink,
  UnmatchedMoney,
} from './import-stores.ts';
import { hasNoCustomer, standsBesideDeals } from './linked-rows.ts';
import { chunksOf, deletePieces, MAX_ROWS } from './rows.ts';
import type { Tables } from './tables.ts';

/** Imported files. Lines are written in many small transactions; the state of their file makes all of them count at once. */
export function importsStore(db: Db): ImportsStore {
  const { kysely } = db;
  return {
    async begin(connection, { kind, fileHash, fileName }, at) {
      await sweep(db, connection);
      const row = { kind, file_hash: fileHash, file_name: fileName, state: 'staging', line_count: 0 };
      const { id } = await kysely
        .insertInto('imports')
        .values({ ...row, connection_id: connection, imported_at: at })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async add(connection, kind, importId, lines) {
      for (const piece of chunksOf(lines, MAX_ROWS)) {
        await kysely.transaction().execute((trx) => insert(db, trx, connection, kind, importId, piece));
      }
    },
    async commit(_connection, importId, lines) {
      await kysely
        .updateTable('imports')
        .set({ state: 'done', line_count: lines })
        .where('id', '=', importId)
        .execute();
    },
    async remove(connection, importId) {
      await kysely
        .updateTable('imports')
        .set({ state: 'removing' })
        .where('id', '=', importId)
        .where('connection_id', '=', connection)
        .execute();
      await sweep(db, connection);
    },
    async find(connection, kind, hash) {
      const files = await done(db, connection, kind);
      return files.filter(({ fileHash }) => fileHash.startsWith(hash.toLowerCase()));
    },
    list: (connection, kind) => done(db, connection, kind),
    link: (connection, importId) => linkLines(db, connection, importId),
    unmatched: (connection, kind, home, importId) =>
      moneyOf(db, { connection, kind, home, importId, of: hasNoCustomer('r') }),
    besideDeals: (connection, home, importId) =>
      moneyOf(db, { connection, kind: 'purchases', home, importId, of: standsBesideDeals('r') }),
    filesWithPayments: async (connection) => {
      const { rows } = await sql<{ id: number }>`select i.id from imports i
        where i.connection_id = ${connection} and i.kind = 'purchases' and i.state = 'done'
          and exists (select 1 from purchases p where p.import_id = i.id and p.paid_day is not null)`.execute(
        db.kysely,
      );
      return new Set(rows.map((row) => row.id));
    },
    repeatedDocuments: (connection, importId, limit) =>
      conflicts(
        db,
        sql`select r.line, r.number from purchases r
          where r.import_id = ${importId} and r.number is not null and exists (
            select 1 from purchases o join imports i on i.id = o.import_id
            where o.connection_id = ${connection} and o.number = r.number and o.import_id <> r.import_id
              and i.state = 'done' and (o.kind = r.kind or o.kind is null or r.kind is null)
              and coalesce(o.account_id, o.account_number, o.contact_id, o.deal_id, '')
                = coalesce(r.account_id, r.account_number, r.contact_id, r.deal_id, ''))
          order by r.line limit ${limit}`,
      ),
    splitDocuments: (_connection, importId, limit) =>
      conflicts(
        db,
        sql`select min(r.line) as line, r.number from purchases r
          where r.import_id = ${importId} and r.number is not null
          group by r.number, r.kind, r.account_id, r.account_number, r.contact_id
          having min(r.day) <> max(r.day) order by 1 limit ${limit}`,
      ),
    referralLinks: (connection, importId) => referralLinks(db, connection, importId),
  };
}

async function insert<K extends ImportKind>(
  db: Db,
  trx: Kysely<Tables>,
  connection: ConnectionId,
  kind: K,
  importId: number,
  lines: readonly NewLines[K][],
): Promise<void> {
  const columns = LINE_COLUMNS[kind];
  await bulkUpsert(
    db,
    trx,
    {
      table: kind,
      columns: [
        { name: 'connection_id', type: 'text' },
        { name: 'import_id', type: 'bigint' },
        ...columns.map(({ name, type }) => ({ name, type })),
      ],
      key: ['import_id', 'line'],
    },
    lines.map((line) => [connection, importId, ...columns.map((column) => column.of(line))]),
  );
}

/** Whoever imports holds the connection's line, so what is neither done nor ours was left by a process that died. */
async function sweep(db: Db, connection: ConnectionId): Promise<void> {
  const left = await db.kysely
    .selectFrom('imports')
    .select(['id', 'kind'])
    .where('connection_id', '=', connection)
    .where('state', '!=', 'done')
    .execute();
  for (const { id, kind } of left) {
    const table = sql.table(kind);
    const piece = sql`select line from ${table} where import_id = ${id} limit ${MAX_ROWS}`;
    await deletePieces(db.kysely, sql`delete from ${table} where import_id = ${id} and line in (${piece})`);
    await db.kysely.deleteFrom('imports').where('id', '=', id).execute();
  }
}

async function done(db: Db, connection: ConnectionId, kind: ImportKind): Promise<ImportFile[]> {
  const rows = await db.kysely
    .selectFrom('imports')
    .selectAll()
    .where('connection_id', '=', connection)
    .where('kind', '=', kind)
    .where('state', '=', 'done')
    .orderBy('id', 'desc')
    .execute();
  return rows.map(fileOf);
}
function fileOf(row: Selectable<Tables['imports']>): ImportFile {
  return {
    id: row.id,
    kind: row.kind as ImportKind, // written from this type only
    fileHash: row.file_hash,
    fileName: row.file_name,
    lines: row.line_count,
    importedAt: row.imported_at,
  };
}

async function conflicts(db: Db, query: RawBuilder<unknown>): Promise<LineConflict[]> {
  const { rows } = await sql<LineConflict>`${query}`.execute(db.kysely);
  return rows;
}

interface LinesAskedFor {
  readonly connection: ConnectionId;
  readonly kind: 'purchases' | 'costs';
  readonly home: string;
  /** Left out: those of all files. */
  readonly importId: number | undefined;
  readonly of: RawBuilder<boolean>;
}

/** Summed here: the amounts are exact decimal text, which no database adds up exactly in both dialects. */
async function moneyOf(
  db: Db,
  { connection, kind, home, importId, of }: LinesAskedFor,
): Promise<UnmatchedMoney[]> {
  const sums = new Map<string, { lines: number; sum: DecimalSum }>();
  const imports =
    importId === undefined ? (await done(db, connection, kind)).map(({ id }) => id) : [importId];
  for (const id of imports) {
    for (let after = 0; ; ) {
      const { rows } = await sql<{ line: number; currency: string | null; amount: string | null }>`
        select r.line, r.currency, r.amount from ${sql.table(kind)} r
        where r.import_id = ${id} and r.line > ${after} and ${of}
        order by r.line limit ${MAX_ROWS}`.execute(db.kysely);
      for (const { currency, amount } of rows) {
        const key = currency ?? home;
        const known = sums.get(key) ?? { lines: 0, sum: new DecimalSum() };
        known.lines += 1;
        known.sum.add(amount ?? 0);
        sums.set(key, known);
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.line;
    }
  }
  return [...sums]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, { lines, sum }]) => ({ currency, lines, amount: sum.toDecimal() }));
}

/** Both sides in one form: the account, else the contact's account, else the contact, else the bare number. */
async function referralLinks(db: Db, connection: ConnectionId, importId: number): Promise<ReferralLink[]> {
  const known = (alias: string, table: 'accounts' | 'contacts', id: string) => sql`
    left join ${sql.table(table)} ${sql.ref(alias)} on ${sql.ref(`${alias}.connection_id`)} = r.connection_id
      and ${sql.ref(`${alias}.id`)} = ${sql.ref(id)} and ${sql.ref(`${alias}.deleted_at`)} is null`;
  const { rows } = await sql<ReferralLink>`
    select case when r.import_id = ${importId} then r.line else 0 end as line, r.day,
      coalesce(a.id, b.id, c.id, r.account_id, r.contact_id, '#' || ltrim(r.account_number, '0')) as referred,
      coalesce(x.id, z.id, y.id, r.referrer_id, '#' || ltrim(r.referrer_number, '0')) as referrer
    from referrals r join imports i on i.id = r.import_id
    ${known('a', 'accounts', 'r.account_id')} ${known('c', 'contacts', 'r.contact_id')}
    ${known('b', 'accounts', 'c.account_id')} ${known('x', 'accounts', 'r.referrer_id')}
    ${known('y', 'contacts', 'r.referrer_id')} ${known('z', 'accounts', 'y.account_id')}
    where r.connection_id = ${connection} and (i.state = 'done' or i.id = ${importId})
    order by r.day, r.import_id, r.line`.execute(db.kysely);
  return rows;
}
