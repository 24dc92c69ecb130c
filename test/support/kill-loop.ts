import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, finished } from './cli.ts';
import { addDaysTo, todayIn } from './org.ts';
import { expectRightOrg, OPEN_GUARDS } from './right-org.ts';
import { seededRandom } from './seeded-random.ts';

/**
 * Kills `apply` with SIGKILL at random moments, each time with another day's changes to write, then lets one run end
 * and holds the org against what should stand there.
 */
export async function killLoop(input: {
  kills: number;
  seed: number;
  customers: number;
  env: NodeJS.ProcessEnv;
}): Promise<{ killed: number; ended: number; seconds: number }> {
  const today = todayIn(GENERATED_TIME_ZONE);
  const random = seededRandom(input.seed);
  const simulator = await startSimulator({
    seed: generatedOrg({ customers: input.customers, today, seed: input.seed }),
    switches: { latencyMs: 25 },
  });
  const config = mkdtempSync(join(tmpdir(), 'zcv-kill-'));
  writeFileSync(join(config, 'playbook.yaml'), OPEN_GUARDS);
  const home = aCliHome(simulator, { CONFIG_DIR: config, ...input.env });
  let killed = 0;
  let ended = 0;
  let seconds = 0;
  try {
    expect((await home.run('connect')).code).toBe(0);
    expect(
      (await home.run('fields', 'apply', '--set', 'essential', '--set', 'people', '--set', 'deals', '--yes'))
        .code,
    ).toBe(0);
    let last = today;
    let longestMs = 1_500;
    // An apply that ended before its kill proves nothing: it is tried again, at most as often again.
    for (let n = 0; killed < input.kills && n < input.kills * 2; n += 1) {
      const day = addDaysTo(today, n * 9);
      last = day;
      const planned = await home.run('run', '--as-of', day, '--json');
      expect([0, 4], planned.stderr).toContain(planned.code);
      const startedAt = performance.now();
      const child = home.start('apply', '--yes');
      const timer = setTimeout(() => child.kill('SIGKILL'), 150 + random() * longestMs);
      // Every third apply has a second one beside it, which waits for the line or takes it over.
      const beside = random() < 1 / 3 ? delayed(random() * 800, () => home.run('apply', '--yes')) : null;
      const { code } = await finished(child);
      const other = await beside;
      if (other !== null) {
        seconds += 1;
        // 1: the line was held for longer than it waited.
        expect([0, 1, 4], other.stdout + other.stderr).toContain(other.code);
      }
      clearTimeout(timer);
      if (code === null) killed += 1;
      else {
        ended += 1;
        longestMs = Math.max(300, performance.now() - startedAt - 200);
      }
    }
    const final = await home.run('run', '--apply', '--yes', '--as-of', last, '--json');
    expect([0, 4], final.stdout + final.stderr).toContain(final.code);
    await expectRightOrg(simulator, home, last);
    return { killed, ended, seconds };
  } finally {
    home.remove();
    await simulator.close();
  }
}

async function delayed<T>(ms: number, act: () => Promise<T>): Promise<T> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return act();
}
