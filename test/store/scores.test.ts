import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import { loadKeys } from '../../src/crypto.ts';
import { minor } from '../../src/money.ts';
import type { RankEntry } from '../../src/scores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aBaseline, aScore, aState, collect, connected, later, money } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

/** The order of ranks of docs/scoring.md: profit, then revenue, then the older first purchase, then the id as a number. */
function isAhead(a: RankEntry, b: RankEntry): boolean {
  if (a.profit12 !== b.profit12) return a.profit12 > b.profit12;
  if (a.revenue12 !== b.revenue12) return a.revenue12 > b.revenue12;
  if (a.firstPurchase !== b.firstPurchase) return a.firstPurchase < b.firstPurchase;
  return BigInt(a.id) < BigInt(b.id);
}
// Few values, so that every tie-break decides; ids of different lengths, so that text order would be wrong.
const anyEntry: fc.Arbitrary<RankEntry> = fc.record({
  profit12: fc.constantFrom(-500, 0, 500, Number.MAX_SAFE_INTEGER).map(minor),
  revenue12: fc.constantFrom(0, 1_000).map(minor),
  firstPurchase: fc.constantFrom('2024-01-01', '2025-01-01'),
  id: fc.constantFrom('9', '10', '4876876000000000001', '4876876000000000002', '9876543210987654321'),
});

describeOnBoth('scores', ({ open }) => {
  test('how many stored profits lie ahead follows the order of the rule, ties included', async () => {
    const store = createStore(await open(), keys);
    let orgs = 0;

    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(anyEntry, { selector: (entry) => entry.id, maxLength: 5 }),
        anyEntry,
        async (entries, asked) => {
          orgs += 1;
          const id = await connected(store, { name: `org ${orgs}` });
          const ranked = entries.map((entry) => ({
            score: aScore({
              id: entry.id,
              window12: money(entry.profit12, entry.revenue12),
              firstPurchase: entry.firstPurchase,
            }),
            state: aState(),
          }));
          const never = {
            score: aScore({ id: '77', rank: null, firstPurchase: null, window12: money(900) }),
            state: aState(),
          };
          await store.scores.save(id, [...ranked, never]);

          expect(await store.scores.countAbove(id, asked)).toBe(
            entries.filter((entry) => isAhead(entry, asked)).length,
          );
          await store.connections.remove(id);
        },
      ),
      { numRuns: 60 },
    );
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
