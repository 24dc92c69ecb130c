import type { FaultSpec } from '../../src/simulator/faults.ts';

/** One disturbance each, what a run under it may end with, and what an operator must do before the next. */
export interface FaultRun {
  readonly name: string;
  readonly faults: readonly FaultSpec[];
  /** Exit codes that are right under the fault. */
  readonly codes: readonly number[];
  /** Text on stderr or stdout that says what to do. */
  readonly says?: RegExp;
  readonly repair?: 'reconnect';
}

const WRITES = { method: 'PUT' };
const CREATES = { method: 'POST', path: '^/crm/v8/Tasks' };

export const FAULT_RUNS: readonly FaultRun[] = [
  // First, while many customers still lack their task.
  {
    name: 'lost answers of task creation',
    faults: [{ kind: 'lost-answer', match: CREATES, times: 1 }],
    codes: [0],
  },
  {
    name: 'a late commit of task creation',
    faults: [{ kind: 'late-commit', match: CREATES, times: 1, ms: 700 }],
    codes: [0],
  },
  {
    name: 'a storm of 429',
    faults: [{ kind: 'rate-limited', probability: 0.3, seed: 7, times: 12 }],
    codes: [0],
  },
  { name: '429 with Retry-After', faults: [{ kind: 'rate-limited', retryAfter: 1, times: 3 }], codes: [0] },
  {
    name: 'server errors on reads',
    faults: [{ kind: 'server-error', match: { method: 'GET' }, times: 3 }],
    codes: [0],
  },
  {
    name: 'server errors on writes',
    faults: [{ kind: 'server-error', match: WRITES, times: 2 }],
    codes: [0, 4],
  },
  {
    name: 'HTML instead of an answer',
    faults: [{ kind: 'html', probability: 0.2, seed: 3, times: 6 }],
    codes: [0, 4],
  },
  {
    name: 'connections reset',
    faults: [{ kind: 'reset', probability: 0.2, seed: 5, times: 6 }],
    codes: [0, 4],
  },
  {
    name: 'answers that break off',
    faults: [{ kind: 'reset-mid-body', probability: 0.2, seed: 9, times: 6 }],
    codes: [0, 4],
  },
  { name: 'lost answers of updates', faults: [{ kind: 'lost-answer', match: WRITES, times: 2 }], codes: [0] },
  {
    name: 'late commits of updates',
    faults: [{ kind: 'late-commit', match: WRITES, times: 2, ms: 700 }],
    codes: [0],
  },
  {
    name: 'a token that expires twice',
    faults: [
      { kind: 'expired-token', after: 8, times: 1 },
      { kind: 'expired-token', after: 25, times: 1 },
    ],
    codes: [0],
  },
  {
    name: 'a revoked grant',
    faults: [
      { kind: 'revoked-grant', after: 15, times: 1 },
      { kind: 'expired-token', after: 15, times: 1 },
    ],
    codes: [5],
    says: /zcv connect/,
    repair: 'reconnect',
  },
  {
    name: 'a half-failed batch',
    faults: [{ kind: 'half-failed', match: WRITES, every: 3, code: 'RECORD_LOCKED', times: 1 }],
    codes: [4],
    says: /RECORD_LOCKED/,
  },
];
