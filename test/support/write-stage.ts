import { dayOf } from '../../src/clock.ts';
import type { Db } from '../../src/db.ts';
import { runLine } from '../../src/jobs/run-line.ts';
import type { PlanSummary } from '../../src/jobs/run-plan.ts';
import { refIn } from '../../src/plan/cv-ref.ts';
import { generatedOrg } from '../../src/sample/generator.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import type { PlanItem } from '../../src/store/plan-stores.ts';
import { startProcess } from './line-process.ts';
import { aLineWorld, type LineWorld } from './line-world.ts';
import { type OrgRecord, recordsOf } from './org.ts';
import { OPEN_GUARDS } from './right-org.ts';
import { type Dice, diceOf, type Scene } from './write-scene.ts';

/** The org of a scene, its past, and the plan that is about to be written. */
export interface Stage {
  readonly world: LineWorld;
  readonly scene: Scene;
  readonly dice: Dice;
  readonly plan: PlanSummary;
  readonly items: readonly PlanItem[];
  /** `module.key` → API name. */
  readonly names: ReadonlyMap<string, string>;
}

const START = '2026-03-02';
const CALM = OPEN_GUARDS.replace('perOwnerAndDay: 3', 'perOwnerAndDay: 100');

const fieldsYaml = ({ onEdit }: Scene) => `version: 1\nwriteBack:\n  onEdit: ${onEdit}\n`;
// So that many customers are due.
const OFTEN =
  'version: 1\ncontactDays:\n  top: 10d\n  good: 20d\n  marginal: 30d\n  loss_making: 40d\n  none: 60d\n';

export async function setStage(db: Db, scene: Scene): Promise<Stage> {
  const dice = diceOf(scene.seed ^ 0x5eed);
  const org = generatedOrg({ customers: scene.customers, today: START, seed: scene.seed });
  const world = await aLineWorld(db, {
    org: scene.key === 'plain' ? withPlainKey(org) : org,
    startMs: Date.parse(`${START}T06:00:00Z`),
    seed: scene.seed,
    sets: ['essential', 'people', 'deals'],
    files: { 'playbook.yaml': CALM, 'scoring.yaml': OFTEN, 'fields.yaml': fieldsYaml(scene) },
  });
  if (scene.key === 'missing') world.simulator.control.removeField('Tasks', 'CV_Ref');
  if (scene.hasPast) {
    await wholeLine(world, true);
    await world.time.advance(dice.int(2, 20) * 86_400_000);
    await world.time.advance(millisToMorning(world));
    await live(world, dice);
  }
  const plan = (await wholeLine(world, false)).plan;
  if (!plan) throw new Error('nothing was planned');
  const { store } = world.newDeps();
  const items: PlanItem[] = [];
  for await (const chunk of store.plans.items(plan.planId, 500, 'all')) items.push(...chunk);
  const mapped = await store.fieldMap.all(world.connection.id);
  const names = new Map(mapped.map((field) => [`${field.module}.${field.key}`, field.apiName]));
  return { world, scene, dice, plan, items, names };
}

export async function wholeLine(world: LineWorld, apply: boolean) {
  const ended = await startProcess(world.newDeps()).run((deps) =>
    runLine(deps, { connection: world.connection, full: false, apply, asOf: null }),
  );
  if (ended.how === 'failed') throw ended.error;
  if (ended.how === 'killed') throw new Error('nobody kills an undisturbed run');
  return ended.value;
}

/** So that no run crosses midnight, when other values would be right. */
function millisToMorning({ time }: LineWorld): number {
  const now = time.clock.now();
  const today = dayOf(now, 'UTC');
  const morning = Date.parse(`${today}T06:00:00Z`);
  return morning >= now.getTime() ? morning - now.getTime() : morning + 86_400_000 - now.getTime();
}

function withPlainKey(org: OrgSeed): OrgSeed {
  const key = { label: 'CV Ref', api_name: 'CV_Ref', data_type: 'text', length: 64, unique: false };
  return { ...org, customFields: { ...org.customFields, Tasks: [key] } };
}

/** What people did since the first apply: talked, sold, handed over, and wrote into our fields and tasks. */
async function live(world: LineWorld, dice: Dice): Promise<void> {
  const { control } = world.simulator;
  const accounts = recordsOf(world.simulator, 'Accounts');
  const users = await activeUsers(world);
  const now = world.time.clock.now().getTime();
  const at = (days: number) => `${new Date(now - days * 86_400_000).toISOString().slice(0, 19)}+00:00`;
  for (const account of accounts) {
    if (dice.chance(0.25)) {
      const call = {
        Subject: 'Talked about next year',
        Call_Type: 'Outbound',
        Call_Start_Time: at(1),
        Call_Duration: '05:00',
        What_Id: { id: account.id },
        $se_module: 'Accounts',
      };
      control.writeRecords('Calls', [call], dice.pick(users));
    }
    if (dice.chance(0.15)) {
      const deal = {
        Deal_Name: 'Another order',
        Account_Name: { id: account.id },
        Stage: 'Closed Won',
        Pipeline: 'Standard (Standard)',
        Amount: dice.int(100, 90_000),
        Closing_Date: at(1).slice(0, 10),
      };
      control.writeRecords('Deals', [deal], dice.pick(users));
    }
    if (dice.chance(0.15))
      control.writeRecords('Accounts', [{ id: account.id, Owner: { id: dice.pick(users) } }]);
    if (dice.chance(0.1)) control.writeRecords('Accounts', [{ id: account.id, Value_Tier: 'Loss-making' }]);
  }
  for (const task of [...tasksByKey(world).values()].flat()) {
    if (dice.chance(0.2))
      control.writeRecords('Tasks', [{ id: task.id, Subject: `In my words ${dice.next()}` }]);
    if (dice.chance(0.1)) control.writeRecords('Tasks', [{ id: task.id, Due_Date: '2026-11-11' }]);
  }
}

export async function activeUsers({ newDeps, connection }: LineWorld): Promise<string[]> {
  const users = await newDeps().store.users.all(connection.id);
  return users.filter((user) => user.active).map((user) => user.id);
}

/** Our tasks as Zoho has them, by the key in their description, which every one has whatever the org can hold. */
export function tasksByKey({ simulator }: LineWorld): Map<string, OrgRecord[]> {
  const keyed = recordsOf(simulator, 'Tasks').flatMap((task) => {
    const key = refIn(typeof task.Description === 'string' ? task.Description : null) ?? fieldKey(task);
    return key === null ? [] : [{ key, task }];
  });
  return new Map(
    [...Map.groupBy(keyed, ({ key }) => key)].map(([key, rows]) => [key, rows.map(({ task }) => task)]),
  );
}
const fieldKey = (task: OrgRecord): string | null =>
  typeof task.CV_Ref === 'string' && task.CV_Ref !== '' ? task.CV_Ref : null;
