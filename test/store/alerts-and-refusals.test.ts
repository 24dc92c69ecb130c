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

    expect(open).toEqual([
      {
        ...held('second'),
        openedAt: AT,
        closedAt: null,
        occurrences: 2,
        notifiedAt: AT,
        clearSince: null,
        acknowledged: null,
        mutedUntil: null,
      },
    ]);
    expect([wasOpen, isOpenAgain]).toEqual([true, false]);
    expect(await store.alerts.open(connection)).toMatchObject([{ message: 'third', openedAt: later(4_000) }]);
  });

  const told = async () => (await store.mailing.waitingEvents(connection)).map(({ type }) => type);

  test('opening, worsening by severity or grade, and the end are told once each, repetition is not', async () => {
    const drift = (grade: number, severity: 'warning' | 'critical' = 'warning') => ({
      ...{
        code: 'schema_drift' as const,
        severity,
        message: 'drift',
        params: { fields: ['Deals.amount'] },
        grade,
      },
    });

    for (const at of [1, 2, 3]) await store.alerts.raise(connection, drift(1), later(at));
    for (const grade of [2, 1, 2]) await store.alerts.raise(connection, drift(grade), later(4));
    for (const severity of ['critical', 'warning', 'critical'] as const)
      await store.alerts.raise(connection, drift(1, severity), later(5));
    await store.alerts.close(connection, 'schema_drift', later(6));
    await store.alerts.close(connection, 'schema_drift', later(7));

    expect(await told()).toEqual(['alert.opened', 'alert.worsened', 'alert.worsened', 'alert.recovered']);
  });

  test('a cause that comes and goes is told once, and its end only when it stays away', async () => {
    const minutes = (count: number) => later(count * 60_000);
    const cool = { afterMs: 30 * 60_000 };
    for (let at = 0; at < 120; at += 20) {
      await store.alerts.raise(connection, held('again'), minutes(at));
      await store.alerts.close(connection, 'plan_held', minutes(at + 10), cool);
    }

    expect(await told()).toEqual(['alert.opened']);
    await store.alerts.close(connection, 'plan_held', minutes(120), cool);
    expect(await store.alerts.open(connection)).toHaveLength(1);
    await store.alerts.close(connection, 'plan_held', minutes(140), cool);
    expect(await store.alerts.open(connection)).toEqual([]);
    expect(await told()).toEqual(['alert.opened', 'alert.recovered']);
  });

  test('a muted alert opens untold; it is told when the mute ends and it is still open, else never', async () => {
    const mute = { until: later(60_000), by: 'cli' };
    await store.alerts.mute(connection, 'plan_held', mute);
    await store.alerts.mute(connection, 'undone', mute);
    await store.alerts.raise(connection, held('muted'), AT);
    await store.alerts.raise(connection, { ...held('gone'), code: 'undone' }, AT);
    await store.alerts.close(connection, 'undone', later(1_000));

    expect(await store.alerts.tellUntold(connection, later(2_000))).toBe(0);
    expect(await told()).toEqual([]);
    expect(await store.alerts.tellUntold(connection, later(61_000))).toBe(1);
    expect(await store.alerts.tellUntold(connection, later(62_000))).toBe(0);
    expect(await told()).toEqual(['alert.opened']);
    expect(await store.alerts.mutes(connection)).toHaveLength(2);
    await store.alerts.mute(connection, 'undone', null);
    expect(await store.alerts.mutes(connection)).toMatchObject([{ code: 'plan_held', by: 'cli' }]);
  });

  test('two processes that see one cause at once open one alert', async () => {
    await Promise.all([1, 2, 3].map((at) => store.alerts.raise(connection, held(`seen ${at}`), later(at))));

    expect(await store.alerts.open(connection)).toMatchObject([{ occurrences: 3 }]);
    expect(await told()).toEqual(['alert.opened']);
  });

  test('acknowledging names who is at work on an open alert', async () => {
    await store.alerts.raise(connection, held('held'), AT);

    expect(await store.alerts.acknowledge(connection, 'plan_held', 'cli', later(1_000))).toBe(true);
    expect(await store.alerts.acknowledge(connection, 'undone', 'cli', later(1_000))).toBe(false);
    expect(await store.alerts.list(connection, 10)).toMatchObject([
      { acknowledged: { by: 'cli', at: later(1_000) } },
    ]);
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
