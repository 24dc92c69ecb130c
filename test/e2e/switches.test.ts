import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import { aCliHome } from '../support/cli.ts';
import { addDaysTo, todayIn } from '../support/org.ts';
import { expectRightOrg, OPEN_GUARDS } from '../support/right-org.ts';

/** Every other end-to-end test runs with the switches as they stand; here the line runs with the other positions. */
const OTHER_POSITIONS: Partial<Switches> = {
  tokenAnswerHasScope: true,
  wrongSecretError: 'invalid_client_secret',
  tokenThrottleStatus: 400,
  revokeKillsAccessTokens: false,
  scopeMismatchStatus: 403,
  invalidTokenCode: 'INVALID_OAUTHTOKEN',
  refusedCallsCost: 'all',
  retryAfterSeconds: 1,
  unknownField: 'ignore',
  readOnlyField: 'ignore',
  unknownListField: 'reject',
  partialStatus: 200,
  allFailedShape: 'bare',
  rowErrors: 'multiple',
  picklistAnswer: 'display',
  apiTouchesLastActivity: false,
  deletedStopsAt2000: false,
  fieldNaming: 'suffixed',
  newFieldDelayMs: 500,
  notifyUntriggered: false,
  watchAgain: 'reject',
  watchPartialStatus: 202,
  bulkIdHeader: 'id',
  bulkBom: true,
  bulkMultiSeparator: ';',
  bulkEmptyResult: '204',
  bulkEarlyResult: true,
  bulkPages: 'any',
  coqlIdKey: 'Id',
  coqlHidesConverted: false,
  coqlRefusesNotEqual: true,
  coqlRefusesDoubleRange: true,
  coqlRefusesNegativeOffset: true,
  coqlNegationMatchesEmpty: true,
};

test('the line comes to the same end where Zoho behaves the other way', { timeout: 240_000 }, async () => {
  const today = todayIn(GENERATED_TIME_ZONE);
  const seed = generatedOrg({ customers: 120, today, seed: 5 });
  const simulator = await startSimulator({ seed, switches: OTHER_POSITIONS });
  const config = mkdtempSync(join(tmpdir(), 'zcv-switches-'));
  writeFileSync(join(config, 'playbook.yaml'), OPEN_GUARDS);
  const home = aCliHome(simulator, { CONFIG_DIR: config });
  try {
    for (const args of [
      ['connect'],
      [
        'fields',
        'apply',
        '--set',
        'essential',
        '--set',
        'full',
        '--set',
        'people',
        '--set',
        'deals',
        '--yes',
      ],
      ['run', '--apply', '--yes'],
    ]) {
      const done = await home.run(...args, '--json');
      expect(done, `${args.join(' ')}\n${done.stderr}`).toMatchObject({ code: 0 });
    }
    const accounts = simulator.control.records('Accounts');
    const tierField = Object.keys(accounts[0] ?? {}).find((name) => /^Value_Tier/.test(name)) ?? 'Value_Tier';
    expect(accounts.filter((row) => !row[tierField])).toEqual([]);

    const next = await home.run('run', '--apply', '--yes', '--as-of', addDaysTo(today, 9), '--json');
    expect(next, next.stderr).toMatchObject({ code: 0 });
    const again = await home.run('run', '--apply', '--yes', '--as-of', addDaysTo(today, 9), '--json');
    expect(again.json<{ plan: { records: number } }>().plan.records).toBe(0);
    await expectRightOrg(simulator, home, addDaysTo(today, 9));
  } finally {
    home.remove();
    rmSync(config, { recursive: true });
    await simulator.close();
  }
});
