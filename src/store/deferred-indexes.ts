import { sql } from 'kysely';
import type { Db } from '../db.ts';
import { inSpareMemory, secondaryIndexes } from './dialect.ts';
import type { Tables } from './tables.ts';

/**
 * A first fill of a large table runs without its secondary indexes: rows that arrive in the order of ids land all over
 * an index by account, and each commit would write thousands of its pages. What was taken away is written down in the
 * same transaction, so that whoever comes next makes it again when the process that filled was killed.
 */

export async function dropSecondaryIndexes(db: Db, table: keyof Tables): Promise<void> {
  const indexes = await secondaryIndexes(db, table);
  if (indexes.length === 0) return;
  await db.kysely.transaction().execute(async (trx) => {
    for (const { name, definition } of indexes) {
      await trx
        .insertInto('deferred_indexes')
        .values({ name, definition })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      await sql`drop index if exists ${sql.id(name)}`.execute(trx);
    }
  });
}

/** Each in a transaction of its own: nobody else can write meanwhile, a second for a million rows. */
export async function restoreIndexes(db: Db): Promise<void> {
  const names = await db.kysely.selectFrom('deferred_indexes').select('name').orderBy('name').execute();
  for (const { name } of names) await inSpareMemory(db, () => restoreIndex(db, name));
}

async function restoreIndex(db: Db, name: string): Promise<void> {
  await db.kysely.transaction().execute(async (trx) => {
    // Whoever deletes the row makes the index; another process that wanted to finds it done.
    const row = await trx
      .deleteFrom('deferred_indexes')
      .where('name', '=', name)
      .returning('definition')
      .executeTakeFirst();
    if (row) await sql.raw(row.definition).execute(trx);
  });
}
