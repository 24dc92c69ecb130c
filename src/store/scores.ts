import { type Kysely, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import { minor } from '../money.ts';
import type { Score, ScoreState } from '../scores.ts';
import { bulkUpsert, isOneOf } from './dialect.ts';
import type { ScoreHistoryRow, ScoresStore } from './record-stores.ts';
import { chunksOf, fromJson, MAX_ROWS, toJson, uniqueBy } from './rows.ts';
import type { Tables } from './tables.ts';

// A score with its reasons is about 3 KB; fewer in a transaction keep it short.
const SCORES_PER_WRITE = 500;

const SCORES = {
  table: 'scores',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'module', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'as_of', type: 'text' },
    { name: 'written_at', type: 'timestamptz' },
    { name: 'tier', type: 'text' },
    { name: 'phase', type: 'text' },
    { name: 'sub_phase', type: 'text' },
    { name: 'gold', type: 'boolean' },
    { name: 'rank', type: 'bigint' },
    { name: 'profit12', type: 'bigint' },
    { name: 'revenue12', type: 'bigint' },
    { name: 'first_purchase', type: 'text' },
    { name: 'score', type: 'text' },
    { name: 'state', type: 'text' },
  ],
  key: ['connection_id', 'module', 'record_id'],
} as const;
const HISTORY = {
  table: 'score_history',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'module', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'as_of', type: 'text' },
    { name: 'tier', type: 'text' },
    { name: 'phase', type: 'text' },
    { name: 'sub_phase', type: 'text' },
    { name: 'gold', type: 'boolean' },
    { name: 'profit12', type: 'bigint' },
  ],
  key: ['connection_id', 'module', 'record_id', 'as_of'],
} as const;

/** Latest score and hysteresis state of each customer, and the changes of tier, phase and gold. */
export function scoresStore(db: Db, clock: Clock): ScoresStore {
  const { kysely } = db;
  return {
    async save(connection, rows) {
      const unique = uniqueBy(rows, ({ score }) => `${score.key.module}/${score.key.id}`);
      for (const piece of chunksOf(unique, SCORES_PER_WRITE)) {
        const writtenAt = clock.now();
        const values = piece.map(({ score, state }) => scoreValues(connection, writtenAt, score, state));
        await kysely.transaction().execute(async (trx) => {
          const shown = await shownBefore(
            db,
            trx,
            connection,
            piece.map(({ score }) => score.key.id),
          );
          const changed = piece.filter(({ score }) => shown.get(score.key.id) !== shownOf(score));
          await bulkUpsert(db, trx, SCORES, values);
          await bulkUpsert(
            db,
            trx,
            HISTORY,
            changed.map(({ score }) => historyValues(connection, score)),
          );
        });
      }
    },

    async get(connection, recordId) {
      const row = await kysely
        .selectFrom('scores')
        .select('score')
        .where('connection_id', '=', connection)
        .where('module', 'in', ['Accounts', 'Contacts'])
        .where('record_id', '=', recordId)
        .executeTakeFirst();
      return row ? fromJson<Score>(row.score) : null;
    },

    async states(connection, keys) {
      const states = new Map<string, ScoreState>();
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        const rows = await kysely
          .selectFrom('scores')
          .select(['record_id', 'state'])
          .where('connection_id', '=', connection)
          .where('module', 'in', ['Accounts', 'Contacts'])
          .where(
            isOneOf(
              db,
              'record_id',
              piece.map((key) => key.id),
            ),
          )
          .execute();
        for (const row of rows) states.set(row.record_id, fromJson<ScoreState>(row.state));
      }
      return states;
    },

    async *inKeyOrder(connection, chunk) {
      for (const module of ['Accounts', 'Contacts'] as const) {
        for (let after = ''; ; ) {
          const rows = await kysely
            .selectFrom('scores')
            .select(['record_id', 'score'])
            .where('connection_id', '=', connection)
            .where('module', '=', module)
            .where('record_id', '>', after)
            .orderBy('record_id')
            .limit(chunk)
            .execute();
          const last = rows.at(-1);
          if (!last) break;
          yield rows.map((row) => fromJson<Score>(row.score));
          after = last.record_id;
        }
      }
    },

    async countAbove(connection, entry) {
      const { profit12, revenue12, firstPurchase, id } = entry;
      const { rows } = await sql<{ above: number }>`
        select count(*) as above from scores
        where connection_id = ${connection} and rank is not null and profit12 >= ${profit12} and (
          profit12 > ${profit12}
          or revenue12 > ${revenue12}
          or (revenue12 = ${revenue12} and (
            first_purchase < ${firstPurchase}
            or (first_purchase = ${firstPurchase} and (
              length(record_id) < ${id.length}
              or (length(record_id) = ${id.length} and record_id < ${id}))))))`.execute(kysely);
      return rows[0]?.above ?? 0;
    },

    async removeExcept(connection, asOf, startedAt) {
      let removed = 0;
      for (;;) {
        const stale = await kysely
          .selectFrom('scores')
          .select('record_id')
          .where('connection_id', '=', connection)
          .where((eb) => eb.or([eb('as_of', '<>', asOf), eb('written_at', '<', startedAt)]))
          .limit(MAX_ROWS)
          .execute();
        if (stale.length === 0) return removed;
        await removeScores(
          db,
          connection,
          stale.map((row) => row.record_id),
        );
        removed += stale.length;
      }
    },

    async remove(connection, keys) {
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        await removeScores(
          db,
          connection,
          piece.map((key) => key.id),
        );
      }
    },

    async history(connection, recordId) {
      const rows = await kysely
        .selectFrom('score_history')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('module', 'in', ['Accounts', 'Contacts'])
        .where('record_id', '=', recordId)
        .orderBy('as_of')
        .execute();
      return rows.map(
        (row): ScoreHistoryRow => ({
          asOf: row.as_of,
          // Written from a Score only.
          tier: row.tier as Score['tier'],
          phase: row.phase as Score['phase'],
          subPhase: row.sub_phase as Score['subPhase'],
          gold: row.gold,
          profit12: minor(row.profit12),
        }),
      );
    },
  };
}

async function removeScores(db: Db, connection: ConnectionId, ids: readonly RecordId[]): Promise<void> {
  await db.kysely
    .deleteFrom('scores')
    .where('connection_id', '=', connection)
    .where('module', 'in', ['Accounts', 'Contacts'])
    .where(isOneOf(db, 'record_id', ids))
    .execute();
}

function shownOf(score: Pick<Score, 'tier' | 'phase' | 'subPhase' | 'gold'>): string {
  return `${score.tier}/${score.phase}/${score.subPhase ?? ''}/${score.gold}`;
}

async function shownBefore(
  db: Db,
  trx: Kysely<Tables>,
  connection: ConnectionId,
  ids: readonly RecordId[],
): Promise<Map<RecordId, string>> {
  const rows = await trx
    .selectFrom('scores')
    .select(['record_id', 'tier', 'phase', 'sub_phase', 'gold'])
    .where('connection_id', '=', connection)
    .where('module', 'in', ['Accounts', 'Contacts'])
    .where(isOneOf(db, 'record_id', ids))
    .execute();
  return new Map(
    rows.map((row) => [row.record_id, `${row.tier}/${row.phase}/${row.sub_phase ?? ''}/${row.gold}`]),
  );
}

function scoreValues(connection: ConnectionId, writtenAt: Date, score: Score, state: ScoreState): unknown[] {
  return [
    connection,
    score.key.module,
    score.key.id,
    score.asOf,
    writtenAt,
    score.tier,
    score.phase,
    score.subPhase,
    score.gold,
    score.rank,
    score.window12.profit,
    score.window12.revenue,
    score.firstPurchase,
    toJson(score),
    toJson(state),
  ];
}

function historyValues(connection: ConnectionId, score: Score): unknown[] {
  const { key, asOf, tier, phase, subPhase, gold } = score;
  return [connection, key.module, key.id, asOf, tier, phase, subPhase, gold, score.window12.profit];
}
