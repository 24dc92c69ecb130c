import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome, finished } from '../support/cli.ts';
import { recordsOf, todayIn } from '../support/org.ts';
import { aFreePort } from '../support/server.ts';
import { Browser } from '../support/web-world.ts';

/** The service as a child process: deliveries, schedules, and a web thread that never waits for jobs. */

let simulator: Simulator;
let home: CliHome;
let server: ChildProcess;
let url: string;
let log = '';

async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  patienceMs = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline)
      throw new Error(`${what} did not happen within ${patienceMs} ms\n${log.slice(-3000)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }) });
  const port = await aFreePort();
  url = `http://127.0.0.1:${port}`;
  home = aCliHome(simulator, { PORT: String(port), PUBLIC_URL: url });
  for (const args of [
    ['connect', '--mode', 'auto'],
    ['fields', 'apply', '--yes'],
    ['run', '--apply', '--yes'],
  ]) {
    const done = await home.run(...args);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
  server = home.start('serve');
  for (const stream of [server.stdout, server.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  await until('readiness', async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok);
});
afterAll(async () => {
  server.kill('SIGTERM');
  await new Promise((done) => server.once('exit', done));
  home.remove();
  await simulator.close();
});

test('a won deal that lifts its account changes the tier in Zoho without any command', async () => {
  await until('a channel', () => simulator.control.report().calls['POST /crm/v8/actions/watch']);
  const account = recordsOf(simulator, 'Accounts').find((row) => row.Value_Tier === 'Marginal');
  const won = recordsOf(simulator, 'Deals').find((row) => row.Stage === 'Closed Won');
  if (!account || !won) throw new Error('the sample has no marginal account or won deal');

  simulator.control.writeRecords('Deals', [
    {
      Deal_Name: 'A very large order',
      Account_Name: { id: account.id },
      Amount: 90_000,
      Cost: 20_000,
      Stage: won.Stage,
      Pipeline: won.Pipeline,
      Closing_Date: todayIn(SUPERSTORE_TIME_ZONE),
    },
  ]);

  await until(
    'the new tier',
    () => recordsOf(simulator, 'Accounts').find((row) => row.id === account.id)?.Value_Tier === 'Top',
  );
});

test('a new lead is scored without any command', async () => {
  const { ids } = simulator.control.writeRecords('Leads', [
    { Last_Name: 'Quist', Company: 'Fjord Bikes', Lead_Source: 'Web Download' },
  ]);

  await until('its score', async () => (await home.run('explain', ids[0] ?? '', '--json')).code === 0);
});

test('an edited schedule fires at its new time', { timeout: 150_000 }, async () => {
  const before = (await home.run('schedule', 'list', '--json')).json<
    { job: string; lastRunAt: string | null }[]
  >();
  expect(before.find((row) => row.job === 'score-and-write')?.lastRunAt).toBeNull();

  const set = await home.run('schedule', 'set', 'score-and-write', 'every 1 minutes', '--json');
  expect(set, set.stderr).toMatchObject({ code: 0 });
  const dueAt = Date.parse(set.json<{ nextRunAt: string }>().nextRunAt);

  const fired = await until(
    'the schedule',
    async () => {
      const rows = (await home.run('schedule', 'list', '--json')).json<
        { job: string; lastRunAt: string | null }[]
      >();
      return rows.find((row) => row.job === 'score-and-write')?.lastRunAt;
    },
    140_000,
  );
  expect(Date.parse(fired)).toBeGreaterThanOrEqual(dueAt);
  expect(Date.parse(fired)).toBeLessThan(dueAt + 61_000);
});

test('health is answered while a full run works', async () => {
  await home.run('schedule', 'set', 'score-and-write', 'every 1 minutes');
  const run = finished(home.start('run', '--full', '--json'));
  const times: number[] = [];
  let isRunning = true;
  void run.finally(() => {
    isRunning = false;
  });
  while (isRunning || times.length < 50) {
    const startedAt = performance.now();
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    times.push(performance.now() - startedAt);
    await new Promise((done) => setTimeout(done, 10));
  }
  times.sort((a, b) => a - b);
  console.log(
    `healthz during a run: median ${times[times.length >> 1]?.toFixed(1)} ms, most ${times.at(-1)?.toFixed(1)} ms`,
  );
  expect(times[times.length >> 1]).toBeLessThan(50);
  expect((await run).code).toBe(0);
});

test('a forged delivery is refused and nothing secret is logged', async () => {
  const forged = await fetch(`${url}/hooks/zoho/not-the-secret`, { method: 'POST', body: '{}' });

  expect(forged.status).toBe(404);
  expect(log).not.toContain('not-the-secret');
  expect(log).not.toContain(simulator.refreshToken);
  expect(log).not.toContain(simulator.clientSecret);
});

test('an operator signs in by admin-link, a client links by connect link, and the secrets stay out of the log', async () => {
  simulator.control.setSwitches({ autoConsent: true });
  const secretOf = async (...args: string[]) => {
    const made = await home.run(...args, '--json');
    expect(made, made.stderr).toMatchObject({ code: 0 });
    return new URL(made.json<{ url: string }>().url).pathname;
  };
  const signIn = await secretOf('admin-link', '--name', 'ops');
  const link = await secretOf('connect', '--link', '--name', 'client-a');
  const [operator, client] = [new Browser(url), new Browser(url)];

  const signedIn = await operator.go(signIn, { method: 'POST' });
  const linked = await client.go(await client.toZoho(link, { method: 'POST' }));
  const renewed = await operator.go(await operator.toZoho('/connect?name=client-a'));

  expect([signedIn.status, linked.status, renewed.status]).toEqual([303, 200, 200]);
  const connections = (await home.run('connection', 'list', '--json')).json<
    { name: string; mode: string }[]
  >();
  expect(connections.find((row) => row.name === 'client-a')).toMatchObject({ mode: 'read-only' });
  const entries = (await (await operator.go('/api/v1/audit-log')).json()) as { items: { action: string }[] };
  expect(entries.items.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'connection.connect',
      'operator.sign_in',
      'operator.link',
      'run.apply',
      'fields.apply',
    ]),
  );
  const revoked = (await home.run('admin-link', '--revoke', '--json')).json();
  expect(revoked).toEqual({ links: 0, sessions: 1 });
  expect((await operator.go('/api/v1/me')).status).toBe(401);
  expect(log).not.toMatch(/1000\.[0-9a-f]{8}/);
  for (const path of [signIn, link]) expect(log).not.toContain(path.split('/').at(-1));
});
