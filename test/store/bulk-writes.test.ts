import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { LineLostError } from '../../src/errors.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, anIntent, collect, connected, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('bulk writes', ({ open }) => {
  async function announced(rows: number) {
    const store = createStore(await open(), keys);
    const connection = await connected(store);
    const runId = await store.runs.start(connection, 'apply', {}, AT);
    const planId = await store.plans.open(connection, runId, '2026-03-01');
    const head = { connection, runId, planId, module: 'Accounts' as const, rows, begunAt: AT };
    const write = await store.bulkWrites.announce(head, null);
    const intents = Array.from({ length: rows }, (_, at) =>
      anIntent({ connection, runId, planId, recordId: String(at), seqs: [at] }),
    );
    await store.bulkWrites.addIntents(write.id, intents, null);
    return { store, connection, head, write, intents };
  }

  test('keeps its rows in their order over chunks, and those with an outcome are passed over', async () => {
    const { store, write, intents } = await announced(2_300);

    const first = await collect(store.bulkWrites.openRows(write.id, 1_000));
    const done = first.slice(0, 1_500).map(({ id, recordId }) => ({
      ...{ id, recordId, outcome: 'written' as const, code: null, message: null },
    }));
    await store.intents.finish(done);
    const rest = await collect(store.bulkWrites.openRows(write.id, 1_000));

    expect(first.map(({ recordId }) => recordId)).toEqual(intents.map(({ recordId }) => recordId));
    expect(first[7]).toMatchObject({ ...intents[7] });
    expect(rest.map(({ recordId }) => recordId)).toEqual(
      intents.slice(1_500).map(({ recordId }) => recordId),
    );
  });

  test('is open until it is done or dropped, with the id of its job once that is known', async () => {
    const { store, connection, head, write } = await announced(1);
    const second = await store.bulkWrites.announce({ ...head, begunAt: later(1_000) }, null);

    await store.bulkWrites.setState(write.id, 'running', '9000000000000000001');
    const running = await store.bulkWrites.open(connection);
    await store.bulkWrites.setState(write.id, 'done');
    await store.bulkWrites.setState(second.id, 'dropped');

    expect(running).toEqual([
      { ...head, id: write.id, state: 'running', jobId: '9000000000000000001' },
      { ...second, state: 'announced', jobId: null },
    ]);
    expect(await store.bulkWrites.open(connection)).toEqual([]);
  });

  test('is not announced by whoever has lost the line', async () => {
    const { store, head, write, intents } = await announced(1);
    const lease = { name: 'line:lost', holder: 'nobody' };

    await expect(store.bulkWrites.announce(head, lease)).rejects.toThrow(LineLostError);
    await expect(store.bulkWrites.addIntents(write.id, intents, lease)).rejects.toThrow(LineLostError);
  });
});
