import type { RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Observation } from '../observe.ts';
import { collectFigures, type FigureDeps } from './metric-figures.ts';

/**
 * What /metrics tells; docs/observability.md has the table. Labels are few and bounded: routes, states, codes, names of
 * at most a hundred connections; never records or people.
 */

export type MetricsDeps = FigureDeps & {
  /** Deliveries accepted but not yet on disk. */
  readonly bufferedDeliveries: () => number;
  /** Pages and programs that listen for changes. */
  readonly openStreams: () => number;
};
export interface Metrics {
  readonly registry: Registry;
  readonly timeRequests: RequestHandler;
  countDelivery(outcome: string): void;
  /** Before the routes of /hooks: counts what they refuse. */
  readonly countRefused: RequestHandler;
  /** What the jobs beside this server noticed. */
  note(observation: Observation): void;
}

// A full buffer (503) is counted by the route itself.
const REFUSALS: { readonly [status: number]: string } = {
  400: 'bad_input',
  401: 'bad_signature',
  404: 'not_found',
  413: 'too_large',
  429: 'too_many',
};
const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const SLOW = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800];
const DELIVERY = [0.5, 1, 2, 3, 4, 5, 7.5, 10, 20, 60, 300];

export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry();
  // Includes the delay of the event loop, memory and CPU.
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const timed = <L extends string>(name: string, help: string, labelNames: readonly L[], buckets: number[]) =>
    new Histogram({ name, help, labelNames, buckets, registers });

  const requests = timed(
    'zcv_http_request_duration_seconds',
    'Time from request to answer',
    ['method', 'route', 'status'] as const,
    FAST,
  );
  const runs = timed(
    'zcv_run_duration_seconds',
    'Runs by kind and outcome: done, partial, failed',
    ['run', 'outcome'] as const,
    SLOW,
  );
  const jobs = timed(
    'zcv_job_duration_seconds',
    'Jobs by name and outcome: ok or an error code',
    ['job', 'outcome'] as const,
    SLOW,
  );
  const calls = timed(
    'zcv_zoho_call_duration_seconds',
    'Calls to Zoho with their waits and tries, by method and outcome: ok or an error code',
    ['method', 'outcome'] as const,
    SLOW,
  );
  const latency = timed(
    'zcv_delivery_latency_seconds',
    "From the receipt of a notification to the end of its work, the write's answer included",
    [],
    DELIVERY,
  );
  const errors = new Counter({
    name: 'zcv_errors_total',
    help: 'Failed jobs and calls to Zoho by code',
    labelNames: ['code', 'in'] as const,
    registers,
  });
  const deliveries = new Counter({
    name: 'zcv_deliveries_total',
    help: 'Notifications of Zoho by outcome: stored, accepted, refused, or why not: bad_input, bad_signature, not_found, too_large, too_many',
    labelNames: ['outcome'] as const,
    registers,
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
    name: 'zcv_live_streams',
    help: 'Streams of events that are open',
    registers,
    collect() {
      this.set(deps.openStreams());
    },
  });
  collectFigures(deps, registers);

  return {
    registry,
    countDelivery: (outcome) => deliveries.inc({ outcome }),
    countRefused(_req, res, next) {
      res.once('finish', () => {
        const outcome = REFUSALS[res.statusCode];
        if (outcome !== undefined) deliveries.inc({ outcome });
      });
      next();
    },
    note(seen) {
      switch (seen.kind) {
        case 'run':
          runs.observe({ run: seen.run, outcome: seen.outcome }, seen.seconds);
          break;
        case 'job':
          jobs.observe({ job: seen.job, outcome: seen.outcome }, seen.seconds);
          if (seen.outcome !== 'ok') errors.inc({ code: seen.outcome, in: 'job' });
          break;
        case 'zoho':
          calls.observe({ method: seen.method, outcome: seen.outcome }, seen.seconds);
          if (seen.outcome !== 'ok') errors.inc({ code: seen.outcome, in: 'zoho' });
          break;
        case 'delivery':
          latency.observe(seen.seconds);
          break;
      }
    },
    timeRequests(req, res, next) {
      const stop = requests.startTimer({ method: req.method });
      res.once('finish', () => {
        // The pattern, not the path: a path holds ids and secrets.
        const pattern: unknown = req.route?.path;
        const route = typeof pattern === 'string' ? `${req.baseUrl}${pattern}` : 'none';
        stop({ route, status: String(res.statusCode) });
      });
      next();
    },
  };
}
