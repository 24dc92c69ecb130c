import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, ModuleName, RecordId } from '../domain.ts';
import { isOneOf } from './dialect.ts';
import type { ComparisonStore } from './record-stores.ts';
import { isShared, RECORD_TABLES } from './record-tables.ts';
import { chunksOf, MAX_ROWS } from './rows.ts';

const IDS_PER_PAGE = 10_000;

/** The stored records beside what Zoho says it has, a page of ids at a time. */
export function comparisonStore(db: Db): ComparisonStore {
  const { kysely } = db;
  return {
    async meet(connection, module, rows, seenAt) {
      const missing: RecordId[] = [];
      const stale: RecordId[] = [];
      for (const piece of chunksOf(rows, MAX_ROWS)) {
        const ids = piece.map(({ id }) => id);
        const isAlive = sql`${isOf(connection, module)} and ${isOneOf(db, 'id', ids)} and deleted_at is null`;
        const { rows: living } = await sql<{ id: string; modified_at: Date }>`
          select id, modified_at from ${tableOf(module)} where ${isAlive}`.execute(kysely);
        await sql`update ${tableOf(module)} set seen_at = ${seenAt} where ${isAlive}`.execute(kysely);
        const known = new Map(living.map((row) => [row.id, row.modified_at.getTime()]));
        for (const { id, modifiedAt } of piece) {
          const stored = known.get(id);
          if (stored === undefined) missing.push(id);
          else if (modifiedAt !== null && modifiedAt.getTime() !== stored) stale.push(id);
        }
      }
      return { missing, stale };
    },

    async *unmet(connection, module, since) {
      for (let after = ''; ; ) {
        const { rows } = await sql<{ id: string; is_unmet: boolean }>`
          select id, (deleted_at is null and (seen_at is null or seen_at < ${since})) as is_unmet
          from ${tableOf(module)} where ${isOf(connection, module)} and id > ${after}
          order by id limit ${IDS_PER_PAGE}`.execute(kysely);
        const last = rows.at(-1);
        if (!last) return;
        const ids = rows.filter((row) => row.is_unmet).map((row) => row.id);
        if (ids.length > 0) yield ids;
        after = last.id;
      }
    },

    async children(connection, parents) {
      const found: { module: ModuleName; ids: RecordId[] }[] = [];
      for (const module of Object.keys(LINKS) as (keyof typeof LINKS)[]) {
        const ids = new Set<RecordId>();
        for (const piece of chunksOf(parents, MAX_ROWS)) {
          const links = LINKS[module].map((column) => isOneOf(db, column, piece));
          const { rows } = await sql<{ id: string }>`
            select id from ${tableOf(module)}
            where ${isOf(connection, module)} and deleted_at is null and (${sql.join(links, sql` or `)})
            order by id`.execute(kysely);
          for (const { id } of rows) ids.add(id);
        }
        if (ids.size > 0) found.push({ module, ids: [...ids] });
      }
      return found;
    },
  };
}

/** Columns that name an account or a contact. */
const LINKS = {
  Accounts: ['parent_id'],
  Contacts: ['account_id'],
  Deals: ['account_id', 'contact_id'],
  Cases: ['account_id', 'contact_id'],
  Quotes: ['account_id', 'contact_id'],
  Sales_Orders: ['account_id', 'contact_id'],
  Invoices: ['account_id', 'contact_id'],
  Notes: ['what_id'],
  Tasks: ['what_id', 'who_id'],
  Calls: ['what_id', 'who_id'],
  Events: ['what_id', 'who_id'],
} as const satisfies { readonly [M in ModuleName]?: readonly string[] };

function tableOf(module: ModuleName): RawBuilder<unknown> {
  return sql.table(RECORD_TABLES[module].table);
}
function isOf(connection: ConnectionId, module: ModuleName): RawBuilder<boolean> {
  return isShared(RECORD_TABLES[module])
    ? sql<boolean>`connection_id = ${connection} and module = ${module}`
    : sql<boolean>`connection_id = ${connection}`;
}
