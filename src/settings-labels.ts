import { z } from 'zod';
import type { RfmName, RfmScore } from './scores.ts';
import { REASON_CODES } from './scoring/reasons.ts';
import { days, money, months, PHASES, SUB_PHASES } from './settings-values.ts';

/** Tables of scoring.yaml that name things: RFM labels, next steps of the firm's own, and rhythms of leads. */

const isAscending = (values: readonly number[]) =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));
const rfmRow = z
  .array(
    z.enum([
      'champions',
      'loyal',
      'promising',
      'new',
      'needs_attention',
      'about_to_sleep',
      'at_risk',
      'cannot_lose',
      'hibernating',
      'lost',
    ] satisfies RfmName[]),
  )
  .length(5);
const DEFAULT_RFM_NAMES: Record<RfmScore, RfmName[]> = {
  5: ['new', 'promising', 'loyal', 'champions', 'champions'],
  4: ['new', 'promising', 'loyal', 'champions', 'champions'],
  3: ['promising', 'needs_attention', 'needs_attention', 'loyal', 'loyal'],
  2: ['about_to_sleep', 'about_to_sleep', 'at_risk', 'at_risk', 'at_risk'],
  1: ['lost', 'hibernating', 'at_risk', 'cannot_lose', 'cannot_lose'],
};
const CODES: ReadonlySet<string> = new Set(REASON_CODES);
const stepText = z.string().trim().min(1).max(255).optional();
export const OwnStepPart = z.strictObject({
  phase: z.enum([...PHASES, ...SUB_PHASES]).optional(),
  tier: z.enum(['top', 'good', 'marginal', 'loss_making', 'none']).optional(),
  gold: z.boolean().optional(),
  reason: z
    .string()
    .refine((code) => CODES.has(code), 'no such code; take one that zcv explain --json gives')
    .optional(),
  step: z.union([
    z.literal('nothing'),
    z
      .strictObject({ en: stepText, nl: stepText, pl: stepText, da: stepText })
      .transform(({ en, nl, pl, da }, context) => {
        // Whoever works in one language words the step in that one.
        const any = en ?? nl ?? pl ?? da;
        if (any !== undefined) return { en: en ?? any, nl: nl ?? any, pl: pl ?? any, da: da ?? any };
        context.addIssue({ code: 'custom', message: 'word the step in at least one of en, nl, pl, da' });
        return z.NEVER;
      }),
  ]),
});

export const RfmPart = z
  .strictObject({
    months: months.prefault('24mo'),
    minBuyers: z.int().min(5).default(25),
    limits: z
      .strictObject({
        recencyDays: z.array(z.int().nonnegative()).length(4),
        frequency: z.array(z.int().positive()).length(4),
        money: z.array(money).length(4),
      })
      .refine(
        ({ recencyDays, frequency, money: amounts }) =>
          isAscending(recencyDays.toReversed()) && isAscending(frequency) && isAscending(amounts),
        'give the limits for the scores 2, 3, 4 and 5: recencyDays falling, frequency and money rising',
      )
      .nullable()
      .default(null),
    names: z
      .strictObject({ 5: rfmRow, 4: rfmRow, 3: rfmRow, 2: rfmRow, 1: rfmRow })
      .prefault(DEFAULT_RFM_NAMES),
  })
  .prefault({});

const lowerCase = z.string().trim().toLowerCase().min(1);
const everyDays = days.refine((count) => count >= 1, 'at least one day');
const rhythms = z
  .record(lowerCase, z.strictObject({ firstTouchDays: days.optional(), everyDays: everyDays.optional() }))
  .prefault({});
export const LeadsPart = z
  .strictObject({
    firstTouchDays: days.prefault(2),
    everyDays: everyDays.prefault(14),
    ratings: rhythms,
    sources: rhythms,
    closedStatuses: z.array(lowerCase).default(['junk lead', 'lost lead', 'not qualified']),
    matureDays: days.prefault(90),
    freeMailDomains: z.array(lowerCase).default([]),
    shrinkWeight: z.number().nonnegative().default(20),
  })
  .prefault({});
