import { type RawBuilder, sql } from 'kysely';
import { type Clock, systemClock } from '../clock.ts';
import type { Db } from '../db.ts';
import type { RetentionDays } from '../rules.ts';
import { deleteWhere } from './dialect.ts';
import type { Tables } from './tables.ts';

/**
 * What is removed when it is old. Never: what a score, a reminder or an outcome is computed from, what is not ended, and
 * the newest of its kind. `docs/retention.md` says the same in words.
 */

interface Rule {
  readonly table: keyof Tables;
  readonly days: keyof RetentionDays;
  /** `cutoff` is an instant; rows of before it may go. */
  readonly where: (cutoff: Date) => RawBuilder<unknown>;
}

const dayText = (cutoff: Date): string => cutoff.toISOString().slice(0, 10);
const newest = (more: RawBuilder<unknown>) => sql`
  select max(n.id) from plans n where n.connection_id = plans.connection_id and ${more}`;

const RULES: readonly Rule[] = [
  { table: 'deliveries', days: 'deliveries', where: (cutoff) => sql`done_at < ${cutoff}` },
  {
    table: 'plan_items',
    days: 'undo',
    where: (cutoff) => sql`plan_id in (
      select plans.id from plans where plans.created_at < ${cutoff}
        and plans.state in ('applied', 'rejected', 'superseded', 'expired')
        and plans.id <> coalesce((${newest(sql`true = true`)}), 0)
        and plans.id <> coalesce((${newest(sql`n.state = 'applied'`)}), 0))`,
  },
  // Without its intents an apply can be taken back no more.
  {
    table: 'write_intents',
    days: 'undo',
    where: (cutoff) => sql`begun_at < ${cutoff} and outcome is not null`,
  },
  {
    table: 'bulk_writes',
    days: 'undo',
    where: (cutoff) => sql`begun_at < ${cutoff} and not exists (
      select 1 from write_intents i where i.bulk_write = bulk_writes.id)`,
  },
  // Faults are looked into within weeks; that there was a run is kept for longer.
  { table: 'run_requests', days: 'deliveries', where: (cutoff) => sql`at < ${cutoff}` },
  {
    table: 'runs',
    days: 'runs',
    where: (cutoff) => sql`finished_at < ${cutoff}
      and not exists (select 1 from write_intents i where i.run_id = runs.id)
      and not exists (select 1 from plans p where p.run_id = runs.id)
      and not exists (select 1 from refusals r where r.run_id = runs.id)
      and not exists (select 1 from run_requests q where q.connection_id = runs.connection_id and q.run_id = runs.id)
      and exists (select 1 from runs n
        where n.connection_id = runs.connection_id and n.kind = runs.kind and n.id > runs.id and n.state <> 'failed')`,
  },
  // What was true on the day of the cutoff stays, so that later days can be compared with it.
  {
    table: 'score_history',
    days: 'scoreHistory',
    where: (cutoff) => sql`as_of < ${dayText(cutoff)} and exists (select 1 from score_history n
      where n.connection_id = score_history.connection_id and n.module = score_history.module
        and n.record_id = score_history.record_id and n.as_of > score_history.as_of
        and n.as_of <= ${dayText(cutoff)})`,
  },
  // Deliveries and their attempts go with an event; one that still waits for an endpoint or for mail stays.
  { table: 'event_attempts', days: 'deliveries', where: (cutoff) => sql`at < ${cutoff}` },
  {
    table: 'out_events',
    days: 'deliveries',
    where: (cutoff) => sql`at < ${cutoff} and mail_state <> 'waiting' and not exists (
      select 1 from event_deliveries d where d.event = out_events.id and d.state = 'waiting')`,
  },
  {
    table: 'out_mails',
    days: 'deliveries',
    where: (cutoff) => sql`made_at < ${cutoff} and state <> 'waiting'`,
  },
  { table: 'alerts', days: 'alerts', where: (cutoff) => sql`closed_at < ${cutoff}` },
  { table: 'digests', days: 'digests', where: (cutoff) => sql`made_at < ${cutoff}` },
  { table: 'audit_log', days: 'audit', where: (cutoff) => sql`at < ${cutoff}` },
  { table: 'sessions', days: 'expired', where: (cutoff) => sql`ends_at < ${cutoff}` },
  { table: 'oauth_states', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'oauth_requests', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'oauth_tokens', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'oauth_grants', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'operator_links', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'connect_links', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'invitations', days: 'expired', where: (cutoff) => sql`expires_at < ${cutoff}` },
  { table: 'bulk_hints', days: 'expired', where: (cutoff) => sql`opened_at < ${cutoff}` },
  // Credits count for 24 hours.
  { table: 'credit_ledger', days: 'expired', where: (cutoff) => sql`minute < ${cutoff}` },
];

const DAY_MS = 86_400_000;
const LONGEST_MS = 50;
const SHORT_MS = 15;
const MOST_ROWS = 1_000;
const LEAST_ROWS = 20;

interface Removed {
  readonly rows: Readonly<Record<string, number>>;
  /** Time was up: the next call goes on. */
  readonly isMore: boolean;
}
export interface RetentionStore {
  /** In pieces of at most 1,000 rows and some 50 ms, between which others write; ends after `forMs`. */
  removeOld(days: RetentionDays, now: Date, forMs: number): Promise<Removed>;
}

export function retentionStore(db: Db, clock: Pick<Clock, 'sleep'> = systemClock): RetentionStore {
  return {
    async removeOld(days, now, forMs) {
      const startedAt = performance.now();
      const isOver = () => performance.now() - startedAt > forMs;
      const rows: Record<string, number> = {};
      for (const rule of RULES) {
        const where = rule.where(new Date(now.getTime() - days[rule.days] * DAY_MS));
        for (let size = MOST_ROWS / 4; ; ) {
          if (isOver()) return { rows, isMore: true };
          const pieceAt = performance.now();
          const count = await deleteWhere(db, rule.table, where, size);
          const tookMs = performance.now() - pieceAt;
          if (count > 0) rows[rule.table] = (rows[rule.table] ?? 0) + count;
          if (count < size) break;
          if (tookMs > LONGEST_MS) size = Math.max(LEAST_ROWS, size >> 1);
          else if (tookMs < SHORT_MS) size = Math.min(MOST_ROWS, size * 2);
          // Whoever waits to write gets the lock.
          await clock.sleep(1);
        }
      }
      return { rows, isMore: false };
    },
  };
}
