import type { CustomerFacts, Day } from '../domain.ts';
import { minor } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason, RfmCuts, RfmScore, Score } from '../scores.ts';
import { purchaseDays } from './cadence.ts';
import { addMonths, dayNumber } from './calendar.ts';
import { reason } from './reasons.ts';
import { isIn, type Span } from './sums.ts';

/** Recency, frequency and money of a buyer, each 1 to 5, and the name for them (docs/scoring.md, "RFM"): a label only. */

interface Measures {
  readonly recency: number;
  readonly frequency: number;
  readonly money: number;
}

function measuresOf(facts: CustomerFacts, { rfm }: ScoringRules, asOf: Day): Measures | null {
  const days = purchaseDays(facts);
  const last = days.at(-1);
  if (last === undefined) return null;
  const span: Span = { after: addMonths(asOf, -rfm.months), upTo: asOf };
  const first = dayNumber(addMonths(asOf, -rfm.months));
  return {
    recency: dayNumber(asOf) - last,
    frequency: days.filter((day) => day > first).length,
    money: facts.purchases.reduce((sum, { day, revenue }) => (isIn(day, span) ? sum + revenue : sum), 0),
  };
}

/** Keeps three numbers a buyer. */
export class RfmTally {
  private readonly recency: number[] = [];
  private readonly frequency: number[] = [];
  private readonly money: number[] = [];

  add(facts: CustomerFacts, rules: ScoringRules, asOf: Day): void {
    const measures = measuresOf(facts, rules, asOf);
    if (!measures) return;
    // The fewer days ago the better; so that more is better for all three.
    this.recency.push(-measures.recency);
    this.frequency.push(measures.frequency);
    this.money.push(measures.money);
  }

  parts() {
    return {
      recency: Float64Array.from(this.recency),
      frequency: Float64Array.from(this.frequency),
      money: Float64Array.from(this.money),
    };
  }
  merge(parts: ReturnType<RfmTally['parts']>): void {
    for (const measure of ['recency', 'frequency', 'money'] as const) {
      for (const value of parts[measure]) this[measure].push(value);
    }
  }

  /** Fixed limits of the rules, else those between fifths of the buyers; null: too few buyers for that. */
  cuts({ rfm }: ScoringRules): RfmCuts | null {
    if (rfm.limits) {
      const { recencyDays, frequency, money } = rfm.limits;
      return { recency: recencyDays, frequency, money };
    }
    if (this.recency.length < rfm.minBuyers) return null;
    const recency = fifthsOf(this.recency).map((least) => (least === null ? null : 0 - least));
    return { recency, frequency: fifthsOf(this.frequency), money: fifthsOf(this.money) };
  }
}

/**
 * The least values that get 2, 3, 4 and 5; null where none does. Equal values share their middle rank: with all alike
 * everybody gets 3.
 */
function fifthsOf(values: readonly number[]): (number | null)[] {
  const sorted = Float64Array.from(values).sort();
  const least: (number | null)[] = [null, null, null, null];
  for (let from = 0; from < sorted.length; ) {
    const value = sorted[from] ?? 0;
    let to = from;
    while (to < sorted.length && sorted[to] === value) to += 1;
    const score = Math.min(5, 1 + Math.floor((5 * (from + to)) / 2 / sorted.length));
    for (let step = 2; step <= score; step += 1) least[step - 2] ??= value;
    from = to;
  }
  return least;
}

function scoreBy(cuts: readonly (number | null)[], reaches: (cut: number) => boolean): RfmScore {
  const reached = cuts.filter((cut) => cut !== null && reaches(cut)).length;
  return (1 + reached) as RfmScore; // four cuts at most
}

/** Null: never bought, or nothing to score by. */
export function rfmOf(
  facts: CustomerFacts,
  { rfm: cuts }: Pick<Baseline, 'rfm'>,
  rules: ScoringRules,
  asOf: Day,
): { rfm: Score['rfm']; reasons: Reason[] } {
  const measures = cuts && measuresOf(facts, rules, asOf);
  if (!measures) return { rfm: null, reasons: [] };
  const { recency: days, frequency: purchases, money } = measures;
  const r = scoreBy(cuts.recency, (cut) => days <= cut);
  const f = scoreBy(cuts.frequency, (cut) => purchases >= cut);
  const m = scoreBy(cuts.money, (cut) => money >= cut);
  const name = rules.rfm.names[r][Math.round((f + m) / 2) - 1];
  if (name === undefined) throw new RangeError(`no RFM name for ${r}, ${f}, ${m}`);
  const told = reason('rfm.name', {
    ...{ name, r, f, m, days, purchases, money, months: rules.rfm.months },
    daysLimit: cuts.recency[r - 2] ?? null,
    purchasesLimit: cuts.frequency[f - 2] ?? null,
    moneyLimit: cuts.money[m - 2] ?? null,
  });
  return {
    rfm: { r, f, m, name, recencyDays: days, frequency: purchases, money: minor(money) },
    reasons: [told],
  };
}
