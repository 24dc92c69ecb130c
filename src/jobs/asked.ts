import { z } from 'zod';
import { FIELD_SET_NAMES } from '../setup/field-sets.ts';

/** What a person may start from a page or by the API: the steps that commands take. */

const WantedFields = { sets: z.array(z.enum(FIELD_SET_NAMES)), max: z.int().nullable() };

export const Asked = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('run'), full: z.boolean(), apply: z.boolean() }),
  z.strictObject({ what: z.literal('sync'), full: z.boolean() }),
  z.strictObject({ what: z.literal('score') }),
  z.strictObject({ what: z.literal('plan') }),
  z.strictObject({
    what: z.literal('apply'),
    plan: z.string(),
    fieldsOnly: z.boolean(),
    canary: z.int().nullable(),
  }),
  z.strictObject({ what: z.literal('undo'), run: z.string() }),
  z.strictObject({ what: z.literal('undo-preview'), run: z.string() }),
  z.strictObject({ what: z.literal('retry'), run: z.string() }),
  z.strictObject({ what: z.literal('doctor') }),
  z.strictObject({ what: z.literal('assess') }),
  z.strictObject({ what: z.literal('fields-plan'), ...WantedFields }),
  z.strictObject({ what: z.literal('fields'), ...WantedFields }),
  /** A stored version of the settings, a draft above all, beside those in force. */
  z.strictObject({
    what: z.literal('what-if'),
    version: z.int(),
    /** Shown whole by both. */
    customer: z.string().optional(),
  }),
]);
export type Asked = z.infer<typeof Asked>;
