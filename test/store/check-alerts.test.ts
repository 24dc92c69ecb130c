import { fileURLToPath } from 'node:url';
import { beforeEach, expect, test } from 'vitest';
import type { AlertCode } from '../../src/alerts.ts';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection } from '../../src/domain.ts';
import { checkAlerts } from '../../src/jobs/check-alerts.ts';
import { silentLog } from '../../src/log.ts';
import { minor } from '../../src/money.ts';
import { changeOf } from '../../src/notify/queue-mails.ts';
import type { Settings } from '../../src/rules.ts';
import { readSettings } from '../../src/settings.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { aChannel } from '../support/a-channel.ts';
import { describeOnBoth } from '../support/databases.ts';
import { FakeClock } from '../unit/jobs/fake-clock.ts';
import { aBaseline, aConnection, aDeal, anAccount, aTask, hashed } from './builders.ts';

/** Every cause that is looked for: told when it comes, not again while it lasts, and once when it is over. */

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const CONFIG_DIR = fileURLToPath(new URL('../../config', import.meta.url));
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface World {
  readonly store: Store;
  readonly id: string;
  readonly clock: FakeClock;
  /** What the deps of a look say besides the store. */
  readonly around: { migrations: string[] };
}
interface Case {
  readonly code: AlertCode;
  readonly severity: 'info' | 'warning' | 'critical';
  readonly nightly?: true;
  readonly comes: (world: World) => Promise<unknown>;
  readonly goes: (world: World) => Promise<unknown>;
}

const user = (active: boolean) => ({
  ...{ id: '1', name: 'Ann Ash', managerId: null, email: null, active },
});
async function ranAs({ store, id, clock }: World, kind: string, summary: unknown, input: unknown = {}) {
  const run = await store.runs.start(id, kind, input, clock.now());
  await store.runs.finish(run, 'done', summary, clock.now());
}
async function planned(world: World, reported: number) {
  const { store, id, clock } = world;
  const run = await store.runs.start(id, 'plan', {}, clock.now());
  const plan = await store.plans.open(id, run, '2026-03-01');
  await store.plans.close(plan, { state: 'open', summary: { keptEdits: { reported } } });
}
const rejected = (rows: number) => Array.from({ length: rows }, () => ({ code: 'INVALID_DATA' }));
const drifted = (reason: 'removed' | null) => ({
  ...{ input: 'amount', fieldId: '77', apiName: 'Amount', dataType: 'currency', reason },
  ...{ repair: null, pausedSince: reason && new Date('2026-03-01T09:00:00Z') },
});
const channelUntil = (world: World, hours: number) =>
  world.store.channels.save(
    world.id,
    aChannel({ connection: world.id, expiresAt: new Date(world.clock.now().getTime() + hours * HOUR_MS) }),
  );
const fitted = (isBetterThanBaselines: boolean) => {
  const errors = { meanAbsoluteError: 1.4, runRateError: 1.2, cohortMeanError: 1.3 };
  // Of a fit only its backtest is looked at.
  const fit = { backtest: { ...errors, isBetterThanBaselines } } as unknown as ReturnType<
    typeof aBaseline
  >['fit'];
  return aBaseline({ fit });
};
const deal = (id: string, accountId: string | null) =>
  hashed(aDeal({ id, accountId, contactId: null, amount: '1000.00' }));
const task = (id: string, modifiedAt: Date, minutesSpent: number | null) =>
  hashed(aTask({ id, modifiedAt, minutesSpent }));
const backup = { file: 'a.zip', bytes: 1, rows: 1, durationMs: 1 };

const CASES: readonly Case[] = [
  {
    ...{ code: 'connection_lost', severity: 'critical' },
    comes: ({ store, id }) => store.connections.setState(id, 'reconnect_needed', 'refused'),
    goes: ({ store, id }) => store.connections.setState(id, 'ready', null),
  },
  {
    ...{ code: 'owner_left', severity: 'critical' },
    comes: ({ store, id }) => store.users.replace(id, [user(false)]),
    goes: ({ store, id }) => store.users.replace(id, [user(true)]),
  },
  {
    ...{ code: 'no_good_run', severity: 'critical' },
    async comes({ store, id, clock }) {
      await store.schedules.upsert({
        ...{ id: 'hourly', connection: id, job: 'sync-incremental', expr: 'every 60 minutes' },
        ...{ timeZone: 'UTC', quietHours: null, spreadMinutes: 0, enabled: true },
        ...{ nextRunAt: null, lastRunAt: null, lastDueAt: null, missed: 0 },
      });
      await clock.advance(4 * HOUR_MS);
    },
    goes: (world) => ranAs(world, 'score', { issues: {} }),
  },
  {
    ...{ code: 'channel_expiring', severity: 'warning' },
    comes: (world) => channelUntil(world, 5),
    goes: (world) => channelUntil(world, 48),
  },
  {
    ...{ code: 'credits_low', severity: 'warning' },
    comes: ({ store, id, clock }) => store.ledger.change(id, clock.now(), () => ({ spend: 950 })),
    // They come back after 24 hours.
    goes: ({ clock }) => clock.advance(25 * HOUR_MS),
  },
  {
    ...{ code: 'writes_refused', severity: 'warning' },
    comes: (world) => ranAs(world, 'apply', { written: 30, rejected: rejected(10) }),
    goes: (world) => ranAs(world, 'apply', { written: 40, rejected: [] }),
  },
  {
    ...{ code: 'schema_drift', severity: 'warning' },
    comes: ({ store, id }) => store.mappingStates.replace(id, 'Deals', [drifted('removed')]),
    goes: ({ store, id }) => store.mappingStates.replace(id, 'Deals', [drifted(null)]),
  },
  {
    ...{ code: 'currency_rate_missing', severity: 'warning' },
    comes: (world) => ranAs(world, 'score', { issues: { foreign_currency_withheld: 3 } }),
    goes: (world) => ranAs(world, 'score', { issues: {} }),
  },
  {
    ...{ code: 'fields_edited', severity: 'info' },
    comes: (world) => planned(world, 2),
    goes: (world) => planned(world, 0),
  },
  {
    ...{ code: 'update_pending', severity: 'info' },
    comes: async ({ around }) => around.migrations.push('0099'),
    goes: async ({ around }) => around.migrations.splice(0),
  },
  {
    ...{ code: 'backup_missing', severity: 'warning' },
    comes: ({ store, clock }) => store.facts.set('backup_failed', { why: 'disk full' }, clock.now()),
    goes: ({ store }) => store.facts.remove('backup_failed'),
  },
  {
    ...{ code: 'unmatched_money', severity: 'warning', nightly: true },
    comes: ({ store, id }) => store.records.save(id, 'Deals', [deal('1', '100'), deal('2', null)], null),
    goes: ({ store, id }) => store.records.save(id, 'Deals', [deal('2', '100')], null),
  },
  {
    ...{ code: 'time_data_stopped', severity: 'info', nightly: true },
    comes({ store, id, clock }) {
      const rows = Array.from({ length: 12 }, (_, index) => [
        task(`1${index}`, new Date(clock.now().getTime() - 60 * DAY_MS), 15),
        task(`2${index}`, new Date(clock.now().getTime() - DAY_MS), null),
      ]);
      return store.records.save(id, 'Tasks', rows.flat(), null);
    },
    goes: ({ store, id, clock }) => store.records.save(id, 'Tasks', [task('20', clock.now(), 30)], null),
  },
  {
    ...{ code: 'model_worse', severity: 'info', nightly: true },
    comes: ({ store, id }) => store.baselines.save(id, fitted(false)),
    goes: ({ store, id }) => store.baselines.save(id, fitted(true)),
  },
];

describeOnBoth('looking for causes of alerts', (database) => {
  let world: World;
  let connection: Connection;
  let settings: Settings;
  beforeEach(async () => {
    const clock = new FakeClock('2026-03-01T10:00:00Z');
    const store = createStore(await database.open(), keys, clock);
    connection = await store.connections.create(aConnection({ name: 'north', userId: '1' }));
    const { id } = connection;
    world = { store, id, clock, around: { migrations: [] } };
    const read = readSettings(CONFIG_DIR, [], CONFIG_DIR).settings;
    if (!read) throw new Error('the shipped settings are not valid');
    const { scoring } = read;
    const unitCosts = { ...scoring.money.unitCosts, perHour: minor(5_000) };
    settings = { ...read, scoring: { ...scoring, money: { ...scoring.money, unitCosts } } };
    // Nothing is wrong.
    await store.users.replace(id, [user(true)]);
    await store.facts.set('backup', backup, new Date(clock.now().getTime() + 3 * DAY_MS));
    await store.stages.learn(id, [{ pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' }]);
    await store.records.save(id, 'Accounts', [hashed(anAccount({ id: '100' }))], null);
    await ranAs(world, 'score', { issues: {} });
  });

  async function look(nightly: boolean): Promise<void> {
    const { store, clock, around } = world;
    const current = await store.connections.byId(connection.id);
    if (!current) throw new Error('the connection is gone');
    const deps = {
      ...{ store, clock, log: silentLog, settings, publicUrl: 'https://value.firm.test' },
      ...{ makesBackups: true, creditCeiling: () => 1_000 },
      pendingMigrations: async () => around.migrations,
    };
    await checkAlerts(deps, { connection: current, nightly });
  }
  const told = async () =>
    (await world.store.mailing.waitingEvents(connection.id)).map((event) => {
      const { change, alert } = changeOf(event);
      return `${alert.code} ${change} ${alert.severity}`;
    });

  test('where nothing is wrong, nobody is told anything', async () => {
    await look(true);
    await look(false);

    expect(await told()).toEqual([]);
  });

  test.each(CASES)(
    '$code is told once, and its end once',
    async ({ code, severity, nightly = false, comes, goes }) => {
      const { clock } = world;
      await look(nightly);
      await comes(world);
      await look(nightly);
      const atFirst = await told();
      await clock.advance(5 * MINUTE_MS);
      await look(nightly);
      const later = await told();
      const [open] = await world.store.alerts.open(connection.id);
      await goes(world);
      // What comes and goes must stay away for a while.
      for (let round = 0; round < 5; round += 1) {
        await look(nightly);
        await clock.advance(10 * MINUTE_MS);
      }

      expect(atFirst).toEqual([`${code} opened ${severity}`]);
      expect(later).toEqual(atFirst);
      expect(open).toMatchObject({ code, severity, occurrences: 2 });
      expect(open?.message).not.toMatch(/[{}[\]]|undefined/);
      expect(await told()).toEqual([...atFirst, `${code} recovered ${severity}`]);
      expect(await world.store.alerts.open(connection.id)).toEqual([]);
    },
  );
});
