import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/domain.ts';
import { InputError } from '../../../src/errors.ts';
import { runJob } from '../../../src/jobs/handlers.ts';
import { silentLog } from '../../../src/log.ts';
import { FakeClock } from './fake-clock.ts';
import {
  aConnection,
  memoryAlerts,
  memoryChannels,
  memoryDeliveries,
  memoryLeases,
  memorySchedules,
  recordingQueue,
} from './memory-store.ts';

function setUp(connection: Connection | null) {
  const reconciled: boolean[] = [];
  const lines: { full: boolean; apply: boolean; plan?: boolean }[] = [];
  const fits: string[] = [];
  const digests: string[] = [];
  const checks: boolean[] = [];
  const queue = recordingQueue();
  const forAll: string[] = [];
  const deps = {
    store: {
      connections: {
        byId: async () => connection,
      },
      deliveries: memoryDeliveries().deliveries,
      channels: memoryChannels().channels,
      schedules: memorySchedules(),
      leases: memoryLeases(),
      alerts: memoryAlerts().alerts,
      mappingStates: { of: async () => [] },
      fieldMap: { all: async () => [] },
      intents: { createdTasks: async () => [] },
    },
    line: {
      runLine: async ({ full, apply, plan = true }: (typeof lines)[number]) => {
        lines.push({ full, apply, plan });
        return { sync: null };
      },
      runForRecords: async () => undefined,
      runReconcile: async ({ allIds }: { allIds: boolean }) => {
        reconciled.push(allIds);
      },
      runDigest: async ({ connection: of }: { connection: Connection }) => {
        digests.push(of.id);
      },
      runAsked: async () => undefined,
      checkAlerts: async ({ nightly }: { nightly: boolean }) => {
        checks.push(nightly);
      },
      fitModels: async () => {
        fits.push(connection?.id ?? '');
      },
    },
    queue: queue.queue,
    installation: {
      backup: async () => {
        forAll.push('backup');
      },
      retention: async () => {
        forAll.push('retention');
      },
    },
    channelApi: () => {
      throw new Error('Zoho is not to be called');
    },
    publicUrl: null,
    notificationsOf: async () => ({ modules: ['Deals'] as const, activityMinutes: 10, pollMinutes: 30 }),
    clock: new FakeClock('2026-06-10T08:00:00Z'),
    log: silentLog,
  };
  const run = (name: string, payload: unknown = {}) => runJob(deps, { name, connection: 'c1', payload });
  const runForAll = (name: string) => runJob(deps, { name, connection: null, payload: {} });
  return { run, runForAll, forAll, lines, reconciled, fits, digests, checks, queue };
}

describe('a job', () => {
  test.each([
    ['score-and-write', {}, { full: false, apply: true, plan: true }],
    ['score-and-write', { full: true }, { full: true, apply: true, plan: true }],
    ['sync-incremental', {}, { full: false, apply: true, plan: true }],
  ])('%s %j runs the line as %j in mode auto', async (name, payload, expected) => {
    const { run, lines } = setUp(aConnection());

    await run(name, payload);

    expect(lines).toEqual([expected]);
  });

  test('backup and retention are done once for the installation', async () => {
    const { runForAll, forAll } = setUp(null);

    await runForAll('backup');
    await runForAll('retention');

    expect(forAll).toEqual(['backup', 'retention']);
  });

  test('nothing is done for a connection that stands by in a copy', async () => {
    const { run, lines, reconciled } = setUp(aConnection({ mode: 'auto', state: 'standby' }));

    for (const name of ['score-and-write', 'sync-incremental', 'reconcile', 'renew-channels'])
      await run(name);

    expect(lines).toEqual([]);
    expect(reconciled).toEqual([]);
  });

  test('reconcile compares, in every mode, and writes nothing by itself', async () => {
    const { run, lines, reconciled } = setUp(aConnection({ mode: 'manual' }));

    await run('reconcile');

    expect(reconciled).toEqual([false]);
    expect(lines).toEqual([]);
  });

  test('fit-models fits the models of its connection, in every mode', async () => {
    const { run, lines, fits } = setUp(aConnection({ mode: 'read-only' }));

    await run('fit-models');

    expect(fits).toEqual(['c1']);
    expect(lines).toEqual([]);
  });

  test('a nightly run is followed by a look at the alerts that read whole tables', async () => {
    const { run, queue, checks } = setUp(aConnection());

    await run('score-and-write');
    for (const { name, payload } of queue.waiting) await run(name, payload);
    await run('check-alerts');

    expect(checks).toEqual([true, false]);
  });

  test('digest tells of its connection, in every mode, and writes nothing', async () => {
    const { run, lines, digests } = setUp(aConnection({ mode: 'read-only' }));

    await run('digest');

    expect(digests).toEqual(['c1']);
    expect(lines).toEqual([]);
  });

  test.each(['manual', 'read-only'] as const)(
    'in mode %s nothing is written, and only the nightly run makes a plan',
    async (mode) => {
      const { run, lines } = setUp(aConnection({ mode }));

      await run('score-and-write');
      await run('sync-incremental');

      expect(lines).toEqual([
        { full: false, apply: false, plan: true },
        { full: false, apply: false, plan: false },
      ]);
    },
  );

  test('of a connection that is gone, or must be linked again, is dropped', async () => {
    const gone = setUp(null);
    const refused = setUp(aConnection({ state: 'reconnect_needed' }));

    await gone.run('score-and-write');
    await refused.run('score-and-write');
    await refused.run('check-alerts');

    expect([...gone.lines, ...refused.lines]).toEqual([]);
  });

  test('with an unknown name or payload is refused', async () => {
    const { run } = setUp(aConnection());

    await expect(run('make-coffee')).rejects.toThrow(InputError);
    await expect(run('score-and-write', { full: 'yes' })).rejects.toThrow(InputError);
    await expect(run('sync-incremental', { records: [] })).rejects.toThrow(InputError);
  });
});
