import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MappedField } from '../../src/domain.ts';
import { allFields } from '../unit/plan/builders.ts';
import { Killed, killingDeps, type Moment } from '../unit/writeback/crash.ts';
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
  readonly moment: Moment | 'late';
  readonly afterwards: Afterwards;
}

/** Kills an apply at its `step`-th step, starts again, and says what is wrong in the end; null past the last step. */
async function killAndRestart(step: number, scenario: Scenario): Promise<string[] | null> {
  const world = await aWorld(database.store, scenario);
  try {
    const planId = await world.plan(SCORES);
    const scythe = killingDeps(
      world.deps,
      { step, moment: scenario.moment === 'late' ? 'after' : scenario.moment },
      // A request that is under way when its process dies is carried out all the same, half a minute later.
      () => scenario.moment === 'late' && world.crm.faults.push({ lateMs: 30_000 }),
    );
    const died = await world.apply(planId, scythe.deps).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Killed) return true;
        throw error;
      },
    );
    if (!died && scythe.steps() < step) return null;
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
const MOMENTS = ['before', 'after', 'late'] as const;

describe.each(KEYS)('an apply killed at any step, %s', (_, fields, refIsUnique) => {
  test.each(
    MOMENTS.flatMap((moment) => (['same plan', 'new plan'] as const).map((next) => [moment, next] as const)),
  )(
    '%s the step, then started again with the %s, ends with each task once and every field right',
    { timeout: 300_000 },
    async (moment, afterwards) => {
      const wrong: string[] = [];
      let step = 1;
      for (; ; step++) {
        const faults = await killAndRestart(step, { fields, refIsUnique, moment, afterwards });
        if (faults === null) break;
        wrong.push(...faults);
      }

      expect(wrong).toEqual([]);
      expect(step).toBeGreaterThan(50);
    },
  );
});

test('an apply killed again while it settles what the first one left, ends right', {
  timeout: 300_000,
}, async () => {
  const wrong: string[] = [];
  let killed = 0;
  // Died after the tasks were made and before that was stored: the restart settles a create.
  for (let step = 1; ; step++) {
    const world = await aWorld(database.store);
    try {
      const planId = await world.plan(SCORES);
      world.crm.faults.push(null, null, null, 'lose_after');
      const first = killingDeps(world.deps, { step: await stepOf(world, 'POST Tasks'), moment: 'after' });
      await world.apply(planId, first.deps).catch(() => {});
      const second = killingDeps(world.deps, { step, moment: 'after' });
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

/** The step at which a call of an undisturbed apply goes out. */
async function stepOf(like: World, call: string): Promise<number> {
  const world = await aWorld(like.deps.store);
  try {
    const planId = await world.plan(SCORES);
    const counting = killingDeps(world.deps, null);
    let at = 0;
    const { zoho } = counting.deps;
    await world.apply(planId, {
      ...counting.deps,
      zoho: {
        usage: zoho.usage,
        request: async (request) => {
          const answer = await zoho.request(request);
          if (world.crm.calls.at(-1) === call && at === 0) at = counting.steps();
          return answer;
        },
      },
    });
    return at;
  } finally {
    await world.close();
  }
}
