import { isDay } from '../days.ts';
import type { Day, RecordId } from '../domain.ts';

/** The cells of one line, read by name. Every problem of the line is collected, none stops the reading. */

export interface CellContext {
  readonly homeCurrency: string;
  /** The last day that a line may bear. */
  readonly lastDay: Day;
  /** Files that are not separated by commas may write 12,50. */
  readonly isCommaDecimal: boolean;
}

const FIRST_DAY = '1970-01-01';
const DECIMAL = /^[+-]?(\d+|\d*\.\d+)$/;
const COMMA_DECIMAL = /^[+-]?\d*,\d+$/;
/** 1.234 or 1,234: grouped thousands or three decimals, nobody can tell. */
const AMBIGUOUS = /^[+-]?[1-9]\d{0,2}[.,]\d{3}$/;
const LONGEST_DECIMAL = 30;
const MOST_MONEY = 1_000_000_000_000;
const ID = /^\d{5,19}$/;
const MAX_TEXT = 500;

export class LineCells {
  readonly problems: string[] = [];
  readonly #values: ReadonlyMap<string, string>;
  readonly #context: CellContext;

  constructor(values: ReadonlyMap<string, string>, context: CellContext) {
    this.#values = values;
    this.#context = context;
  }

  problem(text: string): void {
    this.problems.push(text);
  }
  /** Null: empty, or no such column. */
  text(name: string): string | null {
    const value = this.#values.get(name) ?? null;
    if (value !== null && value.length > MAX_TEXT) {
      this.problem(`${name} is longer than ${MAX_TEXT} characters`);
      return null;
    }
    return value;
  }
  day(name: string): Day {
    const value = this.text(name);
    const last = this.#context.lastDay;
    if (value === null) this.problem(`${name} is missing`);
    else if (!isDay(value)) this.problem(`${name} ${shown(value)} is no calendar day; give it as YYYY-MM-DD`);
    else if (value < FIRST_DAY || value > last)
      this.problem(`${name} ${value} lies outside ${FIRST_DAY} to ${last}`);
    return value ?? '';
  }
  maybeDay(name: string): Day | null {
    return this.#values.has(name) ? this.day(name) : null;
  }
  id(name: string): RecordId | null {
    const value = this.text(name);
    if (value === null || ID.test(value)) return value;
    const isMangled = /^\d[.,]?\d*E\+?\d+$/i.test(value);
    this.problem(
      isMangled
        ? `${name} ${shown(value)} was turned into a number by a spreadsheet; export that column as text`
        : `${name} ${shown(value)} is no Zoho record id (5 to 19 digits)`,
    );
    return null;
  }
  /** Plain decimal text with a point. */
  decimal(name: string): string | null {
    const value = this.text(name);
    if (value === null) return null;
    const text = this.#context.isCommaDecimal && COMMA_DECIMAL.test(value) ? value.replace(',', '.') : value;
    if (DECIMAL.test(text) && text.length <= LONGEST_DECIMAL)
      return text.replace(/^\+/, '').replace(/^(-?)\./, '$10.');
    this.problem(
      `${name} ${shown(value)} is no plain number; write 1234.50, without grouping, currency or brackets`,
    );
    return null;
  }
  money(name: string): string | null {
    const value = this.text(name);
    if (value !== null && this.#context.isCommaDecimal && AMBIGUOUS.test(value)) {
      this.problem(`${name} ${shown(value)} may mean thousands or three decimals; write it with two`);
      return null;
    }
    const amount = this.decimal(name);
    if (amount === null || Math.abs(Number(amount)) <= MOST_MONEY) return amount;
    this.problem(`${name} ${shown(amount)} is beyond ${MOST_MONEY.toLocaleString('en')}`);
    return null;
  }
  /** Between the two, both included. */
  between(name: string, least: number, most: number): string | null {
    const value = this.decimal(name);
    if (value === null || (Number(value) >= least && Number(value) <= most)) return value;
    this.problem(`${name} ${shown(value)} lies outside ${least} to ${most.toLocaleString('en')}`);
    return null;
  }
  /** Null for the home currency. The rate is in units of the home currency for one of the line's. */
  currency(...money: readonly (string | null)[]): { currency: string | null; rate: string | null } {
    const currency = this.text('currency')?.toUpperCase() ?? null;
    const rate = this.decimal('rate');
    if (currency !== null && !/^[A-Z]{3}$/.test(currency)) {
      this.problem(`currency ${shown(currency)} is no ISO code such as EUR`);
    }
    if (rate !== null && !(Number(rate) > 0)) this.problem(`rate ${shown(rate)} must be above 0`);
    if (currency === null || currency === this.#context.homeCurrency) {
      if (rate !== null && Number(rate) !== 1)
        this.problem(
          `rate ${shown(rate)} stands beside no foreign currency; fill currency or leave rate empty`,
        );
      return { currency: null, rate: null };
    }
    const beyond =
      rate !== null &&
      money.some((amount) => amount !== null && Math.abs(Number(amount) * Number(rate)) > MOST_MONEY);
    if (beyond)
      this.problem(`at rate ${shown(rate ?? '')} the money is beyond ${MOST_MONEY.toLocaleString('en')}`);
    return { currency, rate };
  }
  /** Whose the line is: an account id, else an account number, else a contact id. */
  customer(): { accountId: RecordId | null; accountNumber: string | null; contactId: RecordId | null } {
    const either = this.id('record_id');
    const accountId = this.id('account_id') ?? either;
    const number = this.text('account_number');
    return {
      accountId,
      accountNumber: accountId === null ? number : null,
      contactId: this.id('contact_id') ?? either,
    };
  }
}

/** As people may have typed it: on one line and not too long. */
export function shown(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return `"${line.length > 40 ? `${line.slice(0, 39)}…` : line}"`;
}

/** With the other sign; 0 has none. */
export function negated(amount: string): string {
  if (amount.startsWith('-')) return amount.slice(1);
  return Number(amount) === 0 ? amount : `-${amount}`;
}
