import type {
  CustomerKey,
  Day,
  FieldKey,
  FieldValue,
  InputKey,
  ModuleName,
  Phase,
  RecordId,
} from './domain.ts';
import type { Reason, ReasonParam } from './scores.ts';

/** The nouns of a plan: fields of ours, changes, reminders, price and what holds it. Types only. */

/** Our field as it exists in the org: where to write it and what its picklist values are called. */
export interface MappedField {
  readonly key: FieldKey | InputKey;
  readonly module: ModuleName;
  readonly apiName: string;
  readonly fieldId: string;
  readonly label: string;
  readonly state: 'created' | 'adopted';
}

type LeadKey = { readonly module: 'Leads'; readonly id: RecordId };

export interface FieldChange {
  readonly module: ModuleName;
  readonly recordId: RecordId;
  /** Customer this change belongs to; equals the record for customer fields, and for a lead. */
  readonly customer: CustomerKey | LeadKey;
  readonly name: string;
  readonly field: FieldKey;
  readonly old: FieldValue;
  readonly new: FieldValue;
  /** Why it is written now: the code that counts, e.g. tier_changed, moved, booking_left_window. */
  readonly cause: ChangeCause;
  readonly reason: Reason | null;
}
/** A field of ours that a person changed and that stays as it is. */
export interface EditedField {
  readonly module: ModuleName;
  readonly recordId: RecordId;
  readonly name: string;
  readonly field: FieldKey;
  readonly theirs: FieldValue;
  /** What would stand there if nobody had changed it. */
  readonly ours: FieldValue;
}
export type ChangeCause =
  | 'first_value'
  | 'tier_changed'
  | 'phase_changed'
  | 'contact_band_changed'
  | 'whole_month'
  | 'booking_moved'
  | 'contact_changed'
  | 'step_changed'
  | 'rank_month'
  | 'drift'
  | 'repair';

/** Id of a rule of the playbook, e.g. contact_gap. */
export type ReminderReason = string;
/** Whom a reminder is about: a customer, or somebody who may become one. */
export type ReminderKey = CustomerKey | { readonly module: 'Leads'; readonly id: RecordId };
export interface ReminderDraft {
  readonly customer: ReminderKey;
  readonly name: string;
  readonly reason: ReminderReason;
  /** Stable key, at most 64 characters: the same need gives the same one, so that a repeat is recognised. */
  readonly cvRef: string;
  readonly subject: string;
  readonly description: string;
  /** Of our words those that stay as long as nothing happens: while they do, the description stays. */
  readonly stable: string;
  /** Day since when it is escalated; null: it is not. */
  readonly escalatedOn: Day | null;
  readonly dueDay: Day;
  readonly priority: 'High' | 'Normal' | 'Low';
  readonly ownerId: RecordId | null;
  readonly whoId: RecordId | null;
  /** Instant of the pop-up, ISO 8601 with offset; High only. */
  readonly remindAt: string | null;
}
export interface OpenReminder {
  readonly cvRef: string;
  readonly customer: ReminderKey;
  readonly reason: ReminderReason;
  readonly episode: number;
  /** Null while the create is not yet confirmed. */
  readonly taskId: RecordId | null;
  readonly state: 'open' | 'closed_by_person' | 'closed_by_us';
  readonly createdOn: Day;
  readonly closedOn: Day | null;
  readonly ownerId: RecordId | null;
  readonly dueDay: Day;
  readonly subject: string;
  readonly priority: ReminderDraft['priority'];
  /** Our words in the description, as last written, and those of them that stay; null: not known. */
  readonly body?: string | null;
  readonly stable?: string | null;
  readonly escalatedOn?: Day | null;
}
export type TaskChange =
  | { readonly kind: 'create'; readonly draft: ReminderDraft }
  | {
      readonly kind: 'update';
      readonly reminder: OpenReminder;
      readonly draft: ReminderDraft;
      readonly cause: string;
    }
  | { readonly kind: 'close'; readonly reminder: OpenReminder; readonly cause: string };
export interface SuppressedTask {
  readonly customer: ReminderKey;
  readonly name: string;
  readonly reason: ReminderReason;
  /** `per_record`: it has as many open tasks as a record may have. `covered_by`: another rule asks for the same. */
  readonly why: 'cap' | 'cool_down' | 'no_owner' | 'per_record' | 'covered_by';
  /** The rule that asks for the same. */
  readonly by?: ReminderReason;
  readonly ownerId: RecordId | null;
}

/** What became of a reminder: how it ended, and what followed within the spans of the settings. */
export interface ReminderOutcome {
  readonly cvRef: string;
  readonly reason: string;
  readonly createdOn: Day;
  /** Phase of the customer on that day; null: it was no customer. */
  readonly phaseThen: Phase | null;
  /** A person completed or deleted the task, or we closed it because the need was gone. */
  readonly ended: 'done' | 'deleted' | 'need_gone' | null;
  readonly endedOn: Day | null;
  /** Day on which it had been overdue for too long. */
  readonly ignoredOn: Day | null;
  readonly touchedOn: Day | null;
  readonly boughtOn: Day | null;
  readonly improvedOn: Day | null;
  /** Day after which nothing can change any more. */
  readonly settledOn: Day | null;
}

export interface ModulePrice {
  readonly method: 'records' | 'bulk';
  readonly records: number;
  readonly calls: number;
  readonly credits: number;
}
export interface PlanPrice {
  /** bulk: at least one module is written that way. */
  readonly method: 'records' | 'bulk';
  readonly calls: number;
  readonly credits: number;
  /** Of the fields; tasks go through the record API. */
  readonly modules: { readonly [M in ModuleName]?: ModulePrice };
}
/** How a plan that is too dear for one day is spread. */
export interface Instalments {
  /** Credits of the first one. */
  readonly today: number;
  readonly perDay: number;
  readonly days: number;
  readonly lastDay: Day;
}
export interface HoldReason {
  readonly reason: 'undone' | 'tier_changes' | 'profit_leaps' | 'new_tasks' | 'partial_sync' | 'credits';
  readonly message: string;
  readonly params: { readonly [name: string]: ReasonParam };
}
export type PlanState =
  | 'open'
  | 'held'
  | 'approved'
  | 'applying'
  | 'applied'
  | 'rejected'
  | 'superseded'
  | 'expired'
  | 'discarded';
