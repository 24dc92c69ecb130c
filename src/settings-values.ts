import { z } from 'zod';
import type { Minor, Phase, SubPhase } from './domain.ts';
import { toMinor } from './money.ts';

/** Values with units, as people write them into the config files. */

const SPAN = /^(\d+)\s*(d|days?|mo|months?)?$/;
function span(unit: 'd' | 'mo') {
  return z
    .union([
      z.int().nonnegative(),
      z.string().regex(SPAN, `a number of ${unit === 'd' ? 'days, e.g. 90d' : 'months, e.g. 24mo'}`),
    ])
    .transform((value, context) => {
      const [, count, word = unit] = SPAN.exec(String(value)) ?? [];
      if (!word.startsWith(unit[0] ?? '')) {
        context.addIssue({ code: 'custom', message: `give it in ${unit === 'd' ? 'days' : 'months'}` });
        return z.NEVER;
      }
      return Number(count);
    });
}
// The unit goes into the JSON Schema, so that pages can name it.
export const days = span('d').meta({ unit: 'days' });
export const months = span('mo').meta({ unit: 'months' });

const MONEY = /^(?:([A-Z]{3})\s*)?(-?\d+(?:\.\d+)?)(?:\/h)?$/;
export const money = z
  .union([
    z.number(),
    z.string().regex(MONEY, 'an amount in the home currency, e.g. 4.50, "EUR 4.50" or "EUR 45/h"'),
  ])
  .transform((value): Minor => toMinor((MONEY.exec(String(value))?.[2] ?? String(value)) as string)) // the pattern always has group 2
  .meta({ unit: 'money' });

export const percent = z.number().min(0).max(100).meta({ unit: 'percent' });

export const PHASES = [
  'prospect',
  'new',
  'established',
  'loyal',
  'leaving',
  'lost',
] as const satisfies readonly Phase[];
export const SUB_PHASES = [
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
] as const satisfies readonly SubPhase[];
