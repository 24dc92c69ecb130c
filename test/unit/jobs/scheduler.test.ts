import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { startScheduler } from '../../../src/jobs/schedule.ts';
import { createDefaultSchedules, editSchedule, runScheduleNow } from '../../../src/jobs/schedule-edit.ts';
import { silentLog } from '../../../src/log.ts';
import { aConnection, memoryLeases, memorySchedules, recordingQueue } from './memory-store.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-06-10T08:00:30Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

async function aSchedule(expr: string) {
  const schedules = memorySchedules();
  const { queue, waiting } = recordingQueue();
  const deps = {
    store: { schedules, leases: memoryLeases() },
    queue,
    clock: systemClock,
    log: silentLog,
  };
  const connection = aConnection();
  await createDefaultSchedules(deps, connection);
  for (const { job } of await schedules.of(connection.id)) {
    await editSchedule(deps, connection, job, job === 'reconcile' ? { expr } : { enabled: false });
  }
  return { deps, connection, waiting, schedules };
}

test('the scheduler ticks each minute, and goes on when the clock is set back by days', async () => {
  const { deps, waiting } = await aSchedule('* * * * *');
  const ticks = () => waiting.splice(0).length;
  const scheduler = startScheduler(deps);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ticks()).toBe(1);

  vi.setSystemTime(new Date('2026-06-08T08:00:30Z'));
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(ticks()).toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(ticks()).toBe(1);

  await scheduler.stop();
  await vi.advanceTimersByTimeAsync(5 * MINUTE);
  expect(ticks()).toBe(0);
});

test('a run now is beside the times of the schedule, and there is one of it', async () => {
  const { deps, connection, waiting, schedules } = await aSchedule('30 2 * * *');
  const before = (await schedules.of(connection.id)).find(({ job }) => job === 'reconcile');

  const first = await runScheduleNow(deps, connection, 'reconcile');
  const second = await runScheduleNow(deps, connection, 'reconcile');

  expect([first.fresh, second.fresh]).toEqual([true, false]);
  expect(waiting).toHaveLength(1);
  const after = (await schedules.of(connection.id)).find(({ job }) => job === 'reconcile');
  expect(after).toEqual({ ...before, lastRunAt: new Date(), lastDueAt: new Date() });
});
