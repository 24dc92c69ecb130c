import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { nextRunAfter } from '../../../src/jobs/next-run.ts';

const AMSTERDAM = 'Europe/Amsterdam';

function at(local: string, zone = AMSTERDAM): Date {
  return DateTime.fromISO(local, { zone }).toJSDate();
}
function next(expr: string, after: string, quietHours: string | null = null, zone = AMSTERDAM): string {
  const found = nextRunAfter(expr, zone, quietHours, at(after, zone));
  return DateTime.fromJSDate(found, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}

describe('the next run of a schedule', () => {
  test('is the next matching minute in its own zone, never the instant itself', () => {
    expect(next('30 2 * * *', '2026-06-10T01:00')).toBe('2026-06-10T02:30');
    expect(next('30 2 * * *', '2026-06-10T02:30')).toBe('2026-06-11T02:30');
    expect(next('0 9 * * 1', '2026-06-10T02:30')).toBe('2026-06-15T09:00');
    expect(nextRunAfter('30 2 * * *', 'Asia/Kolkata', null, new Date('2026-06-10T00:00:00Z'))).toEqual(
      new Date('2026-06-10T21:00:00Z'),
    );
  });

  test('is not lost when the clock springs over it, and comes once when the hour is repeated', () => {
    expect(next('30 2 * * *', '2026-03-28T12:00')).toBe('2026-03-29T03:30');
    expect(next('30 2 * * *', '2026-03-29T03:30')).toBe('2026-03-30T02:30');

    const first = nextRunAfter('30 2 * * *', AMSTERDAM, null, at('2026-10-24T12:00'));
    const second = nextRunAfter('30 2 * * *', AMSTERDAM, null, first);

    expect(first).toEqual(new Date('2026-10-25T00:30:00Z'));
    expect(second).toEqual(new Date('2026-10-26T01:30:00Z'));
  });

  test('is N minutes later for an interval, across a clock change too', () => {
    const before = new Date('2026-03-29T00:30:00Z');

    expect(nextRunAfter('every 60 minutes', AMSTERDAM, null, before)).toEqual(
      new Date('2026-03-29T01:30:00Z'),
    );
    expect(nextRunAfter('every 1 minute', AMSTERDAM, null, before)).toEqual(new Date('2026-03-29T00:31:00Z'));
  });

  test('moves to the end of the quiet hours it falls in', () => {
    expect(next('30 2 * * *', '2026-06-10T00:00', '22:00-06:00')).toBe('2026-06-10T06:00');
    expect(next('30 23 * * *', '2026-06-10T12:00', '22:00-06:00')).toBe('2026-06-11T06:00');
    expect(next('30 12 * * *', '2026-06-10T00:00', '12:00-13:00')).toBe('2026-06-10T13:00');
  });

  test('is quiet at the first minute of the quiet hours and no more at their end', () => {
    expect(next('0 22 * * *', '2026-06-10T12:00', '22:00-06:00')).toBe('2026-06-11T06:00');
    expect(next('59 21 * * *', '2026-06-10T12:00', '22:00-06:00')).toBe('2026-06-10T21:59');
    expect(next('0 6 * * *', '2026-06-10T00:00', '22:00-06:00')).toBe('2026-06-10T06:00');
  });

  test('never lies before the time it was moved from, even when the quiet hours end in a repeated hour', () => {
    const after = new Date('2026-10-25T00:50:00Z'); // 02:50 summer time; 02:30 comes again in 40 minutes

    const found = nextRunAfter('every 15 minutes', AMSTERDAM, '01:00-02:30', after);

    expect(found.getTime()).toBeGreaterThan(after.getTime());
  });

  test.each([
    ['61 * * * *', AMSTERDAM, null, /61/],
    ['* * *', AMSTERDAM, null, /five cron fields/],
    ['0 0 2 * * *', AMSTERDAM, null, /five cron fields/],
    ['', AMSTERDAM, null, /five cron fields/],
    ['every 0 minutes', AMSTERDAM, null, /five cron fields/],
    ['0 0 30 2 *', AMSTERDAM, null, /0 0 30 2 \*/],
    ['0 2 * * *', 'Mars/Olympus', null, /Mars\/Olympus.*IANA/],
    ['0 2 * * *', AMSTERDAM, '22-6', /22:00-06:00/],
    ['0 2 * * *', AMSTERDAM, '25:00-06:00', /22:00-06:00/],
    ['0 2 * * *', AMSTERDAM, '06:00-06:00', /22:00-06:00/],
  ])('"%s" in %s with quiet hours %s is refused with what to write', (expr, zone, quiet, message) => {
    const attempt = () => nextRunAfter(expr, zone, quiet, new Date('2026-06-10T00:00:00Z'));

    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });
});
