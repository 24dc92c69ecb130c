import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';

/** A database that is away for a while: how that is told from a bug, and waiting for it at a start. */

/** Not reached for as long as a start waits. */
class DatabaseAwayError extends AppError {
  readonly code = 'database_away';
  override readonly retryable = true;
}

// A restart of PostgreSQL takes seconds, a fail-over to its standby less than half a minute.
const PATIENCE_MS = 30_000;
const LOOK_MS = 500;

// Class 08 and 57P0x: cut off or not let in yet; 53300: no connection is free; 40001 and 40P01: undone for the sake of another transaction.
const STATES = /^(08\d{3}|57P0[1-5]|53300|40001|40P01)$/;
const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// What pg says without a code, and what is left of an error that came out of a thread.
const WORDS =
  /^(Connection (terminated|ended)|Client (was closed|has encountered a connection error)|terminating connection|the database system is|connect ECONNREFUSED|read ECONNRESET|database is locked)/;

/** True when the same work may succeed once the database is back or less busy; looks through causes. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return STATES.test(code) || SYSTEM.has(code) || WORDS.test(error.message) || isDatabaseAway(error.cause);
}

/**
 * What `open` gives, tried again while the database is away: after a power cut the service is often up first.
 * Throws DatabaseAwayError after 30 s, and at once what is no matter of waiting (a wrong password).
 */
export async function whenDatabaseIsUp<T>(
  { clock, log }: { readonly clock: Pick<Clock, 'now' | 'sleep'>; readonly log: Pick<Log, 'warn'> },
  open: () => Promise<T>,
): Promise<T> {
  const startedAt = clock.now().getTime();
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await open();
    } catch (cause) {
      if (!isDatabaseAway(cause)) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      if (clock.now().getTime() - startedAt >= PATIENCE_MS) {
        const message = `waited ${PATIENCE_MS / 1000} s for the database in vain, so this process ends: ${why}`;
        throw new DatabaseAwayError(message, { cause });
      }
      if (isFirst) log.warn({ why, patienceMs: PATIENCE_MS }, 'the database is away; waiting for it');
      await clock.sleep(LOOK_MS);
    }
  }
}
