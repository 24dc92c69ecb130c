import { z } from 'zod';
import type { Connection } from '../../domain.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';

/** Linked orgs: which there are, how each is, and what it may write. */

const tag = 'Connections';

const Mode = z.enum(['manual', 'auto', 'read-only']).meta({
  description: 'manual: nothing is written without approval; auto: plans are applied; read-only: never',
});
const ListedConnection = z.strictObject({
  id: z.string(),
  name: z.string(),
  org: z.strictObject({ id: z.string(), name: z.string(), edition: z.string() }),
  mode: Mode,
  state: z.enum(['ready', 'reconnect_needed', 'parked']),
  role: z.enum(['admin', 'viewer']).meta({ description: 'What the caller is there' }),
});

function listed({ id, name, org, mode, state }: Connection) {
  return { id, name, org: { id: org.id, name: org.name, edition: org.edition }, mode, state };
}

export function connectionRoutes({ store }: Pick<ApiDeps, 'store'>): ApiRoute[] {
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
      method: 'PUT',
      path: '/connections/{connection}/mode',
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
  ];
}
