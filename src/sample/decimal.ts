/** Superstore's CSV carries at most four decimals: money is summed in whole ten-thousandths, without floats. */
const SCALE = 10_000;

export function tenThousandths(text: string): number {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  if (whole === '') throw new RangeError(`not an amount with at most four decimals: ${text}`);
  const value = Number(whole) * SCALE + Number(fraction.padEnd(4, '0'));
  return sign === '-' ? -value : value;
}

/** Rounded half away from zero to hundredths. */
export function cents(value: number): number {
  const rounded = Math.floor((Math.abs(value) * 2 + 100) / 200);
  return value < 0 && rounded !== 0 ? -rounded : rounded;
}
