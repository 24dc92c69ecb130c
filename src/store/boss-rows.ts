import { type Kysely, sql } from 'kysely';
import type { ConnectionId } from '../domain.ts';
import { DEAD_QUEUE, SCHEMA } from './boss.ts';
import type { JobState, ListedJob } from './queue-stores.ts';
import type { Tables } from './tables.ts';

/** What is read of pg-boss's table of jobs, by the columns that it documents. Nothing here writes to it. */

const JOB = sql.raw(`${SCHEMA}.job`);
/** The time by which pg-boss decides what is due. */
const bossNow = sql<Date>`${sql.raw(`${SCHEMA}.job_now()`)}`;

/** What we keep in a job of pg-boss. */
export interface Kept {
  readonly payload: unknown;
  /** Its singleton key; pg-boss is given one of its own for a job without. */
  readonly key: string | null;
  /** Of its attempts, those that do not count. */
  readonly free: number;
}
export interface KeptDead extends Kept {
  readonly kind: string;
  readonly error: string;
  readonly attempts: number;
  readonly diedAt: string;
}

// pg-boss takes no empty group.
const NO_CONNECTION = '-';
export const groupOf = (connection: ConnectionId | null): string => connection ?? NO_CONNECTION;
export const connectionOf = (group: string | null | undefined): ConnectionId | null =>
  group === NO_CONNECTION || group === null || group === undefined ? null : group;
const turnOfGroup = sql`case j.group_id when ${NO_CONNECTION} then '' else j.group_id end`;

/** The message that pg-boss stored when a job failed, ours or its own. */
export function errorIn(output: unknown): string | null {
  if (typeof output !== 'object' || output === null) return null;
  if ('message' in output && typeof output.message === 'string') return output.message;
  return 'value' in output ? errorIn(output.value) : null;
}

const isDue = sql`j.state < 'active' and not j.blocked and j.start_after <= ${bossNow} and j.name <> ${DEAD_QUEUE}`;
const named = (names: readonly string[] | undefined) =>
  names ? sql`and j.name = any(${[...names]})` : sql``;

/** The turn that was served longest ago of those with a job that is due, none at work and no pause. */
export async function nextTurn(
  db: Kysely<Tables>,
  names: readonly string[] | undefined,
  isLocked: boolean,
): Promise<string | null> {
  // Who holds the row is fetching that connection's job at this moment.
  const lock = isLocked ? sql`for no key update of t skip locked` : sql``;
  const { rows } = await sql<{ turn: string }>`
    select t.turn from job_turns t
    join (select ${turnOfGroup} as turn, min(j.start_after) as since from ${JOB} j
      where ${isDue} ${named(names)} group by 1) due on due.turn = t.turn
    where t.paused_at is null and not exists (
      select 1 from ${JOB} j where j.state = 'active' and ${turnOfGroup} = t.turn)
    order by t.served_at nulls first, due.since limit 1 ${lock}`.execute(db);
  return rows[0]?.turn ?? null;
}

/**
 * The job of a turn that is due longest, read anew under its lock, and a number that no other transaction has.
 */
export async function nextOf(
  trx: Kysely<Tables>,
  turn: string,
  names: readonly string[] | undefined,
): Promise<{ id: string; kind: string; mark: number } | null> {
  const { rows } = await sql<{ id: string; kind: string; mark: number }>`
    select j.id::text as id, j.name as kind,
      (pg_current_xact_id()::text::bigint % 2147483646 + 1)::int as mark
    from ${JOB} j where ${turnOfGroup} = ${turn} and ${isDue} ${named(names)}
      and not exists (select 1 from ${JOB} a where a.state = 'active' and a.group_id = j.group_id)
    order by j.start_after, j.created_on limit 1`.execute(trx);
  return rows[0] ?? null;
}

export async function setServed(trx: Kysely<Tables>, turn: string): Promise<void> {
  await trx.updateTable('job_turns').set({ served_at: bossNow }).where('turn', '=', turn).execute();
}

export async function stateCounts(db: Kysely<Tables>): Promise<Record<JobState, number>> {
  const { rows } = await sql<{ queued: number; active: number; dead: number }>`
    select count(*) filter (where j.state < 'active' and j.name <> ${DEAD_QUEUE}) as queued,
      count(*) filter (where j.state = 'active') as active,
      count(*) filter (where j.name = ${DEAD_QUEUE}) as dead
    from ${JOB} j where j.state < 'completed' and j.group_id is not null`.execute(db);
  return rows[0] ?? { queued: 0, active: 0, dead: 0 };
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  readonly data: Kept | KeptDead;
  readonly startAfter: Date;
  readonly state: string;
  readonly retryCount: number;
  readonly isStarted: boolean;
  readonly output: unknown;
}

export async function listJobs(
  db: Kysely<Tables>,
  of: { connection?: ConnectionId; state?: JobState; limit: number },
): Promise<ListedJob[]> {
  const states = {
    queued: sql`j.state < 'active' and j.name <> ${DEAD_QUEUE}`,
    active: sql`j.state = 'active'`,
    dead: sql`j.state < 'completed' and j.name = ${DEAD_QUEUE}`,
  };
  const inState = of.state === undefined ? sql`j.state < 'completed'` : states[of.state];
  const owned = of.connection === undefined ? sql`` : sql`and j.group_id = ${of.connection}`;
  const { rows } = await sql<Row>`
    select j.id::text as id, j.name, j.group_id as "group", j.data, j.start_after as "startAfter",
      j.state::text as state, j.retry_count as "retryCount", j.started_on is not null as "isStarted", j.output
    from ${JOB} j where ${inState} and j.group_id is not null ${owned}
    order by j.created_on desc, j.id limit ${of.limit}`.execute(db);
  return rows.map(listedJobOf);
}

function listedJobOf(row: Row): ListedJob {
  const { data } = row;
  const common = {
    id: row.id,
    connection: connectionOf(row.group),
    payload: data.payload,
    singletonKey: data.key,
    runAt: row.startAfter,
  };
  if ('kind' in data) {
    const { kind, attempts, error, diedAt } = data;
    return { ...common, name: kind, attempts, lastError: error, state: 'dead', diedAt: new Date(diedAt) };
  }
  return {
    ...common,
    name: row.name,
    attempts: row.isStarted ? Math.max(0, row.retryCount + 1 - data.free) : 0,
    lastError: errorIn(row.output),
    state: row.state === 'active' ? 'active' : 'queued',
    diedAt: null,
  };
}

/** Jobs of connections that are gone, by queue; nobody would ever fetch them. */
export async function strayJobs(db: Kysely<Tables>): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ name: string; id: string }>`
    select j.name, j.id::text as id from ${JOB} j
    where j.state < 'completed' and j.state <> 'active' and j.group_id is not null
      and not exists (select 1 from job_turns t where t.turn = ${turnOfGroup}) limit 1000`.execute(db);
  const byQueue = Map.groupBy(rows, ({ name }) => name);
  return new Map([...byQueue].map(([name, found]) => [name, found.map(({ id }) => id)]));
}

/** Whether a job with that key waits, also for its next attempt, which pg-boss's own index leaves out. */
export async function waitingWith(
  db: Kysely<Tables>,
  kind: string,
  key: string,
  but: string | null = null,
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select j.id::text as id from ${JOB} j
    where j.name = ${kind} and j.singleton_key = ${key} and j.state < 'active' and j.id::text is distinct from ${but}
    limit 1`.execute(db);
  return rows[0]?.id ?? null;
}
