import type { Reason } from '../scores.ts';
import type { Format } from './format.ts';
import { TEXTS } from './tables.ts';
import { fill } from './template.ts';

/** One sentence. A code that this version has no words for (an old score) is shown as it is. */
export function renderReason(reason: Reason, format: Format): string {
  const templates: { readonly [code: string]: string } = TEXTS[format.language].reasons;
  const template = templates[reason.code];
  return template === undefined ? reason.code : fill(template, reason.params, format);
}
