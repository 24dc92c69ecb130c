import type { Kysely, Selectable } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import { newId } from './access-secrets.ts';
import { namesOf } from './audit.ts';
import { holdConnection } from './dialect.ts';
import { fromJson, storable, toJson } from './rows.ts';
import type { Tables } from './tables.ts';
import type { SavedView, SavedViewsStore, ViewQuery } from './view-stores.ts';

/** Views of the list of customers that people saved, each for themselves or for everybody who sees the connection. */

// A menu of more is no menu any more.
const MOST_VIEWS = 50;
type Row = Selectable<Tables['saved_views']>;

export function savedViewsStore(db: Db): SavedViewsStore {
  const { kysely } = db;
  const told = async (rows: readonly Row[]): Promise<SavedView[]> => {
    const names = await namesOf(db, new Set(rows.map(({ who }) => who)));
    return rows.map((row) => viewOf(row, names));
  };
  const get = async (connection: ConnectionId, id: string): Promise<SavedView | null> => {
    const rows = await rowsOf(kysely, connection).where('id', '=', id).execute();
    return (await told(rows))[0] ?? null;
  };
  /** One writer at a time, so that two windows do not save two views of one name. */
  const changed = (connection: ConnectionId, change: (trx: Kysely<Tables>) => Promise<void>) =>
    kysely.transaction().execute(async (trx) => {
      await holdConnection(db, trx, connection);
      await change(trx);
    });
  return {
    async list(connection, who) {
      const rows = await rowsOf(kysely, connection)
        .where((eb) => eb.or([eb('who', '=', who), eb('shared', '=', true)]))
        .orderBy('name')
        .orderBy('id')
        .execute();
      return told(rows);
    },
    get,
    async add(connection, { who, name, shared, query }, at) {
      const row = {
        ...{ id: newId(), connection_id: connection, who, name: storable(name), shared },
        ...{ query: toJson(query), changed_at: at },
      };
      await changed(connection, async (trx) => {
        const own = await rowsOf(trx, connection).where('who', '=', who).execute();
        requireNewName(own, row.name);
        if (own.length >= MOST_VIEWS)
          throw new ConflictError(`you have ${MOST_VIEWS} views already; remove one first`);
        await trx.insertInto('saved_views').values(row).execute();
      });
      return (await told([row]))[0] as SavedView; // one for one
    },
    async change(connection, id, { name, shared, query }, at) {
      await changed(connection, async (trx) => {
        const row = await rowsOf(trx, connection).where('id', '=', id).executeTakeFirst();
        if (!row) return;
        const own = await rowsOf(trx, connection).where('who', '=', row.who).execute();
        if (name !== undefined)
          requireNewName(
            own.filter((other) => other.id !== id),
            storable(name),
          );
        await trx
          .updateTable('saved_views')
          .set({
            ...(name === undefined ? {} : { name: storable(name) }),
            ...(shared === undefined ? {} : { shared }),
            ...(query === undefined ? {} : { query: toJson(query) }),
            changed_at: at,
          })
          .where('connection_id', '=', connection)
          .where('id', '=', id)
          .execute();
      });
      return get(connection, id);
    },
    async remove(connection, id) {
      await kysely
        .deleteFrom('saved_views')
        .where('connection_id', '=', connection)
        .where('id', '=', id)
        .execute();
    },
  };
}

/** Of somebody who may not see the connection any more; what they shared stays. */
export async function removeOwnViews(
  kysely: Kysely<Tables>,
  connection: ConnectionId,
  personId: string,
): Promise<void> {
  await kysely
    .deleteFrom('saved_views')
    .where('connection_id', '=', connection)
    .where('who', '=', `user:${personId}`)
    .where('shared', '=', false)
    .execute();
}

function rowsOf(kysely: Kysely<Tables>, connection: ConnectionId) {
  return kysely.selectFrom('saved_views').selectAll().where('connection_id', '=', connection);
}

function requireNewName(own: readonly Pick<Row, 'name'>[], name: string): void {
  if (own.some((view) => view.name === name))
    throw new ConflictError(`there is a view "${name}" already; choose another name, or change that one`);
}

function viewOf(row: Row, names: ReadonlyMap<string, string>): SavedView {
  return {
    ...{ id: row.id, who: row.who, whoName: names.get(row.who) ?? null, name: row.name },
    ...{ shared: row.shared, query: fromJson<ViewQuery>(row.query), changedAt: row.changed_at },
  };
}
