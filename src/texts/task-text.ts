import type { Day } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import type { InLanguages } from '../rules.ts';
import type { ReasonParam, Score } from '../scores.ts';
import type { Format } from './format.ts';
import { FIELD_LENGTH, renderContactSummary, renderNextStep, shownPhase } from './render.ts';
import { TEXTS } from './tables.ts';
import { clip, fill, type Values } from './template.ts';

/** Subject and description of a task: the words of its rule, and below them what is known, in dates and codes. */

/** What templates of the playbook may name, and how each is shown. */
export const TASK_VARIABLES = {
  name: 'plain',
  tier: 'tier',
  phase: 'phase',
  since: 'day',
  profit: 'money',
  revenue: 'money',
  total_profit: 'money',
  goodwill: 'money',
  first_purchase: 'day',
  last_purchase: 'day',
  last_contact: 'day',
  planned_days: 'number',
  attempts: 'number',
  case: 'text',
  case_opened: 'day',
  contract_end: 'day',
  sign: 'day',
  cost: 'item',
  anniversary: 'day',
  years: 'number',
  brought: 'number',
  last_thanked: 'day',
  reviewed: 'day',
  reason_left: 'left',
  source: 'plain',
  status: 'plain',
  rating: 'plain',
  created: 'day',
  follow_up_by: 'day',
  value: 'money',
} as const satisfies { readonly [name: string]: string };
type TaskVariable = keyof typeof TASK_VARIABLES;
export type TaskValues = { readonly [V in TaskVariable]?: ReasonParam };

/** Of amounts: they move with every booking, and nobody is to find a task rewritten because of that. */
const DRIFTING: ReadonlySet<string> = new Set(
  Object.entries(TASK_VARIABLES).flatMap(([name, kind]) => (kind === 'money' ? [name] : [])),
);

const HOLE = /\{([^{}]*)\}/g;
/** What stands in braces. */
export function variablesIn(template: string): string[] {
  return [...template.matchAll(HOLE)].map(([, name]) => name ?? '');
}

const EITHER_OR = /\[([^[\]|]*)\|([^[\]|]*)\]/g;

/** As all templates; besides, of [one|other] the other is shown when a value in the first is not known. */
function fillTask(template: string, values: Values, format: Format): string {
  const isKnown = (name: string) => (values[name] ?? '') !== '';
  const chosen = template.replace(EITHER_OR, (_, one: string, other: string) =>
    variablesIn(one).every(isKnown) ? one : other,
  );
  // A template that names anything else is refused at start.
  const typed = chosen.replace(HOLE, (_, name: TaskVariable) => `{${name}:${TASK_VARIABLES[name]}}`);
  return fill(typed, values, format);
}

export interface TaskText {
  readonly subject: string;
  readonly body: string;
  /** The same without the amounts: while it stays, the text in Zoho stays. */
  readonly stable: string;
}
export interface TaskWords {
  readonly template: { readonly subject: InLanguages; readonly body: InLanguages };
  readonly values: TaskValues;
  /** What is known of the record, a line each. */
  readonly facts: (format: Format, withAmounts: boolean) => readonly string[];
  /** Due day of a task that nobody did in time, once it is escalated. */
  readonly overdueSince?: Day | null;
}

export function taskText(words: TaskWords, format: Format): TaskText {
  const { template, values, facts, overdueSince = null } = words;
  const { language } = format;
  const overdue = fill(TEXTS[language].task.overdue, { due: overdueSince }, format);
  const steady = Object.fromEntries(Object.entries(values).filter(([name]) => !DRIFTING.has(name)));
  const body = (shown: Values, withAmounts: boolean) =>
    [
      ...(overdueSince === null ? [] : [overdue]),
      fillTask(template.body[language], shown, format),
      ...facts(format, withAmounts),
    ]
      .filter((line) => line !== '')
      .join('\n');
  return {
    subject: clip(fillTask(template.subject[language], values, format), FIELD_LENGTH),
    body: body(values, true),
    stable: body(steady, false),
  };
}

export function customerLines(score: Score, format: Format, withAmounts: boolean): string[] {
  const { task } = TEXTS[format.language];
  const summary = renderContactSummary(score, format);
  const step = renderNextStep(score, format);
  const profit = withAmounts ? score.window12.profit : null;
  return [
    fill(task.value, { tier: score.tier, profit }, format),
    fill(task.phase, { phase: shownPhase(score), since: score.phaseSince }, format),
    ...(step === '' ? [] : [task.step.replace('{step}', () => step)]),
    ...(summary === null ? [] : [task.last.replace('{summary}', () => summary)]),
  ];
}

export function leadLines(lead: LeadScore, format: Format, withAmounts: boolean): string[] {
  const { lead: words, task } = TEXTS[format.language];
  const { source, rating, status, createdDay, lastContact } = lead;
  const value = withAmounts ? lead.expectedValue : null;
  return [
    fill(words.facts, { source, rating, status, createdDay }, format),
    ...(value === null ? [] : [fill(task.lead_value, { value }, format)]),
    ...(lastContact === null ? [] : [fill(task.lead_last, { lastContact }, format)]),
  ];
}
