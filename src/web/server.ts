import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from 'oidc-provider';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import type { Queue } from '../jobs/queue.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observe.ts';
import type { Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import { createDeliveryBuffer } from '../webhooks/delivery-buffer.ts';
import { createDeliveryReceiver } from '../webhooks/receive-delivery.ts';
import { createWorkflowReceiver } from '../webhooks/receive-workflow.ts';
import { createAccess } from './access.ts';
import { BUILT_PAGES } from './admin-pages.ts';
import type { ApiDeps } from './api-routes.ts';
import type { ApiWork } from './api-work.ts';
import { createHttpApp } from './http-app.ts';
import { startJobThread } from './job-thread.ts';
import { LiveStreams, type MostStreams } from './live-streams.ts';
import type { FigureDeps } from './metric-figures.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createOAuthProvider } from './oauth/provider.ts';
import type { MostPerMinute } from './rate-limits.ts';
import type { ReadyzDeps } from './routes/get-readyz.ts';
import type { SignInRoutesDeps } from './sign-in-routes.ts';

/** The service: HTTP in this thread, jobs and schedules in another. */

export type ServerDeps = Pick<ReadyzDeps, 'pendingMigrations'> &
  Pick<SignInRoutesDeps, 'consent'> &
  Pick<ApiDeps, 'disconnect' | 'schedules' | 'storedSettings' | 'fleet'> & {
    readonly store: Store;
    readonly queue: Queue;
    readonly clock: Clock;
    readonly log: Log;
    readonly settingsOf: (connection: Connection) => Promise<Settings>;
    readonly reloadSettings: () => void;
    readonly originsOf: ApiDeps['originsOf'];
    readonly work: ApiWork;
    /** Signs browser sessions; null: nobody can sign in. */
    readonly sessionSecret: string | null;
    readonly observer: Observer;
    readonly ceilingOf: FigureDeps['ceilingOf'];
    readonly metricsToken: string | null;
    /** Zoho and other programs may ask people for access by OAuth. */
    readonly isOAuthProvider: boolean;
  };
export interface ServerOptions {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly publicUrl: string | null;
  readonly trustProxy: boolean;
  /** What the job thread builds its own parts from; null: workers elsewhere run the jobs. */
  readonly jobs: { readonly data: unknown; readonly entry?: URL } | null;
  /** Left out: MOST_PER_MINUTE. */
  readonly mostPerMinute?: MostPerMinute;
  /** Left out: MOST_STREAMS. */
  readonly mostStreams?: MostStreams;
  /** Folder of the built admin pages. Left out: where the build puts them. */
  readonly pages?: string;
}
export interface RunningServer {
  /** Where it listens, e.g. http://127.0.0.1:3000. */
  readonly url: string;
  /** Config files are read anew, here and in the job thread. */
  reload(): void;
  stop(): Promise<void>;
}

const TIMES = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
};
const SILENCE_MS = 60_000;
const MOST_CONNECTIONS = 2_000;
const JOB_DEADLINE_MS = 10_000;
const DRAIN_MS = 5_000;

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new ConfigError(
          `cannot listen on ${host}:${port} (${cause.message}); choose another: --port or PORT`,
          { cause },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}

function urlOf(server: Server, host: string): string {
  // A server that listens on a port has an AddressInfo; text is for pipes.
  const { port } = server.address() as AddressInfo;
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

function providerOf(deps: ServerDeps, ownUrl: string): Provider | null {
  if (!deps.isOAuthProvider) return null;
  const { sessionSecret } = deps;
  if (sessionSecret === null)
    throw new ConfigError(
      'OAUTH_PROVIDER: set SESSION_SECRET, too; without it nobody can sign in to allow anything',
    );
  return createOAuthProvider(deps, { ownUrl, sessionSecret });
}

export async function startServer(deps: ServerDeps, options: ServerOptions): Promise<RunningServer> {
  const { store, clock, log } = deps;
  const server = createServer(TIMES);
  server.maxConnections = MOST_CONNECTIONS;
  // Of a client that neither reads nor writes; a stream of events sends something more often than that.
  server.setTimeout(SILENCE_MS);
  let isDraining = false;
  await listen(server, options);
  const url = urlOf(server, options.host);

  // The thread starts before there are metrics; what it notes until then was not worth counting.
  const notes: { forward: Metrics['note'] } = { forward: () => undefined };
  const thread =
    options.jobs && startJobThread({ clock, log, note: (seen) => notes.forward(seen) }, options.jobs);
  const queue: Queue = {
    async enqueue(job) {
      const enqueued = await deps.queue.enqueue(job);
      thread?.wake();
      return enqueued;
    },
  };
  const buffer = createDeliveryBuffer({
    ...{ store, queue, clock, log },
    activityMinutesOf: async (id) => {
      const connection = await store.connections.byId(id);
      return connection ? (await deps.settingsOf(connection)).notifications.activityMinutes : 0;
    },
  });
  const streams = new LiveStreams(clock, options.mostStreams);
  const metrics = createMetrics({
    ...deps,
    bufferedDeliveries: () => buffer.size(),
    openStreams: () => streams.size(),
  });
  const ownUrl = options.publicUrl ?? url;
  const access = createAccess(
    { store, clock },
    {
      secret: deps.sessionSecret,
      isSecure: ownUrl.startsWith('https:'),
      isOAuthProvider: deps.isOAuthProvider,
    },
  );
  const app = createHttpApp(
    {
      ...deps,
      queue,
      streams,
      publicUrl: options.publicUrl,
      access,
      provider: providerOf(deps, ownUrl),
      browser: { ...access, ownUrl: () => ownUrl },
      redirectUri: () => `${ownUrl}/oauth/callback`,
      isDraining: () => isDraining,
      lastBeatAt: thread && (() => thread.lastBeatAt()),
      receiver: createDeliveryReceiver({ store, buffer, clock }),
      workflows: createWorkflowReceiver({ store, buffer, clock }),
      metrics,
    },
    { ...options, pages: options.pages ?? BUILT_PAGES },
  );
  notes.forward = metrics.note;
  server.on('request', app);
  log.info({ url, notifications: options.publicUrl === null ? 'polling' : 'webhook' }, 'server started');

  return {
    url,
    reload() {
      deps.reloadSettings();
      thread?.reload();
    },
    async stop() {
      isDraining = true;
      const closed = once(server, 'close');
      server.close();
      // They would last for minutes; the pages come again by themselves.
      streams.end();
      const drained = new AbortController();
      const cut = clock.sleep(DRAIN_MS, drained.signal).then(
        () => server.closeAllConnections(),
        () => undefined,
      );
      await closed;
      drained.abort();
      await cut;
      await buffer.close();
      await thread?.stop(JOB_DEADLINE_MS);
      metrics.registry.clear();
      log.info({}, 'server stopped');
    },
  };
}
