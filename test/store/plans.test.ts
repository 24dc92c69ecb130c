import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { LineLostError } from '../../src/errors.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  AT,
  aFieldItem,
  anAccount,
  anIntent,
  aReminder,
  collect,
  connected,
  hashed,
  later,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('plans', ({ open }) => {
  async function aPlan(name = 'default') {
    const store = createStore(await open(), keys);
    const connection = await connected(store, { name });
    const runId = await store.runs.start(connection, 'plan', { full: true }, AT);
    const planId = await store.plans.open(connection, runId, '2026-03-01');
    return { store, connection, runId, planId };
  }

  test('items keep their order over appends, come in chunks, and those done or suppressed are not pending', async () => {
    const { store, planId } = await aPlan();
    const suppressed = {
      kind: 'suppressed' as const,
      task: {
        customer: { module: 'Accounts' as const, id: '5' },
        name: 'Acme',
        reason: 'contact_gap' as const,
        why: 'cap' as const,
        ownerId: null,
      },
    };
    await store.plans.append(planId, [aFieldItem('1', 'Top'), suppressed]);
    await store.plans.append(planId, []);
    await store.plans.append(
      planId,
      Array.from({ length: 1_500 }, (_, i) => aFieldItem(String(10 + i), 'Good')),
    );

    await store.plans.markDone(planId, [3, 5]);

    const all = await collect(store.plans.items(planId, 400));
    expect(all.map((item) => item.seq)).toEqual(Array.from({ length: 1_502 }, (_, i) => i + 1));
    expect(all[0]).toEqual({ ...aFieldItem('1', 'Top'), seq: 1 });
    expect(all[1]).toEqual({ ...suppressed, seq: 2 });
    const pending = await collect(store.plans.items(planId, 400, 'pending'));
    expect(pending.slice(0, 3).map((item) => item.seq)).toEqual([1, 4, 6]);
    expect(pending).toHaveLength(1_499);
  });

  test('items that are left out are not pending, are counted apart, and can be brought back', async () => {
    const { store, planId } = await aPlan();
    await store.plans.append(
      planId,
      ['1', '2', '3', '4'].map((id) => aFieldItem(id, 'Top')),
    );
    await store.plans.markDone(planId, [1]);

    await store.plans.setLeftOut(planId, [1, 2, 3], true);
    const partly = await store.plans.counts(planId);
    const seqs = async (filter: 'pending' | 'open') =>
      (await collect(store.plans.items(planId, 10, filter))).map((item) => item.seq);
    const [pending, open] = [await seqs('pending'), await seqs('open')];
    await store.plans.setLeftOut(planId, [3], false);
    const fewer = await store.plans.counts(planId);
    await store.plans.setLeftOut(planId, 'all', false);

    // What is done stays done.
    expect(partly).toEqual({ pending: 1, done: 1, leftOut: 2 });
    expect([pending, open]).toEqual([[4], [2, 3, 4]]);
    expect(fewer).toEqual({ pending: 2, done: 1, leftOut: 1 });
    expect(await store.plans.counts(planId)).toEqual({ pending: 3, done: 1, leftOut: 0 });
  });

  test('the newest plans are listed first, those of some customers left out', async () => {
    const { store, connection, runId, planId } = await aPlan();
    await store.plans.close(planId, { state: 'open', summary: {} });
    const narrow = await store.plans.open(connection, runId, '2026-03-02', { isNarrow: true });
    await store.plans.close(narrow, { state: 'open', summary: {} });
    const newer = await store.plans.open(connection, runId, '2026-03-03');
    await store.plans.close(newer, { state: 'held', summary: {} });

    const listed = await store.plans.list(connection, 10);

    expect(listed.map(({ id, state }) => [id, state])).toEqual([
      [newer, 'held'],
      [planId, 'superseded'],
    ]);
    expect(await store.plans.list(connection, 1)).toHaveLength(1);
  });

  test('items may be marked done while they are being read', async () => {
    const { store, planId } = await aPlan();
    await store.plans.append(
      planId,
      Array.from({ length: 10 }, (_, i) => aFieldItem(String(i), 'Good')),
    );
    const seen: number[] = [];

    for await (const items of store.plans.items(planId, 3, 'pending')) {
      const seqs = items.map((item) => item.seq);
      await store.plans.markDone(planId, seqs);
      seen.push(...seqs);
    }

    expect(seen).toHaveLength(10);
    expect(await collect(store.plans.items(planId, 3, 'pending'))).toEqual([]);
  });

  test('a plan that was never closed is discarded by the next; a closed one supersedes those that wait', async () => {
    const { store, connection, runId, planId: crashed } = await aPlan();
    const stateOf = async (id: string) => (await store.plans.get(id))?.state;
    expect(await store.plans.latest(connection)).toBeNull();

    const first = await store.plans.open(connection, runId, '2026-03-01');
    expect(await stateOf(crashed)).toBe('discarded');
    await store.plans.close(first, { state: 'held', summary: { records: 3 } });
    expect(await store.plans.latest(connection)).toMatchObject({
      id: first,
      connection,
      runId,
      asOf: '2026-03-01',
      state: 'held',
      summary: { records: 3 },
    });
    await store.plans.setState(first, 'approved');

    const second = await store.plans.open(connection, runId, '2026-03-02');
    expect(await stateOf(first)).toBe('approved');
    await store.plans.close(second, { state: 'open', summary: null });
    expect(await stateOf(first)).toBe('superseded');
    await store.plans.setState(second, 'applied');
    const third = await store.plans.open(connection, runId, '2026-03-03');
    await store.plans.close(third, { state: 'open', summary: null });

    expect(await stateOf(second)).toBe('applied');
    expect(await store.plans.appliedCount(connection)).toBe(1);
    expect((await store.plans.latest(connection))?.id).toBe(third);
    expect(await store.plans.get('999999')).toBeNull();
    expect(await store.plans.get('not a plan')).toBeNull();
  });

  test('a plan of some customers takes nothing away from the one that a person is about to decide on', async () => {
    const { store, connection, runId } = await aPlan();
    const held = await store.plans.open(connection, runId, '2026-03-01');
    await store.plans.close(held, { state: 'held', summary: null });

    const narrow = await store.plans.open(connection, runId, '2026-03-01', { isNarrow: true });
    await store.plans.close(narrow, { state: 'open', summary: null });

    expect((await store.plans.get(held))?.state).toBe('held');
    expect((await store.plans.latest(connection))?.id).toBe(held);
  });

  test('an intent is known after it began and settled when it ended; created tasks get their id', async () => {
    const { store, connection, runId, planId } = await aPlan();
    const base = { connection, runId, planId };
    const create = anIntent({
      ...base,
      seqs: [2, 3],
      kind: 'task_create',
      module: 'Tasks',
      recordId: null,
      cvRef: 'cv-1',
      before: { value_tier: null },
    });

    const ids = await store.intents.begin(
      [anIntent(base), create, anIntent({ ...base, recordId: '101' })],
      null,
    );
    const [first = 0, second = 0, third = 0] = ids;
    const begun = await store.intents.unfinished(connection);
    await store.intents.finish([
      { id: first, outcome: 'written', code: null, message: null, recordId: '100' },
      { id: second, outcome: 'written', code: null, message: null, recordId: '400' },
    ]);

    expect(begun.map((intent) => intent.id)).toEqual(ids);
    expect(begun[1]).toEqual({ ...create, id: second, outcome: null, code: null, message: null });
    expect((await store.intents.unfinished(connection)).map((intent) => intent.id)).toEqual([third]);
    expect(await store.intents.ofRun(runId)).toMatchObject([
      { id: first, outcome: 'written', recordId: '100' },
      { id: second, outcome: 'written', recordId: '400' },
      { id: third, outcome: null },
    ]);
    expect(await store.intents.ofRun('999999')).toEqual([]);
  });

  test('who has lost the line announces no write', async () => {
    const { store, connection, runId, planId } = await aPlan();
    const intent = anIntent({ connection, runId, planId });
    const [mine, theirs] = [
      { name: 'line:1', holder: 'mine' },
      { name: 'line:1', holder: 'theirs' },
    ];
    await store.leases.acquire(mine.name, mine.holder, new Date(1_000), new Date(0));

    const [first] = await store.intents.begin([intent], mine);
    await store.leases.acquire(theirs.name, theirs.holder, new Date(3_000), new Date(2_000));
    await expect(store.intents.begin([intent], mine)).rejects.toThrow(LineLostError);

    expect((await store.intents.unfinished(connection)).map(({ id }) => id)).toEqual([first]);
    expect(await store.intents.begin([intent], theirs)).toHaveLength(1);
  });

  test('of intents that cannot all be stored none is', async () => {
    const { store, connection, runId, planId } = await aPlan();
    const base = { connection, runId, planId };

    await expect(
      store.intents.begin([anIntent(base), anIntent({ ...base, kind: null as never })], null), // what the database refuses
    ).rejects.toThrow();

    expect(await store.intents.unfinished(connection)).toEqual([]);
  });

  test('a plan is told what was written last, and in which month the rank was', async () => {
    const { store, connection, runId, planId } = await aPlan();
    await store.records.save(
      connection,
      'Accounts',
      [hashed(anAccount()), hashed(anAccount({ id: '101' }))],
      null,
    );
    const write = async (
      plan: string,
      values: Record<string, string | number>,
      outcome: 'written' | 'failed',
    ) => {
      const [id = 0] = await store.intents.begin(
        [anIntent({ connection, runId, planId: plan, values })],
        null,
      );
      await store.intents.finish([{ id, outcome, code: null, message: null, recordId: '100' }]);
    };

    await write(planId, { value_tier: 'Good', value_rank: 7 }, 'written');
    const april = await store.plans.open(connection, runId, '2026-04-02');
    await write(april, { value_tier: 'Top' }, 'written');
    await write(april, { value_tier: 'Marginal', value_rank: 8 }, 'failed');

    const keysOf = ['100', '101'].map((id) => ({ module: 'Accounts' as const, id }));
    const [written, untouched] = await store.customers.known(connection, keysOf);
    expect(written).toMatchObject({
      written: { value_tier: 'Top', value_rank: 7 },
      rankWrittenIn: '2026-03',
    });
    expect(untouched).not.toHaveProperty('written');
  });

  test('reminders are kept by their key, found by customer, and counted by owner and day', async () => {
    const { store, connection } = await aPlan();
    const other = aReminder({
      cvRef: 'cv-contact_gap-200-1',
      customer: { module: 'Contacts', id: '200' },
      ownerId: null,
    });
    await store.reminders.save(connection, [
      aReminder(),
      other,
      aReminder({ cvRef: 'cv-3', createdOn: '2026-02-27' }),
    ]);

    const closed = aReminder({ taskId: '400', state: 'closed_by_person', closedOn: '2026-03-05' });
    await store.reminders.save(connection, [closed]);

    expect(await store.reminders.all(connection)).toHaveLength(3);
    expect(await store.reminders.of(connection, [other.customer])).toEqual([other]);
    expect(
      (await store.reminders.of(connection, [closed.customer])).find((one) => one.cvRef === closed.cvRef),
    ).toEqual(closed);
    expect(await store.reminders.createdOn(connection, '2026-03-01')).toEqual(
      new Map([
        ['4000000000000000001', 1],
        ['', 1],
      ]),
    );
  });

  test('runs are found by id, by kind and newest first', async () => {
    const { store, connection, runId } = await aPlan();
    const sync = await store.runs.start(connection, 'sync', null, later(1));
    await store.runs.finish(sync, 'partial', { changed: 2 }, later(2));
    const next = await store.runs.start(connection, 'plan', {}, later(3));

    expect(await store.runs.get(sync)).toEqual({
      id: sync,
      connection,
      kind: 'sync',
      state: 'partial',
      input: null,
      summary: { changed: 2 },
      startedAt: later(1),
      finishedAt: later(2),
    });
    expect((await store.runs.latest(connection, 'plan'))?.id).toBe(next);
    expect((await store.runs.list(connection, 2)).map((run) => run.id)).toEqual([next, sync]);
    expect(await store.runs.get(runId)).toMatchObject({
      state: 'running',
      input: { full: true },
      finishedAt: null,
    });
    expect(await store.runs.latest(connection, 'apply')).toBeNull();
  });
});
