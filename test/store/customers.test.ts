import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadKeys } from '../../src/crypto.ts';
import type { CustomerKey, ModuleName } from '../../src/domain.ts';
import { minor } from '../../src/money.ts';
import type {
  AccountRecord,
  ActivityRecord,
  CaseRecord,
  ContactRecord,
  CustomerRows,
  DealRecord,
  DocumentRecord,
  LeadRecord,
  RecordByModule,
} from '../../src/records.ts';
import type { CustomerOptions } from '../../src/store/record-stores.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import {
  AT,
  aCase,
  aContact,
  aDeal,
  aLead,
  anAccount,
  anInvoice,
  aTask,
  collect,
  connected,
  hashed,
} from './builders.ts';

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const BOTH: CustomerOptions = { basis: 'both', excludeAccountTypes: [] };

interface Crm {
  readonly accounts: readonly AccountRecord[];
  readonly contacts: readonly ContactRecord[];
  readonly deals: readonly DealRecord[];
  readonly cases: readonly CaseRecord[];
  readonly leads: readonly LeadRecord[];
  readonly documents: readonly DocumentRecord[];
  readonly activities: readonly ActivityRecord[];
  /** Ids of deleted records. */
  readonly deleted: ReadonlySet<string>;
}
const ACCOUNTS = ['1001', '1002', '10030', '1004'];
const CONTACTS = ['2001', '2002', '20030', '2004', '2005'];
const DEALS = ['3001', '3002', '3003', '30040', '3005', '3006'];
const CASES = ['4001', '4002', '4003'];
const LEADS = ['6001', '6002', '6003', '60040'];
const DOCUMENTS = ['7001', '7002', '7003', '70040'];
const ACTIVITIES = ['5001', '5002', '5003', '5004', '5005', '5006'];
// 9001 and 9002 are records that we were never shown.
const accountRef = fc.constantFrom(null, ...ACCOUNTS, '9001');
const contactRef = fc.constantFrom(null, ...CONTACTS, '9002');
const dealRef = fc.constantFrom(null, ...DEALS, '9003');
const whatRef = fc.constantFrom(
  null,
  ...ACCOUNTS,
  ...CONTACTS,
  ...DEALS,
  ...CASES,
  ...LEADS,
  ...DOCUMENTS,
  '9001',
);
const whoRef = fc.constantFrom(null, ...CONTACTS, ...LEADS, '9002');

const anyCrm: fc.Arbitrary<Crm> = fc
  .record({
    types: fc.tuple(...ACCOUNTS.map(() => fc.constantFrom(null, 'Customer', 'Vendor'))),
    // Circles among them, and accounts that are their own parent.
    parents: fc.tuple(...ACCOUNTS.map(() => accountRef)),
    contacts: fc.tuple(...CONTACTS.map(() => accountRef)),
    deals: fc.tuple(...DEALS.map(() => fc.tuple(accountRef, contactRef))),
    cases: fc.tuple(...CASES.map(() => fc.tuple(accountRef, contactRef))),
    leads: fc.tuple(...LEADS.map(() => fc.tuple(accountRef, contactRef, dealRef))),
    documents: fc.tuple(
      ...DOCUMENTS.map(() =>
        fc.tuple(accountRef, contactRef, dealRef, fc.constantFrom('Invoices' as const, 'Quotes' as const)),
      ),
    ),
    activities: fc.tuple(...ACTIVITIES.map(() => fc.tuple(whatRef, whoRef))),
    deleted: fc.oneof(
      fc.constant([]),
      fc.subarray([...ACCOUNTS, ...CONTACTS, ...DEALS, ...CASES, ...LEADS, ...DOCUMENTS, ...ACTIVITIES], {
        maxLength: 6,
      }),
    ),
  })
  .map(({ types, parents, contacts, deals, cases, leads, documents, activities, deleted }) => ({
    accounts: ACCOUNTS.map((id, i) =>
      anAccount({ id, accountType: types[i] ?? null, parentId: parents[i] ?? null }),
    ),
    contacts: CONTACTS.map((id, i) => aContact({ id, accountId: contacts[i] ?? null })),
    deals: DEALS.map((id, i) =>
      aDeal({ id, accountId: deals[i]?.[0] ?? null, contactId: deals[i]?.[1] ?? null }),
    ),
    cases: CASES.map((id, i) =>
      aCase({ id, accountId: cases[i]?.[0] ?? null, contactId: cases[i]?.[1] ?? null }),
    ),
    leads: LEADS.map((id, i) => {
      const [convertedAccountId = null, convertedContactId = null, convertedDealId = null] = leads[i] ?? [];
      return aLead({ id, convertedAccountId, convertedContactId, convertedDealId });
    }),
    documents: DOCUMENTS.map((id, i) => {
      const [accountId = null, contactId = null, dealId = null, module = 'Invoices'] = documents[i] ?? [];
      return anInvoice({ id, accountId, contactId, dealId, module });
    }),
    activities: ACTIVITIES.map((id, i) =>
      aTask({ id, whatId: activities[i]?.[0] ?? null, whoId: activities[i]?.[1] ?? null }),
    ),
    deleted: new Set(deleted),
  }));

const anyOptions: fc.Arbitrary<CustomerOptions> = fc.record({
  basis: fc.constantFrom('both', 'account', 'contact'),
  excludeAccountTypes: fc.constantFrom([], ['Vendor'], ['Vendor', 'Customer']),
  rollUp: fc.constantFrom('none', 'parent'),
  documents: fc.constantFrom([], ['Invoices'], ['Quotes', 'Invoices']),
});

/** The rule of the contract, written for reading and not for speed. */
function expected(crm: Crm, options: CustomerOptions): CustomerRows[] {
  const alive = <R extends { id: string }>(rows: readonly R[]) =>
    rows.filter((row) => !crm.deleted.has(row.id));
  const accounts = alive(crm.accounts);
  const contacts = alive(crm.contacts);
  const deals = alive(crm.deals);
  const cases = alive(crm.cases);
  const leads = alive(crm.leads);
  const documents = alive(crm.documents).filter((one) => (options.documents ?? []).includes(one.module));
  const accountOf = (id: string | null) => accounts.find((account) => account.id === id) ?? null;
  const contactOf = (id: string | null) => contacts.find((contact) => contact.id === id) ?? null;
  const isCustomer = (one: AccountRecord) => !options.excludeAccountTypes.includes(one.accountType ?? '');
  const topOf = (id: string | null): string | null => {
    const account = accountOf(id);
    if (account === null || options.rollUp !== 'parent' || !isCustomer(account)) return account?.id ?? null;
    const way = [account];
    for (;;) {
      const parent = accountOf(way.at(-1)?.parentId ?? null);
      if (parent === null || !isCustomer(parent)) return way.at(-1)?.id ?? null;
      const met = way.indexOf(parent);
      if (met >= 0)
        return (
          way
            .slice(met)
            .map((one) => one.id)
            .sort()[0] ?? null
        );
      way.push(parent);
    }
  };
  type Named = { accountId: string | null; contactId: string | null; dealId?: string | null };
  const ownerOf = ({ accountId, contactId, dealId = null }: Named): string | null => {
    const contact = contactOf(contactId);
    const byDeal = () => {
      const deal = deals.find((one) => one.id === dealId);
      return deal ? ownerOf({ accountId: deal.accountId, contactId: deal.contactId }) : null;
    };
    if (options.basis === 'contact') return contact?.id ?? byDeal();
    return topOf(accountId) ?? topOf(contact?.accountId ?? null) ?? contact?.id ?? byDeal();
  };
  const ownerOfLead = (lead: LeadRecord) =>
    ownerOf({
      accountId: lead.convertedAccountId,
      contactId: lead.convertedContactId,
      dealId: lead.convertedDealId,
    });
  const customers: (AccountRecord | ContactRecord)[] = [];
  if (options.basis !== 'contact') {
    customers.push(...accounts.filter((one) => isCustomer(one) && topOf(one.id) === one.id));
  }
  if (options.basis !== 'account') {
    customers.push(
      ...contacts.filter((one) => options.basis === 'contact' || accountOf(one.accountId) === null),
    );
  }
  return customers.map((record) => {
    const isAccount = 'parentId' in record;
    const family = isAccount
      ? accounts.filter((one) => isCustomer(one) && one !== record && topOf(one.id) === record.id)
      : [];
    const own = {
      contacts: isAccount
        ? contacts.filter((one) => topOf(one.accountId) === record.id)
        : contacts.filter((one) => one === record),
      deals: deals.filter((deal) => ownerOf(deal) === record.id),
      cases: cases.filter((one) => ownerOf({ ...one, dealId: null }) === record.id),
      leads: leads.filter((lead) => ownerOfLead(lead) === record.id),
    };
    const billed = documents
      .filter((one) => ownerOf(one) === record.id)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const people = new Set([own.contacts, own.leads].flat().map((one) => one.id));
    const about = new Set([
      record.id,
      ...people,
      ...[family, own.deals, own.cases, billed].flat().map((one) => one.id),
    ]);
    const activities = alive(crm.activities).filter(
      (one) => about.has(one.whatId ?? '') || people.has(one.whoId ?? ''),
    );
    const key: CustomerKey = { module: isAccount ? 'Accounts' : 'Contacts', id: record.id };
    const beneath = family.map(({ id, name }) => ({ id, name })).sort((a, b) => (a.id < b.id ? -1 : 1));
    const withLines = billed.map((document) => ({ document, lines: [] }));
    const former = crm.contacts
      .filter((one) => isAccount && crm.deleted.has(one.id) && topOf(one.accountId) === record.id)
      .map(({ id, name }) => ({ id, name, deletedAt: AT }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    return {
      key,
      record,
      ...sortedById(own),
      ...(former.length > 0 && { formerContacts: former }),
      activities,
      documents: withLines,
      family: beneath,
      goodwill: [],
      mailReadAt: null,
    };
  });
}
function sortedById<T extends Record<string, { id: string }[]>>(lists: T): T {
  for (const list of Object.values(lists)) list.sort((a, b) => (a.id < b.id ? -1 : 1));
  return lists;
}
const inKeyOrder = (a: CustomerRows, b: CustomerRows) =>
  `${a.key.module}/${a.key.id}` < `${b.key.module}/${b.key.id}` ? -1 : 1;

async function load(store: Store, connection: string, crm: Crm): Promise<void> {
  const save = async <M extends ModuleName>(module: M, rows: readonly RecordByModule[M][]) => {
    await store.records.save(connection, module, rows.map(hashed), null);
    const deleted = rows.map((row) => row.id).filter((id) => crm.deleted.has(id));
    if (deleted.length > 0) await store.records.markDeleted(connection, module, deleted, AT);
  };
  await save('Accounts', crm.accounts);
  await save('Contacts', crm.contacts);
  await save('Deals', crm.deals);
  await save('Cases', crm.cases);
  await save('Leads', crm.leads);
  await save(
    'Invoices',
    crm.documents.filter((one) => one.module === 'Invoices'),
  );
  await save(
    'Quotes',
    crm.documents.filter((one) => one.module === 'Quotes'),
  );
  await save('Tasks', crm.activities);
}

describeOnBoth('customers', ({ open }) => {
  test('whatever hangs on what: the stream, single keys, and whose a record is agree with the rule', async () => {
    const store = createStore(await open(), keys);
    let orgs = 0;

    await fc.assert(
      fc.asyncProperty(anyCrm, anyOptions, fc.integer({ min: 1, max: 5 }), async (crm, options, chunk) => {
        orgs += 1;
        const id = await connected(store, { name: `org ${orgs}` });
        await load(store, id, crm);
        const wanted = expected(crm, options).sort(inKeyOrder);

        const pages: CustomerRows[][] = [];
        for await (const page of store.customers.inKeyOrder(id, options, chunk)) pages.push(page);
        expect(pages.flat()).toEqual(wanted);
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(chunk);
        const pass = store.customers.pass(id, options);
        const inRanges: CustomerRows[] = [];
        for (const range of await store.customers.ranges(id, options, chunk * 2)) {
          inRanges.push(...(await collect(pass.within(range, 2))));
        }
        expect(inRanges).toEqual(wanted);

        const everyKey = [
          ...ACCOUNTS.map((one): CustomerKey => ({ module: 'Accounts', id: one })),
          ...CONTACTS.map((one): CustomerKey => ({ module: 'Contacts', id: one })),
        ];
        expect(await store.customers.byKeys(id, options, everyKey)).toEqual(wanted);

        await expectOwners(store, id, crm, options, wanted);
        await expectKnown(store, id, options, wanted);
        const unmatched = expected(crm, { basis: 'both', excludeAccountTypes: [] }).flatMap(
          (one) => one.deals,
        );
        const left = crm.deals.filter(
          (deal) => !crm.deleted.has(deal.id) && !unmatched.some((one) => one.id === deal.id),
        );
        expect((await collect(store.customers.unmatchedDeals(id))).map((deal) => deal.id)).toEqual(
          left.map((deal) => deal.id).sort(),
        );
        await store.connections.remove(id);
      }),
      { numRuns: 30 },
    );
  });

  async function expectOwners(
    store: Store,
    id: string,
    crm: Crm,
    options: CustomerOptions,
    wanted: readonly CustomerRows[],
  ): Promise<void> {
    const kinds = [
      ['Contacts', 'contacts', crm.contacts],
      ['Deals', 'deals', crm.deals],
      ['Cases', 'cases', crm.cases],
      ['Leads', 'leads', crm.leads],
      ['Tasks', 'activities', crm.activities],
    ] as const;
    for (const [module, kind, rows] of kinds) {
      for (const { id: recordId } of rows) {
        if (crm.deleted.has(recordId)) continue;
        const owners = wanted
          .filter((one) => one[kind].some((row) => row.id === recordId))
          .map((one) => one.key);
        const told = await store.customers.of(id, options, module, [recordId]);
        // Through a deleted contact, deal or case it still tells whose it was: they lost something. So it does through
        // a document that the settings do not use.
        if (crm.deleted.size === 0 && options.documents?.length === 2) expect(told).toEqual(owners);
        else expect(told).toEqual(expect.arrayContaining(owners));
      }
    }
  }

  async function expectKnown(
    store: Store,
    id: string,
    options: CustomerOptions,
    wanted: readonly CustomerRows[],
  ): Promise<void> {
    const known = await store.customers.known(
      id,
      wanted.map((one) => one.key),
      options,
    );
    expect(known.map((one) => [one.key, one.deals.map((deal) => deal.id)])).toEqual(
      wanted.map((one) => [one.key, one.deals.map((deal) => deal.id)]),
    );
    const accounts = wanted.filter((one) => one.key.module === 'Accounts');
    expect(
      known.filter((one) => one.key.module === 'Accounts').map((one) => one.contacts.map((c) => c.id)),
    ).toEqual(accounts.map((one) => one.contacts.map((contact) => contact.id)));
  }

  test('deleted records still say whose they were', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.records.save(id, 'Accounts', [hashed(anAccount()), hashed(anAccount({ id: '101' }))], null);
    await store.records.save(id, 'Contacts', [hashed(aContact({ accountId: '101' }))], null);
    await store.records.save(id, 'Deals', [hashed(aDeal({ accountId: '100' }))], null);
    await store.records.save(id, 'Calls', [hashed(aTask({ module: 'Calls', whoId: '200' }))], null);

    await store.records.markDeleted(id, 'Deals', ['300'], AT);
    await store.records.markDeleted(id, 'Calls', ['400'], AT);

    expect(await store.customers.of(id, BOTH, 'Deals', ['300'])).toEqual([{ module: 'Accounts', id: '100' }]);
    expect(await store.customers.of(id, BOTH, 'Calls', ['400'])).toEqual([{ module: 'Accounts', id: '101' }]);
    expect(await store.customers.of(id, BOTH, 'Products', ['700'])).toEqual([]);
    // An account that is gone leaves its contacts behind as customers.
    await store.records.markDeleted(id, 'Accounts', ['101'], AT);
    expect(await store.customers.of(id, BOTH, 'Accounts', ['101'])).toEqual([
      { module: 'Contacts', id: '200' },
    ]);
  });

  test('more customers than a page: each once, in order, with its own rows and its goodwill', async () => {
    const db = await open();
    const store = createStore(db, keys);
    const id = await connected(store);
    const ids = Array.from({ length: 2_300 }, (_, i) => String(10_000 + i));
    await store.records.save(
      id,
      'Accounts',
      ids.map((one) => hashed(anAccount({ id: one }))),
      null,
    );
    await store.records.save(
      id,
      'Deals',
      ids.map((one) => hashed(aDeal({ id: `3${one}`, accountId: one }))),
      null,
    );
    await db.kysely
      .insertInto('goodwill')
      .values({ connection_id: id, module: 'Accounts', record_id: '11500', day: '2026-01-01', amount: 500 })
      .execute();

    const customers = await collect(store.customers.inKeyOrder(id, BOTH, 700));

    expect(customers.map((one) => one.key.id)).toEqual(ids);
    expect(customers.map((one) => one.deals.map((deal) => deal.id))).toEqual(ids.map((one) => [`3${one}`]));
    expect(
      customers.filter((one) => one.goodwill.length > 0).map((one) => [one.key.id, one.goodwill]),
    ).toEqual([['11500', [{ day: '2026-01-01', amount: minor(500) }]]]);
  });

  test('known tells our fields on customers, contacts, deals and cases, and passes over what is not there', async () => {
    const store = createStore(await open(), keys);
    const id = await connected(store);
    await store.records.save(id, 'Accounts', [hashed(anAccount({ ours: { value_tier: 'Top' } }))], null);
    await store.records.save(
      id,
      'Contacts',
      [
        hashed(aContact({ accountId: '100', ours: { customer_tier: 'Top' } })),
        hashed(aContact({ id: '201' })),
      ],
      null,
    );
    await store.records.save(
      id,
      'Deals',
      [hashed(aDeal({ contactId: '200', ours: { customer_tier: 'Good' } }))],
      null,
    );
    const broken = { id: '400', subject: 'Broken', status: 'New', contactId: '200', accountId: null };
    await store.records.save(
      id,
      'Cases',
      [hashed(aCase({ ...broken, ours: { customer_phase: 'Loyal' } }))],
      null,
    );

    const known = await store.customers.known(id, [
      { module: 'Contacts', id: '201' },
      { module: 'Accounts', id: '999' },
      { module: 'Accounts', id: '100' },
    ]);

    expect(known).toEqual([
      { key: { module: 'Contacts', id: '201' }, ours: {}, contacts: [], deals: [], cases: [] },
      {
        key: { module: 'Accounts', id: '100' },
        ours: { value_tier: 'Top' },
        contacts: [{ id: '200', name: 'Ann', ours: { customer_tier: 'Top' } }],
        deals: [
          {
            id: '300',
            name: 'Order',
            stage: 'Closed Won',
            pipeline: 'Standard',
            ours: { customer_tier: 'Good' },
          },
        ],
        cases: [{ id: '400', name: 'Broken', status: 'New', ours: { customer_phase: 'Loyal' } }],
      },
    ]);
  });
});
