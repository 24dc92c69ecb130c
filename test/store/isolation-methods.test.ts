import { beforeAll, expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import { AppError } from '../../src/errors.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { fill, rowsOf } from '../support/api-world.ts';
import { describeOnBoth } from '../support/databases.ts';
import { addRow, columnsByTable } from '../support/every-table.ts';
import type { Case, RowIds, StoreWorld } from '../support/store-case.ts';
import { MAKERS, STORE_CASES, SUMS } from '../support/store-cases.ts';
import { AT, aTask, hashed } from './builders.ts';

/**
 * Every method of every part of the store, called for one connection: it returns nothing of another with the same record
 * ids, and changes no row of it, whatever ids it is given. A new part or method without a case fails.
 */

const keys = await loadKeys({ keys: Buffer.alloc(32, 1).toString('base64'), keyFile: null });
/** Stands in every text of the other connection. */
const THEIRS = 'theirs';

describeOnBoth('methods of the store', (database) => {
  let db: Db;
  let store: Store;
  let world: StoreWorld;
  let theirs: string;
  /** Sums of mine, before and after there was another connection. */
  let [alone, together]: Record<string, string>[] = [{}, {}];
  let [mine, foreign]: (RowIds | null)[] = [null, null];

  async function filled(name: 'mine' | 'theirs'): Promise<{ id: string; ids: RowIds }> {
    const made = await fill(store, name, '100');
    const id = (await store.connections.byName(name))?.id ?? '';
    const address = `ann@${name}.test`;
    await store.users.replace(id, [
      { id: '1', name: `Ann of ${name}`, managerId: null, active: true, email: 'same@firm.test' },
    ]);
    await store.records.save(id, 'Tasks', [hashed(aTask({ id: '400', subject: `of ${name}` }))], null);
    const file = { kind: 'costs', fileHash: 'same-file', fileName: `${name}.csv` } as const;
    const importId = await store.imports.begin(id, file, AT);
    await store.imports.commit(id, importId, 0);
    await store.audit.add({
      ...{ connection: id, who: 'cli', action: 'a', target: name, before: null, after: null, at: AT },
    });
    await store.events.append(id, [{ type: 'plan.held', recordId: null, data: { of: name } }], AT);
    const ids = {
      ...{ ...made, address, importId, channelId: '1009' },
      ...{ delivery: Number(made.delivery), eventDelivery: Number(made.eventDelivery) },
    };
    return { id, ids };
  }
  beforeAll(async () => {
    db = await database.open();
    store = createStore(db, keys);
    const ours = await filled('mine');
    world = { store, mine: ours.id };
    alone = await sumsOf(world, ours.ids);
    const other = await filled('theirs');
    [mine, foreign, theirs] = [ours.ids, other.ids, other.id];
    for (const [part, method] of MAKERS) {
      await callOf(part, method)({ store, mine: theirs }, other.ids);
    }
    // Whatever table is added later holds something of theirs, under the same ids.
    for (const table of (await columnsByTable(db)).keys())
      await addRow(db, table, {
        ...{ connection: theirs, text: `"${THEIRS}"`, at: AT, number: 100 },
        links: { import_id: other.ids.importId },
      }).catch(() => undefined);
    together = await sumsOf(world, ours.ids);
  });
  function callOf(part: keyof Store, method: string) {
    const one = Object.entries<Case>(STORE_CASES[part]).find(([name]) => name === method)?.[1];
    if (!one || 'ofService' in one) throw new Error(`${part}.${method} is called for no connection`);
    return 'byId' in one ? one.byId : one;
  }
  async function sumsOf(of: StoreWorld, ids: RowIds): Promise<Record<string, string>> {
    const sums: Record<string, string> = {};
    for (const [part, method] of SUMS)
      sums[`${part}.${method}`] = await textOf(callOf(part, method)(of, ids));
    return sums;
  }
  /** All that is theirs, in every table and in the queue. */
  const ofTheirs = async (): Promise<Record<string, readonly unknown[]>> => ({
    ...(await rowsOf(db, theirs)),
    queue: await store.jobs.list({ connection: theirs, limit: 100 }),
  });
  /** Text of all that a call answered, lists and streams to their end. */
  async function textOf(answer: unknown): Promise<string> {
    const value = await answer;
    const isStream = typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
    const all: unknown = isStream ? await Array.fromAsync(value as AsyncIterable<unknown>) : value;
    return (
      JSON.stringify(all, (_key, part: unknown) =>
        part instanceof Map || part instanceof Set ? [...part] : part,
      ) ?? ''
    );
  }

  test('there is a row of theirs in every table, and in the queue', async () => {
    const empty = Object.entries(await ofTheirs()).flatMap(([table, rows]) =>
      rows.length === 0 ? [table] : [],
    );

    expect(empty).toEqual([]);
  });

  test('sums of one count nothing of the other', () => {
    expect(together).toEqual(alone);
  });

  test('each has a case', () => {
    const methods = (of: object) =>
      Object.entries(of).flatMap(([part, made]) => Object.keys(made).map((method) => `${part}.${method}`));

    expect(methods(STORE_CASES).toSorted()).toEqual(methods(store).toSorted());
  });

  // The end of the connection itself comes last.
  const parts = Object.keys(STORE_CASES).filter((part) => part !== 'connections');
  test.each([...parts, 'connections'] as (keyof Store)[])(
    '%s: nothing of another connection',
    async (part) => {
      if (!mine || !foreign) throw new Error('nothing was filled');
      const before = await ofTheirs();
      const leaks: string[] = [];
      for (const [method, one] of Object.entries<Case>(STORE_CASES[part])) {
        if ('ofService' in one) continue;
        const call = 'byId' in one ? one.byId : one;
        const answers = [await textOf(call(world, mine))];
        if (!('byId' in one)) {
          const guessed = await Promise.resolve(call(world, foreign)).then(textOf, (error: unknown) => {
            // To be told that there is no such thing is as good.
            if (error instanceof AppError) return '';
            throw error;
          });
          answers.push(guessed.replaceAll(foreign.address, ''));
        }
        if (answers.some((text) => text.includes(THEIRS) || text.includes(theirs))) leaks.push(method);
      }

      expect(leaks).toEqual([]);
      expect(await ofTheirs()).toEqual(before);
    },
  );
});
