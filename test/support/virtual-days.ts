import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../../src/app.ts';
import { type Clock, dayOf, instantIn, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { addDays } from '../../src/days.ts';
import type { Connection, Day } from '../../src/domain.ts';
import { type LineResult, runLine } from '../../src/jobs/run-line.ts';
import { FIELD_SET_NAMES } from '../../src/setup/field-sets.ts';
import { applyFields } from '../../src/setup/fields.ts';
import { createSimClock } from '../../src/simulator/clock.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';

/**
 * The whole line in this process, a real store and a real simulator, on a clock that the test moves: people work by day,
 * the line runs by night. Both sides show the same time, which goes on by itself from where it was set.
 */

export interface VirtualDays {
  readonly simulator: Simulator;
  readonly app: App;
  readonly connection: Connection;
  today(): Day;
  /** For commands that read the same store and configuration. */
  readonly env: { readonly DATABASE_URL: string; readonly CONFIG_DIR: string };
  /** Moves both clocks to this local time of the day that it is. */
  at(time: string): void;
  /** Moves both clocks to 02:30 of the next day and runs sync, score, plan and apply. */
  nightly(): Promise<Night>;
  close(): Promise<void>;
}
interface Night {
  readonly day: Day;
  readonly result: LineResult;
  /** What Zoho charged for it, by the simulator's own account. */
  readonly credits: number;
}

const NIGHT = '02:30';

export async function virtualDays(input: {
  seed: OrgSeed;
  from: Day;
  /** Configuration files by name; a file that is left out holds its defaults. */
  files?: Readonly<Record<string, string>>;
}): Promise<VirtualDays> {
  const { seed, from } = input;
  const timeZone = seed.org.time_zone;
  const folder = mkdtempSync(join(tmpdir(), 'zcv-days-'));
  for (const [name, text] of Object.entries(input.files ?? {})) writeFileSync(join(folder, name), text);
  const start = new Date(instantIn(from, '01:00', timeZone));
  const simClock = createSimClock();
  simClock.shift({ now: start });
  const simulator = await startSimulator({ seed, clock: simClock });
  let offsetMs = start.getTime() - Date.now();
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + offsetMs), random: () => 0.5 };
  const moveTo = (instant: Date) => {
    offsetMs = instant.getTime() - Date.now();
    simulator.control.setClock({ offsetMs });
  };
  const env = { CONFIG_DIR: folder, DATABASE_URL: `file:${join(folder, 'zcv.db')}` };
  const config = readConfig({
    ...env,
    LOG_LEVEL: 'error',
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
  });
  const app = await createApp(config, { logTo: 'stderr', clock });
  const { refreshToken } = simulator;
  const { connection } = await app.connect({ name: 'default', refreshToken });
  const { scoring, plan } = config.settings;
  await applyFields(
    { ...app, basis: scoring.customer.basis, language: plan.language },
    { connection, sets: FIELD_SET_NAMES, max: null },
  );
  const today = () => dayOf(clock.now(), timeZone);
  return {
    simulator,
    app,
    connection,
    env,
    today,
    at: (time) => moveTo(new Date(instantIn(today(), time, timeZone))),
    nightly: async () => {
      const day = addDays(today(), 1);
      moveTo(new Date(instantIn(day, NIGHT, timeZone)));
      simulator.control.resetReport();
      const result = await runLine(await app.depsOf(connection), {
        connection,
        full: false,
        apply: true,
        asOf: null,
      });
      return { day, result, credits: simulator.control.report().credits };
    },
    close: async () => {
      await app.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
