import type { Minor } from './domain.ts';

/** The brand of money, for integers that were computed from money. Throws RangeError on anything else. */
export function minor(value: number): Minor {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe whole number of minor units: ${value}`);
  return (value === 0 ? 0 : value) as Minor; // the brand exists to force every amount through this check; -0 becomes 0
}

export const ZERO = minor(0);

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Exact digits of a decimal: value = sign * digits / 10^scale. Throws RangeError on text that is no number. */
function parseDecimal(text: string): { negative: boolean; digits: bigint; scale: number } {
  const match = DECIMAL.exec(text.trim());
  const [, sign, whole = '', fraction = '', exponent = '0'] = match ?? [];
  if (!match || whole + fraction === '') throw new RangeError(`not a decimal number: ${text.slice(0, 40)}`);
  const scale = fraction.length - Number(exponent);
  if (Math.abs(scale) > 400) throw new RangeError(`number out of range: ${text.slice(0, 40)}`);
  return { negative: sign === '-', digits: BigInt(whole + fraction), scale };
}

function divideHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const rounded = (2n * n + d) / (2n * d);
  return negative ? -rounded : rounded;
}

const MOST_PLAIN_DIGITS = 15;
const [MINUS, POINT, NINE] = [45, 46, 9];
/**
 * Hundredths of an amount as nearly all are written: digits, then at most two after a point. Nothing is rounded, so no exact
 * arithmetic is needed. Null: written otherwise, or too long for a safe integer.
 */
function plainHundredths(amount: string): number | null {
  const from = amount.charCodeAt(0) === MINUS ? 1 : 0;
  let value = 0;
  let digits = 0;
  let decimals = -1;
  for (let at = from; at < amount.length; at += 1) {
    const code = amount.charCodeAt(at);
    if (code === POINT && decimals < 0) {
      decimals = 0;
      continue;
    }
    const digit = code - 48;
    if (digit < 0 || digit > NINE) return null;
    value = value * 10 + digit;
    digits += 1;
    if (decimals >= 0) decimals += 1;
  }
  if (digits === 0 || digits > MOST_PLAIN_DIGITS - 2 || decimals > 2) return null;
  const hundredths = value * (decimals === 2 ? 1 : decimals === 1 ? 10 : 100);
  return from === 1 ? -hundredths : hundredths;
}

/**
 * Decimal text or number to hundredths, rounded once, half away from zero (docs/scoring.md).
 * `rate` converts first: exact product or quotient, then one rounding. Throws RangeError on bad text or rate 0.
 */
export function toMinor(
  amount: string | number,
  rate?: { readonly value: string | number; readonly direction: 'divide' | 'multiply' },
): Minor {
  const plain = rate === undefined && typeof amount === 'string' ? plainHundredths(amount) : null;
  if (plain !== null) return minor(plain);
  const a = parseDecimal(String(amount));
  let numerator = (a.negative ? -a.digits : a.digits) * 100n;
  let denominator = 1n;
  let scale = a.scale;
  if (rate) {
    const r = parseDecimal(String(rate.value));
    if (r.digits === 0n) throw new RangeError('an exchange rate of 0 cannot convert money');
    const signed = r.negative ? -r.digits : r.digits;
    if (rate.direction === 'multiply') {
      numerator *= signed;
      scale += r.scale;
    } else {
      denominator *= signed;
      scale -= r.scale;
    }
  }
  if (scale >= 0) denominator *= 10n ** BigInt(scale);
  else numerator *= 10n ** BigInt(-scale);
  return minor(Number(divideHalfAwayFromZero(numerator, denominator)));
}

/** An exact sum of decimals, and of products of them; rounded once, when it is read. */
export class DecimalSum {
  #total = 0n;
  #scale = 0;

  /** The product of the factors. Throws RangeError on text that is no number. */
  add(...factors: readonly (string | number)[]): this {
    let digits = 1n;
    let scale = 0;
    for (const factor of factors) {
      const part = parseDecimal(String(factor));
      digits *= part.negative ? -part.digits : part.digits;
      scale += part.scale;
    }
    const common = Math.max(this.#scale, scale);
    this.#total = this.#total * 10n ** BigInt(common - this.#scale) + digits * 10n ** BigInt(common - scale);
    this.#scale = common;
    return this;
  }
  toMinor(): Minor {
    return minor(Number(this.#cents()));
  }
  /** As minorToDecimal, of any size. */
  toDecimal(): string {
    const cents = this.#cents();
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }
  #cents(): bigint {
    return divideHalfAwayFromZero(this.#total * 100n, 10n ** BigInt(this.#scale));
  }
}

/** Sum of decimal texts, exact, rounded to hundredths once. */
export function sumToMinor(amounts: readonly (string | number)[]): Minor {
  const sum = new DecimalSum();
  for (const amount of amounts) sum.add(amount);
  return sum.toMinor();
}

/** value * numerator / denominator, rounded half away from zero; exact for any safe integers. */
export function scaleMinor(value: Minor, numerator: number, denominator: number): Minor {
  return minor(Number(divideHalfAwayFromZero(BigInt(value) * BigInt(numerator), BigInt(denominator))));
}

/** "1,234,567.50", for people at a terminal: decimal text of any length, its digits in groups of three. */
export function grouped(decimal: string): string {
  const [whole = '', ...fraction] = decimal.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}

/** "1234.50": two decimals, a point, no grouping; what export and Zoho get. */
export function minorToDecimal(value: Minor): string {
  const absolute = Math.abs(value);
  const cents = String(absolute % 100).padStart(2, '0');
  return `${value < 0 ? '-' : ''}${Math.trunc(absolute / 100)}.${cents}`;
}
