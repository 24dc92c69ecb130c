import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type App, createApp, serverDeps } from '../../src/app.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { ApiRoute } from '../../src/web/api-route.ts';
import { apiRoutes } from '../../src/web/api-routes.ts';
import { MOST_STREAMS, type MostStreams } from '../../src/web/live-streams.ts';
import { startServer } from '../../src/web/server.ts';
import { aConnection } from '../store/builders.ts';

/** The service as browsers and programs meet it: real HTTP, a real store, a simulated Zoho; time can be moved. */

export interface WebWorld {
  readonly url: string;
  readonly app: App;
  /** As the server mounts them. */
  readonly routes: readonly ApiRoute[];
  readonly simulator: Simulator;
  /** From now on our clock says so much later. */
  later(ms: number): void;
  /** Ten codes in ten minutes are all that Zoho gives; tests want more. */
  freshCodes(): void;
  browser(): Browser;
  /** Signed in by a one-time link. */
  operator(): Promise<Browser>;
  /** Signed in with Zoho as the user of that key. */
  signedIn(user: string): Promise<Browser>;
  bearer(secret: string): Browser;
  close(): Promise<void>;
}

/** Follows no redirect by itself and keeps its cookies. */
export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #base: string;
  readonly #token: string | null;
  constructor(base: string, token: string | null = null) {
    this.#base = base;
    this.#token = token;
  }
  async go(path: string, init: RequestInit & { form?: Record<string, string>; json?: unknown } = {}) {
    const { form, json, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (this.cookies.size > 0 && !headers.has('cookie')) headers.set('cookie', this.cookieHeader());
    if (this.#token !== null) headers.set('authorization', `Bearer ${this.#token}`);
    if (json !== undefined) headers.set('content-type', 'application/json');
    const body = json === undefined ? form && new URLSearchParams(form) : JSON.stringify(json);
    const answer = await fetch(new URL(path, this.#base), {
      redirect: 'manual',
      ...rest,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (/expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }
  cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  /** A write as our own pages send it. */
  async write(method: string, path: string, json?: unknown) {
    const me = await this.go('/api/v1/me');
    const { csrfToken = null } = me.ok ? ((await me.json()) as { csrfToken?: string | null }) : {};
    const headers: Record<string, string> = csrfToken === null ? {} : { 'x-csrf-token': csrfToken };
    return this.go(`/api/v1${path}`, { method, headers, ...(json === undefined ? {} : { json }) });
  }
  /** To Zoho's consent page, which answers by itself; the address that Zoho sends the browser back to. */
  async toZoho(path: string, init: RequestInit = {}): Promise<string> {
    const begin = await this.go(path, init);
    const consent = await fetch(begin.headers.get('location') ?? `about:${begin.status}`, {
      redirect: 'manual',
    });
    const back = consent.headers.get('location');
    if (back === null) throw new Error(`Zoho did not send back: ${consent.status} ${await consent.text()}`);
    return back;
  }
}

/** As `npm run build` leaves them. */
const PAGES = fileURLToPath(new URL('../../dist/admin', import.meta.url));
const CONFIG = fileURLToPath(new URL('../../config', import.meta.url));
// Nothing to do for jobs here; it only has to hear that it may stop.
const IDLE_THREAD = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (word) => word === 'stop' && parentPort.close());
    parentPort.postMessage('beat');
  `)}`,
);

export async function aWebWorld(
  seed: OrgSeed,
  more: NodeJS.ProcessEnv = {},
  /** True: a thread works on jobs and schedules, as in the service; its clock cannot be moved. */
  hasJobs = false,
  mostStreams: MostStreams = MOST_STREAMS,
): Promise<WebWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'zcv-web-'));
  const simulator = await startSimulator({ seed, switches: { autoConsent: true } });
  let offsetMs = 0;
  let zohoOffsetMs = 0;
  const clock: Clock = { ...systemClock, now: () => new Date(systemClock.now().getTime() + offsetMs) };
  const config = readConfig({
    CONFIG_DIR: CONFIG,
    DATABASE_URL: `file:${join(folder, 'store.db')}`,
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
    LOG_LEVEL: 'silent',
    ...more,
  });
  const app = await createApp(config, { logTo: 'stderr', clock });
  const { publicUrl } = config.server;
  const server = await startServer(await serverDeps(app), {
    // Where the address of the service is given, it is found there.
    ...{ host: '127.0.0.1', port: Number(new URL(publicUrl ?? 'http://any.test').port) },
    ...{ publicUrl, trustProxy: false },
    jobs: hasJobs ? { data: { config } } : { data: null, entry: IDLE_THREAD },
    pages: PAGES,
    mostStreams,
    // A file of tests asks more in a minute than people do; the limits have tests of their own.
    mostPerMinute: { api: 100_000, signIn: 100_000, caller: 100_000 },
  });
  const browser = () => new Browser(server.url);
  const freshCodes = () => {
    zohoOffsetMs += 11 * 60_000;
    simulator.control.setClock({ offsetMs: zohoOffsetMs });
  };
  return {
    url: server.url,
    app,
    // Declaring routes calls nothing of what they are given.
    routes: apiRoutes({} as Parameters<typeof apiRoutes>[0]),
    simulator,
    later: (ms) => {
      offsetMs += ms;
    },
    browser,
    freshCodes,
    bearer: (secret) => new Browser(server.url, secret),
    async operator() {
      const [at, visitor] = [clock.now(), browser()];
      const expiresAt = new Date(at.getTime() + 60_000);
      const secret = await app.store.links.addOperatorLink({ operator: 'ops', at, expiresAt });
      const answer = await visitor.go(`/operator/${secret}`, { method: 'POST' });
      if (answer.status !== 303) throw new Error(`no operator: ${answer.status} ${await answer.text()}`);
      return visitor;
    },
    async signedIn(user) {
      const visitor = browser();
      freshCodes();
      simulator.control.setSwitches({ consentBy: user });
      const answer = await visitor.go(await visitor.toZoho('/sign-in'));
      if (answer.status !== 303) throw new Error(`not signed in: ${answer.status} ${await answer.text()}`);
      return visitor;
    },
    async close() {
      await server.stop();
      await app.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The simulated org, and another one beside it that nobody of the first may see; their ids. */
export async function linkTwo({ app, simulator }: WebWorld): Promise<{ mine: string; theirs: string }> {
  const { url: accountsUrl, clientId, clientSecret, refreshToken } = simulator;
  const { connection } = await app.connect({ name: 'mine', refreshToken });
  const second = aConnection({ name: 'theirs', accountsUrl, clientId, clientSecret, location: 'custom' });
  const org = { ...second.org, id: 'another-org' };
  const { id: theirs } = await app.store.connections.create({ ...second, org });
  return { mine: connection.id, theirs };
}
