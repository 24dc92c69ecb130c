import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { type Keys, loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';

/**
 * A store of customers for benches: the same one for the same sizes, filled by plain inserts. Each account has a contact,
 * and one of twenty users for its owner;
 * deals fall on accounts very unevenly, between the account's first day and its last within five years.
 */
export interface Sizes {
  readonly customers: number;
  readonly deals: number;
  readonly activities: number;
}
/** The evening of the day that the stores end with. */
const NOW = new Date('2026-11-28T18:00:00.000Z');
export const LAST_DAY = '2026-11-28';
const DAYS = 1_826;
const OWNERS = 20;
const DAY_MS = 86_400_000;
const BATCH = 1_000;
const RANDOM_SEED = 42;

/** Lehmer's generator: the same org in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

// As in a CRM, ids of all modules come from one counter and lie mixed.
const idAt = (number: number, kind: number): string => `4876876000${String(100_000_000 + number * 5 + kind)}`;
const instantAt = (day: number): string => new Date(NOW.getTime() - (DAYS - day) * DAY_MS).toISOString();
const dayAt = (day: number): string => instantAt(day).slice(0, 10);

type Row = readonly (string | number | boolean | null)[];
interface Filled {
  readonly table: string;
  /** Name and type of PostgreSQL. */
  readonly columns: readonly (readonly [name: string, type: string])[];
  readonly rows: Iterable<Row>;
}

const COMMON = [
  ['connection_id', 'text'],
  ['id', 'text'],
  ['created_at', 'timestamptz'],
  ['modified_at', 'timestamptz'],
  ['owner_id', 'text'],
  ['ours', 'text'],
  ['input_hash', 'text'],
] as const;
const texts = (...names: string[]) => names.map((name) => [name, 'text'] as const);
const SEGMENTS = [null, 'Customer', 'Partner', 'Reseller'];
const SOURCES = [null, 'Web', 'Trade show', 'Referral'];

function tablesOf(connection: string, { customers, deals, activities }: Sizes): Filled[] {
  const random = randomFrom(RANDOM_SEED);
  const first = new Int16Array(customers);
  const last = new Int16Array(customers);
  for (let at = 0; at < customers; at += 1) {
    first[at] = Math.floor(random() * DAYS);
    // A part never leaves; the others stay some two years.
    last[at] =
      random() < 0.4 ? DAYS : Math.min(DAYS, (first[at] ?? 0) + Math.floor(-700 * Math.log(random())));
  }
  const ownerOf = new Int32Array(deals);
  // The square crowds deals on a few; the step scatters those few over all keys.
  const step = 7_919;
  const anOwner = () => (Math.floor(random() ** 2 * customers) * step) % customers;
  const dayOf = (owner: number) =>
    Math.floor((first[owner] ?? 0) + random() * ((last[owner] ?? 0) - (first[owner] ?? 0)));
  const common = (id: string, day: number) =>
    [
      connection,
      id,
      instantAt(day),
      instantAt(day),
      idAt(day % OWNERS, 4),
      '{}',
      'a1b2c3d4e5f60718',
    ] as const;
  return [
    {
      table: 'accounts',
      columns: [...COMMON, ...texts('name', 'account_type', 'source')],
      rows: rowsOf(customers, (at) => [
        ...common(idAt(at, 0), first[at] ?? 0),
        `Customer ${at} of Bench Street`,
        SEGMENTS[at % 4] ?? null,
        SOURCES[at % 4] ?? null,
      ]),
    },
    {
      table: 'contacts',
      columns: [...COMMON, ...texts('name', 'account_id', 'source')],
      rows: rowsOf(customers, (at) => [
        ...common(idAt(at, 1), first[at] ?? 0),
        `Person ${at}`,
        idAt(at, 0),
        null,
      ]),
    },
    {
      table: 'deals',
      columns: [
        ...COMMON,
        ...texts('name', 'account_id', 'contact_id', 'amount', 'cost', 'stage', 'pipeline', 'closing_day'),
        ...texts('loss_reason', 'won_seen_on'),
        ['won_at_first_sync', 'boolean'],
      ],
      rows: rowsOf(deals, (at) => {
        const owner = anOwner();
        ownerOf[at] = owner;
        const day = dayOf(owner);
        const cents = Math.round(20_000 * Math.exp(2 * (random() + random() + random() - 1.5)));
        const dice = random();
        const stage = dice < 0.8 ? 'Closed Won' : dice < 0.93 ? 'Closed Lost' : 'Qualification';
        const isWon = stage === 'Closed Won';
        return [
          ...common(idAt(at, 2), day),
          `Order ${at}`,
          // Three in a hundred name only the contact.
          random() < 0.03 ? null : idAt(owner, 0),
          idAt(owner, 1),
          (cents / 100).toFixed(2),
          ((cents * (0.5 + 0.4 * random())) / 100).toFixed(2),
          stage,
          'Standard (Standard)',
          dayAt(day),
          stage === 'Closed Lost' ? 'Price' : null,
          isWon ? dayAt(day) : null,
          true,
        ];
      }),
    },
    {
      table: 'activities',
      columns: [
        ...COMMON,
        ...texts('module', 'subject', 'what_id', 'who_id', 'call_type'),
        ['start_at', 'timestamptz'],
        ['duration_seconds', 'bigint'],
        ['cancelled', 'boolean'],
      ],
      // Half about a deal, half about the account, with the contact of the same customer.
      rows: rowsOf(activities, (at) => {
        const deal = random() < 0.5 ? Math.floor(random() * deals) : null;
        const owner = deal === null ? anOwner() : (ownerOf[deal] ?? 0);
        const day = dayOf(owner);
        return [
          ...common(idAt(at, 3), day),
          'Calls',
          'Call about the order',
          deal === null ? idAt(owner, 0) : idAt(deal, 2),
          idAt(owner, 1),
          random() < 0.5 ? 'Inbound' : 'Outbound',
          instantAt(day),
          random() < 0.8 ? 120 : 0,
          false,
        ];
      }),
    },
  ];
}

function* rowsOf(count: number, make: (at: number) => Row): Generator<Row> {
  for (let at = 0; at < count; at += 1) yield make(at);
}
function* batchesOf(rows: Iterable<Row>): Generator<Row[]> {
  let batch: Row[] = [];
  for (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function fillSqlite(path: string, tables: readonly Filled[]): void {
  const database = new DatabaseSync(path);
  database.exec('pragma synchronous = off; pragma cache_size = -400000; pragma wal_autocheckpoint = 100000');
  for (const { table, columns, rows } of tables) {
    const names = columns.map(([name]) => name).join(', ');
    const insert = database.prepare(
      `insert into ${table} (${names}) values (${columns.map(() => '?').join(', ')})`,
    );
    database.exec('begin');
    for (const row of rows)
      insert.run(...row.map((cell) => (typeof cell === 'boolean' ? Number(cell) : cell)));
    database.exec('commit');
  }
  database.exec('pragma wal_checkpoint(truncate)');
  database.close();
}

async function fillPostgres(url: string, tables: readonly Filled[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('set synchronous_commit = off');
  for (const { table, columns, rows } of tables) {
    const names = columns.map(([name]) => name).join(', ');
    const casts = columns.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ');
    for (const batch of batchesOf(rows)) {
      await client.query(
        `insert into ${table} (${names}) select * from unnest(${casts})`,
        columns.map((_, at) => batch.map((row) => row[at])),
      );
    }
  }
  await client.query('vacuum analyze');
  await client.end();
}

/** Makes the tables, a connection named `default`, and fills them. `keys`: what ENCRYPTION_KEYS will say. */
export async function fillStore(url: string, keys: string, sizes: Sizes): Promise<string> {
  const db = await openDb(url);
  let connection: string;
  try {
    await migrate(db);
    const loaded: Keys = await loadKeys({ keys, keyFile: null });
    const store = createStore(db, loaded);
    const made = await store.connections.create({
      name: 'default',
      accountsUrl: 'https://accounts.zoho.com',
      apiDomain: 'https://www.zohoapis.com',
      location: 'us',
      clientId: 'c',
      clientSecret: 's',
      refreshToken: 'r',
      accessToken: null,
      expiresAt: null,
      org: {
        id: '1',
        zgid: '1',
        name: 'Bench',
        edition: 'enterprise',
        users: 9,
        timeZone: 'Europe/Amsterdam',
        currency: 'EUR',
        multiCurrency: false,
        country: null,
      },
      userId: '1',
      scopes: [],
      mode: 'manual',
    });
    connection = made.id;
    await store.stages.learn(connection, [
      { pipeline: 'Standard (Standard)', stage: 'Qualification', outcome: 'open' },
      { pipeline: 'Standard (Standard)', stage: 'Closed Won', outcome: 'won' },
      { pipeline: 'Standard (Standard)', stage: 'Closed Lost', outcome: 'lost' },
    ]);
    await store.users.replace(
      connection,
      Array.from({ length: OWNERS }, (_, at) => ({
        ...{ id: idAt(at, 4), name: `Owner ${at}`, email: null, active: true, managerId: null },
      })),
    );
  } finally {
    await db.close();
  }
  const tables = tablesOf(connection, sizes);
  if (url.startsWith('file:')) fillSqlite(url.slice('file:'.length), tables);
  else await fillPostgres(url, tables);
  return connection;
}
