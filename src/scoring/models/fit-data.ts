import { type DayHistory, dayHistory, type Histories, HistoryBuilder, MAX_AGE_DAYS } from './histories.ts';
import { HORIZON_DAYS, type TimeUnit } from './time.ts';

/**
 * Every buyer at two dates, in compact columns: now, to fit; and as it was before the last part of the time, to see how well
 * a fit of then would have foretold what followed.
 */

/** One customer's bookings: days as numbers, money in the home currency. */
export interface Bookings {
  /** Distinct days with a purchase, ascending. */
  readonly days: readonly number[];
  /** Money of the purchases of each of these days. */
  readonly amounts: readonly number[];
  /** Money given back, positive. */
  readonly refunds: readonly { readonly day: number; readonly amount: number }[];
  /** Account type; left out or '': none. */
  readonly segment?: string;
}

export interface Span {
  /** Last day that counts. */
  readonly until: number;
  /** Last day that the backtest's fit may know. */
  readonly cut: number;
}

/** Days as numbers. */
export function spanOf(
  { first, until }: { readonly first: number; readonly until: number },
  rules: { readonly backtestPercent: number; readonly backtestMinDays: number },
): Span {
  const hidden = Math.max(rules.backtestMinDays, Math.round(((until - first) * rules.backtestPercent) / 100));
  return { until, cut: until - hidden };
}

/**
 * Mean value of the repeat purchases until a day. Money given back lowers it: 0 and below means that nothing was earned by
 * repeats. Null: no repeat.
 */
export function meanRepeatValue({ days, amounts, refunds }: Bookings, until: number): number | null {
  let sum = 0;
  let repeats = 0;
  for (let i = 1; i < days.length && (days[i] ?? 0) <= until; i++) {
    sum += amounts[i] ?? 0;
    repeats += 1;
  }
  if (repeats === 0) return null;
  for (const refund of refunds) if (refund.day <= until) sum -= refund.amount;
  return sum / repeats;
}

type Numbers = Int32Array | Float64Array;
class Column<A extends Numbers> {
  private values: A;
  private size = 0;
  private readonly create: (length: number) => A;
  constructor(create: (length: number) => A) {
    this.create = create;
    this.values = create(1024);
  }
  push(value: number): void {
    if (this.size === this.values.length) {
      const longer = this.create(this.size * 2);
      longer.set(this.values);
      this.values = longer;
    }
    this.values[this.size++] = value;
  }
  done(): A {
    return this.values.subarray(0, this.size) as A; // subarray of a typed array gives the same type
  }
}
const whole = () => new Column((length) => new Int32Array(length));
const real = () => new Column((length) => new Float64Array(length));

class Snapshot {
  readonly histories = new HistoryBuilder();
  private readonly repeats = whole();
  private readonly recencyDays = whole();
  private readonly ageDays = whole();
  private readonly value = real();
  private readonly segment = whole();

  add(history: DayHistory, value: number | null, segment: number): void {
    this.segment.push(segment);
    this.histories.add(history);
    this.repeats.push(history.repeats);
    this.recencyDays.push(history.recencyDays);
    this.ageDays.push(history.ageDays);
    this.value.push(value ?? 0);
  }

  done() {
    return {
      repeats: this.repeats.done(),
      recencyDays: this.recencyDays.done(),
      ageDays: this.ageDays.done(),
      /** 0 without a repeat; 0 or less where more was given back than bought. */
      value: this.value.done(),
      segment: this.segment.done(),
    };
  }
}

export interface CustomerColumns {
  readonly repeats: Int32Array;
  readonly recencyDays: Int32Array;
  readonly ageDays: Int32Array;
  readonly value: Float64Array;
  /** Place in `segments`. */
  readonly segment: Int32Array;
}
export interface FitData {
  /** Account types, each once; '' is none. */
  readonly segments: readonly string[];
  readonly span: Span;
  readonly firstDay: number | null;
  readonly lastDay: number | null;
  readonly buyers: number;
  readonly repeaters: number;
  readonly repeats: number;
  /** Buyers first seen more than a century ago: no such date is believed. */
  readonly leftOut: number;
  readonly now: CustomerColumns;
  readonly earlier: CustomerColumns;
  /** Of the same customers as `earlier`: purchases after the cut, and their money. */
  readonly followed: {
    readonly purchases: Int32Array;
    readonly inHorizon: Int32Array;
    readonly value: Float64Array;
  };
  histories<U extends TimeUnit>(at: 'now' | 'earlier', unit: U): Histories<U>;
}

export class FitDataBuilder {
  private readonly span: Span;
  private readonly segments = new Map<string, number>();
  private readonly now = new Snapshot();
  private readonly before = new Snapshot();
  private readonly purchases = whole();
  private readonly inHorizon = whole();
  private readonly value = real();
  private firstDay: number | null = null;
  private lastDay: number | null = null;
  private repeaters = 0;
  private repeats = 0;
  private buyers = 0;
  private leftOut = 0;

  constructor(span: Span) {
    this.span = span;
  }

  add(bookings: Bookings): void {
    const { until, cut } = this.span;
    const history = dayHistory(bookings.days, until);
    if (history === null) return;
    if (history.ageDays > MAX_AGE_DAYS) {
      this.leftOut += 1;
      return;
    }
    const first = until - history.ageDays;
    const last = first + history.recencyDays;
    this.firstDay = Math.min(this.firstDay ?? first, first);
    this.lastDay = Math.max(this.lastDay ?? last, last);
    this.buyers += 1;
    this.repeats += history.repeats;
    if (history.repeats > 0) this.repeaters += 1;
    const segment = this.placeOf(bookings.segment ?? '');
    this.now.add(history, meanRepeatValue(bookings, until), segment);
    const before = dayHistory(bookings.days, cut);
    if (before === null) return;
    this.before.add(before, meanRepeatValue(bookings, cut), segment);
    this.follow(bookings);
  }

  private placeOf(segment: string): number {
    const place = this.segments.get(segment) ?? this.segments.size;
    this.segments.set(segment, place);
    return place;
  }

  private follow({ days, amounts, refunds }: Bookings): void {
    const { until, cut } = this.span;
    let [purchases, inHorizon, value] = [0, 0, 0];
    days.forEach((day, index) => {
      if (day <= cut || day > until) return;
      purchases += 1;
      value += amounts[index] ?? 0;
      if (day <= cut + HORIZON_DAYS) inHorizon += 1;
    });
    for (const refund of refunds) if (refund.day > cut && refund.day <= until) value -= refund.amount;
    this.purchases.push(purchases);
    this.inHorizon.push(inHorizon);
    this.value.push(value);
  }

  finish(): FitData {
    const builders = { now: this.now.histories, earlier: this.before.histories };
    return {
      segments: [...this.segments.keys()],
      span: this.span,
      firstDay: this.firstDay,
      lastDay: this.lastDay,
      buyers: this.buyers,
      repeaters: this.repeaters,
      repeats: this.repeats,
      leftOut: this.leftOut,
      now: this.now.done(),
      earlier: this.before.done(),
      followed: {
        purchases: this.purchases.done(),
        inHorizon: this.inHorizon.done(),
        value: this.value.done(),
      },
      histories: (at, unit) => builders[at].histories(unit),
    };
  }
}
