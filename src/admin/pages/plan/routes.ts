import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../api/call.ts';
import type { Language } from '../../shell/texts.ts';

export const PLAN_ROUTE = 'GET /connections/{connection}/plans/{plan}';
export const CHANGES_ROUTE = 'GET /connections/{connection}/plans/{plan}/changes';
export type PlanAnswer = AnswerOf<typeof PLAN_ROUTE>;
export type Summary = NonNullable<PlanAnswer['summary']>;

export type Change = AnswerOf<typeof CHANGES_ROUTE>['items'][number];
export const KINDS = ['field', 'task', 'suppressed', 'edited'] as const;
export type Kind = (typeof KINDS)[number];

/** What a decision about a plan changes. */
export const CHANGED = [
  PLAN_ROUTE,
  'GET /connections/{connection}/plans',
  CHANGES_ROUTE,
  'GET /connections/{connection}/runs',
] as const;

/** Words of the server in the language of the reader. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return (i18n.resolvedLanguage ?? 'en') as Language; // one of supportedLngs
}
