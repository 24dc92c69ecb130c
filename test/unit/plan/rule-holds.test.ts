import { describe, expect, test } from 'vitest';
import type { RuleSubject } from '../../../src/plan/playbook-facts.ts';
import { ruleHolds } from '../../../src/plan/rule-holds.ts';
import type { RuleCondition } from '../../../src/rules.ts';

const SUBJECT: RuleSubject = {
  ...{ phase: 'leaving', subPhase: null, tier: 'good', gold: false, asOf: '2026-03-31' },
  reasons: ['signal.notice', 'tier.good'],
  facts: {
    ...{ flag: true, count: 3, missing: null, word: 'Trade Show' },
    ...{ early: '2026-01-01', late: '2026-03-01', next: '2026-04-10' },
  },
};
const holds = (condition: RuleCondition): boolean => ruleHolds(condition, SUBJECT);

describe('a condition', () => {
  test('holds when all of it does, and the empty one always', () => {
    expect(holds({})).toBe(true);
    expect(holds({ phase: ['lost', 'leaving'], tier: ['good'], gold: false })).toBe(true);
    expect(holds({ phase: ['leaving'], tier: ['top'] })).toBe(false);
    expect(holds({ subPhase: ['win_back'] })).toBe(false);
  });

  test('knows codes and beginnings of codes', () => {
    expect(holds({ reasons: ['signal.survey', 'signal.notice'] })).toBe(true);
    expect(holds({ reasons: ['signal.*'] })).toBe(true);
    expect(holds({ without: ['signal.*'] })).toBe(false);
    expect(holds({ without: ['phase.*'] })).toBe(true);
  });

  test.each([
    [{ flag: true }, true],
    [{ flag: false }, false],
    [{ count: { min: 3, max: 3 } }, true],
    [{ count: { min: 4 } }, false],
    [{ missing: { max: 4 } }, false],
    [{ word: ['trade show'] }, true],
    [{ word: ['Partner'] }, false],
    [{ early: { known: true } }, true],
    [{ missing: { known: false } }, true],
    [{ late: { within: 30 } }, true],
    [{ late: { within: 29 } }, false],
    [{ next: { within: 90 } }, false],
    [{ late: { notWithin: 29 } }, true],
    [{ missing: { notWithin: 29 } }, true],
    [{ next: { ahead: 10 } }, true],
    [{ next: { ahead: 9 } }, false],
    [{ late: { since: 'early' } }, true],
    [{ early: { since: 'late' } }, false],
    [{ early: { since: 'early' } }, true],
    [{ missing: { since: 'early' } }, false],
    [{ early: { notSince: 'late' } }, true],
    [{ late: { notSince: 'late' } }, false],
    [{ missing: { notSince: 'late' } }, true],
    [{ early: { notSince: 'missing' } }, false],
    [{ late: { within: 60, notSince: 'early' } }, false],
  ] as const)('%j is %s', (facts, isTrue) => {
    expect(holds({ facts })).toBe(isTrue);
  });
});
