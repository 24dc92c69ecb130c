import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Simulator } from '../../src/simulator/simulator.ts';
import type { CliHome } from './cli.ts';
import { cvRefOf, openTasks, recordsOf } from './org.ts';

/** A configuration whose guards never hold: what is tested is the writing. */
export const OPEN_GUARDS =
  'version: 1\nreminders:\n  perOwnerAndDay: 3\nguards:\n  maxTierChangePercent: 100\n  maxProfitLeapPercent: 100\n  maxNewTasks: 10000\n';

/** No task twice, and nothing left to write when every field is compared with what Zoho really holds. */
export async function expectRightOrg(simulator: Simulator, home: CliHome, asOf: string): Promise<void> {
  const refs = recordsOf(simulator, 'Tasks').flatMap((task) => cvRefOf(task) ?? []);
  expect(refs.length, 'tasks of ours').toBeGreaterThan(0);
  expect(new Set(refs).size, 'a key stands on two tasks').toBe(refs.length);
  for (const [need, open] of openTasks(simulator)) expect(open, `open tasks: ${need}`).toBe(1);

  const synced = await home.run('sync', '--full', '--json');
  expect(synced, synced.stderr).toMatchObject({ code: 0 });
  const scored = await home.run('score', '--as-of', asOf, '--json');
  expect(scored, scored.stderr).toMatchObject({ code: 0 });
  const plan = await home.run('plan', '--json');
  expect(plan, plan.stderr).toMatchObject({ code: 0 });
  const { fieldChanges, tasks } = plan.json<{ fieldChanges: number; tasks: Record<string, unknown> }>();
  const found = { fieldChanges, create: tasks.create, update: tasks.update, close: tasks.close };
  const nothing = { fieldChanges: 0, create: 0, update: 0, close: 0 };
  // What is left to write, named: the numbers alone tell nobody where to look.
  const left = isDeepStrictEqual(found, nothing) ? '' : (await home.run('plan', '--diff')).stdout;
  expect(found, left.slice(0, 4_000)).toEqual(nothing);
}
