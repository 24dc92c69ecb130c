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

/** Errors → RFC 9457 problem JSON. The only place that turns one into a status. */

export function statusOf(error: unknown): number {
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

export function sendProblem(
  res: Response,
  status: number,
  problem: { readonly code?: string; readonly detail?: string },
): void {
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        type: 'about:blank',
        title: STATUS_CODES[status] ?? 'Error',
        status,
        ...problem,
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
    if (status >= 500) log.error({ err: error, requestId: req.id }, 'request failed');
    else log.debug({ requestId: req.id, status }, 'request refused');
    if (error instanceof AppError) {
      sendProblem(res, status, { code: error.code, detail: withoutSecrets(error.message) });
    } else {
      // Messages of unknown errors may hold anything.
      sendProblem(res, status, {});
    }
  };
}
