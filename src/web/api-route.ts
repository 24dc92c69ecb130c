import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Connection } from '../domain.ts';
import type { Principal } from './principal.ts';

/** How a route of `/api/v1` is declared. The router, the OpenAPI document and the tests all read the same list. */

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Access = 'viewer' | 'admin' | 'operator';
type ApiPath = `/${string}`;
type HasConnection<Path extends string> = Path extends `${string}{connection}${string}` ? true : false;

export interface ApiContext<Found = Connection | null, Params = unknown, Query = unknown, Body = unknown> {
  readonly principal: Principal;
  /** Of `{connection}` in the path, by name or id; null where the path has none. */
  readonly connection: Found;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** For cookies and streams; the router reads bodies and sends answers. */
  readonly req: Request;
  readonly res: Response;
  /** Adds to the entry that the router writes for a write, however it ended; without it the entry names the path alone. */
  note(detail: { readonly target?: string; readonly before?: unknown; readonly after?: unknown }): void;
  /** Where what a 201 or 202 tells of is found: a path beneath /api/v1. */
  locate(path: ApiPath): void;
}

/** What a route that writes its own body, e.g. a download, may send. */
interface Stream {
  /** Media types, the default first. */
  readonly types: readonly string[];
  readonly description: string;
}

export interface ApiRoute {
  readonly method: Method;
  readonly path: ApiPath;
  /** One line; the heading of the route in the document. */
  readonly summary: string;
  readonly description: string | null;
  /** Heading under which the document lists it. */
  readonly tag: string;
  readonly access: Access;
  /** Its name in the audit log, e.g. `override.set`; method and path where it has none. */
  readonly action: string;
  /** True: it changes something, so it needs the scope `write`, the CSRF proof of a session, and is audited. */
  readonly isWrite: boolean;
  /** A write of what people note of a customer: the scope `inputs` is enough. */
  readonly isInput: boolean;
  readonly params: z.ZodObject | null;
  readonly query: z.ZodObject | null;
  readonly body: z.ZodType | null;
  readonly answer: z.ZodType | null;
  readonly stream: Stream | null;
  readonly status: 200 | 201 | 202 | 204;
  handle(context: ApiContext): Promise<unknown>;
}

interface Declared<Path extends ApiPath, Params, Query, Body> {
  readonly method: Method;
  /** Beneath /api/v1, e.g. `/connections/{connection}/runs/{run}`. */
  readonly path: Path;
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  /** Of a write, in the words of the command line, e.g. `override.set`. Default: method and path. */
  readonly action?: string;
  /** Default: viewer for GET, admin for the rest. */
  readonly access?: Access;
  /** Default: whether the method is another than GET. False for a POST that only asks. */
  readonly isWrite?: boolean;
  readonly isInput?: boolean;
  /** Of the parts of the path besides `{connection}`; needed where there are any. */
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Default 200. 204 sends nothing. */
  readonly status?: ApiRoute['status'];
}
type Context<
  Path extends ApiPath,
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
> = ApiContext<
  HasConnection<Path> extends true ? Connection : null,
  z.output<Params>,
  z.output<Query>,
  z.output<Body>
>;

function routeOf(
  declared: Declared<ApiPath, z.ZodObject, z.ZodObject, z.ZodType>,
  ending: Pick<ApiRoute, 'answer' | 'stream' | 'handle'>,
): ApiRoute {
  const { method } = declared;
  return {
    method,
    path: declared.path,
    summary: declared.summary,
    description: declared.description ?? null,
    tag: declared.tag,
    access: declared.access ?? (method === 'GET' ? 'viewer' : 'admin'),
    action: declared.action ?? `${method} ${declared.path}`,
    isWrite: declared.isWrite ?? method !== 'GET',
    isInput: declared.isInput ?? false,
    params: declared.params ?? null,
    query: declared.query ?? null,
    body: declared.body ?? null,
    status: declared.status ?? 200,
    ...ending,
  };
}

/** A route that answers JSON. What `handle` answers is of the type that its schema takes. */
export function defineRoute<
  const Path extends ApiPath,
  Answer extends z.ZodType,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodUndefined,
>(
  route: Declared<Path, Params, Query, Body> & {
    readonly answer: Answer;
    handle(context: Context<Path, Params, Query, Body>): Promise<z.input<Answer>>;
  },
): ApiRoute {
  const { answer, handle } = route;
  // The router parses with the schemas of this very route before it calls.
  return routeOf(route, { answer, stream: null, handle: handle as ApiRoute['handle'] });
}

/** A route that writes its own body to `res`: a download, a stream of events. It resolves when all is sent. */
export function defineStream<
  const Path extends ApiPath,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
>(
  route: Declared<Path, Params, Query, never> & {
    readonly stream: Stream;
    send(context: Context<Path, Params, Query, z.ZodUndefined>): Promise<void>;
  },
): ApiRoute {
  const { stream, send } = route;
  // As above.
  return routeOf(route, { answer: null, stream, handle: send as ApiRoute['handle'] });
}
