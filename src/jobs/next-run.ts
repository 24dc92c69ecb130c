import { createHash } from 'node:crypto';
import type { Schedule } from '../store/job-stores.ts';
import { nextCronTime } from './cron-times.ts';
import { type QuietHours, readQuietHours } from './quiet-hours.ts';
import { readExpression, requireTimeZone } from './schedule-expression.ts';

/** When a schedule is due: its expression in its zone, outside quiet hours, spread over the connections. */

export type Timing = Pick<Schedule, 'expr' | 'timeZone' | 'quietHours' | 'spreadMinutes' | 'connection'>;

const MINUTE_MS = 60_000;
// An interval that comes this often need not be made up for: it pauses in quiet hours.
const PAUSING_MINUTES = 60;

interface Rhythm {
  /** By the expression alone, strictly after. */
  nominalAfter(after: Date): Date;
  /** When a nominal time is due: then or later. */
  settle(nominal: Date): Date;
  /** No earlier nominal time can still be due after `after`. */
  lookFrom(after: Date): Date;
}

/** 0 <= x < 1, always the same for a connection; 0 for what belongs to none. */
export function shareOf(connection: string | null): number {
  if (connection === null) return 0;
  return createHash('sha256').update(connection).digest().readUInt32BE() / 2 ** 32;
}

/** Strictly after `after`. Throws InputError that says what to write instead. */
export function nextRunAfter(timing: Timing, after: Date): Date {
  return nextIn(rhythmOf(timing), after);
}

/** The next `count` times, strictly after `after`. Throws InputError that says what to write instead. */
export function upcomingRuns(timing: Timing, after: Date, count: number): Date[] {
  const rhythm = rhythmOf(timing);
  const times: Date[] = [];
  for (let at = after; times.length < count; times.push(at)) at = nextIn(rhythm, at);
  return times;
}

function nextIn(rhythm: Rhythm, after: Date): Date {
  let best: Date | null = null;
  for (let from = rhythm.lookFrom(after); ; ) {
    const nominal = rhythm.nominalAfter(from);
    // A time that waits for the end of quiet hours may come after one that falls just behind them.
    if (best !== null && nominal >= best) return best;
    const due = rhythm.settle(nominal);
    if (due > after && (best === null || due < best)) best = due;
    if (best !== null && best <= nominal) return best;
    from = nominal;
  }
}

function rhythmOf(timing: Timing): Rhythm {
  requireTimeZone(timing.timeZone);
  const expression = readExpression(timing.expr);
  const quiet = timing.quietHours === null ? null : readQuietHours(timing.quietHours, timing.timeZone);
  const share = shareOf(timing.connection);
  const spreadMs = Math.floor(share * timing.spreadMinutes) * MINUTE_MS;
  const lookFrom = (after: Date) => lookBack(quiet, after, spreadMs);
  if (expression.kind === 'cron') {
    return {
      nominalAfter: (after) => nextCronTime(expression.cron, timing.timeZone, after),
      settle: (nominal) => (quiet === null ? later(nominal, spreadMs) : settleCron(quiet, nominal, spreadMs)),
      lookFrom,
    };
  }
  const { minutes } = expression;
  // A grid rather than a chain: after an hour of downtime the connections are still spread.
  const phase = Math.floor(share * minutes);
  const nominalAfter = (after: Date) => {
    const minute = Math.floor(after.getTime() / MINUTE_MS);
    return new Date((Math.floor((minute - phase) / minutes + 1) * minutes + phase) * MINUTE_MS);
  };
  return {
    nominalAfter,
    settle(nominal) {
      if (!quiet?.isQuiet(nominal)) return nominal;
      const end = quiet.endAfter(nominal);
      if (minutes > PAUSING_MINUTES) return openAt(quiet, later(end, spreadMs), end);
      return openAt(quiet, nominalAfter(later(end, -1)), end);
    },
    lookFrom,
  };
}

/** A time in quiet hours waits for their end; one that the spread pushes into them waits for the next end. */
function settleCron(quiet: QuietHours, nominal: Date, spreadMs: number): Date {
  const due = later(quiet.endAfter(nominal), spreadMs);
  if (!quiet.isQuiet(due)) return due;
  const end = quiet.endAfter(due);
  return openAt(quiet, later(end, spreadMs), end);
}

function openAt(quiet: QuietHours, wanted: Date, end: Date): Date {
  return quiet.isQuiet(wanted) ? end : wanted;
}

function lookBack(quiet: QuietHours | null, after: Date, spreadMs: number): Date {
  const from = later(after, -spreadMs);
  for (const at of [from, after]) {
    if (quiet?.isQuiet(at)) return later(quiet.startBefore(at), -spreadMs - MINUTE_MS);
  }
  return from;
}

function later(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}
