import type {
  ConnectionId,
  ContributionKind,
  CustomerKey,
  Day,
  Minor,
  PhaseOverride,
  RecordId,
} from '../domain.ts';
import type { CostLine, PurchaseLine, StoredOverride } from '../records.ts';

/** The parts of the store that hold what Zoho does not: imported files, and what people note by hand. */

export type ImportKind = 'purchases' | 'costs' | 'contributions' | 'referrals';

/** Whose a line is: by account, else by the number of an account, else by contact. */
interface LineOfFile {
  readonly line: number;
  readonly day: Day;
  readonly accountId: RecordId | null;
  /** Only when the line names no account id. */
  readonly accountNumber: string | null;
  readonly contactId: RecordId | null;
}
export type NewPurchaseLine = LineOfFile &
  Omit<PurchaseLine, 'importId'> & {
    /** The line names nobody but the deal: it belongs to the deal's customer. */
    readonly throughDeal: boolean;
  };
type NewCostLine = LineOfFile & CostLine;
type NewContribution = LineOfFile & {
  readonly kind: ContributionKind;
  readonly amount: string | null;
  readonly note: string | null;
};
type NewReferral = LineOfFile & {
  readonly referrerId: RecordId | null;
  readonly referrerNumber: string | null;
};
export interface NewLines {
  purchases: NewPurchaseLine;
  costs: NewCostLine;
  contributions: NewContribution;
  referrals: NewReferral;
}

export interface ImportFile {
  readonly id: number;
  readonly kind: ImportKind;
  /** SHA-256 of the file, hexadecimal. */
  readonly fileHash: string;
  readonly fileName: string;
  readonly lines: number;
  readonly importedAt: Date;
}
/** Sums of lines, by currency. */
export interface UnmatchedMoney {
  readonly currency: string;
  readonly lines: number;
  /** Decimal text. */
  readonly amount: string;
}
/** A line that contradicts another one. */
export interface LineConflict {
  readonly line: number;
  readonly number: string;
}
export interface ReferralLink {
  /** 0: of an earlier file. */
  readonly line: number;
  readonly day: Day;
  /** Whom it is about, in one form: the account's id, the contact's, or the number of an account that is not known yet. */
  readonly referred: string;
  readonly referrer: string;
}

export interface ImportsStore {
  /** Opens a file; its lines do not count before `commit`. Removes what a killed import left behind. */
  begin(
    connection: ConnectionId,
    file: { readonly kind: ImportKind; readonly fileHash: string; readonly fileName: string },
    at: Date,
  ): Promise<number>;
  add<K extends ImportKind>(
    connection: ConnectionId,
    kind: K,
    importId: number,
    lines: readonly NewLines[K][],
  ): Promise<void>;
  commit(connection: ConnectionId, importId: number, lines: number): Promise<void>;
  /** In pieces; from the first moment on nothing of it counts. */
  remove(connection: ConnectionId, importId: number): Promise<void>;
  /** Of files that count. `hash` may be the beginning of one. */
  find(connection: ConnectionId, kind: ImportKind, hash: string): Promise<ImportFile[]>;
  /** Newest first. */
  list(connection: ConnectionId, kind: ImportKind): Promise<ImportFile[]>;
  /** Gives lines that name a number or a deal the customer known by it now; of one file or of all. Returns how many changed. */
  link(connection: ConnectionId, importId?: number): Promise<number>;
  /** Lines that no known account and no known contact explains, by currency. */
  unmatched(
    connection: ConnectionId,
    kind: 'purchases' | 'costs',
    homeCurrency: string,
    importId?: number,
  ): Promise<UnmatchedMoney[]>;
  /** Invoices without a deal, of customers that have won deals: both may be the same business. Of one file or of all. */
  besideDeals(connection: ConnectionId, homeCurrency: string, importId?: number): Promise<UnmatchedMoney[]>;
  /** Files of invoices that count and tell of at least one when it was paid. */
  filesWithPayments(connection: ConnectionId): Promise<ReadonlySet<number>>;
  /** Lines of documents that another file brought already. */
  repeatedDocuments(connection: ConnectionId, importId: number, limit: number): Promise<LineConflict[]>;
  /** Lines of documents whose lines bear several days. */
  splitDocuments(connection: ConnectionId, importId: number, limit: number): Promise<LineConflict[]>;
  /** Of the file and of all before it, in the order in which they count. */
  referralLinks(connection: ConnectionId, importId: number): Promise<ReferralLink[]>;
}

interface GoodwillNote {
  readonly day: Day;
  readonly amount: Minor;
  readonly note: string | null;
}
interface ThanksNote {
  readonly day: Day;
  readonly how: string;
  readonly note: string | null;
}
export interface ListedOverride extends StoredOverride {
  readonly customer: CustomerKey;
  readonly setAt: Date;
  /** Who ended it before its time; null: nobody did. */
  readonly endedBy: string | null;
}
export interface OverridesStore {
  /** One that still holds ends with it. */
  set(connection: ConnectionId, key: CustomerKey, override: PhaseOverride, at: Date): Promise<void>;
  /** Ends what holds on that day or later; false: nothing does. */
  end(
    connection: ConnectionId,
    key: CustomerKey,
    ending: { readonly on: Day; readonly by: string },
    at: Date,
  ): Promise<boolean>;
  /** Newest first, those that have ended included. */
  list(connection: ConnectionId): Promise<ListedOverride[]>;
}
export interface NotesStore {
  addGoodwill(connection: ConnectionId, key: CustomerKey, note: GoodwillNote): Promise<void>;
  addThanks(connection: ConnectionId, key: CustomerKey, note: ThanksNote): Promise<void>;
  /** The newest of either kind, newest first. */
  of(
    connection: ConnectionId,
    key: CustomerKey,
    limit: number,
  ): Promise<{ readonly goodwill: GoodwillNote[]; readonly thanks: ThanksNote[] }>;
}
