import type { z } from 'zod';
import { nodeAt, placeText, type Traced } from './settings-merge.ts';
import { didYouMean, keysInSchema } from './settings-near.ts';

/** What is wrong with settings: each with the file, the line, and what was probably meant. */

type Issue = z.core.$ZodIssue;

export function problemLines(root: Traced, schema: unknown, error: z.ZodError): string[] {
  return flatIssues(error.issues).flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      const names = keysInSchema(schema, issue.path);
      return issue.keys.map((key) => {
        const { at, where } = placeOf(root, [...issue.path, key]);
        return `${at}: unknown key ${where}${didYouMean(key, names)}`;
      });
    }
    const { at, where, value } = placeOf(root, issue.path);
    const hint =
      issue.code === 'invalid_value' && typeof value === 'string'
        ? didYouMean(value, issue.values.map(String))
        : '';
    return [`${at}: ${where || 'file'}: ${issue.message}${hint}`];
  });
}

function placeOf(root: Traced, path: readonly PropertyKey[]) {
  const { node, rest } = nodeAt(root, path);
  return {
    at: placeText(node.place),
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
