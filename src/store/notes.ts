import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { minor } from '../money.ts';
import type { NotesStore } from './import-stores.ts';
import { storable } from './rows.ts';
import type { Tables } from './tables.ts';

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
    async of(connection, { module, id }, limit) {
      const rowsOf = <Table extends 'goodwill' | 'thanks'>(table: Table) =>
        sql<Tables[Table]>`select * from ${sql.table(table)} where connection_id = ${connection}
          and module = ${module} and record_id = ${id} order by day desc, id desc limit ${limit}`.execute(
          kysely,
        );
      const { rows: goodwill } = await rowsOf('goodwill');
      const { rows: thanks } = await rowsOf('thanks');
      return {
        goodwill: goodwill.map(({ day, amount, note }) => ({ day, amount: minor(amount), note })),
        thanks: thanks.map(({ day, how, note }) => ({ day, how, note })),
      };
    },
  };
}
