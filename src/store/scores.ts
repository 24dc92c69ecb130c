import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerKey, CustomerModule, RecordId } from '../domain.ts';
import { minor } from '../money.ts';
import type { Score, ScoreState } from '../scores.ts';
import { bulkUpsert, isOneOf, selectArrays } from './dialect.ts';
import type { ScoreHistoryRow, ScoresStore } from './record-stores.ts';
import { chunksOf, found, fromJson, MAX_ROWS, toJson, uniqueBy } from './rows.ts';
import { movesBetween } from './score-moves.ts';
import {
  addPacks,
  packedScores,
  packIdOf,
  packsOf,
  removeFromPacks,
  removePacksBefore,
} from './score-packs.ts';

// A full scoring may take a pack away between the look at a score and the look at its pack.
const READ_ATTEMPTS = 5;

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
    { name: 'state', type: 'text' },
    { name: 'score', type: 'text' },
    { name: 'pack', type: 'bigint' },
  ],
  key: ['connection_id', 'module', 'record_id'],
  // With a score of its own the pack is where a former one stands, which goes when the customer goes.
  update: { pack: 'coalesce(excluded.pack, scores.pack)' },
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
    async save(connection, rows, options) {
      const unique = uniqueBy(rows, ({ score }) => `${score.key.module}/${score.key.id}`);
      for (const piece of chunksOf(unique, MAX_ROWS)) {
        const writtenAt = clock.now();
        const shown = await shownBefore(db, connection, piece);
        const changed = piece.filter(({ score }) => shown.get(score.key.id) !== shownOf(score));
        // Compressed beforehand: on SQLite nobody else can write during the transaction.
        const packs = options?.inPacks ? packsOf(piece.map(({ score }) => score)) : null;
        await kysely.transaction().execute(async (trx) => {
          const ids = packs && (await addPacks(trx, connection, writtenAt, packs));
          const values = piece.map((row, at) => [
            ...shownValues(connection, writtenAt, row),
            ...(ids ? [null, packIdOf(ids, at)] : [toJson(row.score), null]),
          ]);
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
      const [score] = await storedScores(db, () =>
        selectArrays(
          db,
          sql`select record_id, score, pack from scores where connection_id = ${connection}
            and module in ('Accounts', 'Contacts') and record_id = ${recordId}`,
        ),
      );
      return score ?? null;
    },

    async of(connection, ids) {
      const scores: Score[] = [];
      for (const piece of chunksOf([...ids].sort(), MAX_ROWS)) {
        const found = await storedScores(db, () =>
          selectArrays(
            db,
            sql`select record_id, score, pack from scores where ${isScoreOf(db, connection, piece)}`,
          ),
        );
        scores.push(...found);
      }
      return scores;
    },

    async states(connection, keys) {
      const states = new Map<string, ScoreState>();
      for (const piece of chunksOf(keys, MAX_ROWS)) {
        const rows = await selectArrays(
          db,
          sql`select record_id, state from scores where ${isScoreOfKeys(db, connection, piece)}`,
        );
        // Both columns are text and never null.
        for (const [id, state] of rows) states.set(id as string, fromJson<ScoreState>(state as string));
      }
      return states;
    },

    async *inKeyOrder(connection, chunk) {
      for (const module of ['Accounts', 'Contacts'] as const) {
        for (let after = ''; ; ) {
          const scores = await storedScores(db, () =>
            selectArrays(
              db,
              sql`select record_id, score, pack from scores where connection_id = ${connection}
                and module = ${module} and record_id > ${after} order by record_id limit ${chunk}`,
            ),
          );
          const last = scores.at(-1);
          if (!last) break;
          yield scores;
          after = last.key.id;
        }
      }
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
        if (stale.length === 0) break;
        await kysely
          .deleteFrom('scores')
          .where(
            isScoreOf(
              db,
              connection,
              stale.map((row) => row.record_id),
            ),
          )
          .execute();
        removed += stale.length;
      }
      await removePacksBefore(db, connection, startedAt);
      return removed;
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

    moves: (connection, from, until) => movesBetween(db, connection, from, until),
  };
}

const MODULES: readonly CustomerModule[] = ['Accounts', 'Contacts'];

/** Ids are looked up once in each module, so the fewer the better. */
function isScoreOf(
  db: Db,
  connection: ConnectionId,
  ids: readonly RecordId[],
  modules: readonly CustomerModule[] = MODULES,
): RawBuilder<boolean> {
  return sql<boolean>`connection_id = ${connection} and module in (${sql.join(modules)})
    and ${isOneOf(db, 'record_id', ids)}`;
}
function isScoreOfKeys(db: Db, connection: ConnectionId, keys: readonly CustomerKey[]): RawBuilder<boolean> {
  const modules = new Set(keys.map(({ module }) => module));
  return isScoreOf(
    db,
    connection,
    keys.map(({ id }) => id),
    [...modules],
  );
}

async function removeScores(db: Db, connection: ConnectionId, ids: readonly RecordId[]): Promise<void> {
  await db.kysely.transaction().execute(async (trx) => {
    const { rows } = await sql<{ pack: number }>`select distinct pack from scores
      where ${isScoreOf(db, connection, ids)} and pack is not null`.execute(trx);
    await trx
      .deleteFrom('scores')
      .where(isScoreOf(db, connection, ids))
      .execute();
    await removeFromPacks(
      trx,
      rows.map(({ pack }) => pack),
      new Set(ids),
    );
  });
}

/** Of rows of record id, score and pack. */
async function storedScores(db: Db, read: () => Promise<unknown[][]>): Promise<Score[]> {
  for (let attempt = 1; ; attempt += 1) {
    const rows = (await read()) as [RecordId, string | null, number | null][]; // as the schema types these columns
    const packs = await packedScores(db, [
      ...new Set(rows.flatMap(([, own, pack]) => (own === null && pack !== null ? [pack] : []))),
    ]);
    const scores = rows.map(([id, own, pack]) =>
      own === null ? packs.get(pack ?? 0)?.get(id) : fromJson<Score>(own),
    );
    if (attempt === READ_ATTEMPTS || scores.every((score) => score !== undefined)) {
      return scores.map((score, at) => found(score, `the score of ${rows[at]?.[0]}`));
    }
  }
}

function shownOf(score: Pick<Score, 'tier' | 'phase' | 'subPhase' | 'gold'>): string {
  return `${score.tier}/${score.phase}/${score.subPhase ?? ''}/${score.gold}`;
}

async function shownBefore(
  db: Db,
  connection: ConnectionId,
  rows: readonly { readonly score: Score }[],
): Promise<Map<RecordId, string>> {
  const keys = rows.map(({ score }) => score.key);
  const before = await selectArrays(
    db,
    sql`select record_id, tier, phase, sub_phase, gold from scores where ${isScoreOfKeys(db, connection, keys)}`,
  );
  return new Map(
    before.map(([id, tier, phase, subPhase, gold]) => [
      id as RecordId, // a text column, never null
      `${tier}/${phase}/${subPhase ?? ''}/${gold}`,
    ]),
  );
}

type Scored = { readonly score: Score; readonly state: ScoreState };

function shownValues(connection: ConnectionId, writtenAt: Date, { score, state }: Scored): unknown[] {
  const { key, asOf, tier, phase, subPhase, gold, rank } = score;
  const shown = [tier, phase, subPhase, gold, rank, toJson(state)];
  return [connection, key.module, key.id, asOf, writtenAt, ...shown];
}

function historyValues(connection: ConnectionId, score: Score): unknown[] {
  const { key, asOf, tier, phase, subPhase, gold } = score;
  return [connection, key.module, key.id, asOf, tier, phase, subPhase, gold, score.window12.profit];
}
