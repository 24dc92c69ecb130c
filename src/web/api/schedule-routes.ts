import { z } from 'zod';
import type { Connection, Language } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { Schedule } from '../../store/job-stores.ts';
import { scheduleInWords } from '../../texts/schedule-text.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant, Lang } from '../api-schemas.ts';
import { Accepted } from './enqueue-asked.ts';

/** What runs when, of a connection and of the installation: look, change, run now. */

const tag = 'Schedules';
const SHOWN_TIMES = 5;
const MOST_TIMES = 100;

const ShownSchedule = z.strictObject({
  job: z.string(),
  expr: z.string().meta({ description: 'Five cron fields, "every N minutes" or "every N hours"' }),
  inWords: z.string(),
  timeZone: z.string(),
  quietHours: z.string().nullable().meta({ description: 'e.g. 22:00-06:00' }),
  spreadMinutes: z.int(),
  enabled: z.boolean(),
  nextRuns: z.array(Instant).meta({ description: 'Soonest first; none while it is off' }),
  lastRunAt: Instant.nullable(),
  lastDueAt: Instant.nullable().meta({ description: 'The time that the last run was for' }),
  missed: z.int().meta({ description: 'Times passed over at the last firing' }),
});
const Listed = z.strictObject({ items: z.array(ShownSchedule) });
const Look = z.strictObject({
  lang: Lang,
  count: z.coerce.number().int().min(1).max(MOST_TIMES).default(SHOWN_TIMES).meta({
    description: 'Of the next times',
  }),
});
const Edit = z
  .strictObject({
    expr: z.string().min(1).max(100).optional(),
    timeZone: z.string().min(1).max(64).optional(),
    quietHours: z.string().max(20).nullable().optional(),
    spreadMinutes: z.int().min(0).max(720).optional(),
    enabled: z.boolean().optional(),
  })
  .refine((edit) => Object.keys(edit).length > 0, 'nothing to change: give at least one field')
  .meta({ example: { expr: '15 3 * * *', quietHours: '22:00-02:00' } });
const JobName = z.string().max(40).meta({ description: 'e.g. score-and-write' });

type Owner = Connection | null;
type Edit = z.output<typeof Edit>;
interface Write {
  note(detail: { readonly target: string; readonly before?: unknown; readonly after?: unknown }): void;
}

export function scheduleRoutes(
  deps: Pick<ApiDeps, 'store' | 'queue' | 'settingsOf' | 'schedules'>,
): ApiRoute[] {
  const { store, queue, settingsOf, schedules } = deps;
  const shown = (row: Schedule, language: Language, count = SHOWN_TIMES) => {
    const { id: _id, connection: _owner, nextRunAt: _first, lastRunAt, lastDueAt, ...rest } = row;
    return {
      ...rest,
      inWords: scheduleInWords(row.expr, language),
      nextRuns: schedules.nextRuns(row, count).map((at) => at.toISOString()),
      lastRunAt: lastRunAt?.toISOString() ?? null,
      lastDueAt: lastDueAt?.toISOString() ?? null,
    };
  };
  const languageOf = async (owner: Owner): Promise<Language> =>
    owner === null ? 'en' : (await settingsOf(owner)).plan.language;
  const list = async (owner: Owner, { lang, count }: z.output<typeof Look>) => {
    const language = lang ?? (await languageOf(owner));
    return {
      items: (await store.schedules.of(owner?.id ?? null)).map((row) => shown(row, language, count)),
    };
  };
  const required = async (owner: Owner, job: string): Promise<Schedule> => {
    const row = (await store.schedules.of(owner?.id ?? null)).find((one) => one.job === job);
    if (row === undefined) throw new NotFoundError(`there is no schedule for "${job}"`);
    return row;
  };
  const edit = async (owner: Owner, job: string, change: Edit, { note }: Write) => {
    const before = await required(owner, job);
    note({ target: job, before: editable(before) });
    const after = await schedules.edit(owner, job, given(change));
    note({ target: job, after: editable(after) });
    return shown(after, await languageOf(owner));
  };
  const run = async (owner: Owner, job: string, { note }: Write) => {
    await required(owner, job);
    const { jobId, fresh } = await schedules.runNow(queue, owner, job);
    note({ target: job, after: { job: jobId, fresh } });
    return { job: jobId, fresh };
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/schedules',
      summary: 'What runs when, in words, with the next times',
      tag,
      query: Look,
      answer: Listed,
      handle: ({ connection, query }) => list(connection, query),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/connections/{connection}/schedules/{job}',
      action: 'schedule.set',
      summary: 'Change a schedule, or switch it on or off',
      description: 'An expression that comes without spreadMinutes sets that to 0: the very time is meant.',
      tag,
      params: z.strictObject({ job: JobName }),
      body: Edit,
      answer: ShownSchedule,
      handle: ({ connection, params, body, note }) => edit(connection, params.job, body, { note }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/schedules/{job}/run',
      action: 'schedule.run',
      summary: 'Run it now, beside its times',
      tag,
      status: 202,
      params: z.strictObject({ job: JobName }),
      answer: Accepted,
      async handle({ connection, params, note, locate }) {
        locate(`/connections/${connection.id}/jobs`);
        return run(connection, params.job, { note });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/schedules',
      summary: 'Schedules that belong to no connection: backup and retention',
      tag,
      access: 'operator',
      query: Look,
      answer: Listed,
      handle: ({ query }) => list(null, query),
    }),
    defineRoute({
      method: 'PATCH',
      path: '/schedules/{installationJob}',
      action: 'schedule.set',
      summary: 'Change one of them',
      tag,
      access: 'operator',
      params: z.strictObject({ installationJob: JobName }),
      body: Edit,
      answer: ShownSchedule,
      handle: ({ params, body, note }) => edit(null, params.installationJob, body, { note }),
    }),
    defineRoute({
      method: 'POST',
      path: '/schedules/{installationJob}/run',
      action: 'schedule.run',
      summary: 'Run one of them now',
      tag,
      access: 'operator',
      status: 202,
      params: z.strictObject({ installationJob: JobName }),
      answer: Accepted,
      handle: ({ params, note }) => run(null, params.installationJob, { note }),
    }),
  ];
}

function editable({ expr, timeZone, quietHours, spreadMinutes, enabled }: Schedule) {
  return { expr, timeZone, quietHours, spreadMinutes, enabled };
}

/** Without the fields that are not there. */
function given({ expr, timeZone, quietHours, spreadMinutes, enabled }: Edit) {
  return {
    ...(expr === undefined ? {} : { expr }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(quietHours === undefined ? {} : { quietHours }),
    ...(spreadMinutes === undefined ? {} : { spreadMinutes }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}
