import { z } from 'zod';
import type { Reason } from '../../scores.ts';
import { renderReason } from '../../texts/reasons.ts';
import type { Format } from '../../texts/render.ts';
import { ContactStatusCode, Instant, Money, PhaseCode, SubPhaseCode, TierCode } from '../api-schemas.ts';

/** What routes tell of a run by its kind. Summaries are kept for months, so whatever a later version added may be absent. */

const count = z.int();
const Rejected = z.looseObject({
  module: z.string(),
  recordId: z.string(),
  field: z.string().nullable(),
  code: z.string(),
  message: z.string(),
});
const Stopped = z.looseObject({ code: z.string(), message: z.string() }).nullable();
const Price = z.looseObject({ calls: z.number(), credits: z.number() });

const Stand = z.looseObject({
  customers: count,
  gold: count,
  tiers: z.record(z.string(), count),
  phases: z.record(z.string(), count),
});
const Standing = z.looseObject({ tier: TierCode, gold: z.boolean(), phase: PhaseCode, profit12: Money });

// Written by the scoring of this or an earlier version; a code without words is shown as it is.
const Reasons = z.array(
  z.looseObject({
    code: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
);
const Sums = z.looseObject({ revenue: Money, directCost: Money, costToServe: Money, profit: Money });
const Tested = z.looseObject({
  ...{ tier: TierCode, gold: z.boolean(), phase: PhaseCode, subPhase: SubPhaseCode.nullable() },
  ...{ rank: count.nullable(), window12: Sums, expectedProfit12: Money.nullable() },
  ...{ goodwillBudget: Money.nullable(), contactStatus: ContactStatusCode.nullable() },
  reasons: Reasons.transform((reasons) => reasons as unknown as Reason[]), // as they were stored
});
const Why = z.array(z.string()).meta({ description: 'In the language of Accept-Language' });
const TestedInWords = Tested.extend({ reasons: Why });

const kinds = {
  sync: z.looseObject({
    modules: z.array(
      z.looseObject({
        module: z.string(),
        mode: z.string(),
        method: z.string().nullable().optional(),
        read: count,
        changed: count,
        deleted: count,
        quarantined: count,
        error: z.string().nullable(),
      }),
    ),
    warnings: z.array(z.string()),
  }),
  score: z.looseObject({
    customers: count,
    tiers: z.record(z.string(), count),
    phases: z.record(z.string(), count),
    gold: count,
    contactDue: count.optional(),
  }),
  plan: z.looseObject({ planId: z.string(), records: count, fieldChanges: count }),
  apply: z.looseObject({
    planId: z.string(),
    written: count,
    skipped: count,
    remaining: count,
    leftOut: count.optional(),
    keptEdits: count.optional(),
    tasks: z.looseObject({ created: count, updated: count, closed: count }),
    rejected: z.array(Rejected),
    stopped: Stopped,
  }),
  undo: z.looseObject({
    undone: z.string(),
    preview: z.boolean(),
    restored: count,
    values: count,
    tasksDeleted: count,
    tasksRestored: count,
    already: count,
    remaining: count,
    price: z.number().nullable(),
    creditsLeft: z.number(),
    skipped: z.array(
      z.looseObject({
        module: z.string(),
        recordId: z.string(),
        field: z.string().nullable(),
        why: z.string(),
      }),
    ),
    rejected: z.array(Rejected),
    stopped: Stopped,
  }),
  'what-if': z.looseObject({
    asOf: z.string(),
    version: count,
    before: Stand,
    after: Stand,
    changed: z.looseObject({
      ...{ tier: count, gold: count, phase: count, customers: count },
      first: z.array(
        z.looseObject({
          key: z.looseObject({ module: z.string(), id: z.string() }),
          name: z.string(),
          before: Standing,
          after: Standing,
          reasons: Reasons.transform((reasons) => reasons as unknown as Reason[]).default([]),
        }),
      ),
    }),
    tested: z.looseObject({ name: z.string().optional(), before: Tested, after: Tested }).nullish(),
  }),
};
const WhatIfInWords = kinds['what-if'].extend({
  changed: kinds['what-if'].shape.changed.extend({
    first: z.array(kinds['what-if'].shape.changed.shape.first.element.extend({ reasons: Why })),
  }),
  tested: z
    .looseObject({ before: TestedInWords, after: TestedInWords })
    .nullish()
    .meta({ description: 'The customer that was asked for; null: there is none of that id' }),
});
type Kind = keyof typeof kinds;

export const ByKind = {
  sync: kinds.sync.nullable().meta({ description: 'Of a sync that came to its end' }),
  score: kinds.score.nullable(),
  plan: kinds.plan.nullable(),
  apply: kinds.apply.nullable(),
  whatIf: WhatIfInWords.nullable().meta({ description: 'How customers would stand by a draft' }),
  undo: kinds.undo.nullable().meta({ description: 'Of an undo, or of its preview' }),
};

export const Spent = {
  calls: z.number().nullable().meta({ description: 'Calls of Zoho; null: it made none, or runs still' }),
  credits: z.number().nullable(),
  error: z.string().nullable().meta({ description: 'Why it failed' }),
};

export const RequestSchema = z.strictObject({
  seq: count.meta({ description: '1 is the first call of the run' }),
  at: Instant,
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().meta({
    description: 'With `{id}` for each part that could be one, and the names of the query parameters',
    example: '/crm/v8/Deals?fields&per_page',
  }),
  module: z.string().nullable().meta({ description: 'Of COQL, and where the query names one' }),
  query: z.enum(['rows', 'totals']).nullable().meta({ description: 'Of COQL: what it asks for' }),
  status: count.nullable().meta({ description: 'Of HTTP; null: there came no whole answer' }),
  code: z.string().nullable().meta({ description: 'Why not, as Zoho says it', example: 'RECORD_LOCKED' }),
  failed: z.boolean().meta({ description: 'Or Zoho refused some row of a write' }),
  credits: count,
  durationMs: count,
  attempt: count.meta({ description: '1 is the first time that it was sent' }),
});

/** A plan has a price, which nobody has paid yet. */
export function spentBy(kind: string, summary: unknown) {
  const price = kind === 'plan' ? null : (Price.safeParse(summary).data ?? null);
  const failed = z.looseObject({ error: z.string() }).safeParse(summary).data;
  return { calls: price?.calls ?? null, credits: price?.credits ?? null, error: failed?.error ?? null };
}

export function byKind(kind: string, summary: unknown, format: Format) {
  const told = <K extends Kind>(wanted: K) => {
    const isOfKind = kind === wanted || (wanted === 'undo' && kind === 'undo-preview');
    // A schema answers what it declares.
    return isOfKind
      ? ((kinds[wanted].safeParse(summary).data ?? null) as z.output<(typeof kinds)[K]> | null)
      : null;
  };
  return {
    sync: told('sync'),
    score: told('score'),
    plan: told('plan'),
    apply: told('apply'),
    whatIf: inWords(told('what-if'), format),
    undo: told('undo'),
  };
}

function inWords(whatIf: z.output<(typeof kinds)['what-if']> | null, format: Format) {
  if (whatIf === null) return null;
  const { changed, tested } = whatIf;
  const words = <Of extends { readonly reasons: readonly Reason[] }>(of: Of) => ({
    ...of,
    reasons: of.reasons.map((reason) => renderReason(reason, format)),
  });
  return {
    ...whatIf,
    changed: { ...changed, first: changed.first.map(words) },
    tested: tested && { ...tested, before: words(tested.before), after: words(tested.after) },
  };
}
