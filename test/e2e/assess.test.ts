import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';

let simulator: Simulator;
let home: CliHome;

beforeAll(async () => {
  simulator = await startSimulator({
    seed: generatedOrg({ customers: 60, today: todayIn(GENERATED_TIME_ZONE), seed: 21 }),
  });
  home = aCliHome(simulator);
  expect((await home.run('connect')).code).toBe(0);
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

test('assess prints its document and writes its report, and nothing into the org', {
  timeout: 120_000,
}, async () => {
  simulator.control.resetReport();
  const file = join(home.folder, 'report.md');

  const both = await home.run('assess', '--json', '--out', file);
  const text = await home.run('assess');
  const { writes, created } = simulator.control.report();
  const nowhere = await home.run('assess', '--out', join(home.folder, 'no', 'such', 'folder.md'));

  expect(both.code, both.stderr).toBe(0);
  const report = both.json();
  for (const key of [
    'unmatched',
    'won',
    'modules',
    'deals',
    'currencies',
    'duplicates',
    'missing',
    'credits',
    'problems',
  ]) {
    expect(report).toHaveProperty(key);
  }
  const markdown = readFileSync(file, 'utf8');
  expect(markdown).toMatch(/^# Generated Trading.*\n\n## Money\n\n\*\*Money that no customer explains: /);
  expect(markdown).toContain('| Deals |');
  expect(text.code).toBe(0);
  expect(text.stdout.split('\n')[0]).toMatch(/^Money that no customer explains: /);
  expect(text.stdout).toContain('This report took');
  expect({ writes, created }).toEqual({ writes: {}, created: {} });
  expect(nowhere.code).toBe(2);
  expect(nowhere.stderr).toContain('folder that exists');
});
