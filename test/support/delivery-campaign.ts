import { expect } from 'vitest';
import { runLine } from '../../src/jobs/run-line.ts';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type DeliveryWorld, deliveryWorld } from './delivery-world.ts';
import { seededRandom } from './seeded-random.ts';
import { expectStoreEqualsTruth } from './store-truth.ts';

/** People change an org while notifications are lost, doubled, reordered and late, then while nobody listens at all. */

export interface Campaign {
  readonly seed: number;
  readonly edits: number;
  readonly notifications: { readonly sent: number; readonly failed: number; readonly withheld: number };
  readonly deliveries: Readonly<Record<string, number>>;
  readonly missed: number;
  readonly replaced: number;
  readonly leftToWrite: number;
  readonly records: number;
}

const DAY = 86_400_000;
const MINUTE = 60_000;
const FAULTS = ['notification-lost', 'notification-doubled', 'notification-reordered'] as const;

export async function deliveryCampaign(
  databaseUrl: string,
  { seed, edits, customers }: { seed: number; edits: number; customers: number },
): Promise<Campaign> {
  const from = new Date('2026-03-02T09:00:00Z');
  const today = from.toLocaleDateString('sv-SE', { timeZone: GENERATED_TIME_ZONE });
  const world = await deliveryWorld(databaseUrl, generatedOrg({ customers, today, seed }), from);
  try {
    return await play(world, databaseUrl, seed, edits);
  } finally {
    await world.close();
  }
}

async function play(
  world: DeliveryWorld,
  databaseUrl: string,
  seed: number,
  edits: number,
): Promise<Campaign> {
  const { simulator, app, connection } = world;
  const random = seededRandom(seed);
  const people = aPeople(world, random);
  await world.run('score-and-write');
  await world.run('renew-channels');
  const channels = new Set((await app.store.channels.of(connection.id)).map(({ channelId }) => channelId));
  simulator.control.resetReport();
  simulator.control.addFaults(FAULTS.map((kind, index) => ({ kind, probability: 0.1, seed: seed + index })));
  simulator.control.setSwitches({ notifyDelayMs: 2 });

  for (let edit = 0; edit < edits; edit++) {
    people.edit();
    if (random() < 0.25) {
      world.pass(random() < 0.2 ? 11 * MINUTE : 3_000);
      await world.settle();
    }
  }
  // Three days longer than channels live: nothing runs, people go on.
  for (let day = 0; day < 10; day++) {
    world.pass(DAY);
    people.edit();
    people.edit();
  }
  const ran = await world.settle();
  expect(ran).toContain('read-gap');
  const alerts = await app.store.alerts.open(connection.id);
  const missed = Number(alerts.find(({ code }) => code === 'webhook_gap')?.params.missed ?? 0);
  world.pass(11 * MINUTE);
  await world.settle();
  await world.run('reconcile');
  await world.run('sync-incremental');
  simulator.control.clearFaults();

  const { records } = await expectStoreEqualsTruth(simulator, databaseUrl);
  const full = await runLine(await app.depsOf(connection), {
    connection,
    full: true,
    apply: false,
    asOf: null,
  });
  const deliveries = Map.groupBy(
    await app.store.deliveries.list(connection.id, { limit: 100_000 }),
    ({ outcome }) => outcome ?? 'pending',
  );
  const now = await app.store.channels.of(connection.id);
  return {
    seed,
    edits: people.count(),
    notifications: simulator.control.report().notifications,
    deliveries: Object.fromEntries([...deliveries].map(([outcome, rows]) => [outcome, rows.length])),
    missed,
    replaced: now.filter(({ channelId }) => !channels.has(channelId)).length,
    leftToWrite: full.plan?.fieldChanges ?? -1,
    records,
  };
}

function aPeople({ simulator: { control }, now }: DeliveryWorld, random: () => number) {
  let edits = 0;
  const pick = <T>(from: readonly T[]): T => {
    const found = from[Math.floor(random() * from.length)];
    if (found === undefined) throw new Error('there is nothing to pick from');
    return found;
  };
  const idOf = (module: string) => String(pick(control.records(module)).id);
  const today = () => now().toISOString().slice(0, 10);
  const change = (module: string, row: Record<string, unknown>) => {
    control.writeRecords(module, [row]);
  };
  const WAYS: readonly (() => void)[] = [
    () => change('Deals', { id: idOf('Deals'), Amount: Math.floor(random() * 90_000) }),
    () => change('Deals', { id: idOf('Deals'), Stage: pick(control.records('Deals')).Stage }),
    () => change('Deals', { id: idOf('Deals'), Account_Name: { id: idOf('Accounts') } }),
    () => {
      const { Stage, Pipeline } = pick(control.records('Deals'));
      const deal = { Deal_Name: `New ${edits}`, Stage, Pipeline, Amount: 5_000, Closing_Date: today() };
      change('Deals', { ...deal, Account_Name: { id: idOf('Accounts') } });
    },
    () => control.deleteRecords('Deals', [idOf('Deals')]),
    () => change('Accounts', { id: idOf('Accounts'), Account_Name: `Renamed ${edits}` }),
    () => change('Contacts', { id: idOf('Contacts'), Account_Name: { id: idOf('Accounts') } }),
    () => control.deleteRecords('Contacts', [idOf('Contacts')]),
    () => change('Tasks', { id: idOf('Tasks'), Status: 'Completed' }),
    () => change('Cases', { id: idOf('Cases'), Status: 'Closed' }),
    () =>
      change('Calls', {
        Subject: `Called ${edits}`,
        Call_Type: 'Outbound',
        Call_Start_Time: now()
          .toISOString()
          .replace(/\.\d+Z$/, '+00:00'),
        Call_Duration: '05:00',
        What_Id: { id: idOf('Accounts') },
        $se_module: 'Accounts',
      }),
    () => {
      const ids = [idOf('Deals')];
      control.deleteRecords('Deals', ids);
      control.restoreRecords('Deals', ids);
    },
  ];
  return {
    edit() {
      edits += 1;
      pick(WAYS)();
    },
    count: () => edits,
  };
}
