import { randomBytes } from 'node:crypto';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import {
  type Baseline,
  columnsOfRanks,
  type RankColumns,
  type RankEntry,
  ranksOfColumns,
} from '../scores.ts';
import type { BaselinesStore } from './record-stores.ts';
import { chunksOf, fromJson, toJson } from './rows.ts';

// The ranked list of a large org is tens of MB: stored in parts, so that no write holds the database for long.
const ENTRIES_PER_PART = 5_000;

// What baselines that were saved by earlier versions do not have; the next full scoring replaces them.
const ADDED_LATER = {
  offers: [],
  lowestPrices: [],
  rfm: null,
  referrals: { ignored: 0, unknown: 0, credits: [] },
  lastPurchaseDay: null,
  buyers: 0,
  averages: { margin: 0, servePerOrder: 0 },
  leads: {
    all: { leads: 0, converted: 0, became: 0, buyers: 0, profit12: 0 },
    sources: [],
  },
  fit: null,
};

/** Cut-offs and ranks of the last full scoring; only the newest is kept. */
export function baselinesStore(db: Db): BaselinesStore {
  const { kysely } = db;
  // Many single rescorings read the same baseline; the parts are read again only when there is a newer one.
  let cached: { readonly id: string; readonly baseline: Baseline } | null = null;
  return {
    async save(connection, baseline) {
      const id = randomBytes(8).toString('hex');
      const { ranked, ...head } = baseline;
      for (const [part, entries] of [...chunksOf(ranked, ENTRIES_PER_PART)].entries()) {
        await kysely
          .insertInto('baseline_parts')
          .values({
            connection_id: connection,
            baseline_id: id,
            part,
            entries: toJson(columnsOfRanks(entries)),
          })
          .execute();
      }
      await kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto('baselines')
          .values({ connection_id: connection, id, head: toJson(head) })
          .onConflict((conflict) => conflict.column('connection_id').doUpdateSet({ id, head: toJson(head) }))
          .execute();
        await trx
          .deleteFrom('baseline_parts')
          .where('connection_id', '=', connection)
          .where('baseline_id', '<>', id)
          .execute();
      });
    },
    async asOf(connection) {
      const row = await kysely
        .selectFrom('baselines')
        .select('head')
        .where('connection_id', '=', connection)
        .executeTakeFirst();
      return row ? fromJson<Pick<Baseline, 'asOf'>>(row.head).asOf : null;
    },
    async latest(connection) {
      for (;;) {
        const row = await kysely
          .selectFrom('baselines')
          .select(['id', 'head'])
          .where('connection_id', '=', connection)
          .executeTakeFirst();
        if (!row) return null;
        if (cached?.id === row.id) return cached.baseline;
        const head = { ...ADDED_LATER, ...fromJson<Omit<Baseline, 'ranked'>>(row.head) };
        const ranked = await rankedOf(db, connection, row.id);
        // A newer one was saved in between and took the parts away.
        if (ranked.length === 0 && head.customers > 0 && !(await isCurrent(db, connection, row.id))) continue;
        cached = { id: row.id, baseline: { ...head, ranked } };
        return cached.baseline;
      }
    },
  };
}

async function isCurrent(db: Db, connection: ConnectionId, id: string): Promise<boolean> {
  const row = await db.kysely
    .selectFrom('baselines')
    .select('id')
    .where('connection_id', '=', connection)
    .executeTakeFirst();
  return row?.id === id;
}

async function rankedOf(db: Db, connection: ConnectionId, id: string): Promise<RankEntry[]> {
  const rows = await db.kysely
    .selectFrom('baseline_parts')
    .select('entries')
    .where('connection_id', '=', connection)
    .where('baseline_id', '=', id)
    .orderBy('part')
    .execute();
  return rows.flatMap((row) => ranksOfColumns(fromJson<RankColumns>(row.entries)));
}
