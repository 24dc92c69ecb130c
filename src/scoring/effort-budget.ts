import type { CustomerFacts, Day, Minor } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason, Score } from '../scores.ts';
import { reason } from './reasons.ts';
import { isIn, yearUpTo } from './sums.ts';

/**
 * Hours a month that a customer's profit pays for, and those that it took in the last 12 months (docs/scoring.md, "Effort
 * budget"). Null: an hour has no price.
 */
export function effortBudgetOf(
  facts: Pick<CustomerFacts, 'efforts' | 'costs'>,
  profit12: Minor,
  { money, effort: { sharePercent: percent } }: Pick<ScoringRules, 'money' | 'effort'>,
  asOf: Day,
): { effort: Score['effort']; reasons: Reason[] } {
  const { perHour } = money.unitCosts;
  if (perHour <= 0) return { effort: null, reasons: [] };
  const span = yearUpTo(asOf);
  const seconds = [...facts.efforts, ...facts.costs].reduce(
    (sum, { day, seconds: spent }) => (isIn(day, span) ? sum + (spent ?? 0) : sum),
    0,
  );
  const budget = tenths((Math.max(0, profit12) * percent) / 100 / perHour / 12);
  const spent = tenths(seconds / 3600 / 12);
  const left = tenths(Math.max(0, budget - spent));
  const code = spent > budget ? 'effort.over' : 'effort.within';
  return {
    effort: { budgetHours: budget, spentHours: spent, leftHours: left },
    reasons: spent + budget === 0 ? [] : [reason(code, { spent, budget, left, percent })],
  };
}

function tenths(hours: number): number {
  return Math.round(hours * 10) / 10;
}
