import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import { newConnectLink } from '../../setup/connect-link.ts';
import type { ConnectLink } from '../../store/access-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';

/** Addresses with which a client links the own org, once. */

const tag = 'Connect links';
const fields = {
  id: z.string(),
  name: z.string().meta({ description: 'Of the connection that it makes or renews' }),
  accountsServer: z.string().nullable().meta({ description: 'Where consent begins; null: as configured' }),
  hasOwnClient: z.boolean(),
  createdBy: z.string(),
  expiresAt: Instant,
};
const ShownLink = z.strictObject(fields);
const Secret = z.string().min(1).max(200);

export function connectLinkRoutes({
  store,
  clock,
  browser,
}: Pick<ApiDeps, 'store' | 'clock' | 'browser'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connect-links',
      summary: 'Connect links that are open',
      tag,
      access: 'operator',
      answer: z.strictObject({ items: z.array(ShownLink) }),
      handle: async () => ({ items: (await store.links.listConnectLinks(clock.now())).map(shown) }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connect-links',
      action: 'connect_link.add',
      summary: 'Make a connect link for a client',
      description: 'The connection that it makes is read-only at first.',
      tag,
      access: 'operator',
      status: 201,
      body: z
        .strictObject({
          name: z.string().max(60),
          days: z.int().min(1).max(30).default(7),
          dataCentre: z.string().max(10).optional(),
          client: z.strictObject({ clientId: Secret, clientSecret: Secret }).optional(),
        })
        .meta({ example: { name: 'client-a', days: 7 } }),
      answer: z.strictObject({ ...fields, url: z.string().meta({ description: 'Shown this once' }) }),
      async handle({ body, principal, note }) {
        const createdBy = `${principal.kind}:${principal.id}`;
        const { link, secret } = await newConnectLink({ store, clock }, { ...body, createdBy });
        note({ target: link.name, after: shown(link) });
        return { ...shown(link), url: `${browser.ownUrl()}/connect/${secret}` };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connect-links/{link}',
      action: 'connect_link.revoke',
      summary: 'Withdraw a connect link',
      tag,
      access: 'operator',
      params: z.strictObject({ link: z.string().max(40) }),
      answer: ShownLink,
      async handle({ params, note }) {
        const link = await store.links.revokeConnectLink(params.link);
        if (link === null) throw new NotFoundError('there is no such open link');
        note({ target: link.name, before: shown(link) });
        return shown(link);
      },
    }),
  ];
}

function shown({ id, name, accountsUrl, client, createdBy, expiresAt }: ConnectLink) {
  return {
    id,
    name,
    accountsServer: accountsUrl,
    hasOwnClient: client !== null,
    createdBy,
    expiresAt: expiresAt.toISOString(),
  };
}
