import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import {
  addEndpoint,
  enableEndpoint,
  removeEndpoint,
  rotateEndpoint,
  testEndpoint,
} from '../../notify/endpoints.ts';
import { EVENT_TYPES } from '../../notify/event-types.ts';
import type { Endpoint, LoggedDelivery } from '../../store/notify-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';

/** Where events go, and what became of each delivery. A secret is shown when it is made, and never again. */

const tag = 'Events';
const fields = {
  id: z.string(),
  url: z.string(),
  types: z.array(z.string()).meta({ description: '"*": all but customer.first_scored' }),
  state: z.enum(['enabled', 'disabled']),
  why: z.string().nullable().meta({ description: 'Why it is switched off' }),
  createdAt: Instant,
  failures: z.int().meta({ description: 'Failed attempts in a row' }),
  failingSince: Instant.nullable(),
};
const ShownEndpoint = z.strictObject(fields);
const Secret = z.string().meta({ description: 'Shown this once' });
const LoggedRow = z.strictObject({
  id: z.int(),
  eventId: z.string(),
  type: z.string(),
  endpoint: z.string(),
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int(),
  status: z.int().nullable(),
  error: z.string().nullable(),
  durationMs: z.int().nullable(),
  attemptedAt: Instant.nullable(),
  nextAt: Instant.nullable(),
  at: Instant,
});
const OfEndpoint = z.strictObject({ endpoint: z.string().max(64) });
const OfDelivery = z.strictObject({ eventDelivery: z.coerce.number().int().positive() });
const Resent = z.strictObject({ resent: z.int() });
const MOST = 200;
const atOf = (instant: Date | null) => instant?.toISOString() ?? null;

function shownEndpoint({ id, url, types, state, why, createdAt, failures, failingSince }: Endpoint) {
  const times = { createdAt: createdAt.toISOString(), failingSince: atOf(failingSince) };
  return { id, url, types: [...types], state, why, failures, ...times };
}
function shownRow({ attemptedAt, nextAt, at, ...row }: LoggedDelivery) {
  return { ...row, attemptedAt: atOf(attemptedAt), nextAt: atOf(nextAt), at: at.toISOString() };
}

export function eventRoutes(deps: Pick<ApiDeps, 'store' | 'clock' | 'settingsOf'>): ApiRoute[] {
  return [...logRoutes(deps), ...endpointRoutes(deps), removalRoute(deps)];
}

function endpointRoutes(deps: Pick<ApiDeps, 'store' | 'clock' | 'settingsOf'>): ApiRoute[] {
  const { store } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/event-endpoints',
      summary: 'Where events go',
      tag,
      access: 'admin',
      answer: z.strictObject({ items: z.array(ShownEndpoint) }),
      handle: async ({ connection }) => ({
        items: (await store.events.endpoints(connection.id)).map(shownEndpoint),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/event-endpoints',
      action: 'event_endpoint.add',
      summary: 'Send events to an https address',
      tag,
      status: 201,
      body: z
        .strictObject({
          url: z.string().max(2_000),
          types: z
            .array(z.enum(['*', ...EVENT_TYPES]))
            .max(20)
            .default([]),
        })
        .meta({ example: { url: 'https://hooks.example.test/value', types: ['customer.tier_changed'] } }),
      answer: z.strictObject({ ...fields, secret: Secret }),
      async handle({ connection, body, note }) {
        const rules = (await deps.settingsOf(connection)).notify.events;
        const { endpoint, secret } = await addEndpoint(deps, connection, { ...body, rules });
        note({ target: endpoint.id, after: { types: endpoint.types } });
        return { ...shownEndpoint(endpoint), secret };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/event-endpoints/{endpoint}/enable',
      action: 'event_endpoint.enable',
      summary: 'Send to it again',
      tag,
      params: OfEndpoint,
      answer: z.strictObject({ enabled: z.string() }),
      async handle({ connection, params: { endpoint }, note }) {
        await enableEndpoint(deps, connection, endpoint);
        note({ target: endpoint });
        return { enabled: endpoint };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/event-endpoints/{endpoint}/rotate',
      action: 'event_endpoint.rotate',
      summary: 'A new secret; the former one signs along for a day',
      tag,
      params: OfEndpoint,
      answer: z.strictObject({ secret: Secret, formerUntil: Instant }),
      async handle({ connection, params: { endpoint }, note }) {
        const { secret, formerUntil } = await rotateEndpoint(deps, connection, endpoint);
        note({ target: endpoint });
        return { secret, formerUntil: formerUntil.toISOString() };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/event-endpoints/{endpoint}/test',
      action: 'event_endpoint.test',
      summary: 'Send it a test event; the log tells what became of it',
      tag,
      status: 202,
      params: OfEndpoint,
      answer: z.strictObject({ eventId: z.string() }),
      async handle({ connection, params: { endpoint }, note }) {
        const { eventId } = await testEndpoint(deps, connection, endpoint);
        note({ target: endpoint });
        return { eventId };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/event-endpoints/{endpoint}/resend-failed',
      action: 'event_endpoint.resend',
      summary: 'Deliver all that failed there again, with the same webhook-id',
      tag,
      status: 202,
      params: OfEndpoint,
      answer: Resent,
      async handle({ connection, params: { endpoint }, note }) {
        const known = await store.events.endpoints(connection.id);
        if (!known.some(({ id }) => id === endpoint))
          throw new NotFoundError(`there is no endpoint ${endpoint}`);
        const resent = await store.events.resend(connection.id, { failedOf: endpoint }, deps.clock.now());
        note({ target: endpoint, after: { resent } });
        return { resent };
      },
    }),
  ];
}

function logRoutes({ store, clock }: Pick<ApiDeps, 'store' | 'clock'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/event-deliveries',
      summary: 'What became of events, newest first',
      tag,
      access: 'admin',
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(MOST).default(50),
        endpoint: z.string().max(64).optional(),
        state: z.enum(['waiting', 'delivered', 'failed']).optional(),
      }),
      answer: z.strictObject({ items: z.array(LoggedRow) }),
      handle: async ({ connection, query: { limit, endpoint, state } }) => ({
        items: (
          await store.events.log(connection.id, {
            limit,
            ...(endpoint === undefined ? {} : { endpoint }),
            ...(state === undefined ? {} : { state }),
          })
        ).map(shownRow),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/event-deliveries/{eventDelivery}/resend',
      action: 'event_delivery.resend',
      summary: 'Deliver one again that is delivered or failed, with the same webhook-id',
      tag,
      status: 202,
      params: OfDelivery,
      answer: Resent,
      async handle({ connection, params: { eventDelivery }, note }) {
        const resent = await store.events.resend(connection.id, { delivery: eventDelivery }, clock.now());
        if (resent === 0)
          throw new NotFoundError(`there is no delivery ${eventDelivery} that is delivered or failed`);
        note({ target: `delivery ${eventDelivery}` });
        return { resent };
      },
    }),
  ];
}

function removalRoute(deps: Pick<ApiDeps, 'store' | 'clock'>): ApiRoute {
  return defineRoute({
    method: 'DELETE',
    path: '/connections/{connection}/event-endpoints/{endpoint}',
    action: 'event_endpoint.remove',
    summary: 'Send it nothing more, and forget it',
    tag,
    params: OfEndpoint,
    answer: z.strictObject({ removed: z.string() }),
    async handle({ connection, params: { endpoint }, note }) {
      await removeEndpoint(deps, connection, endpoint);
      note({ target: endpoint });
      return { removed: endpoint };
    },
  });
}
