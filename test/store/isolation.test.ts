import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { addRow, columnsByTable } from '../support/every-table.ts';
import { AT, aConnection, aDeal, anAccount, connected, hashed, later } from './builders.ts';

/** Two orgs with the same record ids side by side: what happens to one changes no row of the other, in any table. */

async function rowsOf(db: Db, connection: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const table of (await columnsByTable(db)).keys()) {
    const { rows } = await sql`select * from ${sql.table(table)} where connection_id = ${connection}`.execute(
      db.kysely,
    );
    found[table] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return found;
}

describeOnBoth('two orgs side by side', (database) => {
  async function setUp() {
    const db = await database.open();
    const keys = await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null });
    const store = createStore(db, keys);
    const one = await connected(store, { name: 'one' });
    const two = await connected(store, {
      name: 'two',
      org: { ...aConnection().org, id: '700', name: 'Firm', currency: 'PLN' },
    });
    for (const id of [one, two]) {
      await store.records.save(id, 'Accounts', [hashed(anAccount({ id: '1', name: 'Same' }))], null);
      await store.records.save(id, 'Deals', [hashed(aDeal({ id: '2', accountId: '1' }))], null);
    }
    // Whatever table is added later is filled for both, too.
    for (const table of (await columnsByTable(db)).keys()) {
      for (const [index, connection] of [one, two].entries())
        await addRow(db, table, { connection, text: 'x', at: AT, number: 900 + index }).catch(
          () => undefined,
        );
    }
    return { db, store, one, two };
  }

  test('removing one leaves every row of the other as it was', async () => {
    const { db, store, one, two } = await setUp();
    const before = await rowsOf(db, two);
    expect(Object.values(before).filter((rows) => rows.length > 0).length).toBeGreaterThan(20);

    await store.connections.remove(one);

    expect(await rowsOf(db, two)).toEqual(before);
    expect(Object.values(await rowsOf(db, one)).flat()).toEqual([]);
  });

  // The rows of unknown tables hold "x" where a module, a state or a kind is expected: no write may stumble for ever.
  const WRITES: readonly (readonly [string, (store: Store, id: string) => Promise<unknown>])[] = [
    ['scores.removeExcept', (store, id) => store.scores.removeExcept(id, '2026-03-01', later(60_000))],
    ['scores.remove', (store, id) => store.scores.remove(id, [{ module: 'Accounts', id: '900' }])],
    [
      'leadScores.removeExcept',
      (store, id) => store.leadScores.removeExcept(id, '2026-03-01', later(60_000)),
    ],
    ['leadScores.remove', (store, id) => store.leadScores.remove(id, ['900', '901'])],
    ['imports.link', (store, id) => store.imports.link(id)],
    ['imports.link of one file', (store, id) => store.imports.link(id, 900)],
    ['records.markDeleted', (store, id) => store.records.markDeleted(id, 'Accounts', ['1', '900'], later(1))],
    ['quarantine.remove', (store, id) => store.quarantine.remove(id, 'Accounts', ['900', '901'])],
    ['cursors.clear', (store, id) => store.cursors.clear(id, 'Accounts')],
    ['plans.supersedeWaiting', (store, id) => store.plans.supersedeWaiting(id)],
    ['runs.closeInterrupted', (store, id) => store.runs.closeInterrupted(id, later(1))],
    ['metadata.expire', (store, id) => store.metadata.expire(id)],
    ['connections.setMode', (store, id) => store.connections.setMode(id, 'read-only')],
  ];
  test('single writes end, and touch nothing of the other', async () => {
    const { db, store, one, two } = await setUp();
    const before = await rowsOf(db, two);
    expect(await rowsOf(db, one)).toMatchObject({
      scores: [expect.any(String)],
      lead_scores: [expect.any(String)],
    });

    for (const [name, write] of WRITES) {
      const given = await write(store, one);
      if (name.endsWith('removeExcept')) expect(given, name).toBe(1);
    }

    expect(await rowsOf(db, two)).toEqual(before);
    expect(await rowsOf(db, one)).toMatchObject({ scores: [], lead_scores: [] });
  });
});
