import type { Kysely } from 'kysely';
import type { Clock, ConnectionOptions, PgBoss } from 'pg-boss';
import type { Db } from '../db.ts';
import { ConfigError } from '../errors.ts';
import { DEAD_DAYS } from './queue-stores.ts';
import type { Tables } from './tables.ts';

/** pg-boss beside a PostgreSQL store: its own schema, its own few connections, started when it is first needed. */

export const SCHEMA = 'pgboss';
/** Where dead jobs lie until somebody looks; nobody fetches from it. */
export const DEAD_QUEUE = 'dead-jobs';

// A slot asks for one thing at a time, and what waits for a connection waits milliseconds.
const MAX_CONNECTIONS = 3;
// Silent for this long: the job is given to another. Looked for every 8 s (start-jobs.ts), so within 46 s.
const HEARTBEAT_S = 30;
const MONITOR_S = 8;
const DAY_S = 86_400;
// What waits does not go bad: a connection may be paused for months. pg-boss would delete it after 14 days.
const KEEP_S = 3_650 * DAY_S;
// The longest pg-boss takes. A job that lives longer is fetched by another worker and waits there for the line.
const LONGEST_JOB_S = DAY_S - 1;
// For a look at what was done; nothing else reads it.
const KEEP_DONE_S = 3_600;
// How often is decided by the work loop, which knows why a job failed.
const RETRIES = 1_000_000;
const NOT_ALLOWED = '42501';

export interface Boss {
  /** The running one. Throws what the database throws. */
  get(): Promise<PgBoss>;
  /** The same, with a queue for this kind of job. */
  for(kind: string): Promise<PgBoss>;
  /** An option of its calls: within this transaction. Only of a running one. */
  within(trx: Kysely<Tables>): Required<ConnectionOptions>;
}

// Loaded when it is needed: an embedded store and most commands never do.
const library = () => import('pg-boss');

/** `clock`: a test's; in service pg-boss asks the database, so that the clocks of several machines do not matter. */
export function bossOf(db: Db, clock?: Clock): Boss {
  let starting: Promise<PgBoss> | null = null;
  let loaded: Awaited<ReturnType<typeof library>> | null = null;
  const kinds = new Set<string>();

  async function start(): Promise<PgBoss> {
    loaded = await library();
    const boss = new loaded.PgBoss({
      connectionString: db.url,
      schema: SCHEMA,
      max: MAX_CONNECTIONS,
      application_name: 'zoho-customer-value-queue',
      // Whoever works calls supervise(); schedules are rows of ours, and no job depends on another.
      supervise: false,
      schedule: false,
      flowIntervalSeconds: DAY_S / 2,
      monitorIntervalSeconds: MONITOR_S,
      maintenanceIntervalSeconds: 600,
      ...(clock ? { clock } : {}),
    });
    // Told by the call that failed as well; without a listener it would end the process.
    boss.on('error', () => undefined);
    try {
      await boss.start();
      await boss.createQueue(DEAD_QUEUE, { policy: 'standard', retentionSeconds: DEAD_DAYS * DAY_S });
    } catch (cause) {
      await boss.stop({ graceful: false, close: true }).catch(() => undefined);
      if (cause instanceof Error && 'code' in cause && cause.code === NOT_ALLOWED) {
        throw new ConfigError(
          `the queue cannot be made: grant create on the database to the user of DATABASE_URL (schema ${SCHEMA})`,
          { cause },
        );
      }
      throw cause;
    }
    db.onClose(() => boss.stop({ graceful: false, close: true }));
    return boss;
  }

  function get(): Promise<PgBoss> {
    // The database may be away now and back at the next call.
    starting ??= start().catch((error: unknown) => {
      starting = null;
      throw error;
    });
    return starting;
  }

  return {
    get,
    async for(kind) {
      const boss = await get();
      if (kinds.has(kind)) return boss;
      await boss.createQueue(kind, {
        // At most one of a key waits; once at work the key is free.
        policy: 'short',
        heartbeatSeconds: HEARTBEAT_S,
        expireInSeconds: LONGEST_JOB_S,
        retryLimit: RETRIES,
        retentionSeconds: KEEP_S,
        deleteAfterSeconds: KEEP_DONE_S,
      });
      kinds.add(kind);
      return boss;
    },
    within(trx) {
      if (loaded === null) throw new Error('the queue has not been started');
      return { db: loaded.fromKysely(trx) };
    },
  };
}
