import { z } from 'zod';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { SupportVisit } from '../../store/access-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';
import { ForbiddenError } from '../http-errors.ts';
import type { Principal } from '../principal.ts';

/** An operator looks at one connection as its people see it, to help them: with a reason, for a while, writing nothing. */

const tag = 'Access';
const Shown = z.strictObject({
  id: z.string(),
  by: z.string(),
  reason: z.string(),
  begunAt: Instant,
  until: Instant,
  endedAt: Instant.nullable(),
  endedBy: z.string().nullable(),
  isOpen: z.boolean(),
});
const MOST = 100;
const MINUTE_MS = 60_000;

type Deps = Pick<ApiDeps, 'store' | 'clock' | 'browser'>;

export function supportRoutes({ store, clock, browser }: Deps): ApiRoute[] {
  const shown = ({ operator, begunAt, until, endedAt, connection: _, ...visit }: SupportVisit) => ({
    ...visit,
    by: operator,
    begunAt: begunAt.toISOString(),
    until: until.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    isOpen: endedAt === null && until > clock.now(),
  });
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/support-visits',
      summary: 'When operators looked at this connection, why, and whether one does now; newest first',
      tag,
      answer: z.strictObject({ items: z.array(Shown) }),
      handle: async ({ connection }) => ({
        items: (await store.supportVisits.list(connection.id, MOST)).map(shown),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/support-visits',
      action: 'support.begin',
      summary: 'Open this connection to help its people',
      description:
        'Until it ends, this session of an operator sees this connection alone and writes nothing. Its people see reason and end, and may end it.',
      tag,
      access: 'operator',
      status: 201,
      body: z
        .strictObject({
          reason: z.string().trim().min(5).max(500),
          minutes: z.int().min(1).max(480).default(60),
        })
        .meta({ example: { reason: 'ticket 4711: no reminders since Monday', minutes: 30 } }),
      answer: Shown,
      async handle({ connection, body: { reason, minutes }, principal, req, note }) {
        if (principal.kind !== 'operator')
          throw new ForbiddenError('a visit belongs to a session: sign in with an address of zcv admin-link');
        const at = clock.now();
        const until = new Date(at.getTime() + minutes * MINUTE_MS);
        const operator = principal.name;
        const visit = await store.supportVisits.begin({
          ...{ connection: connection.id, operator, reason, at, until },
        });
        await browser.setVisit(req, visit.id);
        note({ target: connection.name, after: { reason, until: until.toISOString() } });
        return shown(visit);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/support-visits/{visit}/end',
      action: 'support.end',
      summary: 'End the visit of an operator now',
      tag,
      params: z.strictObject({ visit: z.string().max(64) }),
      answer: Shown,
      async handle({ connection, params, principal, note }) {
        const by = `${principal.kind}:${principal.id}`;
        const ended = await store.supportVisits.end(connection.id, params.visit, { by, at: clock.now() });
        if (!ended) throw new NotFoundError('there is no such visit, or it is over');
        note({ target: connection.name });
        return shown(ended);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/me/support-visit',
      action: 'support.leave',
      summary: 'Leave the visit of this session and be an operator again',
      tag: 'Me',
      access: 'viewer',
      answer: z.strictObject({ left: z.string() }),
      async handle({ principal, req }) {
        const visit = visitOf(principal);
        const at = clock.now();
        const by = `operator:${principal.id}`;
        // Told in the log of the connection, too: the entry of this route names none.
        if (await store.supportVisits.end(visit.connection, visit.id, { by, at }))
          await store.audit.add({
            ...{ connection: visit.connection, who: by, action: 'support.end', target: visit.id },
            ...{ before: null, after: null, at },
          });
        await browser.setVisit(req, null);
        return { left: visit.id };
      },
    }),
  ];
}

function visitOf({ visit }: Principal): NonNullable<Principal['visit']> {
  if (!visit) throw new ConflictError('this session is on no visit');
  return visit;
}
