import type { RecordId } from '../domain.ts';

/** A person taken out of texts and out of JSON. Pure. */

export const ERASED = '(erased)';

export interface Traces {
  readonly ids: ReadonlySet<RecordId>;
  /** Names of two words or more, addresses and numbers, as they are written. */
  readonly phrases: readonly string[];
}
export interface Redactor {
  /** A quick look; what it passes over holds nothing of the person. */
  finds(text: string): boolean;
  text(text: string): string;
  /** Null: the value is about the person and nobody else. */
  json(text: string): string | null;
  value(value: unknown): unknown;
  isPerson(id: unknown): boolean;
}

/** Keys under which a plan, or a task of it, says about which record it is. */
const ABOUT = ['recordId', 'customer', 'key'] as const;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

export function redactorOf({ ids, phrases }: Traces): Redactor {
  const written = phrases.flatMap((phrase) => spellingsOf(phrase).map(patternOf));
  const parts = [...[...ids].map(patternOf), ...written];
  // Longest first: an address is not cut short by a name that is part of it.
  parts.sort((a, b) => b.length - a.length);
  const pattern =
    parts.length === 0
      ? null
      : new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const text = (value: string) => (pattern === null ? value : value.replace(pattern, ERASED));
  const isPerson = (id: unknown) => typeof id === 'string' && ids.has(id);
  const value = (held: unknown): unknown => {
    if (typeof held === 'string') return text(held);
    if (Array.isArray(held)) return held.map(value);
    if (held === null || typeof held !== 'object') return held;
    return Object.fromEntries(
      Object.entries(held).flatMap(([key, inner]) => {
        if (ids.has(key)) return [];
        if (isPerson(inner)) return [[text(key), null]];
        // Whose ids are listed to be read again: an erased one is not read.
        if (key === 'ids' && Array.isArray(inner)) return [[key, inner.filter((id) => !isPerson(id))]];
        return [[text(key), value(inner)]];
      }),
    );
  };
  return {
    isPerson,
    text,
    value,
    finds: (held) => {
      if (pattern === null) return false;
      pattern.lastIndex = 0;
      return pattern.test(held);
    },
    json: (held) => {
      const parsed: unknown = JSON.parse(held);
      return isAbout(parsed, isPerson) ? null : JSON.stringify(value(parsed));
    },
  };
}

/** A change, a task or a score says itself whom it is about; a list of changes does not. */
function isAbout(value: unknown, isPerson: (id: unknown) => boolean): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const held = value as { readonly [key: string]: unknown }; // an object, as the line before found
  const isOwn = ABOUT.some((key) => {
    const named = held[key];
    return (
      isPerson(named) || (named !== null && typeof named === 'object' && 'id' in named && isPerson(named.id))
    );
  });
  return isOwn || ['change', 'task', 'draft', 'reminder'].some((key) => isAbout(held[key], isPerson));
}

const patternOf = (phrase: string): string =>
  phrase
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(SPECIAL, '\\$&'))
    .join('\\s+');

/** As it stands, as JSON escapes it, and of a name the last word first. */
function spellingsOf(phrase: string): string[] {
  const words = phrase.trim().split(/\s+/);
  const last = words.at(-1) ?? '';
  const turned =
    words.length > 1 && !/[@\d]/.test(phrase)
      ? [' ', ', '].map((between) => [last, words.slice(0, -1).join(' ')].join(between))
      : [];
  const spelled = [phrase, ...turned];
  return [...new Set([...spelled, ...spelled.map((each) => JSON.stringify(each).slice(1, -1))])].filter(
    (each) => each.trim() !== '',
  );
}
