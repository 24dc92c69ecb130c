import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import { minor } from '../money.ts';
import type { Score, ScoreState } from '../scores.ts';
import { selectArrays } from './dialect.ts';
import type { ScoreHistoryRow, ScoresStore } from './record-stores.ts';
import { chunksOf, deletePieces, found, fromJson, MAX_ROWS, uniqueBy } from './rows.ts';
import { movesBetween } from './score-moves.ts';
import { packedScores, removeFromPacks, removePacksBefore } from './score-packs.ts';
import { isScoreOf, isScoreOfKeys, type PreparedScores, prepareScores, writeScores } from './score-rows.ts';

// A full scoring may take a pack away between the look at a score and the look at its pack.
const READ_ATTEMPTS = 5;

/** Latest score and hysteresis state of each customer, and the changes of tier, phase and gold. */
export function scoresStore(db: Db, clock: Clock): ScoresStore {
  const { kysely } = db;
  return {
    async save(connection, rows, options) {
      const unique = uniqueBy(rows, ({ score }) => `${score.key.module}/${score.key.id}`);
      for (const piece of chunksOf(unique, MAX_ROWS)) {
        await writeScores(db, connection, [
          await prepareScores(db, connection, piece, clock.now(), options?.inPacks),
        ]);
      }
    },

    packer(connection) {
      let waiting: PreparedScores[] = [];
      const flush = async () => {
        const pieces = waiting;
        waiting = [];
        await writeScores(db, connection, pieces);
      };
      return {
        async add(rows) {
          const known = waiting.reduce((sum, { rows: values }) => sum + values.length, 0);
          if (known + rows.length > MAX_ROWS) await flush();
          waiting.push(await prepareScores(db, connection, rows, clock.now(), true));
        },
        flush,
      };
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
      const isStale = sql`connection_id = ${connection} and (as_of <> ${asOf} or written_at < ${startedAt})`;
      const removed = await deletePieces(
        kysely,
        sql`delete from scores where connection_id = ${connection}
          and (module, record_id) in (select module, record_id from scores where ${isStale} limit ${MAX_ROWS})`,
      );
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
