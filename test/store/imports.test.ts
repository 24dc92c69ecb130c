import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { ConnectionId } from '../../src/domain.ts';
import type { ImportedRows } from '../../src/records.ts';
import type { ImportKind, NewLines, NewPurchaseLine } from '../../src/store/import-stores.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aContact, aDeal, anAccount, connected, hashed } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const OPTIONS = { basis: 'both', excludeAccountTypes: [] } as const;

function aLine(over: Partial<NewPurchaseLine> = {}): NewPurchaseLine {
  return {
    line: 2,
    day: '2026-02-01',
    accountId: null,
    accountNumber: null,
    contactId: null,
    dealId: null,
    throughDeal: false,
    number: null,
    kind: 'invoice',
    product: null,
    group: null,
    quantity: null,
    amount: '10.00',
    listPrice: null,
    discountPercent: null,
    cost: null,
    currency: null,
    rate: null,
    dueDay: null,
    paidDay: null,
    ...over,
  };
}

async function staged<K extends ImportKind>(
  store: Store,
  connection: ConnectionId,
  kind: K,
  fileHash: string,
  lines: readonly NewLines[K][],
): Promise<number> {
  const id = await store.imports.begin(connection, { kind, fileHash, fileName: `${fileHash}.csv` }, AT);
  await store.imports.add(connection, kind, id, lines);
  await store.imports.link(connection, id);
  return id;
}
async function imported<K extends ImportKind>(
  store: Store,
  connection: ConnectionId,
  kind: K,
  fileHash: string,
  lines: readonly NewLines[K][],
): Promise<number> {
  const id = await staged(store, connection, kind, fileHash, lines);
  await store.imports.commit(connection, id, lines.length);
  return id;
}
async function importedOf(store: Store, connection: ConnectionId): Promise<Map<string, ImportedRows>> {
  const found = new Map<string, ImportedRows>();
  for await (const rows of store.customers.inKeyOrder(connection, OPTIONS, 10)) {
    for (const { key, imported: one } of rows) if (one) found.set(key.id, one);
  }
  return found;
}
const linesOf = (found: Map<string, ImportedRows>) =>
  Object.fromEntries([...found].map(([id, { purchases }]) => [id, purchases.map(({ line }) => line)]));

describeOnBoth('imports', ({ open }) => {
  async function world() {
    const db = await open();
    const store = createStore(db, keys);
    const connection = await connected(store);
    const save = store.records.save;
    await save(
      connection,
      'Accounts',
      [
        hashed(anAccount({ id: '100', number: '0042' })),
        hashed(anAccount({ id: '101', number: '7' })),
        hashed(anAccount({ id: '102', number: '7' })),
        hashed(anAccount({ id: '103', number: '0' })),
      ],
      null,
    );
    await save(
      connection,
      'Contacts',
      [hashed(aContact({ id: '200', accountId: '100' })), hashed(aContact({ id: '201' }))],
      null,
    );
    await save(
      connection,
      'Deals',
      [hashed(aDeal({ id: '300', accountId: '101' })), hashed(aDeal({ id: '301', contactId: '201' }))],
      null,
    );
    return { db, store, connection };
  }

  test('lines reach their customer by account, number, contact and deal; shared numbers and unknown ids reach nobody', async () => {
    const { store, connection } = await world();

    await imported(store, connection, 'purchases', 'aa', [
      aLine({ line: 2, accountId: '100' }),
      aLine({ line: 3, accountNumber: '42' }),
      aLine({ line: 4, contactId: '200' }),
      aLine({ line: 5, contactId: '201' }),
      aLine({ line: 6, dealId: '300', throughDeal: true }),
      aLine({ line: 7, dealId: '301', throughDeal: true }),
      aLine({ line: 8, accountNumber: '7', amount: '0.10', currency: 'USD', rate: '0.9' }),
      aLine({ line: 9, accountId: '999', amount: '0.20' }),
      aLine({ line: 10, accountNumber: '000' }),
      aLine({ line: 11, accountId: '999', contactId: '201' }),
    ]);

    const found = await importedOf(store, connection);
    expect(linesOf(found)).toEqual({ '100': [2, 3, 4], '101': [6], '201': [5, 7, 11] });
    expect(found.get('101')?.billedDeals).toEqual([{ dealId: '300', day: '2026-02-01' }]);
    const byKey = await store.customers.byKeys(connection, OPTIONS, [{ module: 'Accounts', id: '100' }]);
    expect(byKey[0]?.imported?.purchases.map(({ line }) => line)).toEqual([2, 3, 4]);
    expect(await store.imports.unmatched(connection, 'purchases', 'EUR')).toEqual([
      { currency: 'EUR', lines: 2, amount: '10.20' },
      { currency: 'USD', lines: 1, amount: '0.10' },
    ]);
  });

  test('when a document is due and was paid comes back as it was imported', async () => {
    const { store, connection } = await world();

    await imported(store, connection, 'purchases', 'aa', [
      aLine({ line: 2, accountId: '100', dueDay: '2026-03-03', paidDay: '2026-04-02' }),
      aLine({ line: 3, accountId: '100' }),
    ]);

    expect((await importedOf(store, connection)).get('100')?.purchases).toMatchObject([
      { dueDay: '2026-03-03', paidDay: '2026-04-02' },
      { dueDay: null, paidDay: null },
    ]);
  });

  test('files that tell when something was paid are known, those of other connections and unfinished ones not', async () => {
    const { store, connection } = await world();
    const paid = [aLine({ paidDay: '2026-04-30' }), aLine({ line: 3 })];
    const other = await connected(store, { name: 'other' });

    const told = await imported(store, connection, 'purchases', 'a', paid);
    await imported(store, connection, 'purchases', 'b', [aLine({ dueDay: '2026-03-31' })]);
    await imported(store, other, 'purchases', 'c', paid);
    await staged(store, connection, 'purchases', 'd', paid);

    expect(await store.imports.filesWithPayments(connection)).toEqual(new Set([told]));
  });

  test('linking ends on lines of every odd kind, and the next one changes nothing', async () => {
    const { store, connection } = await world();
    const odd = ['', '0', '000', ' ', '-', '\u{1F600}', 'a\nb', '9'.repeat(200), "'", '%', '0x1'];
    const lines = Array.from({ length: 2_500 }, (_, index) =>
      aLine({
        line: index * 7 + 2,
        accountNumber: index % 3 === 0 ? null : (odd[index % odd.length] ?? null),
        dealId: index % 3 === 0 ? (['', 'none', '2'][index % 2] ?? null) : null,
        throughDeal: index % 3 === 0,
      }),
    );
    const file = await imported(store, connection, 'purchases', 'e', lines);

    expect(await store.imports.link(connection)).toBe(0);
    expect(await store.imports.link(connection, file)).toBe(0);
  });

  test('a number that becomes known is found by the next linking, and one that becomes shared is let go', async () => {
    const { store, connection } = await world();
    await imported(store, connection, 'purchases', 'aa', [
      aLine({ line: 2, accountNumber: '99' }),
      aLine({ line: 3, accountNumber: '42' }),
    ]);
    await store.records.save(
      connection,
      'Accounts',
      [hashed(anAccount({ id: '104', number: '99' })), hashed(anAccount({ id: '105', number: '42' }))],
      null,
    );

    expect(await store.imports.link(connection)).toBe(2);
    expect(await store.imports.link(connection)).toBe(0);

    expect(linesOf(await importedOf(store, connection))).toEqual({ '104': [2] });
  });

  test('lines of a file that is not finished do not count, and the next import sweeps them away', async () => {
    const { db, store, connection } = await world();
    const lines = Array.from({ length: 2_500 }, (_, index) => aLine({ line: index + 2, accountId: '100' }));
    await staged(store, connection, 'purchases', 'aa', lines);

    expect(linesOf(await importedOf(store, connection))).toEqual({});
    const id = await staged(store, connection, 'purchases', 'aa', lines);
    await store.imports.commit(connection, id, lines.length);

    const stored = await db.kysely.selectFrom('purchases').select('line').execute();
    expect(stored).toHaveLength(2_500);
    expect((await importedOf(store, connection)).get('100')?.purchases).toHaveLength(2_500);
    expect(await store.imports.list(connection, 'purchases')).toMatchObject([
      { fileHash: 'aa', lines: 2_500 },
    ]);
  });

  test('a removed file counts no longer and leaves no line', async () => {
    const { db, store, connection } = await world();
    const id = await imported(store, connection, 'purchases', 'aa', [aLine({ accountId: '100' })]);
    await imported(store, connection, 'purchases', 'bb', [aLine({ accountId: '101' })]);

    await store.imports.remove(connection, id);

    expect(linesOf(await importedOf(store, connection))).toEqual({ '101': [2] });
    expect(await db.kysely.selectFrom('purchases').selectAll().execute()).toHaveLength(1);
    expect(await store.imports.find(connection, 'purchases', 'aa')).toEqual([]);
  });

  test('a credit note, withheld money and an invoice nobody is known for leave a deal in its place', async () => {
    const { store, connection } = await world();

    await imported(store, connection, 'purchases', 'aa', [
      aLine({ line: 2, accountId: '101', dealId: '300', kind: 'credit_note', amount: '-1.00' }),
      aLine({ line: 3, accountId: '101', dealId: '300', currency: 'USD' }),
      aLine({ line: 4, accountId: '999', dealId: '300' }),
      aLine({ line: 5, accountId: '101', dealId: '301', day: '2026-02-03' }),
    ]);

    const found = await importedOf(store, connection);
    expect(found.get('101')?.billedDeals).toEqual([]);
    expect(found.get('201')?.billedDeals).toEqual([{ dealId: '301', day: '2026-02-03' }]);
  });

  test('documents that another file brought, or that bear two days, are named by line', async () => {
    const { store, connection } = await world();
    await imported(store, connection, 'purchases', 'aa', [
      aLine({ accountNumber: '42', number: 'INV-1' }),
      aLine({ line: 3, accountId: '101', number: 'INV-2' }),
    ]);
    const id = await staged(store, connection, 'purchases', 'bb', [
      aLine({ line: 2, accountId: '100', number: 'INV-1' }),
      aLine({ line: 3, accountId: '100', number: 'INV-2' }),
      aLine({ line: 4, accountId: '100', number: 'INV-2', day: '2026-02-02' }),
      aLine({ line: 5, accountId: '100', number: 'INV-1', kind: 'credit_note' }),
    ]);

    expect(await store.imports.repeatedDocuments(connection, id, 10)).toEqual([{ line: 2, number: 'INV-1' }]);
    expect(await store.imports.splitDocuments(connection, id, 10)).toEqual([{ line: 3, number: 'INV-2' }]);
  });

  test('costs, contributions, thanks and the first referrer stand with their customer', async () => {
    const { store, connection } = await world();
    const line = { line: 2, day: '2026-02-01', accountId: '100', accountNumber: null, contactId: null };
    const cost = { kind: 'freight', amount: '4.5', minutes: null, note: 'x', currency: null, rate: null };
    await imported(store, connection, 'costs', 'aa', [{ ...line, ...cost }]);
    await imported(store, connection, 'contributions', 'aa', [
      { ...line, kind: 'case_study', amount: null, note: null },
    ]);
    const referral = { referrerId: null, referrerNumber: null };
    await imported(store, connection, 'referrals', 'aa', [
      { ...line, ...referral, referrerId: '101' },
      { ...line, ...referral, line: 3, day: '2026-01-15', referrerId: '201' },
      { ...line, ...referral, line: 4, accountId: '101', referrerNumber: '42' },
    ]);
    await store.notes.addThanks(
      connection,
      { module: 'Accounts', id: '100' },
      {
        day: '2026-02-05',
        how: 'card',
        note: null,
      },
    );

    const found = await importedOf(store, connection);

    expect(found.get('100')).toEqual({
      purchases: [],
      costs: [{ day: '2026-02-01', ...cost }],
      billedDeals: [],
      contributions: [{ day: '2026-02-01', kind: 'case_study', amount: null, note: null }],
      referredBy: { id: '201', number: null, day: '2026-01-15' },
      thanks: [{ day: '2026-02-05', how: 'card', note: null }],
    });
    expect(found.get('101')?.referredBy).toEqual({ id: '100', number: '42', day: '2026-02-01' });
    const [file] = await store.imports.list(connection, 'referrals');
    expect(await store.imports.referralLinks(connection, file?.id ?? 0)).toEqual([
      { line: 3, day: '2026-01-15', referred: '100', referrer: '201' },
      { line: 2, day: '2026-02-01', referred: '100', referrer: '101' },
      { line: 4, day: '2026-02-01', referred: '101', referrer: '100' },
    ]);
  });

  test('nothing of one connection reaches another', async () => {
    const { store, connection } = await world();
    const other = await connected(store, { name: 'other' });
    await store.records.save(other, 'Accounts', [hashed(anAccount({ id: '100', number: '42' }))], null);

    await imported(store, connection, 'purchases', 'aa', [aLine({ accountNumber: '42' })]);

    expect(linesOf(await importedOf(store, other))).toEqual({});
    expect(await store.imports.list(other, 'purchases')).toEqual([]);
    await imported(store, other, 'purchases', 'aa', [aLine({ accountNumber: '42', number: 'INV-1' })]);
    expect(linesOf(await importedOf(store, other))).toEqual({ '100': [2] });
  });
});
