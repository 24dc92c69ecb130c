import { DateTime } from 'luxon';
import { InputError } from '../errors.ts';

/** Hours of the local day in which nothing is started, also across midnight. The start is quiet, the end is not. */
export interface QuietHours {
  isQuiet(at: Date): boolean;
  /** The first moment that is quiet no more; `at` itself when it is not quiet. */
  endAfter(at: Date): Date;
  /** When the quiet hours began that `at` lies in; `at` itself when it is not quiet. */
  startBefore(at: Date): Date;
}

const SHAPE = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;
const MINUTE_MS = 60_000;

/** Throws InputError that says how to write them. */
export function readQuietHours(text: string, timeZone: string): QuietHours {
  const parts = SHAPE.exec(text);
  const [from, to] = text.split('-');
  if (!parts || from === undefined || to === undefined || from === to) {
    throw new InputError(`"${text}" are no quiet hours: write them as 22:00-06:00, or none`);
  }
  const isOvernight = from > to;
  const local = (at: Date) => DateTime.fromJSDate(at, { zone: timeZone });
  const isQuiet = (at: Date): boolean => {
    const time = local(at).toFormat('HH:mm');
    return isOvernight ? time >= from || time < to : time >= from && time < to;
  };
  const clockTime = (day: DateTime, hour: number, minute: number): Date[] =>
    day
      .set({ hour, minute, second: 0, millisecond: 0 })
      .getPossibleOffsets()
      .map((one) => one.toJSDate());
  return {
    isQuiet,
    endAfter(at) {
      if (!isQuiet(at)) return at;
      const day = local(at);
      const endDay = isOvernight && day.toFormat('HH:mm') >= from ? day.plus({ days: 1 }) : day;
      // In an hour that the clock repeats the end comes twice, and the first may lie behind.
      const ends = clockTime(endDay, Number(parts[3]), Number(parts[4])).filter((time) => time > at);
      let end = earliest(ends) ?? at;
      // An end within a skipped hour comes out later than the hours themselves end.
      for (let earlier = before(end); earlier > at && !isQuiet(earlier); earlier = before(end)) end = earlier;
      return end;
    },
    startBefore(at) {
      if (!isQuiet(at)) return at;
      const day = local(at);
      const startDay = isOvernight && day.toFormat('HH:mm') < to ? day.minus({ days: 1 }) : day;
      return earliest([at, ...clockTime(startDay, Number(parts[1]), Number(parts[2]))]) ?? at;
    },
  };
}

function before(at: Date): Date {
  return new Date(at.getTime() - MINUTE_MS);
}

function earliest(times: readonly Date[]): Date | undefined {
  return times.toSorted((one, other) => one.getTime() - other.getTime())[0];
}
