import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { MOST_REQUESTS } from '../../src/store/run-requests.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aRequest, connected } from './builders.ts';

const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
const DAY_MS = 86_400_000;
const days = { deliveries: 30, undo: 90, runs: 365, scoreHistory: 365 };
const DAYS = { ...days, alerts: 365, digests: 365, audit: 731, expired: 7 };

describeOnBoth('calls of a run', ({ open }) => {
  async function aRun() {
    const db = await open();
    const store = createStore(db, keys);
    const connection = await connected(store);
    return { db, store, connection, run: await store.runs.start(connection, 'sync', {}, AT) };
  }

  test('come newest first, by pages, all or those that failed', async () => {
    const { store, connection, run } = await aRun();
    const first = aRequest();
    const refused = aRequest({
      ...{ seq: 2, method: 'PUT', path: '/crm/v8/Accounts', status: 207, failed: true },
      ...{ code: 'RECORD_LOCKED', credits: 10, durationMs: 431, attempt: 2 },
    });
    const query = aRequest({ seq: 3, path: '/crm/v8/coql', module: 'Deals', query: 'totals', status: null });
    await store.runRequests.add(connection, run, [first, refused]);
    await store.runRequests.add(connection, run, [query]);

    const page = (filter: { failed?: boolean; after?: number; limit?: number }) =>
      store.runRequests.page(connection, run, { after: null, limit: 2, ...filter });

    expect(await page({})).toEqual({ items: [query, refused], next: 2 });
    expect(await page({ after: 2 })).toEqual({ items: [first], next: null });
    expect(await page({ failed: true })).toEqual({ items: [refused], next: null });
    expect(await page({ failed: false })).toEqual({ items: [query, first], next: null });
  });

  test('of those that went well and of those that failed the newest 500 stay', async () => {
    const { store, connection, run } = await aRun();
    const other = await store.runs.start(connection, 'score', {}, AT);
    await store.runRequests.add(connection, other, [aRequest()]);
    const isFailed = (seq: number) => seq % 5 === 0 || seq > 900;

    for (let from = 1; from <= 1_500; from += 50)
      await store.runRequests.add(
        connection,
        run,
        Array.from({ length: 50 }, (_, index) =>
          aRequest({ seq: from + index, failed: isFailed(from + index) }),
        ),
      );

    const kept = async (failed: boolean) => {
      const { items } = await store.runRequests.page(connection, run, { failed, after: null, limit: 2_000 });
      return items.map(({ seq }) => seq);
    };
    const newest = (failed: boolean) =>
      Array.from({ length: 1_500 }, (_, index) => 1_500 - index)
        .filter((seq) => isFailed(seq) === failed)
        .slice(0, MOST_REQUESTS);
    expect(await kept(true)).toEqual(newest(true));
    expect(await kept(false)).toEqual(newest(false));
    expect((await store.runRequests.page(connection, other, { after: null, limit: 9 })).items).toHaveLength(
      1,
    );
  });

  test('go when they are old, and a run goes after its calls', async () => {
    const { db, store, connection, run } = await aRun();
    const later = await store.runs.start(connection, 'sync', {}, AT);
    for (const id of [run, later]) await store.runs.finish(id, 'done', {}, AT);
    const ofDay = (days: number) => new Date(AT.getTime() + days * DAY_MS);
    await store.runRequests.add(connection, run, [
      aRequest(),
      aRequest({ seq: 2, at: ofDay(400), failed: true }),
    ]);
    const kept = async () => {
      const rows = await db.kysely.selectFrom('run_requests').select('seq').execute();
      return { seqs: rows.map(({ seq }) => seq), run: (await store.runs.get(run))?.id ?? null };
    };

    expect((await store.retention.removeOld(DAYS, ofDay(410), 20_000)).rows).toEqual({ run_requests: 1 });
    expect(await kept()).toEqual({ seqs: [2], run });

    await store.retention.removeOld(DAYS, ofDay(431), 20_000);
    expect(await kept()).toEqual({ seqs: [], run: null });
    expect((await store.runs.get(later))?.id).toBe(later);
  });
});
