import type {
  ContributionKind,
  CustomerInputs,
  CustomerKey,
  Day,
  DocumentModule,
  FieldValues,
  Minor,
  PhaseOverride,
  RecordId,
} from './domain.ts';

/** Rows of the CRM as we keep them, and all that hangs on one customer. Types only. */

interface StoredRecord {
  readonly id: RecordId;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly ownerId: RecordId | null;
  /** Our own fields as last read from, or written to, this record. */
  readonly ours: FieldValues;
}
/** What the org says of a relation, where it keeps that; what is empty, or not mapped, is absent. */
export interface CustomerTerms {
  /** Why there is nothing left to win: dissolved, merged, blocked, no consent …; "true" of a checkbox. */
  readonly closed?: string;
  readonly contractEnd?: Day;
  readonly noticeGiven?: Day;
  readonly buyerType?: string;
  /** Decimal text, of 10. */
  readonly survey?: string;
}
export interface AccountRecord extends StoredRecord {
  readonly name: string;
  readonly parentId: RecordId | null;
  readonly accountType: string | null;
  /** What other systems know it by. */
  readonly number: string | null;
  readonly source: string | null;
  /** Of the mapped field in which people keep the day of the last contact. */
  readonly keptContactDay: Day | null;
  readonly inputs: CustomerInputs;
  /** Of the website, or of the e-mail address: nothing else of it is kept. */
  readonly domain: string | null;
  readonly terms: CustomerTerms;
}
export interface ContactRecord extends StoredRecord {
  readonly name: string;
  readonly accountId: RecordId | null;
  readonly source: string | null;
  /** Of the mapped field in which people keep the day of the last contact. */
  readonly keptContactDay: Day | null;
  readonly inputs: CustomerInputs;
  /** Of the website, or of the e-mail address: nothing else of it is kept. */
  readonly domain: string | null;
  readonly terms: CustomerTerms;
}
export interface LeadRecord extends StoredRecord {
  readonly name: string;
  readonly source: string | null;
  readonly status: string | null;
  readonly rating: string | null;
  readonly converted: boolean;
  readonly convertedAt: Date | null;
  readonly convertedAccountId: RecordId | null;
  readonly convertedContactId: RecordId | null;
  readonly convertedDealId: RecordId | null;
  readonly company: string | null;
  /** Of the e-mail address: nothing else of it is kept. */
  readonly domain: string | null;
}
export interface DealRecord extends StoredRecord {
  readonly name: string;
  readonly accountId: RecordId | null;
  readonly contactId: RecordId | null;
  /** As Zoho holds it, in the record's own currency; exact decimal text such as "261.96"; null = empty. */
  readonly amount: string | null;
  /** Mapped cost or profit field, same form and currency as amount. */
  readonly cost: string | null;
  readonly profit: string | null;
  /** Mapped field: what sending it cost us. */
  readonly freight: string | null;
  /** ISO code; null = the org's home currency. */
  readonly currency: string | null;
  /** Decimal text; null when Zoho sent none. */
  readonly exchangeRate: string | null;
  readonly stage: string | null;
  readonly pipeline: string | null;
  readonly closingDay: Day | null;
  readonly source: string | null;
  readonly lossReason: string | null;
  /** Day of the sync that first saw this deal won; null = not won. */
  readonly wonSeenOn: Day | null;
  /** True when it was already won at the first sync of this connection. */
  readonly wonAtFirstSync: boolean;
}
export type ActivityModule = 'Tasks' | 'Calls' | 'Events' | 'Notes' | 'Emails';
export interface ActivityRecord extends StoredRecord {
  readonly module: ActivityModule;
  readonly subject: string;
  /** Account, deal, case, lead … the activity is about. */
  readonly whatId: RecordId | null;
  readonly whoId: RecordId | null;
  readonly status: string | null;
  /** Calls: Inbound, Outbound, Missed. E-mails: Inbound, Outbound. */
  readonly callType: string | null;
  /** Calls and events: start. */
  readonly startAt: Date | null;
  readonly endAt: Date | null;
  readonly durationSeconds: number | null;
  /** As somebody wrote it down; null = nobody did. */
  readonly minutesSpent: number | null;
  /** Mapped field of meetings: decimal text. */
  readonly kilometres: string | null;
  readonly dueDay: Day | null;
  readonly closedAt: Date | null;
  readonly cancelled: boolean;
  /** Our key on a reminder task; null on everybody else's. */
  readonly cvRef: string | null;
}
export interface CaseRecord extends StoredRecord {
  readonly subject: string;
  readonly accountId: RecordId | null;
  readonly contactId: RecordId | null;
  readonly dealId: RecordId | null;
  readonly status: string | null;
  readonly priority: string | null;
  /** Mapped: until when it should be solved. */
  readonly dueDay: Day | null;
  /** As somebody wrote it down; null = nobody did. */
  readonly minutesSpent: number | null;
}
export interface ProductRecord extends StoredRecord {
  readonly name: string;
  readonly code: string | null;
  readonly category: string | null;
  readonly active: boolean;
  /** Mapped field: what one unit costs, in the product's currency. */
  readonly cost: string | null;
  /** Null = the org's home currency. */
  readonly currency: string | null;
  readonly exchangeRate: string | null;
}
/** Amounts are exact decimal text in the document's own currency; null = empty. */
export interface DocumentRecord extends StoredRecord {
  readonly module: DocumentModule;
  readonly name: string;
  readonly number: string | null;
  readonly accountId: RecordId | null;
  readonly contactId: RecordId | null;
  readonly dealId: RecordId | null;
  readonly status: string | null;
  /** Invoices: their date. Others where a field is mapped. */
  readonly day: Day | null;
  /** Quotes: until when they stand. Invoices: when they are due. */
  readonly untilDay: Day | null;
  /** Mapped field of invoices. */
  readonly paidDay: Day | null;
  readonly subTotal: string | null;
  /** Off the subtotal of the whole document, beside what its lines were reduced by. */
  readonly discount: string | null;
  readonly tax: string | null;
  readonly total: string | null;
  /** Mapped cost or profit of the whole document. */
  readonly cost: string | null;
  readonly profit: string | null;
  /** Mapped field: what sending it cost us. */
  readonly freight: string | null;
  readonly currency: string | null;
  readonly exchangeRate: string | null;
}
/** A line of a document; decimal text in the document's currency. */
export interface DocumentLine {
  readonly id: RecordId;
  readonly productId: RecordId | null;
  readonly quantity: string | null;
  readonly listPrice: string | null;
  readonly discount: string | null;
  readonly tax: string | null;
  readonly netTotal: string | null;
}
export type LineProduct = Pick<
  ProductRecord,
  'id' | 'name' | 'category' | 'cost' | 'currency' | 'exchangeRate'
>;
export interface CustomerDocument {
  readonly document: DocumentRecord;
  /** Empty: it has none, or they were not read yet. */
  readonly lines: readonly (DocumentLine & { readonly product: LineProduct | null })[];
}
export interface RecordByModule {
  Accounts: AccountRecord;
  Contacts: ContactRecord;
  Leads: LeadRecord;
  Deals: DealRecord;
  Tasks: ActivityRecord;
  Calls: ActivityRecord;
  Events: ActivityRecord;
  Cases: CaseRecord;
  Products: ProductRecord;
  Notes: ActivityRecord;
  Quotes: DocumentRecord;
  Sales_Orders: DocumentRecord;
  Invoices: DocumentRecord;
}

export type DealOutcome = 'open' | 'won' | 'lost' | 'unknown';
export interface StageRow {
  readonly pipeline: string;
  readonly stage: string;
  readonly outcome: Exclude<DealOutcome, 'unknown'>;
}

/** A line of an imported invoice or credit note. Money is exact decimal text, net of tax; what is given back is negative. */
export interface PurchaseLine {
  readonly importId: number;
  readonly line: number;
  readonly day: Day;
  /** The won deal that this line bills. */
  readonly dealId: RecordId | null;
  /** Number of its document; null: the line is a document of its own. */
  readonly number: string | null;
  /** Null: the sign of the document's sum says it. */
  readonly kind: 'invoice' | 'credit_note' | null;
  readonly product: string | null;
  readonly group: string | null;
  readonly quantity: string | null;
  readonly amount: string;
  readonly listPrice: string | null;
  readonly discountPercent: string | null;
  readonly cost: string | null;
  /** Null: the home currency. */
  readonly currency: string | null;
  /** Units of the home currency for one of the line's. */
  readonly rate: string | null;
  readonly dueDay: Day | null;
  readonly paidDay: Day | null;
}
export interface CostLine {
  readonly day: Day;
  /** As the file words it: freight, service, travel … */
  readonly kind: string;
  readonly amount: string | null;
  readonly minutes: string | null;
  readonly note: string | null;
  readonly currency: string | null;
  readonly rate: string | null;
}
/** What people imported or noted about one customer: Zoho does not hold it. */
export interface ImportedRows {
  readonly purchases: readonly PurchaseLine[];
  readonly costs: readonly CostLine[];
  /** Deals of this customer that an invoice bills, whoever it names; from the day of the first. */
  readonly billedDeals: readonly { readonly dealId: RecordId; readonly day: Day }[];
  readonly contributions: readonly {
    readonly day: Day;
    readonly kind: ContributionKind;
    readonly amount: string | null;
    readonly note: string | null;
  }[];
  /** The first referrer; later ones do not count. */
  readonly referredBy: {
    readonly id: RecordId | null;
    readonly number: string | null;
    readonly day: Day;
  } | null;
  readonly thanks: readonly { readonly day: Day; readonly how: string; readonly note: string | null }[];
}

/** One stay of a deal on a stage. */
export interface DealStage {
  readonly id: RecordId;
  readonly dealId: RecordId;
  readonly stage: string;
  /** Null: it had not left the stage when this was read. */
  readonly leftTo: string | null;
  readonly enteredAt: Date;
}
export interface FormerContact {
  readonly id: RecordId;
  readonly name: string;
  readonly deletedAt: Date;
}
/** From `endedOn` on it does not hold, whatever was planned. */
export interface StoredOverride extends PhaseOverride {
  readonly id: number;
  readonly endedOn: Day | null;
}
/** Everything stored about one customer, as the store hands it to scoring. Deleted records are left out. */
export interface CustomerRows {
  readonly key: CustomerKey;
  readonly record: AccountRecord | ContactRecord;
  /** Accounts: its contacts. A contact without account: itself. */
  readonly contacts: readonly ContactRecord[];
  /** Accounts: contacts that were deleted; absent: none. */
  readonly formerContacts?: readonly FormerContact[];
  readonly deals: readonly DealRecord[];
  /** When its deals entered which stage, in that order; absent: the org's history of stages is not known. */
  readonly dealStages?: readonly DealStage[];
  /** About the customer itself, its contacts, its deals, its cases or its leads; each once. */
  readonly activities: readonly ActivityRecord[];
  readonly cases: readonly CaseRecord[];
  /** Converted into the customer, a contact or a deal of it. */
  readonly leads: readonly LeadRecord[];
  /** Quotes, orders or invoices: those that the settings use. */
  readonly documents: readonly CustomerDocument[];
  /** With `customer.rollUp: parent`: the accounts beneath it, whose rows are all counted here. */
  readonly family: readonly { readonly id: RecordId; readonly name: string }[];
  readonly goodwill: readonly { readonly day: Day; readonly amount: Minor }[];
  /** Phases that people set, in the order in which they did; absent: none. */
  readonly overrides?: readonly StoredOverride[];
  /** When its e-mails were last read; null = never. */
  readonly mailReadAt: Date | null;
  /** Absent: nothing was imported or noted. */
  readonly imported?: ImportedRows;
}
