import type { OpenReminder } from '../changes.ts';
import type {
  ConnectionId,
  ContactStatus,
  CustomerKey,
  Day,
  Minor,
  Phase,
  RecordId,
  SubPhase,
  Tier,
} from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import type { PlanHead, PlanItem } from './plan-stores.ts';
import type { Run } from './store.ts';

/** The parts of the store that are made for looking: lists that are searched, filtered, ordered and paged. */

export type CustomerOrder = 'value' | 'revenue' | 'expected' | 'name' | 'last_contact';
export interface CustomerFilter {
  /** Part of the name, or a record id. */
  readonly search?: string | undefined;
  readonly tiers?: readonly Tier[] | undefined;
  readonly phases?: readonly Phase[] | undefined;
  readonly subPhases?: readonly SubPhase[] | undefined;
  readonly contactStatuses?: readonly ContactStatus[] | undefined;
  readonly owners?: readonly RecordId[] | undefined;
  readonly gold?: boolean | undefined;
  /** No contact on that day or after it; those that never had one too. */
  readonly quietSince?: Day | undefined;
}
export interface ListedCustomer {
  readonly key: CustomerKey;
  readonly name: string;
  readonly ownerId: RecordId | null;
  readonly asOf: Day;
  readonly tier: Tier;
  readonly phase: Phase;
  readonly subPhase: SubPhase | null;
  readonly gold: boolean;
  readonly rank: number | null;
  readonly contactStatus: ContactStatus | null;
  readonly lastContact: Day | null;
  readonly profit12: Minor | null;
  readonly revenue12: Minor | null;
  readonly expected12: Minor | null;
  readonly relationshipMonths: number | null;
  readonly contactGapDays: number | null;
  readonly referralProfit: Minor | null;
  readonly expectedLow: Minor | null;
  readonly expectedHigh: Minor | null;
}
/** Where a page ended: what it was ordered by, and whose row it was. */
export type ListPlace = readonly [value: string | number | null, id: RecordId];
export interface CustomerListStore {
  /** Customers without a value come last, whichever the direction. `next` null: that was all. */
  page(
    connection: ConnectionId,
    input: {
      readonly filter: CustomerFilter;
      readonly order: CustomerOrder;
      readonly descending: boolean;
      readonly after: ListPlace | null;
      readonly limit: number;
    },
  ): Promise<{ readonly items: ListedCustomer[]; readonly next: ListPlace | null }>;
  count(connection: ConnectionId, filter: CustomerFilter): Promise<number>;
  /** How many customers each owner has. */
  ofOwners(connection: ConnectionId): Promise<Map<RecordId, number>>;
}

/** A list as somebody wants to see it again: filter, order and columns, by the names of the address. */
export type ViewQuery = { readonly [name: string]: string };
export interface SavedView {
  readonly id: string;
  /** Whose it is, as in the audit log, and their name; null: they are gone. */
  readonly who: string;
  readonly whoName: string | null;
  readonly name: string;
  /** With everybody who sees the connection. */
  readonly shared: boolean;
  readonly query: ViewQuery;
  readonly changedAt: Date;
}
type ViewChange = Partial<Pick<SavedView, 'name' | 'shared' | 'query'>>;
export interface SavedViewsStore {
  /** Those of `who` and those that are shared, by name. */
  list(connection: ConnectionId, who: string): Promise<SavedView[]>;
  get(connection: ConnectionId, id: string): Promise<SavedView | null>;
  /** Throws ConflictError when `who` has one of that name, or as many as one may have. */
  add(
    connection: ConnectionId,
    view: Pick<SavedView, 'who' | 'name' | 'shared' | 'query'>,
    at: Date,
  ): Promise<SavedView>;
  /** Throws ConflictError when its owner has another of that name. Null: there is none. */
  change(connection: ConnectionId, id: string, change: ViewChange, at: Date): Promise<SavedView | null>;
  remove(connection: ConnectionId, id: string): Promise<void>;
}

/** Customers that are shown alike, counted. */
export interface BaseGroup {
  readonly tier: Tier;
  readonly phase: Phase;
  readonly gold: boolean;
  readonly winBack: boolean;
  readonly customers: number;
  readonly profit12: Minor;
  readonly revenue12: Minor;
  /** Sum over those of which it is known, and how many these are. */
  readonly months: number;
  readonly withMonths: number;
}
/** How all customers stood after the full scoring of a day. */
export interface BaseValue {
  readonly asOf: Day;
  readonly groups: readonly BaseGroup[];
  /** Running sums of the profit of 12 months, best customers first, at equal shares of those with business. */
  readonly curve: readonly { readonly customers: number; readonly profit12: Minor }[];
}
export interface BaseValuesStore {
  /** Counts what is stored now and keeps it for that day. */
  keep(connection: ConnectionId, asOf: Day, at: Date): Promise<void>;
  latest(connection: ConnectionId): Promise<BaseValue | null>;
  /** The newest of that day or before it. */
  before(connection: ConnectionId, day: Day): Promise<BaseValue | null>;
  /** Groups by day, oldest first. */
  since(connection: ConnectionId, day: Day): Promise<Pick<BaseValue, 'asOf' | 'groups'>[]>;
}

export interface Page<T, Place> {
  readonly items: T[];
  /** Null: that was all. */
  readonly next: Place | null;
}
interface ConnectionHealth {
  readonly linkedAt: Date;
  /** Why it is in its state, where somebody said so. */
  readonly stateWhy: string | null;
  readonly accessExpiresAt: Date | null;
  readonly creditsRemaining: number | null;
  readonly creditsRemainingAt: Date | null;
  readonly parkedUntil: Date | null;
}
type QuarantinedRow = {
  readonly module: string;
  readonly recordId: RecordId;
  readonly reason: string;
  readonly seenAt: Date;
};

export type LeadOrder = 'follow_up' | 'value' | 'chance' | 'source' | 'name' | 'unanswered';
interface LeadFilter {
  readonly state?: LeadScore['state'] | undefined;
  readonly followUp?: string | undefined;
  readonly ownerId?: RecordId | undefined;
  readonly source?: string | undefined;
  /** At least so many attempts since the last answer. */
  readonly unanswered?: number | undefined;
  /** Part of the name, or a record id. */
  readonly search?: string | undefined;
}

/** Newest first where a list has times; each page begins after the place where the one before it ended. */
export interface ListsStore {
  health(connection: ConnectionId): Promise<ConnectionHealth | null>;
  runs(
    connection: ConnectionId,
    input: {
      readonly kind?: string | undefined;
      readonly state?: string | undefined;
      readonly after: number | null;
      readonly limit: number;
    },
  ): Promise<Page<Run, number>>;
  /** Those of some customers too. */
  plans(
    connection: ConnectionId,
    input: { readonly after: number | null; readonly limit: number },
  ): Promise<Page<PlanHead, number>>;
  /** In the order of the plan. */
  planItems(
    planId: string,
    input: {
      readonly kind?: PlanItem['kind'] | undefined;
      /** Part of the name of whom it is about, or the id of that record. */
      readonly search?: string | undefined;
      /** Of a field change; these leave out whatever is none. */
      readonly field?: string | undefined;
      readonly cause?: string | undefined;
      /** Of a task, also of one that is kept back. */
      readonly owner?: RecordId | undefined;
      readonly rule?: string | undefined;
      readonly why?: string | undefined;
      readonly after: number | null;
      readonly limit: number;
    },
  ): Promise<
    Page<PlanItem & { readonly seq: number; readonly done: boolean; readonly leftOut: boolean }, number>
  >;
  /** Tasks that a plan would make, and those that it keeps back and why, by owner; null: nobody. */
  tasksByOwner(
    planId: string,
  ): Promise<{ readonly ownerId: RecordId | null; readonly why: string | null; readonly tasks: number }[]>;
  /** By due day, those that were due first. */
  reminders(
    connection: ConnectionId,
    input: {
      readonly states: readonly OpenReminder['state'][];
      readonly reason?: string | undefined;
      readonly ownerId?: RecordId | undefined;
      readonly recordId?: RecordId | undefined;
      readonly after: readonly [dueDay: Day, cvRef: string] | null;
      readonly limit: number;
    },
  ): Promise<Page<OpenReminder, readonly [dueDay: Day, cvRef: string]>>;
  /** Those without a value in what they are ordered by come last, whichever the direction. */
  leads(
    connection: ConnectionId,
    input: {
      readonly filter: LeadFilter;
      readonly order: LeadOrder;
      readonly descending: boolean;
      readonly after: ListPlace | null;
      readonly limit: number;
    },
  ): Promise<Page<LeadScore, ListPlace>>;
  /** Sources of leads as they are written, by name. */
  leadSources(connection: ConnectionId): Promise<string[]>;
  quarantine(
    connection: ConnectionId,
    input: { readonly after: readonly [module: string, id: RecordId] | null; readonly limit: number },
  ): Promise<Page<QuarantinedRow, readonly [module: string, id: RecordId]>>;
}
