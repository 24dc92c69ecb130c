import { daysIn, type Time, type TimeUnit } from './time.ts';

/** What the purchase models know of customers: how often, until when, since when. */

/** One customer. Purchases of one day are one. */
export interface PurchaseHistory<U extends TimeUnit> {
  /** Purchases after the first. */
  readonly repeats: number;
  /** From the first purchase to the last; 0 without a repeat. */
  readonly recency: Time<U>;
  /** From the first purchase to the date of the analysis. */
  readonly age: Time<U>;
}

/** Many customers, column by column. Rows that are equal stand once, with the number of customers as weight. */
export interface Histories<U extends TimeUnit> {
  readonly unit: U;
  readonly repeats: Int32Array;
  readonly recency: Float64Array;
  readonly age: Float64Array;
  readonly weight: Float64Array;
  /** Sum of weights. */
  readonly customers: number;
  /** Sum over all customers of repeats, and of the logarithms of all gaps between purchases. */
  readonly totalRepeats: number;
  readonly totalLogGaps: number;
  readonly mostRepeats: number;
}

/** One customer in whole days, with the logarithms of the gaps (in days) added up. */
export interface DayHistory {
  readonly repeats: number;
  readonly recencyDays: number;
  readonly ageDays: number;
  readonly logGaps: number;
}

/** Beyond a century no purchase date is believed; such customers are left out of the fit. */
export const MAX_AGE_DAYS = 36_525;
// Repeats are distinct days, so all three numbers stay below 2^17 and fit a double's 53 bits together.
const BASE = 2 ** 17;

/** The three numbers of a customer as one, ordered by repeats, then recency, then age. */
function packed({ repeats, recencyDays, ageDays }: DayHistory): number {
  return (repeats * BASE + recencyDays) * BASE + ageDays;
}

/** Collects customers in whole days: eight bytes each. */
export class HistoryBuilder {
  private keys = new Float64Array(1024);
  private size = 0;
  private logGaps = 0;

  add(history: DayHistory): void {
    if (history.ageDays > MAX_AGE_DAYS) return;
    if (this.size === this.keys.length) {
      const longer = new Float64Array(this.size * 2);
      longer.set(this.keys);
      this.keys = longer;
    }
    this.keys[this.size++] = packed(history);
    this.logGaps += history.logGaps;
  }

  /** Equal rows grouped, in an order that does not depend on that of the customers. */
  histories<U extends TimeUnit>(unit: U): Histories<U> {
    const sorted = this.keys.slice(0, this.size).sort();
    let rows = 0;
    for (let i = 0; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) rows += 1;
    const repeats = new Int32Array(rows);
    const recency = new Float64Array(rows);
    const age = new Float64Array(rows);
    const weight = new Float64Array(rows);
    let row = -1;
    for (let i = 0; i < sorted.length; i++) {
      const key = sorted[i] as number; // i is within the array
      if (key !== sorted[i - 1]) {
        row += 1;
        repeats[row] = Math.floor(key / (BASE * BASE));
        recency[row] = daysIn(Math.floor(key / BASE) % BASE, unit);
        age[row] = daysIn(key % BASE, unit);
      }
      weight[row] = (weight[row] ?? 0) + 1;
    }
    const logUnit = Math.log(1 / daysIn(1, unit));
    const totalRepeats = dot(repeats, weight);
    return {
      unit,
      repeats,
      recency,
      age,
      weight,
      customers: this.size,
      totalRepeats,
      totalLogGaps: this.logGaps - totalRepeats * logUnit,
      mostRepeats: Math.floor((sorted.at(-1) ?? 0) / (BASE * BASE)),
    };
  }
}

function dot(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < left.length; i++) sum += (left[i] ?? 0) * (right[i] ?? 0);
  return sum;
}

/** One purchase history from the days of its purchases: ascending numbers, distinct. Null: none until then. */
export function dayHistory(days: readonly number[], until: number): DayHistory | null {
  const first = days[0];
  if (first === undefined || first > until) return null;
  let repeats = 0;
  let last = first;
  let logGaps = 0;
  for (let i = 1; i < days.length; i++) {
    const day = days[i] as number; // i is within the array
    if (day > until) break;
    logGaps += Math.log(day - last);
    last = day;
    repeats += 1;
  }
  return { repeats, recencyDays: last - first, ageDays: until - first, logGaps };
}

export function historyIn<U extends TimeUnit>(history: DayHistory, unit: U): PurchaseHistory<U> {
  return {
    repeats: history.repeats,
    recency: daysIn(history.recencyDays, unit),
    age: daysIn(history.ageDays, unit),
  };
}

/** Every `step`-th row: enough to tell good starting values from bad ones. */
export function sampleOf<U extends TimeUnit>(histories: Histories<U>, rows: number): Histories<U> {
  const step = Math.ceil(histories.repeats.length / rows);
  if (step <= 1) return histories;
  const take = <A extends Float64Array | Int32Array>(from: A): A =>
    from.filter((_, index) => index % step === 0) as A; // filter of a typed array gives the same type
  const [repeats, weight] = [take(histories.repeats), take(histories.weight)];
  const totalRepeats = dot(repeats, weight);
  return {
    ...histories,
    repeats,
    weight,
    recency: take(histories.recency),
    age: take(histories.age),
    customers: weight.reduce((sum, one) => sum + one, 0),
    totalRepeats,
    // Constant in all parameters: its share is near enough.
    totalLogGaps: (histories.totalLogGaps * totalRepeats) / Math.max(1, histories.totalRepeats),
  };
}
