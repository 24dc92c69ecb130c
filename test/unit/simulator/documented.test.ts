import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FAULTS } from '../../../src/simulator/faults.ts';
import { DEFAULT_SWITCHES, type Switches, setSwitches } from '../../../src/simulator/switches.ts';

const DOCUMENT = readFileSync(new URL('../../../docs/simulator.md', import.meta.url), 'utf8');

describe('docs/simulator.md', () => {
  test.each([
    ['switches', Object.keys(DEFAULT_SWITCHES)],
    ['faults', Object.keys(FAULTS)],
  ])('names all %s', (_what, names) => {
    expect(names.filter((name) => !DOCUMENT.includes(`\`${name}\``))).toEqual([]);
  });

  test('names no switch that does not exist', () => {
    const [, section = ''] = DOCUMENT.split('## Switches');
    const cells = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = '']) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name));

    expect(named.filter((name) => !(name in DEFAULT_SWITCHES))).toEqual([]);
    expect(named.length).toBe(Object.keys(DEFAULT_SWITCHES).length);
  });
});

test.each([
  [{ partialStatus: 201 }],
  [{ wrongSecretError: 'invalid_grant' }],
  [{ latencyMs: '5' }],
  [{ autoConsent: 'yes' }],
  [{ dailyCredits: 'many' }],
  [{ unknownSwitch: true }],
])('a switch has no position %j, and nothing is changed', (change) => {
  const switches: Switches = { ...DEFAULT_SWITCHES };

  expect(() => setSwitches(switches, { picklistAnswer: 'display', ...change })).toThrow(RangeError);
  expect(switches).toEqual(DEFAULT_SWITCHES);
});
