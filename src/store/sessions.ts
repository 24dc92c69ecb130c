import type { Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { SessionOwner, SessionsStore, StoredSession } from './access-stores.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** A day off ends a session; seven days end it however much it is used, and Zoho is asked again who someone is. */
const IDLE_MS = 24 * 3_600_000;

export function sessionsStore(db: Db): SessionsStore {
  const { kysely } = db;
  const alive = (now: Date) =>
    kysely
      .selectFrom('sessions')
      .selectAll()
      .where('ends_at', '>', now)
      .where('seen_at', '>', new Date(now.getTime() - IDLE_MS));
  const removal = (owner: SessionOwner) => {
    const query = kysely.deleteFrom('sessions');
    return 'personId' in owner
      ? query.where('person_id', '=', owner.personId)
      : query.where('operator', '=', owner.operator);
  };
  return {
    async find(idHash, now) {
      const row = await alive(now).where('id_hash', '=', idHash).executeTakeFirst();
      return row ? sessionOf(row) : null;
    },
    async save(session) {
      const row = {
        id_hash: session.idHash,
        person_id: session.personId,
        operator: session.operator,
        data: toJson(session.data),
        created_at: session.createdAt,
        seen_at: session.seenAt,
        ends_at: session.endsAt,
      };
      const { id_hash: _id, ...changed } = row;
      await kysely
        .insertInto('sessions')
        .values(row)
        .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(changed))
        .execute();
    },
    async touch(idHash, at) {
      await kysely.updateTable('sessions').set({ seen_at: at }).where('id_hash', '=', idHash).execute();
    },
    async remove(idHash) {
      await kysely.deleteFrom('sessions').where('id_hash', '=', idHash).execute();
    },
    async list(owner, now) {
      const query =
        'personId' in owner
          ? alive(now).where('person_id', '=', owner.personId)
          : alive(now).where('operator', '=', owner.operator);
      return (await query.orderBy('created_at', 'desc').execute()).map(sessionOf);
    },
    async end(owner, idHash) {
      const { numDeletedRows } = await removal(owner).where('id_hash', '=', idHash).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    async endAll(owner) {
      const query =
        owner === 'operators'
          ? kysely.deleteFrom('sessions').where('operator', 'is not', null)
          : removal(owner);
      return Number((await query.executeTakeFirstOrThrow()).numDeletedRows);
    },
    async purge(now) {
      await kysely
        .deleteFrom('sessions')
        .where((eb) =>
          eb.or([eb('ends_at', '<=', now), eb('seen_at', '<=', new Date(now.getTime() - IDLE_MS))]),
        )
        .execute();
    },
  };
}

function sessionOf(row: Selectable<Tables['sessions']>): StoredSession {
  return {
    idHash: row.id_hash,
    personId: row.person_id,
    operator: row.operator,
    data: fromJson(row.data),
    createdAt: row.created_at,
    seenAt: row.seen_at,
    endsAt: row.ends_at,
  };
}
