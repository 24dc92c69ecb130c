import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { openDb } from '../../src/db.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { createStore } from '../../src/store/store.ts';
import type { CliHome } from './cli.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { recordsOf } from './org.ts';

/** What the database of a service under fire says of its work, looked at from outside. */

// A lost job is another's after 46 s; the rest is room for a machine with other work.
const PATIENCE_MS = 300_000;
const MOST_JOBS = 200;

/** What the last look found missing; null when it is there. */
type Missing = string | null;
export async function until(what: string, look: () => Missing | Promise<Missing>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const missing = await look();
    if (missing === null) return;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${PATIENCE_MS} ms: ${missing}`);
    await sleep(250);
  }
}

export async function openBooks(home: CliHome) {
  const db = await openDb(String(home.env.DATABASE_URL));
  // Nothing sealed is read: any key does.
  const store = createStore(db, await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null }));

  async function unsettled(): Promise<Missing> {
    const waiting = await db.kysely
      .selectFrom('deliveries')
      .select(['slow', (eb) => eb.fn.countAll<number>().as('count')])
      .where('done_at', 'is', null)
      .groupBy('slow')
      .execute();
    const open = Number(waiting.find(({ slow }) => !slow)?.count ?? 0);
    const jobs = await store.jobs.list({ limit: MOST_JOBS });
    // Activities are gathered for ten minutes on purpose: what waits must have a job that will come for it.
    const isComing = jobs.some(
      ({ state, singletonKey }) => state === 'queued' && singletonKey?.startsWith('process-activities:'),
    );
    if (waiting.some(({ slow }) => slow) && !isComing)
      return 'deliveries of activities wait, and no job will come';
    const busy = jobs.filter(
      ({ state, runAt }) => state === 'active' || (state === 'queued' && runAt.getTime() <= Date.now()),
    );
    if (open === 0 && busy.length === 0) return null;
    const named = busy.map(({ name, state, attempts }) => `${name} ${state} (attempt ${attempts})`);
    return `${open} deliveries open; jobs: ${named.join(', ') || 'none'}`;
  }

  return {
    close: () => db.close(),

    async lastIntent(): Promise<number> {
      const row = await db.kysely
        .selectFrom('write_intents')
        .select((eb) => eb.fn.max('id').as('id'))
        .executeTakeFirst();
      return Number(row?.id ?? 0);
    },

    /** No delivery of a record is open, no job is due or at work, and none died. */
    async settled(): Promise<void> {
      await until('the end of all work', unsettled);
      const dead = await store.jobs.list({ state: 'dead', limit: MOST_JOBS });
      expect(
        dead.map(({ name, lastError }) => `${name}: ${lastError}`),
        'dead jobs',
      ).toEqual([]);
    },

    /** Before anything else is read: each deal that an answered delivery named is as new as the delivery. */
    async expectEffects(balancer: LoadBalancer, simulator: Simulator): Promise<void> {
      const newest = new Map<string, number>();
      for (const { module, ids, at } of balancer.answered) {
        if (module !== 'Deals') continue;
        for (const id of ids) newest.set(id, Math.max(newest.get(id) ?? 0, at));
      }
      expect(newest.size, 'deals that deliveries named').toBeGreaterThan(0);
      const rows = await db.kysely.selectFrom('deals').select(['id', 'modified_at']).execute();
      const stored = new Map(rows.map((row) => [row.id, row.modified_at.getTime()]));
      // Zoho dates a change by the second.
      const lost = [...newest].filter(
        ([id, at]) => (stored.get(id) ?? 0) < Math.floor(at / 1_000) * 1_000 - 1_000,
      );
      expect(lost.slice(0, 10), `answered and without effect, of ${newest.size}`).toEqual([]);
      const inOrg = new Set(recordsOf(simulator, 'Deals').map(({ id }) => id));
      expect(rows.map(({ id }) => id).filter((id) => !inOrg.has(id))).toEqual([]);
    },

    /** After all processes signed off. */
    async expectNothingHeld(): Promise<void> {
      const leases = await db.kysely.selectFrom('leases').select(['name', 'holder', 'lease_until']).execute();
      expect(
        leases.filter(({ lease_until }) => lease_until.getTime() > Date.now()),
        'leases held',
      ).toEqual([]);
      expect(await store.jobs.list({ state: 'active', limit: MOST_JOBS }), 'jobs held').toEqual([]);
    },

    /** A plan changes a field once: Zoho was told of it at most as often as there were plans that meant its record. */
    async expectWrittenOnce(simulator: Simulator, afterIntent: number): Promise<void> {
      const intents = await db.kysely
        .selectFrom('write_intents')
        .select(['module', 'record_id', 'plan_id'])
        .where('id', '>', afterIntent)
        .execute();
      const plans = new Map<string, Set<number | null>>();
      for (const { module, record_id, plan_id } of intents) {
        const key = `${module} ${record_id}`;
        plans.set(key, (plans.get(key) ?? new Set()).add(plan_id));
      }
      const doubled = Object.entries(simulator.control.report().writes)
        .filter(([module]) => module !== 'Tasks')
        .flatMap(([module, records]) =>
          Object.entries(records).flatMap(([id, fields]) => {
            const most = plans.get(`${module} ${id}`)?.size ?? 0;
            return Object.entries(fields)
              .filter(([, count]) => count > most)
              .map(([field, count]) => `${module} ${id} ${field}: ${count} writes, ${most} plans`);
          }),
        );
      expect(doubled.slice(0, 10), 'fields written twice for one change').toEqual([]);
    },
  };
}
