import { z } from 'zod';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Flag, Instant } from '../api-schemas.ts';

/** All connections at a glance, for whoever runs the service. */

const Row = z.strictObject({
  connection: z.string(),
  org: z.string(),
  edition: z.string(),
  dataCentre: z.string(),
  mode: z.enum(['manual', 'auto', 'read-only']),
  state: z.enum(['ready', 'reconnect_needed', 'parked', 'standby']),
  lastRunAt: Instant.nullable(),
  freshnessHours: z.number().nullable().meta({ description: 'Since a sync was done; null: never' }),
  nextRunAt: Instant.nullable(),
  creditsToday: z.int(),
  creditPercent: z.int().meta({ description: 'Of our ceiling' }),
  tokenAgeHours: z.number().nullable(),
  channelExpiresAt: Instant.nullable(),
  unmatched: z.int().nullable(),
  criticalAlerts: z.int(),
  warnings: z.int(),
  heldPlans: z.int(),
  deadJobs: z.int(),
  settingsVersion: z.int().meta({ description: 'In force; 0: the files alone' }),
  runVersion: z.int().nullable().meta({ description: 'That of the last run' }),
  trouble: z.array(z.string()).meta({ description: 'What is wrong, worst first' }),
  weight: z.number().meta({ description: 'The higher the sooner somebody should look' }),
});

export function fleetRoutes({ fleet }: Pick<ApiDeps, 'fleet'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/fleet',
      summary: 'All connections, those in trouble first',
      tag: 'Fleet',
      access: 'operator',
      query: z.strictObject({ trouble: Flag.meta({ description: 'Only where something is wrong' }) }),
      answer: z.strictObject({ items: z.array(Row) }),
      async handle({ query }) {
        const rows = await fleet();
        return {
          items: rows
            .filter(({ trouble }) => query.trouble !== true || trouble.length > 0)
            .map((row) => ({ ...row, trouble: [...row.trouble] })),
        };
      },
    }),
  ];
}
