import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { Connection } from '../../../src/domain.ts';
import { unobserved } from '../../../src/observe.ts';
import type { Settings } from '../../../src/rules.ts';
import type { BrowserConsent } from '../../../src/setup/browser-consent.ts';
import type { Store } from '../../../src/store/store.ts';
import type { NewDelivery } from '../../../src/store/webhook-stores.ts';
import { createAccess } from '../../../src/web/access.ts';
import type { ApiSchedules, ApiStoredSettings, ApiWork } from '../../../src/web/api-work.ts';
import { createHttpApp } from '../../../src/web/http-app.ts';
import { LiveStreams } from '../../../src/web/live-streams.ts';
import { createMetrics } from '../../../src/web/metrics.ts';
import { createDeliveryBuffer } from '../../../src/webhooks/delivery-buffer.ts';
import { createDeliveryReceiver } from '../../../src/webhooks/receive-delivery.ts';
import { createWorkflowReceiver } from '../../../src/webhooks/receive-workflow.ts';
import { aConnection, recordingQueue } from '../jobs/memory-store.ts';

const SECRET = 's3cret-s3cret-s3cret-s3cret-s3cret-s3cret-1';
const TOKEN = 'the-token-of-this-channel';

// No route of this file leads to Zoho.
const noConsent = {} as BrowserConsent;

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

interface Options {
  draining?: boolean;
  mostPerMinute?: { api: number; signIn: number; caller: number };
  connections?: Connection[];
  database?: () => Promise<string[]>;
  beatAt?: Date | null;
  publicUrl?: string | null;
  /** Message of an error that the store throws. */
  bug?: string;
  metricsToken?: string;
}

async function serve(options: Options = {}) {
  const lines: string[] = [];
  const stored: NewDelivery[] = [];
  const connections = options.connections ?? [];
  const log = pino(
    { level: 'debug' },
    new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    }),
  );
  const hook = {
    connection: 'c1',
    name: 'won-deals',
    secretHash: createHash('sha256').update(SECRET).digest('hex'),
    headerHash: createHash('sha256').update(TOKEN).digest('hex'),
    createdAt: systemClock.now(),
    rotatedAt: null,
    heardAt: null,
  };
  const channel = {
    connection: 'c1',
    channelId: '9',
    events: [],
    token: TOKEN,
    secretHash: createHash('sha256').update(SECRET).digest('hex'),
    notifyUrl: '',
    expiresAt: new Date(systemClock.now().getTime() + 3_600_000),
    createdAt: systemClock.now(),
  };
  const parts = {
    connections: {
      list: async () => {
        if (options.bug) throw new TypeError(options.bug);
        return connections;
      },
      byName: async (name: string) => connections.find((one) => one.name === name) ?? null,
    },
    channels: {
      of: async () => [channel],
      bySecretHash: async (hash: string) => (hash === channel.secretHash ? channel : null),
      heard: async () => undefined,
    },
    workflowHooks: {
      bySecretHash: async (hash: string) => (hash === hook.secretHash ? hook : null),
      heard: async () => undefined,
    },
    deliveries: {
      countPending: async () => stored.length,
      async add(rows: readonly NewDelivery[]) {
        stored.push(...rows);
        return rows.length;
      },
    },
    apiTokens: { use: async () => null },
    jobs: { counts: async () => ({ queued: 3, active: 1, dead: 2 }) },
    figures: {
      read: async (now: Date) => ({
        connections: connections.map(({ id, name, state, org }) => ({
          ...{ id, name, state, org, creditsUsed: 40, openAlerts: 1 },
          ...{ lastGoodRunAt: new Date(now.getTime() - 60_000), readUntil: null },
        })),
        deliveriesWaiting: stored.length,
        oldestDeliveryAt: null,
      }),
    },
    runs: {
      list: async () => [
        {
          id: 'r1',
          connection: 'c1',
          kind: 'sync',
          state: 'done',
          input: {},
          summary: {},
          startedAt: new Date('2026-06-10T02:30:00Z'),
          finishedAt: new Date('2026-06-10T02:31:00Z'),
        },
      ],
    },
  };
  // Only the calls that the routes make; one that is missing fails its test.
  const store = parts as unknown as Store;
  const { queue } = recordingQueue();
  const buffer = createDeliveryBuffer({
    store,
    queue,
    clock: systemClock,
    log,
    activityMinutesOf: async () => 10,
  });
  const app = createHttpApp(
    {
      store,
      queue,
      isDraining: () => options.draining ?? false,
      settingsOf: async () => ({}) as Settings,
      schedules: {} as ApiSchedules,
      storedSettings: {} as ApiStoredSettings,
      fleet: async () => [],
      streams: new LiveStreams(systemClock),
      ceilingOf: async () => 1_000,
      originsOf: async () => [],
      work: {} as ApiWork,
      observer: unobserved,
      metricsToken: options.metricsToken ?? null,
      provider: null,
      clock: systemClock,
      log,
      publicUrl: options.publicUrl ?? null,
      pendingMigrations: options.database ?? (async () => []),
      lastBeatAt: () => (options.beatAt === undefined ? systemClock.now() : options.beatAt),
      receiver: createDeliveryReceiver({ store, buffer, clock: systemClock }),
      workflows: createWorkflowReceiver({ store, buffer, clock: systemClock }),
      metrics: createMetrics({
        store,
        clock: systemClock,
        ceilingOf: async () => 1_000,
        bufferedDeliveries: () => buffer.size(),
        openStreams: () => 0,
      }),
      access: createAccess(
        { store, clock: systemClock },
        { secret: null, isSecure: true, isOAuthProvider: false },
      ),
      browser: {
        csrfToken: () => '',
        sessionOf: () => null,
        setVisit: async () => undefined,
        ownUrl: () => 'https://value.example.test',
      },
      disconnect: async () => ({ channels: 0, revoked: true, problems: [] }),
      consent: noConsent,
      redirectUri: () => 'https://value.example.test/oauth/callback',
    },
    { trustProxy: false, ...(options.mostPerMinute ? { mostPerMinute: options.mostPerMinute } : {}) },
  );
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo; // a server on a port has an AddressInfo
  const base = `http://127.0.0.1:${port}`;
  const get = (path: string, cookie = '', authorization = '') =>
    fetch(`${base}${path}`, {
      redirect: 'manual',
      headers: { ...(cookie === '' ? {} : { cookie }), ...(authorization === '' ? {} : { authorization }) },
    });
  const notify = (body: string, secret = SECRET) =>
    fetch(`${base}/hooks/zoho/${secret}`, { method: 'POST', body });
  return { base, get, notify, stored, logged: () => lines.join('') };
}

function aNotification(part: Record<string, unknown> = {}): string {
  return JSON.stringify({ module: 'Deals', operation: 'update', ids: ['57'], token: TOKEN, ...part });
}

describe('health', () => {
  test('the process is healthy whatever the database does; readiness tells the truth', async () => {
    const { get } = await serve({ database: () => Promise.reject(new Error('connection refused to db-7')) });

    const healthy = await get('/healthz');
    const ready = await get('/readyz');
    const body = await ready.text();

    expect(healthy.status).toBe(200);
    expect(ready.status).toBe(503);
    expect(JSON.parse(body).checks.database.status).toBe('fail');
    expect(body).not.toContain('db-7');
  });

  test('ready means: schema current, queue readable, job thread alive', async () => {
    const ready = await serve({ publicUrl: 'https://value.example.test', connections: [aConnection()] });
    const behind = await serve({ database: async () => ['0007-lines'] });
    const dead = await serve({ beatAt: null });
    const silent = await serve({ beatAt: new Date(systemClock.now().getTime() - 31_000) });

    const answer = await ready.get('/readyz');

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      checks: {
        queue: { detail: '3 queued, 1 active, 2 dead' },
        notifications: { detail: '1 connections are notified of changes' },
      },
    });
    for (const one of [behind, dead, silent]) expect((await one.get('/readyz')).status).toBe(503);
  });

  test('without a public address readiness says that polling takes over', async () => {
    const { get } = await serve();

    const answer = await get('/readyz');

    expect(await answer.json()).toMatchObject({
      checks: { notifications: { status: 'ok', detail: expect.stringMatching(/PUBLIC_URL.*polling/) } },
    });
  });

  test('metrics count jobs, runs and requests by route, never by path', async () => {
    const { get, notify } = await serve({ connections: [aConnection()] });
    await notify(aNotification());

    const text = await (await get('/metrics')).text();

    expect(text).toContain('zcv_jobs{state="dead"} 2');
    expect(text).toMatch(/zcv_last_good_run_age_seconds\{connection="default"\} 60/);
    expect(text).toContain('zcv_credits_left{connection="default"} 960');
    expect(text).not.toContain('zcv_sync_lag_seconds{');
    expect(text).toContain('zcv_deliveries_total{outcome="stored"} 1');
    expect(text).toContain('route="/hooks/zoho/:secret"');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).not.toContain(SECRET);
  });

  test('metrics of many connections are the worst and the sum of all', async () => {
    const many = Array.from({ length: 101 }, (_, index) =>
      aConnection({ id: `c${index}`, name: `n${index}` }),
    );
    const { get } = await serve({ connections: many });

    const text = await (await get('/metrics')).text();

    expect(text).toContain('zcv_credits_used{connection="(all)"} 4040');
    expect(text).not.toContain('connection="n5"');
  });

  test('metrics with a token are for whoever carries it, and a forged notification is counted', async () => {
    const { get, notify } = await serve({ metricsToken: 'a-token-of-metrics' });
    await notify(aNotification({ token: 'wrong' }));

    const refused = await get('/metrics');
    const read = await get('/metrics', '', 'Bearer a-token-of-metrics');

    expect(refused.status).toBe(404);
    expect(await read.text()).toContain('zcv_deliveries_total{outcome="bad_signature"} 1');
  });

  test('the status page shows counts and names nobody', async () => {
    const { get } = await serve({ connections: [aConnection(), aConnection({ state: 'reconnect_needed' })] });

    const page = await (await get('/')).text();

    expect(page).toContain('Connections: 2, of which ready: 1');
    expect(page).toContain('Last run: 2026-06-10T02:30:00.000Z');
    expect(page).not.toContain('Acme');
  });
});

describe('POST /hooks/zoho', () => {
  test('stores a notification and answers 200', async () => {
    const { notify, stored } = await serve();

    const answer = await notify(aNotification());

    expect(answer.status).toBe(200);
    expect(stored).toMatchObject([{ connection: 'c1', channelId: '9', body: { ids: ['57'] } }]);
  });

  test.each([
    ['a wrong secret of the right form', 'x'.repeat(43), aNotification(), 404, 'not_found'],
    ['a secret of another form', 'abc', aNotification(), 404, 'not_found'],
    ['a wrong token', SECRET, aNotification({ token: 'guess-42' }), 401, 'bad_signature'],
    ['no token', SECRET, aNotification({ token: null }), 401, 'bad_signature'],
    ['no JSON', SECRET, '{"module":', 400, 'bad_input'],
    ['no body', SECRET, '', 400, 'bad_input'],
  ])('%s is refused with a problem and leaves no trace', async (_what, secret, body, status, code) => {
    const { notify, stored, logged } = await serve();

    const answer = await notify(body, secret);

    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await answer.json()).toMatchObject({ status, code });
    expect(stored).toEqual([]);
    expect(logged()).not.toContain('guess-42');
  });

  test('takes 256 kB and no more', async () => {
    const { notify } = await serve();
    const padded = (size: number) => aNotification({ padding: 'x'.repeat(size) });

    expect((await notify(padded(255 * 1024))).status).toBe(200);
    expect((await notify(padded(257 * 1024))).status).toBe(413);
  });

  test('never writes its secret, token or body to the log', async () => {
    const { notify, logged } = await serve();

    await notify(aNotification());
    await notify(aNotification({ token: 'guess-42' }));

    expect(logged()).toContain('/hooks/zoho/[secret]');
    for (const secret of [SECRET, TOKEN, 'guess-42', '"57"']) expect(logged()).not.toContain(secret);
  });
});

describe('POST /hooks/workflow', () => {
  const FORM = 'application/x-www-form-urlencoded';
  const JSON_TYPE = 'application/json';
  type Site = Awaited<ReturnType<typeof serve>>;
  const call = (
    { base }: Site,
    body: string | FormData,
    how: { type?: string; path?: string; header?: string | null; query?: string } = {},
  ) => {
    const headers = new Headers();
    if (how.type) headers.set('content-type', how.type);
    if (how.header !== null) headers.set('X-ZCV-Secret', how.header ?? TOKEN);
    const url = `${base}/hooks/workflow/${how.path ?? SECRET}${how.query ?? ''}`;
    return fetch(url, { method: 'POST', body, headers });
  };
  const form = new FormData();
  form.set('module', 'Deals');
  form.set('id', '5725767000000411001');

  test.each([
    ['a form', 'module=Deals&id=5725767000000411001&Stage=Closed+Won', { type: FORM }],
    ['a form in parts', form, {}],
    ['JSON', '{"module":"Deals","id":"5725767000000411001"}', { type: JSON_TYPE }],
    ['JSON under another name', '{"module":"Deals","ids":["5725767000000411001"]}', { type: 'text/plain' }],
    ['parameters of the address', '', { query: '?module=Deals&id=5725767000000411001' }],
  ])('stores what %s names, and no value of it', async (_what, body, how) => {
    const site = await serve();

    const answer = await call(site, body, how);

    expect(answer.status).toBe(200);
    const delivery = { module: 'Deals', operation: 'update', ids: ['5725767000000411001'] };
    expect(site.stored).toMatchObject([
      { connection: 'c1', channelId: 'workflow:won-deals', body: delivery },
    ]);
    expect(JSON.stringify(site.stored)).not.toContain('Closed');
  });

  test('takes each call as news: the same words come again when the same record changes again', async () => {
    const site = await serve();

    for (let times = 0; times < 2; times++) await call(site, 'module=Deals&id=57257', { type: FORM });

    expect(new Set(site.stored.map(({ key }) => key)).size).toBe(2);
  });

  test.each([
    ['a wrong path', { path: 'x'.repeat(43) }, 'module=Deals&id=57257', 404],
    ['a wrong header', { header: 'guess-42' }, 'module=Deals&id=57257', 401],
    ['no header', { header: null }, 'module=Deals&id=57257', 401],
    ['no record', {}, 'module=Deals', 400],
    ['no module', {}, 'id=57257', 400],
    ['an id that is none', {}, 'module=Deals&id=57257;drop', 400],
    ['too much', {}, `module=Deals&id=57257&text=${'x'.repeat(65 * 1024)}`, 413],
  ])('%s is refused and leaves no trace', async (_what, how, body, status) => {
    const site = await serve();

    const answer = await call(site, body, { type: FORM, ...how });

    expect(answer.status).toBe(status);
    expect(site.stored).toEqual([]);
    for (const secret of [SECRET, TOKEN, 'guess-42']) expect(site.logged()).not.toContain(secret);
  });
});

describe('errors', () => {
  test('an unknown path is a problem with a request id', async () => {
    const { get } = await serve();

    const answer = await get('/admin.php');

    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ title: 'Not Found', requestId: expect.any(String) });
  });

  test('a bug is 500 without its message; the log has it', async () => {
    const site = await serve({ bug: 'cannot read property of Anna Jansen' });

    const answer = await site.get('/');

    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('Anna');
    expect(site.logged()).toContain('Anna Jansen');
  });
});

describe('the edge', () => {
  test('a request keeps the id that it came with when that is well formed, and always has one', async () => {
    const { base } = await serve();
    const idOf = async (given: string) => {
      const { headers } = await fetch(`${base}/healthz`, { headers: { 'x-request-id': given } });
      return headers.get('x-request-id');
    };

    expect(await idOf('balancer-00017')).toBe('balancer-00017');
    expect(await idOf('short')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('a b"}{'.repeat(20))).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('pages may load nothing from elsewhere and be framed by nobody', async () => {
    const { get } = await serve();

    const policy = (await get('/')).headers.get('content-security-policy') ?? '';

    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
  });

  test('a server that stops says so and lets go of connections', async () => {
    const { get } = await serve({ draining: true });

    const answer = await get('/readyz');

    expect(answer.status).toBe(503);
    expect(answer.headers.get('connection')).toBe('close');
    expect(await answer.json()).toMatchObject({ status: 'draining' });
  });

  test('whoever asks too often is told when to come again, whatever token is guessed', async () => {
    const { base } = await serve({ mostPerMinute: { api: 3, signIn: 1, caller: 9 } });
    const guess = async (token: string) =>
      fetch(`${base}/api/v1/connections`, { headers: { authorization: `Bearer ${token}` } });

    const answers = [await guess('a'), await guess('b'), await guess('c'), await guess('d')];
    const last = answers[3];

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last?.headers.get('ratelimit')).toContain('address');
    expect(await last?.json()).toMatchObject({ code: 'too_many_requests', status: 429 });
    expect((await fetch(`${base}/connect`, { redirect: 'manual' })).status).not.toBe(429);
    expect((await fetch(`${base}/connect`, { redirect: 'manual' })).status).toBe(429);
  });
});
