import { randomBytes } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { ConnectionId } from '../../src/domain.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aConnection, aRefusal, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('alerts and refusals', (database) => {
  let store: Store;
  let connection: ConnectionId;
  beforeEach(async () => {
    store = createStore(await database.open(), keys);
    connection = (await store.connections.create(aConnection())).id;
  });
  const held = (message: string) => ({
    code: 'plan_held' as const,
    severity: 'critical' as const,
    message,
    params: { planId: '7' },
  });

  test('an alert is open once, says the latest, keeps when it began, and can open anew after it was closed', async () => {
    await store.alerts.raise(connection, held('first'), AT);
    await store.alerts.raise(connection, held('second'), later(1_000));
    const open = await store.alerts.open(connection);
    const wasOpen = await store.alerts.close(connection, 'plan_held', later(2_000));
    const isOpenAgain = await store.alerts.close(connection, 'plan_held', later(3_000));
    await store.alerts.raise(connection, held('third'), later(4_000));

    expect(open).toEqual([{ ...held('second'), openedAt: AT, closedAt: null }]);
    expect([wasOpen, isOpenAgain]).toEqual([true, false]);
    expect(await store.alerts.open(connection)).toMatchObject([{ message: 'third', openedAt: later(4_000) }]);
  });

  test('a refusal stands once a record and field and is replaced, found by record and by run, and removed', async () => {
    const row = aRefusal({ recordId: '100', runId: '3', field: null });
    const field = aRefusal({
      recordId: '100',
      runId: '4',
      field: 'Next_Step',
      attempted: { next_step: 'Ring' },
    });
    await store.refusals.save(connection, [row, field, aRefusal({ recordId: '101', runId: '3' })]);
    const again = { ...row, attempts: 2, lastAt: later(1_000), message: 'still locked' };
    await store.refusals.save(connection, [again]);

    expect(await store.refusals.of(connection, 'Accounts', ['100', '999'])).toEqual(
      expect.arrayContaining([again, field]),
    );
    expect((await store.refusals.ofRun(connection, '3')).map(({ recordId }) => recordId)).toEqual([
      '100',
      '101',
    ]);
    await store.refusals.remove(connection, [again]);
    expect(await store.refusals.of(connection, 'Accounts', ['100'])).toEqual([field]);
    expect(await store.refusals.counts(connection)).toEqual(new Map([['RECORD_LOCKED', 2]]));
  });
});
