import { z } from 'zod';
import type { Language } from '../../domain.ts';
import { FIELD_CATALOG } from '../../plan/field-catalog.ts';
import type { PlanRules } from '../../rules.ts';
import { fieldLabel } from '../../texts/labels.ts';
import { ruleTitles } from '../../texts/rule-title.ts';
import { CalendarDay, Instant } from '../api-schemas.ts';

/** What routes tell of plans. Summaries are kept for months, so whatever a later version added may be absent. */

const count = z.int();
const Named = z.record(z.string(), count);
const Tasks = z.looseObject({ create: count, update: count, close: count, suppressed: count });
const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const PlanStateCode = z.enum([
  'building',
  'open',
  'held',
  'approved',
  'applying',
  'applied',
  'rejected',
  'superseded',
  'expired',
  'discarded',
]);
const Held = z.looseObject({
  reason: z.string().meta({ example: 'tier_changes' }),
  message: z.string(),
  params: z.record(z.string(), Scalar),
});
const Instalments = z.looseObject({
  today: z.number(),
  perDay: z.number(),
  days: count,
  lastDay: CalendarDay,
});
const Summary = z
  .looseObject({
    records: count,
    fieldChanges: count,
    tasks: Tasks,
    byRule: z.record(z.string(), Tasks).optional(),
    byField: Named,
    byCause: Named,
    effects: z
      .looseObject({
        tierMoves: z.array(z.looseObject({ from: z.string(), to: z.string(), customers: count })),
        firstTiers: z.array(z.looseObject({ tier: z.string(), customers: count })),
      })
      .optional()
      .meta({ description: 'What it does to customers as a whole, in the words that stand in Zoho' }),
    savedByMateriality: count.optional(),
    keptEdits: z.looseObject({ fields: count, reported: count }).optional(),
    unmappedFields: z.array(z.string()).optional(),
    method: z.string(),
    calls: z.number(),
    credits: z.number(),
    modules: z.record(
      z.string(),
      z.looseObject({ method: z.string(), records: count, calls: z.number(), credits: z.number() }),
    ),
    instalments: Instalments.nullable().optional(),
    refusedBefore: Named.optional(),
    held: Held.nullable(),
  })
  .meta({ description: 'As `zcv plan --json` prints it' });
type Summary = z.output<typeof Summary>;

export const PlanHeadSchema = z.strictObject({
  id: z.string(),
  runId: z.string(),
  asOf: CalendarDay,
  state: PlanStateCode,
  createdAt: Instant,
  summary: Summary.nullable().meta({ description: 'Null while it is made' }),
});

export const PlanInWords = {
  fields: z
    .array(z.strictObject({ field: z.string(), label: z.string(), changes: count }))
    .meta({ description: 'Fields that change, those with most changes first' }),
  rules: z
    .array(Tasks.extend({ rule: z.string(), title: z.string() }))
    .meta({ description: 'Tasks by the rule of the playbook that asks for them' }),
};

export function inWords(summary: Summary | null, playbook: PlanRules['playbook'], language: Language) {
  const titleOf = ruleTitles(playbook, language);
  const labelOf = (field: string) => {
    const known = FIELD_CATALOG.find(({ key }) => key === field);
    return known ? fieldLabel(known.key, language) : field;
  };
  return {
    fields: Object.entries(summary?.byField ?? {})
      .map(([field, changes]) => ({ field, label: labelOf(field), changes }))
      .sort((left, right) => right.changes - left.changes),
    rules: Object.entries(summary?.byRule ?? {}).map(([rule, { create, update, close, suppressed }]) => ({
      ...{ rule, title: titleOf(rule), create, update, close, suppressed },
    })),
  };
}

const Customer = z.looseObject({ module: z.string(), id: z.string() });
export const ChangeSchema = z
  .looseObject({
    seq: count,
    done: z.boolean(),
    leftOut: z.boolean(),
    module: z.string().optional(),
    recordId: z.string().optional(),
    name: z.string().optional(),
    field: z.string().optional(),
    label: z.string().optional().meta({ description: 'The field in words' }),
    isMoney: z.boolean().optional().meta({ description: 'Old and new are amounts in the home currency' }),
    old: Scalar.optional(),
    new: Scalar.optional(),
    cause: z.string().optional(),
    reason: z.string().optional().meta({ description: 'Why, in words; the cause where there are none' }),
    task: z
      .looseObject({
        action: z.string().meta({ example: 'create' }),
        customer: Customer,
        reason: z.string(),
        title: z.string(),
        name: z.string().optional(),
        subject: z.string().optional(),
        dueDay: CalendarDay.optional(),
        description: z.string().optional(),
        cause: z.string().optional(),
        why: z.string().optional(),
      })
      .optional(),
    edited: z
      .looseObject({
        module: z.string(),
        recordId: z.string(),
        name: z.string(),
        field: z.string(),
        theirs: Scalar,
        ours: Scalar,
      })
      .optional(),
  })
  .meta({ description: 'A field change, `task` or `edited`, as a line of `zcv plan --diff`' });

/** Null: it is still made, or an older version kept it in a form that this one does not read. */
export function toldSummary(summary: unknown): Summary | null {
  return Summary.safeParse(summary).data ?? null;
}
