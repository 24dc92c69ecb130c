import { AppError, ZohoRateLimitError } from '../errors.ts';

export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** 429s for longer than this mean that the day's credits are gone (Zoho docs, API limits). */
  readonly rateLimitPatienceMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  maxAttempts: 5,
  baseMs: 1_000,
  maxMs: 30_000,
  rateLimitPatienceMs: 5 * 60_000,
};

/** How long to wait before the next attempt, or null to give up. */
export function nextDelay(
  error: unknown,
  attempt: number,
  policy: Pick<RetryPolicy, 'maxAttempts' | 'baseMs' | 'maxMs'>,
  random: () => number,
): number | null {
  if (!(error instanceof AppError) || !error.retryable || attempt >= policy.maxAttempts) return null;
  if (error instanceof ZohoRateLimitError && error.retryAfterMs !== null) return error.retryAfterMs;
  return Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1)) * (0.5 + random() / 2);
}
