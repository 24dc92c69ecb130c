import { doubleCsrf } from 'csrf-csrf';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import type { Clock } from '../clock.ts';
import { ConfigError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import { ForbiddenError } from './http-errors.ts';
import { type ApiGuards, CSRF_HEADER, type Principal, SESSION_COOKIE } from './principal.ts';
import {
  lentPrincipal,
  operatorPrincipal,
  tokenPrincipal,
  userPrincipal,
  visitingPrincipal,
} from './principals.ts';
import { cookiesOf } from './request-cookies.ts';
import { SESSION_LIFE_MS, SessionTable, sessionHash } from './session-table.ts';

/** Who calls: by a session cookie or by a token. Everything that HTTP knows about sign-in goes through here. */

export interface AccessDeps {
  readonly store: Pick<
    Store,
    'sessions' | 'people' | 'apiTokens' | 'audit' | 'supportVisits' | 'oauthGrants'
  >;
  readonly clock: Clock;
}
export interface AccessOptions {
  /** Signs the cookies; null: nobody can sign in, and tokens still work. */
  readonly secret: string | null;
  /** True when browsers reach us over https. */
  readonly isSecure: boolean;
  /** True: tokens of our OAuth provider open the API. */
  readonly isOAuthProvider: boolean;
}
type SessionOwner = { readonly personId: string } | { readonly operator: string };

export interface Access extends ApiGuards {
  /** Before every route that knows people. */
  readonly session: RequestHandler;
  /** Under a new id, so that an id that was planted before signing in opens nothing. Throws ConfigError without secret. */
  signIn(req: Request, owner: SessionOwner): Promise<void>;
  signOut(req: Request, res: Response): Promise<void>;
  /** What a page of ours sends along with every write of this session. */
  csrfToken(req: Request, res: Response): string;
  /** Hash of the session at hand; null: there is none. */
  sessionOf(req: Request): string | null;
  /** From now on the session at hand is on that visit; null: on none. */
  setVisit(req: Request, visit: string | null): Promise<void>;
  requireSecret(): void;
  readonly isSecure: boolean;
}

const BEARER = /^Bearer +(\S+)$/i;
const LENT = /^zcva_[\w-]{43}$/;
const NEEDED = 'SESSION_SECRET: set it (at least 32 characters) so that people can sign in';

export function createAccess(deps: AccessDeps, options: AccessOptions): Access {
  const { secret, isSecure } = options;
  const { store, clock } = deps;
  // The prefix binds a cookie to this very host and to https: no sibling of the domain can plant one.
  const named = (name: string) => (isSecure ? `__Host-${name}` : name);
  const cookie = { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' } as const;
  const csrf = doubleCsrf({
    getSecret: () => secret ?? '',
    getSessionIdentifier: (req) => req.session?.id ?? '',
    cookieName: named('zcv_csrf'),
    cookieOptions: cookie,
    getCsrfTokenFromRequest: (req) => req.get(CSRF_HEADER) ?? formToken(req),
  });
  const requireSecret = () => {
    if (secret === null) throw new ConfigError(NEEDED);
  };

  return {
    isSecure,
    requireSecret,
    session:
      secret === null ? withoutSession : withSession(deps, { secret, isSecure, name: named(SESSION_COOKIE) }),
    async signIn(req, owner) {
      requireSecret();
      await store.sessions.purge(clock.now());
      await new Promise<void>((resolve, reject) => {
        req.session.regenerate((error: unknown) => (error ? reject(error) : resolve()));
      });
      Object.assign(req.session, owner, { startedAt: clock.now().toISOString() });
      await saved(req);
    },
    async setVisit(req, visit) {
      req.session.visit = visit ?? undefined;
      await saved(req);
    },
    async signOut(req, res) {
      await new Promise<void>((resolve, reject) => {
        req.session.destroy((error: unknown) => (error ? reject(error) : resolve()));
      });
      res.clearCookie(named(SESSION_COOKIE), cookie).clearCookie(named('zcv_csrf'), cookie);
    },
    csrfToken: (req, res) => csrf.generateCsrfToken(req, res),
    sessionOf: (req) => (ownerOf(req) === null ? null : sessionHash(req.session.id)),
    async authenticate(req) {
      const header = req.get('authorization');
      // Whoever sends a token is judged by it alone: with a bad one the cookie must not speak for them.
      if (header !== undefined) {
        const given = BEARER.exec(header)?.[1] ?? '';
        if (LENT.test(given)) return options.isOAuthProvider ? lentBy(deps, given) : null;
        const token = await store.apiTokens.use(given, clock.now());
        return token === null ? null : tokenPrincipal(token);
      }
      return principalOf(deps, ownerOf(req), req.session?.visit);
    },
    checkCsrf(req, principal) {
      // No browser sends those by itself.
      if (principal.kind === 'token' || principal.client !== undefined) return;
      if (secret !== null && csrf.validateRequest(req)) return;
      throw new ForbiddenError(
        `the proof that a page of ours sent this is missing: send the header ${CSRF_HEADER} as GET /api/v1/me tells it`,
      );
    },
    audit: (entry) => store.audit.add(entry),
  };
}

function withSession(
  { store, clock }: AccessDeps,
  { secret, isSecure, name }: { readonly secret: string; readonly isSecure: boolean; readonly name: string },
): RequestHandler {
  const handler = session({
    name,
    secret,
    store: new SessionTable({ sessions: store.sessions, clock }),
    resave: false,
    saveUninitialized: false,
    unset: 'destroy',
    proxy: isSecure,
    cookie: { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/', maxAge: SESSION_LIFE_MS },
  });
  return (req, res, next) => {
    req.cookies = cookiesOf(req);
    // PUBLIC_URL says that browsers come over https, whatever the proxy in front of us tells or forgets to tell.
    if (isSecure) req.headers['x-forwarded-proto'] = 'https';
    handler(req, res, next);
  };
}

function withoutSession(req: Request, _res: Response, next: NextFunction): void {
  req.cookies = cookiesOf(req);
  next();
}

function ownerOf(req: Request): SessionOwner | null {
  const { personId, operator } = req.session ?? {};
  if (operator !== undefined) return { operator };
  return personId === undefined ? null : { personId };
}

function saved(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.save((error: unknown) => (error ? reject(error) : resolve()));
  });
}

async function principalOf(
  { store, clock }: AccessDeps,
  owner: SessionOwner | null,
  visitId: string | undefined,
): Promise<Principal | null> {
  if (owner === null) return null;
  if ('operator' in owner) {
    if (visitId === undefined) return operatorPrincipal(owner.operator);
    const visit = await store.supportVisits.byId(visitId);
    // It went with its connection: whoever was on it signs in anew.
    return visit && visitingPrincipal(owner.operator, visit, clock.now());
  }
  const person = await store.people.byId(owner.personId);
  return person === null ? null : userPrincipal(person, await store.people.membershipsOf(person.id));
}

/** The role is looked up with each use: who has lost it has lost it here, too. */
async function lentBy({ store, clock }: AccessDeps, secret: string): Promise<Principal | null> {
  const lent = await store.oauthGrants.useAccessToken(secret, clock.now());
  const person = lent && (await store.people.byId(lent.personId));
  if (!lent || !person) return null;
  return lentPrincipal(person, await store.people.membershipsOf(person.id), lent);
}

/** Forms of plain pages carry it as a field. */
function formToken(req: Request): string | undefined {
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null || !('_csrf' in body)) return undefined;
  return typeof body._csrf === 'string' ? body._csrf : undefined;
}
