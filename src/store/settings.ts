import type { Kysely, Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import { isUniqueViolation } from './rows.ts';
import type { NewSettings, SettingsStore, SettingsVersion } from './settings-stores.ts';
import type { Tables } from './tables.ts';

/** Settings of connections, by versions; and what each was last run under. */
export function settingsStore(db: Db): SettingsStore {
  const { kysely } = db;
  const of = (connection: ConnectionId, trx: Kysely<Tables> = kysely) =>
    trx.selectFrom('settings').selectAll().where('connection_id', '=', connection);
  const newest = async (connection: ConnectionId, state: string, trx: Kysely<Tables> = kysely) => {
    const rows = of(connection, trx).where('state', '=', state).orderBy('version', 'desc').limit(1);
    const row = await rows.executeTakeFirst();
    return row ? versionOf(row) : null;
  };
  const insert = async (
    trx: Kysely<Tables>,
    connection: ConnectionId,
    input: NewSettings & { readonly state: string; readonly basedOn: number },
  ) => {
    const last = await of(connection, trx).orderBy('version', 'desc').limit(1).executeTakeFirst();
    const row = {
      connection_id: connection,
      version: (last?.version ?? 0) + 1,
      state: input.state,
      document: input.document,
      note: input.note,
      who: input.who,
      at: input.at,
      base_hash: input.baseHash,
      based_on: input.basedOn,
    };
    await trx.insertInto('settings').values(row).execute();
    return versionOf(row);
  };
  const change = async <T>(work: (trx: Kysely<Tables>) => Promise<T>): Promise<T> => {
    try {
      return await kysely.transaction().execute(work);
    } catch (cause) {
      if (!isUniqueViolation(cause)) throw cause;
      throw new ConflictError(
        'somebody else changed the settings of this connection just now; look at them, then try again',
        { cause },
      );
    }
  };
  const requireInForce = async (trx: Kysely<Tables>, connection: ConnectionId, basedOn: number) => {
    const version = (await newest(connection, 'published', trx))?.version ?? 0;
    if (version === basedOn) return;
    throw new ConflictError(
      `version ${version} was published after this change was begun; compare the two, then save it again`,
    );
  };
  return {
    current: (connection) => newest(connection, 'published'),
    draft: (connection) => newest(connection, 'draft'),
    async get(connection, version) {
      const row = await of(connection).where('version', '=', version).executeTakeFirst();
      return row ? versionOf(row) : null;
    },
    async history(connection, limit) {
      return (await of(connection).orderBy('version', 'desc').limit(limit).execute()).map(versionOf);
    },
    saveDraft: (connection, input) =>
      change(async (trx) => {
        const basedOn = (await newest(connection, 'published', trx))?.version ?? 0;
        // Before the old one goes: its number is not given again.
        const saved = await insert(trx, connection, { ...input, state: 'draft', basedOn });
        await trx
          .deleteFrom('settings')
          .where('connection_id', '=', connection)
          .where('state', '=', 'draft')
          .where('version', '<', saved.version)
          .execute();
        return saved;
      }),
    publish: (connection, version, { note, who, at }) =>
      change(async (trx) => {
        const row = await of(connection, trx).where('version', '=', version).executeTakeFirst();
        if (row?.state !== 'draft') throw new ConflictError(`version ${version} is no draft any more`);
        await requireInForce(trx, connection, row.based_on);
        const values = { state: 'published', who, at, note: note ?? row.note };
        const { numUpdatedRows } = await trx
          .updateTable('settings')
          .set(values)
          .where('connection_id', '=', connection)
          .where('version', '=', version)
          .where('state', '=', 'draft')
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) throw new ConflictError(`version ${version} is no draft any more`);
        return versionOf({ ...row, ...values });
      }),
    add: (connection, input) =>
      change(async (trx) => {
        await requireInForce(trx, connection, input.basedOn);
        return insert(trx, connection, { ...input, state: 'published' });
      }),
    async discardDraft(connection) {
      const { numDeletedRows } = await kysely
        .deleteFrom('settings')
        .where('connection_id', '=', connection)
        .where('state', '=', 'draft')
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    async allCurrent() {
      const rows = await kysely
        .selectFrom('settings as s')
        .selectAll('s')
        .where('s.state', '=', 'published')
        .where('s.version', '=', (eb) =>
          eb
            .selectFrom('settings as newest')
            .select(({ fn }) => fn.max('newest.version').as('version'))
            .whereRef('newest.connection_id', '=', 's.connection_id')
            .where('newest.state', '=', 'published'),
        )
        .execute();
      return new Map(rows.map((row) => [row.connection_id, versionOf(row)]));
    },
    async noteInUse({ connection, version, baseHash, overlayHash, at }) {
      const values = { version, base_hash: baseHash, overlay_hash: overlayHash, at };
      await kysely
        .insertInto('settings_in_use')
        .values({ connection_id: connection, ...values })
        .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(values))
        .execute();
    },
    async allInUse() {
      const rows = await kysely.selectFrom('settings_in_use').selectAll().execute();
      return rows.map((row) => ({
        connection: row.connection_id,
        version: row.version,
        baseHash: row.base_hash,
        overlayHash: row.overlay_hash,
        at: row.at,
      }));
    },
  };
}

function versionOf(row: Selectable<Tables['settings']>): SettingsVersion {
  return {
    version: row.version,
    // Only ever written from these words.
    state: row.state as SettingsVersion['state'],
    document: row.document,
    note: row.note,
    who: row.who,
    at: row.at,
    baseHash: row.base_hash,
    basedOn: row.based_on,
  };
}
