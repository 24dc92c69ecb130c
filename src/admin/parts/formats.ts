import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAnyConnection } from '../shell/connection.tsx';
import type { Language } from '../shell/texts.ts';

/** Money, days and times as people read them: in their language, the org's home currency and its time zone. */

const LOCALES: { readonly [L in Language]: string } = { en: 'en-GB', nl: 'nl-NL', pl: 'pl-PL', da: 'da-DK' };
const NOTHING = '–';
const MINOR = 100;

type Maybe<Value> = Value | null | undefined;
export interface Formats {
  /** Hundredths of the home currency, without cents: for tables and figures. */
  money(minor: Maybe<number>): string;
  /** With cents: for arithmetic that must add up. */
  exactMoney(minor: Maybe<number>): string;
  /** 1.2 M: for axes. */
  shortMoney(minor: Maybe<number>): string;
  number(value: Maybe<number>, digits?: number): string;
  /** 0.25 → 25 % */
  share(value: Maybe<number>): string;
  /** YYYY-MM-DD, YYYY-MM or YYYY. */
  day(day: Maybe<string>): string;
  time(instant: Maybe<string>): string;
  /** Between two instants; until now where the second is null. */
  duration(from: string, until: Maybe<string>): string;
}

function createFormats(locale: string, currency: string | null, timeZone: string | null): Formats {
  const money = (options: Intl.NumberFormatOptions) => {
    const style =
      currency === null ? {} : ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const);
    const format = new Intl.NumberFormat(locale, { ...style, ...options });
    return (minor: Maybe<number>) => (minor == null ? NOTHING : format.format(minor / MINOR));
  };
  const zone = timeZone === null ? {} : { timeZone };
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', ...zone });
  return {
    money: money({ maximumFractionDigits: 0 }),
    exactMoney: money({ minimumFractionDigits: 2, maximumFractionDigits: 2 }),
    shortMoney: money({ notation: 'compact', maximumFractionDigits: 1 }),
    number: (value, digits = 0) =>
      value == null
        ? NOTHING
        : new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value),
    share: (value) =>
      value == null
        ? NOTHING
        : new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(value),
    day: (day) => (day == null ? NOTHING : formatDay(locale, day)),
    duration: (from, until) =>
      formatSpan(locale, (until ? new Date(until) : new Date()).getTime() - new Date(from).getTime()),
    time: (instant) => (instant == null ? NOTHING : times.format(new Date(instant))),
  };
}

const SPANS = [
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** The two largest units: 1 h 5 min, 3.4 s. */
function formatSpan(locale: string, ms: number): string {
  const largest = SPANS.findIndex(([, size]) => ms >= size);
  const inUnit = (value: number, unit: string, digits = 0) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: digits }).format(value);
  const [unit, size] = SPANS[largest] ?? ['second', 1_000];
  if (unit === 'second') return inUnit(Math.max(0, ms) / size, unit, 1);
  const [smaller, part] = SPANS[largest + 1] ?? ['second', 1_000];
  return `${inUnit(Math.floor(ms / size), unit)} ${inUnit(Math.floor((ms % size) / part), smaller)}`;
}

function formatDay(locale: string, day: string): string {
  const [year = 1970, month, dayOfMonth] = day.split('-').map(Number);
  if (month === undefined) return String(year);
  // A calendar day has no time zone; UTC on both sides keeps it from moving.
  const at = new Date(Date.UTC(year, month - 1, dayOfMonth ?? 1));
  const parts = dayOfMonth === undefined ? {} : ({ day: 'numeric' } as const);
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    ...parts,
    timeZone: 'UTC',
  }).format(at);
}

export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const connection = useAnyConnection();
  const locale = LOCALES[(i18n.resolvedLanguage ?? 'en') as Language]; // one of supportedLngs
  const currency = connection?.org.currency ?? null;
  const timeZone = connection?.org.timeZone ?? null;
  return useMemo(() => createFormats(locale, currency, timeZone), [locale, currency, timeZone]);
}
