import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { isOneOfNumbers } from './dialect.ts';
import type { ImportKind } from './import-stores.ts';
import { MAX_ROWS } from './rows.ts';

/** Lines that name an account number, or nothing but a deal, get the customer that is known by it today. */

interface Link {
  readonly kind: ImportKind;
  readonly column: 'account_id' | 'contact_id' | 'referrer_id';
  /** Lines `r` that the link is for. */
  readonly which: RawBuilder<boolean>;
  /** What the column is to hold. */
  readonly wanted: RawBuilder<string | null>;
}

/** A number that two accounts share says nothing; nor does 0, which some systems give to all. */
function accountOfNumber(column: string): RawBuilder<string | null> {
  return sql<string | null>`(select case when count(*) = 1 then min(a.id) end from accounts a
    where a.connection_id = r.connection_id and a.number is not null and a.deleted_at is null
      and ltrim(a.number, '0') = ltrim(${sql.ref(`r.${column}`)}, '0') and ltrim(a.number, '0') <> '')`;
}
function ofDeal(column: 'account_id' | 'contact_id'): RawBuilder<string | null> {
  return sql<string | null>`(select ${sql.ref(`d.${column}`)} from deals d
    where d.connection_id = r.connection_id and d.id = r.deal_id and d.deleted_at is null)`;
}

const byNumber = (kind: ImportKind): Link => ({
  kind,
  column: 'account_id',
  which: sql<boolean>`r.account_number is not null`,
  wanted: accountOfNumber('account_number'),
});
const throughDeal = (column: 'account_id' | 'contact_id'): Link => ({
  kind: 'purchases',
  column,
  which: sql<boolean>`r.through_deal`,
  wanted: ofDeal(column),
});
const LINKS: readonly Link[] = [
  byNumber('purchases'),
  byNumber('costs'),
  byNumber('contributions'),
  byNumber('referrals'),
  throughDeal('account_id'),
  throughDeal('contact_id'),
  {
    kind: 'referrals',
    column: 'referrer_id',
    which: sql<boolean>`r.referrer_number is not null`,
    wanted: accountOfNumber('referrer_number'),
  },
];

export async function linkLines(
  db: Db,
  connection: ConnectionId,
  importId: number | undefined,
): Promise<number> {
  let files = db.kysely.selectFrom('imports').select(['id', 'kind']).where('connection_id', '=', connection);
  files = importId === undefined ? files.where('state', '=', 'done') : files.where('id', '=', importId);
  let changed = 0;
  for (const { id, kind } of await files.orderBy('id').execute()) {
    for (const link of LINKS) if (link.kind === kind) changed += await linkFile(db, id, link);
  }
  return changed;
}

/** Only lines whose customer is another one than before are written. */
async function linkFile(db: Db, importId: number, link: Link): Promise<number> {
  const table = sql.table(link.kind);
  const column = sql.ref(link.column);
  let changed = 0;
  for (let after = 0; ; ) {
    const { rows } = await sql<{ line: number }>`
      select r.line from ${table} r
      where r.import_id = ${importId} and r.line > ${after} and ${link.which}
        and ${sql.ref(`r.${link.column}`)} is distinct from ${link.wanted}
      order by r.line limit ${MAX_ROWS}`.execute(db.kysely);
    const last = rows.at(-1);
    if (!last) return changed;
    const lines = rows.map(({ line }) => line);
    await sql`update ${table} as r set ${column} = ${link.wanted}
      where r.import_id = ${importId} and ${isOneOfNumbers(db, 'r.line', lines)}`.execute(db.kysely);
    changed += lines.length;
    after = last.line;
  }
}
