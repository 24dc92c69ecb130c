import { IANAZone } from 'luxon';

const HOUR_MS = 3_600_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(Z|[+-]\d{2}:?\d{2})$/;

const zones = new Map<string, { zone: IANAZone; offsets: Map<number, number> }>();

/** ISO 8601 without milliseconds, with the zone's offset: the only form in which Zoho shows instants. */
export function formatInstant(ms: number, timeZone: string): string {
  const offset = offsetMinutes(ms, timeZone);
  const local = new Date(ms + offset * 60_000).toISOString().slice(0, 19);
  const size = Math.abs(offset);
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

function offsetMinutes(ms: number, timeZone: string): number {
  let known = zones.get(timeZone);
  if (known === undefined) {
    known = { zone: IANAZone.create(timeZone), offsets: new Map() };
    zones.set(timeZone, known);
  }
  // Zones change their offset on the hour of UTC; exports of millions of rows must not ask Intl for each.
  const hour = Math.floor(ms / HOUR_MS);
  const cached = known.offsets.get(hour);
  if (cached !== undefined) return cached;
  const offset = known.zone.offset(ms);
  known.offsets.set(hour, offset);
  return offset;
}

/** Epoch milliseconds; null for anything but ISO 8601 with offset and without milliseconds. */
export function parseInstant(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const match = ISO.exec(text);
  if (match === null || !isDay(text.slice(0, 10))) return null;
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(ms) ? null : ms;
}

export function isDay(text: unknown): text is string {
  if (typeof text !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text);
}

export const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;
