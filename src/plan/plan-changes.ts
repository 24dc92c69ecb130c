import type { ChangeCause, EditedField, FieldChange } from '../changes.ts';
import type { CustomerKey, FieldKey, FieldValue, FieldValues, ModuleName, RecordId } from '../domain.ts';
import type { PlanRules } from '../rules.ts';
import type { Score } from '../scores.ts';
import { type Format, renderExplanation } from '../texts/render.ts';
import { editPolicyOf } from './edit-policy.ts';
import { FIELD_CATALOG } from './field-catalog.ts';
import type { MappedFields } from './mapped-fields.ts';
import { emptiedCause, materialCause } from './materiality.ts';
import { reasonFor } from './reason-for.ts';
import { canonical, couldBeOurs } from './same-value.ts';
import { wantedValue } from './wanted-values.ts';

/** One customer's part of the plan: the fields whose value in Zoho is not the wanted one, where that is worth a write. */

interface KnownRecord {
  readonly id: RecordId;
  readonly name: string;
  readonly ours: FieldValues;
}
export interface KnownCustomer {
  readonly key: CustomerKey;
  readonly ours: FieldValues;
  readonly contacts: readonly KnownRecord[];
  readonly deals: readonly KnownRecord[];
  readonly openCases: readonly KnownRecord[];
  /** What we last wrote to this customer, where that is remembered: another value in Zoho is then a repair. */
  readonly written?: FieldValues;
  /** Month, YYYY-MM, of the last write of Value Rank, where that is remembered. */
  readonly rankWrittenIn?: string;
}
export interface CustomerPlanInput {
  readonly score: Score;
  readonly known: KnownCustomer;
  readonly openDealIds: ReadonlySet<RecordId>;
  readonly mapped: MappedFields;
  readonly rules: PlanRules;
  readonly format: Format;
}
export interface CustomerPlan {
  readonly changes: FieldChange[];
  /** Fields that differ from Zoho and were not worth a write. */
  readonly savedByMateriality: number;
  /** Fields that a person changed and that stay, and those of them that somebody wants to hear of. */
  readonly kept: number;
  readonly reported: EditedField[];
}

const keysOf = (set: 'customer' | 'people' | 'deals' | 'cases'): readonly FieldKey[] =>
  FIELD_CATALOG.filter((field) =>
    set === 'customer' ? field.set === 'essential' || field.set === 'full' : field.set === set,
  ).map((field) => field.key);
const CUSTOMER_KEYS = keysOf('customer');
const PEOPLE_KEYS = keysOf('people');
const DEAL_KEYS = keysOf('deals');
const CASE_KEYS = keysOf('cases');
/** What a contact shows of its account, and of none once it has left it: then it is a customer itself. */
const ACCOUNT_KEYS: ReadonlySet<FieldKey> = new Set(['customer_tier', 'customer_phase']);

export function planCustomer(input: CustomerPlanInput): CustomerPlan {
  const { score, known } = input;
  const isPerson = score.key.module === 'Contacts';
  const customer = planRecord(input, {
    module: score.key.module,
    record: { id: score.key.id, name: score.name, ours: known.ours },
    keys: isPerson ? [...CUSTOMER_KEYS, ...ACCOUNT_KEYS] : CUSTOMER_KEYS,
    ...(isPerson ? { emptied: ACCOUNT_KEYS } : {}),
  });
  const mirrors = [
    ...(score.key.module === 'Accounts' && hasPeopleSet(input.mapped) ? known.contacts : []).map((record) =>
      planRecord(input, { module: 'Contacts', record, keys: PEOPLE_KEYS }),
    ),
    // Those that were closed keep what was true of their customer then.
    ...known.deals
      .filter((deal) => input.openDealIds.has(deal.id))
      .map((record) => planRecord(input, { module: 'Deals', record, keys: DEAL_KEYS })),
    ...known.openCases.map((record) => planRecord(input, { module: 'Cases', record, keys: CASE_KEYS })),
  ];
  const parts = [customer, ...mirrors];
  return {
    changes: parts.flatMap((part) => part.changes),
    savedByMateriality: parts.reduce((sum, part) => sum + part.savedByMateriality, 0),
    kept: parts.reduce((sum, part) => sum + part.kept, 0),
    reported: parts.flatMap((part) => part.reported),
  };
}

/** Last Contact stands on Contacts for those that are customers themselves, too; it alone asks for no mirror. */
function hasPeopleSet(mapped: MappedFields): boolean {
  return (
    mapped.get('Contacts', 'customer_tier') !== null || mapped.get('Contacts', 'customer_phase') !== null
  );
}

interface Place {
  readonly module: ModuleName;
  readonly record: KnownRecord;
  readonly keys: readonly FieldKey[];
  /** Those of the keys that should hold nothing. */
  readonly emptied?: ReadonlySet<FieldKey>;
}
interface Decided {
  readonly key: FieldKey;
  readonly value: FieldValue;
  readonly cause: ChangeCause;
}

function planRecord(input: CustomerPlanInput, place: Place): CustomerPlan {
  const { score, mapped } = input;
  const decided: Decided[] = [];
  const following: { key: FieldKey; value: FieldValue }[] = [];
  const edited: { key: FieldKey; value: FieldValue }[] = [];
  let saved = 0;
  const keys = place.keys.filter((key) => mapped.get(place.module, key) && key !== 'value_explanation');
  for (const key of keys) {
    const value = place.emptied?.has(key) ? null : wantedValue(key, score, input.format);
    const cause = causeOf(input, place, key, value);
    if (cause === 'same') continue;
    if (isKept(input, place, key)) {
      edited.push({ key, value });
      continue;
    }
    if (cause === 'with_row') following.push({ key, value });
    else if (cause === null) saved += 1;
    else decided.push({ key, value, cause });
  }
  if (decided.length > 0 && isNewRankMonth(input)) {
    decided.push(...following.map((change) => ({ ...change, cause: 'rank_month' as const })));
  } else saved += following.length;
  decided.push(...explanation(input, place, decided[0]?.cause ?? null));
  const causes = causedByEvent(decided);
  return {
    changes: causes.map(({ key, value, cause }) => ({
      module: place.module,
      recordId: place.record.id,
      customer: score.key,
      name: place.record.name,
      field: key,
      old: place.record.ours[key] ?? null,
      new: value,
      cause,
      reason: reasonFor(key, score),
    })),
    savedByMateriality: saved,
    kept: edited.length,
    reported: edited
      .filter(({ key }) => editPolicyOf(input.rules.onEdit, place.module, key) === 'report')
      .map(({ key, value }) => ({
        module: place.module,
        recordId: place.record.id,
        name: place.record.name,
        field: key,
        theirs: place.record.ours[key] ?? null,
        ours: value,
      })),
  };
}

/** A person's value that stays by the policy; who empties a field hands it back to us. */
function isKept(input: CustomerPlanInput, place: Place, key: FieldKey): boolean {
  if (editPolicyOf(input.rules.onEdit, place.module, key) === 'ours') return false;
  const inZoho = place.record.ours[key] ?? null;
  const old = canonical(key, inZoho);
  if (old === null || !couldBeOurs(key, inZoho)) return old !== null;
  const written = canonical(key, writtenTo(input, place, key));
  // A number that Zoho only rounded is nobody's edit.
  return (
    isForeign(input, place, key, old) && eventCause(input, place, { key, old: written, wanted: old }) !== null
  );
}

function causeOf(
  input: CustomerPlanInput,
  place: Place,
  key: FieldKey,
  value: FieldValue,
): ChangeCause | 'same' | 'with_row' | null {
  const inZoho = place.record.ours[key] ?? null;
  const old = canonical(key, inZoho);
  const wanted = canonical(key, value);
  if (old === wanted || (key === 'goodwill_at_opening' && old !== null)) return 'same';
  if (!couldBeOurs(key, inZoho)) return 'repair';
  const cause = eventCause(input, place, { key, old, wanted });
  return cause !== null && cause !== 'with_row' && isForeign(input, place, key, old) ? 'repair' : cause;
}

function eventCause(
  input: CustomerPlanInput,
  place: Place,
  { key, old, wanted }: { key: FieldKey; old: FieldValue; wanted: FieldValue },
): ChangeCause | 'with_row' | null {
  if (old === null) return 'first_value';
  if (wanted === null) return emptiedCause(key);
  const statusInZoho = input.mapped.get(place.module, 'contact_status')
    ? canonical('contact_status', place.record.ours.contact_status)
    : null;
  const { score, rules } = input;
  return materialCause({ key, old, wanted }, { score, rules, statusInZoho });
}

/** What we wrote last; undefined where that is not remembered. */
function writtenTo({ known }: CustomerPlanInput, place: Place, key: FieldKey): FieldValue | undefined {
  const isCustomer = place.record.id === known.key.id && place.module === known.key.module;
  return isCustomer ? known.written?.[key] : undefined;
}

/** Somebody else changed our field. A number that Zoho only rounded is not material and never comes here. */
function isForeign(input: CustomerPlanInput, place: Place, key: FieldKey, old: FieldValue): boolean {
  const written = writtenTo(input, place, key);
  return written !== undefined && canonical(key, written) !== old;
}

/**
 * A rank moves whenever any other customer buys, so it is written at most once a calendar month, and only in a row
 * that is written anyway.
 */
function isNewRankMonth({ known, score }: CustomerPlanInput): boolean {
  return known.rankWrittenIn === undefined || known.rankWrittenIn < score.asOf.slice(0, 7);
}

/** Rendered only for customers that are written anyway, or whose explanation is still empty. */
function explanation(input: CustomerPlanInput, place: Place, cause: ChangeCause | null): Decided[] {
  const key = 'value_explanation';
  if (!place.keys.includes(key) || !input.mapped.get(place.module, key)) return [];
  const old = canonical(key, place.record.ours[key]);
  const because = cause ?? (old === null ? 'first_value' : null);
  if (because === null || isKept(input, place, key)) return [];
  const value = renderExplanation(input.score, input.format);
  return canonical(key, value) === old ? [] : [{ key, value, cause: because }];
}

/** Events that move other values with them, strongest first. */
const MOVERS: readonly ChangeCause[] = [
  'tier_changed',
  'phase_changed',
  'contact_band_changed',
  'booking_moved',
  'whole_month',
];

/**
 * A goodwill budget is a share of profit by tier, and a step follows tier, phase and contact: when one of those moved,
 * that is why they did.
 */
function causedByEvent(decided: readonly Decided[]): readonly Decided[] {
  const causes = new Set(decided.map((change) => change.cause));
  const mover = MOVERS.find((cause) => causes.has(cause));
  // A new checkbox is false in Zoho, never empty: that gold is a first value shows at its tier.
  const isFirst = decided.some((change) => change.key === 'value_tier' && change.cause === 'first_value');
  return decided.map((change) => {
    if (change.key === 'gold_customer' && isFirst) return { ...change, cause: 'first_value' };
    if (change.key === 'next_step' && change.cause === 'step_changed' && mover)
      return { ...change, cause: mover };
    const isBudget = change.key === 'goodwill_budget' && change.cause === 'booking_moved';
    return isBudget && causes.has('tier_changed') ? { ...change, cause: 'tier_changed' as const } : change;
  });
}
