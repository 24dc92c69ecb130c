import { z } from 'zod';

/** Schemas that many routes share. Answers hold what JSON holds: instants as text, money in minor units. */

/** ISO 8601 in UTC, e.g. 2026-03-01T08:30:00.000Z; made by `toISOString`. */
export const Instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
/** YYYY-MM-DD in the time zone of the org. */
export const CalendarDay = z.iso.date().meta({ description: "A day in the org's time zone" });
/** Integer hundredths of the org's home currency. */
export const Money = z.int().meta({ description: 'Hundredths of the home currency' });
export const Percent = z.number().nullable();

export const TierCode = z.enum(['top', 'good', 'marginal', 'loss_making', 'none']);
export const PhaseCode = z.enum(['prospect', 'new', 'established', 'loyal', 'leaving', 'lost']);
export const SubPhaseCode = z.enum([
  'cold',
  'contacted',
  'open_deal',
  'dormant',
  'first_order',
  'second_order',
  'won_back',
  'win_back',
  'win_back_running',
  'closed',
]);
export const ContactStatusCode = z.enum(['on_plan', 'due', 'overdue', 'silent']);

export const RecordIdText = z
  .string()
  .regex(/^\d{1,20}$/, 'a Zoho record id')
  .meta({ example: '4876876000000333001' });
/** Our serial numbers: runs, plans, jobs. */
export const SerialText = z
  .string()
  .regex(/^\d{1,15}$/, 'a number')
  .meta({ example: '12' });
export const CustomerKeySchema = z.strictObject({ module: z.enum(['Accounts', 'Contacts']), id: z.string() });
export const ReminderKeySchema = z.strictObject({
  module: z.enum(['Accounts', 'Contacts', 'Leads']),
  id: z.string(),
});

/** `tier=top,good`: any of these. */
export function listOf<Values extends z.ZodEnum<Readonly<Record<string, string>>>>(values: Values) {
  return z
    .string()
    .max(200)
    .transform((text, issues): z.output<Values>[] => {
      const parsed = z.array(values).safeParse(text.split(','));
      if (parsed.success) return parsed.data;
      issues.addIssue({ code: 'custom', message: `any of ${values.options.join(', ')}, parted by commas` });
      return z.NEVER;
    })
    .optional()
    .meta({ description: `Any of these, parted by commas: ${values.options.join(', ')}` });
}
export const Flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

/** Language of words in the answer; that of the connection's settings when left out. */
export const Lang = z.enum(['en', 'nl', 'pl', 'da']).optional();

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().optional(),
    detail: z.string().optional(),
    instance: z.string(),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          ...{ in: z.string(), path: z.string(), message: z.string() },
          line: z.int().nullable().optional().meta({ description: 'Of a text that was sent' }),
        }),
      )
      .optional()
      .meta({
        description: 'Each thing that is wrong with the request, in the language of Accept-Language',
      }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
