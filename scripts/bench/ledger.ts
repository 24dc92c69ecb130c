// What booking a call in the shared ledger costs, with a full day of minutes in it.
//   node scripts/bench/ledger.ts [--database postgres://…]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { silentLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { Governor } from '../../src/zoho/governor.ts';

const MINUTES = 1_440;
const CALLS = 1_000;
const { values } = parseArgs({ options: { database: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'bench-ledger-'));
const db = await openDb(values.database ?? `file:${join(folder, 'store.db')}`);
await migrate(db);
const store = createStore(
  db,
  await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null }),
);
const { id: connection } = await store.connections.create({
  name: `bench-${process.pid}`,
  accountsUrl: 'https://accounts.zoho.com',
  apiDomain: 'https://www.zohoapis.com',
  location: 'us',
  clientId: 'client',
  clientSecret: 'secret',
  refreshToken: 'token',
  accessToken: null,
  expiresAt: null,
  org: {
    id: '1',
    zgid: '1',
    name: 'Bench',
    edition: 'enterprise',
    users: 5,
    timeZone: 'UTC',
    currency: 'EUR',
    multiCurrency: false,
    country: null,
  },
  userId: '1',
  scopes: [],
  mode: 'manual',
});
const now = new Date();
for (let minute = 1; minute < MINUTES; minute += 1) {
  const at = new Date(now.getTime() - minute * 60_000);
  await store.ledger.change(connection, at, () => ({ spend: 1 }));
}
const clock = { now: () => new Date(), sleep: async () => {}, random: () => 0 };
const governor = new Governor(
  { ledger: store.ledger, clock, log: silentLog },
  { connection, ceiling: 10_000_000 },
);
const spans = { booking: 0, commit: 0 };
async function timed(name: keyof typeof spans, work: () => Promise<unknown>): Promise<void> {
  const startedAt = performance.now();
  await work();
  spans[name] += performance.now() - startedAt;
}
// In turn, so that what else the machine does weighs on both alike.
for (let call = 0; call < CALLS; call += 1) {
  await timed('booking', () => governor.run({ credits: 1, sub: false }, async () => {}));
  await timed('commit', () => store.connections.setMode(connection, call % 2 === 0 ? 'auto' : 'manual'));
}
const ms = (name: keyof typeof spans) => (spans[name] / CALLS).toFixed(2);
process.stdout.write(
  `${db.dialect}: ${ms('booking')} ms a booking, ${ms('commit')} ms a commit of one row\n`,
);
await store.connections.remove(connection);
await db.close();
rmSync(folder, { recursive: true });
