import { createHash, randomBytes } from 'node:crypto';
import { DateTime } from 'luxon';
import { loadKeys } from '../../src/crypto.ts';
import { type Db, openDb } from '../../src/db.ts';
import type { Queue } from '../../src/jobs/queue.ts';
import { fireDueSchedules } from '../../src/jobs/schedule.ts';
import { createDefaultSchedules, editSchedule } from '../../src/jobs/schedule-edit.ts';
import { silentLog } from '../../src/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { virtualClock } from './virtual-clock.ts';

/**
 * Twenty connections, two servers, one restart, days around a clock change: what fired, and what should have. The
 * latter is found minute by minute with luxon alone, by the rules of docs/adr/0033.
 */

const MINUTE = 60_000;
const JOB = 'reconcile';

export interface Season {
  readonly name: string;
  readonly start: string;
  readonly days: number;
  /** While no server ran, in minutes after the start. */
  readonly down: readonly [from: number, until: number];
}
interface Plan {
  readonly zone: string;
  readonly expr: string;
  readonly quiet?: string;
  readonly spread?: number;
}
export interface WeekRow extends Plan {
  readonly name: string;
  readonly expected: readonly number[];
  readonly fired: readonly number[];
}

const PLANS: readonly Plan[] = [
  { zone: 'Europe/Amsterdam', expr: '30 2 * * *' },
  { zone: 'Europe/Amsterdam', expr: '30 2 * * *', spread: 20 },
  { zone: 'Europe/Amsterdam', expr: '30 2 * * *', quiet: '22:00-06:00', spread: 20 },
  { zone: 'Europe/Warsaw', expr: '15 * * * *' },
  { zone: 'Europe/Warsaw', expr: 'every 1 hour', quiet: '23:30-05:15' },
  { zone: 'Europe/Copenhagen', expr: '0 6 * * MON-FRI' },
  { zone: 'Europe/Copenhagen', expr: '*/20 1-3 * * *' },
  { zone: 'America/New_York', expr: '45 1 * * *' },
  { zone: 'America/New_York', expr: '30 2 * * SUN,WED' },
  { zone: 'America/New_York', expr: '10 */3 * * *', quiet: '01:30-03:30' },
  { zone: 'Asia/Kolkata', expr: '0 2 * * *' },
  { zone: 'Asia/Kolkata', expr: 'every 7 hours', quiet: '22:00-06:00', spread: 30 },
  { zone: 'Australia/Lord_Howe', expr: '15 2 * * *' },
  { zone: 'Australia/Lord_Howe', expr: '45 1,2 * * *' },
  { zone: 'Australia/Lord_Howe', expr: '30 * * * *', quiet: '12:00-13:00' },
  { zone: 'UTC', expr: '0 0 L * *' },
  { zone: 'UTC', expr: 'every 90 minutes' },
  { zone: 'Asia/Kathmandu', expr: '5 4 28-31,1-5 * *', spread: 60 },
  { zone: 'America/St_Johns', expr: '0 2 * * 0', quiet: '02:00-02:30' },
  { zone: 'Pacific/Auckland', expr: '0,30 2 * * *', spread: 5 },
];

/** A connection of that id has this place in a span: the rule of the ADR, said again. */
const placeIn = (id: string, span: number): number =>
  Math.floor((createHash('sha256').update(id).digest().readUInt32BE() / 2 ** 32) * span);

const NAMES = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
function holds(field: string, value: number, from: number): boolean {
  return field.split(',').some((part) => {
    const [range = '', step = '1'] = part.split('/');
    const [low = '', high = low] = range.split('-');
    const number = (text: string) => (NAMES.includes(text) ? NAMES.indexOf(text) : Number(text));
    if (range === '*') return (value - from) % Number(step) === 0;
    return value >= number(low) && value <= number(high) && (value - number(low)) % Number(step) === 0;
  });
}
function matches(expr: string, wall: DateTime): boolean {
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = expr.split(' ');
  const isDay = day === 'L' ? wall.day === wall.daysInMonth : holds(day, wall.day, 1);
  return (
    holds(minute, wall.minute, 0) &&
    holds(hour, wall.hour, 0) &&
    isDay &&
    holds(month, wall.month, 1) &&
    holds(weekday, wall.weekday % 7, 0)
  );
}

/** Every due time of [startMs, endMs), by looking at each minute of the zone's clock. */
function expectedTimes(plan: Plan, id: string, startMs: number, endMs: number): number[] {
  const at = (ms: number) => DateTime.fromMillis(ms, { zone: plan.zone });
  const [quietFrom = '', quietTo = ''] = plan.quiet?.split('-') ?? [];
  const isQuiet = (ms: number) => {
    if (plan.quiet === undefined) return false;
    const time = at(ms).toFormat('HH:mm');
    return quietFrom < quietTo ? time >= quietFrom && time < quietTo : time >= quietFrom || time < quietTo;
  };
  const opened = (ms: number) => {
    let open = ms;
    while (isQuiet(open)) open += MINUTE;
    return open;
  };
  const spread = placeIn(id, plan.spread ?? 0) * MINUTE;
  const due = new Set<number>();
  const every = /^every (\d+) (minute|hour)s?$/.exec(plan.expr);
  const from = startMs - 2 * 1440 * MINUTE;
  if (every) {
    const minutes = Number(every[1]) * (every[2] === 'hour' ? 60 : 1);
    const phase = placeIn(id, minutes);
    for (let ms = from; ms < endMs; ms += MINUTE) {
      if ((((ms / MINUTE - phase) % minutes) + minutes) % minutes !== 0) continue;
      if (!isQuiet(ms)) due.add(ms);
      else if (minutes > 60) due.add(opened(ms) + spread);
    }
  } else {
    const settle = (ms: number) => {
      const first = opened(ms) + spread;
      due.add(isQuiet(first) ? opened(first) + spread : first);
    };
    const isEveryHour = plan.expr.split(' ')[1] === '*';
    const shown = new Set<string>();
    let before = at(from - MINUTE);
    for (let ms = from; ms < endMs; ms += MINUTE) {
      const now = at(ms);
      const jump = now.offset - before.offset;
      // The minutes that the clock leaves out come as much later as it was put forward.
      for (let back = jump; back > 0 && !isEveryHour; back--) {
        const skipped = now.setZone('utc', { keepLocalTime: true }).minus({ minutes: back });
        if (matches(plan.expr, skipped)) settle(ms + (jump - back) * MINUTE);
      }
      const text = now.toFormat('yyyy-MM-dd HH:mm');
      if (matches(plan.expr, now) && (isEveryHour || !shown.has(text))) settle(ms);
      shown.add(text);
      before = now;
    }
  }
  return [...due].filter((ms) => ms >= startMs && ms < endMs).sort((one, other) => one - other);
}

/** What was missed while nothing ran comes once, at the first tick. */
function withDowntime(times: readonly number[], downFrom: number, downUntil: number): number[] {
  const isMissed = (ms: number) => ms >= downFrom && ms < downUntil;
  const kept = times.filter((ms) => !isMissed(ms));
  if (times.some(isMissed)) kept.push(downUntil);
  return [...new Set(kept)].sort((one, other) => one - other);
}

export async function playSeason(url: string, season: Season): Promise<WeekRow[]> {
  const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
  const startMs = Date.parse(season.start);
  const endMs = startMs + season.days * 1440 * MINUTE;
  // The schedules are made a minute before the first tick.
  const time = virtualClock(startMs - MINUTE, 1);
  const dbs: Db[] = [];
  const rows: (Plan & { name: string; id: string; fired: number[] })[] = [];
  let tickMs = startMs;
  // Every job is done at once, so that no waiting one's key hides a second; the queues keep a time of their own.
  const queue: Queue = {
    async enqueue({ connection }) {
      rows.find(({ id }) => id === connection)?.fired.push(tickMs);
      return { id: '1', fresh: true };
    },
  };
  const startServer = async () => {
    const db = await openDb(url);
    dbs.push(db);
    await migrate(db);
    const store = createStore(db, keys, time.clock);
    return { store, queue, clock: time.clock, log: silentLog };
  };
  let servers = [await startServer(), await startServer()];
  const [first] = servers;
  if (!first) throw new Error('two servers were asked for');
  for (const [index, plan] of PLANS.entries()) {
    const connection = await first.store.connections.create(aGrant(`org-${index}`, plan.zone));
    await createDefaultSchedules(first, connection);
    for (const { job } of await first.store.schedules.of(connection.id)) {
      await editSchedule(
        first,
        connection,
        job,
        job === JOB
          ? { expr: plan.expr, quietHours: plan.quiet ?? null, spreadMinutes: plan.spread ?? 0 }
          : { enabled: false },
      );
    }
    rows.push({ ...plan, name: connection.name, id: connection.id, fired: [] });
  }
  const [downFrom, downUntil] = season.down.map((minute) => startMs + minute * MINUTE) as [number, number];
  const restart = async () => {
    await Promise.all(dbs.splice(0).map((db) => db.close()));
    servers = [await startServer(), await startServer()];
  };
  const results = rows.map((row) => ({
    ...row,
    expected: withDowntime(expectedTimes(row, row.id, startMs, endMs), downFrom, downUntil),
  }));
  const isExpected = new Set(results.flatMap(({ expected }) => expected));
  let soonestMs = await soonestOf(first.store);
  for (let ms = startMs; ms < endMs; ms += MINUTE) {
    await time.advance(MINUTE);
    if (ms >= downFrom && ms < downUntil) continue;
    if (ms === downUntil) await restart();
    // No row is due and none should be: such a tick fires nothing, and one in fifteen of them is played to see that.
    const isIdle = ms < soonestMs && !isExpected.has(ms);
    if (isIdle && ms !== downUntil && (ms / MINUTE) % 15 !== 0) continue;
    tickMs = ms;
    await Promise.all(servers.map((server) => fireDueSchedules(server, new Date(ms))));
    if (!isIdle && servers[0]) soonestMs = await soonestOf(servers[0].store);
  }
  await Promise.all(dbs.map((db) => db.close()));
  return results;
}

/** When the first of the rows that stand in the store comes due. */
async function soonestOf({ schedules }: Pick<Store, 'schedules'>): Promise<number> {
  const times = (await schedules.all()).flatMap(({ enabled, nextRunAt }) =>
    enabled && nextRunAt !== null ? [nextRunAt.getTime()] : [],
  );
  return Math.min(...times);
}

/** One line a connection: how many were expected and fired, and the first that differ. */
export function seasonTable(season: Season, rows: readonly WeekRow[]): string {
  const lines = rows.map((row) => {
    const missing = row.expected.filter((ms) => !row.fired.includes(ms));
    const extra = row.fired.filter(
      (ms, index) => !row.expected.includes(ms) || row.fired.indexOf(ms) !== index,
    );
    const show = (list: readonly number[]) =>
      list.length === 0
        ? '0'
        : `${list.length} (${list.slice(0, 3).map((ms) => new Date(ms).toISOString())})`;
    return [
      row.zone.padEnd(20),
      row.expr.padEnd(18),
      (row.quiet ?? '').padEnd(11),
      String(row.spread ?? 0).padStart(3),
      String(row.expected.length).padStart(5),
      String(row.fired.length).padStart(5),
      ` missing ${show(missing)}, extra ${show(extra)}`,
    ].join(' ');
  });
  return [`${season.name}: zone, expression, quiet, spread, expected, fired`, ...lines].join('\n');
}

function aGrant(name: string, timeZone: string) {
  return {
    name,
    accountsUrl: 'https://accounts.zoho.eu',
    apiDomain: 'https://www.zohoapis.eu',
    location: 'eu',
    clientId: '1000.CLIENT',
    clientSecret: 'secret',
    refreshToken: '1000.refresh.token',
    accessToken: null,
    expiresAt: null,
    org: {
      id: `org-${name}`,
      zgid: '1',
      name,
      edition: 'Professional' as const,
      users: 9,
      timeZone,
      currency: 'EUR',
      multiCurrency: false,
      country: 'NL',
    },
    userId: '7',
    scopes: [],
    mode: 'auto' as const,
  };
}
