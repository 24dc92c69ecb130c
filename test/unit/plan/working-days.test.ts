import { describe, expect, test } from 'vitest';
import { localHour } from '../../../src/plan/local-time.ts';
import { addWorkingDays, workingCalendar } from '../../../src/plan/working-days.ts';

describe('working days', () => {
  test('a due date skips the weekend', () => {
    // 2026-02-13 is a Friday.
    expect(addWorkingDays('2026-02-13', 1, workingCalendar(null))).toBe('2026-02-16');
    expect(addWorkingDays('2026-02-13', 5, workingCalendar(null))).toBe('2026-02-20');
  });

  test('zero working days is the day itself, or the next one people work on', () => {
    expect(addWorkingDays('2026-02-13', 0, workingCalendar(null))).toBe('2026-02-13');
    expect(addWorkingDays('2026-02-14', 0, workingCalendar(null))).toBe('2026-02-16');
  });

  test('public holidays of the country are skipped, and only there', () => {
    // Easter Monday 2026 is 6 April: free in the Netherlands, a working day in the United States.
    expect(addWorkingDays('2026-04-03', 1, workingCalendar('NL'))).toBe('2026-04-07');
    expect(addWorkingDays('2026-04-03', 1, workingCalendar('US'))).toBe('2026-04-06');
    expect(addWorkingDays('2026-07-02', 1, workingCalendar('US'))).toBe('2026-07-06');
  });

  test('a holiday that starts at sunset and lasts for days frees the days themselves', () => {
    // Ramazan Bayramı 2024: from the afternoon of 9 April, free days 10 to 12 April.
    const calendar = workingCalendar('TR');

    expect(calendar.isWorkingDay('2024-04-09')).toBe(true);
    expect(['2024-04-10', '2024-04-11', '2024-04-12'].map((day) => calendar.isWorkingDay(day))).toEqual([
      false,
      false,
      false,
    ]);
    expect(calendar.isWorkingDay('2024-04-15')).toBe(true);
  });

  test('a country that nobody knows has weekends only', () => {
    expect(addWorkingDays('2026-12-24', 1, workingCalendar('ZZ'))).toBe('2026-12-25');
  });
});

describe('a local hour', () => {
  test('carries the offset that holds on that day', () => {
    expect(localHour('2026-02-10', 9, 'Europe/Amsterdam')).toBe('2026-02-10T09:00:00+01:00');
    expect(localHour('2026-07-10', 9, 'Europe/Amsterdam')).toBe('2026-07-10T09:00:00+02:00');
    expect(localHour('2026-02-10', 9, 'America/New_York')).toBe('2026-02-10T09:00:00-05:00');
    expect(localHour('2026-02-10', 9, 'Asia/Kolkata')).toBe('2026-02-10T09:00:00+05:30');
    expect(localHour('2026-02-10', 9, 'UTC')).toBe('2026-02-10T09:00:00+00:00');
  });

  test('is right on the days when clocks change', () => {
    expect(localHour('2026-03-29', 9, 'Europe/Amsterdam')).toBe('2026-03-29T09:00:00+02:00');
    expect(localHour('2026-10-25', 9, 'Europe/Amsterdam')).toBe('2026-10-25T09:00:00+01:00');
    expect(localHour('2026-03-08', 9, 'America/Los_Angeles')).toBe('2026-03-08T09:00:00-07:00');
  });
});
