import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { fleetRows } from '../../src/setup/fleet.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, connected, later } from './builders.ts';

const HOUR = 3_600_000;
const MOST_QUERIES = 12;

describeOnBoth('the fleet', (database) => {
  async function setUp() {
    const keys = await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null });
    const db = await database.open();
    return { db, store: createStore(db, keys) };
  }

  test('each connection has its own facts, and trouble comes first', async () => {
    const { store } = await setUp();
    const [fine, ill] = [await connected(store, { name: 'fine' }), await connected(store, { name: 'ill' })];
    for (const id of [fine, ill]) {
      const run = await store.runs.start(id, 'sync', {}, AT);
      await store.runs.finish(run, 'done', {}, id === fine ? later(HOUR) : AT);
    }
    const score = await store.runs.start(ill, 'score', { asOf: '2026-03-01' }, AT);
    await store.runs.finish(score, 'done', { unmatchedDeals: 3, unmatchedDocuments: 1 }, AT);
    const narrow = await store.runs.start(ill, 'score', { asOf: '2026-03-01', customers: 1, leads: 0 }, AT);
    await store.runs.finish(narrow, 'done', { unmatchedDeals: 0 }, AT);
    await store.ledger.change(ill, later(HOUR), () => ({ spend: 12 }));
    const alert = { code: 'plan_held', severity: 'critical', message: 'm', params: {} } as const;
    await store.alerts.raise(ill, alert, AT);
    const stored = { document: '{}', note: null, who: 'a', at: AT, baseHash: 'b', basedOn: 0 };
    await store.settings.add(ill, stored);
    await store.settings.noteInUse({ connection: ill, version: 0, baseHash: 'b', overlayHash: '', at: AT });

    const now = later(27 * HOUR - 3 * HOUR);
    const rows = fleetRows(await store.fleet.all(now), { now, ceilingPercentOf: () => 30 });

    expect(rows.map(({ connection }) => connection)).toEqual(['ill', 'fine']);
    expect(rows[0]).toMatchObject({
      ...{
        freshnessHours: 24,
        creditsToday: 12,
        unmatched: 4,
        criticalAlerts: 1,
        settingsVersion: 1,
        runVersion: 0,
      },
      trouble: ['critical alerts: 1', 'newer settings wait for a run', 'unmatched: 4'],
    });
    expect(rows[1]).toMatchObject({
      ...{ freshnessHours: 23, creditsToday: 0, unmatched: null, settingsVersion: 0, trouble: [] },
    });
  });

  test('a thousand connections take no more queries than two', async () => {
    const { db, store } = await setUp();
    await connected(store, { name: 'first' });
    await sql`insert into connections (id, name, accounts_url, api_domain, location, client_id, client_secret,
        refresh_token, org, user_id, scopes, mode, state, created_at)
      select 'id' || n.n, 'name' || n.n, c.accounts_url, c.api_domain, c.location, c.client_id, c.client_secret,
        c.refresh_token, c.org, c.user_id, c.scopes, c.mode, c.state, c.created_at
      from connections c, (with recursive n (n) as (select 1 union all select n + 1 from n where n < 999)
        select n from n) n`.execute(db.kysely);
    let queries = 0;
    const counted = db.kysely.withPlugin({
      transformQuery: ({ node }) => {
        queries += 1;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const keys = await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null });

    const facts = await createStore({ ...db, kysely: counted }, keys).fleet.all(AT);

    expect(facts).toHaveLength(1_000);
    expect(queries).toBeLessThanOrEqual(MOST_QUERIES);
    expect(queries).toBeGreaterThan(0);
  });
});
