import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../../src/changes.ts';
import { InputError, ZohoUnavailableError } from '../../../src/errors.ts';
import { processDeliveries, recoverDeliveries } from '../../../src/jobs/process-deliveries.ts';
import type { ChangedRecords } from '../../../src/jobs/run-line.ts';
import { silentLog } from '../../../src/log.ts';
import type { Delivery } from '../../../src/store/webhook-stores.ts';
import { aMapping } from '../../support/mapping.ts';
import { FakeClock } from './fake-clock.ts';
import { aConnection, memoryDeliveries, recordingQueue } from './memory-store.ts';

const MAPPED = { label: '', state: 'created' } as const;
const FAST = { slow: false };
const START = '2026-06-10T08:00:00Z';

function aDelivery(key: string, ids: string[], part: Partial<Delivery['body']> = {}): Delivery {
  return {
    key,
    connection: 'c1',
    channelId: '9',
    receivedAt: new Date(START),
    body: { module: 'Deals', operation: 'update', ids, ...part },
    id: 1,
    slow: false,
    begunAt: null,
    doneAt: null,
    outcome: null,
  };
}

function setUp(rows: Delivery[], failure: Error | null = null) {
  const read: ChangedRecords[] = [];
  const again: boolean[] = [];
  const { deliveries, waiting, outcomes } = memoryDeliveries(rows);
  const { queue, waiting: jobs } = recordingQueue();
  const connection = aConnection();
  const deps = {
    store: {
      deliveries,
      fieldMap: {
        all: async (): Promise<MappedField[]> => [
          { module: 'Accounts', key: 'value_tier', apiName: 'Value_Tier', fieldId: '1', ...MAPPED },
          { module: 'Accounts', key: 'needs', apiName: 'Needs', fieldId: '2', ...MAPPED },
        ],
      },
      intents: {
        createdTasks: async (_of: string, ids: readonly string[]) => ids.filter((id) => id === '77'),
      },
      connections: { list: async () => [connection] },
    },
    line: {
      runForRecords: async (input: { changed: readonly ChangedRecords[]; again: boolean }) => {
        if (failure) throw failure;
        read.push(...input.changed);
        again.push(input.again);
      },
    },
    queue,
    clock: new FakeClock(START),
    log: silentLog,
  };
  return {
    deps,
    connection,
    read,
    again,
    jobs,
    outcomes,
    pending: () => waiting('c1').map(({ key }) => key),
  };
}

describe('working on deliveries', () => {
  test('reads every id of every delivery once', async () => {
    const { deps, connection, read, pending } = setUp([
      aDelivery('a', ['1', '2']),
      aDelivery('b', ['2', '3'], { operation: 'insert' }),
    ]);

    await processDeliveries(deps, connection, FAST);

    expect(read).toEqual([{ module: 'Deals', ids: ['1', '2', '3'], deleted: [] }]);
    expect(pending()).toEqual([]);
  });

  test('tells which records were deleted, unless they came back since', async () => {
    const { deps, connection, read } = setUp([
      aDelivery('a', ['1', '2'], { operation: 'delete' }),
      aDelivery('b', ['2'], { operation: 'insert' }),
    ]);

    await processDeliveries(deps, connection, FAST);

    expect(read).toEqual([{ module: 'Deals', ids: ['1', '2'], deleted: ['1'] }]);
  });

  test('hands on records of every module that leads to a customer or a lead, parents first', async () => {
    const { deps, connection, read } = setUp([
      aDelivery('a', ['1'], { module: 'Calls' }),
      aDelivery('b', ['2'], { module: 'Leads', operation: 'insert' }),
      aDelivery('c', ['3'], { module: 'Accounts' }),
      aDelivery('d', ['4'], { module: 'Calls' }),
    ]);

    await processDeliveries(deps, connection, FAST);

    expect(read).toEqual([
      { module: 'Accounts', ids: ['3'], deleted: [] },
      { module: 'Leads', ids: ['2'], deleted: [] },
      { module: 'Calls', ids: ['1', '4'], deleted: [] },
    ]);
  });

  test('knows a module by the name that the org gave it', async () => {
    const { deps, connection, read } = setUp([aDelivery('a', ['1'], { module: 'Prospects' })]);
    const { modules } = aMapping({ modules: { Leads: 'Prospects' } });

    await processDeliveries({ ...deps, modulesOf: async () => modules }, connection, FAST);

    expect(read).toMatchObject([{ module: 'Leads', ids: ['1'] }]);
  });

  test('reads nothing for a write of ours, and all that a person may have done', async () => {
    const fields = (names: string[]) => ({ module: 'Accounts', fields: { '1': names } });
    const { deps, connection, read, outcomes } = setUp([
      aDelivery('ours', ['1'], fields(['Value_Tier', 'Modified_Time'])),
      aDelivery('our task', ['77'], { module: 'Tasks', operation: 'insert' }),
      aDelivery('filled in', ['2'], { ...fields([]), fields: { '2': ['Needs'] } }),
      aDelivery('both', ['3'], { ...fields([]), fields: { '3': ['Value_Tier', 'Account_Name'] } }),
      aDelivery('untold', ['4'], { module: 'Accounts' }),
      aDelivery('their task', ['78'], { module: 'Tasks', operation: 'insert' }),
      aDelivery('their edit', ['77'], { module: 'Tasks', fields: { '77': ['Status'] } }),
    ]);

    await processDeliveries(deps, connection, FAST);

    expect(read).toEqual([
      { module: 'Accounts', ids: ['2', '3', '4'], deleted: [] },
      { module: 'Tasks', ids: ['78', '77'], deleted: [] },
    ]);
    expect([outcomes('ours'), outcomes('our task'), outcomes('both')]).toEqual(['echo', 'echo', 'read']);
  });

  test('has customers scored all the same where an earlier attempt was cut short', async () => {
    const { deps, connection, again } = setUp([aDelivery('a', ['1']), aDelivery('b', ['2'])]);

    await processDeliveries(
      { ...deps, line: { runForRecords: () => Promise.reject(new Error('killed')) } },
      connection,
      FAST,
    ).catch(() => undefined);
    await processDeliveries(deps, connection, FAST);

    expect(again).toEqual([true]);
  });

  test('sets aside what no score rests on', async () => {
    const { deps, connection, read, pending } = setUp([aDelivery('a', ['1'], { module: 'Campaigns' })]);

    await processDeliveries(deps, connection, FAST);

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

    await processDeliveries(deps, connection, FAST);
    const left = pending();
    await processDeliveries(deps, connection, FAST);

    expect(left).toEqual(['c']);
    expect(jobs.map(({ name }) => name)).toEqual(['process-deliveries']);
    expect(read.flatMap(({ ids }) => ids)).toHaveLength(1_800);
    expect(pending()).toEqual([]);
  });

  test('keeps deliveries for the next attempt when Zoho is away', async () => {
    const { deps, connection, pending } = setUp([aDelivery('a', ['1'])], new ZohoUnavailableError('502'));

    await expect(processDeliveries(deps, connection, FAST)).rejects.toThrow(ZohoUnavailableError);

    expect(pending()).toEqual(['a']);
  });

  test('sets deliveries aside that can never succeed, so that later ones are heard', async () => {
    const { deps, connection, pending } = setUp([aDelivery('a', ['1'])], new InputError('not an id'));

    await expect(processDeliveries(deps, connection, FAST)).rejects.toThrow(InputError);

    expect(pending()).toEqual([]);
  });

  test('that a crash left without a job get one', async () => {
    const { deps, jobs } = setUp([aDelivery('a', ['1'])]);

    await recoverDeliveries(deps);

    expect(jobs).toMatchObject([{ name: 'process-deliveries', connection: 'c1' }]);
  });
});
