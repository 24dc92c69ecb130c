import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { finished } from '../support/cli.ts';
import { type CopiesWorld, copiesWorld, succeeded } from '../support/copies-world.ts';
import { seededRandom } from '../support/seeded-random.ts';

/** Everything goes from one kind of database to the other and back by the command line. */

const SEED = 11;
let world: CopiesWorld;
let shown: Record<string, string>;
let diff: string;

describe.skipIf(!process.env.ZCV_TEST_PG)('move-store', () => {
  beforeAll(async () => {
    world = await copiesWorld({ customers: 40, seed: SEED });
    diff = await world.diff(world.home);
    shown = await world.shown(world.home);
  }, 400_000);
  afterAll(() => world.close());

  test('SQLite to PostgreSQL, killed on the way, then a backup there, and back: the same byte for byte', {
    timeout: 240_000,
  }, async () => {
    const { home } = world;
    const url = await world.newPostgres();
    const postgres = world.over(url);
    const random = seededRandom(SEED);
    for (let round = 0; round < 3; round += 1) {
      const child = home.start('move-store', '--to', url, '--yes');
      const ended = finished(child);
      await sleep(500 + 1_500 * random());
      child.kill('SIGKILL');
      const { code } = await ended;
      const here = await home.run('export');
      const there = await postgres.run('export');
      const found = `seed ${SEED}, round ${round}\n${here.stderr}\n${there.stderr}`;
      // One of the two is in force, and never both.
      expect([here.code, there.code].filter((each) => each === 0).length, found).toBeLessThanOrEqual(1);
      for (const { code: refused, stderr } of [here, there])
        if (refused !== 0)
          expect(stderr, found).toMatch(
            /there is no connection|was moved to|run the same zcv move-store again/,
          );
      if (code === 0) break;
    }
    await succeeded(home, 'move-store', '--to', url, '--yes');

    const refused = await home.run('export');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('was moved to');
    expect(await world.shown(postgres)).toEqual(shown);
    const file = join(home.folder, 'postgres.zcvb');
    await succeeded(postgres, 'backup', '--out', file);
    const other = world.over(await world.newPostgres());
    await succeeded(other, 'restore', file);
    expect(await world.shown(other)).toEqual(shown);

    await succeeded(postgres, 'move-store', '--to', `${home.env.DATABASE_URL}`, '--replace', '--yes');
    expect(await world.shown(home)).toEqual(shown);
    expect(await world.diff(home)).toBe(diff);
  });
});
