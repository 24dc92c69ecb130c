import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from './cli.ts';
import { startLoadBalancer } from './load-balancer.ts';
import { recordsOf, todayIn } from './org.ts';
import { expectRightOrg, OPEN_GUARDS } from './right-org.ts';
import { seededRandom } from './seeded-random.ts';
import { aFreePort } from './server.ts';
import { openBooks, until } from './service-books.ts';
import { expectStoreEqualsTruth } from './store-truth.ts';

/**
 * The service under a load of deliveries while its processes are killed at random and started again, as an orchestrator
 * does. At the end: what we answered with 2xx has had its effect, and after a reconcile store and org are right.
 */

export interface KillPlan {
  readonly seed: number;
  readonly env: NodeJS.ProcessEnv;
  readonly customers: number;
  readonly servers: number;
  /** 0: the servers run the jobs. */
  readonly workers: number;
  readonly kills: number;
  readonly everyMs: number;
  readonly changesPerSecond: number;
  /** Between the kills, at a third and at two thirds of them. */
  readonly restartDatabase: (() => Promise<void>) | null;
}
export interface KillResult {
  readonly killed: number;
  readonly restarts: number;
  readonly changes: number;
  readonly answered: number;
  readonly refused: number;
  readonly settledMs: number;
}

// As an orchestrator.
const RESTART_MS = 500;
// The service drains for 20 s and gives up after 28 s.
const STOP_MS = 40_000;

interface Process {
  readonly name: string;
  child: ChildProcess;
  /** Set when it is to end for good. */
  isEnding: boolean;
}

export async function serviceKillLoop(plan: KillPlan): Promise<KillResult> {
  const random = seededRandom(plan.seed);
  const today = todayIn(GENERATED_TIME_ZONE);
  const simulator = await startSimulator({
    seed: generatedOrg({ customers: plan.customers, today, seed: plan.seed }),
    switches: { latencyMs: 5 },
  });
  const balancer = await startLoadBalancer();
  const config = mkdtempSync(join(tmpdir(), 'zcv-service-'));
  writeFileSync(join(config, 'playbook.yaml'), OPEN_GUARDS);
  const home = aCliHome(simulator, {
    CONFIG_DIR: config,
    PUBLIC_URL: balancer.url,
    LOG_LEVEL: 'info',
    ...plan.env,
  });
  const log: string[] = [];
  const processes: Process[] = [];
  try {
    for (const args of [
      ['connect', '--mode', 'auto'],
      ['fields', 'apply', '--yes'],
      ['run', '--apply', '--yes'],
    ]) {
      const done = await home.run(...args);
      expect([0, 4], done.stdout + done.stderr).toContain(done.code);
    }
    const ports: number[] = [];
    for (let n = 0; n < plan.servers; n++) {
      const port = await aFreePort();
      ports.push(port);
      const args = ['serve', '--port', String(port), ...(plan.workers > 0 ? ['--no-jobs'] : [])];
      processes.push(started(home, `server ${n}`, args, log));
    }
    for (let n = 0; n < plan.workers; n++) processes.push(started(home, `worker ${n}`, ['worker'], log));
    balancer.setServers(ports);
    await until('a channel', () =>
      (simulator.control.report().calls['POST /crm/v8/actions/watch'] ?? 0) > 0
        ? null
        : 'no call asked for one',
    );
    for (const port of ports)
      await until('a server', async () => ((await isUp(port)) ? null : `port ${port} does not answer`));
    const books = await openBooks(home);
    const before = await books.lastIntent();
    simulator.control.resetReport();

    const load = startLoad(simulator, random, plan.changesPerSecond);
    let restarts = 0;
    for (let kill = 0; kill < plan.kills; kill++) {
      // From when somebody answers: a server that is alone would else be killed before it has begun.
      await until('a server', async () =>
        (await Promise.all(ports.map(isUp))).some(Boolean) ? null : 'none answers',
      );
      await sleep(plan.everyMs);
      const victim = processes[Math.floor(random() * processes.length)];
      if (!victim) throw new Error('no process');
      await killed(victim);
      const isThird =
        plan.kills >= 3 && (kill + 1) % Math.ceil(plan.kills / 3) === 0 && kill + 1 < plan.kills;
      if (plan.restartDatabase && isThird) {
        await plan.restartDatabase();
        restarts += 1;
      }
    }
    const changes = await load.stop();
    await simulator.control.settleNotifications();

    const settledFrom = performance.now();
    await books.settled();
    const settledMs = Math.round(performance.now() - settledFrom);
    await books.expectEffects(balancer, simulator);
    for (const one of processes) await stopped(one);
    await books.expectNothingHeld();
    await books.expectWrittenOnce(simulator, before);
    await books.close();

    // What was lost in the air: Zoho does not send it again, so the next sync must find it.
    const synced = await home.run('run', '--apply', '--yes', '--json');
    expect([0, 4], synced.stdout + synced.stderr).toContain(synced.code);
    // What we wrote ourselves has a new Modified_Time.
    const again = await home.run('sync', '--json');
    expect(again, again.stderr).toMatchObject({ code: 0 });
    await expectStoreEqualsTruth(simulator, String(home.env.DATABASE_URL), {
      modules: ['Accounts', 'Contacts', 'Deals', 'Tasks'],
    });
    await expectRightOrg(simulator, home, today);
    const refused = balancer.refused();
    return { killed: plan.kills, restarts, changes, answered: balancer.answered.length, refused, settledMs };
  } catch (error) {
    process.stderr.write(`${log.slice(-80).join('')}\n`);
    throw error;
  } finally {
    for (const one of processes) {
      one.isEnding = true;
      one.child.kill('SIGKILL');
    }
    home.remove();
    await balancer.close();
    await simulator.close();
  }
}

const isUp = async (port: number): Promise<boolean> =>
  (await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null))?.ok === true;

function started(home: CliHome, name: string, args: string[], log: string[]): Process {
  const start = () => {
    const child = home.start(...args);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) {
          if (line !== '') log.push(`${name}: ${line.slice(0, 400)}\n`);
        }
      });
    }
    // One that ends by itself, e.g. because the database was away when it started, is started again as well.
    child.once('exit', () => {
      if (!own.isEnding) setTimeout(() => !own.isEnding && start(), RESTART_MS);
    });
    own.child = child;
    return child;
  };
  const own: Process = { name, isEnding: false, child: null as unknown as ChildProcess }; // set on the next line
  start();
  return own;
}

async function killed({ child }: Process): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await exit;
}

/** Drained, as by an orchestrator: within its bound, and not by force. */
async function stopped(own: Process): Promise<void> {
  own.isEnding = true;
  const { name, child } = own;
  // Between an end of its own and the next start.
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<number | string | null>((done) =>
    child.once('exit', (code, by) => done(code ?? by)),
  );
  child.kill('SIGTERM');
  const overdue = sleep(STOP_MS, `still at work ${STOP_MS} ms after SIGTERM`, { ref: false });
  // SIGTERM: it was starting still and held nothing.
  expect([0, 'SIGTERM'], `${name} stops by itself`).toContain(await Promise.race([exit, overdue]));
}

function startLoad(simulator: Simulator, random: () => number, perSecond: number) {
  const deals = recordsOf(simulator, 'Deals');
  const accounts = recordsOf(simulator, 'Accounts');
  let isOver = false;
  let changes = 0;
  const running = (async () => {
    while (!isOver) {
      const deal = deals[Math.floor(random() * deals.length)];
      const account = accounts[Math.floor(random() * accounts.length)];
      if (!deal || !account) throw new Error('the sample has no deals or accounts');
      const amount = Math.round(100 + random() * 50_000);
      const row =
        random() < 0.8
          ? { id: deal.id, Amount: amount }
          : {
              ...{ Deal_Name: `Load ${changes}`, Account_Name: { id: account.id }, Amount: amount },
              ...{ Stage: deal.Stage, Pipeline: deal.Pipeline, Closing_Date: deal.Closing_Date },
            };
      simulator.control.writeRecords('Deals', [row]);
      changes += 1;
      await sleep(1_000 / perSecond);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await running;
      return changes;
    },
  };
}
