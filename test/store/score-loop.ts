import { sql } from 'kysely';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { aScore, aState, connected } from './builders.ts';

/** Child of score-events.test.ts: scores page by page until it ends or is killed. Arguments: database URL, what. */
const [url = '', what = ''] = process.argv.slice(2);
const CUSTOMERS = 600;
const PAGE = 20;
const db = await openDb(url);
await migrate(db);
const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const store = createStore(db, keys);
const asOf = new Date().toISOString().slice(0, 10);
const page = (from: number, tier: 'good' | 'top') =>
  Array.from({ length: PAGE }, (_, at) => ({
    score: aScore({ id: String(1_000 + from + at), asOf, tier }),
    state: aState(),
  }));

if (what === 'prepare') {
  const connection = await connected(store);
  const endpoint = { url: 'https://hooks.test/', types: ['*'], secret: 'whsec_' };
  await store.events.addEndpoint(connection, endpoint, new Date());
  for (let at = 0; at < CUSTOMERS; at += PAGE) await store.scores.save(connection, page(at, 'good'));
} else {
  const connection = (await store.connections.list())[0]?.id ?? '';
  for (let at = 0; at < CUSTOMERS; at += PAGE) {
    await store.scores.save(connection, page(at, 'top'));
    process.stdout.write('.');
  }
  const { rows } = await sql<{ events: number; customers: number; deliveries: number }>`
    select count(*) as events, count(distinct record_id) as customers,
      (select count(*) from event_deliveries) as deliveries from out_events`.execute(db.kysely);
  const [counts] = rows;
  process.stdout.write(
    `\n${JSON.stringify({
      events: Number(counts?.events),
      customers: Number(counts?.customers),
      deliveries: Number(counts?.deliveries),
    })}`,
  );
}
await db.close();
