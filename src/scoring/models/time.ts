/**
 * Spans of time that carry their unit in the type. A model fitted in weeks that is asked about days answers with a number
 * that looks right and is wrong sevenfold; here that does not compile.
 */
export type TimeUnit = 'days' | 'weeks';
export type Time<U extends TimeUnit> = number & { readonly __time: U };

const DAYS_PER: { readonly [U in TimeUnit]: number } = { days: 1, weeks: 7 };
/** A month of the prediction is a twelfth of 365.25 days. */
export const MONTH_DAYS = 30.4375;
/** Churn risk is the chance of no purchase in so many days. */
export const HORIZON_DAYS = 90;

export function daysIn<U extends TimeUnit>(days: number, unit: U): Time<U> {
  return (days / DAYS_PER[unit]) as Time<U>; // the brand says that the division was done
}

/** For numbers that are in the unit already. */
export function time<U extends TimeUnit>(value: number, _unit: U): Time<U> {
  return value as Time<U>; // the brand says which unit the caller vouches for
}
