import { describe, expect, test } from 'vitest';
import { isHeldBack, refusalPolicy } from '../../../src/plan/refusal-policy.ts';

const AT = new Date('2026-02-10T06:00:00Z');
const days = (count: number) => new Date(AT.getTime() + count * 86_400_000);
const refused = (code: string, attempts: number) => ({
  code,
  attempts,
  attempted: { value_tier: 'Top' },
  lastAt: AT,
});
const SAME = { value_tier: 'Top' };

describe('what Zoho refused', () => {
  test.each(['RECORD_LOCKED', 'NO_PERMISSION', 'INVALID_DATA', 'INTERNAL_ERROR'])(
    'once is asked again by the next run, whatever the code: %s',
    (code) => {
      expect(isHeldBack(refused(code, 1), SAME, AT)).toBe(false);
    },
  );

  test('as locked is asked ever more seldom: after a day, two, four, then once a week', () => {
    const firstAsked = [2, 3, 4, 5, 9].map((attempts) =>
      [0.5, 1, 2, 4, 7].find((wait) => !isHeldBack(refused('RECORD_LOCKED', attempts), SAME, days(wait))),
    );

    expect(firstAsked).toEqual([1, 2, 4, 7, 7]);
  });

  test('for want of rights waits for retry-failed, however long and whatever the value', () => {
    expect(isHeldBack(refused('NO_PERMISSION', 2), { value_tier: 'Good' }, days(400))).toBe(true);
  });

  test('for its value waits for another value, not for another day', () => {
    expect(isHeldBack(refused('INVALID_DATA', 2), SAME, days(400))).toBe(true);
    expect(isHeldBack(refused('INVALID_DATA', 2), { value_tier: 'Good' }, AT)).toBe(false);
    expect(isHeldBack(refused('INVALID_DATA', 2), { ...SAME, next_step: 'Ring' }, AT)).toBe(false);
  });

  test('for a reason of the moment is asked by every run', () => {
    expect(isHeldBack(refused('INTERNAL_ERROR', 9), SAME, AT)).toBe(false);
  });

  test.each([
    'RECORD_LOCKED',
    'RECORD_IN_BLUEPRINT',
    'NOT_APPROVED',
    'NO_PERMISSION',
    'INVALID_DATA',
    'DUPLICATE_DATA',
    'MANDATORY_NOT_FOUND',
    'LIMIT_EXCEEDED',
  ])('%s has a repair of its own', (code) => {
    expect(refusalPolicy(code).repair).not.toBe(refusalPolicy('NO_SUCH_CODE').repair);
  });
});
