import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { DocumentLine } from '../../src/records.ts';
import type { CustomerOptions } from '../../src/store/record-stores.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aDeal, anAccount, anInvoice, aScore, aState, connected, hashed, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const OPTIONS: CustomerOptions = { basis: 'both', excludeAccountTypes: [], documents: ['Invoices'] };
const KEY = { module: 'Accounts', id: '100' } as const;

function aLine(over: Partial<DocumentLine> = {}): DocumentLine {
  return {
    id: '1',
    productId: null,
    quantity: '2',
    listPrice: '50',
    discount: null,
    tax: null,
    netTotal: '100',
    ...over,
  };
}

describeOnBoth('lines of documents', ({ open }) => {
  async function aFirm() {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.records.save(id, 'Accounts', [hashed(anAccount()), hashed(anAccount({ id: '101' }))], null);
    return { store, id };
  }

  test('lines come back with their document and what is known of their products', async () => {
    const { store, id } = await aFirm();
    const product = {
      id: '800',
      createdAt: AT,
      modifiedAt: AT,
      ownerId: null,
      ours: {},
      name: 'Oven',
      code: 'O-1',
      category: 'Machines',
      active: true,
      cost: '30.125',
      currency: null,
      exchangeRate: null,
    };
    await store.records.save(id, 'Products', [hashed(product)], null);
    await store.records.save(id, 'Invoices', [hashed(anInvoice({ accountId: '100' }))], null);

    const lines = [aLine({ productId: '800' }), aLine({ id: '2', productId: '899' })];
    await store.documentLines.replace(id, 'Invoices', [{ documentId: '700', modifiedAt: AT, lines }]);

    const [customer] = await store.customers.byKeys(id, OPTIONS, [KEY]);
    expect(customer?.documents).toEqual([
      {
        document: anInvoice({ accountId: '100' }),
        lines: [
          {
            ...lines[0],
            product: {
              id: '800',
              name: 'Oven',
              category: 'Machines',
              cost: '30.125',
              currency: null,
              exchangeRate: null,
            },
          },
          { ...lines[1], product: null },
        ],
      },
    ]);
    const [without] = await store.customers.byKeys(id, { ...OPTIONS, documents: ['Quotes'] }, [KEY]);
    expect(without?.documents).toEqual([]);
  });

  test('lines are pending until they are read, and again once their document has changed', async () => {
    const { store, id } = await aFirm();
    const save = (modifiedAt: Date) =>
      store.records.save(id, 'Invoices', [hashed(anInvoice({ accountId: '100', modifiedAt }))], null);
    await save(AT);
    expect(await store.documentLines.countPending(id, 'Invoices')).toBe(1);

    await store.documentLines.replace(id, 'Invoices', [
      { documentId: '700', modifiedAt: AT, lines: [aLine(), aLine({ id: '2' })] },
    ]);
    expect(await store.documentLines.countPending(id, 'Invoices')).toBe(0);

    await save(later(1_000));
    expect(await store.documentLines.pendingOf(id, 'Invoices', ['700'])).toEqual([
      { documentId: '700', modifiedAt: later(1_000) },
    ]);
    await store.documentLines.replace(id, 'Invoices', [
      { documentId: '700', modifiedAt: later(1_000), lines: [aLine({ id: '2' })] },
    ]);
    const [customer] = await store.customers.byKeys(id, OPTIONS, [KEY]);
    expect(customer?.documents[0]?.lines.map((line) => line.id)).toEqual(['2']);
  });

  test('the best customers come first, then the newest documents', async () => {
    const { store, id } = await aFirm();
    await store.scores.save(id, [
      { score: aScore({ id: '100', rank: 2 }), state: aState() },
      { score: aScore({ id: '101', rank: 1 }), state: aState() },
    ]);
    const invoices = [
      anInvoice({ id: '701' }),
      anInvoice({ id: '702', accountId: '100' }),
      anInvoice({ id: '703', accountId: '101' }),
      anInvoice({ id: '704', accountId: '101', modifiedAt: later(5_000) }),
    ];
    await store.records.save(id, 'Invoices', invoices.map(hashed), null);

    const pending = await store.documentLines.pending(id, 'Invoices', 3);

    expect(pending.map((one) => one.documentId)).toEqual(['704', '703', '702']);
  });

  test('a whole read replaces what is out of date and leaves nothing pending', async () => {
    const { store, id } = await aFirm();
    const invoices = Array.from({ length: 1_200 }, (_, i) => anInvoice({ id: String(7_000 + i) }));
    await store.records.save(id, 'Invoices', invoices.map(hashed), null);
    await store.documentLines.add(id, 'Invoices', [{ documentId: '7000', lines: [aLine({ id: 'old' })] }]);

    await store.documentLines.startOver(id, 'Invoices');
    await store.documentLines.add(
      id,
      'Invoices',
      invoices.map((one) => ({ documentId: one.id, lines: [aLine({ id: `l${one.id}` })] })),
    );
    await store.documentLines.finish(id, 'Invoices');

    expect(await store.documentLines.countPending(id, 'Invoices')).toBe(0);
    await store.records.save(id, 'Invoices', [hashed(anInvoice({ id: '7000', accountId: '100' }))], null);
    const [customer] = await store.customers.byKeys(id, OPTIONS, [KEY]);
    expect(customer?.documents[0]?.lines.map((line) => line.id)).toEqual(['l7000']);
  });

  test('documents that lead to nobody are counted, and those of a deal are not among them', async () => {
    const { store, id } = await aFirm();
    await store.records.save(id, 'Deals', [hashed(aDeal({ accountId: '100' }))], null);
    const invoices = [
      anInvoice({ id: '701' }),
      anInvoice({ id: '702', dealId: '300' }),
      anInvoice({ id: '703', accountId: '9' }),
    ];
    await store.records.save(id, 'Invoices', invoices.map(hashed), null);

    expect(await store.customers.countUnmatchedDocuments(id, ['Invoices'])).toBe(2);
    expect(await store.customers.of(id, OPTIONS, 'Invoices', ['702', '703'])).toEqual([KEY]);
    const [customer] = await store.customers.byKeys(id, OPTIONS, [KEY]);
    expect(customer?.documents.map(({ document }) => document.id)).toEqual(['702']);
  });
});
