import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/errors.ts';
import { fireDueSchedules } from '../../../src/jobs/schedule.ts';
import { createDefaultSchedules, editSchedule } from '../../../src/jobs/schedule-edit.ts';
import { silentLog } from '../../../src/log.ts';
import { FakeClock } from './fake-clock.ts';
import { aConnection, memoryLeases, memorySchedules, recordingQueue } from './memory-store.ts';

const MINUTE = 60_000;

function aServer(start: string) {
  const clock = new FakeClock(start);
  const schedules = memorySchedules();
  const { queue, waiting } = recordingQueue();
  const connection = aConnection();
  const leases = memoryLeases();
  const deps = {
    store: { schedules, leases },
    queue,
    clock,
    log: silentLog,
  };
  /** Ticks once a minute, as node-cron does, and returns what was enqueued when, in the org's time. */
  async function tickFor(minutes: number): Promise<string[]> {
    const fired: string[] = [];
    for (let minute = 0; minute <= minutes; minute++) {
      await fireDueSchedules(deps, clock.now());
      const local = DateTime.fromJSDate(clock.now(), { zone: 'Europe/Amsterdam' }).toFormat('ccc HH:mm');
      // Worked off within the minute.
      fired.push(...waiting.splice(0).map(({ name }) => `${local} ${name}`));
      await clock.advance(MINUTE);
    }
    return fired;
  }
  /** Every schedule at the very time it names. */
  async function withoutSpread(): Promise<void> {
    for (const { job } of await schedules.of(connection.id))
      await editSchedule(deps, connection, job, { spreadMinutes: 0 });
  }
  return { deps, clock, schedules, waiting, connection, leases, tickFor, withoutSpread };
}

describe('a week of schedules', () => {
  test('with a skipped hour: nightly once a night, hourly every hour, channels twice a day', async () => {
    const { deps, connection, tickFor, withoutSpread } = aServer('2026-03-22T23:00:00Z'); // Monday 00:00 in Amsterdam
    await createDefaultSchedules(deps, connection);
    await withoutSpread();

    const fired = await tickFor(7 * 24 * 60 - 60); // Sunday 2026-03-29 has 23 hours

    const of = (job: string) => fired.filter((line) => line.endsWith(` ${job}`));
    expect(of('score-and-write').map((line) => line.slice(0, 9))).toEqual([
      'Mon 02:30',
      'Tue 02:30',
      'Wed 02:30',
      'Thu 02:30',
      'Fri 02:30',
      'Sat 02:30',
      'Sun 03:30',
    ]);
    expect(of('sync-incremental')).toHaveLength(7 * 24 - 1);
    // Before the scoring of the same night.
    expect(of('fit-models')).toEqual(['Sun 03:00 fit-models']);
    expect(of('digest')).toEqual(['Mon 06:00 digest']);
    expect(of('renew-channels')).toHaveLength(14);
  });

  test('with a repeated hour and quiet hours: nothing fires at night, everything once when it ends', async () => {
    const { deps, connection, tickFor, withoutSpread } = aServer('2026-10-18T22:00:00Z'); // Monday 00:00 in Amsterdam
    await createDefaultSchedules(deps, connection);
    for (const job of ['score-and-write', 'sync-incremental']) {
      await editSchedule(deps, connection, job, { quietHours: '22:00-06:00' });
    }
    await withoutSpread();

    const fired = (await tickFor(7 * 24 * 60 + 60)).filter((line) => !line.endsWith('renew-channels'));

    expect(fired.filter((line) => line.endsWith('score-and-write')).map((line) => line.slice(4, 9))).toEqual(
      Array.from({ length: 7 }, () => '06:00'),
    );
    const hours = fired
      .filter((line) => line.endsWith('sync-incremental'))
      .map((line) => Number(line.slice(4, 6)));
    expect(hours).toHaveLength(7 * 16);
    expect(hours.every((hour) => hour >= 6 && hour < 22)).toBe(true);
  });
});

describe('a tick', () => {
  test('runs a schedule that was missed many times once, then goes on as planned', async () => {
    const { deps, connection, clock, waiting, schedules } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);
    await clock.advance(3 * 24 * 60 * MINUTE + 12 * MINUTE);

    await fireDueSchedules(deps, clock.now());
    await fireDueSchedules(deps, clock.now());

    expect(waiting.map(({ name }) => name).toSorted()).toEqual([
      'check-alerts',
      'reconcile',
      'renew-channels',
      'score-and-write',
      'sync-incremental',
    ]);
    const hourly = (await schedules.of(connection.id)).find(({ job }) => job === 'sync-incremental');
    expect(hourly?.lastRunAt).toEqual(clock.now());
    expect(hourly?.missed).toBe(71);
    expect(hourly?.nextRunAt).toSatisfy(
      (next: Date) => next > clock.now() && next.getTime() <= clock.now().getTime() + 60 * MINUTE,
    );
  });

  test('asks for no second job while the first one waits, and says how often', async () => {
    const { deps, connection, clock, waiting, schedules } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);

    for (let hour = 0; hour < 3; hour++) {
      await clock.advance(60 * MINUTE);
      await fireDueSchedules(deps, clock.now());
    }

    expect(waiting.filter(({ name }) => name === 'sync-incremental')).toHaveLength(1);
    const hourly = (await schedules.of(connection.id)).find(({ job }) => job === 'sync-incremental');
    expect(hourly).toMatchObject({ missed: 2, lastRunAt: new Date('2026-06-10T09:00:00Z') });
  });

  test('counts from now again when the clock was days ahead, and fires nothing twice when it was an hour', async () => {
    const { deps, connection, clock, waiting, schedules } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);
    await clock.advance(30 * 24 * 60 * MINUTE);
    await fireDueSchedules(deps, clock.now());
    const wrong = await schedules.of(connection.id);
    waiting.length = 0;

    await clock.advance(-60 * MINUTE);
    await fireDueSchedules(deps, clock.now());
    expect(await schedules.of(connection.id)).toEqual(wrong);
    expect(waiting).toEqual([]);

    await clock.advance(-30 * 24 * 60 * MINUTE);
    await fireDueSchedules(deps, clock.now());
    const nightly = (await schedules.of(connection.id)).find(({ job }) => job === 'score-and-write');
    expect(nightly?.nextRunAt?.toISOString()).toMatch(/^2026-06-11T00:/);
    expect(waiting).toEqual([]);
  });

  test('leaves it to a server that is at the same tick', async () => {
    const { deps, connection, clock, waiting, leases } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);
    const now = clock.now();
    await leases.acquire('schedules', 'another server', new Date(now.getTime() + MINUTE), now);

    const fired = await fireDueSchedules(deps, now);

    expect(fired).toBe(0);
    expect(waiting).toEqual([]);
  });

  test('pauses a row that cannot be read and still fires the others', async () => {
    const { deps, connection, clock, waiting, schedules } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);
    const [first] = await schedules.of(connection.id);
    if (!first) throw new Error('no schedule was created');
    await schedules.upsert({ ...first, id: 'odd-job', job: 'make-coffee', nextRunAt: clock.now() });
    await schedules.upsert({ ...first, id: 'odd-expr', expr: 'sometimes', nextRunAt: clock.now() });

    await fireDueSchedules(deps, clock.now());

    expect(waiting.map(({ name }) => name).toSorted()).toEqual(['renew-channels', 'score-and-write']);
    const odd = (await schedules.all()).filter(({ id }) => id.startsWith('odd'));
    expect(odd.map(({ nextRunAt }) => nextRunAt)).toEqual([null, null]);
  });
});

describe('editing a schedule', () => {
  test('makes it fire at its new time', async () => {
    const { deps, connection, tickFor } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);

    await editSchedule(deps, connection, 'score-and-write', { expr: '7 10 * * *' });
    const fired = await tickFor(30);

    // Exactly: who writes a time means it, and the spread of the default is gone.
    expect(fired).toContain('Wed 10:07 score-and-write');
  });

  test('stops it when disabled and starts it again from now when enabled', async () => {
    const { deps, connection, tickFor } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);

    await editSchedule(deps, connection, 'sync-incremental', { enabled: false });
    const whileOff = await tickFor(180);
    const edited = await editSchedule(deps, connection, 'sync-incremental', { enabled: true });

    expect(whileOff.filter((line) => line.endsWith('sync-incremental'))).toEqual([]);
    expect(edited.nextRunAt).toSatisfy(
      (next: Date) => next > new Date('2026-06-10T11:01:00Z') && next <= new Date('2026-06-10T12:01:00Z'),
    );
  });

  test('changes nothing when the new time cannot be understood', async () => {
    const { deps, connection, schedules } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);
    const before = await schedules.all();

    await expect(editSchedule(deps, connection, 'score-and-write', { expr: 'daily' })).rejects.toThrow(
      InputError,
    );
    await expect(editSchedule(deps, connection, 'tea', {})).rejects.toThrow(/score-and-write/);

    expect(await schedules.all()).toEqual(before);
  });

  test('keeps what a person set when the defaults are given again', async () => {
    const { deps, connection, schedules } = aServer('2026-06-10T08:00:00Z');
    await createDefaultSchedules(deps, connection);
    await editSchedule(deps, connection, 'score-and-write', { expr: '0 4 * * *' });

    await createDefaultSchedules(deps, connection);

    const exprs = (await schedules.of(connection.id)).map(({ expr }) => expr);
    expect(exprs).toContain('0 4 * * *');
    expect(exprs).toHaveLength(7);
  });
});
