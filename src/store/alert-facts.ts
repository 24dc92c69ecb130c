import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, DocumentModule } from '../domain.ts';
import { selectArrays } from './dialect.ts';
import { hasNoAccount, hasNoContact, hasNoCustomer } from './linked-rows.ts';

/** Facts that alerts rest on and that no run counts. They read whole tables: once a night. */

export interface AlertFactsStore {
  /**
   * Money of won deals, or of the documents that purchases are made of, in the home currency's units; `unmatched` is
   * the part that no customer explains. Rounded: a share is made of it, and no sum.
   */
  money(
    connection: ConnectionId,
    of: { readonly billed: DocumentModule | null; readonly currency: string },
  ): Promise<{ all: number; unmatched: number }>;
  /** Activities and cases, and those of them with a working time, changed before and after an instant. */
  times(
    connection: ConnectionId,
    since: Date,
  ): Promise<{ before: { all: number; timed: number }; after: { all: number; timed: number } }>;
}

export function alertFactsStore(db: Db): AlertFactsStore {
  return {
    async money(connection, { billed, currency }) {
      const isHome = sql`(r.currency is null or r.currency = ${currency})`;
      const rows =
        billed === null
          ? sql`deals r where r.connection_id = ${connection} and r.deleted_at is null and ${isHome}
              and r.stage in (select s.stage from stages s where s.connection_id = ${connection} and s.outcome = 'won')`
          : sql`documents r where r.connection_id = ${connection} and r.deleted_at is null and ${isHome}
              and r.module = ${billed}`;
      const isUnmatched =
        billed === null
          ? hasNoCustomer('r')
          : sql`${hasNoAccount('r')} and ${hasNoContact('r')} and not exists (
              select 1 from deals d where d.connection_id = r.connection_id and d.id = r.deal_id
              and d.deleted_at is null and not (${hasNoAccount('d')} and ${hasNoContact('d')}))`;
      const amount =
        billed === null
          ? sql`cast(r.amount as double precision)`
          : sql`cast(coalesce(r.sub_total, r.total) as double precision)`;
      const [sums] = await selectArrays(
        db,
        sql`select sum(${amount}), sum(case when ${isUnmatched} then ${amount} end) from ${rows}`,
      );
      return { all: Number(sums?.[0] ?? 0), unmatched: Number(sums?.[1] ?? 0) };
    },
    async times(connection, since) {
      const count = async (table: 'activities' | 'cases') => {
        const [row] = await selectArrays(
          db,
          sql`select count(case when modified_at < ${since} then 1 end),
            count(case when modified_at < ${since} then minutes_spent end),
            count(case when modified_at >= ${since} then 1 end),
            count(case when modified_at >= ${since} then minutes_spent end)
            from ${sql.table(table)} where connection_id = ${connection} and deleted_at is null`,
        );
        return (row ?? []).map(Number);
      };
      const [activities, cases] = [await count('activities'), await count('cases')];
      const at = (index: number) => (activities[index] ?? 0) + (cases[index] ?? 0);
      return { before: { all: at(0), timed: at(1) }, after: { all: at(2), timed: at(3) } };
    },
  };
}
