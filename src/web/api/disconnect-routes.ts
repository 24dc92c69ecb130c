import { z } from 'zod';
import { ConflictError } from '../../errors.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';

/** The end of a connection. */
export function disconnectRoutes({ disconnect }: Pick<ApiDeps, 'disconnect'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}',
      action: 'connection.remove',
      summary: 'Revoke the access at Zoho and delete everything that is stored about the org',
      description: 'Our fields and tasks stay in Zoho; `zcv uninstall` takes them out first.',
      tag: 'Connections',
      body: z
        .strictObject({
          confirm: z
            .string()
            .max(64)
            .meta({ description: 'The name of the connection, so that it is meant' }),
        })
        .meta({ example: { confirm: 'client-a' } }),
      answer: z.strictObject({
        revoked: z.boolean(),
        problems: z.array(z.string()).meta({ description: 'What Zoho did not do, and how to finish it' }),
      }),
      async handle({ connection, body, note }) {
        const { name, org } = connection;
        if (body.confirm !== name) throw new ConflictError(`confirm: to delete it, give its name: ${name}`);
        const { revoked, problems } = await disconnect(connection);
        note({ target: name, before: { org: org.name, orgId: org.id }, after: { revoked, problems } });
        return { revoked, problems };
      },
    }),
  ];
}
