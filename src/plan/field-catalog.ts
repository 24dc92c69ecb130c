import type { FieldKey, InputKey, ModuleName } from '../domain.ts';

/** Our fields inside Zoho: what they are called, what they hold, and in which order they are worth having. */

export type FieldSet = 'essential' | 'full' | 'people' | 'leads' | 'deals' | 'cases' | 'inputs' | 'tasks';
type FieldType =
  | 'text'
  | 'textarea'
  | 'picklist'
  | 'currency'
  | 'integer'
  | 'date'
  | 'boolean'
  | 'percent'
  | 'lookup';
export type PicklistSet = 'tier' | 'phase' | 'contact_status' | 'follow_up' | 'reason_left';

/** A field of ours; those of the inputs set have keys of their own, so that nothing that writes can take them. */
export interface FieldSpec<Key extends FieldKey | InputKey = FieldKey> {
  readonly key: Key;
  readonly set: FieldSet;
  /** 'customer' = every module whose records are customers of this connection. */
  readonly modules: readonly ('customer' | ModuleName)[];
  readonly label: string;
  readonly type: FieldType;
  readonly length?: number;
  /** `actual` is what Zoho stores, English whatever language its labels have. */
  readonly values?: readonly { readonly code: string; readonly actual: string }[];
  readonly picklist?: PicklistSet;
  readonly unique?: boolean;
}

const TIERS = [
  { code: 'top', actual: 'Top' },
  { code: 'good', actual: 'Good' },
  { code: 'marginal', actual: 'Marginal' },
  { code: 'loss_making', actual: 'Loss-making' },
  { code: 'none', actual: 'No business' },
] as const;
const PHASES = [
  { code: 'prospect', actual: 'Prospect' },
  { code: 'new', actual: 'New' },
  { code: 'established', actual: 'Established' },
  { code: 'loyal', actual: 'Loyal' },
  { code: 'leaving', actual: 'Leaving' },
  { code: 'lost', actual: 'Lost' },
  { code: 'win_back', actual: 'Win-back' },
] as const;
const CONTACT_STATUSES = [
  { code: 'on_plan', actual: 'On plan' },
  { code: 'due', actual: 'Due' },
  { code: 'overdue', actual: 'Overdue' },
  { code: 'silent', actual: 'Silent' },
] as const;
const FOLLOW_UPS = [
  { code: 'on_time', actual: 'On time' },
  { code: 'due', actual: 'Due' },
  { code: 'overdue', actual: 'Overdue' },
] as const;

const REASONS_LEFT = [
  { code: 'price', actual: 'Price' },
  { code: 'quality', actual: 'Quality' },
  { code: 'service', actual: 'Service' },
  { code: 'competitor', actual: 'Competitor' },
  { code: 'no_need', actual: 'No longer needed' },
  { code: 'closed', actual: 'Business closed' },
  { code: 'moved', actual: 'Moved away' },
  { code: 'other', actual: 'Other' },
] as const;

const VALUES: { readonly [S in PicklistSet]: readonly { readonly code: string; readonly actual: string }[] } =
  {
    tier: TIERS,
    phase: PHASES,
    contact_status: CONTACT_STATUSES,
    follow_up: FOLLOW_UPS,
    reason_left: REASONS_LEFT,
  };

/** The English text that Zoho stores for a code. */
export function picklistActual(set: PicklistSet, code: string): string {
  const found = VALUES[set].find((value) => value.code === code);
  if (!found) throw new RangeError(`no ${set} value has the code ${code}`);
  return found.actual;
}

const CUSTOMER = ['customer'] as const;
const picklist = <Key extends FieldKey | InputKey>(key: Key, label: string, set: PicklistSet) =>
  ({ key, label, type: 'picklist', picklist: set, values: VALUES[set] }) as const;
const tierMirror = picklist('customer_tier', 'Customer Tier', 'tier');
const phaseMirror = picklist('customer_phase', 'Customer Phase', 'phase');

/** In order of priority: an org with room for fewer gets the first ones. */
export const FIELD_CATALOG: readonly FieldSpec[] = [
  ...(
    [
      picklist('value_tier', 'Value Tier', 'tier'),
      picklist('lifecycle_phase', 'Lifecycle Phase', 'phase'),
      { key: 'last_contact', label: 'Last Contact', type: 'date' },
      { key: 'next_step', label: 'Next Step', type: 'text', length: 255 },
      { key: 'value_explanation', label: 'Value Explanation', type: 'textarea', length: 2000 },
      { key: 'profit_12_months', label: 'Profit 12 Months', type: 'currency' },
      { key: 'contact_gap_days', label: 'Contact Gap Days', type: 'integer' },
      { key: 'relationship_months', label: 'Relationship Months', type: 'integer' },
      { key: 'goodwill_budget', label: 'Goodwill Budget', type: 'currency' },
      { key: 'expected_profit_12_months', label: 'Expected Profit 12 Months', type: 'currency' },
    ] as const
  ).map((field) => ({ ...field, set: 'essential' as const, modules: CUSTOMER })),
  ...(
    [
      { key: 'gold_customer', label: 'Gold Customer', type: 'boolean' },
      { key: 'revenue_12_months', label: 'Revenue 12 Months', type: 'currency' },
      { key: 'customer_since', label: 'Customer Since', type: 'date' },
      { key: 'last_contact_summary', label: 'Last Contact Summary', type: 'text', length: 255 },
      picklist('contact_status', 'Contact Status', 'contact_status'),
      { key: 'churn_risk', label: 'Churn Risk', type: 'percent' },
      { key: 'referral_profit', label: 'Referral Profit', type: 'currency' },
      { key: 'lifetime_profit', label: 'Lifetime Profit', type: 'currency' },
      { key: 'usual_order_interval', label: 'Usual Order Interval', type: 'integer' },
      { key: 'value_rank', label: 'Value Rank', type: 'integer' },
    ] as const
  ).map((field) => ({ ...field, set: 'full' as const, modules: CUSTOMER })),
  { ...tierMirror, set: 'people', modules: ['Contacts'] },
  { ...phaseMirror, set: 'people', modules: ['Contacts'] },
  { key: 'last_contact', label: 'Last Contact', type: 'date', set: 'people', modules: ['Contacts'] },
  { ...picklist('follow_up_status', 'Follow-up Status', 'follow_up'), set: 'leads', modules: ['Leads'] },
  {
    key: 'expected_lead_value',
    label: 'Expected Lead Value',
    type: 'currency',
    set: 'leads',
    modules: ['Leads'],
  },
  { ...tierMirror, set: 'deals', modules: ['Deals'] },
  { ...phaseMirror, set: 'deals', modules: ['Deals'] },
  { ...tierMirror, set: 'cases', modules: ['Cases'] },
  { ...phaseMirror, set: 'cases', modules: ['Cases'] },
  {
    key: 'goodwill_at_opening',
    label: 'Goodwill Budget at opening',
    type: 'currency',
    set: 'cases',
    modules: ['Cases'],
  },
  {
    key: 'cv_ref',
    label: 'CV Ref',
    type: 'text',
    length: 64,
    unique: true,
    set: 'tasks',
    modules: ['Tasks'],
  },
];

/** Filled by people and only read by us. A lookup goes to the module on which it stands. */
export const INPUT_CATALOG: readonly FieldSpec<InputKey>[] = [
  ...(
    [
      { key: 'referred_by', label: 'Referred By', type: 'lookup' },
      { key: 'why_they_chose_us', label: 'Why They Chose Us', type: 'text', length: 255 },
      { key: 'needs', label: 'Needs', type: 'text', length: 255 },
      { key: 'last_thanked', label: 'Last Thanked', type: 'date' },
      picklist('reason_left', 'Reason Left', 'reason_left'),
      { key: 'profile_reviewed_on', label: 'Profile Reviewed On', type: 'date' },
      // Not a textarea: Zoho cannot count the records that hold one, so nobody could tell whether it may be deleted.
      { key: 'goodwill_given', label: 'Goodwill Given', type: 'text', length: 255 },
      { key: 'recalculation_asked', label: 'Recalculation Asked', type: 'text', length: 30 },
    ] as const
  ).map((field) => ({ ...field, set: 'inputs' as const, modules: CUSTOMER })),
  {
    key: 'minutes_spent',
    label: 'Minutes Spent',
    type: 'integer',
    set: 'inputs',
    modules: ['Tasks', 'Calls', 'Events', 'Cases'],
  },
];

export function fieldsOfSet(set: FieldSet): FieldSpec[] {
  return FIELD_CATALOG.filter((field) => field.set === set);
}

const BY_KEY: ReadonlyMap<FieldKey, FieldSpec> = new Map(FIELD_CATALOG.map((field) => [field.key, field]));

/** What kind of value a key holds; the same wherever the key appears. */
export function fieldSpec(key: FieldKey): FieldSpec {
  const found = BY_KEY.get(key);
  if (!found) throw new RangeError(`no field has the key ${key}`);
  return found;
}
