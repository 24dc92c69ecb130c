import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AppError, ZohoAuthError, ZohoRateLimitError, ZohoUnavailableError } from '../../src/errors.ts';
import { parseJson } from '../../src/zoho/json.ts';
import { DEFAULT_RETRY, nextDelay } from '../../src/zoho/retry.ts';
import {
  booleanOf,
  dayOfValue,
  decimalOf,
  idOf,
  instantOf,
  integerOf,
  oneForm,
  textOf,
} from '../../src/zoho/values.ts';

/** The same record read by the record API and by a bulk job gives the same values, so its hash does not change. */

describe('JSON and CSV agree', () => {
  test('on decimals, however many zeros and digits they are written with', () => {
    const parts = fc.record({
      negative: fc.boolean(),
      whole: fc.bigInt({ min: 0n, max: 10n ** 16n - 1n }),
      fraction: fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 }),
      zeros: fc.nat({ max: 4 }),
    });
    fc.assert(
      fc.property(parts, ({ negative, whole, fraction, zeros }) => {
        const sign = negative ? '-' : '';
        const plain = `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
        const padded = `${sign}${whole}.${fraction}${'0'.repeat(zeros)}`;
        const json = (parseJson(`{"Amount":${plain}}`) as { Amount: unknown }).Amount; // an object with this key

        expect(decimalOf(json)).toBe(decimalOf(padded));
        expect(decimalOf(padded)).toBe(decimalOf(decimalOf(padded)));
      }),
    );
  });

  test('on whole numbers', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(integerOf(String(number))).toBe(number === 0 ? 0 : number);
        expect(integerOf(number)).toBe(number === 0 ? 0 : number);
      }),
    );
  });

  test('on lookups, whose JSON may even carry the id as a number', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 10n ** 15n, max: 10n ** 19n - 1n }), (id) => {
        const lookup = (text: string) => (parseJson(text) as { Account_Name: unknown }).Account_Name; // as written below

        expect(idOf(lookup(`{"Account_Name":{"name":"x","id":"${id}"}}`))).toBe(String(id));
        expect(idOf(lookup(`{"Account_Name":{"name":"x","id":${id}}}`))).toBe(String(id));
        expect(idOf(String(id))).toBe(String(id));
      }),
    );
  });

  test('on several options, whatever separates them and whatever commas they hold', () => {
    const options = ['North', 'South', 'East, far', 'East', 'Über "all"'];
    const chosen = fc.shuffledSubarray(options, { minLength: 1 });
    fc.assert(
      fc.property(chosen, fc.constantFrom(',', ';'), (values, separator) => {
        // With a semicolon nothing is left to guess.
        const csv = values.join(separator);
        const read = (value: unknown) =>
          textOf(oneForm(value, 'multiselectpicklist', new Map(options.map((one) => [one, one]))));

        expect(read(csv)).toBe(read(values));
      }),
    );
  });

  test('on texts that are kept of a lookup: only JSON has its name', () => {
    const read = (value: unknown) => textOf(oneForm(value, 'lookup', new Map()));

    expect(read({ id: '5725767000000410007', name: 'Northwind' })).toBe(read('5725767000000410007'));
    expect(read(null)).toBe(read(''));
  });

  test('on instants, whatever offset they are written with', () => {
    const instant = fc.date({
      min: new Date('2000-01-01'),
      max: new Date('2050-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 4, max: 14 * 4 }), (at, quarters) => {
        const whole = new Date(Math.floor(at.getTime() / 1_000) * 1_000);
        const minutes = quarters * 15;
        const local = new Date(whole.getTime() + minutes * 60_000).toISOString().slice(0, 19);
        const size = Math.abs(minutes);
        const hours = String(Math.floor(size / 60)).padStart(2, '0');
        const offset = `${minutes < 0 ? '-' : '+'}${hours}:${String(size % 60).padStart(2, '0')}`;

        expect(instantOf(`${local}${offset}`)).toEqual(whole);
        expect(instantOf(`${local}${offset.replace(':', '')}`)).toEqual(whole);
      }),
    );
  });

  test('on text, where empty and absent are the same', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text !== '-None-');
        expect(textOf(text)).toBe(text === '' ? null : text);
      }),
    );
    expect([null, undefined, ''].map(textOf)).toEqual([null, null, null]);
  });

  test('on yes and no, and on days', () => {
    expect([true, 'true', 'TRUE', 1].map(booleanOf)).toEqual([true, true, true, true]);
    expect([false, 'false', '', null, undefined].map(booleanOf)).toEqual([false, false, false, false, false]);
    expect(dayOfValue('2026-03-31')).toBe('2026-03-31');
    expect(dayOfValue('2026-03-31T23:30:00-08:00')).toBe('2026-03-31');
  });

  test('a value either has one meaning or is refused', () => {
    for (const read of [textOf, idOf, dayOfValue, instantOf, decimalOf, integerOf, booleanOf]) {
      fc.assert(
        fc.property(fc.anything(), (value) => {
          try {
            read(value);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }),
      );
    }
  });
});

describe('the wait before the next attempt', () => {
  const unavailable = new ZohoUnavailableError('x');

  test('grows, stays under its limit and is never shorter than half of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const full = Math.min(DEFAULT_RETRY.maxMs, DEFAULT_RETRY.baseMs * 2 ** (attempt - 1));
          const delay = nextDelay(unavailable, attempt, DEFAULT_RETRY, () => random);

          expect(delay).toBeGreaterThanOrEqual(full / 2);
          expect(delay).toBeLessThanOrEqual(full);
        },
      ),
    );
  });

  test('ends with the last attempt, and does not begin for what cannot heal', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (attempt) => {
        const isOver = attempt >= DEFAULT_RETRY.maxAttempts;
        expect(nextDelay(unavailable, attempt, DEFAULT_RETRY, () => 0.5) === null).toBe(isOver);
        expect(nextDelay(new ZohoAuthError('x'), attempt, DEFAULT_RETRY, () => 0.5)).toBeNull();
        expect(nextDelay(new Error('x'), attempt, DEFAULT_RETRY, () => 0.5)).toBeNull();
      }),
    );
  });

  test('is what Zoho asks for, where it asks', () => {
    const limited: AppError = new ZohoRateLimitError('x', { retryAfterMs: 12_345 });

    expect(nextDelay(limited, 1, DEFAULT_RETRY, () => 0.5)).toBe(12_345);
  });
});
