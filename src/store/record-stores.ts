import type { MappedField, ReminderKey } from '../changes.ts';
import type {
  Connection,
  ConnectionId,
  ConnectionMode,
  ConnectionState,
  CustomerKey,
  CustomerModule,
  Day,
  DocumentModule,
  FieldValues,
  ModuleName,
  Org,
  RecordId,
} from '../domain.ts';
import type {
  ActivityRecord,
  CustomerRows,
  DealRecord,
  DealStage,
  DocumentLine,
  RecordByModule,
  StageRow,
} from '../records.ts';
import type { Baseline, ModelFit, Score, ScoreState } from '../scores.ts';
import type { ScoreMove } from './outcome-stores.ts';
import type { Cursor, MappingState, NewConnection } from './store.ts';

/** The parts of the store that hold the org, its records, its customers and their scores. */

export interface Grant {
  readonly accountsUrl: string;
  readonly apiDomain: string;
  readonly location: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly accessToken: string | null;
  readonly expiresAt: Date | null;
}

export interface ConnectionsStore {
  /** Throws ConflictError when the name is taken. */
  create(input: NewConnection): Promise<Connection>;
  byName(name: string): Promise<Connection | null>;
  byId(id: ConnectionId): Promise<Connection | null>;
  list(): Promise<Connection[]>;
  setMode(id: ConnectionId, mode: ConnectionMode): Promise<void>;
  setState(id: ConnectionId, state: ConnectionState, why: string | null): Promise<void>;
  updateGrant(id: ConnectionId, grant: Grant): Promise<void>;
  updateOrg(
    id: ConnectionId,
    input: { readonly org: Org; readonly userId: string; readonly scopes: readonly string[] },
  ): Promise<void>;
  /** With every row that belongs to it. */
  remove(id: ConnectionId): Promise<void>;
}

export interface StagesStore {
  /** What Zoho tells now; a stage that it names no longer stays what it was. */
  learn(connection: ConnectionId, told: readonly StageRow[]): Promise<void>;
  all(connection: ConnectionId): Promise<StageRow[]>;
}

export interface BulkHintsStore {
  open(connection: ConnectionId, secretHash: string, at: Date): Promise<void>;
  /** Nothing where nobody waits under this secret. */
  arrive(secretHash: string, at: Date): Promise<void>;
  hasArrived(secretHash: string): Promise<boolean>;
  close(secretHash: string): Promise<void>;
  closeBefore(connection: ConnectionId, at: Date): Promise<void>;
}

/** What Zoho told of an org's set-up, with the time of asking. */
export interface MetadataStore {
  get<T>(connection: ConnectionId, name: string): Promise<{ body: T; readAt: Date } | null>;
  set(connection: ConnectionId, name: string, body: unknown, readAt: Date): Promise<void>;
  /** What is stored is not good enough for the next sync; it stays for whoever asks nobody. */
  expire(connection: ConnectionId): Promise<void>;
}

interface UserRow {
  readonly id: RecordId;
  readonly name: string;
  readonly active: boolean;
  /** To whom the user reports. */
  readonly managerId: RecordId | null;
}

export interface UsersStore {
  /** Of an address only its digest is kept. */
  replace(
    connection: ConnectionId,
    rows: readonly (UserRow & { readonly email: string | null })[],
  ): Promise<void>;
  all(connection: ConnectionId): Promise<UserRow[]>;
  /** Users by their address as it is given; those that are unknown are left out. */
  byEmail(connection: ConnectionId, emails: readonly string[]): Promise<Map<string, RecordId>>;
}

export interface FieldMapStore {
  upsert(connection: ConnectionId, fields: readonly MappedField[]): Promise<void>;
  all(connection: ConnectionId): Promise<MappedField[]>;
  /** Without those whose mapping is paused. */
  writable(connection: ConnectionId): Promise<MappedField[]>;
  remove(connection: ConnectionId, module: ModuleName, keys: readonly MappedField['key'][]): Promise<void>;
}

export interface MappingStatesStore {
  of(connection: ConnectionId, module: ModuleName): Promise<MappingState[]>;
  paused(connection: ConnectionId): Promise<(MappingState & { readonly module: ModuleName })[]>;
  /** All of a module. */
  replace(connection: ConnectionId, module: ModuleName, states: readonly MappingState[]): Promise<void>;
}

/** The history of stages is followed too, though it is no module of records. */
export type Followed = ModuleName | 'DealHistory';

export interface CursorsStore {
  get(connection: ConnectionId, module: Followed): Promise<Cursor | null>;
  set(connection: ConnectionId, module: Followed, cursor: Cursor): Promise<void>;
  clear(connection: ConnectionId, module: ModuleName): Promise<void>;
  /** When all ids of the module were last compared; null: never. */
  idsCheckedAt(connection: ConnectionId, module: ModuleName): Promise<Date | null>;
  noteIdsChecked(connection: ConnectionId, module: ModuleName, at: Date): Promise<void>;
}

export interface ComparisonStore {
  /** Marks as seen what lives here; tells which do not, and which have another time of change. Null: not told. */
  meet(
    connection: ConnectionId,
    module: ModuleName,
    rows: readonly { readonly id: RecordId; readonly modifiedAt: Date | null }[],
    seenAt: Date,
  ): Promise<{ missing: RecordId[]; stale: RecordId[] }>;
  /** Living records that have not been seen since then. */
  unmet(connection: ConnectionId, module: ModuleName, since: Date): AsyncIterable<RecordId[]>;
  /** Living records that name one of these accounts or contacts. */
  children(
    connection: ConnectionId,
    parents: readonly RecordId[],
  ): Promise<{ readonly module: ModuleName; readonly ids: RecordId[] }[]>;
}

interface SaveOptions {
  /** When the rows came from Zoho; default now. */
  readonly seenAt?: Date;
  /** Nothing of the module was stored before: every row counts as changed and none is looked up. */
  readonly isFirst?: boolean;
  /** Columns of records stored before that stay as they are. */
  readonly kept?: readonly string[];
}

export interface RecordsStore {
  /**
   * Rows and cursor in one transaction; above 1,000 rows in several, the cursor with the last.
   * `changed`: inserted, restored, or with another input hash. `moved`: former accounts and contacts of rows that left them.
   */
  save<M extends ModuleName>(
    connection: ConnectionId,
    module: M,
    rows: readonly { readonly record: RecordByModule[M]; readonly inputHash: string }[],
    cursor: Cursor | null,
    options?: SaveOptions,
  ): Promise<{ changed: RecordId[]; moved: RecordId[] }>;
  /** Zoho still has these, though they could not be stored anew. */
  touch(connection: ConnectionId, module: ModuleName, ids: readonly RecordId[], seenAt: Date): Promise<void>;
  /** Living records that have not come from Zoho since then, marked deleted by the thousand. Returns how many. */
  markUnseenDeleted(
    connection: ConnectionId,
    module: ModuleName,
    seenBefore: Date,
    at: Date,
  ): Promise<number>;
  /** Returns those that were alive. */
  markDeleted(
    connection: ConnectionId,
    module: ModuleName,
    ids: readonly RecordId[],
    at: Date,
  ): Promise<RecordId[]>;
  /** Living records, in the order of their ids. */
  get<M extends ModuleName>(
    connection: ConnectionId,
    module: M,
    ids: readonly RecordId[],
  ): Promise<RecordByModule[M][]>;
  count(connection: ConnectionId, module: ModuleName): Promise<number>;
  /** Ids of the living. */
  ids(connection: ConnectionId, module: ModuleName): AsyncIterable<RecordId[]>;
  /** Merged into what stands there. */
  setOurs(
    connection: ConnectionId,
    module: ModuleName,
    rows: readonly { readonly id: RecordId; readonly ours: FieldValues }[],
  ): Promise<void>;
  /** Values of fields that the org has no longer. */
  forgetOurs(
    connection: ConnectionId,
    module: ModuleName,
    keys: readonly MappedField['key'][],
  ): Promise<void>;
  /** True when the module was ever filled, deleted records included. */
  hasAny(connection: ConnectionId, module: ModuleName): Promise<boolean>;
  /**
   * Before many rows at once: the module's table goes without its secondary indexes until `restoreIndexes`. Nothing
   * happens where it holds rows of another connection, whose readers need them.
   */
  deferIndexes(connection: ConnectionId, module: ModuleName): Promise<void>;
  /** Makes every index that was taken away, also those that a killed process left out. */
  restoreIndexes(): Promise<void>;
  /** Tasks that carry a key of ours, deleted ones included. */
  withCvRef(connection: ConnectionId): AsyncIterable<RefTask[]>;
}

export interface RefTask {
  readonly task: ActivityRecord;
  readonly deletedAt: Date | null;
  /** Of the record that the task hangs on; null when no account, lead or contact is known by that id. */
  readonly module: ReminderKey['module'] | null;
}

/** The lines of one document as Zoho held them when it was modified last. */
export interface ReadLines {
  readonly documentId: RecordId;
  readonly lines: readonly DocumentLine[];
}
export interface PendingLines {
  readonly documentId: RecordId;
  readonly modifiedAt: Date;
}

export interface DocumentLinesStore {
  /** Replaces the lines of these documents and notes that they are those of `modifiedAt`. */
  replace(
    connection: ConnectionId,
    module: DocumentModule,
    rows: readonly (ReadLines & Pick<PendingLines, 'modifiedAt'>)[],
  ): Promise<void>;
  /** A whole read: lines that are out of date go, those of the read are added, and in the end all are known. */
  startOver(connection: ConnectionId, module: DocumentModule): Promise<void>;
  finish(connection: ConnectionId, module: DocumentModule): Promise<void>;
  add(connection: ConnectionId, module: DocumentModule, rows: readonly ReadLines[]): Promise<void>;
  countPending(connection: ConnectionId, module: DocumentModule): Promise<number>;
  /** Documents whose lines are not known as they stand now: of the best customers first, the newest first. */
  pending(connection: ConnectionId, module: DocumentModule, limit: number): Promise<PendingLines[]>;
  /** Of these documents, those whose lines are not known as they stand now. */
  pendingOf(
    connection: ConnectionId,
    module: DocumentModule,
    ids: readonly RecordId[],
  ): Promise<PendingLines[]>;
}

export interface DealStagesStore {
  /** A row that stands there already is replaced: the deal may have left the stage since. */
  save(connection: ConnectionId, rows: readonly DealStage[]): Promise<void>;
}

export interface QuarantineStore {
  add(
    connection: ConnectionId,
    rows: readonly {
      readonly module: ModuleName;
      readonly recordId: RecordId;
      readonly reason: string;
    }[],
    at: Date,
  ): Promise<void>;
  /** They could be read after all, or are gone. */
  remove(connection: ConnectionId, module: ModuleName, ids: readonly RecordId[]): Promise<void>;
  /** After a whole read: what it did not meet again. */
  removeUnseen(connection: ConnectionId, module: ModuleName, since: Date): Promise<void>;
  ids(connection: ConnectionId, module: ModuleName): Promise<RecordId[]>;
  /** Some of them, to be named. */
  first(
    connection: ConnectionId,
    most: number,
  ): Promise<{ module: string; recordId: RecordId; reason: string }[]>;
  /** Rows set aside, by module. */
  count(connection: ConnectionId): Promise<Record<string, number>>;
}

export interface CustomerOptions {
  readonly basis: 'both' | 'account' | 'contact';
  readonly excludeAccountTypes: readonly string[];
  /** parent: the topmost account is the customer, with everything of the accounts beneath it. Left out: none. */
  readonly rollUp?: 'none' | 'parent';
  /** Which sales documents count. Left out: none. */
  readonly documents?: readonly DocumentModule[];
  /** `touches`: activities, cases, goodwill, and when e-mails were read are left out. */
  readonly without?: 'touches';
}

export interface Known {
  readonly key: CustomerKey;
  readonly ours: FieldValues;
  readonly contacts: { readonly id: RecordId; readonly name: string; readonly ours: FieldValues }[];
  readonly deals: {
    readonly id: RecordId;
    readonly name: string;
    readonly stage: string | null;
    readonly pipeline: string | null;
    readonly ours: FieldValues;
  }[];
  readonly cases: {
    readonly id: RecordId;
    readonly name: string;
    readonly status: string | null;
    readonly ours: FieldValues;
  }[];
  /** What we last wrote to the customer's own record; absent when we never did. */
  readonly written?: FieldValues;
  /** Month, YYYY-MM, of the plan that last wrote Value Rank. */
  readonly rankWrittenIn?: string;
}

/** Accounts or contacts, by id: later than one, up to another; null: to the last. */
export interface KeyRange {
  readonly module: CustomerModule;
  readonly after: RecordId;
  readonly upTo: RecordId | null;
}
/** One pass over the customers, piece by piece: what holds for all of them is asked once. */
interface CustomerPass {
  /** Customers of a range, by id. */
  within(range: KeyRange, chunk: number): AsyncIterable<CustomerRows[]>;
}
export interface CustomersStore {
  /**
   * Accounts by id, then contacts without a known account by id. Memory grows with `chunk`, not with the org.
   * Whose account is deleted or was never read counts as without account.
   */
  inKeyOrder(
    connection: ConnectionId,
    options: CustomerOptions,
    chunk: number,
  ): AsyncIterable<CustomerRows[]>;
  /** Which together hold every customer once, in key order; `size`: records of each, customers or not. */
  ranges(connection: ConnectionId, options: CustomerOptions, size: number): Promise<KeyRange[]>;
  pass(connection: ConnectionId, options: CustomerOptions): CustomerPass;
  byKeys(
    connection: ConnectionId,
    options: CustomerOptions,
    keys: readonly CustomerKey[],
  ): Promise<CustomerRows[]>;
  /** Customers that these records, also deleted ones, belong to. */
  of(
    connection: ConnectionId,
    options: CustomerOptions,
    module: ModuleName,
    ids: readonly RecordId[],
  ): Promise<CustomerKey[]>;
  /** Our fields on the customers, on their contacts and on their deals. In the order of `keys`; unknown ones are left out. */
  known(connection: ConnectionId, keys: readonly CustomerKey[], options?: CustomerOptions): Promise<Known[]>;
  /** Neither a known account nor a known contact. */
  unmatchedDeals(connection: ConnectionId): AsyncIterable<DealRecord[]>;
  /** Documents that neither account, contact nor deal leads to a customer. */
  countUnmatchedDocuments(connection: ConnectionId, modules: readonly DocumentModule[]): Promise<number>;
}

export interface ScoreHistoryRow {
  readonly asOf: Day;
  readonly tier: Score['tier'];
  readonly phase: Score['phase'];
  readonly subPhase: Score['subPhase'];
  readonly gold: boolean;
  readonly profit12: Score['window12']['profit'];
}

export interface ScoresStore {
  /** `inPacks`: neighbours together, in a full scoring, which ends with `removeExcept`. */
  save(
    connection: ConnectionId,
    rows: readonly { readonly score: Score; readonly state: ScoreState }[],
    options?: { readonly inPacks: boolean },
  ): Promise<void>;
  /** As `save` with `inPacks`, for one page after the other: written by the thousand, the rest by `flush`. */
  packer(connection: ConnectionId): {
    /** At most a thousand, each customer once. */
    add(rows: readonly { readonly score: Score; readonly state: ScoreState }[]): Promise<void>;
    flush(): Promise<void>;
  };
  get(connection: ConnectionId, recordId: RecordId): Promise<Score | null>;
  /** Of those of the records that have one. */
  of(connection: ConnectionId, ids: readonly RecordId[]): Promise<Score[]>;
  /** By record id. */
  states(connection: ConnectionId, keys: readonly CustomerKey[]): Promise<Map<string, ScoreState>>;
  inKeyOrder(connection: ConnectionId, chunk: number): AsyncIterable<Score[]>;
  /** Removes scores that the full scoring of `asOf`, begun at `startedAt`, did not write; returns how many. */
  removeExcept(connection: ConnectionId, asOf: Day, startedAt: Date): Promise<number>;
  /** Of records that are no customers any more. */
  remove(connection: ConnectionId, keys: readonly CustomerKey[]): Promise<void>;
  /** Changes of tier, phase and gold, oldest first. */
  history(connection: ConnectionId, recordId: RecordId): Promise<ScoreHistoryRow[]>;
  /** Of every customer that changed after `from` and not after `until`, in the order of their ids. */
  moves(connection: ConnectionId, from: Day, until: Day): Promise<ScoreMove[]>;
}

export interface ModelFitsStore {
  save(
    connection: ConnectionId,
    fit: ModelFit,
    made: { readonly madeFor: string; readonly at: Date },
  ): Promise<void>;
  /** The newest fit made for these rules whose date lies in (after, asOf]. */
  latest(
    connection: ConnectionId,
    wanted: { readonly asOf: Day; readonly after: Day; readonly madeFor: string },
  ): Promise<ModelFit | null>;
}
export interface BaselinesStore {
  save(connection: ConnectionId, baseline: Baseline): Promise<void>;
  latest(connection: ConnectionId): Promise<Baseline | null>;
  /** Day of the latest one, without reading it. */
  asOf(connection: ConnectionId): Promise<Day | null>;
}
