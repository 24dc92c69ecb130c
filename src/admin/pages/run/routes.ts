import type { AnswerOf } from '../../api/call.ts';

export const RUN_ROUTE = 'GET /connections/{connection}/runs/{run}';
export type RunAnswer = AnswerOf<typeof RUN_ROUTE>;
export type Undone = NonNullable<RunAnswer['undo']>;
