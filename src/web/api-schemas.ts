import { z } from 'zod';

/** Schemas that many routes share. Answers hold what JSON holds: instants as text, money in minor units. */

/** ISO 8601 in UTC, e.g. 2026-03-01T08:30:00.000Z; made by `toISOString`. */
export const Instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
/** YYYY-MM-DD in the time zone of the org. */
export const CalendarDay = z.iso.date().meta({ description: "A day in the org's time zone" });

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
      .array(z.object({ in: z.string(), path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each thing that is wrong with the request' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
