import { z } from 'zod';
import { ConflictError, InputError, NotFoundError } from '../../errors.ts';
import type { ApiToken } from '../../store/access-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';
import { ForbiddenError } from '../http-errors.ts';
import type { Principal } from '../principal.ts';

/** Tokens for programs. The secret is shown once; what is stored cannot be turned back into it. */

const tag = 'Tokens';
const Scope = z.enum(['read', 'write']);
const fields = {
  id: z.string(),
  name: z.string(),
  scope: Scope,
  connections: z.union([z.literal('fleet'), z.array(z.string())]),
  createdBy: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Instant.nullable(),
};
const ShownToken = z.strictObject(fields);
const Listed = z.strictObject({ items: z.array(ShownToken) });
const NewToken = z.strictObject({ ...fields, secret: z.string().meta({ description: 'Shown this once' }) });
const OfToken = z.strictObject({ token: z.string().max(40) });
const given = {
  name: z.string().trim().min(1).max(80),
  scope: Scope.default('read'),
  days: z.int().min(1).max(365).default(90),
};
const Several = z
  .strictObject({
    tokens: z.array(z.string().max(40)).max(500).default([]),
    createdBy: z.string().max(200).optional().meta({ description: 'e.g. user:<id>' }),
  })
  .refine(
    ({ tokens, createdBy }) => tokens.length > 0 || createdBy !== undefined,
    'name tokens, or createdBy',
  )
  .meta({ example: { createdBy: 'user:41' } });
const DAY_MS = 86_400_000;

interface Made {
  readonly principal: Principal;
  note(detail: { readonly target: string; readonly before?: unknown; readonly after?: unknown }): void;
}

export function tokenRoutes(deps: Pick<ApiDeps, 'store' | 'clock'>): ApiRoute[] {
  const { store } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/tokens',
      summary: 'Tokens that open the connection, without those of the fleet',
      tag,
      access: 'admin',
      answer: Listed,
      handle: async ({ connection }) => ({
        items: (await store.apiTokens.list({ connection: connection.id })).map((token) => ({
          ...shown(token),
          // What else it opens is no business of this connection.
          connections: [connection.id],
        })),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/tokens',
      action: 'token.add',
      summary: 'Make a token for the connection',
      tag,
      status: 201,
      body: z.strictObject(given).meta({ example: { name: 'reports', scope: 'read', days: 90 } }),
      answer: NewToken,
      handle: ({ connection, body, ...made }) =>
        create(deps, made, { ...body, connections: [connection.id] }),
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/tokens/{token}',
      action: 'token.revoke',
      summary: 'Revoke a token of the connection',
      tag,
      params: OfToken,
      answer: ShownToken,
      async handle({ connection, params, ...made }) {
        const token = await store.apiTokens.byId(params.token);
        if (token === null || token.connections === 'fleet' || !token.connections.includes(connection.id))
          throw new NotFoundError('there is no such token of this connection');
        if (token.connections.length > 1)
          throw new ConflictError('this token opens other connections too; an operator revokes it');
        return revoke(deps, made, token);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/tokens/revoke',
      action: 'token.revoke',
      summary: 'Revoke several tokens of the connection, or all that one person made',
      description: 'Those that open other connections too are left: an operator revokes them.',
      tag,
      body: Several,
      answer: Listed,
      async handle({ connection, body, ...made }) {
        const known = await store.apiTokens.list({ connection: connection.id });
        return revokeSeveral(
          deps,
          made,
          known.filter((token) => token.connections.length === 1),
          body,
        );
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/tokens/revoke',
      action: 'token.revoke',
      summary: 'Revoke several tokens, or all that one person made',
      tag,
      access: 'operator',
      body: Several,
      answer: Listed,
      handle: async ({ body, ...made }) => revokeSeveral(deps, made, await store.apiTokens.list('all'), body),
    }),
    defineRoute({
      method: 'GET',
      path: '/tokens',
      summary: 'All tokens',
      tag,
      access: 'operator',
      answer: Listed,
      handle: async () => ({ items: (await store.apiTokens.list('all')).map(shown) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/tokens',
      action: 'token.add',
      summary: 'Make a token for several connections, or for all there are and will be',
      tag,
      access: 'operator',
      status: 201,
      body: z
        .strictObject({
          ...given,
          connections: z.union([z.literal('fleet'), z.array(z.string().max(64)).min(1).max(500)]),
        })
        .meta({ example: { name: 'monitor', scope: 'read', days: 90, connections: 'fleet' } }),
      answer: NewToken,
      async handle({ body, ...made }) {
        const connections = body.connections === 'fleet' ? 'fleet' : await idsOf(deps, body.connections);
        return create(deps, made, { ...body, connections });
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/tokens/{anyToken}',
      action: 'token.revoke',
      summary: 'Revoke any token',
      tag,
      access: 'operator',
      params: z.strictObject({ anyToken: z.string().max(40) }),
      answer: ShownToken,
      async handle({ params, ...made }) {
        const token = await store.apiTokens.byId(params.anyToken);
        if (token === null) throw new NotFoundError('there is no such token');
        return revoke(deps, made, token);
      },
    }),
  ];
}

type Deps = Pick<ApiDeps, 'store' | 'clock'>;

async function create(
  { store, clock }: Deps,
  { principal, note }: Made,
  input: Pick<ApiToken, 'name' | 'scope' | 'connections'> & { readonly days: number },
) {
  // Or a token that leaked could make itself a successor that outlives its revocation.
  if (principal.kind === 'token') throw new ForbiddenError('tokens are made by people: sign in');
  const at = clock.now();
  const { days, name, scope, connections } = input;
  const expiresAt = new Date(at.getTime() + days * DAY_MS);
  const createdBy = `${principal.kind}:${principal.id}`;
  const made = await store.apiTokens.create({ name, scope, connections, createdBy, at, expiresAt });
  note({ target: name, after: shown(made.token) });
  return { ...shown(made.token), secret: made.secret };
}

async function revoke({ store }: Deps, { note }: Made, token: ApiToken) {
  await store.apiTokens.revoke(token.id);
  note({ target: token.name, before: shown(token) });
  return shown(token);
}

async function revokeSeveral(
  { store }: Deps,
  { note }: Made,
  known: readonly ApiToken[],
  { tokens, createdBy }: z.output<typeof Several>,
) {
  const chosen = known.filter((token) => tokens.includes(token.id) || token.createdBy === createdBy);
  for (const { id } of chosen) await store.apiTokens.revoke(id);
  const items = chosen.map(shown);
  note({ target: createdBy ?? `${items.length} tokens`, before: items });
  return { items };
}

async function idsOf({ store }: Deps, named: readonly string[]): Promise<string[]> {
  const known = await store.connections.list();
  return named.map((one) => {
    const found = known.find(({ id, name }) => id === one || name === one);
    if (found === undefined) throw new InputError(`connections: there is no ${one}`);
    return found.id;
  });
}

function shown({ createdAt, expiresAt, lastUsedAt, connections, ...token }: ApiToken) {
  return {
    ...token,
    connections: connections === 'fleet' ? ('fleet' as const) : [...connections],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
