import type { Day } from '../domain.ts';

/** "2026-02-10T09:00:00+01:00": a full hour on a day in a zone, with the offset that holds there then. */
export function localHour(day: Day, hour: number, timeZone: string): string {
  const wall = Date.parse(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  // The offset is asked for at the instant itself, so the first guess is corrected once around clock changes.
  const first = offsetMinutes(wall, timeZone);
  const offset = offsetMinutes(wall - first * 60_000, timeZone);
  const sign = offset < 0 ? '-' : '+';
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.trunc(Math.abs(offset) / 60);
  return `${day}T${pad(hour)}:00:00${sign}${pad(hours)}:${pad(Math.abs(offset) % 60)}`;
}

function offsetMinutes(instantMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' }).formatToParts(
    instantMs,
  );
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  if (!match) return 0; // UTC is written "GMT" without a number
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
