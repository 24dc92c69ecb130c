import type { AnswerOf } from '../../api/call.ts';

export const ROUTE = 'GET /connections/{connection}/event-endpoints';
export const LOG = 'GET /connections/{connection}/event-deliveries';
export type Endpoint = AnswerOf<typeof ROUTE>['items'][number];
