import type { Request, RequestHandler } from 'express';
import { ApiError, errorBody } from './api-error.ts';
import { type EndpointDeps, type OpenCall, openCall } from './call.ts';
import type { Answer, Call, Endpoint } from './context.ts';
import { CoqlError } from './coql-types.ts';
import { answerThroughFaults, slowMs } from './disturb.ts';
import type { ActiveFault } from './faults.ts';

/** Wraps an endpoint into what every call to Zoho goes through: faults, authorisation, limits, credits. */
export function createEndpoint(deps: EndpointDeps): (handle: Endpoint) => RequestHandler {
  return (handle) => async (request, response) => {
    const module = typeof request.params.module === 'string' ? request.params.module : null;
    deps.report.call(request.method, request.baseUrl + request.path);
    await answerThroughFaults(deps, { request, response, module }, (struck) =>
      answerCall(deps, handle, request, struck),
    );
  };
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
    await deps.clock.wait(deps.switches.latencyMs + slowMs(struck, 'before'));
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
