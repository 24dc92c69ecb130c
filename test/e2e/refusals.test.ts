import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { recordsOf, todayIn } from '../support/org.ts';

/** Zoho refuses single records: each is named with what to do, and asked again only when that may help. */

let simulator: Simulator;
let home: CliHome;

interface Rejected {
  module: string;
  recordId: string;
  field: string | null;
  code: string;
  value: unknown;
  repair: string;
}
interface Run {
  plan: { records: number; refusedBefore: Record<string, number> };
  apply: { runId: string; written: number; rejected: Rejected[] };
}
const account = (index: number): string => recordsOf(simulator, 'Accounts')[index]?.id ?? '';
const CODES = [
  'RECORD_LOCKED',
  'RECORD_IN_BLUEPRINT',
  'NOT_APPROVED',
  'NO_PERMISSION',
  'MANDATORY_NOT_FOUND',
  'DUPLICATE_DATA',
  'LIMIT_EXCEEDED',
] as const;
const refuse = () =>
  simulator.control.addFaults(
    CODES.map((code, index) => ({
      kind: 'refused' as const,
      match: { method: 'PUT', module: 'Accounts' },
      ids: [account(index)],
      code,
    })),
  );
async function run(): Promise<Run> {
  const result = await home.run('run', '--apply', '--yes', '--json');
  expect([0, 4], result.stderr).toContain(result.code);
  return result.json<Run>();
}

beforeAll(async () => {
  const today = todayIn(GENERATED_TIME_ZONE);
  simulator = await startSimulator({ seed: generatedOrg({ customers: 60, today, seed: 3 }) });
  home = aCliHome(simulator);
  expect((await home.run('connect')).code).toBe(0);
  expect((await home.run('fields', 'apply', '--set', 'essential', '--yes')).code).toBe(0);
}, 120_000);
afterAll(async () => {
  home.remove();
  await simulator.close();
});

test('each refused record is told with code, value and repair; all others are written', {
  timeout: 60_000,
}, async () => {
  refuse();

  const { apply } = await run();

  expect(apply.rejected.map(({ recordId, code }) => [recordId, code]).sort()).toEqual(
    CODES.map((code, index) => [account(index), code]).sort(),
  );
  for (const { value, repair } of apply.rejected) {
    expect(value).toHaveProperty('value_tier');
    expect(repair.length).toBeGreaterThan(20);
  }
  const tiers = recordsOf(simulator, 'Accounts').filter(({ Value_Tier: tier }) => tier !== null);
  expect(tiers).toHaveLength(recordsOf(simulator, 'Accounts').length - CODES.length);
});

test('the next run asks once more, later ones spend nothing on them, and doctor and retry-failed say what to do', {
  timeout: 60_000,
}, async () => {
  expect((await run()).apply.rejected).toHaveLength(CODES.length);
  simulator.control.resetReport();

  const third = await run();

  expect(third.plan).toMatchObject({
    records: 0,
    refusedBefore: Object.fromEntries(CODES.map((code) => [code, 1])),
  });
  expect(third.apply.rejected).toEqual([]);
  expect(Object.keys(simulator.control.report().calls).filter((call) => call.startsWith('PUT'))).toEqual([]);
  const doctor = (await home.run('doctor')).stdout;
  expect(doctor).toContain('RECORD_LOCKED 1');
  expect(doctor).toContain('unlock it in Zoho');
});

test('retry-failed shows what a run failed on, and writes it when the cause is gone', {
  timeout: 60_000,
}, async () => {
  const known = await home.run('undo', '999999');
  const applies = [...known.stderr.matchAll(/(\d+) \(apply/g)].map(([, id]) => id ?? '');
  // Newest first: the third run refused nothing, the second did.
  const second = applies[1] ?? '';
  simulator.control.clearFaults();

  const preview = await home.run('retry-failed', second, '--json');
  expect(preview.code).toBe(2);
  expect(
    preview
      .json<{ failed: Rejected[] }>()
      .failed.map(({ code }) => code)
      .sort(),
  ).toEqual([...CODES].sort());

  const retried = await home.run('retry-failed', second, '--yes', '--json');
  expect(retried, retried.stderr).toMatchObject({ code: 0 });
  expect(retried.json<{ apply: { written: number } }>().apply.written).toBe(CODES.length);
  for (const { id, Value_Tier: tier } of recordsOf(simulator, 'Accounts')) expect(tier, id).not.toBeNull();
  expect((await home.run('doctor')).stdout).toContain('Zoho refuses nothing');
  expect((await home.run('retry-failed', second, '--yes')).stdout).toContain('Nothing of run');
});

test('one field that is refused keeps back no other field of its record', { timeout: 60_000 }, async () => {
  simulator.control.writeRecords('Accounts', [
    { id: account(0), Next_Step: 'Mine', Value_Tier: 'Marginal', Goodwill_Budget: 77_777 },
  ]);
  simulator.control.addFaults({
    kind: 'refused',
    match: { method: 'PUT', module: 'Accounts' },
    ids: [account(0)],
    field: 'Goodwill_Budget',
  });

  const { apply } = await run();
  const again = await run();
  const third = await run();

  expect(apply.rejected).toMatchObject([{ field: 'Goodwill_Budget', code: 'INVALID_DATA' }]);
  expect(apply.rejected[0]?.value).toEqual(expect.any(Number));
  expect(again.apply.rejected).toHaveLength(1);
  expect(third.plan).toMatchObject({ records: 0, refusedBefore: { INVALID_DATA: 1 } });
});
