import type { Day } from '../domain.ts';

const DAY_MS = 86_400_000;

/** The calendar day of an instant in one zone. */
export type LocalDay = (instant: Date) => Day;

/**
 * Asks Intl for the zone's offset twice per UTC day, at its start and at its end: where both agree the offset holds all
 * day, else (a clock change) each instant is asked for by itself. A million instants cost a few thousand questions.
 * Throws RangeError on an unknown zone.
 */
export function localDayIn(timeZone: string): LocalDay {
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetMs = (atMs: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of clock.formatToParts(atMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const local = new Date(0);
    // Not Date.UTC, which takes the year 1 for 1901.
    local.setUTCFullYear(year, month - 1, day);
    local.setUTCHours(hour, minute, second);
    return local.getTime() - Math.floor(atMs / 1000) * 1000;
  };
  const offsets = new Map<number, number | null>();
  const steadyOffsetMs = (utcDay: number): number | null => {
    const known = offsets.get(utcDay);
    if (known !== undefined) return known;
    const first = offsetMs(utcDay * DAY_MS);
    const found = first === offsetMs(utcDay * DAY_MS + DAY_MS - 1000) ? first : null;
    offsets.set(utcDay, found);
    return found;
  };
  const names = new Map<number, Day>();
  return (instant) => {
    const atMs = instant.getTime();
    const offset = steadyOffsetMs(Math.floor(atMs / DAY_MS)) ?? offsetMs(atMs);
    const localDay = Math.floor((atMs + offset) / DAY_MS);
    let name = names.get(localDay);
    if (name === undefined) {
      name = new Date(localDay * DAY_MS).toISOString().slice(0, 10);
      names.set(localDay, name);
    }
    return name;
  };
}
