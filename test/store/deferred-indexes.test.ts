import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import { type Db, openDb } from '../../src/db.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { aDeal, anAccount, connected, hashed } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });

/** Name and statement of each index of deals, as the database tells them. */
async function indexesOfDeals(db: Db): Promise<[string, string][]> {
  const query =
    db.dialect === 'sqlite'
      ? sql<{ name: string; text: string }>`select name, sql as text from sqlite_master
          where type = 'index' and tbl_name = 'deals' and sql is not null order by name`
      : sql<{ name: string; text: string }>`select indexname as name, indexdef as text from pg_indexes
          where schemaname = current_schema() and tablename = 'deals' and indexname not like '%pkey'
          order by indexname`;
  return (await query.execute(db.kysely)).rows.map(({ name, text }) => [name, text]);
}

describeOnBoth('indexes during a first fill', ({ open, url }) => {
  async function aStore() {
    const db = await open();
    const store = createStore(db, keys);
    return { db, store, id: await connected(store) };
  }

  test('are taken away and made again as they were, with the rows that came between', async () => {
    const { db, store, id } = await aStore();
    const before = await indexesOfDeals(db);

    await store.records.deferIndexes(id, 'Deals');
    const meanwhile = await indexesOfDeals(db);
    await store.records.save(id, 'Deals', [hashed(aDeal({ id: '300' }))], null, { isFirst: true });
    await store.records.restoreIndexes();

    expect(before.length).toBeGreaterThan(1);
    expect(meanwhile).toEqual([]);
    expect(await indexesOfDeals(db)).toEqual(before);
    expect(await store.records.get(id, 'Deals', ['300'])).toMatchObject([{ id: '300' }]);
  });

  test('are made by the next process when the one that took them away was killed', async () => {
    const address = await url();
    const killed = await openDb(address);
    await migrate(killed);
    const before = await indexesOfDeals(killed);
    const store = createStore(killed, keys);
    const id = await connected(store);
    await store.records.deferIndexes(id, 'Deals');
    await store.records.deferIndexes(id, 'Deals');

    // Two that come at once: each index is made once.
    const next = [await openDb(address), await openDb(address)];
    await Promise.all(next.map((db) => createStore(db, keys).records.restoreIndexes()));

    expect(await indexesOfDeals(killed)).toEqual(before);
    for (const db of [killed, ...next]) await db.close();
  });

  test('stay where the table holds rows of another connection', async () => {
    const { db, store, id } = await aStore();
    const other = await connected(store, { name: 'other' });
    await store.records.save(other, 'Deals', [hashed(aDeal({ id: '300' }))], null);
    await store.records.save(id, 'Accounts', [hashed(anAccount())], null);
    const before = await indexesOfDeals(db);

    await store.records.deferIndexes(id, 'Deals');

    expect(await indexesOfDeals(db)).toEqual(before);
  });
});
