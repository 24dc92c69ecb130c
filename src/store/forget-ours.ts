import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, FieldValue, ModuleName } from '../domain.ts';
import { isShared, RECORD_TABLES } from './record-tables.ts';
import { fromJson, MAX_ROWS, toJson } from './rows.ts';

/** Drops values of fields that the org has no longer, as they stood there and as we wrote them. */
export async function forgetOurs(
  db: Db,
  connection: ConnectionId,
  module: ModuleName,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  const { table } = RECORD_TABLES[module];
  const records = isShared(RECORD_TABLES[module])
    ? sql`connection_id = ${connection} and module = ${module}`
    : sql`connection_id = ${connection}`;
  const written = sql`connection_id = ${connection} and module = ${module}`;
  await dropKeys(db, { table, id: 'id', json: 'ours', where: records }, keys);
  await dropKeys(
    db,
    { table: 'written_fields', id: 'record_id', json: 'field_values', where: written },
    keys,
  );
}

async function dropKeys(
  { kysely }: Db,
  { table, id, json, where }: { table: string; id: string; json: string; where: ReturnType<typeof sql> },
  keys: readonly string[],
): Promise<void> {
  const dropped = new Set(keys);
  for (let after = ''; ; ) {
    const { rows } = await sql<{ id: string; held: string }>`
      select ${sql.ref(id)} as id, ${sql.ref(json)} as held from ${sql.table(table)}
      where ${where} and ${sql.ref(id)} > ${after} and ${sql.ref(json)} <> '{}'
      order by ${sql.ref(id)} limit ${MAX_ROWS}`.execute(kysely);
    const last = rows.at(-1);
    if (!last) return;
    await kysely.transaction().execute(async (trx) => {
      for (const row of rows) {
        const values = Object.entries(fromJson<Record<string, FieldValue>>(row.held));
        const kept = values.filter(([key]) => !dropped.has(key));
        if (kept.length === values.length) continue;
        await sql`update ${sql.table(table)} set ${sql.ref(json)} = ${toJson(Object.fromEntries(kept))}
          where ${where} and ${sql.ref(id)} = ${row.id}`.execute(trx);
      }
    });
    after = last.id;
  }
}
