import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { ConnectionFigures, Figures } from '../store/figures.ts';
import type { Store } from '../store/store.ts';

/** Gauges read from the database: once a scrape, and no more often than every few seconds. */

export interface FigureDeps {
  readonly store: Pick<Store, 'jobs' | 'figures'>;
  readonly clock: Clock;
  /** Credits of 24 hours that our ceiling allows there. */
  readonly ceilingOf: (connection: Pick<Connection, 'id' | 'name' | 'org'>) => Promise<number>;
}

const FRESH_MS = 5_000;
// Above this many, a time series for each would cost the metrics server more than it tells: worst and sum instead.
const MOST_CONNECTIONS = 100;
const ALL = '(all)';

type Value = (one: ConnectionFigures, now: Date) => number | null | Promise<number>;

export function collectFigures({ store, clock, ceilingOf }: FigureDeps, registers: Registry[]): void {
  let cached: { readonly at: number; readonly figures: Promise<Figures> } | null = null;
  const figures = (): Promise<Figures> => {
    const now = clock.now();
    if (cached === null || Math.abs(now.getTime() - cached.at) >= FRESH_MS) {
      const reading = store.figures.read(now);
      const entry = { at: now.getTime(), figures: reading };
      cached = entry;
      // The next scrape asks again.
      reading.catch(() => {
        if (cached === entry) cached = null;
      });
    }
    return cached.figures;
  };

  const perConnection = (name: string, help: string, join: 'worst' | 'sum', value: Value) =>
    new Gauge({
      name,
      help: `${help}; above ${MOST_CONNECTIONS} connections the ${join} of all`,
      labelNames: ['connection'] as const,
      registers,
      async collect() {
        this.reset();
        const now = clock.now();
        const known: { readonly connection: string; readonly found: number }[] = [];
        for (const one of (await figures()).connections) {
          const found = await value(one, now);
          if (found !== null) known.push({ connection: one.name, found });
        }
        if (known.length <= MOST_CONNECTIONS) {
          for (const { connection, found } of known) this.set({ connection }, found);
          return;
        }
        const joined = known.reduce(
          (sum, { found }) => (join === 'sum' ? sum + found : Math.max(sum, found)),
          0,
        );
        this.set({ connection: ALL }, joined);
      },
    });
  const ageOf = (at: Date | null, now: Date) =>
    at === null ? null : Math.max(0, (now.getTime() - at.getTime()) / 1000);

  perConnection(
    'zcv_sync_lag_seconds',
    'Age of the moment up to which deals were read',
    'worst',
    (one, now) => ageOf(one.readUntil, now),
  );
  perConnection('zcv_last_good_run_age_seconds', 'Age of the latest run that was done', 'worst', (one, now) =>
    ageOf(one.lastGoodRunAt, now),
  );
  perConnection('zcv_credits_used', 'Credits booked in the last 24 hours', 'sum', (one) => one.creditsUsed);
  perConnection('zcv_credits_left', 'Credits that our ceiling still allows today', 'sum', async (one) =>
    Math.max(0, (await ceilingOf(one)) - one.creditsUsed),
  );
  perConnection('zcv_alerts_open', 'Alerts that are open', 'sum', (one) => one.openAlerts);
  new Gauge({
    name: 'zcv_connections',
    help: 'Connections by state',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { state } of (await figures()).connections) this.inc({ state });
    },
  });
  new Gauge({
    name: 'zcv_deliveries_waiting',
    help: 'Notifications stored and not yet worked on',
    registers,
    async collect() {
      this.set((await figures()).deliveriesWaiting);
    },
  });
  new Gauge({
    name: 'zcv_deliveries_oldest_age_seconds',
    help: 'Age of the oldest notification that waits; 0 when none does',
    registers,
    async collect() {
      this.set(ageOf((await figures()).oldestDeliveryAt, clock.now()) ?? 0);
    },
  });
  new Gauge({
    name: 'zcv_jobs',
    help: 'Jobs by state: queued, active, dead',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await store.jobs.counts())) this.set({ state }, count);
    },
  });
}
