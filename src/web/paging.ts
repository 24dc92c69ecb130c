import { z } from 'zod';
import { ProblemsError } from './http-errors.ts';

/** Lists by pages: a limit, and a cursor that a client hands back unread. */

const MOST_ROWS = 200;
const LONGEST_CURSOR = 500;

export const Paged = {
  limit: z.coerce.number().int().min(1).max(MOST_ROWS).default(50).meta({ description: 'Rows of a page' }),
  cursor: z.string().max(LONGEST_CURSOR).optional().meta({ description: '`next` of the page before' }),
};

export function pageSchema<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null: this was the last' }),
  });
}

export function cursorOf(place: unknown): string | null {
  return place === null ? null : Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Throws ProblemsError when the text is no cursor of this list. */
export function placeOf<Place extends z.ZodType>(
  place: Place,
  cursor: string | undefined,
): z.output<Place> | null {
  if (cursor === undefined) return null;
  const parsed = place.safeParse(jsonOrNull(Buffer.from(cursor, 'base64url').toString()));
  if (parsed.success) return parsed.data;
  throw new ProblemsError([
    { in: 'query', path: 'cursor', message: 'no cursor of this list: begin without one' },
  ]);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
