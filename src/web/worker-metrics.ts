import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import helmet from 'helmet';
import { ConfigError } from '../errors.ts';
import type { Log } from '../log.ts';
import { createErrorHandler, handleNotFound } from './error-handler.ts';
import type { Metrics } from './metrics.ts';
import { getHealthz } from './routes/get-healthz.ts';
import { getMetrics } from './routes/get-metrics.ts';

/** The two addresses of a worker: that it lives, and what its jobs did. Nothing else is answered there. */

export interface WorkerMetrics {
  /** Where it listens, e.g. http://127.0.0.1:9464. */
  readonly url: string;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 20;

/** Throws ConfigError when it cannot listen there. `token`: asked of who reads; null: this machine alone may. */
export async function startWorkerMetrics(
  { metrics, log }: { readonly metrics: Metrics; readonly log: Log },
  { host, port, token }: { readonly host: string; readonly port: number; readonly token: string | null },
): Promise<WorkerMetrics> {
  const app = express();
  app.use(helmet());
  app.get('/healthz', getHealthz);
  app.get('/metrics', getMetrics(metrics.registry, { token }));
  app.use(handleNotFound);
  app.use(createErrorHandler(log));
  const server = createServer(app);
  server.maxConnections = MOST_CONNECTIONS;
  try {
    await once(server.listen(port, host), 'listening');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot listen on ${host}:${port} (${why}); choose another: --metrics-port`, {
      cause,
    });
  }
  // A server on a port has an AddressInfo.
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      metrics.registry.clear();
    },
  };
}
