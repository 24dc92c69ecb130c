import { z } from 'zod';
import type { Connection } from '../../domain.ts';
import { judgeScopes, scopesInWords } from '../../setup/scopes.ts';
import { sentenceIn } from '../../texts/known-sentences.ts';
import { scopeBreaks } from '../../texts/scope-words.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant, Lang } from '../api-schemas.ts';
import { languageOf } from '../language.ts';
import { Accepted, enqueueAsked } from './enqueue-asked.ts';

/** Linked orgs: which there are, how each is, and what may be written into it. */

const tag = 'Connections';

const Mode = z.enum(['manual', 'auto', 'read-only']).meta({
  description: 'manual: nothing is written without approval; auto: plans are applied; read-only: never',
});
const State = z.enum(['ready', 'reconnect_needed', 'parked', 'standby']);
const Role = z.enum(['admin', 'viewer']).meta({ description: 'What the caller is there' });
const ListedConnection = z.strictObject({
  id: z.string(),
  name: z.string(),
  org: z.strictObject({ id: z.string(), name: z.string(), edition: z.string() }),
  mode: Mode,
  state: State,
  role: Role,
});
const ConnectionDetail = ListedConnection.extend({
  org: z.strictObject({
    id: z.string(),
    name: z.string(),
    edition: z.string(),
    users: z.int(),
    timeZone: z.string(),
    currency: z.string(),
    country: z.string().nullable(),
  }),
  location: z.string().meta({ description: 'Data centre', example: 'eu' }),
  scopes: z.strictObject({ granted: z.array(z.string()), missing: z.array(z.string()) }),
  stateWhy: z.string().nullable(),
  linkedAt: Instant,
  linkedBy: z
    .string()
    .nullable()
    .meta({ description: 'Who consented: all we do in Zoho is done as this user' }),
  accessExpiresAt: Instant.nullable().meta({ description: 'Of the access token; it is renewed by itself' }),
  parkedUntil: Instant.nullable(),
  credits: z.strictObject({
    remaining: z
      .int()
      .nullable()
      .meta({ description: 'What Zoho said was left of the credits of the org; null: it has not said' }),
    at: Instant.nullable().meta({ description: 'When it said so' }),
    spent: z.number().meta({ description: 'By us in the last 24 hours' }),
    ceiling: z.number().meta({ description: 'What we may spend in any 24 hours' }),
  }),
  lastRuns: z.array(
    z.strictObject({ id: z.string(), kind: z.string(), state: z.string(), startedAt: Instant }),
  ),
});

const KINDS = ['sync', 'score', 'plan', 'apply', 'doctor'] as const;

function listed({ id, name, org, mode, state }: Connection) {
  return { id, name, org: { id: org.id, name: org.name, edition: org.edition }, mode, state };
}

export function connectionRoutes(deps: Pick<ApiDeps, 'store' | 'queue' | 'clock' | 'ceilingOf'>): ApiRoute[] {
  const { store } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections',
      summary: 'Connections that the caller may see',
      tag,
      answer: z.strictObject({ items: z.array(ListedConnection) }),
      handle: async ({ principal }) => ({
        items: (await store.connections.list()).flatMap((connection) => {
          const role = principal.roleOn(connection.id);
          return role === null ? [] : [{ ...listed(connection), role }];
        }),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}',
      summary: 'A connection: org, scopes, token, state and last runs',
      tag,
      answer: ConnectionDetail,
      async handle({ connection, principal, req }) {
        const { org, location, scopes } = connection;
        const health = await store.lists.health(connection.id);
        const runs = await Promise.all(KINDS.map((kind) => store.runs.latest(connection.id, kind)));
        const { id, name, edition, users, timeZone, currency, country } = org;
        return {
          ...listed(connection),
          org: { id, name, edition, users, timeZone, currency, country },
          role: principal.roleOn(connection.id) ?? 'viewer',
          location,
          scopes: judgeScopes(scopes),
          stateWhy: health?.stateWhy ? sentenceIn(languageOf(req), health.stateWhy) : null,
          linkedBy:
            (await store.users.all(connection.id)).find((user) => user.id === connection.userId)?.name ??
            null,
          linkedAt: (health?.linkedAt ?? new Date(0)).toISOString(),
          accessExpiresAt: health?.accessExpiresAt?.toISOString() ?? null,
          parkedUntil: health?.parkedUntil?.toISOString() ?? null,
          credits: {
            remaining: health?.creditsRemaining ?? null,
            at: health?.creditsRemainingAt?.toISOString() ?? null,
            spent: (await store.ledger.account(connection.id, deps.clock.now())).spent,
            ceiling: await deps.ceilingOf(connection),
          },
          lastRuns: runs.flatMap((run) =>
            run
              ? [{ id: run.id, kind: run.kind, state: run.state, startedAt: run.startedAt.toISOString() }]
              : [],
          ),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/scopes',
      summary: 'Every scope that we ask for, and what does not work without it',
      tag,
      query: z.strictObject({ lang: Lang }),
      answer: z.strictObject({
        items: z.array(z.strictObject({ scope: z.string(), breaks: z.string(), isGranted: z.boolean() })),
      }),
      handle: async ({ connection, query: { lang = 'en' } }) => ({
        items: scopesInWords(connection.scopes).map(({ scope, breaks, ...rest }) => ({
          ...{ scope, breaks: scopeBreaks(lang, scope, breaks) },
          ...rest,
        })),
      }),
    }),
    defineRoute({
      method: 'PUT',
      path: '/connections/{connection}/mode',
      action: 'connection.set',
      summary: 'Set what may be written into the org',
      tag,
      body: z.strictObject({ mode: Mode }).meta({ example: { mode: 'manual' } }),
      answer: z.strictObject({ mode: Mode }),
      async handle({ connection, body, note }) {
        await store.connections.setMode(connection.id, body.mode);
        note({ target: connection.name, before: { mode: connection.mode }, after: body });
        return body;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/doctor',
      action: 'connection.check',
      summary: 'Look at everything a run needs: token, scopes, modules, fields, credits',
      description: 'Asks Zoho, so it is a job; the checks are the summary of a run of kind doctor.',
      tag,
      status: 202,
      answer: Accepted,
      async handle({ connection, note, locate }) {
        note({ target: connection.name });
        locate(`/connections/${connection.id}/runs?kind=doctor`);
        return enqueueAsked(deps, connection, { what: 'doctor' });
      },
    }),
  ];
}
