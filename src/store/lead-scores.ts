import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import { nameKey } from './customer-list.ts';
import { type BulkUpsert, bulkUpsert, isOneOf } from './dialect.ts';
import type { LeadScoresStore } from './lead-stores.ts';
import { chunksOf, deletePieces, fromJson, MAX_ROWS, storable, toJson, uniqueBy } from './rows.ts';

// A score with its reasons is about 2 KB.
const SCORES_PER_WRITE = 500;

const SCORES: BulkUpsert = {
  table: 'lead_scores',
  columns: [
    { name: 'connection_id', type: 'text' },
    { name: 'record_id', type: 'text' },
    { name: 'as_of', type: 'text' },
    { name: 'written_at', type: 'timestamptz' },
    { name: 'state', type: 'text' },
    { name: 'follow_up', type: 'text' },
    { name: 'follow_up_by', type: 'text' },
    { name: 'expected_value', type: 'bigint' },
    { name: 'name_key', type: 'text' },
    { name: 'owner_id', type: 'text' },
    { name: 'source', type: 'text' },
    { name: 'chance_ppm', type: 'bigint' },
    { name: 'unanswered', type: 'bigint' },
    { name: 'score', type: 'text' },
  ],
  key: ['connection_id', 'record_id'],
};

/** Latest score of each lead that is no customer yet. */
export function leadScoresStore(db: Db, clock: Clock): LeadScoresStore {
  const { kysely } = db;
  return {
    async save(connection, scores) {
      for (const piece of chunksOf(
        uniqueBy(scores, (score) => score.key.id),
        SCORES_PER_WRITE,
      )) {
        const writtenAt = clock.now();
        const values = piece.map((score) => [
          connection,
          score.key.id,
          score.asOf,
          writtenAt,
          score.state,
          score.followUp,
          score.followUpBy,
          score.expectedValue,
          nameKey(storable(score.name)),
          score.ownerId,
          score.source === null ? null : storable(score.source),
          score.chance === null ? null : Math.round(score.chance * 1e6),
          score.unansweredTouches,
          toJson(score),
        ]);
        await kysely.transaction().execute((trx) => bulkUpsert(db, trx, SCORES, values));
      }
    },

    async get(connection, leadId) {
      const row = await kysely
        .selectFrom('lead_scores')
        .select('score')
        .where('connection_id', '=', connection)
        .where('record_id', '=', leadId)
        .executeTakeFirst();
      return row ? fromJson<LeadScore>(row.score) : null;
    },

    async *inKeyOrder(connection, chunk) {
      for (let after = ''; ; ) {
        const rows = await kysely
          .selectFrom('lead_scores')
          .select(['record_id', 'score'])
          .where('connection_id', '=', connection)
          .where('record_id', '>', after)
          .orderBy('record_id')
          .limit(chunk)
          .execute();
        const last = rows.at(-1);
        if (!last) return;
        yield rows.map((row) => fromJson<LeadScore>(row.score));
        after = last.record_id;
      }
    },

    removeExcept(connection, asOf, startedAt) {
      const isStale = sql`connection_id = ${connection} and (as_of <> ${asOf} or written_at < ${startedAt})`;
      return deletePieces(
        kysely,
        sql`delete from lead_scores where connection_id = ${connection}
          and record_id in (select record_id from lead_scores where ${isStale} limit ${MAX_ROWS})`,
      );
    },

    async remove(connection, ids) {
      for (const piece of chunksOf(ids, MAX_ROWS)) await removeScores(db, connection, piece);
    },
  };
}

async function removeScores(db: Db, connection: ConnectionId, ids: readonly RecordId[]): Promise<void> {
  await db.kysely
    .deleteFrom('lead_scores')
    .where('connection_id', '=', connection)
    .where(isOneOf(db, 'record_id', ids))
    .execute();
}
