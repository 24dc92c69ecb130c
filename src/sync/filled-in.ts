import { isDay } from '../days.ts';
import type { CustomerInputs, InputKey } from '../domain.ts';
import { toMinor } from '../money.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { dayOfValue, idOf, integerOf, textOf } from '../zoho/values.ts';
import type { Columns } from './columns.ts';

/** The fields that people fill in for us, as they stand in a row. */

/** A value that cannot be read is one that nobody filled in: it must not cost the whole record. */
function read<T>(value: unknown, as: (value: unknown) => T | null): T | undefined {
  try {
    return as(value) ?? undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function cellOf(row: ZohoRow, columns: Columns, key: InputKey): unknown {
  const column = columns.filledIn.find((one) => one.key === key);
  const value = column && row[column.mapped.apiName];
  // An option may come by its label; what is stored is its text.
  return typeof value === 'string' ? (column?.options.get(value) ?? value) : value;
}

function trimmed(value: unknown): string | null {
  return textOf(value)?.trim() || null;
}

// "2026-03-02 49.50 delivered late": a day, an amount in the home currency, and words that are nobody's business here.
const GIVEN = /^\s*(\d{4}-\d\d-\d\d)\s+(\d{1,13})(?:[.,](\d{1,2}))?(?=\s|$)/;

/** Every entry that says when and how much; others are notes of people. */
function goodwillGiven(value: unknown): CustomerInputs['goodwillGiven'] | null {
  const entries = (textOf(value) ?? '').split(/[;\n]/).flatMap((entry) => {
    const [, day = '', whole, cents] = GIVEN.exec(entry) ?? [];
    const amount = whole === undefined ? null : toMinor(cents === undefined ? whole : `${whole}.${cents}`);
    return amount !== null && amount > 0 && isDay(day) ? [{ day, amount }] : [];
  });
  return entries.length === 0 ? null : entries;
}

export function customerInputs(row: ZohoRow, columns: Columns): CustomerInputs {
  const cell = (key: InputKey) => cellOf(row, columns, key);
  const found = {
    referredBy: read(cell('referred_by'), idOf),
    whyUs: read(cell('why_they_chose_us'), trimmed),
    needs: read(cell('needs'), trimmed),
    lastThanked: read(cell('last_thanked'), dayOfValue),
    reasonLeft: read(cell('reason_left'), trimmed),
    profileReviewedOn: read(cell('profile_reviewed_on'), dayOfValue),
    goodwillGiven: read(cell('goodwill_given'), goodwillGiven),
    recalculationAsked: read(cell('recalculation_asked'), trimmed),
  };
  // Each is of its type or undefined; the undefined ones go.
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  ) as CustomerInputs;
}

/** Whole minutes; a negative number is nobody's working time. */
export function minutesSpent(row: ZohoRow, columns: Columns): number | null {
  const minutes = read(cellOf(row, columns, 'minutes_spent'), integerOf);
  return minutes === undefined || minutes < 0 ? null : minutes;
}
