import type { LeadScore } from '../leads.ts';
import type { Format } from './format.ts';
import { picklistLabel } from './picklists.ts';
import { renderReason } from './reasons.ts';
import { TEXTS } from './tables.ts';
import { fill } from './template.ts';

/** One lead for a person at a terminal: when it must hear from us, and what its source is worth. */
export function renderLeadPage(score: LeadScore, format: Format): string {
  const { page, lead } = TEXTS[format.language];
  const { key, name, asOf, followUp, expectedValue } = score;
  const reasons = (...prefixes: string[]) =>
    score.reasons
      .filter(({ code }) => prefixes.some((prefix) => code.startsWith(prefix)))
      .map((reason) => `  * ${renderReason(reason, format)}`);
  const { source, rating, status, createdDay } = score;
  const value =
    expectedValue === null ? lead.unknown : fill('{expectedValue:money2}', { expectedValue }, format);
  return [
    fill(page.as_of, { name, module: key.module, asOf }, format),
    fill(lead.facts, { source, rating, status, createdDay }, format),
    '',
    `${lead.follow_up}: ${followUp === null ? lead.closed : picklistLabel('follow_up', followUp, format.language)}`,
    ...reasons('lead.closed', 'lead.follow_up.', 'lead.rhythm.'),
    '',
    `${page.contact}:`,
    ...reasons('contact.'),
    // A closed lead is expected to bring nothing, and says so above.
    ...(score.state === 'closed' ? [] : ['', `${lead.value}: ${value}`, ...reasons('lead.value.')]),
  ].join('\n');
}
