import { sql } from 'kysely';
import { TestClock } from 'pg-boss';
import { type Db, openDb } from '../../src/db.ts';
import { bossJobsStore } from '../../src/store/boss-jobs.ts';
import { jobsStore } from '../../src/store/jobs.ts';
import { migrate } from '../../src/store/migrate.ts';
import type { JobsStore } from '../../src/store/queue-stores.ts';
import type { TestDatabase } from './databases.ts';
import { fakeClock } from './fake-clock.ts';

/** What the tests of the queue are given: two processes on one database, and their time, which stands still. */
export interface TwoProcesses {
  readonly db: Db;
  readonly one: JobsStore;
  readonly two: JobsStore;
  now(): Date;
  /** A span in which the second process does what a worker does beside its jobs. */
  pass(ms: number): Promise<void>;
  /** The same in one step, however long. */
  leap(ms: number): Promise<void>;
  /** Nothing is left of an earlier test but the time. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const MAINTAIN_MS = 8_000;

export async function twoProcesses(database: TestDatabase, start: Date): Promise<TwoProcesses> {
  const url = await database.url();
  const clock = fakeClock(start);
  const isPostgres = url.startsWith('postgres');
  const boss = new TestClock(start);
  // pg-boss moves the database's time only for sessions that ask for it; ours must go along.
  const address = isPostgres ? `${url}?options=-c%20pgboss.test_clock%3Don` : url;
  const dbs = [await openDb(address), await openDb(address)] as const;
  await migrate(dbs[0]);
  const [one, two] = dbs.map((db) => (isPostgres ? bossJobsStore(db, clock, boss) : jobsStore(db, clock)));
  if (!one || !two) throw new Error('two processes were asked for');
  await one.maintain();
  await two.maintain();
  let sinceMaintained = 0;
  return {
    db: dbs[0],
    one,
    two,
    now: () => clock.now(),
    async pass(ms) {
      for (let left = ms; left > 0; ) {
        const step = Math.min(left, MAINTAIN_MS - sinceMaintained);
        clock.advance(step);
        if (isPostgres) await boss.tick(step);
        left -= step;
        sinceMaintained += step;
        if (sinceMaintained < MAINTAIN_MS) continue;
        sinceMaintained = 0;
        await two.maintain();
      }
    },
    async leap(ms) {
      clock.advance(ms);
      if (isPostgres) await boss.setTime(clock.now());
      await two.maintain();
    },
    async reset() {
      const tables = ['connections', 'jobs', 'job_turns', ...(isPostgres ? ['pgboss.job'] : [])];
      for (const table of tables) await sql`delete from ${sql.table(table)}`.execute(dbs[0].kysely);
    },
    async close() {
      for (const db of dbs) await db.close();
    },
  };
}
