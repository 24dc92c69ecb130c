import { CronExpressionParser } from 'cron-parser';
import { DateTime, IANAZone } from 'luxon';
import { InputError } from '../errors.ts';

/** When a schedule is due next: a cron expression of five fields or "every N minutes", in a zone, outside quiet hours. */

const EVERY = /^every ([1-9]\d{0,5}) minutes?$/;
const QUIET = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;
const MINUTE_MS = 60_000;

function nextOf(expr: string, timeZone: string, after: Date): Date {
  const every = EVERY.exec(expr);
  if (every) return new Date(after.getTime() + Number(every[1]) * MINUTE_MS);
  // cron-parser also takes seconds and fewer fields; the tick is a minute, so either would surprise.
  if (expr.trim().split(/\s+/).length !== 5) {
    throw new InputError(
      `"${expr}" is no schedule: write five cron fields (minute hour day month weekday) or "every N minutes"`,
    );
  }
  try {
    return CronExpressionParser.parse(expr, { tz: timeZone, currentDate: after }).next().toDate();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`"${expr}" is no cron expression: ${why}`, { cause });
  }
}

/** The end of the quiet hours that `at` lies in, else `at` itself. The start is quiet, the end is not. */
function afterQuietHours(at: Date, quietHours: string, timeZone: string): Date {
  const parts = QUIET.exec(quietHours);
  const [from, to] = quietHours.split('-');
  if (!parts || from === undefined || to === undefined || from === to) {
    throw new InputError(`"${quietHours}" are no quiet hours: write them as 22:00-06:00`);
  }
  const local = DateTime.fromJSDate(at, { zone: timeZone });
  const time = local.toFormat('HH:mm');
  const isOvernight = from > to;
  const isQuiet = isOvernight ? time >= from || time < to : time >= from && time < to;
  if (!isQuiet) return at;
  const endDay = isOvernight && time >= from ? local.plus({ days: 1 }) : local;
  const end = endDay.set({ hour: Number(parts[3]), minute: Number(parts[4]), second: 0, millisecond: 0 });
  // In the hour that a clock change repeats, the end of today's quiet hours may already lie behind.
  return end.toJSDate() > at ? end.toJSDate() : at;
}

/** Strictly after `after`. Throws InputError that says what to write instead. */
export function nextRunAfter(expr: string, timeZone: string, quietHours: string | null, after: Date): Date {
  if (!IANAZone.isValidZone(timeZone)) {
    throw new InputError(`"${timeZone}" is no time zone: write an IANA name such as Europe/Amsterdam`);
  }
  const next = nextOf(expr, timeZone, after);
  return quietHours === null ? next : afterQuietHours(next, quietHours, timeZone);
}
