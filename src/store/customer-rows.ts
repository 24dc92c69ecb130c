import { sql } from 'kysely';
import type { Db } from '../db.ts';
import type { ConnectionId, CustomerModule, RecordId } from '../domain.ts';
import { minor } from '../money.ts';
import type {
  AccountRecord,
  ActivityRecord,
  CaseRecord,
  ContactRecord,
  CustomerDocument,
  CustomerRows,
  DealRecord,
  DealStage,
  DocumentRecord,
  FormerContact,
  LeadRecord,
  StoredOverride,
} from '../records.ts';
import { stagesOfDeals } from './deal-stages.ts';
import { isOneOf, linkedBy, selectArrays } from './dialect.ts';
import { withLines } from './document-lines.ts';
import type { Families } from './families.ts';
import { formerContactsOf } from './former-contacts.ts';
import { addImported, type Holder, type Way } from './imported-rows.ts';
import {
  CASES,
  DEALS,
  documentsOf,
  isWithin,
  LEADS,
  namesAccount,
  namesContact,
  namesContactOfAccount,
  readRows,
  rowsByAccount,
  rowsByContact,
  rowsByContactOfAccount,
  rowsByDeal,
  type Stretch,
} from './linked-rows.ts';
import { overridesOf } from './overrides.ts';
import type { CustomerOptions } from './record-stores.ts';
import { RECORD_TABLES } from './record-tables.ts';

/** All rows of a page of customers: one query a table, whatever the number of customers. */

/** What is read, and how: the same for every page of a pass. */
export interface Pass {
  readonly connection: ConnectionId;
  readonly options: CustomerOptions;
  /** Whether a lead hangs on a deal alone: most times none does, and the deals need not be asked. */
  readonly leadsByDeal: boolean;
  readonly documentsByDeal: boolean;
  /** Whether anything of the history of stages is known. */
  readonly dealStages: boolean;
  /** Whether any contact was deleted, and whether anybody set a phase. */
  readonly formerContacts: boolean;
  readonly overrides: boolean;
}

interface Rows extends Holder {
  contacts: ContactRecord[];
  formerContacts?: FormerContact[];
  deals: DealRecord[];
  dealStages?: DealStage[];
  cases: CaseRecord[];
  leads: LeadRecord[];
  documents: DocumentRecord[];
  activities: ActivityRecord[];
  goodwill: CustomerRows['goodwill'][number][];
  overrides?: StoredOverride[];
  mailReadAt: Date | null;
}
type Kind = 'contacts' | 'deals' | 'cases' | 'leads' | 'documents';

/** Accounts with their contacts, and what hangs on both. With families, `stretch` names every member of them. */
export async function rowsOfAccounts(
  db: Db,
  pass: Pass,
  accounts: readonly AccountRecord[],
  stretch: Stretch,
  families: Families | null = null,
): Promise<CustomerRows[]> {
  const { connection } = pass;
  const hasTouches = pass.options.without === undefined;
  const [contacts, former, deals, moreDeals, cases, moreCases, leads, moreLeads] = await Promise.all([
    contactsOfAccounts(db, connection, stretch),
    pass.formerContacts ? formerContactsOf(db, connection, stretch) : [],
    rowsByAccount(db, connection, DEALS, stretch),
    rowsByContactOfAccount(db, connection, DEALS, stretch),
    hasTouches ? rowsByAccount(db, connection, CASES, stretch) : [],
    hasTouches ? rowsByContactOfAccount(db, connection, CASES, stretch) : [],
    rowsByAccount(db, connection, LEADS, stretch),
    rowsByContactOfAccount(db, connection, LEADS, stretch),
  ]);
  const page = new Page('Accounts', accounts, families);
  for (const contact of contacts) page.add('contacts', contact, contact.accountId);
  for (const { accountId, ...contact } of former) page.addFormerContact(accountId, contact);
  for (const deal of deals) page.add('deals', deal, deal.accountId);
  for (const deal of moreDeals) page.add('deals', deal, deal.contactId);
  for (const one of cases) page.add('cases', one, one.accountId);
  for (const one of moreCases) page.add('cases', one, one.contactId);
  for (const lead of leads) page.add('leads', lead, lead.convertedAccountId);
  for (const lead of moreLeads) page.add('leads', lead, lead.convertedContactId);
  if (hasDocuments(pass)) {
    const linked = documentsOf(pass.options.documents ?? []);
    const [documents, moreDocuments] = await Promise.all([
      rowsByAccount(db, connection, linked, stretch),
      rowsByContactOfAccount(db, connection, linked, stretch),
    ]);
    for (const one of documents) page.add('documents', one, one.accountId);
    for (const one of moreDocuments) page.add('documents', one, one.contactId);
  }
  const ways = [
    { rest: namesAccount(db, connection, stretch), by: 'account' },
    { rest: namesContactOfAccount(db, connection, stretch), by: 'contact' },
  ] as const;
  return complete(db, pass, page, ways);
}

function contactsOfAccounts(db: Db, connection: ConnectionId, stretch: Stretch): Promise<ContactRecord[]> {
  return readRows(
    db,
    RECORD_TABLES.Contacts,
    sql`where r.connection_id = ${connection} and ${isWithin(db, 'r.account_id', stretch)}
      and r.deleted_at is null`,
  );
}

function hasDocuments({ options }: Pass): boolean {
  return (options.documents ?? []).length > 0;
}

/** Contacts that are customers themselves. Unless all are, a row that names an account belongs to that account. */
export async function rowsOfContacts(
  db: Db,
  pass: Pass,
  contacts: readonly ContactRecord[],
): Promise<CustomerRows[]> {
  const { connection, options } = pass;
  const ids = contacts.map((contact) => contact.id);
  const own = options.basis === 'contact' ? 'all' : 'without account';
  const hasTouches = options.without === undefined;
  const [deals, cases, leads] = await Promise.all([
    rowsByContact(db, connection, DEALS, ids, own),
    hasTouches ? rowsByContact(db, connection, CASES, ids, own) : [],
    rowsByContact(db, connection, LEADS, ids, own),
  ]);
  const page = new Page('Contacts', contacts, null);
  for (const contact of contacts) page.add('contacts', contact, contact.id);
  for (const deal of deals) page.add('deals', deal, deal.contactId);
  for (const one of cases) page.add('cases', one, one.contactId);
  for (const lead of leads) page.add('leads', lead, lead.convertedContactId);
  if (hasDocuments(pass)) {
    const linked = documentsOf(options.documents ?? []);
    const documents = await rowsByContact(db, connection, linked, ids, own);
    for (const one of documents) page.add('documents', one, one.contactId);
  }
  return complete(db, pass, page, [{ rest: namesContact(db, connection, ids, own), by: 'contact' }]);
}

async function complete(db: Db, pass: Pass, page: Page, ways: readonly Way[]): Promise<CustomerRows[]> {
  const { connection, options } = pass;
  if (hasDocuments(pass) && pass.documentsByDeal) {
    const linked = documentsOf(options.documents ?? []);
    const documents = await rowsByDeal(db, connection, linked, page.dealIds(), options.basis);
    for (const one of documents) page.add('documents', one, one.dealId);
  }
  if (pass.leadsByDeal) {
    const leads = await rowsByDeal(db, connection, LEADS, page.dealIds(), options.basis);
    for (const lead of leads) page.add('leads', lead, lead.convertedDealId);
  }
  const documents = await withLines(db, connection, page.documents());
  if (pass.dealStages) {
    for (const stage of await stagesOfDeals(db, connection, page.dealIds())) page.addDealStage(stage);
  }
  if (pass.overrides) {
    const overrides = await overridesOf(db, connection, page.customerIds());
    for (const { customer, ...override } of overrides) page.addOverride(customer, override);
  }
  if (options.without === undefined) await addTouches(db, connection, page);
  await addImported(db, connection, {
    ways,
    customerIds: page.customerIds(),
    dealIds: page.dealIds(),
    holder: (id) => page.holder(id),
  });
  return page.customers(new Map(documents.map((one) => [one.document, one])));
}

/** Activities, goodwill, and when mails were read. */
async function addTouches(db: Db, connection: ConnectionId, page: Page): Promise<void> {
  const [activities, goodwill, mailReads] = await Promise.all([
    readRows(
      db,
      RECORD_TABLES.Tasks,
      sql`where r.deleted_at is null and ${linkedBy(db, 'activities', 'r', connection, [
        { column: 'what_id', ids: page.recordIds() },
        { column: 'who_id', ids: page.peopleIds() },
      ])}`,
    ),
    selectArrays(
      db,
      sql`select record_id, day, amount from goodwill
        where connection_id = ${connection} and ${isOneOf(db, 'record_id', page.customerIds())} order by id`,
    ),
    selectArrays(
      db,
      sql`select customer_id, read_at from mail_reads
        where connection_id = ${connection} and ${isOneOf(db, 'customer_id', page.customerIds())}`,
    ),
  ]);
  for (const activity of activities) page.addActivity(activity);
  for (const [id, day, amount] of goodwill) {
    // The columns are text, text and bigint.
    page.addGoodwill(id as RecordId, { day: day as string, amount: minor(amount as number) });
  }
  for (const [id, at] of mailReads) page.noteMailRead(id as RecordId, at as Date); // text and timestamptz
}

/** Customers under assembly, and whose each record of theirs is. */
class Page {
  readonly #module: CustomerModule;
  readonly #records: readonly (AccountRecord | ContactRecord)[];
  readonly #families: Families | null;
  /** By the customer, and by every account that is counted there. */
  readonly #rows = new Map<RecordId, Rows>();
  /** Every record of a customer, itself included. */
  readonly #owner = new Map<RecordId, Rows>();
  readonly #people = new Map<RecordId, Rows>();
  readonly #deals: RecordId[] = [];
  readonly #documents: DocumentRecord[] = [];

  constructor(
    module: CustomerModule,
    records: readonly (AccountRecord | ContactRecord)[],
    families: Families | null,
  ) {
    this.#module = module;
    this.#records = records;
    this.#families = families;
    for (const { id } of records) {
      const rows: Rows = {
        contacts: [],
        deals: [],
        cases: [],
        leads: [],
        documents: [],
        activities: [],
        goodwill: [],
        mailReadAt: null,
      };
      this.#rows.set(id, rows);
      this.#owner.set(id, rows);
      for (const member of families?.beneath.get(id) ?? []) {
        this.#rows.set(member.id, rows);
        this.#owner.set(member.id, rows);
      }
    }
  }
  /**
   * `on` is the record through which it is the customer's. What hangs on somebody who is not on the page (an excluded
   * or deleted account) is passed over.
   */
  add<K extends Kind>(kind: K, record: Rows[K][number], on: RecordId | null): void {
    const rows = on === null ? undefined : this.#owner.get(on);
    if (!rows) return;
    const list: Rows[K][number][] = rows[kind];
    list.push(record);
    this.#owner.set(record.id, rows);
    if (kind === 'contacts' || kind === 'leads') this.#people.set(record.id, rows);
    if (kind === 'deals') this.#deals.push(record.id);
    if (kind === 'documents') this.#documents.push(record as DocumentRecord); // the kind says which
  }
  addActivity(activity: ActivityRecord): void {
    const about = activity.whatId === null ? undefined : this.#owner.get(activity.whatId);
    const withWhom = activity.whoId === null ? undefined : this.#people.get(activity.whoId);
    about?.activities.push(activity);
    if (withWhom !== about) withWhom?.activities.push(activity);
  }
  addDealStage(stage: DealStage): void {
    const rows = this.#owner.get(stage.dealId);
    if (!rows) return;
    rows.dealStages ??= [];
    rows.dealStages.push(stage);
  }
  addFormerContact(accountId: RecordId, contact: FormerContact): void {
    const rows = this.#rows.get(accountId);
    if (!rows) return;
    rows.formerContacts ??= [];
    rows.formerContacts.push(contact);
  }
  addOverride(customer: RecordId, override: StoredOverride): void {
    const rows = this.#rows.get(customer);
    if (!rows) return;
    rows.overrides ??= [];
    rows.overrides.push(override);
  }
  addGoodwill(customer: RecordId, entry: Rows['goodwill'][number]): void {
    this.#rows.get(customer)?.goodwill.push(entry);
  }
  noteMailRead(customer: RecordId, at: Date): void {
    const rows = this.#rows.get(customer);
    if (rows) rows.mailReadAt = at;
  }
  /** By the id of a record of the customer. */
  holder(id: RecordId): Holder | undefined {
    return this.#owner.get(id);
  }
  // Sorted: neighbouring look-ups then read neighbouring pages of the index.
  recordIds(): RecordId[] {
    return [...this.#owner.keys()].sort();
  }
  /** Contacts, and leads: some orgs note a lead where a contact stands. */
  peopleIds(): RecordId[] {
    return [...this.#people.keys()].sort();
  }
  documents(): DocumentRecord[] {
    return this.#documents;
  }
  dealIds(): RecordId[] {
    return this.#deals.sort();
  }
  customerIds(): RecordId[] {
    return [...this.#rows.keys()];
  }
  customers(withLinesOf: ReadonlyMap<DocumentRecord, CustomerDocument>): CustomerRows[] {
    return this.#records.flatMap((record) => {
      const rows = this.#rows.get(record.id);
      if (!rows) return [];
      rows.contacts.sort(byId);
      rows.deals.sort(byId);
      rows.cases.sort(byId);
      rows.leads.sort(byId);
      rows.activities.sort(byId);
      const documents = rows.documents.sort(byId).flatMap((one) => withLinesOf.get(one) ?? []);
      const family = this.#families?.beneath.get(record.id) ?? [];
      return [{ key: { module: this.#module, id: record.id }, record, ...rows, documents, family }];
    });
  }
}

function byId(a: { readonly id: RecordId }, b: { readonly id: RecordId }): number {
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}
