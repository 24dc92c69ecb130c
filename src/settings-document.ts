import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';

/** One YAML document of settings: its values, and where each of them stands and why. */

/** Stands for "as if no layer had said anything"; `!default` in YAML. */
export const RESET = '!default';

export type Path = readonly PropertyKey[];
export interface SettingsDocument {
  /** Plain values; an empty object of an empty document. */
  readonly values: unknown;
  /** Line of a key, from 1; null: not in this document. */
  lineOf(path: Path): number | null;
  /** The comment above a key, or behind its value; that of the nearest key around it that has one. */
  commentOf(path: Path): string | null;
}

/** Problems name the line. */
export function parseSettingsDocument(
  text: string,
): { readonly document: SettingsDocument } | { readonly problems: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    customTags: [{ tag: '!default', resolve: () => RESET }],
  });
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map(
        ({ message, pos }) => `${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`,
      ),
    };
  }
  const contents = document.contents as Node | null; // no schema of its own: any node
  return {
    document: {
      values: document.toJS() ?? {},
      lineOf(path) {
        const range = stepsTo(contents, path)?.at(-1)?.key?.range;
        return range ? lines.linePos(range[0]).line : null;
      },
      commentOf(path) {
        const steps = stepsTo(contents, path) ?? [];
        for (const { key, value, isFirst, around } of steps.toReversed()) {
          const above = key?.commentBefore ?? (isFirst ? around?.commentBefore : null);
          const comment = value?.comment ?? key?.comment ?? above;
          if (comment) return comment.replaceAll(/\s*\n\s*/g, ' ').trim();
        }
        return null;
      },
    },
  };
}

interface Step {
  readonly key: Node | null;
  readonly value: Node | null;
  /** A comment above the first key is the parser's comment of the whole map. */
  readonly isFirst: boolean;
  readonly around: Node | null;
}

function stepsTo(root: Node | null, path: Path): Step[] | null {
  const steps: Step[] = [];
  let at: Node | null = root;
  for (const step of path) {
    if (isMap(at)) {
      const index = at.items.findIndex(({ key }) => isScalar(key) && String(key.value) === String(step));
      const pair = at.items[index] as Pair<Node, Node | null> | undefined; // as the parser makes them
      if (!pair) return null;
      steps.push({ key: pair.key, value: pair.value, isFirst: index === 0, around: at });
      at = pair.value;
    } else if (isSeq(at)) {
      const item = (at.items[Number(step)] ?? null) as Node | null;
      if (!item) return null;
      steps.push({ key: item, value: item, isFirst: false, around: null });
      at = item;
    } else return null;
  }
  return steps;
}
