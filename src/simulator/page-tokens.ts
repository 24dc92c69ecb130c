import { ApiError } from './api-error.ts';
import { invalidParam } from './requests.ts';

const DAY_MS = 86_400_000;

/** The last row of a page in the order of the list. */
export interface Place {
  ms: number;
  id: string;
}

export interface PageStart {
  /** null: the first page. */
  after: Place | null;
  /** Rows before this page. */
  served: number;
  previous: string | null;
}

/** Page tokens are bound to the user and to every other parameter, and live for a day. */
export interface PageTokens {
  issue(start: PageStart, bound: string, userId: string): { token: string; expiresMs: number };
  open(token: string, bound: string, userId: string): PageStart;
}

export function createPageTokens(deps: { nowMs(): number; newToken(): string }): PageTokens {
  const known = new Map<string, { start: PageStart; bound: string; userId: string; expiresMs: number }>();
  return {
    issue: (start, bound, userId) => {
      const token = deps.newToken();
      const expiresMs = deps.nowMs() + DAY_MS;
      known.set(token, { start, bound, userId, expiresMs });
      return { token, expiresMs };
    },
    open: (token, bound, userId) => {
      const found = known.get(token);
      if (found === undefined) throw invalidParam('page_token');
      if (found.expiresMs <= deps.nowMs())
        throw new ApiError(400, 'EXPIRED_VALUE', 'the page token has expired', { param: 'page_token' });
      if (found.bound !== bound || found.userId !== userId)
        throw new ApiError(400, 'TOKEN_BOUND_DATA_MISMATCH', 'the token is bound to other parameters', {
          param: 'page_token',
        });
      return found.start;
    },
  };
}
