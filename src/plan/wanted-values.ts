import type { FieldKey, FieldValue, Minor } from '../domain.ts';
import { minorToDecimal } from '../money.ts';
import type { Score } from '../scores.ts';
import { type Format, renderContactSummary, renderNextStep, shownPhase } from '../texts/render.ts';
import { picklistActual } from './field-catalog.ts';

/** What each field of a customer should hold, as it stands in Zoho. */

/** Money as the decimal number that JSON carries; two decimals survive a double exactly up to 15 digits. */
const money = (value: Minor | null): number | null => (value === null ? null : Number(minorToDecimal(value)));

/**
 * Every field but Value Explanation, which is dear to render and goes along only with another change.
 * What scoring could not fill is null, whatever number stands beside it.
 */
export function wantedValue(key: FieldKey, score: Score, format: Format): FieldValue {
  if (score.unfilled[key] !== undefined) return null;
  switch (key) {
    case 'value_tier':
    case 'customer_tier':
      return picklistActual('tier', score.tier);
    case 'lifecycle_phase':
    case 'customer_phase':
      return picklistActual('phase', shownPhase(score));
    case 'last_contact':
      return score.lastContact;
    case 'next_step':
      return renderNextStep(score, format) || null;
    case 'profit_12_months':
      return money(score.window12.profit);
    case 'contact_gap_days':
      return score.contactGapDays;
    case 'relationship_months':
      return score.relationshipMonths;
    case 'goodwill_budget':
      return money(score.goodwillBudget);
    case 'goodwill_at_opening':
      return wantedValue('goodwill_budget', score, format);
    case 'expected_profit_12_months':
      return money(score.expectedProfit12);
    case 'gold_customer':
      return score.gold;
    case 'revenue_12_months':
      return money(score.window12.revenue);
    case 'customer_since':
      return score.firstPurchase;
    case 'last_contact_summary':
      return renderContactSummary(score, format);
    case 'contact_status':
      return score.contactStatus === null ? null : picklistActual('contact_status', score.contactStatus);
    case 'churn_risk':
      return score.churnRiskPercent === null ? null : Math.round(score.churnRiskPercent);
    case 'referral_profit':
      return money(score.referralProfit);
    case 'lifetime_profit':
      return money(score.total.profit);
    case 'usual_order_interval':
      return score.usualIntervalDays === null ? null : Math.round(score.usualIntervalDays);
    case 'value_rank':
      return score.rank;
    case 'value_explanation':
    case 'follow_up_status':
    case 'expected_lead_value':
    case 'cv_ref':
      throw new RangeError(`${key} is not a value of the score alone`);
  }
}
