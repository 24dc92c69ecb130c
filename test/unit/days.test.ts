import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf, instantIn, zohoInstant } from '../../src/clock.ts';
import {
  addDays,
  addMonths,
  dayNumber,
  daysBetween,
  isDay,
  weekday,
  wholeMonthsBetween,
} from '../../src/days.ts';

const aDay = fc.integer({ min: -20_000, max: 40_000 }).map((n) => addDays('1970-01-01', n));

test('month arithmetic keeps to the last day of a shorter month', () => {
  expect(addMonths('2024-02-29', -12)).toBe('2023-02-28');
  expect(addMonths('2025-01-31', 1)).toBe('2025-02-28');
  expect(wholeMonthsBetween('2024-02-29', '2025-02-28')).toBe(12);
  expect(wholeMonthsBetween('2025-01-31', '2025-02-27')).toBe(0);
});

test('whole months are the most that fit', () => {
  fc.assert(
    fc.property(aDay, aDay, (from, to) => {
      const months = wholeMonthsBetween(from, to);
      expect(addMonths(from, months) <= to).toBe(true);
      expect(addMonths(from, months + 1) > to).toBe(true);
    }),
  );
});

test('adding and counting days agree', () => {
  fc.assert(
    fc.property(aDay, fc.integer({ min: -9999, max: 9999 }), (day, n) => {
      expect(daysBetween(day, addDays(day, n))).toBe(n);
      expect(weekday(addDays(day, 7))).toBe(weekday(day));
    }),
  );
  expect(weekday('2026-11-24')).toBe(2);
});

test('text that is no calendar day is refused', () => {
  for (const bad of ['2026-02-30', '2026-1-1', '', '2026-13-01']) expect(isDay(bad), bad).toBe(false);
  expect(() => dayNumber('2026-02-30')).toThrow(/2026-02-30/);
});

test('a calendar day belongs to the zone of the org, also across daylight saving', () => {
  expect(dayOf(new Date('2026-03-31T22:30:00Z'), 'Europe/Amsterdam')).toBe('2026-04-01');
  expect(dayOf(new Date('2026-03-31T22:30:00Z'), 'America/New_York')).toBe('2026-03-31');
  expect(instantIn('2026-11-25', '09:00', 'Europe/Warsaw')).toBe('2026-11-25T09:00:00+01:00');
  expect(zohoInstant(new Date('2026-11-25T09:00:00.999Z'))).toBe('2026-11-25T09:00:00+00:00');
  expect(() => dayOf(new Date(), 'Mars/Base')).toThrow(RangeError);
});

test('the years 1 and 9999 are days like others, and no sum leaves the years of four digits', () => {
  expect(isDay('0001-01-01')).toBe(true);
  expect(addDays('0001-02-28', 1)).toBe('0001-03-01');
  expect(daysBetween('0001-01-01', '9999-12-31')).toBe(3_652_058);
  expect(addDays('9999-12-30', 400)).toBe('9999-12-31');
  expect(addMonths('0001-01-31', 1)).toBe('0001-02-28');
  expect(addMonths('9999-12-31', 12)).toBe('9999-12-31');
});
