import { describe, expect, test } from 'vitest';
import { InputError, ZohoUnavailableError } from '../../../src/errors.ts';
import { processDeliveries, recoverDeliveries } from '../../../src/jobs/process-deliveries.ts';
import type { ChangedRecords } from '../../../src/jobs/run-line.ts';
import { silentLog } from '../../../src/log.ts';
import type { Delivery } from '../../../src/store/job-stores.ts';
import { aMapping } from '../../support/mapping.ts';
import { FakeClock } from './fake-clock.ts';
import { aConnection, memoryDeliveries, recordingQueue } from './memory-store.ts';

const START = '2026-06-10T08:00:00Z';

function aDelivery(key: string, ids: string[], part: Partial<Delivery['body']> = {}): Delivery {
  return {
    key,
    connection: 'c1',
    channelId: '9',
    receivedAt: new Date(START),
    body: { module: 'Deals', operation: 'update', ids, ...part },
    doneAt: null,
  };
}

function setUp(rows: Delivery[], failure: Error | null = null) {
  const read: ChangedRecords[] = [];
  const { deliveries, waiting } = memoryDeliveries(rows);
  const { queue, waiting: jobs } = recordingQueue();
  const connection = aConnection();
  const deps = {
    store: {
      deliveries,
      connections: { list: async () => [connection] },
    },
    line: {
      runLine: async () => undefined,
      runForRecords: async ({ changed }: { changed: readonly ChangedRecords[] }) => {
        if (failure) throw failure;
        read.push(...changed);
      },
    },
    queue,
    clock: new FakeClock(START),
    log: silentLog,
  };
  return { deps, connection, read, jobs, pending: () => waiting('c1').map(({ key }) => key) };
}

describe('working on deliveries', () => {
  test('reads every id of every delivery once', async () => {
    const { deps, connection, read, pending } = setUp([
      aDelivery('a', ['1', '2']),
      aDelivery('b', ['2', '3'], { operation: 'insert' }),
    ]);

    await processDeliveries(deps, connection);

    expect(read).toEqual([{ module: 'Deals', ids: ['1', '2', '3'], deleted: [] }]);
    expect(pending()).toEqual([]);
  });

  test('tells which records were deleted, unless they came back since', async () => {
    const { deps, connection, read } = setUp([
      aDelivery('a', ['1', '2'], { operation: 'delete' }),
      aDelivery('b', ['2'], { operation: 'insert' }),
    ]);

    await processDeliveries(deps, connection);

    expect(read).toEqual([{ module: 'Deals', ids: ['1', '2'], deleted: ['1'] }]);
  });

  test('hands on records of every module that leads to a customer or a lead, parents first', async () => {
    const { deps, connection, read } = setUp([
      aDelivery('a', ['1'], { module: 'Calls' }),
      aDelivery('b', ['2'], { module: 'Leads', operation: 'insert' }),
      aDelivery('c', ['3'], { module: 'Accounts' }),
      aDelivery('d', ['4'], { module: 'Calls' }),
    ]);

    await processDeliveries(deps, connection);

    expect(read).toEqual([
      { module: 'Accounts', ids: ['3'], deleted: [] },
      { module: 'Leads', ids: ['2'], deleted: [] },
      { module: 'Calls', ids: ['1', '4'], deleted: [] },
    ]);
  });

  test('knows a module by the name that the org gave it', async () => {
    const { deps, connection, read } = setUp([aDelivery('a', ['1'], { module: 'Prospects' })]);
    const { modules } = aMapping({ modules: { Leads: 'Prospects' } });

    await processDeliveries({ ...deps, modulesOf: async () => modules }, connection);

    expect(read).toMatchObject([{ module: 'Leads', ids: ['1'] }]);
  });

  test('sets aside what no score rests on', async () => {
    const { deps, connection, read, pending } = setUp([aDelivery('a', ['1'], { module: 'Campaigns' })]);

    await processDeliveries(deps, connection);

    expect(read).toEqual([]);
    expect(pending()).toEqual([]);
  });

  test('leaves what exceeds one piece to a continuation', async () => {
    const ids = (from: number) => Array.from({ length: 600 }, (_, index) => String(from + index));
    const { deps, connection, read, jobs, pending } = setUp([
      aDelivery('a', ids(0)),
      aDelivery('b', ids(1_000)),
      aDelivery('c', ids(2_000)),
    ]);

    await processDeliveries(deps, connection);
    const left = pending();
    await processDeliveries(deps, connection);

    expect(left).toEqual(['c']);
    expect(jobs.map(({ name }) => name)).toEqual(['process-deliveries']);
    expect(read.flatMap(({ ids }) => ids)).toHaveLength(1_800);
    expect(pending()).toEqual([]);
  });

  test('keeps deliveries for the next attempt when Zoho is away', async () => {
    const { deps, connection, pending } = setUp([aDelivery('a', ['1'])], new ZohoUnavailableError('502'));

    await expect(processDeliveries(deps, connection)).rejects.toThrow(ZohoUnavailableError);

    expect(pending()).toEqual(['a']);
  });

  test('sets deliveries aside that can never succeed, so that later ones are heard', async () => {
    const { deps, connection, pending } = setUp([aDelivery('a', ['1'])], new InputError('not an id'));

    await expect(processDeliveries(deps, connection)).rejects.toThrow(InputError);

    expect(pending()).toEqual([]);
  });

  test('that a crash left without a job get one', async () => {
    const { deps, jobs } = setUp([aDelivery('a', ['1'])]);

    await recoverDeliveries(deps);

    expect(jobs).toMatchObject([{ name: 'process-deliveries', connection: 'c1' }]);
  });
});
