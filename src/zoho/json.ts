/** Zoho's JSON as values. Ids of 18 and 19 digits stay text even where an answer carries them as numbers. */

// Only an answer with a number this long can lose digits; all others take JSON.parse's fast path.
const LONG_NUMBER = /[:[,]\s*-?[\d.]{16,}/;
const MOST_EXACT_DIGITS = 15;

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

function keepDigits(_key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined) return value;
  const [mantissa = ''] = context.source.split(/[eE]/);
  const digits = mantissa.replace(/\D/g, '').replace(/^0+/, '');
  return digits.length > MOST_EXACT_DIGITS ? context.source : value;
}

/** Throws SyntaxError on anything that is no JSON, such as an HTML page or a cut answer. */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  // The third argument is part of the language since 2025, but not yet of TypeScript's library types.
  return JSON.parse(text, keepDigits as Reviver);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
