import { z } from 'zod';
import { TROUBLE_CODES } from '../../setup/fleet.ts';
import { fleetCsv } from '../../views/fleet-csv.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Flag, Instant } from '../api-schemas.ts';
import { sendLines } from '../send-lines.ts';

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
  causes: z
    .array(z.strictObject({ code: z.enum(TROUBLE_CODES), value: z.number().nullable() }))
    .meta({ description: 'The same as codes, with the number in it' }),
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
            .map((row) => ({ ...row, trouble: [...row.trouble], causes: [...row.causes] })),
        };
      },
    }),
    defineStream({
      method: 'GET',
      path: '/fleet/export',
      summary: 'All connections as CSV, as `zcv fleet --csv` prints them',
      tag: 'Fleet',
      access: 'operator',
      stream: { types: ['text/csv'], description: 'One line a connection' },
      async send({ res }) {
        const text = fleetCsv(await fleet());
        await sendLines(res, { type: 'text/csv', fileName: 'connections.csv' }, oneLine(text));
      },
    }),
  ];
}

async function* oneLine(text: string) {
  yield text;
}
