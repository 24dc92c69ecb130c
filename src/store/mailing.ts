import { createHash } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import { type Keys, seal, unseal } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, Language } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import { forUpdate, skipLocked } from './dialect.ts';
import type { KnownRecipient, MailingStore, MailKind, OutMail } from './notify-stores.ts';
import { eventOf } from './out-events.ts';
import { fromJson, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

const hashOf = (address: string) => createHash('sha256').update(address.trim().toLowerCase()).digest('hex');
const contextOf = (connection: ConnectionId) => `mail/${connection}/address`;
const OPT_OUT = 'mail/opt-out';
/** Differs between connections, and cannot be guessed from an address alone. */
const idOf = (connection: ConnectionId, address_hash: string) =>
  hashOf(`${connection}/${address_hash}`).slice(0, 16);

/** Who gets mail, who does not want it, and the messages that wait. Addresses are sealed. */
export function mailingStore(db: Db, keys: Keys): MailingStore {
  const { kysely } = db;
  const knownToken = async (token: string) => {
    const opened = openToken(keys, token);
    if (opened === null) return null;
    const [connection, hash, kind] = opened;
    const known = await kysely
      .selectFrom('connections')
      .select('id')
      .where('id', '=', connection)
      .executeTakeFirst();
    return known ? { connection, hash, kind } : null;
  };
  return {
    async recipients(connection) {
      const rows = await kysely
        .selectFrom('mail_recipients')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('address_hash')
        .execute();
      const optouts = await kysely
        .selectFrom('mail_optouts')
        .select(['address_hash', 'kind'])
        .where('connection_id', '=', connection)
        .orderBy('kind')
        .execute();
      return rows.map(({ address, address_hash, language, alerts, digest }): KnownRecipient => {
        const stopped = optouts.filter((row) => row.address_hash === address_hash);
        return {
          id: idOf(connection, address_hash),
          address: unseal(keys, address, contextOf(connection)),
          language: language as Language, // written from one
          alerts,
          digest,
          stopped: stopped.map(({ kind }) => kind as MailKind), // written from one
        };
      });
    },
    async setRecipient(connection, { address, language, alerts, digest }) {
      const values = { address: seal(keys, address.trim(), contextOf(connection)), language, alerts, digest };
      await kysely
        .insertInto('mail_recipients')
        .values({ connection_id: connection, address_hash: hashOf(address), ...values })
        .onConflict((conflict) => conflict.columns(['connection_id', 'address_hash']).doUpdateSet(values))
        .execute();
    },
    async removeRecipient(connection, address) {
      const { numDeletedRows } = await kysely
        .deleteFrom('mail_recipients')
        .where('connection_id', '=', connection)
        .where('address_hash', '=', hashOf(address))
        .executeTakeFirstOrThrow();
      await kysely
        .updateTable('out_mails')
        .set({ state: 'dropped', next_at: null, error: 'recipient_removed' })
        .where('connection_id', '=', connection)
        .where('address_hash', '=', hashOf(address))
        .where('state', 'in', ['waiting', 'failed'])
        .execute();
      return numDeletedRows > 0n;
    },
    optOutToken: (connection, address, kind) =>
      seal(keys, toJson([connection, hashOf(address), kind]), OPT_OUT),
    async optOutOf(token) {
      const named = await knownToken(token);
      return named && { connection: named.connection, kind: named.kind };
    },
    async optOut(token, at) {
      const named = await knownToken(token);
      if (named === null) return null;
      const { connection, hash, kind } = named;
      await kysely.transaction().execute(async (trx) => {
        await trx
          .insertInto('mail_optouts')
          .values({ connection_id: connection, address_hash: hash, kind, at })
          .onConflict((conflict) => conflict.columns(['connection_id', 'address_hash', 'kind']).doNothing())
          .execute();
        await trx
          .updateTable('out_mails')
          .set({ state: 'dropped', next_at: null, error: 'opted_out' })
          .where('connection_id', '=', connection)
          .where('address_hash', '=', hash)
          .where('kind', '=', kind)
          .where('state', 'in', ['waiting', 'failed'])
          .execute();
      });
      return { connection, kind };
    },
    async optIn(connection, address) {
      await kysely
        .deleteFrom('mail_optouts')
        .where('connection_id', '=', connection)
        .where('address_hash', '=', hashOf(address))
        .execute();
    },

    async waitingFor() {
      const rows = await kysely
        .selectFrom('out_events')
        .select('connection_id')
        .distinct()
        .where('mail_state', '=', 'waiting')
        .orderBy('connection_id')
        .execute();
      return rows.map((row) => row.connection_id);
    },
    async waitingEvents(connection) {
      const rows = await kysely
        .selectFrom('out_events')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('mail_state', '=', 'waiting')
        .orderBy('id')
        .execute();
      return rows.map(eventOf);
    },
    async eventsOf(connection, sequences) {
      if (sequences.length === 0) return [];
      const rows = await kysely
        .selectFrom('out_events')
        .selectAll()
        .where('connection_id', '=', connection)
        .where('id', 'in', [...sequences])
        .orderBy('id')
        .execute();
      return rows.map(eventOf);
    },
    add: (connection, mails, events, at) =>
      kysely.transaction().execute(async (trx) => {
        if (!(await areWaiting(db, trx, connection, events))) return 0;
        const optouts = await trx
          .selectFrom('mail_optouts')
          .select(['address_hash', 'kind'])
          .where('connection_id', '=', connection)
          .execute();
        const isUnwanted = new Set(optouts.map(({ address_hash, kind }) => `${kind}/${address_hash}`));
        let added = 0;
        for (const { key, kind, address, language, about } of mails) {
          const address_hash = hashOf(address);
          if (isUnwanted.has(`${kind}/${address_hash}`)) continue;
          const { numInsertedOrUpdatedRows } = await trx
            .insertInto('out_mails')
            .values({
              connection_id: connection,
              mail_key: key,
              kind,
              address: seal(keys, address, contextOf(connection)),
              address_hash,
              language,
              about: toJson(about),
              state: 'waiting',
              attempts: 0,
              next_at: at,
              made_at: at,
              sent_at: null,
              error: null,
              lease_by: null,
              lease_until: null,
            })
            .onConflict((conflict) =>
              conflict.columns(['connection_id', 'mail_key', 'address_hash']).doNothing(),
            )
            .executeTakeFirstOrThrow();
          added += Number(numInsertedOrUpdatedRows ?? 0n);
        }
        if (events.length > 0)
          await trx
            .updateTable('out_events')
            .set({ mail_state: 'done' })
            .where('connection_id', '=', connection)
            .where('id', 'in', [...events])
            .execute();
        return added;
      }),
    claim: (now, lease) =>
      kysely.transaction().execute(async (trx) => {
        const row = await trx
          .selectFrom('out_mails as m')
          .selectAll('m')
          .where('m.state', '=', 'waiting')
          .where('m.next_at', '<=', now)
          .where((eb) => eb.or([eb('m.lease_until', 'is', null), eb('m.lease_until', '<=', now)]))
          .orderBy('m.next_at')
          .limit(1)
          .modifyEnd(skipLocked(db, 'm'))
          .executeTakeFirst();
        if (!row) return null;
        const attempts = row.attempts + 1;
        await trx
          .updateTable('out_mails')
          .set({ lease_by: lease.holder, lease_until: lease.until, attempts })
          .where('id', '=', row.id)
          .execute();
        return mailOf(keys, { ...row, attempts });
      }),
    async settle(id, outcome) {
      const free = { lease_by: null, lease_until: null };
      const values =
        outcome.state === 'sent'
          ? { state: 'sent', sent_at: outcome.at, next_at: null, error: null }
          : outcome.state === 'waiting'
            ? { next_at: outcome.at, error: outcome.error }
            : { state: outcome.state, next_at: null, error: outcome.error };
      await kysely
        .updateTable('out_mails')
        .set({ ...values, ...free })
        .where('id', '=', id)
        .execute();
    },
    async failing(connection) {
      const rows = await kysely
        .selectFrom('out_mails as m')
        .select('m.error')
        .where('m.connection_id', '=', connection)
        .where('m.state', '=', 'failed')
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('out_mails as later')
                .select('later.id')
                .whereRef('later.connection_id', '=', 'm.connection_id')
                .whereRef('later.address_hash', '=', 'm.address_hash')
                .whereRef('later.id', '>', 'm.id')
                .where('later.state', '=', 'sent'),
            ),
          ),
        )
        .orderBy('m.id', 'desc')
        .execute();
      return { messages: rows.length, why: rows[0]?.error ?? null };
    },
    async summary(connection, since) {
      const of = kysely.selectFrom('out_mails').where('connection_id', '=', connection);
      const counts = await of
        .select(['state', ({ fn }) => fn.countAll<number>().as('mails')])
        .where((eb) => eb.or([eb('state', '=', 'waiting'), eb('made_at', '>', since)]))
        .groupBy('state')
        .execute();
      const last = await of
        .select('sent_at as at')
        .where('sent_at', 'is not', null)
        .orderBy('sent_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      const failed = await of
        .select('error')
        .where('error', 'is not', null)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      const count = (state: string) => Number(counts.find((row) => row.state === state)?.mails ?? 0);
      return {
        waiting: count('waiting'),
        failed: count('failed'),
        sentAt: last?.at ?? null,
        lastError: failed?.error ?? null,
      };
    },
  };
}

/** And nobody else can deal with them until the transaction ends. */
async function areWaiting(
  db: Db,
  trx: Transaction<Tables>,
  connection: ConnectionId,
  events: readonly number[],
): Promise<boolean> {
  if (events.length === 0) return true;
  const rows = await trx
    .selectFrom('out_events')
    .select('id')
    .where('connection_id', '=', connection)
    .where('id', 'in', [...events])
    .where('mail_state', '=', 'waiting')
    .orderBy('id')
    .modifyEnd(forUpdate(db))
    .execute();
  return rows.length === events.length;
}

function openToken(keys: Keys, token: string): [ConnectionId, string, MailKind] | null {
  try {
    return fromJson<[ConnectionId, string, MailKind]>(unseal(keys, token, OPT_OUT));
  } catch (error) {
    if (error instanceof ConfigError) return null;
    throw error;
  }
}

function mailOf(keys: Keys, row: Selectable<Tables['out_mails']>): OutMail {
  return {
    id: row.id,
    connection: row.connection_id,
    key: row.mail_key,
    // Both are written from one.
    kind: row.kind as MailKind,
    language: row.language as Language,
    address: unseal(keys, row.address, contextOf(row.connection_id)),
    about: fromJson<unknown>(row.about),
    attempts: row.attempts,
    madeAt: row.made_at,
  };
}
