import type { ChangeCause } from '../changes.ts';
import type { FieldKey, FieldValue } from '../domain.ts';
import { minor, toMinor } from '../money.ts';
import type { PlanRules } from '../rules.ts';
import type { Score } from '../scores.ts';
import { picklistActual } from './field-catalog.ts';

/**
 * Is the difference between the value in Zoho and the wanted one worth a write, and why?
 * Numbers that drift every day must not burn credits: every rule is relative to the value that stands in Zoho now.
 */
export interface Difference {
  readonly key: FieldKey;
  /** In comparable form, both not null and not equal. */
  readonly old: string | number | boolean;
  readonly wanted: string | number | boolean;
}
export interface Around {
  readonly score: Score;
  readonly rules: PlanRules;
  /** Contact Status as it stands in Zoho; null where it is not mapped or empty. */
  readonly statusInZoho: FieldValue;
}

/** Null: not worth a write. `with_row`: only in a row that another field makes necessary. */
export function materialCause(
  { key, old, wanted }: Difference,
  around: Around,
): ChangeCause | 'with_row' | null {
  const { materiality } = around.rules;
  switch (key) {
    case 'value_tier':
    case 'customer_tier':
    case 'gold_customer':
      return 'tier_changed';
    case 'lifecycle_phase':
    case 'customer_phase':
      return 'phase_changed';
    case 'last_contact':
    case 'last_contact_summary':
      return 'contact_changed';
    case 'contact_status':
    case 'follow_up_status':
      return 'contact_band_changed';
    case 'customer_since':
      return 'booking_moved';
    case 'next_step':
      return 'step_changed';
    case 'profit_12_months':
    case 'goodwill_budget':
    case 'expected_profit_12_months':
    case 'revenue_12_months':
    case 'referral_profit':
    case 'lifetime_profit':
    case 'expected_lead_value':
      return hasMoneyMoved(Number(old), Number(wanted), materiality) ? 'booking_moved' : null;
    case 'contact_gap_days':
      if (hasBandChanged(Number(old), around)) return 'contact_band_changed';
      return Math.abs(Number(wanted) - Number(old)) >= materiality.gapDriftDays ? 'drift' : null;
    case 'relationship_months':
      return 'whole_month';
    case 'value_rank':
    case 'value_explanation':
      return 'with_row';
    case 'churn_risk':
      return Math.abs(Number(wanted) - Number(old)) >= materiality.churnRiskPoints ? 'drift' : null;
    case 'usual_order_interval': {
      const moved = Math.abs(Number(wanted) - Number(old));
      return moved * 100 >= materiality.orderIntervalPercent * Math.abs(Number(old)) ? 'drift' : null;
    }
    // What stood when the case was opened stays.
    case 'goodwill_at_opening':
    case 'cv_ref':
      return null;
  }
}

/** At least the share and at least the units, in exact minor units. */
export function hasMoneyMoved(old: number, wanted: number, rules: PlanRules['materiality']): boolean {
  const before = toMinor(old);
  const moved = Math.abs(minor(toMinor(wanted) - before));
  return moved >= rules.currencyUnits * 100 && moved * 100 >= rules.currencyPercent * Math.abs(before);
}

/** The band that Zoho shows; where Contact Status is not kept there, the band its number of days has under today's plan. */
function hasBandChanged(oldGapDays: number, { score, statusInZoho }: Around): boolean {
  const status = score.contactStatus === null ? null : picklistActual('contact_status', score.contactStatus);
  if (statusInZoho !== null) return statusInZoho !== status;
  const planned = score.plannedContactDays;
  if (planned === null || score.contactGapDays === null) return false;
  return bandOf(oldGapDays, planned) !== bandOf(score.contactGapDays, planned);
}

/** docs/scoring.md, "Contact": on plan up to 0.8 C, due up to C, overdue up to 2C, then silent. */
function bandOf(gapDays: number, plannedDays: number): number {
  if (gapDays * 10 <= plannedDays * 8) return 0;
  if (gapDays <= plannedDays) return 1;
  return gapDays <= 2 * plannedDays ? 2 : 3;
}

/** Why a value was emptied: the event behind the loss of a number or a day. */
export function emptiedCause(key: FieldKey): ChangeCause {
  switch (key) {
    case 'value_tier':
    case 'customer_tier':
    case 'gold_customer':
    case 'value_rank':
      return 'tier_changed';
    case 'lifecycle_phase':
    case 'customer_phase':
      return 'phase_changed';
    case 'last_contact':
    case 'last_contact_summary':
    case 'contact_gap_days':
      return 'contact_changed';
    case 'contact_status':
    case 'follow_up_status':
      return 'contact_band_changed';
    case 'next_step':
    case 'value_explanation':
      return 'step_changed';
    case 'relationship_months':
      return 'whole_month';
    case 'profit_12_months':
    case 'goodwill_budget':
    case 'expected_profit_12_months':
    case 'revenue_12_months':
    case 'customer_since':
    case 'referral_profit':
    case 'lifetime_profit':
    case 'churn_risk':
    case 'usual_order_interval':
    case 'expected_lead_value':
    case 'goodwill_at_opening':
    case 'cv_ref':
      return 'booking_moved';
  }
}
