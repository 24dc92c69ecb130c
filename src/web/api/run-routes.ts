import { z } from 'zod';
import type { Connection, Language, RunId } from '../../domain.ts';
import { ConflictError, NotFoundError } from '../../errors.ts';
import type { Run, Store } from '../../store/store.ts';
import { sentenceIn } from '../../texts/known-sentences.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant, SerialText } from '../api-schemas.ts';
import { languageOf } from '../language.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';
import { Accepted, enqueueAsked } from './enqueue-asked.ts';
import { mustBeWritable } from './plan-routes.ts';
import { ByKind, byKind, RequestSchema, Spent, spentBy } from './run-schemas.ts';
import { summaryIn } from './run-words.ts';

/** Runs: what was done, how it went, what was refused; and starting one. Long work is a job. */

const tag = 'Runs';
const OfRun = z.strictObject({ run: SerialText });
const State = z.enum(['running', 'done', 'partial', 'failed']);
const RunSchema = z.strictObject({
  id: z.string(),
  kind: z.string().meta({ example: 'sync' }),
  state: State,
  startedAt: Instant,
  finishedAt: Instant.nullable(),
  input: z.unknown(),
  summary: z.unknown().meta({
    description:
      'As the command of that kind prints it with --json; checks of doctor and `error` in the language of Accept-Language',
  }),
  ...Spent,
});
const Failed = z.strictObject({
  module: z.string(),
  recordId: z.string(),
  field: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  attempts: z.int(),
  repair: z.string(),
  value: z.unknown().meta({ description: 'What was to be written: of the field, or by field' }),
  url: z.string().nullable().meta({ description: 'Of the record in Zoho; null: of an unknown data centre' }),
});
const StartBody = z
  .discriminatedUnion('what', [
    z.strictObject({
      what: z.literal('run'),
      full: z.boolean().default(false),
      apply: z.boolean().default(false),
    }),
    z.strictObject({ what: z.literal('sync'), full: z.boolean().default(false) }),
    z.strictObject({ what: z.literal('score') }),
  ])
  .meta({
    description: 'run: sync, score and plan, and with `apply` the write, unless the plan is held',
    example: { what: 'sync' },
  });

function toldRun({ id, kind, state, startedAt, finishedAt, input, summary: kept }: Run, language: Language) {
  const summary = summaryIn(language, kind, kept);
  return {
    ...{ id, kind, state, input: input ?? null, summary: summary ?? null, ...spentBy(kind, summary) },
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}

const OfPlan = z.looseObject({ planId: z.string() });

async function progressOf({ plans }: Pick<Store, 'plans'>, { kind, input }: Run) {
  const planId = kind === 'apply' ? OfPlan.safeParse(input).data?.planId : undefined;
  if (planId === undefined) return null;
  const { done, pending } = await plans.counts(planId);
  return { done, of: done + pending };
}

function mustHaveWritten(id: RunId, kind: string): void {
  if (kind !== 'apply' && kind !== 'undo') {
    throw new ConflictError(`run ${id} is a ${kind} and wrote nothing into the org`);
  }
}

export function runRoutes(deps: Pick<ApiDeps, 'store' | 'work' | 'queue' | 'clock'>): ApiRoute[] {
  const { store, work } = deps;
  const runOf = async (connection: Connection, id: RunId): Promise<Run> => {
    const run = await store.runs.get(id);
    if (run?.connection !== connection.id) throw new NotFoundError(`there is no run ${id}`);
    return run;
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/runs',
      summary: 'Runs, newest first',
      tag,
      query: z.strictObject({ ...Paged, kind: z.string().max(30).optional(), state: State.optional() }),
      answer: pageSchema(RunSchema),
      async handle({ connection, query: { kind, state, cursor, limit }, req }) {
        const after = placeOf(z.int(), cursor);
        const { items, next } = await store.lists.runs(connection.id, { kind, state, after, limit });
        const language = languageOf(req);
        return { items: items.map((run) => toldRun(run, language)), next: cursorOf(next) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/runs',
      action: 'run.start',
      summary: 'Start a run, a sync or a scoring',
      tag,
      body: StartBody,
      status: 202,
      answer: Accepted,
      async handle({ connection, body, note, locate }) {
        if (body.what === 'run' && body.apply) mustBeWritable(connection);
        note({ target: connection.name, after: body });
        locate(`/connections/${connection.id}/runs`);
        return enqueueAsked(deps, connection, body);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/runs/{run}',
      summary: 'A run and its summary',
      tag,
      params: OfRun,
      answer: RunSchema.extend({
        ...ByKind,
        progress: z
          .strictObject({ done: z.int(), of: z.int() })
          .nullable()
          .meta({ description: 'Changes of the plan that an apply has written; null: of another kind' }),
      }),
      async handle({ connection, params, req }) {
        const run = await runOf(connection, params.run);
        const format = { language: languageOf(req), currency: connection.org.currency };
        return {
          ...toldRun(run, format.language),
          ...byKind(run.kind, run.summary, format),
          progress: await progressOf(store, run),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/runs/{run}/failed',
      summary: 'What Zoho refused in an apply and still refuses, with the repair',
      tag,
      params: OfRun,
      answer: z.strictObject({ items: z.array(Failed) }),
      async handle({ connection, params, req }) {
        const language = languageOf(req);
        const { id, kind } = await runOf(connection, params.run);
        const rows = kind === 'apply' ? await work.failedRows(connection, id) : [];
        return {
          items: rows.map(({ module, recordId, field, code, message, attempts, repair, value }) => ({
            ...{ module, recordId, field, code, message, attempts, value },
            repair: sentenceIn(language, repair),
            url: work.recordUrl(connection, module, recordId),
          })),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/runs/{run}/requests',
      summary: 'Calls of Zoho that a run made, newest first, without what they held',
      description:
        'No host, header, body, id or value of a query. Of those that went well and of those that failed the newest 500 are kept, for as long as the setting `retention.deliveries` says.',
      tag,
      params: OfRun,
      query: z.strictObject({
        ...Paged,
        failed: z.stringbool().optional().meta({ description: 'true: those alone that failed' }),
      }),
      answer: pageSchema(RequestSchema),
      async handle({ connection, params, query: { failed, cursor, limit } }) {
        const { id } = await runOf(connection, params.run);
        const after = placeOf(z.int(), cursor);
        const { items, next } = await store.runRequests.page(connection.id, id, { failed, after, limit });
        const told = items.map(({ at, ...request }) => ({ ...request, at: at.toISOString() }));
        return { items: told, next: cursorOf(next) };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/runs/{run}/retry',
      action: 'run.retry',
      summary: 'Try again what Zoho refused in an apply',
      tag,
      params: OfRun,
      status: 202,
      answer: Accepted,
      async handle({ connection, params, note, locate }) {
        mustBeWritable(connection);
        const { id, kind } = await runOf(connection, params.run);
        if (kind !== 'apply') throw new ConflictError(`run ${id} is a ${kind}; only an apply is tried again`);
        note({ target: `run ${id}` });
        locate(`/connections/${connection.id}/runs`);
        return enqueueAsked(deps, connection, { what: 'retry', run: id });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/runs/{run}/undo-preview',
      action: 'run.undo-preview',
      summary: 'Look at what an undo would take back, and what it would leave and why; writes nothing',
      description: 'Its answer is the summary of a run of kind `undo-preview` whose input names the run.',
      tag,
      params: OfRun,
      status: 202,
      answer: Accepted,
      async handle({ connection, params, note, locate }) {
        const { id, kind } = await runOf(connection, params.run);
        mustHaveWritten(id, kind);
        note({ target: `run ${id}` });
        locate(`/connections/${connection.id}/runs?kind=undo-preview`);
        return enqueueAsked(deps, connection, { what: 'undo-preview', run: id });
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/runs/{run}/undo',
      action: 'run.undo',
      summary: 'Take back what an apply or an undo wrote',
      tag,
      params: OfRun,
      status: 202,
      answer: Accepted,
      async handle({ connection, params, note, locate }) {
        mustBeWritable(connection);
        const { id, kind } = await runOf(connection, params.run);
        mustHaveWritten(id, kind);
        note({ target: `run ${id}` });
        locate(`/connections/${connection.id}/runs`);
        return enqueueAsked(deps, connection, { what: 'undo', run: id });
      },
    }),
  ];
}
