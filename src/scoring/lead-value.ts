import type { Minor } from '../domain.ts';
import type { LeadBaseline, LeadFacts, LeadUnfilled, SourceHistory } from '../leads.ts';
import { minor } from '../money.ts';
import type { LeadRules } from '../rules.ts';
import { NO_HISTORY, sourceKey } from './lead-history.ts';

/**
 * What a lead is expected to bring in 12 months: chance to become a customer × mean profit of one, for its source.
 * Few leads of a source tell little: both are drawn towards those of all leads and customers, as by the posterior mean
 * of a beta and of a normal prior that weigh `shrinkWeight` observations (docs/scoring.md, "Leads").
 */
export type LeadValue = { readonly history: SourceHistory } & (
  | { readonly value: Minor; readonly chance: number; readonly meanProfit: Minor }
  | { readonly value: null; readonly why: Exclude<LeadUnfilled, 'lead_closed'> }
);

export function leadValueOf(
  { source }: Pick<LeadFacts, 'source'>,
  { all, sources }: LeadBaseline,
  { shrinkWeight }: LeadRules,
): LeadValue {
  const key = sourceKey(source);
  const own = key === '' ? all : (sources.find(([name]) => name === key)?.[1] ?? NO_HISTORY.all);
  if (all.leads === 0) return { history: own, value: null, why: 'no_lead_history' };
  if (all.became === 0) return { history: own, value: null, why: 'no_lead_became_customer' };
  if (all.buyers === 0) return { history: own, value: null, why: 'no_buyers' };
  const drawn = (sum: number, count: number, towards: number) =>
    count + shrinkWeight === 0 ? towards : (sum + shrinkWeight * towards) / (count + shrinkWeight);
  const chance = drawn(own.became, own.leads, all.became / all.leads);
  const mean = drawn(own.profit12, own.buyers, all.profit12 / all.buyers);
  return { history: own, value: rounded(chance * mean), chance, meanProfit: rounded(mean) };
}

/** Half away from zero, as all money. */
export function rounded(value: number): Minor {
  return minor(Math.sign(value) * Math.round(Math.abs(value)));
}
