import type { z } from 'zod';
import { nodeAt, placeText, type Traced } from './settings-merge.ts';
import { didYouMean, keysInSchema } from './settings-near.ts';

/** What is wrong with settings: each with the file, the line, and what was probably meant. */

type Issue = z.core.$ZodIssue;

type SettingProblemCode =
  | ('yaml' | 'part' | 'unknown_key' | 'choice' | 'at_least' | 'more_than' | 'at_most' | 'whole' | 'kind')
  | 'other';
/** One thing that is wrong, for whoever words it; `message` is English, or zod's in the language of the parsing. */
export interface SettingProblem {
  /** Null: of no single key. */
  readonly key: string | null;
  /** The layer, e.g. "stored v3". */
  readonly layer: string;
  readonly line: number | null;
  readonly code: SettingProblemCode;
  readonly params: { readonly [name: string]: string | number };
  readonly message: string;
}

export function problemLines(root: Traced, schema: unknown, error: z.ZodError): string[] {
  return settingProblems('', root, schema, error).map(({ text }) => text);
}

/** Each also as a line of text with file and line. */
export function settingProblems(
  file: string,
  root: Traced,
  schema: unknown,
  error: z.ZodError,
): (SettingProblem & { readonly text: string })[] {
  return flatIssues(error.issues).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const names = keysInSchema(schema, issue.path);
      return issue.keys.map((key) => {
        const { at, where, ...place } = placeOf(root, [...issue.path, key]);
        const near = didYouMean(key, names);
        return {
          ...{ key: [file, ...issue.path, key].map(String).join('.'), layer: place.layer, line: place.line },
          ...{ code: 'unknown_key' as const, params: { name: key, near: nearIn(near) } },
          ...{ message: `unknown key${near}`, text: `${at}: unknown key ${where}${near}` },
        };
      });
    }
    const { at, where, value, ...place } = placeOf(root, issue.path);
    const hint =
      issue.code === 'invalid_value' && typeof value === 'string'
        ? didYouMean(value, issue.values.map(String))
        : '';
    const message = `${issue.message}${hint}`;
    return [
      {
        ...{ key: [file, ...issue.path].map(String).join('.'), layer: place.layer, line: place.line },
        ...{ ...coded(issue, nearIn(hint)), message, text: `${at}: ${where || 'file'}: ${message}` },
      },
    ];
  });
}

const nearIn = (hint: string): string => /did you mean (.*)\?$/.exec(hint)?.[1] ?? '';

function coded(issue: Issue, near: string): Pick<SettingProblem, 'code' | 'params'> {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin !== 'number' && issue.origin !== 'int') break;
      return {
        code: issue.inclusive === false ? 'more_than' : 'at_least',
        params: { limit: Number(issue.minimum) },
      };
    case 'too_big':
      if (issue.origin !== 'number' && issue.origin !== 'int') break;
      return { code: 'at_most', params: { limit: Number(issue.maximum) } };
    case 'invalid_value':
      return { code: 'choice', params: { choices: issue.values.join(', '), near } };
    case 'invalid_type':
      if (issue.expected === 'int') return { code: 'whole', params: {} };
      return { code: 'kind', params: {} };
    default:
      break;
  }
  return { code: 'other', params: {} };
}

function placeOf(root: Traced, path: readonly PropertyKey[]) {
  const { node, rest } = nodeAt(root, path);
  const { layer, path: inLayer } = node.place;
  return {
    at: placeText(node.place),
    layer: layer.label,
    line: layer.document?.lineOf([...layer.at, ...inLayer]) ?? null,
    where: [...node.place.layer.at, ...node.place.path, ...rest].map(String).join('.'),
    value: node.kind === 'value' && rest.length === 0 ? node.value : undefined,
  };
}

/** Where a value may have several forms, what is wrong with the one that it comes closest to. */
function flatIssues(issues: readonly Issue[]): Issue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue];
    const forms = issue.errors.filter((form) => form.every(({ code }) => code !== 'invalid_type'));
    const [form] = forms;
    if (forms.length !== 1 || form === undefined) return [issue];
    return flatIssues(form.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}
