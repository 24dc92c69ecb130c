import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiResponsesObject } from 'zod-openapi';
import type { ApiRoute } from './api-route.ts';
import { Problem } from './api-schemas.ts';
import { CSRF_HEADER, SESSION_COOKIE } from './principal.ts';

/** The OpenAPI 3.1 document of the same routes that the router mounts. */

const ConnectionName = z.string().meta({ description: 'Name or id of a connection', example: 'default' });
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

export function createOpenApiDocument(routes: readonly ApiRoute[]): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Customer Value for Zoho CRM',
      version: '1',
      description: 'Errors are RFC 9457 problem JSON; lists are paged by cursor. See docs/api.md.',
    },
    servers: [{ url: '/api/v1' }],
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'An API token; scopes read, write' },
        oauth: {
          type: 'oauth2',
          description: 'Where OAUTH_PROVIDER is on: what a person allowed a program (docs/extension.md)',
          flows: {
            authorizationCode: {
              authorizationUrl: '/oauth/authorize',
              tokenUrl: '/oauth/token',
              refreshUrl: '/oauth/token',
              scopes: {
                read: 'What a viewer sees',
                inputs: 'What people note of a customer',
              },
            },
          },
        },
        session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: CSRF_HEADER,
          description: 'With a session, on every write',
        },
      },
    },
  });
}

function operationOf(route: ApiRoute): ZodOpenApiOperationObject {
  const named = route.path.includes('{connection}') ? { connection: ConnectionName } : {};
  const path = z.object({ ...named, ...route.params?.shape });
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === null ? {} : { description: route.description }),
    tags: [route.tag],
    security: [{ token: [] }, ...lentBy(route), route.isWrite ? { session: [], csrf: [] } : { session: [] }],
    requestParams: {
      ...(Object.keys(path.shape).length > 0 ? { path } : {}),
      ...(route.query === null ? {} : { query: route.query }),
    },
    ...(route.body === null
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: responsesOf(route),
  };
}

/** The scope with which a program may ask for it on behalf of a person; none: it may not. */
function lentBy({ isWrite, isInput, access }: ApiRoute): { oauth: string[] }[] {
  if (isInput) return [{ oauth: ['inputs'] }];
  return !isWrite && access === 'viewer' ? [{ oauth: ['read'] }] : [];
}

/** `get_connections_by_connection_runs`: one for each method and path, stable as long as both are. */
export function operationId({ method, path }: Pick<ApiRoute, 'method' | 'path'>): string {
  return `${method.toLowerCase()}${path.replace(/[{}]/g, '').replace(/[^a-zA-Z0-9]+/g, '_')}`;
}

function responsesOf(route: ApiRoute): ZodOpenApiResponsesObject {
  const { answer, stream, status } = route;
  const good =
    stream === null
      ? {
          description: status === 204 ? 'Done' : route.summary,
          ...(answer === null || status === 204
            ? {}
            : { content: { 'application/json': { schema: answer } } }),
        }
      : {
          description: stream.description,
          content: Object.fromEntries(stream.types.map((type) => [type, { schema: z.string() }])),
        };
  return {
    [String(status)]: good,
    '400': problem('The request is not understood; `errors` names each part'),
    '401': problem('Nobody that we know'),
    '403': problem('You may not do that'),
    '404': problem('Not there, or not yours to see'),
    ...(route.isWrite ? { '409': problem('It conflicts with what is there') } : {}),
    ...(route.body === null
      ? {}
      : { '413': problem('The body is too large'), '415': problem('The body is not JSON') }),
    '429': problem('Too many requests; see Retry-After'),
    '500': problem('A fault of the service'),
  };
}
