import type { AnswerOf } from '../../api/call.ts';

export const PLAYBOOK = 'GET /connections/{connection}/playbook';
export const STATS = 'GET /connections/{connection}/playbook/stats';
export const SETTINGS = 'GET /connections/{connection}/settings';
/** What a change of the playbook changes. */
export const CHANGED = [PLAYBOOK, SETTINGS, 'GET /connections/{connection}/settings/versions'] as const;
export type Rule = AnswerOf<typeof PLAYBOOK>['items'][number];
export type Stats = AnswerOf<typeof STATS>['items'][number];
