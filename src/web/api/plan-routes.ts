import { z } from 'zod';
import type { Connection, PlanId } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { PlanHead, Store } from '../../store/store.ts';
import { planDiff } from '../../views/plan-diff.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Instant, Lang } from '../api-schemas.ts';
import { sendLines } from '../send-lines.ts';

/** Plans: what would be written, and what was decided. */

const tag = 'Plans';
const OfPlan = z.strictObject({ plan: z.string().max(20) });
const State = z.enum([
  'building',
  'open',
  'held',
  'approved',
  'applying',
  'applied',
  'rejected',
  'superseded',
  'expired',
  'discarded',
]);
const Counts = z.strictObject({ pending: z.int(), done: z.int(), leftOut: z.int() });
const Plan = z.strictObject({
  id: z.string(),
  runId: z.string(),
  asOf: CalendarDay,
  state: State,
  createdAt: Instant,
  changes: Counts,
  summary: z.unknown().meta({ description: 'As `zcv plan --json` prints it' }),
});

async function planOf(store: Store, connection: Connection, id: PlanId): Promise<PlanHead> {
  const plan = await store.plans.get(id);
  if (plan?.connection !== connection.id) throw new NotFoundError(`there is no plan ${id}`);
  return plan;
}

export function planRoutes({ store, settingsOf }: Pick<ApiDeps, 'store' | 'settingsOf'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/plans/{plan}',
      summary: 'A plan: its state, price and how far it is',
      tag,
      params: OfPlan,
      answer: Plan,
      async handle({ connection, params }) {
        const { id, runId, asOf, state, summary, createdAt } = await planOf(store, connection, params.plan);
        const changes = await store.plans.counts(id);
        return { id, runId, asOf, state, changes, summary, createdAt: createdAt.toISOString() };
      },
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/plans/{plan}/download',
      summary: 'Every change of a plan, one JSON object a line',
      tag,
      params: OfPlan,
      query: z.strictObject({ lang: Lang }),
      stream: { types: ['application/x-ndjson'], description: 'Changes in the order of the plan' },
      async send({ connection, params, query, res }) {
        const { id } = await planOf(store, connection, params.plan);
        const settings = await settingsOf(connection);
        const lines = jsonLines(planDiff({ store, settings }, connection, id, query.lang));
        await sendLines(res, { type: 'application/x-ndjson', fileName: `plan-${id}.ndjson` }, lines);
      },
    }),
  ];
}

async function* jsonLines(items: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}
