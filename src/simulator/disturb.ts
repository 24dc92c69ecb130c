import type { Request, Response } from 'express';
import { errorBody } from './api-error.ts';
import type { SimClock } from './clock.ts';
import type { Answer } from './context.ts';
import type { ActiveFault, FaultBook } from './faults.ts';
import type { ReportBook } from './report.ts';

interface Exchange {
  request: Request;
  response: Response;
  module: string | null;
}

interface DisturbDeps {
  faults: FaultBook;
  clock: SimClock;
  report: ReportBook;
  /** Does what people do between two calls. */
  intervene(fault: ActiveFault): void;
}

/** Does the work and answers, unless and except as the faults that strike this call say. */
export async function answerThroughFaults(
  deps: DisturbDeps,
  { request, response, module }: Exchange,
  work: (struck: readonly ActiveFault[]) => Promise<Answer>,
): Promise<void> {
  const { method } = request;
  const struck = deps.faults.strike({ method, path: request.baseUrl + request.path, module });
  const find = (kind: ActiveFault['kind']) => struck.find((fault) => fault.kind === kind);
  if (find('reset') !== undefined) return drop(request);
  const late = find('late-commit');
  if (late !== undefined) {
    drop(request);
    await deps.clock.wait(late.ms ?? 1000);
  }
  const answer = faultAnswer(struck) ?? (await work(struck));
  const edit = find('edit-between-pages');
  if (edit !== undefined) deps.intervene(edit);
  await deps.clock.wait(slowMs(struck, 'after'));
  deps.report.status(answer.status);
  if (find('lost-answer') !== undefined) return drop(request);
  send(response, answer, find('reset-mid-body') !== undefined);
}

/** How long a slow call waits before or after its work. */
export function slowMs(struck: readonly ActiveFault[], at: 'before' | 'after'): number {
  const slow = struck.find(({ kind, when = 'before' }) => kind === 'slow' && when === at);
  return slow === undefined ? 0 : (slow.ms ?? 1000);
}

function drop(request: Request): void {
  request.socket.destroy();
}

function faultAnswer(struck: readonly ActiveFault[]): Answer | null {
  for (const { kind, status, retryAfter, code, message } of struck) {
    if (kind === 'rate-limited') {
      const body = errorBody({
        code: code ?? 'TOO_MANY_REQUESTS',
        details: {},
        message: message ?? 'too many',
      });
      const headers = retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) };
      return { status: 429, json: body, headers };
    }
    if (kind === 'server-error') {
      const body = {
        code: code ?? 'INTERNAL_ERROR',
        details: {},
        message: message ?? 'Internal Server Error',
      };
      return { status: status ?? 500, json: errorBody(body) };
    }
    if (kind === 'not-json') {
      const headers = { 'Content-Type': 'text/plain;charset=UTF-8' };
      return { status: 200, bytes: Buffer.from('Service is busy, please wait'), headers };
    }
    if (kind === 'html') {
      const page = '<!DOCTYPE html><html><head><title>Zoho</title></head><body><h1>Sorry</h1></body></html>';
      const headers = { 'Content-Type': 'text/html;charset=UTF-8' };
      return { status: status ?? 503, bytes: Buffer.from(page), headers };
    }
  }
  return null;
}

function send(response: Response, { status, json, bytes, headers = {} }: Answer, breaksOff: boolean): void {
  response.status(status).set(headers);
  const body = bytes ?? (json === undefined ? null : Buffer.from(JSON.stringify(json)));
  if (body === null) {
    response.end();
    return;
  }
  if (bytes === undefined) response.set('Content-Type', 'application/json;charset=UTF-8');
  response.set('Content-Length', String(body.length));
  if (!breaksOff) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}
