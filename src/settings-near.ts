import { closest, distance } from 'fastest-levenshtein';

/** "; did you mean …?" where a word is close to one that is known, else nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known.length > 0 ? closest(word, [...known]) : '';
  return near && distance(word, near) <= Math.max(2, word.length / 3) ? `; did you mean ${near}?` : '';
}

interface SchemaNode {
  readonly properties?: { readonly [key: string]: SchemaNode };
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly type?: string;
  readonly default?: unknown;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: SchemaNode };
}

/** What a JSON Schema says of a path: every form that the value may have there. */
function nodesAt(schema: unknown, path: readonly PropertyKey[]): SchemaNode[] {
  const root = schema as SchemaNode; // zod made it
  const forms = (node: SchemaNode): SchemaNode[] => {
    const named = node.$ref === undefined ? node : root.$defs?.[node.$ref.replace('#/$defs/', '')];
    return named === undefined ? [] : [named, ...(named.anyOf ?? []).flatMap(forms)];
  };
  let at = forms(root);
  for (const step of path) {
    at = at.flatMap((node) => {
      const more = typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined;
      const next = typeof step === 'number' ? node.items : (node.properties?.[String(step)] ?? more);
      return next ? forms(next) : [];
    });
  }
  return at;
}

/** The keys that a JSON Schema knows at a path. */
export function keysInSchema(schema: unknown, path: readonly PropertyKey[]): string[] {
  return [...new Set(nodesAt(schema, path).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** True where null is a value of its own. */
export function takesNull(schema: unknown, path: readonly PropertyKey[]): boolean {
  return nodesAt(schema, path).some(({ type }) => type === 'null');
}

/** What a file that leaves the path out would say there, as it would write it; undefined: nothing. */
export function defaultInSchema(schema: unknown, path: readonly PropertyKey[]): unknown {
  return nodesAt(schema, path).find((node) => node.default !== undefined)?.default;
}

/** As above, where the default may also be part of that of something around it. */
export function defaultAround(schema: unknown, path: readonly PropertyKey[]): unknown {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const usual = path
      .slice(depth)
      .reduce<unknown>(
        (value, step) => (isRecord(value) ? value[String(step)] : undefined),
        defaultInSchema(schema, path.slice(0, depth)),
      );
    if (usual !== undefined) return usual;
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
