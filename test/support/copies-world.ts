import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome, type CliResult } from './cli.ts';
import { recordsOf, todayIn } from './org.ts';

/** A small firm, scored and written to Zoho, then changed and planned anew, and copies of its database. */
export interface CopiesWorld {
  readonly simulator: Simulator;
  readonly home: CliHome;
  /** Run that wrote to Zoho. */
  readonly run: string;
  readonly customers: readonly string[];
  /** Everything that the command line shows, byte for byte, by command. */
  shown(home: CliHome): Promise<Record<string, string>>;
  diff(home: CliHome): Promise<string>;
  /** A home over another database, with the key of the first one. */
  over(databaseUrl: string): CliHome;
  /** A new folder with a copy of the key file and no database. */
  emptyMachine(): CliHome;
  newPostgres(): Promise<string>;
  close(): Promise<void>;
}

const EXPORTS = [
  ['--format', 'csv'],
  ['--format', 'ndjson'],
  ['--by', 'month'],
  ['--by', 'year'],
  ['--leads'],
] as const;
const AT_ONCE = 2;

export async function succeeded(home: CliHome, ...args: string[]): Promise<CliResult> {
  const done = await home.run(...args);
  expect(done, `${args.join(' ')}\n${done.stderr}`).toMatchObject({ code: 0 });
  return done;
}

export async function copiesWorld({
  customers: size,
  seed,
}: {
  customers: number;
  seed: number;
}): Promise<CopiesWorld> {
  const today = todayIn(GENERATED_TIME_ZONE);
  const simulator = await startSimulator({ seed: generatedOrg({ customers: size, today, seed }) });
  const home = aCliHome(simulator);
  await succeeded(home, 'connect');
  await succeeded(home, 'fields', 'apply', '--set', 'essential', '--set', 'full', '--yes');
  const applied = await succeeded(home, 'run', '--apply', '--yes', '--json');
  const { runId: run } = applied.json<{ apply: { runId: string } }>().apply;
  const won = recordsOf(simulator, 'Deals').filter((deal) => deal.Stage === 'Closed Won');
  simulator.control.writeRecords(
    'Deals',
    won.slice(0, 5).map(({ id, Amount }) => ({ id, Amount: Number(Amount) * 40 })),
  );
  const planned = await home.run('run', '--json');
  const plan = planned.json<{ plan: { planId: string } }>().plan.planId;
  const customers = recordsOf(simulator, 'Accounts')
    .slice(0, 3)
    .map(({ id }) => id);
  const homes: CliHome[] = [home];
  const databases: string[] = [];
  const server = process.env.ZCV_TEST_PG ?? '';
  const keyFile = join(home.folder, 'zcv.db.key');
  const another = (more: NodeJS.ProcessEnv): CliHome => {
    const made = aCliHome(simulator, more);
    homes.push(made);
    return made;
  };
  return {
    simulator,
    home,
    run,
    customers,
    async shown(of) {
      const commands: string[][] = [
        ...EXPORTS.map((options) => ['export', ...options]),
        ...customers.map((id) => ['explain', id]),
        ['plan', 'show', plan, '--diff'],
        ['plan', 'show', plan, '--json'],
      ];
      const shown: Record<string, string> = {};
      const waiting = [...commands];
      const worker = async () => {
        for (let args = waiting.shift(); args; args = waiting.shift())
          shown[args.join(' ')] = (await succeeded(of, ...args)).stdout;
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      return Object.fromEntries(commands.map((args) => [args.join(' '), shown[args.join(' ')] ?? '']));
    },
    async diff(of) {
      const done = await of.run('plan', '--diff');
      expect([0, 3], done.stderr).toContain(done.code); // 3: a guard holds it, which changes nothing of what it says
      return done.stdout;
    },
    over: (databaseUrl) =>
      another({ DATABASE_URL: databaseUrl, ENCRYPTION_KEYS: readFileSync(keyFile, 'utf8').trim() }),
    emptyMachine() {
      const made = another({});
      cpSync(keyFile, join(made.folder, 'zcv.db.key'));
      return made;
    },
    async newPostgres() {
      const name = `zcv_copy_${randomBytes(6).toString('hex')}`;
      await onServer(server, `create database ${name} template template0`);
      databases.push(name);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    async close() {
      for (const made of homes) made.remove();
      for (const name of databases) await onServer(server, `drop database ${name} with (force)`);
      await simulator.close();
    },
  };
}

async function onServer(server: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
