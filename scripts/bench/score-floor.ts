import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import pg from 'pg';

/**
 * What nobody can do without: every row that scoring reads, read once with the plain driver in the order of customers,
 * and every stored score written once more into a table with the same indexes. Nothing is put together or computed.
 * Run by score-run.ts: node scripts/bench/score-floor.ts --database URL
 */
const { values: options } = parseArgs({ options: { database: { type: 'string', default: '' } } });
const PAGE = 1_000;
// The columns that the store reads, each table in the order of the index by which it hangs on customers.
const COMMON = 'id, created_at, modified_at, owner_id, ours';
const READS = [
  {
    table: 'accounts',
    order: 'id',
    columns: `${COMMON}, name, parent_id, account_type, source, number, kept_contact_day, inputs`,
  },
  {
    table: 'contacts',
    order: 'account_id, id',
    columns: `${COMMON}, name, account_id, source, kept_contact_day, inputs`,
  },
  {
    table: 'deals',
    order: 'account_id, id',
    columns: `${COMMON}, name, account_id, contact_id, amount, cost, profit, currency, exchange_rate, stage, pipeline, closing_day, source, loss_reason, won_seen_on, won_at_first_sync`,
  },
  {
    table: 'activities',
    order: 'what_id, id',
    columns: `${COMMON}, module, subject, what_id, who_id, status, call_type, start_at, end_at, duration_seconds, due_day, closed_at, cancelled, cv_ref, minutes_spent`,
  },
] as const;

interface Told {
  read: number;
  written: number;
  readSeconds: number;
  writeSeconds: number;
}

function since(at: number): number {
  return (performance.now() - at) / 1_000;
}

function onSqlite(path: string): Told {
  const database = new DatabaseSync(path);
  database.exec(
    'pragma synchronous = full; pragma cache_size = -65536; pragma wal_autocheckpoint = 16384; pragma temp_store = memory',
  );
  const told: Told = { read: 0, written: 0, readSeconds: 0, writeSeconds: 0 };
  const startedAt = performance.now();
  for (const { table, order, columns } of READS) {
    const index = table === 'accounts' ? '' : `indexed by ${indexOf[table]}`;
    const query = database.prepare(
      `select ${columns} from ${table} ${index} where connection_id = ? order by ${order.split(',')[0]}`,
    );
    query.setReturnArrays(true);
    const connection = String(database.prepare('select id from connections').get()?.id);
    for (const _row of query.iterate(connection)) told.read += 1;
  }
  told.readSeconds = since(startedAt);
  database.exec('drop table if exists scores_floor');
  for (const { sql } of database.prepare("select sql from sqlite_master where tbl_name = 'scores'").all()) {
    if (sql === null) continue;
    database.exec(
      String(sql)
        .replace(/\bscores\b/g, 'scores_floor')
        .replace('scores_by_', 'floor_by_'),
    );
  }
  database.exec('insert into scores_floor select * from scores');
  const names = database
    .prepare('pragma table_info(scores)')
    .all()
    .map(({ name }) => String(name));
  const sets = names.map((name) => `${name} = excluded.${name}`).join(', ');
  const insert = database.prepare(
    `insert into scores_floor values (${names.map(() => '?').join(', ')})
     on conflict (connection_id, module, record_id) do update set ${sets}`,
  );
  const page = database.prepare('select * from scores where record_id > ? order by record_id limit ?');
  page.setReturnArrays(true);
  const idAt = names.indexOf('record_id');
  for (let after = ''; ; ) {
    const rows = page.all(after, PAGE) as unknown as (string | number | null)[][]; // setReturnArrays, which the types do not know
    if (rows.length === 0) return told;
    const writingAt = performance.now();
    database.exec('begin immediate');
    for (const row of rows) insert.run(...row);
    database.exec('commit');
    told.writeSeconds += since(writingAt);
    told.written += rows.length;
    after = String(rows.at(-1)?.[idAt]);
  }
}
const indexOf = {
  contacts: 'contacts_by_account',
  deals: 'deals_by_account',
  activities: 'activities_by_what',
} as const;

async function onPostgres(url: string): Promise<Told> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const told: Told = { read: 0, written: 0, readSeconds: 0, writeSeconds: 0 };
  const startedAt = performance.now();
  for (const { table, order, columns } of READS) {
    await client.query('begin');
    await client.query(
      `declare floor no scroll cursor for select ${columns} from ${table} order by ${order}`,
    );
    for (;;) {
      const { rows } = await client.query({ text: `fetch ${PAGE * 5} from floor`, rowMode: 'array' });
      if (rows.length === 0) break;
      told.read += rows.length;
    }
    await client.query('commit');
  }
  told.readSeconds = since(startedAt);
  await client.query('drop table if exists scores_floor');
  await client.query('create table scores_floor (like scores including all)');
  await client.query('insert into scores_floor select * from scores');
  const { rows: columns } = await client.query(
    "select column_name as name, data_type as type from information_schema.columns where table_name = 'scores' order by ordinal_position",
  );
  const names: string[] = columns.map(({ name }) => name);
  const insert = `insert into scores_floor (${names.join(', ')})
    select * from unnest(${columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')})
    on conflict (connection_id, module, record_id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
  const idAt = names.indexOf('record_id');
  for (let after = ''; ; ) {
    const { rows } = await client.query({
      text: `select ${names.join(', ')} from scores where record_id > $1 order by record_id limit ${PAGE}`,
      values: [after],
      rowMode: 'array',
    });
    if (rows.length === 0) break;
    const writingAt = performance.now();
    await client.query(
      insert,
      names.map((_, at) => rows.map((row) => row[at])),
    );
    told.writeSeconds += since(writingAt);
    told.written += rows.length;
    after = String(rows.at(-1)?.[idAt]);
  }
  await client.end();
  return told;
}

const url = options.database;
const told = url.startsWith('file:') ? onSqlite(url.slice('file:'.length)) : await onPostgres(url);
process.stdout.write(`${JSON.stringify(told)}\n`);
