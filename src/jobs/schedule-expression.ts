import { CronExpressionParser } from 'cron-parser';
import { closest, distance } from 'fastest-levenshtein';
import { IANAZone } from 'luxon';
import { InputError } from '../errors.ts';

/** What a person may write as a schedule, and what to write instead of what they may not. */

export type Expression =
  | { readonly kind: 'interval'; readonly minutes: number }
  | { readonly kind: 'cron'; readonly cron: string };

const EVERY = /^every (?:([1-9]\d{0,5}) )?(minute|hour)s?$/i;
const MINUTES_AN_HOUR = 60;
const LONGEST_DAYS = 31;
const LONGEST_MINUTES = LONGEST_DAYS * 24 * MINUTES_AN_HOUR;
const FIELDS = [
  { name: 'minute', values: 60 },
  { name: 'hour', values: 24 },
  { name: 'day of month', values: 31 },
  { name: 'month', values: 12 },
  { name: 'weekday', values: 7 },
] as const;
const HOW = 'write five cron fields (minute hour day month weekday), e.g. "30 2 * * *" for 02:30 every day';
const INSTEAD: { readonly [written: string]: string } = {
  '@hourly': 'every 1 hour',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  hourly: 'every 1 hour',
  daily: '30 2 * * *',
  nightly: '30 2 * * *',
  weekly: '30 2 * * 1',
  monthly: '30 2 1 * *',
};
// Zones far from every name are not worth a guess.
const NEAR_ENOUGH = 4;

/** Throws InputError that says what to write instead. */
export function readExpression(text: string): Expression {
  const expr = text.trim().replaceAll(/\s+/g, ' ');
  const every = EVERY.exec(expr);
  if (every) {
    const count = Number(every[1] ?? 1);
    const minutes = every[2]?.toLowerCase() === 'hour' ? count * MINUTES_AN_HOUR : count;
    if (minutes <= LONGEST_MINUTES) return { kind: 'interval', minutes };
    throw new InputError(
      `"${text}" is longer than ${LONGEST_DAYS} days: write a cron expression, e.g. "0 2 1 * *" for the first of each month`,
    );
  }
  const instead = INSTEAD[expr.toLowerCase()];
  if (instead !== undefined) throw new InputError(`"${text}" is no schedule: write "${instead}"`);
  if (/^every\b/i.test(expr)) {
    throw new InputError(
      `"${text}" is no interval: write "every N minutes" or "every N hours"; for days ${HOW}`,
    );
  }
  refuseOddFields(text, expr);
  refuseWhatNeverMatches(text, expr);
  return { kind: 'cron', cron: expr };
}

/** Throws InputError with the nearest name. */
export function requireTimeZone(timeZone: string): void {
  if (IANAZone.isValidZone(timeZone)) return;
  const near = closest(timeZone, Intl.supportedValuesOf('timeZone'));
  const guess = distance(timeZone, near) <= NEAR_ENOUGH ? `; did you mean ${near}?` : '';
  throw new InputError(
    `"${timeZone}" is no time zone: write an IANA name such as Europe/Amsterdam or UTC${guess}`,
  );
}

function refuseOddFields(text: string, expr: string): void {
  const fields = expr === '' ? [] : expr.split(' ');
  if (fields.length === FIELDS.length + 1) {
    throw new InputError(
      `"${text}" has six fields: seconds are not counted; write five cron fields, "${fields.slice(1).join(' ')}"`,
    );
  }
  if (fields.length !== FIELDS.length) {
    throw new InputError(`"${text}" is no schedule: ${HOW}, or "every N minutes"`);
  }
  for (const [index, { name, values }] of FIELDS.entries()) {
    const field = fields[index] ?? '';
    if (/(^|,)h/i.test(field)) {
      throw new InputError(
        `"${text}": the ${name} "${field}" is random in some programs; write a number, and the spread in minutes apart`,
      );
    }
    const step = Number(/\/(\d+)$/.exec(field)?.[1] ?? 0);
    if (step <= values) continue;
    const every = name === 'minute' || name === 'hour' ? `; write "every ${step} ${name}s"` : '';
    throw new InputError(`"${text}": a step of ${step} is more than a ${name} has (${values})${every}`);
  }
}

function refuseWhatNeverMatches(text: string, expr: string): void {
  try {
    // Finds a first match as well: not every expression that can be read has one.
    CronExpressionParser.parse(expr, { tz: 'UTC', currentDate: new Date(0) }).next();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const isNever = /explicit day of month|loop limit/i.test(why);
    throw new InputError(
      isNever
        ? `"${text}" never comes: none of its months has that day; write L for the last day of a month`
        : `"${text}" is no cron expression (${why}): ${HOW}`,
      { cause },
    );
  }
}
