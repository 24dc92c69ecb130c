import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { upcomingRuns } from '../../src/jobs/next-run.ts';
import type { JobName } from '../../src/jobs/queue.ts';
import { secondShare } from '../../src/jobs/schedule.ts';
import { DEFAULT_SCHEDULES, DEFAULT_SPREAD_MINUTES } from '../../src/jobs/schedule-edit.ts';
import { seededRandom } from '../../test/support/seeded-random.ts';
import { inventOrgs, type Org } from './scaling-model.ts';
import { type Arrival, type Outcome, simulate } from './scaling-queue.ts';

/**
 * Many orgs in virtual time: default schedules as the product fires them, with its spread and without, on 1 to 8
 * workers. Prints queue depth, lags, credits and rows written, and what is too small first. The same seed prints the
 * same; only its last line, how long it took, differs.
 */

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    orgs: { type: 'string', default: '1000' },
    hours: { type: 'string', default: '48' },
    workers: { type: 'string', default: '1,2,4,8' },
    slots: { type: 'string', default: '3' },
  },
});
const seed = Number(values.seed);
const slots = Number(values.slots);
// A Sunday: with the weekly fit, and the digests of Monday.
const START = Date.parse('2026-11-29T00:00:00Z');
const END = START + Number(values.hours) * 3_600_000;
const MINUTE = 60_000;
// Measured: rows that PostgreSQL took in a second on two cores (docs/performance.md).
const ROWS_A_SECOND = 24_890;
const LATE_DELIVERY_MS = 5_000;
const LATE_NIGHT_MS = 3_600_000;
const BUSY_SHARE = 0.9;
const BUSY_MINUTES = 10;

function scheduled(orgs: readonly Org[], isSpread: boolean): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const [org, { id, timeZone }] of orgs.entries()) {
    const connection = isSpread ? id : null;
    const spreadMinutes = isSpread ? DEFAULT_SPREAD_MINUTES : 0;
    for (const { job, expr, per } of DEFAULT_SCHEDULES) {
      if (per === 'installation') continue;
      const timing = { expr, timeZone, quietHours: null, spreadMinutes, connection } as const;
      const second = Math.floor(secondShare(timing) * MINUTE);
      for (let from = new Date(START - 1), more = true; more; ) {
        const times = upcomingRuns(timing, from, expr.startsWith('every') ? 24 : 3).filter(
          (at) => at.getTime() < END,
        );
        for (const at of times) arrivals.push({ at: at.getTime() + second, org, kind: job, changes: null });
        from = times.at(-1) ?? from;
        more = times.length > 2;
      }
    }
  }
  return arrivals;
}

/** Changes of working hours, each with a job two seconds later that takes what came meanwhile. */
function notified(orgs: readonly Org[], random: () => number): Arrival[] {
  const arrivals: Arrival[] = [];
  for (const [org, { timeZone, changesADay }] of orgs.entries()) {
    for (let day = DateTime.fromMillis(START, { zone: timeZone }).startOf('day'); day.toMillis() < END; ) {
      const opens = day.set({ hour: 8 }).toMillis();
      const closes = day.set({ hour: 18 }).toMillis();
      const gapMs = (closes - opens) / changesADay;
      if (day.weekday <= 5) {
        for (let at = opens; ; ) {
          at += -Math.log(1 - random()) * gapMs;
          if (at >= closes) break;
          if (at >= START && at < END)
            arrivals.push({ at: Math.round(at) + 2_000, org, kind: 'process-deliveries', changes: 1 });
        }
      }
      day = day.plus({ days: 1 });
    }
  }
  return arrivals;
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
const clock = (at: number) => new Date(at).toISOString().slice(5, 16).replace('T', ' ');
const seconds = (ms: number) => (ms / 1000).toFixed(1);

/** The first ten minutes on end in which so many were full; null: never. */
function firstBusy(usedMs: Float64Array, places: number): number | null {
  let minutes = 0;
  for (const [minute, used] of usedMs.entries()) {
    minutes = used / (places * MINUTE) >= BUSY_SHARE ? minutes + 1 : 0;
    if (minutes === BUSY_MINUTES) return START + (minute + 1 - BUSY_MINUTES) * MINUTE;
  }
  return null;
}

function verdict(outcome: Outcome, workers: number): string {
  const found: { at: number; what: string }[] = [];
  const busyAt = firstBusy(outcome.cpuMs, workers);
  if (busyAt !== null) found.push({ at: busyAt, what: 'processors of the workers' });
  const slotsAt = firstBusy(outcome.slotMs, workers * Math.max(1, slots - 1));
  if (slotsAt !== null) found.push({ at: slotsAt, what: 'slots for long jobs, which wait for Zoho' });
  const fullest = outcome.rows.findIndex((rows) => rows / 60 > ROWS_A_SECOND);
  if (fullest >= 0) found.push({ at: START + fullest * MINUTE, what: 'rows written by the database' });
  const dry = [...outcome.dryAt].filter((at) => at >= 0).sort((a, b) => a - b);
  if (dry[0] !== undefined) found.push({ at: dry[0], what: `credits of an org (${dry.length} in all)` });
  found.sort((a, b) => a.at - b.at);
  const told = found.map(({ at, what }) => `${what}, ${clock(at)}`).join('; ');
  return told === '' ? 'nothing' : told;
}

function report(outcome: Outcome, workers: number, isSpread: boolean): void {
  const rows = [...outcome.rows].map((count) => count / 60).sort((a, b) => a - b);
  const used = [...outcome.cpuMs].reduce((all, ms) => all + ms, 0) / (workers * (END - START));
  console.log(`\n${workers} workers of ${slots} slots, ${isSpread ? 'with' : 'without'} the spread`);
  console.log(
    `  deepest queue ${outcome.deepest.depth} at ${clock(outcome.deepest.at)} UTC; left at the end ${outcome.unfinished}; merged ${outcome.merged}; processors ${(used * 100).toFixed(0)} %`,
  );
  console.log(
    `  rows written/s: p50 ${percentile(rows, 0.5).toFixed(0)}, busiest minute ${percentile(rows, 1).toFixed(0)}`,
  );
  for (const [kind, lags] of [...outcome.lags].sort(([a], [b]) => a.localeCompare(b))) {
    const sorted = lags.toSorted((a, b) => a - b);
    const marks = [0.5, 0.95, 0.99, 1]
      .map((share) => seconds(percentile(sorted, share)).padStart(9))
      .join('');
    const limits: { readonly [K in JobName]?: number } = {
      'process-deliveries': LATE_DELIVERY_MS,
      'score-and-write': LATE_NIGHT_MS,
    };
    const isLate = percentile(sorted, 0.95) > (limits[kind] ?? Number.POSITIVE_INFINITY);
    console.log(`  ${kind.padEnd(20)}${String(lags.length).padStart(8)}${marks}${isLate ? '  late' : ''}`);
  }
  console.log(`  saturates: ${verdict(outcome, workers)}`);
}

const began = performance.now();
const random = seededRandom(seed);
const orgs = inventOrgs(Number(values.orgs), random);
const deliveries = notified(orgs, random);
const sizes = orgs.map(({ customers }) => customers).sort((a, b) => a - b);
console.log(
  `seed ${seed}: ${orgs.length} orgs, ${values.hours} hours from ${clock(START)} UTC; ${deliveries.length} notifications`,
);
console.log(
  `customers an org: p50 ${percentile(sizes, 0.5)}, p95 ${percentile(sizes, 0.95)}, most ${percentile(sizes, 1)}, in all ${sizes.reduce((all, size) => all + size, 0)}`,
);
console.log('lag: seconds from due to start; columns: jobs, p50, p95, p99, most');
for (const isSpread of [true, false]) {
  const arrivals = [...scheduled(orgs, isSpread), ...deliveries].sort((a, b) => a.at - b.at || a.org - b.org);
  for (const workers of values.workers.split(',').map(Number)) {
    const outcome = simulate(orgs, arrivals, { workers, slots, start: START, end: END });
    report(outcome, workers, isSpread);
    if (!isSpread || workers !== 8) continue;
    console.log('\ncredits used of the ceiling in 24 hours, by edition (8 workers, with the spread)');
    for (const edition of [...new Set(orgs.map((org) => org.edition))].sort()) {
      const shares = orgs
        .flatMap((org, index) =>
          org.edition === edition ? [dailyShare(org, outcome.creditsByOrg[index] ?? 0)] : [],
        )
        .sort((a, b) => a - b);
      console.log(
        `  ${edition.padEnd(14)}${String(shares.length).padStart(5)} orgs: p50 ${percent(percentile(shares, 0.5))}, p95 ${percent(percentile(shares, 0.95))}, most ${percent(percentile(shares, 1))}`,
      );
    }
  }
}
console.log(`\ntook ${seconds(performance.now() - began)} s`);

function dailyShare(org: Org, credits: number): number {
  return (credits * 86_400_000) / (END - START) / org.ceiling;
}
function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
