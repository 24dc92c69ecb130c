import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MappedField } from '../../src/changes.ts';
import { allFields } from '../unit/plan/builders.ts';
import { Killed, killingDeps } from '../unit/writeback/crash.ts';
import {
  aWorld,
  CONTACT,
  type Database,
  DEAL,
  GOOD,
  itemsOf,
  MARGINAL,
  NEW_OWNER,
  OPEN_TASK,
  openDatabase,
  PERSON,
  REF,
  SCORES,
  STALE_TASK,
  TOP,
  type World,
} from '../unit/writeback/world.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

type Afterwards = 'same plan' | 'new plan';
interface Scenario {
  readonly fields: readonly MappedField[];
  readonly refIsUnique: boolean;
  /** late: a request that is under way when its process dies takes effect half a minute later. */
  readonly effect: 'at once' | 'late';
  readonly afterwards: Afterwards;
}

/** Kills an apply at its `step`-th step, starts again, and says what is wrong in the end. */
async function killAndRestart(step: number, scenario: Scenario): Promise<string[]> {
  const world = await aWorld(database.store, scenario);
  try {
    const planId = await world.plan(SCORES);
    const scythe = killingDeps(
      world.deps,
      step,
      () => scenario.effect === 'late' && world.crm.faults.push({ lateMs: 30_000 }),
    );
    await expect(world.apply(planId, scythe.deps)).rejects.toThrow(Killed);
    world.crm.faults.length = 0;

    const next = scenario.afterwards === 'same plan' ? planId : await world.plan(SCORES);
    const result = await world.apply(next);
    world.crm.commitAll();

    const wrong = [...(await faultsOf(world)), ...(result.remaining > 0 ? ['something remained'] : [])];
    return wrong.map((fault) => `step ${step} (${scythe.fatal()}): ${fault}`);
  } finally {
    await world.close();
  }
}

async function faultsOf({ crm, connection, plan, ...world }: World): Promise<string[]> {
  const wrong: string[] = [];
  const refs = crm.tasks().map((task) => String(task.Description).split('\n').at(-1) ?? '');
  for (const id of [TOP, GOOD, MARGINAL, PERSON]) {
    const count = refs.filter((ref) => ref === `ref: ${REF(id)}`).length;
    if (count !== 1) wrong.push(`task ${REF(id)} stands ${count} times`);
  }
  if (refs.length !== 4) wrong.push(`${refs.length} tasks instead of 4`);
  const expected: [string, string, string, unknown][] = [
    ['Accounts', TOP, 'Value_Tier', 'Top'],
    ['Accounts', TOP, 'Profit_12_Months', 9000],
    ['Accounts', GOOD, 'Value_Tier', 'Good'],
    ['Accounts', MARGINAL, 'Contact_Status', 'On plan'],
    ['Contacts', PERSON, 'Value_Tier', 'Good'],
    ['Contacts', CONTACT, 'Customer_Tier', 'Top'],
    ['Deals', DEAL, 'Customer_Phase', 'Established'],
    ['Tasks', STALE_TASK, 'Status', 'Completed'],
  ];
  for (const [module, id, field, value] of expected) {
    const held = crm.row(module, id)?.[field];
    if (held !== value) wrong.push(`${module} ${id} ${field} is ${String(held)}`);
  }
  const owner = crm.row('Tasks', OPEN_TASK)?.Owner as { id?: string } | undefined; // as this test put it there
  if (owner?.id !== NEW_OWNER) wrong.push('the open task has its old owner');
  const notes = String(crm.row('Tasks', STALE_TASK)?.Description).split('Customer Value').length - 1;
  if (notes !== 1) wrong.push(`the closing line stands ${notes} times`);

  const reminders = await world.deps.store.reminders.all(connection.id);
  const states = new Map(reminders.map((reminder) => [reminder.customer.id, reminder]));
  for (const id of [TOP, GOOD, PERSON]) {
    const reminder = states.get(id);
    const task = crm.row('Tasks', reminder?.taskId ?? '');
    if (reminder?.state !== 'open' || !String(task?.Description).endsWith(`ref: ${REF(id)}`)) {
      wrong.push(`reminder ${REF(id)} is ${reminder?.state} with task ${reminder?.taskId}`);
    }
  }
  if (states.get(MARGINAL)?.state !== 'closed_by_us') {
    wrong.push(`the reminder closed by us is ${states.get(MARGINAL)?.state}`);
  }
  if ((await world.deps.store.intents.unfinished(connection.id)).length > 0)
    wrong.push('an unfinished write');
  const again = await itemsOf(world.deps.store, await plan(SCORES), 'all');
  if (again.length > 0) wrong.push(`${again.length} changes planned again`);
  return wrong;
}

const KEYS = [
  ['with a unique key', allFields(), true],
  ['with a key that is not unique', allFields(), false],
  ['without the key field', allFields(['cv_ref']), false],
] as const;

describe.each(KEYS)('an apply killed after any step, %s', (_, fields, refIsUnique) => {
  test.each([
    ['at once', 'same plan'],
    ['at once', 'new plan'],
    ['late', 'same plan'],
    ['late', 'new plan'],
  ] as const)(
    'with effect %s, then started again with the %s, ends with each task once and every field right',
    { timeout: 300_000 },
    async (effect, afterwards) => {
      const steps = await stepsOf({ fields, refIsUnique });
      const wrong: string[] = [];
      for (const [index, name] of steps.entries()) {
        // Only requests can take effect late; dying before a step is dying after the one before it.
        if (effect === 'late' && name !== 'zoho.request') continue;
        wrong.push(...(await killAndRestart(index + 1, { fields, refIsUnique, effect, afterwards })));
      }

      expect(wrong).toEqual([]);
      expect(steps.filter((name) => name === 'zoho.request')).toHaveLength(8);
      expect(steps.filter((name) => name === 'intents.finish')).toHaveLength(6);
    },
  );
});

test('an apply killed while it settles what an earlier one left ends right', {
  timeout: 300_000,
}, async () => {
  const create = (await stepsOf({})).map((name, index) => ({ name, step: index + 1 })).filter(isRequest)[3];
  const wrong: string[] = [];
  let killed = 0;
  for (let step = 1; ; step++) {
    const world = await aWorld(database.store);
    try {
      const planId = await world.plan(SCORES);
      const first = killingDeps(world.deps, create?.step ?? 0);
      await expect(world.apply(planId, first.deps)).rejects.toThrow(Killed);
      const second = killingDeps(world.deps, step);
      const died = await world.apply(planId, second.deps).then(
        () => false,
        () => true,
      );
      if (!died) break;
      killed += 1;

      await world.apply(planId);

      wrong.push(...(await faultsOf(world)).map((fault) => `step ${step} (${second.fatal()}): ${fault}`));
    } finally {
      await world.close();
    }
  }

  expect(wrong).toEqual([]);
  expect(killed).toBeGreaterThan(10);
});
const isRequest = ({ name }: { name: string }): boolean => name === 'zoho.request';

/** The steps of an apply that nothing disturbs, in order. */
async function stepsOf(options: Parameters<typeof aWorld>[1]): Promise<readonly string[]> {
  const world = await aWorld(database.store, options);
  try {
    const counting = killingDeps(world.deps, null);
    await world.apply(await world.plan(SCORES), counting.deps);
    return counting.steps();
  } finally {
    await world.close();
  }
}

test('what Zoho refused is on record whenever the apply is killed after that', {
  timeout: 120_000,
}, async () => {
  const wrong: string[] = [];
  for (let step = 1; ; step++) {
    const world = await aWorld(database.store);
    try {
      world.crm.rejections.set(GOOD, { code: 'RECORD_LOCKED', field: null });
      const planId = await world.plan(SCORES);
      const scythe = killingDeps(world.deps, step);
      const isKilled = await world.apply(planId, scythe.deps).then(
        () => false,
        () => true,
      );
      if (!isKilled) break;

      const next = await world.apply(planId);

      const runs = await database.store.runs.list(world.connection.id, 10);
      const intents = (await Promise.all(runs.map(({ id }) => database.store.intents.ofRun(id)))).flat();
      const isNoted = intents.some(({ recordId, outcome }) => recordId === GOOD && outcome === 'rejected');
      if (!isNoted || next.remaining > 0) wrong.push(`step ${step} (${scythe.fatal()})`);
    } finally {
      await world.close();
    }
  }
  expect(wrong).toEqual([]);
});
