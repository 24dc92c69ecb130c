import { DateTime } from 'luxon';
import type { Day } from './domain.ts';

/** The only source of time and randomness outside the simulator; tests hand in their own. */
export interface Clock {
  now(): Date;
  /** Resolves after the span; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 <= x < 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
  random: () => Math.random(),
};

/** The calendar day of an instant in an IANA zone. Throws RangeError on an unknown zone or an invalid instant. */
export function dayOf(instant: Date, timeZone: string): Day {
  const local = DateTime.fromJSDate(instant, { zone: timeZone });
  if (!local.isValid) throw new RangeError(`no calendar day: ${local.invalidExplanation ?? timeZone}`);
  return local.toFormat('yyyy-MM-dd');
}

/** The instant of a wall-clock time on a day in a zone, as ISO 8601 with the zone's offset and no milliseconds. */
export function instantIn(day: Day, time: string, timeZone: string): string {
  const local = DateTime.fromISO(`${day}T${time}`, { zone: timeZone });
  if (!local.isValid) throw new RangeError(`no such local time: ${day}T${time} ${timeZone}`);
  return local.toISO({ suppressMilliseconds: true });
}

/** ISO 8601 UTC without milliseconds, offset written +00:00: the form Zoho accepts everywhere. */
export function zohoInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}+00:00`;
}
