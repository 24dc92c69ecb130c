import type { Request, RequestHandler, Response } from 'express';
import { ApiError, errorBody } from './api-error.ts';
import { type EndpointDeps, type OpenCall, openCall } from './call.ts';
import type { Answer, Call, Endpoint } from './context.ts';
import { CoqlError } from './coql-types.ts';
import type { ActiveFault } from './faults.ts';

/** Wraps an endpoint into what every call to Zoho goes through: faults, authorisation, limits, credits. */
export function createEndpoint(deps: EndpointDeps): (handle: Endpoint) => RequestHandler {
  return (handle) => async (request, response) => {
    const path = request.baseUrl + request.path;
    const { method } = request;
    const module = typeof request.params.module === 'string' ? request.params.module : null;
    deps.report.call(method, path);
    const struck = deps.faults.strike({ method, path, module });
    const find = (kind: ActiveFault['kind']) => struck.find((fault) => fault.kind === kind);
    if (find('reset') !== undefined) return drop(request);
    const late = find('late-commit');
    if (late !== undefined) {
      drop(request);
      await deps.clock.wait(late.ms ?? 1000);
    }
    const slow = find('slow');
    const answer = faultAnswer(struck) ?? (await answerCall(deps, handle, request, struck));
    if (slow?.when === 'after') await deps.clock.wait(slow.ms ?? 1000);
    deps.report.status(answer.status);
    if (find('lost-answer') !== undefined) return drop(request);
    send(response, answer, find('reset-mid-body') !== undefined);
  };
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
    if (kind === 'html') {
      const page = '<!DOCTYPE html><html><head><title>Zoho</title></head><body><h1>Sorry</h1></body></html>';
      const headers = { 'Content-Type': 'text/html;charset=UTF-8' };
      return { status: status ?? 503, bytes: Buffer.from(page), headers };
    }
  }
  return null;
}

async function answerCall(
  deps: EndpointDeps,
  handle: Endpoint,
  request: Request,
  struck: readonly ActiveFault[],
): Promise<Answer> {
  let open: OpenCall | null = null;
  try {
    open = openCall(deps, request, struck);
    const slow = struck.find(({ kind, when }) => kind === 'slow' && when !== 'after');
    await deps.clock.wait(deps.switches.latencyMs + (slow === undefined ? 0 : (slow.ms ?? 1000)));
    const answer = await handle(open.call);
    open.settle('done');
    return withHeaders(answer, open.headers());
  } catch (error) {
    const refusal = asRefusal(error);
    open?.settle(refusal.status === 429 ? 'throttled' : 'rejected');
    return withHeaders(
      { status: refusal.status, json: errorBody(refusal), headers: refusal.headers },
      open?.headers() ?? {},
    );
  } finally {
    open?.close();
  }
}

function asRefusal(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof CoqlError) return new ApiError(400, error.code, error.message, error.details);
  // A fault of the simulator itself must not pass for one of Zoho's.
  console.error(error);
  return new ApiError(500, 'SIMULATOR_BUG', String(error));
}

function withHeaders(answer: Answer, headers: Record<string, string>): Answer {
  return { ...answer, headers: { ...headers, ...answer.headers } };
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

/** Endpoints by method on one path; other methods answer as Zoho does. */
export function byMethod(
  endpoint: (handle: Endpoint) => RequestHandler,
  handlers: Readonly<Partial<Record<string, Endpoint>>>,
): RequestHandler {
  return endpoint((call: Call) => {
    const handle = handlers[call.method];
    if (handle === undefined)
      throw new ApiError(400, 'INVALID_REQUEST_METHOD', 'The http request method type is not a valid one');
    return handle(call);
  });
}
