import { z } from 'zod';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';

/** Files that were brought in by the command line. */

const Kind = z.enum(['purchases', 'costs', 'contributions', 'referrals']);

export function importRoutes({ store }: Pick<ApiDeps, 'store'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/imports',
      summary: 'Files that were imported and count, newest first',
      tag: 'Imports',
      query: z.strictObject({ kind: Kind.optional() }),
      answer: z.strictObject({
        items: z.array(
          z.strictObject({
            kind: Kind,
            fileHash: z.string().meta({ description: 'SHA-256 of the file' }),
            file: z.string(),
            lines: z.int(),
            importedAt: Instant,
          }),
        ),
      }),
      async handle({ connection, query }) {
        const kinds = query.kind === undefined ? Kind.options : [query.kind];
        const files = await Promise.all(kinds.map((kind) => store.imports.list(connection.id, kind)));
        return {
          items: files
            .flat()
            .toSorted((a, b) => b.importedAt.getTime() - a.importedAt.getTime() || b.id - a.id)
            .map(({ kind, fileHash, fileName, lines, importedAt }) => ({
              ...{ kind, fileHash, file: fileName, lines, importedAt: importedAt.toISOString() },
            })),
        };
      },
    }),
  ];
}
