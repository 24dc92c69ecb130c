import { z } from 'zod';
import type { Connection } from '../../domain.ts';
import { InputError, NotFoundError } from '../../errors.ts';
import type { SessionOwner, StoredSession } from '../../store/access-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';
import type { Principal } from '../principal.ts';

/** Who the caller is, and where they are signed in. */

const tag = 'Me';
const Session = z.strictObject({
  id: z.string(),
  startedAt: Instant,
  seenAt: Instant,
  endsAt: Instant,
  isThis: z.boolean(),
});
const Me = z.strictObject({
  kind: z.enum(['user', 'token', 'operator']),
  id: z.string(),
  name: z.string(),
  isOperator: z.boolean(),
  scopes: z.array(z.enum(['read', 'write', 'inputs'])).nullable(),
  connections: z.array(
    z.strictObject({ id: z.string(), name: z.string(), role: z.enum(['admin', 'viewer']) }),
  ),
  client: z
    .strictObject({ id: z.string(), name: z.string() })
    .nullable()
    .meta({ description: 'Of a program that a person allowed to act for them' }),
  visit: z
    .strictObject({
      connection: z.string(),
      reason: z.string(),
      until: Instant,
      isOver: z.boolean(),
    })
    .nullable()
    .meta({
      description:
        'Of an operator who looks at one connection to help: what a banner says. Once it is over nothing is seen until DELETE /me/support-visit',
    }),
  csrfToken: z.string().nullable().meta({
    description: 'Goes along with each write of this session as header x-csrf-token; null for tokens',
  }),
});

export function meRoutes({
  store,
  clock,
  browser,
}: Pick<ApiDeps, 'store' | 'clock' | 'browser'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/me',
      summary: 'Who the caller is, and what they may do',
      tag,
      answer: Me,
      async handle({ principal, req, res }) {
        const connections = await store.connections.list();
        return {
          kind: principal.kind,
          id: principal.id,
          name: principal.name,
          isOperator: principal.isOperator,
          scopes: principal.scopes === null ? null : [...principal.scopes],
          connections: connections.flatMap(({ id, name }) => {
            const role = principal.roleOn(id);
            return role === null ? [] : [{ id, name, role }];
          }),
          client: principal.client ?? null,
          visit: visitOf(principal, connections),
          csrfToken: principal.kind === 'token' || principal.client ? null : browser.csrfToken(req, res),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/me/sessions',
      summary: 'Where the caller is signed in',
      tag,
      answer: z.strictObject({ items: z.array(Session) }),
      handle: async ({ principal, req }) => ({
        items: (await store.sessions.list(ownerOf(principal), clock.now())).map((session) =>
          shown(session, browser.sessionOf(req)),
        ),
      }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/me/sessions/{session}',
      action: 'session.end',
      summary: 'End one of them',
      tag,
      access: 'viewer',
      params: z.strictObject({ session: z.string().max(100) }),
      answer: z.strictObject({ ended: z.int() }),
      async handle({ principal, params, note }) {
        if (!(await store.sessions.end(ownerOf(principal), params.session)))
          throw new NotFoundError('there is no such session of yours');
        note({ target: 'a session' });
        return { ended: 1 };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/me/sessions',
      action: 'session.end_all',
      summary: 'Sign out everywhere',
      tag,
      access: 'viewer',
      answer: z.strictObject({ ended: z.int() }),
      async handle({ principal, note }) {
        const ended = await store.sessions.endAll(ownerOf(principal));
        note({ target: 'all sessions', after: { ended } });
        return { ended };
      },
    }),
  ];
}

function ownerOf({ kind, id, client }: Principal): SessionOwner {
  if (kind === 'token' || client) throw new InputError('a token has no sessions; sign in');
  return kind === 'operator' ? { operator: id } : { personId: id };
}

function shown({ idHash, createdAt, seenAt, endsAt }: StoredSession, current: string | null) {
  return {
    id: idHash,
    startedAt: createdAt.toISOString(),
    seenAt: seenAt.toISOString(),
    endsAt: endsAt.toISOString(),
    isThis: idHash === current,
  };
}

function visitOf({ visit }: Principal, connections: readonly Pick<Connection, 'id' | 'name'>[]) {
  if (!visit) return null;
  const { connection, reason, until, isOver } = visit;
  const name = connections.find(({ id }) => id === connection)?.name ?? connection;
  return { connection: name, reason, until: until.toISOString(), isOver };
}
