import { type Path, RESET, type SettingsDocument } from './settings-document.ts';
import { defaultInSchema, takesNull } from './settings-near.ts';

/** Layers of settings laid over each other (docs/adr/0036), each value with the place that it came from. */

export type SettingOriginKind = 'default' | 'base' | 'overlay' | 'stored' | 'env';
export interface Layer {
  readonly kind: SettingOriginKind;
  /** As problems and lists name it: a path, "stored v3", "SETTINGS_PATCH". */
  readonly label: string;
  /** Null: the shipped defaults, which stand in no file of the operator. */
  readonly document: SettingsDocument | null;
  /** What of the document is meant: `['scoring']` in a patch, `[]` in a file of its own. */
  readonly at: Path;
}
export interface Place {
  readonly layer: Layer;
  readonly path: Path;
}
export type Traced =
  | { readonly kind: 'map'; readonly place: Place; readonly entries: ReadonlyMap<string, Traced> }
  | { readonly kind: 'list'; readonly place: Place; readonly items: readonly Traced[] }
  | { readonly kind: 'value'; readonly place: Place; readonly value: unknown };

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The lowest layer, as it stands. */
export function traced(value: unknown, place: Place): Traced {
  const inner = (step: PropertyKey): Place => ({ ...place, path: [...place.path, step] });
  if (Array.isArray(value)) {
    return { kind: 'list', place, items: value.map((item, index) => traced(item, inner(index))) };
  }
  if (isObject(value)) {
    const entries = Object.entries(value).map(([key, of]): [string, Traced] => [key, traced(of, inner(key))]);
    return { kind: 'map', place, entries: new Map(entries) };
  }
  return { kind: 'value', place, value };
}

interface Merging {
  readonly schema: unknown;
  /** Of lists whose items are told apart by their id. */
  readonly keyedLists: readonly string[];
}

/** Undefined: reset, so that the default holds. `path` is that of the schema. */
export function overlaid(
  below: Traced | undefined,
  { value, place }: { readonly value: unknown; readonly place: Place },
  merging: Merging,
  path: Path = [],
): Traced | undefined {
  if (value === RESET) return undefined;
  if (value === null && !takesNull(merging.schema, path)) return undefined;
  const inner = (step: PropertyKey): Place => ({ ...place, path: [...place.path, step] });
  if (isObject(value)) {
    const under = below ?? defaultMap(merging.schema, path, place);
    const entries = new Map(under?.kind === 'map' ? under.entries : []);
    for (const [key, given] of Object.entries(value)) {
      const merged = overlaid(entries.get(key), { value: given, place: inner(key) }, merging, [...path, key]);
      if (merged) entries.set(key, merged);
      else entries.delete(key);
    }
    return { kind: 'map', place, entries };
  }
  if (Array.isArray(value) && below?.kind === 'list' && merging.keyedLists.includes(path.join('.'))) {
    const items = new Map(below.items.map((item, index) => [idOf(item) ?? index, item]));
    for (const [index, given] of value.entries()) {
      const id = isObject(given) && typeof given.id === 'string' ? given.id : null;
      const key = id ?? `${index} of ${place.layer.label}`;
      const of = { value: given, place: inner(index) };
      // A rule of the overlay's own has nothing beneath it.
      const merged = overlaid(items.get(key), of, merging, [...path, 0]);
      if (merged) items.set(key, merged);
    }
    return { kind: 'list', place, items: [...items.values()] };
  }
  return traced(value, place);
}

/** Some tables are given whole or not at all in a base file; an overlay may change one of their values. */
function defaultMap(schema: unknown, path: Path, { layer }: Place): Traced | undefined {
  const usual = defaultInSchema(schema, path);
  if (!isObject(usual) || Object.keys(usual).length === 0) return undefined;
  return traced(usual, { layer: { ...layer, kind: 'default', label: 'default', document: null }, path });
}

function idOf(item: Traced): string | null {
  const id = item.kind === 'map' ? item.entries.get('id') : undefined;
  return id?.kind === 'value' && typeof id.value === 'string' ? id.value : null;
}

export function plain(of: Traced): unknown {
  if (of.kind === 'value') return of.value;
  if (of.kind === 'list') return of.items.map(plain);
  return Object.fromEntries([...of.entries].map(([key, inner]) => [key, plain(inner)]));
}

/** The node at a path; where the layers say nothing there, the nearest around it and what is left of the path. */
export function nodeAt(root: Traced, path: Path): { readonly node: Traced; readonly rest: Path } {
  let node = root;
  for (const [index, step] of path.entries()) {
    const next =
      node.kind === 'map'
        ? node.entries.get(String(step))
        : node.kind === 'list'
          ? node.items[Number(step)]
          : undefined;
    if (!next) return { node, rest: path.slice(index) };
    node = next;
  }
  return { node, rest: [] };
}

/** "config/connections/acme/scoring.yaml:3". */
export function placeText({ layer, path }: Place): string {
  const line = layer.document?.lineOf([...layer.at, ...path]) ?? null;
  return line === null ? layer.label : `${layer.label}:${line}`;
}
