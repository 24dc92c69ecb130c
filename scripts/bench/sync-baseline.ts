/**
 * The floor under a first sync: for each module create the bulk jobs, download each result, unzip and parse it as a
 * stream, and insert every row once with the plain driver into the same tables with the same indexes (or, with
 * --indexes none, without any but the primary keys). No checks, no types, no resumption: what nobody can do without.
 * A child of scripts/bench/sync.ts; prints one JSON object.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse';
import { sql } from 'kysely';
import pg from 'pg';
import { type Entry, open as openZip } from 'yauzl';
import { openDb } from '../../src/db.ts';
import { migrate } from '../../src/store/migrate.ts';

const { values: options } = parseArgs({
  options: {
    database: { type: 'string', default: '' },
    modules: { type: 'string', default: 'Accounts,Deals' },
    indexes: { type: 'string', default: 'same' },
  },
});
const { ZOHO_ACCOUNTS_URL: base = '', ZOHO_REFRESH_TOKEN: refreshToken = '' } = process.env;
const BATCH = 1_000;
const DOWNLOADS_A_MINUTE = 10;

interface Target {
  readonly table: string;
  /** Column of the table ← column of the CSV. */
  readonly columns: Readonly<Record<string, string>>;
}
const COMMON = { id: 'id', created_at: 'Created_Time', modified_at: 'Modified_Time', owner_id: 'Owner' };
const ACTIVITY = { subject: 'Subject', what_id: 'What_Id', who_id: 'Who_Id' };
const TARGETS: Readonly<Record<string, Target>> = {
  Accounts: {
    table: 'accounts',
    columns: {
      ...COMMON,
      name: 'Account_Name',
      parent_id: 'Parent_Account',
      account_type: 'Account_Type',
    },
  },
  Contacts: { table: 'contacts', columns: { ...COMMON, name: 'Last_Name', account_id: 'Account_Name' } },
  Deals: {
    table: 'deals',
    columns: {
      ...COMMON,
      name: 'Deal_Name',
      account_id: 'Account_Name',
      contact_id: 'Contact_Name',
      amount: 'Amount',
      stage: 'Stage',
      pipeline: 'Pipeline',
      closing_day: 'Closing_Date',
      source: 'Lead_Source',
    },
  },
  Calls: {
    table: 'activities',
    columns: { ...COMMON, ...ACTIVITY, call_type: 'Call_Type', start_at: 'Call_Start_Time' },
  },
  Tasks: {
    table: 'activities',
    columns: { ...COMMON, ...ACTIVITY, status: 'Status', due_day: 'Due_Date', closed_at: 'Closed_Time' },
  },
};
const CONNECTION = 'bench';
/** What the tables want and the CSV does not have. */
function constants(module: string): Record<string, string | number> {
  return {
    connection_id: CONNECTION,
    ours: '{}',
    input_hash: 'none',
    ...(module === 'Deals' ? { won_at_first_sync: 0 } : {}),
    ...(TARGETS[module]?.table === 'activities' ? { module, cancelled: 0 } : {}),
  };
}

async function accessToken(): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: process.env.ZOHO_CLIENT_ID ?? '',
    client_secret: process.env.ZOHO_CLIENT_SECRET ?? '',
    refresh_token: refreshToken,
  });
  const answer = await fetch(`${base}/oauth/v2/token`, { method: 'POST', body });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}
const authorization = `Zoho-oauthtoken ${await accessToken()}`;

interface Job {
  readonly id: string;
  readonly count: number;
  readonly nextPageToken: string | null;
}
async function runJob(request: unknown): Promise<Job> {
  const created = await fetch(`${base}/crm/bulk/v8/read`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const { data } = (await created.json()) as { data: { details: { id: string } }[] };
  const id = data[0]?.details.id ?? '';
  for (;;) {
    await sleep(200);
    const answer = await fetch(`${base}/crm/bulk/v8/read/${id}`, { headers: { authorization } });
    const jobs = (await answer.json()) as {
      data: {
        state: string;
        result?: { count: number; more_records: boolean; next_page_token: string | null };
      }[];
    };
    const job = jobs.data[0];
    if (job?.state !== 'COMPLETED' || !job.result) continue;
    return {
      id,
      count: job.result.count,
      nextPageToken: job.result.more_records ? job.result.next_page_token : null,
    };
  }
}

const downloads: number[] = [];
async function* recordsOf(job: Job, folder: string): AsyncGenerator<string[][]> {
  while (downloads.filter((at) => at > Date.now() - 60_000).length >= DOWNLOADS_A_MINUTE) await sleep(250);
  downloads.push(Date.now());
  const path = join(folder, `${job.id}.zip`);
  const answer = await fetch(`${base}/crm/bulk/v8/read/${job.id}/result`, { headers: { authorization } });
  if (!answer.body) throw new Error('no body');
  await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(path)); // the two stream types differ by name only
  const content = await contentOf(path);
  const parser = content.pipe(parse({ bom: true }));
  let batch: string[][] = [];
  for await (const record of parser) {
    batch.push(record);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
  await rm(path);
}
function contentOf(path: string): Promise<Readable> {
  return new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('entry', (entry: Entry) =>
        zip.openReadStream(entry, (failed, stream) => (failed ? reject(failed) : resolve(stream))),
      );
      zip.readEntry();
    });
  });
}

interface Writer {
  insert(target: Target, fixed: Record<string, string | number>, rows: (string | null)[][]): Promise<void>;
  close(): Promise<void>;
}
function sqliteWriter(file: string): Writer {
  const database = new DatabaseSync(file);
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536; pragma wal_autocheckpoint = 16384',
  );
  return {
    async insert(target, fixed, rows) {
      const names = [...Object.keys(target.columns), ...Object.keys(fixed)];
      const statement = database.prepare(
        `insert into ${target.table} (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`,
      );
      const rest = Object.values(fixed);
      database.exec('begin immediate');
      for (const row of rows) statement.run(...row, ...rest);
      database.exec('commit');
    },
    close: async () => database.close(),
  };
}
function postgresWriter(url: string): Writer {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    async insert(target, fixed, rows) {
      const columns = Object.keys(target.columns);
      const types = columns.map((name) => (name.endsWith('_at') ? 'timestamptz' : 'text'));
      const parts = types.map((type, index) => `$${index + 1}::${type}[]`);
      const constant = Object.entries(fixed).map(([name, value]) =>
        name === 'won_at_first_sync' || name === 'cancelled' ? 'false' : `'${value}'`,
      );
      await pool.query(
        `insert into ${target.table} (${[...columns, ...Object.keys(fixed)].join(', ')})
         select ${columns.map((name) => `u.${name}`).join(', ')}, ${constant.join(', ')}
         from unnest(${parts.join(', ')}) as u (${columns.join(', ')})`,
        columns.map((_, index) => rows.map((row) => row[index])),
      );
    },
    close: () => pool.end(),
  };
}

async function prepareDatabase(): Promise<void> {
  const db = await openDb(options.database);
  await migrate(db);
  await sql`insert into connections (id, name, accounts_url, api_domain, location, client_id, client_secret, refresh_token,
      org, user_id, scopes, mode, state, created_at)
    values (${CONNECTION}, 'bench', '', '', '', '', '', '', '{}', '', '[]', 'manual', 'ready', ${new Date()})`.execute(
    db.kysely,
  );
  if (options.indexes === 'none') {
    const { rows } =
      db.dialect === 'sqlite'
        ? await sql<{ name: string }>`select name from sqlite_master where type = 'index' and sql is not null
            and tbl_name in ('accounts', 'contacts', 'deals', 'activities')`.execute(db.kysely)
        : await sql<{
            name: string;
          }>`select indexname as name from pg_indexes where schemaname = current_schema()
            and tablename in ('accounts', 'contacts', 'deals', 'activities') and indexname not like '%pkey'`.execute(
            db.kysely,
          );
    for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(db.kysely);
  }
  await db.close();
}

async function copyModule(writer: Writer, module: string, fields: readonly string[], folder: string) {
  const target = TARGETS[module];
  if (!target) throw new Error(`the baseline does not know ${module}`);
  let request: unknown = { query: { module: { api_name: module }, fields }, file_type: 'csv' };
  let rows = 0;
  for (;;) {
    const job = await runJob(request);
    let places: number[] | null = null;
    for await (const records of recordsOf(job, folder)) {
      if (places === null) {
        const header = records.shift() ?? [];
        places = Object.values(target.columns).map((name) =>
          header.findIndex((given) => given.toLowerCase() === name.toLowerCase()),
        );
      }
      const at = places;
      const values = records.map((record) => at.map((place) => record[place] || null));
      await writer.insert(target, constants(module), values);
      rows += values.length;
    }
    if (job.nextPageToken === null) return rows;
    request = { query: { page_token: job.nextPageToken } };
  }
}

await prepareDatabase();
const folder = await mkdtemp(join(tmpdir(), 'zcv-baseline-'));
const writer = options.database.startsWith('file:')
  ? sqliteWriter(options.database.slice('file:'.length))
  : postgresWriter(options.database);
const fieldsOf = JSON.parse(process.env.BENCH_FIELDS ?? '{}') as Record<string, string[]>;
const startedAt = performance.now();
let rows = 0;
for (const module of options.modules.split(',')) {
  rows += await copyModule(writer, module, fieldsOf[module] ?? [], folder);
}
const seconds = (performance.now() - startedAt) / 1_000;
await writer.close();
await rm(folder, { recursive: true });
process.stdout.write(JSON.stringify({ rows, seconds }));
