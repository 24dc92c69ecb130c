import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, RecordId } from '../domain.ts';
import type { Score } from '../scores.ts';
import { isOneOfNumbers, selectArrays } from './dialect.ts';
import { chunksOf, fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/**
 * Scores of neighbouring customers in one compressed piece. Alone a score takes 3.5 KB, and what a full scoring writes
 * is what it waits for; nine tenths of that stand in the neighbours' scores too. A customer rescored alone gets a score
 * of its own, which goes before the one in the pack until the next full scoring.
 */

// Fifty are read, decompressed and parsed within two milliseconds; more are hardly smaller.
const MOST_IN_PACK = 50;
const PACKS_PER_DELETE = 200;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Bodies of packs, in the order of the scores. */
export function packsOf(scores: readonly Score[]): Uint8Array[] {
  return [...chunksOf(scores, MOST_IN_PACK)].map(packed);
}

/** Their ids. */
export async function addPacks(
  trx: Kysely<Tables>,
  connection: ConnectionId,
  writtenAt: Date,
  bodies: readonly Uint8Array[],
): Promise<number[]> {
  const ids: number[] = [];
  for (const body of bodies) {
    const { id } = await trx
      .insertInto('score_packs')
      .values({ connection_id: connection, written_at: writtenAt, body })
      .returning('id')
      .executeTakeFirstOrThrow();
    ids.push(id);
  }
  return ids;
}

/** Of the score at this place among those that were packed. */
export function packIdOf(ids: readonly number[], place: number): number | undefined {
  return ids[Math.floor(place / MOST_IN_PACK)];
}

function packed(scores: readonly Score[]): Uint8Array {
  return zstdCompressSync(toJson(scores), FAST);
}
function unpacked(body: Uint8Array): Score[] {
  return fromJson<Score[]>(zstdDecompressSync(body).toString());
}

/** By pack, then by record id. A pack that is gone is left out. */
export async function packedScores(
  db: Db,
  packs: readonly number[],
): Promise<Map<number, Map<RecordId, Score>>> {
  if (packs.length === 0) return new Map();
  const rows = await selectArrays(
    db,
    sql`select id, body from score_packs where ${isOneOfNumbers(db, 'id', packs)}`,
  );
  return new Map(
    rows.map(([id, body]) => {
      const scores = unpacked(body as Uint8Array); // the columns are bigint and bytes, and none is null
      return [id as number, new Map(scores.map((score) => [score.key.id, score]))];
    }),
  );
}

/** Leaves these scores out of the packs that they stand in. */
export async function removeFromPacks(
  trx: Kysely<Tables>,
  packs: readonly number[],
  ids: ReadonlySet<RecordId>,
): Promise<void> {
  for (const id of packs) {
    const row = await trx.selectFrom('score_packs').select('body').where('id', '=', id).executeTakeFirst();
    if (!row) continue;
    const kept = unpacked(row.body).filter((score) => !ids.has(score.key.id));
    if (kept.length === 0) await trx.deleteFrom('score_packs').where('id', '=', id).execute();
    else {
      await trx
        .updateTable('score_packs')
        .set({ body: packed(kept) })
        .where('id', '=', id)
        .execute();
    }
  }
}

/** Packs written before; no score stands in them any more. */
export async function removePacksBefore(db: Db, connection: ConnectionId, before: Date): Promise<void> {
  for (;;) {
    const old = db.kysely
      .selectFrom('score_packs')
      .select('id')
      .where('connection_id', '=', connection)
      .where('written_at', '<', before)
      .orderBy('id')
      .limit(PACKS_PER_DELETE);
    const { numDeletedRows } = await db.kysely
      .deleteFrom('score_packs')
      .where('id', 'in', old)
      .executeTakeFirst();
    if (numDeletedRows < PACKS_PER_DELETE) return;
  }
}

/** Each score as `change` says; null takes it out. */
export async function rewritePacks(
  db: Db,
  connection: ConnectionId,
  change: (score: Score) => Score | null,
): Promise<void> {
  for (let after = 0; ; ) {
    const [row] = await selectArrays(
      db,
      sql`select id, body from score_packs where connection_id = ${connection} and id > ${after} order by id limit 1`,
    );
    if (!row) return;
    const [id, body] = row as [number, Uint8Array]; // a bigint and bytes
    const scores = unpacked(body);
    const kept = scores.map(change).filter((score) => score !== null);
    if (kept.length === 0) await db.kysely.deleteFrom('score_packs').where('id', '=', id).execute();
    else if (kept.length < scores.length || kept.some((score, index) => score !== scores[index])) {
      await db.kysely
        .updateTable('score_packs')
        .set({ body: packed(kept) })
        .where('id', '=', id)
        .execute();
    }
    after = id;
  }
}
