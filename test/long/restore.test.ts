import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finished } from '../support/cli.ts';
import { type CopiesWorld, copiesWorld, succeeded } from '../support/copies-world.ts';
import { recordsOf } from '../support/org.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** A backup brought back by the command line on a machine that has nothing but the key. */

const SEED = 7;
let world: CopiesWorld;
let shown: Record<string, string>;
let diff: string;
let backup: string;
let restoreMs: number;

beforeAll(async () => {
  world = await copiesWorld({ customers: 60, seed: SEED });
  diff = await world.diff(world.home);
  shown = await world.shown(world.home);
  backup = join(world.home.folder, 'one.zcvb');
  await succeeded(world.home, 'backup', '--out', backup);
}, 400_000);
afterAll(() => world.close());

test('exports, explanations, plans and the next plan are the same byte for byte, and an undo works once it is activated', {
  timeout: 240_000,
}, async () => {
  const copy = world.emptyMachine();
  const startedAt = performance.now();
  await succeeded(copy, 'restore', backup);
  restoreMs = performance.now() - startedAt;

  expect(await world.shown(copy)).toEqual(shown);
  expect(await world.diff(copy)).toBe(diff);
  expect(diff.split('\n').length).toBeGreaterThan(5);
  for (const text of Object.values(shown)) expect(text.length).toBeGreaterThan(100);

  const tiered = () => recordsOf(world.simulator, 'Accounts').filter((account) => account.Value_Tier);
  expect(tiered().length).toBeGreaterThan(50);
  const refused = await copy.run('undo', world.run, '--yes');
  expect(refused.code, refused.stderr).toBe(2);
  expect(refused.stderr).toContain('zcv restore --activate');
  await succeeded(copy, 'restore', '--activate', '--yes');
  await succeeded(copy, 'undo', world.run, '--yes');
  expect(tiered()).toEqual([]);
});

test('a restore that is killed at any moment is refused with what to do, and the same command brings everything', {
  timeout: 240_000,
}, async () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < 3; round += 1) {
    const copy = world.emptyMachine();
    const killAtMs = restoreMs * (0.4 + 0.6 * random());
    const child = copy.start('restore', backup);
    const ended = finished(child);
    await sleep(killAtMs);
    child.kill('SIGKILL');
    const { code } = await ended;

    const looked = await copy.run('export');
    if (code !== 0 && looked.code !== 0)
      expect(looked.stderr, `seed ${SEED}, round ${round}, killed after ${Math.round(killAtMs)} ms`).toMatch(
        /there is no connection|zcv restore --finish/,
      );
    else expect(looked.stdout).toBe(shown['export --format csv']);
    const again = await copy.run('restore', backup, ...(looked.code === 0 ? ['--replace', '--yes'] : []));
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect((await succeeded(copy, 'export')).stdout).toBe(shown['export --format csv']);
  }
});
