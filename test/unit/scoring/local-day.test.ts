import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayOf } from '../../../src/clock.ts';
import * as checked from '../../../src/days.ts';
import * as fast from '../../../src/scoring/calendar.ts';
import { localDayIn } from '../../../src/scoring/local-day.ts';

// Half-hour and quarter-hour offsets, clock changes at midnight, a 30-minute clock change, and the day Samoa skipped.
const ZONES = [
  'UTC',
  'Europe/Amsterdam',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'America/Havana',
  'Asia/Beirut',
  'Pacific/Apia',
  'Pacific/Chatham',
];

test('the local day of any instant is that of the zone database', () => {
  for (const zone of ZONES) {
    const localDay = localDayIn(zone);
    const instants = fc.date({
      min: new Date('1990-01-01'),
      max: new Date('2037-12-31'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (at) => localDay(at) === dayOf(at, zone)),
      { numRuns: 500 },
    );
  }
});

test('around clock changes every quarter of an hour falls on its day', () => {
  for (const [zone, around] of [
    ['America/Havana', '2026-03-08T05:00:00Z'],
    ['Asia/Beirut', '2026-03-28T22:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z'],
  ] as const) {
    const localDay = localDayIn(zone);
    for (let quarter = -200; quarter <= 200; quarter++) {
      const at = new Date(Date.parse(around) + quarter * 900_000);
      expect(localDay(at), `${zone} ${at.toISOString()}`).toBe(dayOf(at, zone));
    }
  }
});

test('day arithmetic without checks agrees with the checked one', () => {
  const days = fc.integer({ min: -200_000, max: 200_000 }).map(checked.dayFromNumber);
  fc.assert(
    fc.property(days, days, fc.integer({ min: -600, max: 600 }), (day, other, count) => {
      expect(fast.dayNumber(day)).toBe(checked.dayNumber(day));
      expect(fast.dayFromNumber(fast.dayNumber(day))).toBe(day);
      expect(fast.addDays(day, count)).toBe(checked.addDays(day, count));
      expect(fast.addMonths(day, count)).toBe(checked.addMonths(day, count));
      expect(fast.daysBetween(day, other)).toBe(checked.daysBetween(day, other));
      expect(fast.wholeMonthsBetween(day, other)).toBe(checked.wholeMonthsBetween(day, other));
    }),
    { numRuns: 2000 },
  );
});
