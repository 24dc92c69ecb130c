import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { ApiContext, ApiRoute } from './api-route.ts';
import {
  ForbiddenError,
  MethodError,
  ProblemsError,
  UnauthenticatedError,
  UnsupportedTypeError,
} from './http-errors.ts';
import { issueText, languageOf, zodWording } from './language.ts';
import type { ApiGuards, Principal } from './principal.ts';

/** Mounts declared routes: who calls, may they, is the input good, what is answered, what is remembered. */

export interface ApiRouterDeps {
  readonly store: { readonly connections: Pick<Store['connections'], 'byId' | 'byName'> };
  readonly guards: ApiGuards;
  readonly clock: Clock;
  /** Counts requests of `res.locals.caller`; left out: nobody is limited. */
  readonly limitCaller?: RequestHandler;
}
export interface ApiRouterOptions {
  /** True in tests: an answer that does not fit its schema is a failure. */
  readonly checkAnswers: boolean;
}

const BODY_LIMIT = '256kb';

/** Paths with a literal part before those with a name at the same place: `/plans/latest` before `/plans/{plan}`. */
function byPrecedence(a: string, b: string): number {
  const [left, right] = [a.split('/'), b.split('/')];
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const named = Number(left[at]?.startsWith('{')) - Number(right[at]?.startsWith('{'));
    if (named !== 0) return named;
  }
  return left.length - right.length;
}

export function createApiRouter(
  deps: ApiRouterDeps,
  routes: readonly ApiRoute[],
  options: ApiRouterOptions = { checkAnswers: false },
): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  const byPath = Map.groupBy(routes, ({ path }) => path);
  for (const path of [...byPath.keys()].toSorted(byPrecedence)) {
    const here = byPath.get(path) ?? [];
    const mounted = router.route(path.replace(/\{(\w+)\}/g, ':$1'));
    const methods = here.map(({ method }) => method);
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    for (const route of here) {
      const verb = route.method.toLowerCase() as Lowercase<ApiRoute['method']>; // the lower-case form of the same word
      mounted[verb](answering(deps, route, options));
    }
    mounted.options((_req, res) => {
      res.set('Allow', allow).status(204).end();
    });
    mounted.all((_req, res, next) => {
      res.set('Allow', allow);
      next(new MethodError(`here goes: ${allow}`));
    });
  }
  return router;
}

function answering(deps: ApiRouterDeps, route: ApiRoute, options: ApiRouterOptions): RequestHandler {
  const readBody = express.json({ limit: BODY_LIMIT, strict: false, type: 'application/json' });
  return async (req, res) => {
    const principal = await deps.guards.authenticate(req);
    if (!principal) throw new UnauthenticatedError('sign in, or send a token: Authorization: Bearer …');
    res.locals.caller = `${principal.kind}:${principal.id}`;
    if (deps.limitCaller) await passed(deps.limitCaller, req, res);
    const connection = await connectionOf(deps, req, principal);
    authorise(route, principal, connection);
    if (route.isWrite) deps.guards.checkCsrf(req, principal);
    if (route.body !== null) await readJson(readBody, req, res);
    const parsed = parseInput(route, req);

    const notes: { target?: string; before?: unknown; after?: unknown } = {};
    const context: ApiContext = {
      principal,
      connection,
      ...parsed,
      req,
      res,
      note: (detail) => Object.assign(notes, detail),
      locate: (path) => res.set('Location', `/api/v1${path}`),
    };
    const remember = (after: unknown) =>
      deps.guards.audit({
        connection: connection?.id ?? null,
        who: `${principal.kind}:${principal.id}`,
        action: route.action,
        target: notes.target ?? req.path,
        before: notes.before ?? null,
        after: through(principal, after),
        at: deps.clock.now(),
      });
    let answer: unknown;
    try {
      answer = await route.handle(context);
    } catch (error) {
      // What broke off may have changed something; what was refused has not.
      if (route.isWrite && !isRefusal(error)) {
        const failed = error instanceof Error ? error.message : String(error);
        await remember({ failed, after: notes.after ?? null });
      }
      throw error;
    }
    if (route.isWrite) await remember(notes.after ?? null);
    if (route.stream !== null) return;
    if (options.checkAnswers && route.status !== 204) checkAnswer(route, answer);
    res.status(route.status);
    if (route.status === 204) res.end();
    else res.json(answer);
  };
}

/** Done by a person, with the program that they let do it. */
function through({ client }: Principal, after: unknown): unknown {
  if (!client) return after;
  const told = typeof after === 'object' && !Array.isArray(after) ? after : { after };
  return { ...told, through: client.name };
}

function isRefusal(error: unknown): boolean {
  return [InputError, NotFoundError, ConflictError, ForbiddenError, ProblemsError].some(
    (refusal) => error instanceof refusal,
  );
}

/** Absent and forbidden are told alike, so that nobody learns by guessing which connections there are. */
async function connectionOf(
  { store }: ApiRouterDeps,
  req: Request,
  principal: Principal,
): Promise<Connection | null> {
  const wanted = req.params.connection;
  if (typeof wanted !== 'string') return null;
  const known = (await store.connections.byId(wanted)) ?? (await store.connections.byName(wanted));
  if (known === null || principal.roleOn(known.id) === null) {
    throw new NotFoundError('there is no such connection, or you have no access to it');
  }
  return known;
}

function authorise(route: ApiRoute, principal: Principal, connection: Connection | null): void {
  requireScope(route, principal);
  if (route.access === 'operator' && !principal.isOperator) {
    throw new ForbiddenError('only who operates this service may do that');
  }
  const isAdmin = connection === null ? principal.isOperator : principal.roleOn(connection.id) === 'admin';
  if (route.access === 'admin' && !isAdmin) {
    throw new ForbiddenError('you may look but not change: ask an administrator of this connection');
  }
}

function requireScope({ isWrite, isInput, access }: ApiRoute, { scopes, client }: Principal): void {
  if (scopes === null) return;
  const needed = isWrite ? 'write' : 'read';
  if (!scopes.includes(needed) && !(isInput && scopes.includes('inputs'))) {
    throw new ForbiddenError(`this token lacks the scope "${isInput && client ? 'inputs' : needed}"`);
  }
  // What a person lends is what viewers see, be they an administrator.
  if (client && access !== 'viewer' && !isInput) {
    throw new ForbiddenError('no scope that a program can be allowed opens this; sign in');
  }
}

function readJson(readBody: RequestHandler, req: Request, res: Response): Promise<void> {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length']) > 0;
  if (hasBody && !req.is('application/json')) {
    throw new UnsupportedTypeError('send the body as Content-Type: application/json');
  }
  return passed(readBody, req, res);
}

/** Resolves when the handler lets the request pass. */
function passed(handler: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
  });
}

const NOTHING = z.strictObject({});

/** All that is wrong with path, query and body at once. Throws ProblemsError. */
function parseInput(route: ApiRoute, req: Request): Pick<ApiContext, 'params' | 'query' | 'body'> {
  const { connection: _resolved, ...named } = req.params;
  const language = languageOf(req);
  const wording = { error: zodWording(language) };
  const looks = {
    params: (route.params ?? NOTHING).safeParse(named, wording),
    query: (route.query ?? NOTHING).safeParse({ ...req.query }, wording),
    body: route.body?.safeParse(req.body, wording) ?? { success: true as const, data: undefined },
  };
  const problems = Object.entries(looks).flatMap(([where, { error }]) =>
    (error?.issues ?? []).map((issue) => ({
      in: where,
      path: issue.path.join('.'),
      message: issueText(issue, language),
    })),
  );
  if (problems.length > 0) throw new ProblemsError(problems);
  return { params: looks.params.data, query: looks.query.data, body: looks.body.data };
}

function checkAnswer({ method, path, answer }: ApiRoute, value: unknown): void {
  const parsed = answer?.safeParse(JSON.parse(JSON.stringify(value ?? null)));
  if (parsed && !parsed.success) {
    throw new AnswerMismatch(`${method} ${path} answers what it did not declare`, parsed.error);
  }
}

/** Not an AppError: it is a bug of ours, told as 500. */
class AnswerMismatch extends Error {
  constructor(message: string, error: z.ZodError) {
    super(`${message}\n${z.prettifyError(error)}`);
  }
}
