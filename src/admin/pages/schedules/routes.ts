import type { AnswerOf } from '../../api/call.ts';

export const ROUTE = 'GET /connections/{connection}/schedules';
export const JOBS = 'GET /connections/{connection}/jobs';
export type Schedule = AnswerOf<typeof ROUTE>['items'][number];
