import { describe, expect, test } from 'vitest';
import {
  BusyError,
  ConflictError,
  InputError,
  ZohoAuthError,
  ZohoCreditsError,
  ZohoRateLimitError,
  ZohoUnavailableError,
} from '../../../src/errors.ts';
import { judgeFailure, startWorkLoop, type WorkLoopDeps } from '../../../src/jobs/work-loop.ts';
import { silentLog } from '../../../src/log.ts';
import type { ClaimedJob } from '../../../src/store/queue-stores.ts';
import { FakeClock } from './fake-clock.ts';

const NOW = new Date('2026-06-10T08:00:00Z');
const noJitter = () => 1;

describe('what a failed attempt means', () => {
  const judge = (error: unknown, attempts: number) => judgeFailure(error, attempts, NOW, noJitter);
  const inMs = (ms: number) => new Date(NOW.getTime() + ms);

  test('an outage is retried ever more slowly, five times in all', () => {
    const outcomes = [1, 2, 3, 4, 5].map((attempts) => judge(new ZohoUnavailableError('502'), attempts));

    expect(outcomes).toEqual([
      { kind: 'retry', at: inMs(10_000) },
      { kind: 'retry', at: inMs(20_000) },
      { kind: 'retry', at: inMs(40_000) },
      { kind: 'retry', at: inMs(80_000) },
      { kind: 'dead' },
    ]);
  });

  test('a database that went away under a job is an outage, no bug of the job', () => {
    const cut = Object.assign(new Error('terminating connection'), { code: '57P01' });

    expect(judge(cut, 1)).toEqual({ kind: 'retry', at: inMs(10_000) });
    expect(
      judge(new Error('no page', { cause: new Error('Connection terminated unexpectedly') }), 2),
    ).toEqual({
      kind: 'retry',
      at: inMs(20_000),
    });
    expect(judge(Object.assign(new Error('duplicate key'), { code: '23505' }), 1)).toEqual({ kind: 'dead' });
  });

  test('a rate limit is waited for as long as Zoho asks', () => {
    const error = new ZohoRateLimitError('429', { retryAfterMs: 120_000 });

    expect(judge(error, 1)).toEqual({ kind: 'retry', at: inMs(120_000) });
  });

  test('missing credits park the job until they return, however often', () => {
    const availableAt = inMs(6 * 3_600_000);
    const error = new ZohoCreditsError('ceiling reached', { availableAt });

    expect(judge(error, 1)).toEqual({ kind: 'park', at: availableAt, why: 'credits' });
    expect(judge(error, 50)).toEqual({ kind: 'park', at: availableAt, why: 'credits' });
  });

  test('a refused token is for a person, another run at work is waited for, a bug is not repeated', () => {
    expect(judge(new ZohoAuthError('refused'), 1)).toEqual({ kind: 'reconnect' });
    expect(judge(new BusyError('another run'), 5)).toEqual({
      kind: 'park',
      at: inMs(15_000),
      why: 'busy',
    });
    expect(judge(new ConflictError('plan 3 is applied'), 1)).toEqual({ kind: 'dead' });
    expect(judge(new InputError('bad payload'), 1)).toEqual({ kind: 'dead' });
    expect(judge(new TypeError('x is undefined'), 1)).toEqual({ kind: 'dead' });
  });
});

interface Row {
  id: number;
  runAt: Date;
  attempts: number;
  free: number;
  state: 'queued' | 'active' | 'done' | 'dead';
  worker: string | null;
  leaseUntil: Date;
  error: string | null;
}

/** Jobs in memory with the rules of the table: due, oldest first, expired leases again. */
function aWorker(work: (id: number) => Promise<void>, count = 1) {
  const clock = new FakeClock(NOW.toISOString());
  const rows: Row[] = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    runAt: NOW,
    attempts: 0,
    free: 0,
    state: 'queued',
    worker: null,
    leaseUntil: NOW,
    error: null,
  }));
  const own = (job: ClaimedJob) =>
    rows.find((row) => String(row.id) === job.id && row.worker === job.worker && row.attempts === job.claim);
  const settle = (job: ClaimedJob, change: Partial<Row>) => {
    const row = own(job);
    if (row?.state !== 'active') return false;
    Object.assign(row, change);
    return true;
  };
  const leaseUntil = () => new Date(clock.now().getTime() + 45_000);
  const jobs: WorkLoopDeps['store']['jobs'] = {
    async claim(worker) {
      const now = clock.now();
      const row = rows.find(
        ({ state, runAt, leaseUntil: until }) =>
          (state === 'queued' && runAt <= now) || (state === 'active' && until <= now),
      );
      if (!row) return null;
      Object.assign(row, { state: 'active', worker, leaseUntil: leaseUntil(), attempts: row.attempts + 1 });
      return {
        id: String(row.id),
        connection: 'c1',
        name: 'score-and-write',
        payload: {},
        singletonKey: null,
        runAt: row.runAt,
        attempts: row.attempts - row.free,
        lastError: row.error,
        claim: row.attempts,
        worker,
      };
    },
    heartbeat: async (job) => settle(job, { leaseUntil: leaseUntil() }),
    complete: async (job) => settle(job, { state: 'done' }),
    retry: async (job, { error, at, isFree }) =>
      settle(job, { state: 'queued', runAt: at, error, free: (own(job)?.free ?? 0) + (isFree ? 1 : 0) }),
    bury: async (job, error) => settle(job, { state: 'dead', error }),
  };
  const states: [string, string, string | null][] = [];
  const connections = {
    async setState(id: string, state: string, why: string | null) {
      states.push([id, state, why]);
    },
  };
  const deps = {
    store: { jobs, connections },
    runJob: (job: ClaimedJob) => work(Number(job.id)),
    clock,
    log: silentLog,
  };
  return { clock, rows, states, start: (worker = 'w1') => startWorkLoop(deps, { worker }) };
}

describe('the work loop', () => {
  test('repeats a job through an outage and completes it', async () => {
    let calls = 0;
    const { clock, rows, start } = aWorker(async () => {
      calls += 1;
      if (calls < 3) throw new ZohoUnavailableError('502');
    });
    const loop = start();

    await clock.advance(60_000);
    await loop.stop(0);

    expect(calls).toBe(3);
    expect(rows[0]).toMatchObject({ state: 'done', attempts: 3 });
  });

  test('lays a job that keeps failing aside after five attempts and goes on with the next', async () => {
    const done: number[] = [];
    const { clock, rows, start } = aWorker(async (id) => {
      if (id === 1) throw new ZohoUnavailableError('token 1000.abcdefgh12345 got 502');
      done.push(id);
    }, 2);
    const loop = start();

    await clock.advance(10 * 60_000);
    await loop.stop(0);

    expect(rows[0]).toMatchObject({ state: 'dead', attempts: 5, error: 'token [secret] got 502' });
    expect(done).toEqual([2]);
  });

  test('parks a job without credits until they return', async () => {
    const availableAt = new Date(NOW.getTime() + 3_600_000);
    const at: Date[] = [];
    const { clock, rows, start } = aWorker(async () => {
      at.push(clock.now());
      if (at.length === 1) throw new ZohoCreditsError('credits are back at 09:00', { availableAt });
    });
    const loop = start();

    await clock.advance(3_600_000 - 1_000);
    const whileParked = at.length;
    await clock.advance(2_000);
    await loop.stop(0);

    expect(whileParked).toBe(1);
    expect(at[1]?.getTime()).toBeGreaterThanOrEqual(availableAt.getTime());
    expect(rows[0]?.state).toBe('done');
  });

  test('does not repeat a job whose token was refused; the connection needs linking again', async () => {
    const { clock, rows, states, start } = aWorker(async () => {
      throw new ZohoAuthError('Zoho refused the refresh token');
    });
    const loop = start();

    await clock.advance(10 * 60_000);
    await loop.stop(0);

    expect(rows[0]).toMatchObject({ state: 'dead', attempts: 1 });
    expect(states).toEqual([['c1', 'reconnect_needed', 'Zoho refused the refresh token']]);
  });

  test('keeps its lease through a long job, so that no other worker takes it', async () => {
    const starts: number[] = [];
    const { clock, rows, start } = aWorker(async () => {
      starts.push(clock.now().getTime());
      await clock.sleep(10 * 60_000);
    });
    const [first, second] = [start('w1'), start('w2')];

    await clock.advance(11 * 60_000);
    await Promise.all([first.stop(0), second.stop(0)]);

    expect(starts).toHaveLength(1);
    expect(rows[0]?.state).toBe('done');
  });

  test('takes over the job of a worker that died within 60 s', async () => {
    const starts: Date[] = [];
    const { clock, rows, start } = aWorker(async () => {
      starts.push(clock.now());
    });
    // Another process claimed the job and was killed: nobody prolongs its lease.
    Object.assign(rows[0] ?? {}, {
      state: 'active',
      worker: 'dead',
      attempts: 1,
      leaseUntil: new Date(NOW.getTime() + 45_000),
    });
    const loop = start();

    await clock.advance(60_000);
    await loop.stop(0);

    expect(starts).toHaveLength(1);
    expect(rows[0]).toMatchObject({ state: 'done', attempts: 2 });
  });

  test('wakes at once when told of a new job', async () => {
    const starts: Date[] = [];
    const { clock, rows, start } = aWorker(async () => {
      starts.push(clock.now());
    });
    Object.assign(rows[0] ?? {}, { state: 'done' });
    const loop = start();
    await clock.advance(100);

    Object.assign(rows[0] ?? {}, { state: 'queued' });
    loop.wake();
    await clock.advance(0);
    await loop.stop(0);

    expect(starts).toEqual([new Date(NOW.getTime() + 100)]);
  });

  test('gives a job back when it cannot finish before the stop', async () => {
    const { clock, rows, start } = aWorker(() => clock.sleep(3_600_000));
    const loop = start();
    await clock.advance(1_000);

    const stopping = loop.stop(5_000);
    await clock.advance(5_000);
    await stopping;

    expect(rows[0]).toMatchObject({ state: 'queued', error: 'given back: the worker stopped' });
  });

  test('waits for a job that finishes before the deadline', async () => {
    const { clock, rows, start } = aWorker(() => clock.sleep(3_000));
    const loop = start();
    await clock.advance(1_000);

    const stopping = loop.stop(5_000);
    await clock.advance(5_000);
    await stopping;

    expect(rows[0]).toMatchObject({ state: 'done' });
  });
});
