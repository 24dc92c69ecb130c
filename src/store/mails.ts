import { sql } from 'kysely';
import type { Keys } from '../crypto.ts';
import type { Db } from '../db.ts';
import { bulkUpsert, isOneOf } from './dialect.ts';
import { keptOut } from './kept-out.ts';
import { COMMON_COLUMNS, commonValues } from './record-cells.ts';
import { RECORD_TABLES } from './record-tables.ts';
import { uniqueBy } from './rows.ts';
import type { MailsStore } from './store.ts';
import { suppressionsOf } from './suppressions.ts';

/** E-mails that were found, and when each customer's were last looked for. They lie among the activities. */
export function mailsStore(db: Db, keys: Keys): MailsStore {
  const { kysely } = db;
  return {
    async reads(connection) {
      const rows = await kysely
        .selectFrom('mail_reads')
        .select(['customer_id', 'read_at'])
        .where('connection_id', '=', connection)
        .execute();
      return new Map(rows.map((row) => [row.customer_id, row.read_at]));
    },

    async spentSince(connection, since) {
      const { rows } = await sql<{ spent: number | string | null }>`
        select sum(credits) as spent from mail_reads
        where connection_id = ${connection} and read_at > ${since}`.execute(kysely);
      return Number(rows[0]?.spent ?? 0);
    },

    async known(connection, ids) {
      const { rows } = await sql<{ id: string }>`
        select id from activities
        where connection_id = ${connection} and module = 'Emails' and ${isOneOf(db, 'id', ids)}`.execute(
        kysely,
      );
      return new Set(rows.map((row) => row.id));
    },

    async save(connection, { customer, at, credits }, mails) {
      const table = RECORD_TABLES.Notes;
      const suppressions = await suppressionsOf(db, keys, connection);
      const storable = suppressions
        ? mails.map((mail) => keptOut(suppressions, 'Emails', mail)).filter((mail) => mail !== null)
        : mails;
      const rows = uniqueBy(storable, (mail) => mail.id).map((mail) => [
        ...commonValues(connection, mail, mail.id, at),
        ...table.values(mail),
      ]);
      const upsert = {
        table: table.table,
        columns: [...COMMON_COLUMNS, ...table.columns],
        key: ['connection_id', 'module', 'id'],
      };
      await kysely.transaction().execute(async (trx) => {
        if (rows.length > 0) await bulkUpsert(db, trx, upsert, rows);
        await trx
          .insertInto('mail_reads')
          .values({ connection_id: connection, customer_id: customer.id, read_at: at, credits })
          .onConflict((conflict) =>
            conflict.columns(['connection_id', 'customer_id']).doUpdateSet({ read_at: at, credits }),
          )
          .execute();
      });
    },
  };
}
