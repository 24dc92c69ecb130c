import fc from 'fast-check';
import { expect, test } from 'vitest';
import { minorToDecimal, sumToMinor, toMinor } from '../../src/money.ts';

test('amounts round half away from zero, exactly, on both sides', () => {
  expect(toMinor('1.005')).toBe(101);
  expect(toMinor('-1.005')).toBe(-101);
  expect(toMinor(1.005)).toBe(101);
  expect(toMinor('0.0049999999999999999')).toBe(0);
  expect(toMinor('1e3')).toBe(100_000);
});

test('a rate converts before the one rounding', () => {
  expect(toMinor('10', { value: '3', direction: 'divide' })).toBe(333);
  expect(toMinor('20', { value: '3', direction: 'divide' })).toBe(667);
  expect(toMinor('10.01', { value: '1.1', direction: 'multiply' })).toBe(1101);
  expect(() => toMinor('10', { value: 0, direction: 'divide' })).toThrow(RangeError);
});

test('text that is no number and sums beyond exact integers are refused', () => {
  for (const bad of ['', '.', 'abc', '1.2.3', 'NaN', 'Infinity', '99999999999999999']) {
    expect(() => toMinor(bad), bad).toThrow(RangeError);
  }
});

test('a sum is rounded once, not per line', () => {
  expect(sumToMinor(['0.004', '0.004', '0.004'])).toBe(1);
  expect(sumToMinor([])).toBe(0);
});

test('every amount in hundredths survives the way to text and back', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (cents) => {
      fc.pre(Math.abs(cents) < 2 ** 52);
      expect(toMinor(minorToDecimal(toMinor(`${cents}e-2`)))).toBe(cents === 0 ? 0 : cents);
    }),
  );
});
