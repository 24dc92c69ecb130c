import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RunId } from '../../src/domain.ts';
import { applyPlan } from '../../src/writeback/apply-plan.ts';
import { type UndoResult, undoRun } from '../../src/writeback/undo-run.ts';
import { RULES } from '../unit/plan/builders.ts';
import {
  aWorld,
  CONTACT,
  type Database,
  GOOD,
  MARGINAL,
  OPEN_TASK,
  openDatabase,
  REF,
  SCORES,
  STALE_TASK,
  TOP,
  type World,
} from '../unit/writeback/world.ts';

/** An undo against Zoho's answers: what is put back, what is left, and what lost answers do to it. */

let database: Database;
const worlds: World[] = [];
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const idOf = (value: unknown): unknown =>
  value !== null && typeof value === 'object' && 'id' in value ? value.id : null;

async function applied(): Promise<{ world: World; runId: RunId; before: string }> {
  const world = await aWorld(database.store);
  worlds.push(world);
  const before = rowsOf(world);
  const planId = await world.plan(SCORES);
  const { connection, deps, clock } = world;
  const runId = await deps.store.runs.start(connection.id, 'apply', {}, clock.now());
  const { rejected } = await applyPlan(deps, { connection, planId, runId, onEdit: RULES.onEdit });
  expect(rejected).toEqual([]);
  return { world, runId, before };
}
async function undo(world: World, undone: RunId): Promise<{ runId: RunId; result: UndoResult }> {
  const { connection, deps, clock } = world;
  const runId = await deps.store.runs.start(connection.id, 'undo', {}, clock.now());
  const input = { connection, undone, runId, today: '2026-02-10', isPreview: false };
  return { runId, result: await undoRun(deps, input) };
}
/** Every value of every record, an empty one being none; of a lookup the id, which is all that is stored. */
function rowsOf({ crm }: World): string {
  const filled = (row: object) =>
    Object.entries(row)
      .filter(([name, value]) => value !== null && value !== false && name !== 'Modified_Time')
      .map(([name, value]) => [name, idOf(value) ?? value])
      .sort();
  return JSON.stringify(
    [...crm.modules].map(([module, { rows }]) => [module, [...rows].map(([id, row]) => [id, filled(row)])]),
  );
}

describe('an undo', () => {
  test('brings back values, changed tasks and completed tasks, and deletes the new ones', async () => {
    const { world, runId, before } = await applied();
    expect(rowsOf(world)).not.toBe(before);

    const { result } = await undo(world, runId);

    expect(result).toMatchObject({
      restored: 6,
      tasksDeleted: 2,
      tasksRestored: 2,
      skipped: [],
      rejected: [],
    });
    expect(rowsOf(world)).toBe(before);
    const reminders = await database.store.reminders.all(world.connection.id);
    const stateOf = (ref: string) => reminders.find(({ cvRef }) => cvRef === ref)?.state;
    expect([REF(TOP), REF(GOOD), REF(MARGINAL)].map(stateOf)).toEqual(['closed_by_us', 'open', 'open']);
  });

  test('twice is the same as once', async () => {
    const { world, runId, before } = await applied();
    await undo(world, runId);
    world.crm.calls.length = 0;

    const { result } = await undo(world, runId);

    expect(result).toMatchObject({ restored: 0, tasksDeleted: 0, tasksRestored: 0, skipped: [] });
    expect(rowsOf(world)).toBe(before);
    expect(world.crm.calls.filter((call) => !call.startsWith('GET'))).toEqual([]);
  });

  test('of an undo writes the values again and names the tasks that it cannot bring back', async () => {
    const { world, runId } = await applied();
    const written = world.crm.row('Accounts', TOP)?.Value_Tier;
    const first = await undo(world, runId);

    const { result } = await undo(world, first.runId);

    expect(result).toMatchObject({ restored: 6, tasksRestored: 2 });
    expect(result.skipped.map(({ module, why }) => [module, why])).toEqual([
      ['Tasks', 'deleted'],
      ['Tasks', 'deleted'],
    ]);
    expect(world.crm.row('Accounts', TOP)?.Value_Tier).toBe(written);
    expect(world.crm.row('Tasks', STALE_TASK)?.Status).toBe('Completed');
  });

  test('leaves what a person changed, by so little as a space, and names it', async () => {
    const { world, runId } = await applied();
    const top = world.crm.row('Accounts', TOP);
    const contact = world.crm.row('Contacts', CONTACT);
    const task = world.crm.row('Tasks', OPEN_TASK);
    if (top) top.Value_Explanation = `${top.Value_Explanation} `;
    if (contact) contact.Customer_Tier = 'Good';
    if (task) task.Subject = 'My own words';

    const { result } = await undo(world, runId);

    expect(result.skipped.map(({ recordId, field, why }) => [recordId, field, why]).sort()).toEqual(
      [
        [TOP, 'Value_Explanation', 'changed'],
        [CONTACT, 'Customer_Tier', 'changed'],
        [OPEN_TASK, 'Subject', 'changed'],
      ].sort(),
    );
    expect(world.crm.row('Accounts', TOP)?.Value_Tier).toBeNull();
    expect(world.crm.row('Tasks', OPEN_TASK)?.Subject).toBe('My own words');
  });

  test('leaves to a later run what that run wrote', async () => {
    const { world, runId } = await applied();
    const other = SCORES.map((score) => (score.key.id === TOP ? { ...score, tier: 'good' as const } : score));
    await world.apply(await world.plan(other, '2026-02-11'));

    const { result } = await undo(world, runId);

    expect(result.skipped).toContainEqual({
      module: 'Accounts',
      recordId: TOP,
      field: 'Value_Tier',
      held: 'Good',
      why: 'later_run',
    });
    expect(world.crm.row('Accounts', TOP)?.Value_Tier).toBe('Good');
  });

  test('does not reopen what a person completed', async () => {
    const { world, runId } = await applied();
    const task = world.crm.tasks().find((row) => row.CV_Ref === REF(TOP));
    if (task) task.Status = 'Completed';

    const { result } = await undo(world, runId);

    expect(result).toMatchObject({ tasksDeleted: 1, skipped: [{ recordId: task?.id, why: 'completed' }] });
    expect(world.crm.row('Tasks', task?.id ?? '')?.Status).toBe('Completed');
  });

  // Calls in order: Accounts, Contacts, Deals, restored tasks.
  test.each([0, 1, 2, 3])('whose answer %i is lost ends as if it had come', async (position) => {
    for (const fault of ['lose_after', 'lose_before'] as const) {
      const { world, runId, before } = await applied();
      world.crm.faults.push(...Array<null>(position).fill(null), fault);

      const { result } = await undo(world, runId);

      expect(result).toMatchObject({
        restored: 6,
        tasksDeleted: 2,
        tasksRestored: 2,
        remaining: 0,
        stopped: null,
      });
      expect(rowsOf(world)).toBe(before);
    }
  });
});
