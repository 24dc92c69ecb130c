import { closest, distance } from 'fastest-levenshtein';

/** "; did you mean …?" where a word is close to one that is known, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known.length > 0 ? closest(word, [...known]) : '';
  return near && distance(word, near) <= Math.max(2, word.length / 3) ? `; did you mean ${near}?` : '';
}

interface SchemaNode {
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that a JSON Schema knows at a path. */
export function keysInSchema(schema: unknown, path: readonly PropertyKey[]): string[] {
  let at = [schema as SchemaNode]; // zod made it
  for (const step of path) {
    at = at.flatMap((node) => {
      const next = typeof step === 'number' ? node.items : node.properties?.[String(step)];
      return next ? [next, ...(next.anyOf ?? [])] : [];
    });
  }
  return [...new Set(at.flatMap((node) => Object.keys(node.properties ?? {})))];
}
