import { z } from 'zod';
import { NotFoundError } from '../../errors.ts';
import type { Channel, Delivery, WorkflowHook } from '../../store/webhook-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';

/** How Zoho tells us of changes: channels, the log of deliveries, webhooks of workflow rules. Never a secret or a value. */

const tag = 'Notifications';
const InstantOrNull = Instant.nullable();
const at = (instant: Date | null) => instant?.toISOString() ?? null;

const ChannelState = z.strictObject({
  module: z.string().nullable(),
  channelId: z.string(),
  events: z.array(z.string()),
  fields: z
    .array(z.string())
    .meta({ description: 'Edits of these are told; all edits where conditioned is false' }),
  conditioned: z.boolean(),
  expiresAt: Instant,
  heardAt: InstantOrNull.meta({ description: 'When a genuine notification last came through' }),
  checkedAt: InstantOrNull.meta({ description: 'When Zoho last said that it stands' }),
  unheard: z
    .int()
    .meta({ description: 'Changes that syncs found and it had not told of, since it was heard' }),
});
const Refused = z.strictObject({ module: z.string(), code: z.string().nullable(), message: z.string() });
const DeliveryHead = z.strictObject({
  id: z.int(),
  channelId: z.string(),
  receivedAt: Instant,
  module: z.string(),
  operation: z.string(),
  records: z.int(),
  outcome: z.enum(['read', 'echo', 'ignored', 'failed']).nullable(),
  doneAt: InstantOrNull,
});
const DeliveryDetail = DeliveryHead.extend({
  ids: z.array(z.string()),
  fields: z.record(z.string(), z.array(z.string())).meta({ description: 'Names of what changed, by record' }),
});
const Hook = z.strictObject({
  name: z.string(),
  createdAt: Instant,
  rotatedAt: InstantOrNull,
  heardAt: InstantOrNull,
});
const OfDelivery = z.strictObject({ delivery: z.coerce.number().int().positive() });
const MOST = 200;

function channelState(row: Channel) {
  const { module, channelId, events, fields, conditioned, unheard } = row;
  const times = {
    expiresAt: row.expiresAt.toISOString(),
    heardAt: at(row.heardAt),
    checkedAt: at(row.checkedAt),
  };
  return { module, channelId, events, fields, conditioned, unheard, ...times };
}
function headOf({ id, channelId, receivedAt, body, outcome, doneAt }: Delivery) {
  const { module, operation, ids } = body;
  const what = { module, operation, records: ids.length };
  return { id, channelId, receivedAt: receivedAt.toISOString(), ...what, outcome, doneAt: at(doneAt) };
}
function hookState({ name, createdAt, rotatedAt, heardAt }: WorkflowHook) {
  return { name, createdAt: createdAt.toISOString(), rotatedAt: at(rotatedAt), heardAt: at(heardAt) };
}

export function webhookRoutes({
  store,
  queue,
  clock,
}: Pick<ApiDeps, 'store' | 'queue' | 'clock'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/channels',
      summary: 'Channels through which Zoho tells us of changes, and modules it refuses',
      tag,
      answer: z.strictObject({ items: z.array(ChannelState), refused: z.array(Refused) }),
      handle: async ({ connection }) => ({
        items: (await store.channels.of(connection.id)).map(channelState),
        refused: (await store.channels.refused(connection.id)).map(({ module, code, message }) => {
          return { module, code, message };
        }),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/channels/renew',
      summary: 'Look after all channels now: test those not heard lately, open, renew and replace',
      tag,
      status: 202,
      answer: z.strictObject({ job: z.string(), fresh: z.boolean() }),
      async handle({ connection, note }) {
        const { id: job, fresh } = await queue.enqueue({
          connection: connection.id,
          name: 'renew-channels',
          payload: {},
          singletonKey: `renew-now:${connection.id}`,
          runAt: clock.now(),
        });
        note({ target: connection.name });
        return { job, fresh };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/deliveries',
      summary: 'Deliveries, newest first',
      tag,
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(MOST).default(50),
        before: z.coerce.number().int().positive().optional(),
      }),
      answer: z.strictObject({ items: z.array(DeliveryHead) }),
      handle: async ({ connection, query }) => ({
        items: (await store.deliveries.list(connection.id, query)).map(headOf),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/deliveries/{delivery}',
      summary: 'One delivery: which records and fields it named',
      tag,
      params: OfDelivery,
      answer: DeliveryDetail,
      async handle({ connection, params }) {
        const found = await store.deliveries.get(connection.id, params.delivery);
        if (!found) throw new NotFoundError(`there is no delivery ${params.delivery}`);
        const fields = Object.fromEntries(
          Object.entries(found.body.fields ?? {}).map(([id, names]) => [id, [...names]]),
        );
        return { ...headOf(found), ids: found.body.ids, fields };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/deliveries/{delivery}/replay',
      summary: 'Read the records of a delivery and score their customers once more',
      tag,
      status: 202,
      params: OfDelivery,
      answer: z.strictObject({ job: z.string() }),
      async handle({ connection, params, note }) {
        if (!(await store.deliveries.reopen(connection.id, params.delivery)))
          throw new NotFoundError(`there is no delivery ${params.delivery}`);
        const slow = (await store.deliveries.get(connection.id, params.delivery))?.slow === true;
        const { id: job } = await queue.enqueue({
          connection: connection.id,
          name: 'process-deliveries',
          payload: slow ? { slow } : {},
          singletonKey: `replay:${connection.id}:${params.delivery}`,
          runAt: clock.now(),
        });
        note({ target: `delivery ${params.delivery}` });
        return { job };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/workflow-webhooks',
      summary:
        'Webhooks of workflow rules and when each was last heard; made by `zcv webhook workflow create`',
      tag,
      answer: z.strictObject({ items: z.array(Hook) }),
      handle: async ({ connection }) => ({
        items: (await store.workflowHooks.of(connection.id)).map(hookState),
      }),
    }),
  ];
}
