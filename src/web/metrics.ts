import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Store } from '../store/store.ts';

/** What /metrics tells. Labels are few and fixed: routes, states, job counts; never record or org names. */

export interface MetricsDeps {
  readonly store: Pick<Store, 'jobs' | 'deliveries' | 'runs' | 'connections'>;
  /** Deliveries accepted but not yet on disk. */
  readonly bufferedDeliveries: () => number;
}
export interface Metrics {
  readonly registry: Registry;
  readonly timeRequests: RequestHandler;
  countDelivery(outcome: string): void;
}

const RECENT_RUNS = 20;

export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry();
  // Includes the delay of the event loop.
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const { store } = deps;

  const requests = new Histogram({
    name: 'zcv_http_request_duration_seconds',
    help: 'Time from request to answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const deliveries = new Counter({
    name: 'zcv_deliveries_total',
    help: 'Notifications of Zoho by outcome: stored, accepted, refused',
    labelNames: ['outcome'] as const,
    registers,
  });
  new Gauge({
    name: 'zcv_deliveries_waiting',
    help: 'Notifications stored and not yet worked on',
    registers,
    async collect() {
      this.set(await store.deliveries.countPending());
    },
  });
  new Gauge({
    name: 'zcv_deliveries_buffered',
    help: 'Notifications accepted and not yet on disk',
    registers,
    collect() {
      this.set(deps.bufferedDeliveries());
    },
  });
  new Gauge({
    name: 'zcv_jobs',
    help: 'Jobs by state',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await store.jobs.counts())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'zcv_connections',
    help: 'Connections by state',
    labelNames: ['state'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { state } of await store.connections.list()) this.inc({ state });
    },
  });
  new Gauge({
    name: 'zcv_last_run_timestamp_seconds',
    help: 'End of the latest run by connection, kind and state',
    labelNames: ['connection', 'kind', 'state'] as const,
    registers,
    async collect() {
      this.reset();
      for (const { id } of await store.connections.list()) {
        // Newest first, so the oldest of a kind and state is set first and then overwritten.
        for (const run of (await store.runs.list(id, RECENT_RUNS)).toReversed()) {
          if (run.finishedAt === null) continue;
          this.set({ connection: id, kind: run.kind, state: run.state }, run.finishedAt.getTime() / 1000);
        }
      }
    },
  });

  return {
    registry,
    countDelivery: (outcome) => deliveries.inc({ outcome }),
    timeRequests(req, res, next) {
      const stop = requests.startTimer({ method: req.method });
      res.once('finish', () => {
        // The pattern, not the path: a path holds ids and secrets.
        const pattern: unknown = req.route?.path;
        stop({
          route: typeof pattern === 'string' ? `${req.baseUrl}${pattern}` : 'none',
          status: String(res.statusCode),
        });
      });
      next();
    },
  };
}
