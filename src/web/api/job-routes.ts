import { z } from 'zod';
import { deleteDead, pauseJobs, resumeJobs, retryDead, viewJobs } from '../../views/manage-jobs.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';

/** The queue: what waits, runs or died, try again, pause; and the processes that work. */

const tag = 'Jobs';
// As a worker that is not heard of for longer counts as gone.
const SILENCE_MS = 30_000;

const State = z.enum(['queued', 'active', 'dead']);
const Job = z.strictObject({
  id: z.string(),
  name: z.string().meta({ description: 'The kind of job, e.g. process-deliveries' }),
  connection: z.string().nullable(),
  state: State,
  runAt: Instant,
  attempts: z.int().meta({ description: 'Waiting for credits or for another run is none' }),
  lastError: z.string().nullable(),
  diedAt: Instant.nullable(),
  isPaused: z.boolean().meta({ description: 'It waits because its connection is paused' }),
});
const Pause = z.strictObject({ since: Instant, why: z.string() });
const DeadJob = z.strictObject({ deadJob: z.string().max(40).meta({ description: 'Id of a dead job' }) });

export function jobRoutes(deps: Pick<ApiDeps, 'store' | 'clock'>): ApiRoute[] {
  const { store, clock } = deps;
  const pauseOf = async (connection: string) => {
    const pause = (await store.jobs.paused()).find((one) => one.connection === connection);
    return pause ? { since: pause.since.toISOString(), why: pause.why } : null;
  };
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/jobs',
      summary: 'Jobs of a connection, newest first, and whether they are paused',
      tag,
      query: z.strictObject({
        state: State.optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      answer: z.strictObject({ items: z.array(Job), pause: Pause.nullable() }),
      handle: async ({ connection, query: { state, limit } }) => ({
        items: await viewJobs({ store }, { connection, limit, ...(state ? { state } : {}) }),
        pause: await pauseOf(connection.id),
      }),
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/dead-jobs/{deadJob}/retry',
      summary: 'Put a dead job back into the queue, with all its attempts',
      tag,
      params: DeadJob,
      answer: z.strictObject({ retried: z.int() }),
      async handle({ connection, params, note }) {
        const done = await retryDead({ store }, connection, params.deadJob);
        note({ target: params.deadJob, after: done });
        return done;
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/dead-jobs/{deadJob}',
      summary: 'Forget a dead job',
      tag,
      params: DeadJob,
      answer: z.strictObject({ deleted: z.int() }),
      async handle({ connection, params, note }) {
        const done = await deleteDead({ store }, connection, params.deadJob);
        note({ target: params.deadJob, after: done });
        return done;
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/connections/{connection}/pause',
      summary: 'Start no job of a connection until it is resumed; the one at work ends, what comes is kept',
      tag,
      body: z.strictObject({ why: z.string().min(1).max(200) }).meta({ example: { why: 'CRM migration' } }),
      answer: z.strictObject({ pause: Pause.nullable() }),
      async handle({ connection, body, note }) {
        const before = await pauseOf(connection.id);
        await pauseJobs({ store }, connection, body.why);
        const pause = await pauseOf(connection.id);
        note({ target: connection.name, before, after: pause });
        return { pause };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/pause',
      summary: 'Go on with the jobs of a paused connection',
      tag,
      answer: z.strictObject({ wasPaused: z.boolean() }),
      async handle({ connection, note }) {
        const before = await pauseOf(connection.id);
        const { wasPaused } = await resumeJobs({ store }, connection);
        note({ target: connection.name, before, after: null });
        return { wasPaused };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/workers',
      summary: 'Processes that run jobs, and how many jobs there are',
      tag,
      access: 'operator',
      answer: z.strictObject({
        counts: z.record(State, z.int()),
        items: z.array(
          z.strictObject({
            id: z.string(),
            kind: z.enum(['server', 'worker']),
            host: z.string(),
            pid: z.int(),
            slots: z.int().meta({ description: 'Jobs at a time' }),
            startedAt: Instant,
            beatAt: Instant,
          }),
        ),
      }),
      handle: async () => {
        const alive = await store.workers.alive(new Date(clock.now().getTime() - SILENCE_MS));
        return {
          counts: await store.jobs.counts(),
          items: alive.map(({ startedAt, beatAt, ...worker }) => ({
            ...worker,
            startedAt: startedAt.toISOString(),
            beatAt: beatAt.toISOString(),
          })),
        };
      },
    }),
  ];
}
