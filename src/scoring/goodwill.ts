import type { CustomerFacts, Day, Minor } from '../domain.ts';
import { minor, scaleMinor, ZERO } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason, Score } from '../scores.ts';
import { reason } from './reasons.ts';
import { isIn, yearUpTo } from './sums.ts';
import type { SteadyTier } from './tiers.ts';

interface GoodwillInput {
  readonly shown: Pick<SteadyTier, 'tier' | 'gold'>;
  readonly profit12: Minor;
  readonly isPriceOnly: boolean;
  readonly rules: Pick<ScoringRules, 'goodwillPercent'>;
  readonly asOf: Day;
}

/** What may be given away when something went wrong: a share of the year's profit, less what was given in it. */
export function goodwillOf(
  facts: Pick<CustomerFacts, 'goodwill'>,
  { shown, profit12, isPriceOnly, rules, asOf }: GoodwillInput,
): { goodwill: NonNullable<Score['goodwill']>; reasons: Reason[] } {
  const { tier } = shown;
  const percent = percentOf(shown, rules.goodwillPercent);
  const span = yearUpTo(asOf);
  const used = minor(
    facts.goodwill.reduce((sum, { day, amount }) => (isIn(day, span) ? sum + amount : sum), 0),
  );
  const isNone = percent === 0 || profit12 <= 0;
  const granted = isNone ? ZERO : scaleMinor(profit12, Math.round(percent * 10_000), 1_000_000);
  const left = minor(Math.max(0, granted - used));
  const share = reason('goodwill.share', { percent, profit: profit12, share: granted, used, budget: left });
  const isForPrice = isPriceOnly && (tier === 'marginal' || tier === 'loss_making');
  const none = isForPrice ? reason('goodwill.price_only') : reason('goodwill.none', { tier, used });
  const reasons = [isNone ? none : share];
  if (used > granted) reasons.push(reason('goodwill.over', { used, share: granted }));
  return { goodwill: { granted, used, left }, reasons };
}

function percentOf({ tier, gold }: GoodwillInput['shown'], shares: ScoringRules['goodwillPercent']): number {
  if (gold) return shares.gold;
  return tier === 'top' ? shares.top : tier === 'good' ? shares.good : 0;
}
