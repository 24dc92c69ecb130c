import { CronExpressionParser } from 'cron-parser';
import { DateTime } from 'luxon';

/**
 * When a cron expression matches in a zone. cron-parser is asked in UTC, as if wall clocks never changed, and the wall
 * times it gives are placed in the zone here: in zones that change by half an hour it loses times or finds none at all.
 *
 * Where the clock changes: an expression for every hour follows real time, so it matches what the clock shows, no more
 * and no less. Any other names moments of a day, each of which comes once: one that is skipped comes as much later as
 * the clock was put forward, and one that is repeated comes the first time.
 */

const DAY_MS = 86_400_000;
const HOURS_A_DAY = 24;
// Longer than any zone's clock was ever put back or forward in living memory, but for whole days.
const LONGEST_CHANGE_MS = 3 * 3_600_000;

/** Strictly after `after`. `expr` is one that `readExpression` takes for cron. */
export function nextCronTime(expr: string, timeZone: string, after: Date): Date {
  const wallAfter = wallOf(after, timeZone);
  const from = hasChangeNear(after, timeZone) ? wallAfter - LONGEST_CHANGE_MS : wallAfter;
  const walls = CronExpressionParser.parse(expr, { tz: 'UTC', currentDate: new Date(from) });
  const isEveryHour = new Set(walls.fields.hour.values).size === HOURS_A_DAY;
  let best: Date | null = null;
  for (;;) {
    const wall = walls.next().toDate();
    for (const instant of instantsOf(wall, timeZone, isEveryHour)) {
      if (instant > after && (best === null || instant < best)) best = instant;
    }
    if (best === null) continue;
    // Around a change a later wall time may be the earlier instant.
    if (!hasChangeNear(best, timeZone)) return best;
    if (wall.getTime() > wallOf(best, timeZone) + LONGEST_CHANGE_MS) return best;
  }
}

/** What the clock of the zone shows, as if it were UTC. */
function wallOf(at: Date, timeZone: string): number {
  return DateTime.fromJSDate(at, { zone: timeZone }).setZone('utc', { keepLocalTime: true }).toMillis();
}

function hasChangeNear(at: Date, timeZone: string): boolean {
  const offset = (ms: number) => DateTime.fromMillis(ms, { zone: timeZone }).offset;
  return offset(at.getTime() - DAY_MS) !== offset(at.getTime() + DAY_MS);
}

function instantsOf(wall: Date, timeZone: string, isEveryHour: boolean): Date[] {
  const shown = DateTime.fromJSDate(wall, { zone: 'utc' });
  // A wall time that is skipped comes out as much later as the clock is put forward.
  const placed = shown.setZone(timeZone, { keepLocalTime: true });
  const isSkipped = placed.hour !== shown.hour || placed.minute !== shown.minute;
  if (isSkipped) return isEveryHour ? [] : [placed.toJSDate()];
  const possible = placed
    .getPossibleOffsets()
    .map((one) => one.toJSDate())
    .sort((one, other) => one.getTime() - other.getTime());
  return isEveryHour ? possible : possible.slice(0, 1);
}
