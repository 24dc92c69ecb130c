import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DecimalSum,
  grouped,
  minor,
  minorToDecimal,
  scaleMinor,
  sumToMinor,
  toMinor,
} from '../../src/money.ts';

test('amounts round half away from zero, exactly, on both sides', () => {
  expect(toMinor('1.005')).toBe(101);
  expect(toMinor('-1.005')).toBe(-101);
  expect(toMinor(1.005)).toBe(101);
  expect(toMinor('0.0049999999999999999')).toBe(0);
  expect(toMinor('1e3')).toBe(100_000);
});

test('an amount as it is mostly written is read as the exact arithmetic reads it', () => {
  const written = fc
    .tuple(fc.constantFrom('', '-'), fc.stringMatching(/^\d{0,16}(\.\d{0,4})?$/))
    .map(([sign, digits]) => sign + digits);
  const read = (text: string) => {
    try {
      return toMinor(text);
    } catch (error) {
      return (error as Error).name;
    }
  };

  fc.assert(
    // An exponent is never written plainly.
    fc.property(written, (text) => {
      expect(read(text)).toBe(/\d/.test(text) ? read(`${text}e0`) : 'RangeError');
    }),
    { numRuns: 2_000 },
  );
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

test.each([
  ['+1.5', 150],
  [' 1.5 ', 150],
  ['1.', 100],
  ['.5', 50],
  ['-.5', -50],
  ['1E+2', 10_000],
  ['12.5e-1', 125],
  ['1e-400', 0],
  ['-0', 0],
  ['9007199254740991e-2', Number.MAX_SAFE_INTEGER],
] as const)('%j is an amount', (text, hundredths) => {
  expect(toMinor(text)).toBe(hundredths);
});

test.each([
  ['x1', /not a decimal number: x1$/],
  ['1x', /not a decimal number/],
  ['--1', /not a decimal number/],
  ['1e', /not a decimal number/],
  ['e5', /not a decimal number/],
  ['1,5', /not a decimal number/],
  [`${'9'.repeat(40)}x`, /^not a decimal number: 9{40}$/],
  // An exponent so large would keep the machine busy for hours.
  ['1e401', /number out of range: 1e401$/],
  ['1e-401', /number out of range/],
  [`1e-${'9'.repeat(40)}`, /^number out of range: 1e-9{37}$/],
  ['90071992547409.92', /not a safe whole number of minor units: 9007199254740992$/],
] as const)('%j is refused, and the text is named', (text, message) => {
  expect(() => toMinor(text)).toThrow(message);
});

describe('a rate', () => {
  test.each([
    ['10', '-2', 'multiply', -2000],
    ['10', '-2', 'divide', -500],
    ['-10', '-0.5', 'divide', 2000],
    ['-10', '-0.5', 'multiply', 500],
    ['1e2', '0.0001', 'multiply', 1],
    ['0.01', '0.0001', 'divide', 10_000],
    ['0', '3', 'divide', 0],
    ['0.05', '10', 'divide', 1],
    ['-0.05', '10', 'divide', -1],
  ] as const)('%s at %s: %s', (amount, value, direction, hundredths) => {
    expect(toMinor(amount, { value, direction })).toBe(hundredths);
  });

  test('of nothing is refused', () => {
    expect(() => toMinor('10', { value: '0.00', direction: 'multiply' })).toThrow(/exchange rate of 0/);
  });
});

test('a whole number of hundredths is money, and nothing else is', () => {
  expect(minor(-5)).toBe(-5);
  expect(minor(-0)).toBe(0);
  for (const value of [0.5, Number.NaN, 2 ** 53]) expect(() => minor(value)).toThrow(`${value}`);
});

describe('a part of an amount', () => {
  test.each([
    [100, 1, 3, 33],
    [100, 2, 3, 67],
    [-100, 2, 3, -67],
    [1, 1, 2, 1],
    [-1, 1, 2, -1],
    [1, 1, -2, -1],
    [-1, 1, -2, 1],
    [1, 49, 100, 0],
    [Number.MAX_SAFE_INTEGER, 999_999, 1_000_000, 9_007_190_247_541_736],
  ])('%s × %s / %s', (value, numerator, denominator, hundredths) => {
    expect(scaleMinor(minor(value), numerator, denominator)).toBe(hundredths);
  });
});

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [-5, '-0.05'],
  [123_450, '1234.50'],
  [-123_456, '-1234.56'],
])('%s hundredths are written %s', (value, text) => {
  expect(minorToDecimal(minor(value))).toBe(text);
});

describe('an exact sum', () => {
  test('of products, in whatever number of decimals, is rounded when it is read', () => {
    const sum = new DecimalSum().add('1.5', 3).add('0.001', '-2').add(100);

    expect(sum.toMinor()).toBe(10_450);
    expect(sum.add('0.007').toMinor()).toBe(10_451);
    expect(sum.add('1e3').toDecimal()).toBe('1104.51');
  });

  test('of negative amounts rounds away from zero too', () => {
    expect(new DecimalSum().add('-0.003').add('-0.002').toMinor()).toBe(-1);
    expect(new DecimalSum().add('-0.05').toDecimal()).toBe('-0.05');
    expect(new DecimalSum().add('-1234.5').toDecimal()).toBe('-1234.50');
  });

  test('of nothing is nothing', () => {
    expect(new DecimalSum().toDecimal()).toBe('0.00');
  });

  test('is written however large it is, and money only within exact integers', () => {
    const sum = new DecimalSum().add('99999999999999999999.99').add('0.01');

    expect(sum.toDecimal()).toBe('100000000000000000000.00');
    expect(() => sum.toMinor()).toThrow(RangeError);
    expect(() => sum.add('much')).toThrow(RangeError);
  });
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

test.each([
  ['0.00', '0.00'],
  ['999.99', '999.99'],
  ['1000.00', '1,000.00'],
  ['-1234567.50', '-1,234,567.50'],
  ['123456', '123,456'],
  ['1000.123456', '1,000.123456'],
])('%s is shown as %s', (decimal, shown) => {
  expect(grouped(decimal)).toBe(shown);
});
