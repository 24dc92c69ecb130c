import { IANAZone } from 'luxon';

const HOUR_MS = 3_600_000;
const ISO = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(Z|[+-]\d{2}:?\d{2})$/;

interface Zone {
  zone: IANAZone;
  /** Hour of UTC → what an instant within it adds, and the text of that. */
  offsets: Map<number, { ms: number; text: string }>;
}

const zones = new Map<string, Zone>();
/** Local hour → `2026-01-31T09`. */
const hours = new Map<number, string>();
const pad = (n: number) => String(n).padStart(2, '0');
/** `:59:59` by seconds of the hour. */
const SECONDS = Array.from({ length: 3600 }, (_, at) => `:${pad(Math.floor(at / 60))}:${pad(at % 60)}`);

/**
 * ISO 8601 without milliseconds, with the zone's offset: the only form in which Zoho shows instants. Exports of
 * millions of rows must neither ask Intl nor build a Date for each, so both are remembered by the hour.
 */
export function formatInstant(ms: number, timeZone: string): string {
  const offset = offsetAt(ms, timeZone);
  const local = ms + offset.ms;
  const hour = Math.floor(local / HOUR_MS);
  let text = hours.get(hour);
  if (text === undefined) {
    text = new Date(hour * HOUR_MS).toISOString().slice(0, 13);
    hours.set(hour, text);
  }
  return text + (SECONDS[Math.floor((local - hour * HOUR_MS) / 1000)] ?? '') + offset.text;
}

function offsetAt(ms: number, timeZone: string): { ms: number; text: string } {
  let known = zones.get(timeZone);
  if (known === undefined) {
    known = { zone: IANAZone.create(timeZone), offsets: new Map() };
    zones.set(timeZone, known);
  }
  // Zones change their offset on the hour of UTC.
  const hour = Math.floor(ms / HOUR_MS);
  const cached = known.offsets.get(hour);
  if (cached !== undefined) return cached;
  // Local mean times of the years before zones carry seconds, which ISO 8601 has no place for.
  const minutes = Math.trunc(known.zone.offset(ms));
  const size = Math.abs(minutes);
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
