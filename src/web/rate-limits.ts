import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { TooManyError } from './http-errors.ts';

/**
 * How often one caller may ask, counted in this process: with several servers behind a balancer each counts its own
 * share. By address before anybody is known, so that guessed tokens do not each get a count of their own.
 */

const WINDOW_MS = 60_000;

export interface RateLimits {
  /** Of /api/v1, by address. */
  readonly api: RequestHandler;
  /** Of pages that begin a consent or a sign-in, or that stop mails, by address. */
  readonly signIn: RequestHandler;
  /** Of /api/v1, by whoever was recognised: `res.locals.caller`. */
  readonly caller: RequestHandler;
}

export interface MostPerMinute {
  readonly api: number;
  readonly signIn: number;
  readonly caller: number;
}
export const MOST_PER_MINUTE: MostPerMinute = { api: 1_200, signIn: 120, caller: 600 };

export function createRateLimits(most: MostPerMinute): RateLimits {
  const limited = (limit: number, identifier: string, ofCaller = false) =>
    rateLimit({
      windowMs: WINDOW_MS,
      limit,
      identifier,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      // Whether to believe the header is decided by TRUST_PROXY, once.
      validate: { xForwardedForHeader: false },
      ...(ofCaller
        ? { keyGenerator: (_req: unknown, res: { locals: { caller?: string } }) => res.locals.caller ?? '' }
        : {}),
      handler: (_req, _res, next) => {
        next(new TooManyError(`more than ${limit} requests a minute; ask again after Retry-After seconds`));
      },
    });
  return {
    api: limited(most.api, 'address'),
    signIn: limited(most.signIn, 'sign-in'),
    caller: limited(most.caller, 'caller', true),
  };
}
