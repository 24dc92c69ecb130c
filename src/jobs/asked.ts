import { z } from 'zod';

/** What a person may start from a page or by the API: the steps that commands take. */

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
  z.strictObject({ what: z.literal('retry'), run: z.string() }),
  z.strictObject({ what: z.literal('doctor') }),
]);
export type Asked = z.infer<typeof Asked>;
