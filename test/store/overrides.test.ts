import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { CustomerKey, PhaseOverride } from '../../src/domain.ts';
import { createStore } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aCase, aContact, anAccount, anInvoice, connected, hashed, later } from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ACME: CustomerKey = { module: 'Accounts', id: '100' };
const OPTIONS = { basis: 'both', excludeAccountTypes: [], documents: ['Invoices'] } as const;
const LOYAL: PhaseOverride = {
  phase: 'loyal',
  subPhase: null,
  reason: 'Signs again in May – Łódź 😀',
  by: 'Anna',
  setOn: '2026-03-01',
  until: '2026-05-31',
};

describeOnBoth('what people and the org say of a relation', ({ open }) => {
  async function aStore() {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.records.save(id, 'Accounts', [hashed(anAccount())], null);
    const read = async () => {
      const [byKey] = await store.customers.byKeys(id, OPTIONS, [ACME]);
      const all = (await Array.fromAsync(store.customers.inKeyOrder(id, OPTIONS, 100))).flat();
      expect(all.filter(({ key }) => key.id === ACME.id)).toEqual([byKey]);
      return byKey;
    };
    return { store, id, read };
  }

  test('a phase set by hand comes back with its customer, whole', async () => {
    const { store, id, read } = await aStore();
    expect((await read())?.overrides).toBeUndefined();

    await store.overrides.set(id, ACME, LOYAL, AT);

    expect((await read())?.overrides).toMatchObject([{ ...LOYAL, endedOn: null }]);
    expect(await store.overrides.list(id)).toMatchObject([
      { ...LOYAL, customer: ACME, setAt: AT, endedOn: null, endedBy: null },
    ]);
  });

  test('the next one ends it, and both stay to be read', async () => {
    const { store, id, read } = await aStore();
    await store.overrides.set(id, ACME, LOYAL, AT);

    const closed = { ...LOYAL, phase: 'lost', subPhase: 'closed', by: 'Piotr', setOn: '2026-04-02' } as const;
    await store.overrides.set(id, ACME, closed, later(10));

    expect((await read())?.overrides).toMatchObject([
      { phase: 'loyal', endedOn: '2026-04-02' },
      { phase: 'lost', subPhase: 'closed', endedOn: null },
    ]);
    expect(await store.overrides.list(id)).toMatchObject([
      { phase: 'lost', endedBy: null },
      { phase: 'loyal', endedBy: 'Piotr' },
    ]);
  });

  test('ending names who did it; what has ended or run out is left alone', async () => {
    const { store, id } = await aStore();
    const end = (on: string) => store.overrides.end(id, ACME, { on, by: 'Piotr' }, AT);
    await store.overrides.set(id, ACME, LOYAL, AT);

    expect(await end('2026-06-01')).toBe(false);
    expect(await end('2026-05-31')).toBe(true);
    expect(await end('2026-05-31')).toBe(false);

    expect(await store.overrides.list(id)).toMatchObject([{ endedOn: '2026-05-31', endedBy: 'Piotr' }]);
  });

  test('one of another customer or connection is not touched', async () => {
    const { store, id, read } = await aStore();
    const other = await connected(store, { name: 'other' });
    await store.overrides.set(other, ACME, LOYAL, AT);
    await store.overrides.set(id, { ...ACME, id: '101' }, LOYAL, AT);

    await store.overrides.set(id, ACME, { ...LOYAL, phase: 'new' }, AT);
    await store.overrides.end(id, ACME, { on: LOYAL.setOn, by: 'Anna' }, AT);

    expect((await read())?.overrides).toMatchObject([{ phase: 'new' }]);
    expect((await store.overrides.list(id)).map(({ endedOn }) => endedOn)).toEqual([LOYAL.setOn, null]);
    expect((await store.overrides.list(other)).map(({ endedOn }) => endedOn)).toEqual([null]);
  });

  test('what the org says of a relation comes back as it was saved', async () => {
    const { store, id, read } = await aStore();
    const terms = {
      closed: 'Zamknięte \u0001',
      contractEnd: '2027-01-31',
      noticeGiven: '2026-11-01',
      buyerType: 'Project',
      survey: '6.5',
    };
    const account = anAccount({ terms });
    const contact = aContact({ accountId: '100', terms: { closed: 'true' } });
    const one = aCase({ accountId: '100', dueDay: '2026-03-01' });
    const invoice = anInvoice({ accountId: '100', untilDay: '2026-03-01', paidDay: '2026-03-09' });
    await store.records.save(id, 'Accounts', [hashed(account)], null);
    await store.records.save(id, 'Contacts', [hashed(contact)], null);
    await store.records.save(id, 'Cases', [hashed(one)], null);
    await store.records.save(id, 'Invoices', [hashed(invoice)], null);

    expect(await read()).toMatchObject({
      record: { ...account, terms: { ...terms, closed: expect.stringContaining('Zamknięte') } },
      contacts: [contact],
      cases: [one],
      documents: [{ document: invoice }],
    });
  });

  test('a deleted contact of the account is told apart, with its name and when', async () => {
    const { store, id, read } = await aStore();
    const [here, gone] = [
      aContact({ id: '200', accountId: '100' }),
      aContact({ id: '201', accountId: '100', name: 'Piotr Nowak' }),
    ];
    await store.records.save(id, 'Contacts', [hashed(here), hashed(gone)], null);
    expect((await read())?.formerContacts).toBeUndefined();

    await store.records.markDeleted(id, 'Contacts', ['201'], AT);

    expect(await read()).toMatchObject({
      contacts: [here],
      formerContacts: [{ id: '201', name: 'Piotr Nowak', deletedAt: AT }],
    });
  });
});
