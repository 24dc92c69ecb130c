/** Compares translation files: the same keys, the same placeholders, every plural form that a language has. */

type Tree = { readonly [key: string]: string | Tree };

export interface TextProblem {
  readonly key: string;
  readonly why: string;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;

function flat(tree: Tree, prefix = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(prefix + key, value);
    else for (const [inner, text] of flat(value, `${prefix}${key}.`)) all.set(inner, text);
  }
  return all;
}

/** Plural forms count as one text: which there are is up to the language. */
function byText(tree: Tree): Map<string, Map<string, string>> {
  const texts = new Map<string, Map<string, string>>();
  for (const [key, text] of flat(tree)) {
    const form = PLURAL.exec(key)?.[1] ?? '';
    const base = key.replace(PLURAL, '');
    texts.set(base, new Map([...(texts.get(base) ?? []), [form, text]]));
  }
  return texts;
}

function placeholders(text: string): string {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name))].sort().join(', ');
}

export function textProblems(english: Tree, other: Tree, language: string): TextProblem[] {
  const [wanted, present] = [byText(english), byText(other)];
  const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  const problems: TextProblem[] = [];
  for (const [key, texts] of wanted) {
    const theirs = present.get(key);
    if (theirs === undefined) {
      problems.push({ key, why: 'is missing' });
      continue;
    }
    const neededForms = texts.has('') ? [''] : forms;
    for (const form of neededForms) if (!theirs.has(form)) problems.push({ key, why: `has no form ${form}` });
    // "One" may leave the number out; all other forms hold what English holds.
    const needed = placeholders(texts.get('') ?? texts.get('other') ?? '');
    for (const [form, text] of theirs) {
      if (text.trim() === '') problems.push({ key, why: 'is empty' });
      if (form !== 'one' && placeholders(text) !== needed)
        problems.push({ key, why: `has placeholders "${placeholders(text)}" instead of "${needed}"` });
    }
  }
  for (const key of present.keys())
    if (!wanted.has(key)) problems.push({ key, why: 'stands in no English file' });
  return problems;
}
