import { writeSync } from 'node:fs';
import { sql } from 'kysely';
import { openDb } from '../src/db.ts';

/**
 * Child of check-sqlite-durability.ts: commits numbered rows one by one and prints each number after its commit.
 * Arguments: database URL, name of this writer, how many rows (0 = until killed).
 */
const [url = '', writer = '', rows = '0'] = process.argv.slice(2);

const db = await openDb(url);
await sql`create table if not exists probe (writer text not null, number integer not null, primary key (writer, number))`.execute(
  db.kysely,
);
const { rows: last } = await sql<{ number: number | null }>`
  select max(number) as number from probe where writer = ${writer}`.execute(db.kysely);
const first = (last[0]?.number ?? 0) + 1;
const end = Number(rows) === 0 ? Number.POSITIVE_INFINITY : first + Number(rows);
for (let number = first; number < end; number++) {
  await db.kysely.transaction().execute(async (trx) => {
    // Reads before it writes: what makes a plain begin fail when another process wrote in between.
    await sql`select max(number) from probe where writer = ${writer}`.execute(trx);
    await sql`insert into probe values (${writer}, ${number})`.execute(trx);
  });
  // Synchronous: what is printed has been committed, and what was committed last may not be printed.
  writeSync(1, `${number}\n`);
}
await db.close();
