import type { Texts } from './texts/tables.ts';

/** Values in words of a language. Pure. */

export interface Money {
  /** ISO 4217 of the org; null: Zoho did not tell it. */
  readonly currency: string | null;
}

export interface Format {
  readonly money: (amount: number) => string;
  readonly exactMoney: (amount: number) => string;
  readonly percent: (percent: number) => string;
  readonly number: (value: number) => string;
  readonly day: (day: string) => string;
  readonly time: (at: Date) => string;
  /** Since a day, counted in days: "12 days ago". */
  readonly ago: (day: string, today: string) => string;
  /** 40 months: "3 years, 4 months". */
  readonly months: (months: number) => string;
}

const DAY_MS = 86_400_000;
function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The calendar day where the user is. */
export function dayOfUser(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

export function formatOf({ locale }: Pick<Texts, 'locale'>, { currency }: Money): Format {
  const money = (digits: 0 | 2) => moneyFormat(locale, currency, digits);
  const [rounded, exact] = [money(0), money(2)];
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const list = new Intl.ListFormat(locale, { type: 'unit', style: 'short' });
  const unit = (of: 'year' | 'month', value: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: of, unitDisplay: 'long' }).format(value);
  return {
    money: (amount) => rounded.format(amount),
    exactMoney: (amount) => exact.format(amount),
    percent: (value) => percent.format(value / 100),
    number: (value) => new Intl.NumberFormat(locale).format(value),
    day: (text) => {
      const at = Date.parse(text);
      return Number.isNaN(at) ? text : day.format(at);
    },
    time: (at) => new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at),
    ago: (from, to) => relative.format(-daysBetween(from, to), 'day'),
    months: (months) => {
      const years = Math.floor(months / 12);
      const rest = months % 12;
      const parts = [
        ...(years > 0 ? [unit('year', years)] : []),
        ...(rest > 0 || years === 0 ? [unit('month', rest)] : []),
      ];
      return list.format(parts);
    },
  };
}

/** A code that Intl refuses would cost the whole card: then the number stands alone. */
function moneyFormat(locale: string, currency: string | null, digits: 0 | 2): Intl.NumberFormat {
  const plain = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (currency !== null && /^[A-Z]{3}$/.test(currency)) {
    const options = { ...plain, style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
    return new Intl.NumberFormat(locale, options);
  }
  return new Intl.NumberFormat(locale, plain);
}
