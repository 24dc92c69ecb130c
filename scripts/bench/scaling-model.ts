import type { JobName } from '../../src/jobs/queue.ts';
import { DEFAULT_PRICES, ourCeiling, writePrice } from '../../src/zoho/prices.ts';

/** A thousand invented orgs, and what each kind of job costs them. docs/scaling.md says what is measured here. */

export interface Org {
  readonly id: string;
  readonly timeZone: string;
  readonly edition: string;
  readonly customers: number;
  /** Our share of the credits of any 24 hours. */
  readonly ceiling: number;
  /** Deals that people change on a working day. */
  readonly changesADay: number;
}
export interface Cost {
  readonly cpuMs: number;
  /** On Zoho; the processor is free meanwhile. */
  readonly waitMs: number;
  readonly credits: number;
  readonly rows: number;
}

// Measured (docs/performance.md, by processor time, PostgreSQL where it was): per customer or row, without a start.
const SCORE_MS_A_CUSTOMER = 0.4;
const FIT_MS_A_CUSTOMER = 0.07;
const PLAN_MS_A_CUSTOMER = 0.1;
const WRITE_MS_A_RECORD = 1.1;
const SYNC_MS_A_ROW = 0.7;
const IDLE_SYNC_CREDITS = 28;
const CHANGED_SYNC_CREDITS = 33;
// Assumed.
const CALL_MS = 200;
const WRITE_CALL_MS = 1_000;
const RECORDS_A_CALL = 100;
const MODULES = 9;
const JOB_CPU_MS = 20;
const SYNC_CPU_MS = 150;
// Claim, heartbeat and end of a job.
const ROWS_A_JOB = 3;
const NIGHTLY_WRITTEN_SHARE = 0.02;
const CHANGED_A_DAY_SHARE = 0.01;

type Random = () => number;

/** The same for the same random numbers. */
export function inventOrgs(count: number, random: Random): Org[] {
  return Array.from({ length: count }, (_, index) => {
    const customers = clamp(2_000 * Math.exp(1.3 * normal(random)), 50, 300_000);
    const users = clamp((customers / 150) * Math.exp(0.5 * normal(random)), 3, 2_000);
    const edition = chosen(random, [
      ['free', users > 3 ? 0 : 0.5],
      ['standard', 0.25],
      ['professional', 0.3],
      ['enterprise', 0.4],
      ['ultimate', 0.05],
    ]);
    return {
      id: `org-${index}`,
      edition,
      customers,
      ceiling: ourCeiling(edition, users, 30),
      timeZone: chosen(random, [
        ['Europe/Amsterdam', 0.5],
        ['Europe/Copenhagen', 0.2],
        ['Europe/Warsaw', 0.2],
        ['Europe/London', 0.1],
      ]),
      changesADay: customers * CHANGED_A_DAY_SHARE * Math.exp(0.6 * normal(random)),
    };
  });
}

/** `changes`: deals that changed since the job of this kind before. */
export function costOf(kind: JobName, org: Org, changes: number): Cost {
  const customers = org.customers;
  switch (kind) {
    case 'sync-incremental': {
      const rescored = cost({
        cpuMs: changes * (SCORE_MS_A_CUSTOMER + WRITE_MS_A_RECORD),
        credits: changes === 0 ? 0 : writePrice(DEFAULT_PRICES, changes),
        rows: changes * 3,
      });
      return sum(sync(changes), rescored);
    }
    case 'score-and-write': {
      const written = Math.round(customers * NIGHTLY_WRITTEN_SHARE);
      const calls = Math.ceil(written / RECORDS_A_CALL);
      const scored = cost({
        cpuMs: customers * (SCORE_MS_A_CUSTOMER + PLAN_MS_A_CUSTOMER) + written * WRITE_MS_A_RECORD,
        waitMs: calls * WRITE_CALL_MS,
        credits: writePrice(DEFAULT_PRICES, written),
        rows: customers + written * 2,
      });
      return sum(sync(changes), scored);
    }
    case 'reconcile':
      return cost({
        cpuMs: SYNC_CPU_MS,
        waitMs: MODULES * CALL_MS,
        credits: MODULES * DEFAULT_PRICES.count,
        rows: 10,
      });
    case 'fit-models':
      return cost({ cpuMs: customers * (FIT_MS_A_CUSTOMER + SCORE_MS_A_CUSTOMER / 2), rows: 10 });
    case 'digest':
      return cost({ cpuMs: 500 + customers * 0.05, rows: 20 });
    case 'renew-channels':
      return cost({
        waitMs: MODULES * CALL_MS,
        credits: MODULES * DEFAULT_PRICES.notification,
        rows: MODULES,
      });
    case 'process-deliveries': {
      const calls = Math.ceil(changes / 50) + Math.ceil(changes / RECORDS_A_CALL);
      return cost({
        cpuMs: 40 + changes * (SYNC_MS_A_ROW + SCORE_MS_A_CUSTOMER + WRITE_MS_A_RECORD),
        waitMs: calls * CALL_MS,
        credits: Math.ceil(changes / 50) + writePrice(DEFAULT_PRICES, changes),
        rows: changes * 5,
      });
    }
    default:
      return cost({ rows: 2 });
  }
}

function sync(changes: number): Cost {
  const credits = changes === 0 ? IDLE_SYNC_CREDITS : CHANGED_SYNC_CREDITS;
  return {
    cpuMs: SYNC_CPU_MS + changes * SYNC_MS_A_ROW,
    waitMs: (credits / DEFAULT_PRICES.coql1000) * CALL_MS,
    credits,
    rows: changes + 2 * MODULES,
  };
}

function cost(part: Partial<Cost>): Cost {
  const { cpuMs = 0, waitMs = 0, credits = 0, rows = 0 } = part;
  return { cpuMs: cpuMs + JOB_CPU_MS, waitMs, credits, rows: rows + ROWS_A_JOB };
}

function sum(a: Cost, b: Cost): Cost {
  return {
    cpuMs: a.cpuMs + b.cpuMs,
    waitMs: a.waitMs + b.waitMs,
    credits: a.credits + b.credits,
    rows: a.rows + b.rows,
  };
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function clamp(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}

function chosen(random: Random, weights: readonly (readonly [string, number])[]): string {
  const total = weights.reduce((all, [, weight]) => all + weight, 0);
  let at = random() * total;
  for (const [name, weight] of weights) {
    at -= weight;
    if (at < 0) return name;
  }
  return weights.at(-1)?.[0] ?? '';
}
