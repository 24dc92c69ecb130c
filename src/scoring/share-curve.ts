import type { Minor } from '../domain.ts';
import { minor } from '../money.ts';
import type { Baseline } from '../scores.ts';
import { shareOf } from './baseline.ts';

/** How the profit spreads over the customers, best first (docs/scoring.md, "Share curve"). */
export interface ShareCurve {
  readonly customers: number;
  readonly profit: Minor;
  readonly best: readonly SharePart[];
  /** All that earn something: from here on the curve falls. */
  readonly peak: SharePart;
  /** What those at the end lose again, as a positive amount. */
  readonly loss: { readonly customers: number; readonly amount: Minor };
}
interface SharePart {
  readonly customers: number;
  readonly profit: Minor;
  /** Of the profit of all, to one decimal; null: all together earn nothing. */
  readonly sharePercent: number | null;
}

const BEST_PERCENTS = [10, 20, 50] as const;

/** Null: nobody did business. */
export function shareCurveOf({ ranked }: Pick<Baseline, 'ranked'>): ShareCurve | null {
  if (ranked.length === 0) return null;
  // Cumulated once: profits.at(n) is what the best n bring.
  const sums = [0];
  let positive = 0;
  let losing = 0;
  let earners = 0;
  let losers = 0;
  for (const { profit12 } of ranked) {
    sums.push((sums.at(-1) ?? 0) + profit12);
    if (profit12 > 0) {
      positive += profit12;
      earners += 1;
    } else if (profit12 < 0) {
      losing -= profit12;
      losers += 1;
    }
  }
  const total = sums.at(-1) ?? 0;
  const part = (customers: number, profit: number): SharePart => ({
    customers,
    profit: minor(profit),
    sharePercent: total > 0 ? Math.round((profit / total) * 1_000) / 10 : null,
  });
  return {
    customers: ranked.length,
    profit: minor(total),
    best: BEST_PERCENTS.map((percent) => shareOf(ranked.length, percent)).map((count) =>
      part(count, sums[count] ?? 0),
    ),
    peak: part(earners, positive),
    loss: { customers: losers, amount: minor(losing) },
  };
}
