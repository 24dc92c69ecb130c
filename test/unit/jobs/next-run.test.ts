import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { nextRunAfter, type Timing, upcomingRuns } from '../../../src/jobs/next-run.ts';

const AMSTERDAM = 'Europe/Amsterdam';
const LORD_HOWE = 'Australia/Lord_Howe';

function timing(expr: string, part: Partial<Timing> = {}): Timing {
  return { expr, timeZone: AMSTERDAM, quietHours: null, spreadMinutes: 0, connection: null, ...part };
}
function at(local: string, zone = AMSTERDAM): Date {
  return DateTime.fromISO(local, { zone }).toJSDate();
}
function next(expr: string, after: string, quietHours: string | null = null, zone = AMSTERDAM): string {
  const found = nextRunAfter(timing(expr, { timeZone: zone, quietHours }), at(after, zone));
  return DateTime.fromJSDate(found, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
}
function utc(expr: string, timeZone: string, after: string, count: number): string[] {
  return upcomingRuns(timing(expr, { timeZone }), new Date(after), count).map((one) =>
    one.toISOString().slice(5, 16),
  );
}

describe('the next run of a schedule', () => {
  test('is the next matching minute in its own zone, never the instant itself', () => {
    expect(next('30 2 * * *', '2026-06-10T01:00')).toBe('2026-06-10T02:30');
    expect(next('30 2 * * *', '2026-06-10T02:30')).toBe('2026-06-11T02:30');
    expect(next('0 9 * * MON', '2026-06-10T02:30')).toBe('2026-06-15T09:00');
    expect(next('0 9 L * *', '2026-02-10T00:00')).toBe('2026-02-28T09:00');
    expect(next('0 9 * * 5L', '2026-02-10T00:00')).toBe('2026-02-27T09:00');
    expect(next('0 9 29 FEB *', '2026-06-10T00:00')).toBe('2028-02-29T09:00');
    expect(utc('30 2 * * *', 'Asia/Kolkata', '2026-06-10T00:00:00Z', 1)).toEqual(['06-10T21:00']);
  });

  test('is not lost when the clock springs over it, and comes once when the hour is repeated', () => {
    expect(utc('30 2 * * *', AMSTERDAM, '2026-03-28T12:00:00Z', 2)).toEqual(['03-29T01:30', '03-30T00:30']);
    expect(utc('30 2 * * *', AMSTERDAM, '2026-10-24T12:00:00Z', 2)).toEqual(['10-25T00:30', '10-26T01:30']);
  });

  test('follows real time where it is due every hour', () => {
    expect(utc('30 * * * *', AMSTERDAM, '2026-03-29T00:00:00Z', 3)).toEqual([
      '03-29T00:30',
      '03-29T01:30',
      '03-29T02:30',
    ]);
    expect(utc('30 * * * *', AMSTERDAM, '2026-10-25T00:00:00Z', 3)).toEqual([
      '10-25T00:30',
      '10-25T01:30',
      '10-25T02:30',
    ]);
  });

  test('is found where the clock changes by half an hour', () => {
    // 02:00 → 02:30, so 02:15 comes as 02:45 (+11:00); in April 02:00 → 01:30, and 01:45 comes once.
    expect(utc('15 2 * * *', LORD_HOWE, '2026-10-03T00:00:00Z', 2)).toEqual(['10-03T15:45', '10-04T15:15']);
    expect(utc('45 1 * * *', LORD_HOWE, '2026-04-04T00:00:00Z', 2)).toEqual(['04-04T14:45', '04-05T15:15']);
    expect(utc('0 3 * * *', LORD_HOWE, '2026-04-04T00:00:00Z', 2)).toEqual(['04-04T16:30', '04-05T16:30']);
  });

  test('of an interval lies on a grid, whatever the clocks show', () => {
    expect(utc('every 60 minutes', AMSTERDAM, '2026-03-28T23:59:59Z', 3)).toEqual([
      '03-29T00:00',
      '03-29T01:00',
      '03-29T02:00',
    ]);
    expect(utc('every 1 minute', AMSTERDAM, '2026-03-29T00:30:00Z', 1)).toEqual(['03-29T00:31']);
    expect(utc('every hour', AMSTERDAM, '2026-03-29T00:30:00Z', 1)).toEqual(['03-29T01:00']);
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

  test('that waits for the end of the quiet hours is not forgotten when it is asked for within them', () => {
    expect(next('30 23 * * *', '2026-06-11T02:00', '22:00-06:00')).toBe('2026-06-11T06:00');
    expect(next('every 12 hours', '2026-06-11T03:00', '22:00-06:00')).toBe('2026-06-11T06:00');
  });

  test('of an interval of an hour or less just pauses in quiet hours', () => {
    expect(next('every 20 minutes', '2026-06-10T21:45', '22:00-06:00')).toBe('2026-06-11T06:00');
    expect(next('every 45 minutes', '2026-06-10T21:40', '22:00-06:10')).toBe('2026-06-11T06:30');
  });

  test('leaves quiet hours whose end the clock skips or repeats', () => {
    // Quiet until 02:30, and the clock goes 02:00 → 03:00: quiet until 03:00.
    expect(next('30 1 * * *', '2026-03-29T00:00', '01:00-02:30')).toBe('2026-03-29T03:00');
    // 02:50 summer time; 02:00 to 02:30 comes again in ten minutes, and is quiet again.
    const repeated = nextRunAfter(
      timing('every 15 minutes', { quietHours: '01:00-02:30' }),
      new Date('2026-10-25T00:50:00Z'),
    );
    expect(repeated).toEqual(new Date('2026-10-25T01:30:00Z'));
  });

  test('has a fixed place of its connection within the spread, and many fill it evenly', () => {
    const minutes = Array.from({ length: 300 }, (_, index) => {
      const spread = timing('30 2 * * *', { connection: `org-${index}`, spreadMinutes: 20 });
      const [first, second] = upcomingRuns(spread, at('2026-06-10T00:00'), 2);
      expect(second?.getTime()).toBe((first?.getTime() ?? 0) + 86_400_000);
      return ((first?.getTime() ?? 0) - at('2026-06-10T02:30').getTime()) / 60_000;
    });
    const most = Math.max(...Array.from({ length: 20 }, (_, m) => minutes.filter((one) => one === m).length));

    expect(Math.min(...minutes)).toBe(0);
    expect(Math.max(...minutes)).toBe(19);
    expect(most).toBeLessThan(35);
  });

  test('of a long interval is no less due because another one waits for the end of the quiet hours', () => {
    for (let index = 0; index < 40; index++) {
      const part = { connection: `org-${index}`, spreadMinutes: 30, quietHours: '22:00-06:00' };
      const start = at('2026-06-10T00:00');
      const onGrid = upcomingRuns(timing('every 7 hours', { connection: part.connection }), start, 40);
      const isOpen = (one: Date) => {
        const { hour } = DateTime.fromJSDate(one, { zone: AMSTERDAM });
        return hour >= 6 && hour < 22;
      };

      const due = upcomingRuns(timing('every 7 hours', part), start, 80).map((one) => one.getTime());

      expect(due).toEqual(due.toSorted((one, other) => one - other));
      expect(due).toEqual(expect.arrayContaining(onGrid.filter(isOpen).map((one) => one.getTime())));
    }
  });

  test('is never spread into quiet hours', () => {
    for (let index = 0; index < 50; index++) {
      const spread = { connection: `org-${index}`, spreadMinutes: 60, quietHours: '22:00-06:00' };
      for (const due of upcomingRuns(timing('50 21 * * *', spread), at('2026-06-10T12:00'), 3)) {
        const { hour } = DateTime.fromJSDate(due, { zone: AMSTERDAM });
        expect(hour).toSatisfy((one: number) => one === 21 || one === 6);
      }
    }
  });

  test.each([
    ['61 * * * *', {}, /61.*five cron fields/],
    ['* * *', {}, /five cron fields/],
    ['0 0 2 * * *', {}, /six fields.*"0 2 \* \* \*"/],
    ['', {}, /five cron fields/],
    ['every 0 minutes', {}, /every N minutes/],
    ['every 2 days', {}, /five cron fields/],
    ['every 40000 hours', {}, /31 days/],
    ['@daily', {}, /write "0 0 \* \* \*"/],
    ['*/90 * * * *', {}, /every 90 minutes/],
    ['H 2 * * *', {}, /spread/],
    ['0 2 30 2 *', {}, /never comes.*last day of a month/],
    ['0 2 31 4,6,9,11 *', {}, /never comes/],
    ['0 2 * * FOO', {}, /FOO.*five cron fields/i],
    ['0 2 * * *', { timeZone: 'Mars/Olympus' }, /Mars\/Olympus.*IANA/],
    ['0 2 * * *', { timeZone: 'Europe/Amsterdm' }, /did you mean Europe\/Amsterdam/],
    ['0 2 * * *', { quietHours: '22-6' }, /22:00-06:00/],
    ['0 2 * * *', { quietHours: '25:00-06:00' }, /22:00-06:00/],
    ['0 2 * * *', { quietHours: '06:00-06:00' }, /22:00-06:00/],
  ])('"%s" with %s is refused with what to write', (expr, part, message) => {
    const attempt = () => nextRunAfter(timing(expr, part), new Date('2026-06-10T00:00:00Z'));

    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(message);
  });
});
