import { IANAZone } from 'luxon';

const HOUR_MS = 3_600_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(Z|[+-]\d{2}:?\d{2})$/;

interface Offset {
  ms: number;
  /** `+02:00` */
  text: string;
}

const zones = new Map<string, { zone: IANAZone; offsets: Map<number, Offset> }>();

/** ISO 8601 without milliseconds, with the zone's offset: the only form in which Zoho shows instants. */
export function formatInstant(ms: number, timeZone: string): string {
  const offset = offsetAt(ms, timeZone);
  return new Date(ms + offset.ms).toISOString().slice(0, 19) + offset.text;
}

function offsetAt(ms: number, timeZone: string): Offset {
  let known = zones.get(timeZone);
  if (known === undefined) {
    known = { zone: IANAZone.create(timeZone), offsets: new Map() };
    zones.set(timeZone, known);
  }
  // Zones change their offset on the hour of UTC; exports of millions of rows must not ask Intl for each.
  const hour = Math.floor(ms / HOUR_MS);
  const cached = known.offsets.get(hour);
  if (cached !== undefined) return cached;
  const minutes = known.zone.offset(ms);
  const size = Math.abs(minutes);
  const pad = (n: number) => String(n).padStart(2, '0');
  const text = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
  const offset = { ms: minutes * 60_000, text };
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
