import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from './cli.ts';
import type { FaultRun } from './fault-runs.ts';
import { addDaysTo, todayIn } from './org.ts';
import { expectRightOrg, OPEN_GUARDS } from './right-org.ts';

/** Each disturbance during one whole run; then the next run, undisturbed, must leave the org right. Registers the tests. */

export function testFaultRuns(runs: readonly FaultRun[]): void {
  const today = todayIn(GENERATED_TIME_ZONE);
  let simulator: Simulator;
  let home: CliHome;
  let config: string;
  let day = today;

  beforeAll(async () => {
    simulator = await startSimulator({ seed: generatedOrg({ customers: 150, today, seed: 11 }) });
    config = mkdtempSync(join(tmpdir(), 'zcv-faults-'));
    writeFileSync(join(config, 'playbook.yaml'), OPEN_GUARDS);
    home = aCliHome(simulator, { CONFIG_DIR: config });
    expect((await home.run('connect')).code).toBe(0);
    expect((await home.run('fields', 'apply', '--set', 'essential', '--set', 'people', '--yes')).code).toBe(
      0,
    );
  });
  afterAll(async () => {
    home.remove();
    rmSync(config, { recursive: true });
    await simulator.close();
  });

  describe.each(runs)('$name', ({ faults, codes, says, repair }) => {
    test('ends right or with the right exit code, and the next run completes', {
      timeout: 120_000,
    }, async () => {
      day = addDaysTo(day, 9);
      simulator.control.addFaults(faults);

      const disturbed = await home.run('run', '--apply', '--yes', '--as-of', day, '--json');
      const struck = simulator.control.report().faults.reduce((sum, fault) => sum + fault.struck, 0);
      simulator.control.clearFaults();

      expect(struck, 'the fault never struck').toBeGreaterThan(0);
      expect(codes, disturbed.stderr + disturbed.stdout.slice(-500)).toContain(disturbed.code);
      expect(() => disturbed.json()).not.toThrow();
      if (says) expect(disturbed.stdout + disturbed.stderr).toMatch(says);
      if (repair === 'reconnect') {
        const code = simulator.control.issueGrantCode();
        expect((await home.run('connect', '--grant-code', code)).code).toBe(0);
      }
      const next = await home.run('run', '--apply', '--yes', '--as-of', day, '--json');
      expect([0, 4], next.stderr).toContain(next.code);
      await expectRightOrg(simulator, home, day);
    });
  });
}
