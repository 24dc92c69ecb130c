import { expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import type { DoctorDeps } from '../../../src/setup/check.ts';
import { checkJobs } from '../../../src/setup/doctor-operations.ts';

const NOW = new Date('2026-06-10T08:00:00Z');
const ago = (ms: number) => new Date(NOW.getTime() - ms);

interface Books {
  readonly dead?: readonly { name: string; lastError: string }[];
  readonly queued?: readonly { runAt: Date }[];
  readonly beats?: readonly Date[];
}
function check({ dead = [], queued = [], beats = [] }: Books) {
  const store = {
    jobs: { list: async ({ state }: { state: string }) => (state === 'dead' ? dead : queued) },
    workers: {
      alive: async (since: Date) => beats.filter((at) => at >= since).map((beatAt) => ({ beatAt })),
    },
  };
  const deps = { store, clock: { now: () => NOW } } as unknown as DoctorDeps; // all that is asked
  return checkJobs(deps, { id: 'c' } as Connection);
}

test('a dead job is named with its reason, living workers with their last word', async () => {
  const dead = [{ name: 'reconcile', lastError: 'a bug' }];

  const found = await check({ dead, beats: [ago(9_000), ago(4_000), ago(31_000)] });

  expect(found).toMatchObject([
    { id: 'jobs', status: 'warn', message: expect.stringContaining('reconcile: a bug') },
    { id: 'workers', status: 'ok', message: expect.stringMatching(/^2 processes .*07:59:56/) },
  ]);
});

test('jobs that are due while nobody runs them are a warning; what is due later is none', async () => {
  const due = await check({ queued: [{ runAt: NOW }, { runAt: ago(-60_000) }], beats: [ago(31_000)] });
  const later = await check({ queued: [{ runAt: ago(-60_000) }] });

  expect(due[1]).toMatchObject({ status: 'warn', message: '1 jobs are due and no process runs them' });
  expect(later).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
});
