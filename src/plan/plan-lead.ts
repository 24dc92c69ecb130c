import type { ChangeCause, FieldChange } from '../changes.ts';
import type { FieldKey, FieldValue, FieldValues } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import { minorToDecimal } from '../money.ts';
import type { PlanRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import { fieldsOfSet, picklistActual } from './field-catalog.ts';
import type { MappedFields } from './mapped-fields.ts';
import { emptiedCause, hasMoneyMoved } from './materiality.ts';
import { canonical, couldBeOurs } from './same-value.ts';

/**
 * One lead's part of the plan. A converted lead has no score and is left as it is: Zoho lets nobody write it any more.
 * A closed one is emptied, for nothing is to be followed up and nothing expected.
 */
interface LeadPlanInput {
  readonly score: LeadScore;
  /** Our fields as Zoho shows them. */
  readonly ours: FieldValues;
  readonly mapped: MappedFields;
  readonly rules: PlanRules;
}

const LEAD_KEYS = fieldsOfSet('leads').map(({ key }) => key);
const SUBJECTS: { readonly [K in FieldKey]?: string } = {
  follow_up_status: 'lead.follow_up.',
  expected_lead_value: 'lead.value.',
};

export interface LeadPlan {
  readonly changes: FieldChange[];
  readonly savedByMateriality: number;
}

export function planLead(input: LeadPlanInput): LeadPlan {
  const { score, ours, mapped } = input;
  const changes: FieldChange[] = [];
  let savedByMateriality = 0;
  for (const key of LEAD_KEYS.filter((each) => mapped.get('Leads', each) !== null)) {
    const inZoho = ours[key] ?? null;
    const value = wantedOf(key, score);
    const difference = { key, old: canonical(key, inZoho), wanted: canonical(key, value) };
    if (difference.old === difference.wanted) continue;
    const cause = couldBeOurs(key, inZoho) ? causeOf(difference, input.rules) : 'repair';
    if (cause === null) {
      savedByMateriality += 1;
      continue;
    }
    changes.push({
      module: 'Leads',
      recordId: score.key.id,
      customer: score.key,
      name: score.name,
      field: key,
      old: inZoho,
      new: value,
      cause,
      reason: reasonOf(key, score),
    });
  }
  return { changes, savedByMateriality };
}

function wantedOf(key: FieldKey, { followUp, expectedValue, unfilled }: LeadScore): FieldValue {
  if (key === 'follow_up_status') return followUp === null ? null : picklistActual('follow_up', followUp);
  if (unfilled.expected_lead_value !== undefined || expectedValue === null) return null;
  return Number(minorToDecimal(expectedValue));
}

function causeOf(
  { key, old, wanted }: { key: FieldKey; old: FieldValue; wanted: FieldValue },
  { materiality }: PlanRules,
): ChangeCause | null {
  if (old === null) return 'first_value';
  if (wanted === null) return emptiedCause(key);
  if (key === 'follow_up_status') return 'contact_band_changed';
  return hasMoneyMoved(Number(old), Number(wanted), materiality) ? 'booking_moved' : null;
}

function reasonOf(key: FieldKey, { reasons }: LeadScore): Reason | null {
  const subject = SUBJECTS[key] ?? '';
  return (
    reasons.find(({ code }) => code.startsWith(subject)) ??
    reasons.find(({ code }) => code === 'lead.closed') ??
    null
  );
}
