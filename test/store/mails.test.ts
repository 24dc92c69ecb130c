import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { CustomerKey } from '../../src/domain.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  AT,
  aCase,
  aContact,
  aDeal,
  anAccount,
  anInvoice,
  aTask,
  connected,
  hashed,
  later,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ACME: CustomerKey = { module: 'Accounts', id: '100' };
const OPTIONS = { basis: 'both', excludeAccountTypes: [] } as const;

describeOnBoth('e-mails and what people fill in', ({ open }) => {
  async function aStore() {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.records.save(id, 'Accounts', [hashed(anAccount())], null);
    return { store, id };
  }
  const aMail = (id: string, change = {}) =>
    aTask({
      id,
      module: 'Emails',
      subject: `Mail ${id}`,
      whatId: ACME.id,
      status: null,
      callType: 'Inbound',
      startAt: AT,
      dueDay: null,
      ...change,
    });

  test('what was found belongs to its customer, and is known afterwards', async () => {
    const { store, id } = await aStore();

    await store.mails.save(id, { customer: ACME, at: later(5), credits: 2 }, [
      aMail('m1@100'),
      aMail('m2@100'),
    ]);

    const [rows] = await store.customers.byKeys(id, OPTIONS, [ACME]);
    expect(rows?.activities).toEqual([aMail('m1@100'), aMail('m2@100')]);
    expect(rows?.mailReadAt).toEqual(later(5));
    expect(await store.mails.known(id, ['m1@100', 'm3@100'])).toEqual(new Set(['m1@100']));
    expect(await store.mails.known(await connected(store, { name: 'other' }), ['m1@100'])).toEqual(new Set());
  });

  test('a second reading replaces the note of the first, and a mail is stored once', async () => {
    const { store, id } = await aStore();
    await store.mails.save(id, { customer: ACME, at: AT, credits: 2 }, [aMail('m1@100')]);

    await store.mails.save(id, { customer: ACME, at: later(10), credits: 1 }, [aMail('m1@100')]);

    expect(await store.mails.reads(id)).toEqual(new Map([[ACME.id, later(10)]]));
    const [rows] = await store.customers.byKeys(id, OPTIONS, [ACME]);
    expect(rows?.activities).toHaveLength(1);
  });

  test('credits are counted from an instant on, of this connection alone', async () => {
    const { store, id } = await aStore();
    const other = await connected(store, { name: 'other' });
    await store.mails.save(id, { customer: ACME, at: AT, credits: 2 }, []);
    await store.mails.save(id, { customer: { ...ACME, id: '101' }, at: later(10), credits: 3 }, []);
    await store.mails.save(other, { customer: ACME, at: later(10), credits: 7 }, []);

    expect(await store.mails.spentSince(id, later(-1))).toBe(5);
    expect(await store.mails.spentSince(id, AT)).toBe(3);
    expect(await store.mails.spentSince(id, later(10))).toBe(0);
  });

  test('a customer whose mails were never read says so', async () => {
    const { store, id } = await aStore();

    expect((await store.customers.byKeys(id, OPTIONS, [ACME]))[0]?.mailReadAt).toBeNull();
  });

  test('inputs, a kept contact date and minutes come back as they were saved', async () => {
    const { store, id } = await aStore();
    const inputs = {
      referredBy: '200',
      whyUs: 'Łódź 😀 \u0001',
      lastThanked: '2026-02-01',
      reasonLeft: 'Price',
    };
    const account = anAccount({ inputs, keptContactDay: '2026-02-03' });
    const contact = aContact({ accountId: '100', inputs: { needs: 'Crates' }, keptContactDay: '2026-02-04' });
    const task = aTask({ whatId: '100', minutesSpent: 25 });
    const one = aCase({ accountId: '100', minutesSpent: 0 });
    await store.records.save(id, 'Accounts', [hashed(account)], null);
    await store.records.save(id, 'Contacts', [hashed(contact)], null);
    await store.records.save(id, 'Tasks', [hashed(task)], null);
    await store.records.save(id, 'Cases', [hashed(one)], null);

    const [rows] = await store.customers.byKeys(id, OPTIONS, [ACME]);

    expect(rows).toMatchObject({ record: account, contacts: [contact], activities: [task], cases: [one] });
  });

  test('freight, the way to a meeting and the day of a payment come back as they were saved', async () => {
    const { store, id } = await aStore();
    const deal = aDeal({ accountId: '100', freight: '12.50' });
    const meeting = aTask({ id: '401', module: 'Events', whatId: '100', kilometres: '41.5' });
    const invoice = anInvoice({ accountId: '100', freight: '7', paidDay: '2026-03-04' });
    await store.records.save(id, 'Accounts', [hashed(anAccount())], null);
    await store.records.save(id, 'Deals', [hashed(deal)], null);
    await store.records.save(id, 'Events', [hashed(meeting)], null);
    await store.records.save(id, 'Invoices', [hashed(invoice)], null);

    const [rows] = await store.customers.byKeys(id, { ...OPTIONS, documents: ['Invoices'] }, [ACME]);

    expect(rows).toMatchObject({ deals: [deal], activities: [meeting], documents: [{ document: invoice }] });
  });
});
