import type { Db } from '../db.ts';
import type { NotesStore } from './import-stores.ts';
import { storable } from './rows.ts';

/** What people note about a customer by hand: goodwill given, thanks said. */
export function notesStore({ kysely }: Db): NotesStore {
  const kept = (text: string | null) => (text === null ? null : storable(text));
  return {
    async addGoodwill(connection, { module, id }, { day, amount, note }) {
      await kysely
        .insertInto('goodwill')
        .values({ connection_id: connection, module, record_id: id, day, amount, note: kept(note) })
        .execute();
    },
    async addThanks(connection, { module, id }, { day, how, note }) {
      await kysely
        .insertInto('thanks')
        .values({
          connection_id: connection,
          module,
          record_id: id,
          day,
          how: storable(how),
          note: kept(note),
        })
        .execute();
    },
  };
}
