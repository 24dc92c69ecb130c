import type { CustomerFacts, Day, Minor } from '../domain.ts';
import { minor, scaleMinor, ZERO } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import { reason } from './reasons.ts';
import { isIn, yearUpTo } from './sums.ts';
import type { SteadyTier } from './tiers.ts';

/** What may be given away when something went wrong: a share of the year's profit, less what was given in it. */
export function goodwillOf(
  facts: CustomerFacts,
  { tier, gold }: Pick<SteadyTier, 'tier' | 'gold'>,
  profit12: Minor,
  rules: ScoringRules,
  asOf: Day,
): { budget: Minor; reason: Reason } {
  const shares = rules.goodwillPercent;
  const percent = gold ? shares.gold : tier === 'top' ? shares.top : tier === 'good' ? shares.good : 0;
  const span = yearUpTo(asOf);
  const used = minor(
    facts.goodwill.reduce((sum, { day, amount }) => (isIn(day, span) ? sum + amount : sum), 0),
  );
  if (percent === 0 || profit12 <= 0)
    return { budget: ZERO, reason: reason('goodwill.none', { tier, used }) };
  const share = scaleMinor(profit12, Math.round(percent * 10_000), 1_000_000);
  const budget = minor(Math.max(0, share - used));
  return { budget, reason: reason('goodwill.share', { percent, profit: profit12, share, used, budget }) };
}
