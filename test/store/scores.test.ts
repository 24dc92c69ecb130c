import { randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { loadKeys } from '../../src/crypto.ts';
import { minor } from '../../src/money.ts';
import type { RankEntry, Score } from '../../src/scores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aBaseline, aScore, aState, collect, connected, later, money } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

describeOnBoth('scores', ({ open }) => {
  test('whatever is saved and removed in whatever order, what was written last comes back', async () => {
    const store = createStore(await open(), keys);
    let orgs = 0;
    const customer = fc.integer({ min: 1, max: 40 }).map(String);
    // From one score to several packs; some names are of customers that were scored before.
    const step = fc.oneof(
      fc.record({
        save: fc.uniqueArray(customer, { minLength: 1, maxLength: 40 }),
        purchases: fc.nat(99),
        inPacks: fc.boolean(),
      }),
      fc.record({ remove: fc.uniqueArray(customer, { maxLength: 15 }) }),
    );

    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 6 }),
        fc.integer({ min: 1, max: 60 }),
        async (steps, page) => {
          orgs += 1;
          const id = await connected(store, { name: `org ${orgs}` });
          const expected = new Map<string, Score>();
          for (const one of steps) {
            if ('save' in one) {
              const scores = one.save.map((name) => aScore({ id: name, purchases: one.purchases }));
              await store.scores.save(
                id,
                scores.map((score) => ({ score, state: aState() })),
              );
              for (const score of scores) expected.set(score.key.id, score);
            } else {
              await store.scores.remove(
                id,
                one.remove.map((name) => ({ module: 'Accounts', id: name })),
              );
              for (const name of one.remove) expected.delete(name);
            }
          }

          const inOrder = [...expected.keys()].sort().map((name) => expected.get(name));
          expect(await collect(store.scores.inKeyOrder(id, page))).toEqual(inOrder);
          for (const name of ['1', '20', '40']) {
            expect(await store.scores.get(id, name)).toEqual(expected.get(name) ?? null);
          }
          await store.connections.remove(id);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of a removed customer nothing is left, not among its neighbours either', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const id = await connected(store);
    const save = (names: readonly string[], inPacks: boolean) =>
      store.scores.save(
        id,
        names.map((name) => ({ score: aScore({ id: name, name: `Customer ${name}` }), state: aState() })),
        { inPacks },
      );
    const hundred = Array.from({ length: 100 }, (_, at) => String(1_000 + at));
    await save(hundred, true);
    await save(['1007', '1060'], false);

    const gone = ['1007', ...hundred.slice(20, 60)];
    await store.scores.remove(
      id,
      gone.map((name) => ({ module: 'Accounts', id: name })),
    );

    const packs = await db.kysely.selectFrom('score_packs').select('body').execute();
    const text = packs.map(({ body }) => zstdDecompressSync(body).toString()).join();
    expect(gone.filter((name) => text.includes(`Customer ${name}`))).toEqual([]);
    const left = (await collect(store.scores.inKeyOrder(id, 7))).map(({ key }) => key.id);
    expect(left).toEqual(hundred.filter((name) => !gone.includes(name)));
  });

  test('a full scoring takes the packs of the one before away, and a reader meanwhile sees either', async () => {
    let now = AT;
    const clock: Clock = { now: () => now, sleep: async () => undefined, random: () => 0 };
    const db = await open();
    const store = createStore(db, keys, clock);
    const id = await connected(store);
    const names = Array.from({ length: 120 }, (_, at) => String(1_000 + at));
    const save = (asOf: string) =>
      store.scores.save(
        id,
        names.map((name) => ({ score: aScore({ id: name, asOf }), state: aState() })),
        { inPacks: true },
      );
    await save('2026-03-01');
    const reading = store.scores.inKeyOrder(id, 50)[Symbol.asyncIterator]();
    const first = await reading.next();

    now = later(60_000);
    await save('2026-03-02');
    await store.scores.removeExcept(id, '2026-03-02', now);
    const second = await reading.next();

    expect(first.value?.map((score: Score) => score.asOf)).toEqual(Array(50).fill('2026-03-01'));
    expect(second.value?.map((score: Score) => score.asOf)).toEqual(Array(50).fill('2026-03-02'));
    const { packs } = await db.kysely
      .selectFrom('score_packs')
      .select((eb) => eb.fn.countAll<number>().as('packs'))
      .executeTakeFirstOrThrow();
    expect(packs).toBe(3);
  });

  test('a score and its state come back whole, whatever the text in it', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const account = aScore({ id: '100' });
    const contact = aScore({ id: '50', module: 'Contacts', rank: null });
    const state = aState({
      lowerSince: ['2026-01-01'],
      pendingPhase: { phase: 'leaving', on: '2026-02-28' },
    });

    await store.scores.save(id, [
      { score: contact, state: aState() },
      { score: account, state },
    ]);

    expect(await store.scores.get(id, '100')).toEqual(account);
    expect(await store.scores.get(id, '999')).toBeNull();
    expect(await store.scores.states(id, [account.key, { module: 'Accounts', id: '999' }])).toEqual(
      new Map([['100', state]]),
    );
    const pages: unknown[] = [];
    for await (const page of store.scores.inKeyOrder(id, 1)) pages.push(page);
    expect(pages).toEqual([[account], [contact]]);
  });

  test('history keeps the changes of tier, phase and gold, one a day', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    const days = [
      aScore({ id: '100', asOf: '2026-03-01', tier: 'good', window12: money(10) }),
      aScore({ id: '100', asOf: '2026-03-02', tier: 'good', window12: money(20) }),
      aScore({ id: '100', asOf: '2026-03-03', tier: 'top', gold: true }),
      aScore({ id: '100', asOf: '2026-03-03', tier: 'good' }),
      aScore({ id: '100', asOf: '2026-03-04', tier: 'good', phase: 'lost', subPhase: 'win_back' }),
    ];

    for (const score of days) await store.scores.save(id, [{ score, state: aState() }]);

    expect(await store.scores.history(id, '100')).toEqual([
      { asOf: '2026-03-01', tier: 'good', phase: 'established', subPhase: null, gold: false, profit12: 10 },
      { asOf: '2026-03-03', tier: 'good', phase: 'established', subPhase: null, gold: false, profit12: 0 },
      { asOf: '2026-03-04', tier: 'good', phase: 'lost', subPhase: 'win_back', gold: false, profit12: 0 },
    ]);
  });

  test('a full scoring leaves only what it wrote itself', async () => {
    let now = AT;
    const clock: Clock = { now: () => now, sleep: async () => undefined, random: () => 0 };
    const store = createStore(await open(), keys, clock);
    const id = await connected(store);
    const save = (customer: string, asOf: string) =>
      store.scores.save(id, [{ score: aScore({ id: customer, asOf }), state: aState() }]);
    await save('1', '2026-02-28');
    await save('2', '2026-03-01');

    now = later(60_000);
    await save('3', '2026-03-01');
    await save('4', '2026-03-01');
    const removed = await store.scores.removeExcept(id, '2026-03-01', now);

    expect(removed).toBe(2);
    expect((await collect(store.scores.inKeyOrder(id, 10))).map((score) => score.key.id)).toEqual(['3', '4']);
  });

  test('the newest baseline comes back whole, also to a process that has read the one before', async () => {
    const db = await open();
    const [writer, reader] = [createStore(db, keys), createStore(db, keys)];
    const id = await connected(writer);
    const entry = (n: number): RankEntry => ({
      profit12: minor(n),
      revenue12: minor(2 * n),
      firstPurchase: '2024-01-01',
      id: String(n),
    });
    const first = aBaseline({
      ranked: Array.from({ length: 12_001 }, (_, n) => entry(n)),
      medianGapDays: 1 / 3,
    });
    const second = aBaseline({ ranked: [], customers: 0, goodCut: minor(5) });

    expect(await reader.baselines.latest(id)).toBeNull();
    await writer.baselines.save(id, first);
    expect(await reader.baselines.latest(id)).toEqual(first);
    await writer.baselines.save(id, second);
    expect(await reader.baselines.latest(id)).toEqual(second);
  });
});
