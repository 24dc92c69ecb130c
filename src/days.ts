import type { Day } from './domain.ts';

const DAY_MS = 86_400_000;
const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** Days since 1970-01-01. Throws RangeError on text that is no calendar day. */
export function dayNumber(day: Day): number {
  // Not Date.UTC, which takes the year 1 for 1901.
  const ms = DAY_PATTERN.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`not a calendar day (YYYY-MM-DD): ${day.slice(0, 40)}`);
  }
  return ms / DAY_MS;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Without making a Date: a first sync asks it of millions of values. */
export function isDay(text: string): boolean {
  if (!DAY_PATTERN.test(text)) return false;
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  const most = MONTH_DAYS[month - 1] ?? 0;
  if (day >= 1 && day <= most) return true;
  const year = Number(text.slice(0, 4));
  return month === 2 && day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

// A day is a text with a year of four digits; what lies beyond either end is the end.
const FIRST_DAY = Date.parse('0000-01-01') / DAY_MS;
const LAST_DAY = Date.parse('9999-12-31') / DAY_MS;

export function dayFromNumber(number: number): Day {
  const within = Math.min(LAST_DAY, Math.max(FIRST_DAY, number));
  return new Date(within * DAY_MS).toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return dayFromNumber(dayNumber(day) + days);
}

/** Positive when `to` is later. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

/** As Date.UTC, which takes the years 0 to 99 for those of the last century. */
function dateOf(year: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date;
}

/** Same day of the month, or the month's last day where it has fewer: 2024-02-29 minus 12 months is 2023-02-28. */
export function addMonths(day: Day, months: number): Day {
  dayNumber(day);
  const year = Number(day.slice(0, 4));
  const month = Number(day.slice(5, 7)) - 1 + months;
  const lastDay = dateOf(year, month + 1, 0).getUTCDate();
  const date = dateOf(year, month, Math.min(Number(day.slice(8, 10)), lastDay));
  return dayFromNumber(date.getTime() / DAY_MS);
}

/** Whole months from `from` to `to`, floored; negative when `to` is earlier. */
export function wholeMonthsBetween(from: Day, to: Day): number {
  const months =
    (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
    Number(to.slice(5, 7)) -
    Number(from.slice(5, 7));
  return addMonths(from, months) <= to ? months : months - 1;
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(day: Day): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7;
}
