import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import pg from 'pg';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import type { AccountRecord, ActivityRecord, ContactRecord, DealRecord } from '../../src/records.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { startPostgres } from '../../test/support/postgres.ts';

/**
 * Time of saving a large org through records.save and of reading every customer through customers.inKeyOrder, each
 * against the plain driver in the same run: the same rows inserted by prepared statements (SQLite) or multi-row
 * inserts (pg), and the same tables read row by row without putting customers together.
 * Run: node scripts/bench/store-read.ts [--database sqlite|postgres] [--accounts 300000] [--deals 1000000] [--activities 500000]
 */

const { values: options } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    accounts: { type: 'string', default: '300000' },
    deals: { type: 'string', default: '1000000' },
    activities: { type: 'string', default: '500000' },
  },
});
const ACCOUNTS = Number(options.accounts);
const DEALS = Number(options.deals);
const ACTIVITIES = Number(options.activities);
const PAGE = 2_000;
const AT = new Date('2026-03-01T10:00:00.000Z');
const BASE = { createdAt: AT, modifiedAt: AT, ownerId: '4876876000000000001', ours: {} };

let seed = 42;
/** Lehmer's generator: the same org in every run. */
function random(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed % below;
}
// As in a CRM, ids of all modules come from one counter and lie mixed.
const idAt = (number: number, kind: number): string => `4876876000${String(100_000_000 + number * 5 + kind)}`;

function account(number: number): AccountRecord {
  return {
    ...BASE,
    id: idAt(number, 0),
    name: `Customer ${number}`,
    parentId: null,
    number: null,
    accountType: null,
    source: 'Web',
    keptContactDay: null,
    inputs: {},
    domain: null,
    terms: {},
  };
}
function contact(number: number): ContactRecord {
  return {
    ...BASE,
    id: idAt(number, 1),
    name: `Person ${number}`,
    accountId: idAt(number, 0),
    source: null,
    keptContactDay: null,
    inputs: {},
    domain: null,
    terms: {},
  };
}
const ownerOfDeal = new Int32Array(DEALS);
function deal(number: number): DealRecord {
  const owner = random(ACCOUNTS);
  ownerOfDeal[number] = owner;
  return {
    ...BASE,
    id: idAt(number, 2),
    name: `Order ${number}`,
    // Three in a hundred name only the contact.
    accountId: random(100) < 3 ? null : idAt(owner, 0),
    contactId: idAt(owner, 1),
    amount: '261.96',
    cost: '200.10',
    profit: null,
    freight: null,
    currency: null,
    exchangeRate: null,
    stage: 'Closed Won',
    pipeline: 'Standard (Standard)',
    closingDay: '2025-06-01',
    source: null,
    lossReason: null,
    wonSeenOn: '2026-01-01',
    wonAtFirstSync: true,
  };
}
/** Half about a deal, half about the account, with the contact of the same customer. */
function activity(number: number): ActivityRecord {
  const about = random(2) === 0 ? random(DEALS) : null;
  const owner = about === null ? random(ACCOUNTS) : (ownerOfDeal[about] ?? 0);
  return {
    ...BASE,
    id: idAt(number, 3),
    module: 'Calls',
    subject: 'Call about the order',
    whatId: about === null ? idAt(owner, 0) : idAt(about, 2),
    whoId: idAt(owner, 1),
    status: null,
    callType: 'Outbound',
    startAt: AT,
    endAt: null,
    durationSeconds: 120,
    minutesSpent: null,
    kilometres: null,
    dueDay: null,
    closedAt: null,
    cancelled: false,
    cvRef: null,
  };
}

async function timed(what: string, work: () => Promise<string> | string): Promise<number> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const detail = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(before);
  const own = ((cpu.user + cpu.system) / 1e6).toFixed(2);
  const rss = Math.round(process.memoryUsage().rss / 1e6);
  console.log(
    `${what.padEnd(34)} ${seconds.toFixed(2).padStart(7)} s  (cpu ${own} s)  ${detail}  rss ${rss} MB`,
  );
  return seconds;
}
function* pagesOf<R>(
  count: number,
  make: (number: number) => R,
): Generator<{ record: R; inputHash: string }[]> {
  for (let at = 0; at < count; at += PAGE) {
    yield Array.from({ length: Math.min(PAGE, count - at) }, (_, i) => ({
      record: make(at + i),
      inputHash: 'a1b2c3d4e5f60718',
    }));
  }
}

const DEAL_COLUMNS =
  'id, created_at, modified_at, owner_id, ours, name, account_id, contact_id, amount, cost, profit, currency, ' +
  'exchange_rate, stage, pipeline, closing_day, source, loss_reason, won_seen_on, won_at_first_sync';
const READS = [
  'select id, created_at, modified_at, owner_id, ours, name, parent_id, account_type, source from accounts',
  'select id, created_at, modified_at, owner_id, ours, name, account_id, source from contacts',
  `select ${DEAL_COLUMNS} from deals`,
  'select id, created_at, modified_at, owner_id, ours, module, subject, what_id, who_id, status, call_type, ' +
    'start_at, end_at, duration_seconds, due_day, closed_at, cancelled, cv_ref from activities',
];
const INSERTED = `connection_id, input_hash, ${DEAL_COLUMNS}`;

/** What a program that uses the driver alone would need: every row once, as an object, in keyset chunks. */
interface Plain {
  insertDeals(connection: string): Promise<void>;
  readAll(connection: string): Promise<number>;
  close(): Promise<void>;
}

function plainValues(connection: string, record: DealRecord, inputHash: string): (string | number | null)[] {
  const { createdAt, modifiedAt, ownerId, id, ours, wonAtFirstSync, ...rest } = record;
  const fields = [
    rest.name,
    rest.accountId,
    rest.contactId,
    rest.amount,
    rest.cost,
    rest.profit,
    rest.currency,
  ];
  const more = [rest.exchangeRate, rest.stage, rest.pipeline, rest.closingDay, rest.source, rest.lossReason];
  const head = [connection, inputHash, id, createdAt.toISOString(), modifiedAt.toISOString(), ownerId];
  return [...head, JSON.stringify(ours), ...fields, ...more, rest.wonSeenOn, wonAtFirstSync ? 1 : 0];
}

function plainSqlite(file: string): Plain {
  const database = new DatabaseSync(file);
  database.exec(
    'pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536; pragma wal_autocheckpoint = 16384',
  );
  return {
    async insertDeals(connection) {
      const insert = database.prepare(`insert into deals (${INSERTED}) values (${'?,'.repeat(21)}?)`);
      for (const page of pagesOf(DEALS, deal)) {
        for (const half of [page.slice(0, 1_000), page.slice(1_000)]) {
          database.exec('begin immediate');
          for (const { record, inputHash } of half) insert.run(...plainValues(connection, record, inputHash));
          database.exec('commit');
        }
      }
    },
    async readAll() {
      let rows = 0;
      for (const read of READS) {
        const query = database.prepare(
          `${read} where rowid > ? order by rowid limit 5000`.replace(' from', ', rowid from'),
        );
        for (let after = 0; ; ) {
          const page = query.all(after);
          const last = page.at(-1);
          if (!last) break;
          rows += page.length;
          after = Number(last.rowid);
        }
      }
      return rows;
    },
    close: async () => database.close(),
  };
}

function plainPostgres(url: string): Plain {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  return {
    async insertDeals(connection) {
      for (const page of pagesOf(DEALS, deal)) {
        for (const half of [page.slice(0, 1_000), page.slice(1_000)]) {
          const values = half.flatMap(({ record, inputHash }) => plainValues(connection, record, inputHash));
          const row = (at: number) =>
            `(${Array.from({ length: 22 }, (_, i) => (i === 21 ? `$${at * 22 + i + 1}::int::boolean` : `$${at * 22 + i + 1}`)).join(',')})`;
          await pool.query(
            `insert into deals (${INSERTED}) values ${half.map((_, at) => row(at)).join(',')}`,
            values,
          );
        }
      }
    },
    async readAll(connection) {
      let rows = 0;
      for (const read of READS) {
        for (let after = ''; ; ) {
          const text = `${read} where connection_id = $1 and id > $2 order by id limit 5000`;
          const { rows: page } = await pool.query(text, [connection, after]);
          if (page.length === 0) break;
          rows += page.length;
          after = page.at(-1).id;
        }
      }
      return rows;
    },
    close: () => pool.end(),
  };
}

const directory = mkdtempSync(join(tmpdir(), 'zcv-bench-'));
const cluster = options.database === 'postgres' ? await startPostgres() : null;
if (cluster?.url === null) throw new Error(cluster.reason);
const url = cluster ? cluster.url : `file:${join(directory, 'store.db')}`;
const db = await openDb(url);
try {
  await migrate(db);
  const store = createStore(db, await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null }));
  const org = {
    id: '1',
    zgid: '1',
    name: 'Bench',
    edition: 'enterprise',
    users: 9,
    timeZone: 'UTC',
    currency: 'EUR',
  };
  const newConnection = (name: string) =>
    store.connections.create({
      ...{
        name,
        accountsUrl: 'https://accounts.zoho.com',
        apiDomain: 'https://www.zohoapis.com',
        location: 'us',
      },
      ...{ clientId: 'c', clientSecret: 's', refreshToken: 'r', accessToken: null, expiresAt: null },
      ...{
        org: { ...org, multiCurrency: false, country: null },
        userId: '1',
        scopes: [],
        mode: 'manual' as const,
      },
    });
  const { id } = await newConnection('bench');
  const other = await newConnection('plain');
  const plain = cluster ? plainPostgres(cluster.url) : plainSqlite(join(directory, 'store.db'));
  console.log(
    `${options.database}: ${ACCOUNTS} accounts, ${ACCOUNTS} contacts, ${DEALS} deals, ${ACTIVITIES} activities`,
  );

  await timed('save accounts, contacts', async () => {
    for (const page of pagesOf(ACCOUNTS, account)) await store.records.save(id, 'Accounts', page, null);
    for (const page of pagesOf(ACCOUNTS, contact)) await store.records.save(id, 'Contacts', page, null);
    return `${2 * ACCOUNTS} rows`;
  });
  seed = 42;
  const plainWrite = await timed('plain driver: insert deals', async () => {
    await plain.insertDeals(other.id);
    return `${DEALS} rows`;
  });
  await store.connections.remove(other.id);
  await sql`${sql.raw(cluster ? 'vacuum analyze deals' : 'vacuum')}`.execute(db.kysely);
  seed = 42;
  const write = await timed('records.save deals', async () => {
    for (const page of pagesOf(DEALS, deal)) await store.records.save(id, 'Deals', page, null);
    return `${DEALS} rows`;
  });
  await timed('save activities', async () => {
    for (const page of pagesOf(ACTIVITIES, activity)) await store.records.save(id, 'Calls', page, null);
    return `${ACTIVITIES} rows`;
  });

  const plainRead = await timed('plain driver: read all rows', async () => `${await plain.readAll(id)} rows`);
  const read = await timed('customers.inKeyOrder', async () => {
    let customers = 0;
    let rows = 0;
    let longestMs = 0;
    let last = performance.now();
    const everything = { basis: 'both' as const, excludeAccountTypes: [] };
    for await (const page of store.customers.inKeyOrder(id, everything, 500)) {
      longestMs = Math.max(longestMs, performance.now() - last);
      customers += page.length;
      for (const one of page) rows += one.deals.length + one.activities.length + one.contacts.length;
      last = performance.now();
    }
    return `${customers} customers, ${rows} rows, longest wait ${longestMs.toFixed(0)} ms`;
  });
  await timed('customers.unmatchedDeals', async () => {
    let deals = 0;
    for await (const page of store.customers.unmatchedDeals(id)) deals += page.length;
    return `${deals} deals`;
  });
  console.log(`write ratio ${(write / plainWrite).toFixed(2)}, read ratio ${(read / plainRead).toFixed(2)}`);
  await plain.close();
} finally {
  await db.close();
  await cluster?.stop();
  rmSync(directory, { recursive: true, force: true });
}
