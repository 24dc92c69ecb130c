import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { createStore } from '../../src/store/store.ts';
import { aChannel } from '../support/a-channel.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, connected, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('how Zoho tells us of changes', ({ open }) => {
  test('a delivery is stored once, read oldest first, and done for good', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const body = { module: 'Deals', operation: 'insert', ids: ['300'] };
    const delivery = (key: string) => ({
      key,
      connection,
      channelId: '7',
      receivedAt: AT,
      body,
      slow: false,
    });

    expect(await store.deliveries.add([delivery('b'), delivery('a'), delivery('b')])).toBe(2);
    expect(await store.deliveries.add([delivery('a'), delivery('c')])).toBe(1);
    expect(await store.deliveries.add([])).toBe(0);

    const isOpen = { id: expect.any(Number), begunAt: null, doneAt: null, outcome: null };
    expect(await store.deliveries.pending(connection, 2)).toEqual([
      { ...delivery('b'), ...isOpen },
      { ...delivery('a'), ...isOpen },
    ]);
    await store.deliveries.begin(['a'], AT);
    expect((await store.deliveries.pending(connection, 2))[1]).toMatchObject({ begunAt: AT });
    await store.deliveries.markDone(['a', 'b'], AT, 'read');
    expect((await store.deliveries.pending(connection, 9)).map((one) => one.key)).toEqual(['c']);
    expect(await store.deliveries.add([delivery('a')])).toBe(0);
    expect(await store.deliveries.countPending()).toBe(1);
  });

  test('activities wait apart, and the log of deliveries is read, reopened and shortened', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const other = await connected(store, { name: 'other' });
    const body = { module: 'Deals', operation: 'insert', ids: ['300'] };
    const add = (key: string, slow = false) =>
      store.deliveries.add([{ key, connection, channelId: '7', receivedAt: AT, body, slow }]);
    for (const key of ['a', 'b']) await add(key);
    await add('call', true);

    const keysOf = (rows: readonly { key: string }[]) => rows.map(({ key }) => key);
    expect(keysOf(await store.deliveries.pending(connection, 9, false))).toEqual(['a', 'b']);
    expect(keysOf(await store.deliveries.pending(connection, 9, true))).toEqual(['call']);
    expect(keysOf(await store.deliveries.pending(connection, 9))).toEqual(['a', 'b', 'call']);

    const [newest, second] = await store.deliveries.list(connection, { limit: 2 });
    const rest = await store.deliveries.list(connection, { limit: 2, before: second?.id });
    expect([newest?.key, second?.key, ...keysOf(rest)]).toEqual(['call', 'b', 'a']);
    expect(await store.deliveries.list(other, { limit: 9 })).toEqual([]);
    expect(await store.deliveries.get(other, newest?.id ?? 0)).toBeNull();
    expect(await store.deliveries.reopen(other, newest?.id ?? 0)).toBe(false);

    await store.deliveries.markDone(['a', 'b'], AT, 'read');
    expect(await store.deliveries.get(connection, second?.id ?? 0)).toMatchObject({
      outcome: 'read',
      doneAt: AT,
    });
    expect(await store.deliveries.reopen(connection, second?.id ?? 0)).toBe(true);
    // Begun: its customers are to be scored although its records are known.
    expect(await store.deliveries.get(connection, second?.id ?? 0)).toMatchObject({
      begunAt: AT,
      doneAt: null,
    });
    expect(await store.deliveries.deleteDone(AT, 9)).toBe(0);
    expect(await store.deliveries.deleteDone(later(1), 9)).toBe(1);
    expect(keysOf(await store.deliveries.list(connection, { limit: 9 }))).toEqual(['call', 'b']);
  });

  test('a channel is found by the hash of its secret, and remembers when it was heard', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const channel = aChannel({ connection, channelId: '1234567890123456789', createdAt: AT });
    await store.channels.save(connection, { ...channel, token: 'first' });
    await store.channels.save(connection, channel);

    expect(await store.channels.of(connection)).toEqual([channel]);
    expect(await store.channels.bySecretHash('hash')).toEqual(channel);
    expect(await store.channels.bySecretHash('other')).toBeNull();
    await store.channels.addUnheard(connection, channel.channelId, 2);
    await store.channels.addUnheard(connection, channel.channelId, 3);
    expect(await store.channels.of(connection)).toEqual([{ ...channel, unheard: 5 }]);
    await store.channels.heard([{ connection, channelId: channel.channelId, at: later(1) }]);
    // A renewal that read the row before the notification came does not forget it.
    await store.channels.save(connection, { ...channel, checkedAt: later(2) });
    const kept = { ...channel, heardAt: later(1), checkedAt: later(2) };
    expect(await store.channels.of(connection)).toEqual([kept]);
    await store.channels.remove(connection, channel.channelId);
    expect(await store.channels.of(connection)).toEqual([]);
  });

  test('modules that Zoho refuses are noted anew each time, those of others untouched', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const other = await connected(store, { name: 'other' });
    const row = { module: 'Cases', code: 'INVALID_MODULE', message: 'hidden', refusedAt: AT } as const;
    await store.channels.setRefused(other, [row]);
    await store.channels.setRefused(connection, [row, { ...row, module: 'Leads', code: null }]);

    await store.channels.setRefused(connection, [row]);

    expect(await store.channels.refused(connection)).toEqual([row]);
    expect(await store.channels.refused(other)).toEqual([row]);
  });

  test('a workflow webhook is found by its path secret, rotated and removed by name', async () => {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const hook = {
      connection,
      name: 'won-deals',
      secretHash: 'path',
      headerHash: 'header',
      createdAt: AT,
      rotatedAt: null,
      heardAt: null,
    };
    expect([await store.workflowHooks.add(hook), await store.workflowHooks.add(hook)]).toEqual([true, false]);
    expect(await store.workflowHooks.bySecretHash('path')).toEqual(hook);

    const next = { secretHash: 'path-2', headerHash: 'header-2', at: later(1) };
    expect(await store.workflowHooks.rotate(connection, 'won-deals', next)).toBe(true);
    expect(await store.workflowHooks.rotate(connection, 'other', next)).toBe(false);
    await store.workflowHooks.heard(connection, 'won-deals', later(2));

    expect(await store.workflowHooks.bySecretHash('path')).toBeNull();
    expect(await store.workflowHooks.of(connection)).toEqual([
      { ...hook, secretHash: 'path-2', headerHash: 'header-2', rotatedAt: later(1), heardAt: later(2) },
    ]);
    expect(await store.workflowHooks.remove(connection, 'won-deals')).toBe(true);
    expect(await store.workflowHooks.remove(connection, 'won-deals')).toBe(false);
  });
});
