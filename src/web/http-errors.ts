import { AppError } from '../errors.ts';

/** Refusals that exist only at the edge, each with its status. */

export abstract class HttpError extends AppError {
  abstract readonly status: number;
}

export class UnauthenticatedError extends HttpError {
  readonly code = 'unauthenticated';
  readonly status = 401;
}
export class ForbiddenError extends HttpError {
  readonly code = 'forbidden';
  readonly status = 403;
}
export class MethodError extends HttpError {
  readonly code = 'method_not_allowed';
  readonly status = 405;
}
export class UnsupportedTypeError extends HttpError {
  readonly code = 'unsupported_media_type';
  readonly status = 415;
}

/** Right a little later. */
export abstract class LaterError extends HttpError {
  /** Sent as Retry-After; null: the limit that refused has set it. */
  readonly retryAfterSeconds: number | null;
  constructor(message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
export class TooManyError extends LaterError {
  readonly code = 'too_many_requests';
  readonly status = 429;
}
/** All that we have of something is in use. */
export class BusyServerError extends LaterError {
  readonly code = 'busy';
  readonly status = 503;
}

/** One thing that is wrong with a request: where, which part of it (`filter.tier`), and what is wanted. */
export interface InputProblem {
  readonly in: string;
  readonly path: string;
  readonly message: string;
  /** Of a text that was sent; left out or null: of none. */
  readonly line?: number | null;
}
/** All that is wrong with a request at once. */
export class ProblemsError extends HttpError {
  readonly code = 'bad_input';
  readonly status = 400;
  readonly problems: readonly InputProblem[];
  constructor(problems: readonly InputProblem[], message?: string) {
    const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
    super(message ?? `the request has ${count}; see errors`);
    this.problems = problems;
  }
}
