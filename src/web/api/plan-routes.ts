import { z } from 'zod';
import type { Connection, FieldKey, Language, PlanId } from '../../domain.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import { FIELD_CATALOG } from '../../plan/field-catalog.ts';
import type { PlanHead } from '../../store/plan-stores.ts';
import type { Store } from '../../store/store.ts';
import { fieldLabel } from '../../texts/labels.ts';
import { planDiff, planLines } from '../../views/plan-diff.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Lang, SerialText, TierCode } from '../api-schemas.ts';
import { ForbiddenError } from '../http-errors.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';
import { sendLines } from '../send-lines.ts';
import { Accepted, enqueueAsked } from './enqueue-asked.ts';
import { ChangeSchema, inWords, PlanHeadSchema, PlanInWords, toldSummary } from './plan-schemas.ts';

/** Plans: what would be written and at what price, and what is decided about them. */

const tag = 'Plans';
const OfPlan = z.strictObject({ plan: SerialText });
const Code = z.string().regex(/^[a-z0-9_]{1,40}$/);
const Counts = z.strictObject({ pending: z.int(), done: z.int(), leftOut: z.int() });
const Selection = z
  .strictObject({
    modules: z
      .array(z.enum(['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases', 'Tasks']))
      .max(6)
      .default([]),
    tiers: z.array(TierCode).max(5).default([]),
    owners: z.array(z.string().max(100)).max(50).default([]),
  })
  .meta({
    description: 'Nothing selected: the whole plan. Else changes that fit one of each kind that is given',
    example: { modules: [], tiers: [], owners: [] },
  });
const Approved = z.strictObject({
  planId: z.string(),
  records: z.int(),
  tasks: z.strictObject({ create: z.int(), update: z.int(), close: z.int() }),
  leftOut: z.int(),
  calls: z.number(),
  credits: z.number(),
});
const ApplyBody = z
  .strictObject({
    fieldsOnly: z.boolean().default(false),
    canary: z.int().min(0).max(1_000).nullable().default(null),
  })
  .meta({ example: { fieldsOnly: false, canary: null } });

async function planOf(store: Store, connection: Connection, id: PlanId): Promise<PlanHead> {
  const plan = await store.plans.get(id);
  if (plan?.connection !== connection.id) throw new NotFoundError(`there is no plan ${id}`);
  return plan;
}

/** Nothing is written into an org that is to be read only, whoever asks. */
export function mustBeWritable({ name, mode }: Connection): void {
  if (mode === 'read-only') throw new ForbiddenError(`${name} is read-only; change its mode first`);
}

function toldHead({ id, runId, asOf, state, summary, createdAt }: PlanHead) {
  return { id, runId, asOf, state, summary: toldSummary(summary), createdAt: createdAt.toISOString() };
}

export function planRoutes(
  deps: Pick<ApiDeps, 'store' | 'settingsOf' | 'work' | 'queue' | 'clock'>,
): ApiRoute[] {
  const { store, settingsOf, work } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/plans',
      summary: 'Plans, newest first',
      tag,
      query: z.strictObject(Paged),
      answer: pageSchema(PlanHeadSchema),
      async handle({ connection, query }) {
        const after = placeOf(z.int(), query.cursor);
        const { items, next } = await store.lists.plans(connection.id, { after, limit: query.limit });
        return { items: items.map(toldHead), next: cursorOf(next) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/plans',
      action: 'plan.make',
      summary: 'Make a plan from the scores that are stored',
      tag,
      status: 202,
      answer: Accepted,
      async handle({ connection, note, locate }) {
        note({ target: connection.name });
        locate(`/connections/${connection.id}/runs`);
        return enqueueAsked(deps, connection, { what: 'plan' });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/plans/{plan}',
      summary: 'A plan: its state, price and how far it is',
      tag,
      params: OfPlan,
      query: z.strictObject({ lang: Lang }),
      answer: PlanHeadSchema.extend({ changes: Counts, ...PlanInWords }),
      async handle({ connection, params, query }) {
        const plan = await planOf(store, connection, params.plan);
        const head = toldHead(plan);
        const settings = await settingsOf(connection);
        return {
          ...head,
          changes: await store.plans.counts(plan.id),
          ...inWords(head.summary, settings.plan.playbook, query.lang ?? settings.plan.language),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/plans/{plan}/changes',
      summary: 'Changes of a plan, in its order',
      tag,
      params: OfPlan,
      query: z.strictObject({
        ...Paged,
        lang: Lang,
        kind: z.enum(['field', 'task', 'suppressed', 'edited']).optional(),
        search: z.string().trim().min(1).max(100).optional().meta({
          description: 'Part of the name of whom it is about, or that record’s id',
        }),
        field: Code.optional().meta({ description: 'Only changes of this field', example: 'value_tier' }),
        owner: z.string().max(20).optional().meta({ description: 'Only tasks for this user' }),
        rule: Code.optional().meta({ description: 'Only tasks of this rule of the playbook' }),
        why: Code.optional().meta({ description: 'Only tasks that are kept back for this', example: 'cap' }),
        cause: Code.optional().meta({ description: 'Only changes for this cause', example: 'tier_changed' }),
      }),
      answer: pageSchema(ChangeSchema),
      async handle({ connection, params, query: { cursor, lang, ...wanted } }) {
        const { id } = await planOf(store, connection, params.plan);
        const after = placeOf(z.int(), cursor);
        const { items, next } = await store.lists.planItems(id, { ...wanted, after });
        const settings = await settingsOf(connection);
        const lineOf = planLines(settings, connection, lang);
        const language = lang ?? settings.plan.language;
        return {
          items: items.map((item) => ({
            ...{ seq: item.seq, done: item.done, leftOut: item.leftOut },
            ...lineOf(item),
            ...(item.kind === 'field' ? aboutField(item.change.field, language) : {}),
          })),
          next: cursorOf(next),
        };
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
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/plans/{plan}/approve',
      action: 'plan.approve',
      summary: 'Approve a plan, or a part of it',
      description: 'A further approval of a part adds to what was approved before. Nothing is written yet.',
      tag,
      params: OfPlan,
      body: Selection,
      answer: Approved,
      async handle({ connection, params, body, note }) {
        mustBeWritable(connection);
        const { state } = await planOf(store, connection, params.plan);
        const decision = await work.approvePlan(connection, params.plan, body);
        const { planId, records, tasks, leftOut, calls, credits } = decision;
        const { create, update, close } = tasks;
        const told = { planId, records, tasks: { create, update, close }, leftOut, calls, credits };
        note({ target: `plan ${planId}`, before: { state }, after: told });
        return told;
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/plans/{plan}/reject',
      action: 'plan.reject',
      summary: 'Reject a plan',
      tag,
      params: OfPlan,
      answer: z.strictObject({ planId: z.string(), state: z.literal('rejected') }),
      async handle({ connection, params, note }) {
        const { id, state } = await planOf(store, connection, params.plan);
        await work.rejectPlan(connection, id);
        note({ target: `plan ${id}`, before: { state }, after: { state: 'rejected' } });
        return { planId: id, state: 'rejected' as const };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/plans/{plan}/apply',
      action: 'plan.apply',
      summary: 'Write a plan into the org',
      tag,
      params: OfPlan,
      body: ApplyBody,
      status: 202,
      answer: Accepted,
      async handle({ connection, params, body, note, locate }) {
        mustBeWritable(connection);
        const { id, state } = await planOf(store, connection, params.plan);
        if (state !== 'open' && state !== 'approved' && state !== 'applying') {
          throw new ConflictError(`plan ${id} is ${state}; only an open or approved plan is written`);
        }
        note({ target: `plan ${id}`, after: body });
        locate(`/connections/${connection.id}/runs`);
        return enqueueAsked(deps, connection, { what: 'apply', plan: id, ...body });
      },
    }),
  ];
}

function aboutField(field: FieldKey, language: Language) {
  const isMoney = FIELD_CATALOG.find(({ key }) => key === field)?.type === 'currency';
  return { label: fieldLabel(field, language), isMoney };
}

async function* jsonLines(items: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`;
}
