import type { FieldKey } from '../domain.ts';
import type { Reason, Score } from '../scores.ts';

/** Reason codes begin with the subject they explain; the first one of a field's subject is shown beside its change. */
const SUBJECTS: { readonly [K in FieldKey]?: string } = {
  value_tier: 'tier.',
  customer_tier: 'tier.',
  gold_customer: 'gold.',
  value_rank: 'tier.',
  lifecycle_phase: 'phase.',
  customer_phase: 'phase.',
  last_contact: 'contact.',
  last_contact_summary: 'contact.',
  contact_gap_days: 'contact.',
  contact_status: 'contact.',
  goodwill_budget: 'goodwill.',
  goodwill_at_opening: 'goodwill.',
  profit_12_months: 'money.',
  revenue_12_months: 'money.',
  relationship_months: 'relationship.',
  customer_since: 'relationship.',
  usual_order_interval: 'cadence.',
};

export function reasonFor(key: FieldKey, score: Score): Reason | null {
  if (key === 'next_step') return score.nextStep;
  const subject = SUBJECTS[key];
  if (!subject) return null;
  return score.reasons.find((reason) => reason.code.startsWith(subject)) ?? null;
}
