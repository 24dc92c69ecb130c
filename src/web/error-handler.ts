import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import {
  AppError,
  ConfigError,
  ConflictError,
  InputError,
  NotFoundError,
  SignatureError,
  ZohoAuthError,
  ZohoCreditsError,
  ZohoRateLimitError,
  ZohoUnavailableError,
} from '../errors.ts';
import { type Log, withoutSecrets } from '../log.ts';
import {
  HttpError,
  type InputProblem,
  LaterError,
  ProblemsError,
  UnauthenticatedError,
} from './http-errors.ts';

/** Errors → RFC 9457 problem JSON. The only place that turns one into a status. */

export function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof InputError) return 400;
  if (error instanceof SignatureError) return 401;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConflictError) return 409;
  if (error instanceof ConfigError || error instanceof ZohoUnavailableError) return 503;
  if (error instanceof ZohoRateLimitError || error instanceof ZohoCreditsError) return 503;
  if (error instanceof ZohoAuthError || error instanceof AppError) return 502;
  // Errors of the body parser and the router carry their own status.
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** What the body parser and the router refuse, by the status that their errors carry. */
const OF_THE_PARSER: { readonly [status: number]: { readonly code: string; readonly detail: string } } = {
  400: { code: 'bad_input', detail: 'the path or the body cannot be read: is the JSON whole?' },
  413: { code: 'too_large', detail: 'the body is larger than this route takes' },
  415: { code: 'unsupported_media_type', detail: 'the body has a character set or coding that is not read' },
};

export function sendProblem(
  res: Response,
  status: number,
  problem: {
    readonly code?: string;
    readonly detail?: string;
    readonly errors?: readonly InputProblem[];
  },
): void {
  const { code } = problem;
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: code === undefined ? 'about:blank' : `urn:zcv:problem:${code}`,
        title: STATUS_CODES[status] ?? 'Error',
        status,
        ...problem,
        instance: `urn:zcv:request:${res.req.id}`,
        requestId: res.req.id,
      }),
    );
}

export const handleNotFound: RequestHandler = (_req, _res, next) => {
  next(new NotFoundError('there is nothing here'));
};

export function createErrorHandler(log: Log): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const status = statusOf(error);
    // A signature error is somebody else's doing and its body stays unlogged; 5xx are ours to look at.
    if (status >= 500 && !(error instanceof LaterError))
      log.error({ err: error, requestId: req.id }, 'request failed');
    else log.debug({ requestId: req.id, status }, 'request refused');
    if (error instanceof LaterError && error.retryAfterSeconds !== null)
      res.set('Retry-After', String(error.retryAfterSeconds));
    if (error instanceof UnauthenticatedError) res.set('WWW-Authenticate', 'Bearer realm="zcv"');
    if (error instanceof AppError) {
      sendProblem(res, status, {
        code: error.code,
        detail: withoutSecrets(error.message),
        ...(error instanceof ProblemsError ? { errors: error.problems } : {}),
      });
    } else {
      // Messages of unknown errors may hold anything.
      sendProblem(res, status, OF_THE_PARSER[status] ?? {});
    }
  };
}
