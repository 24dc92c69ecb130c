import type { EditedField, Instalments } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type {
  Connection,
  Day,
  FieldKey,
  FieldValue,
  Language,
  ModuleName,
  PlanId,
  RunId,
} from '../domain.ts';
import type { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Allowance } from '../plan/instalments.ts';
import type { MappedFields } from '../plan/mapped-fields.ts';
import type { EditRules } from '../rules.ts';
import type { Lease, Store } from '../store/store.ts';
import type { UploadTarget } from '../zoho/bulk-write.ts';
import type { ZohoClient } from '../zoho/client.ts';
import type { TaskWords } from './task-rows.ts';

export interface WritebackDeps {
  readonly zoho: ZohoClient;
  readonly store: Pick<
    Store,
    'plans' | 'intents' | 'bulkWrites' | 'records' | 'reminders' | 'fieldMap' | 'metadata'
  >;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the line that this apply is part of; null: nobody else can write. */
  readonly lease: Lease | null;
}
export interface ApplyInput {
  readonly connection: Connection;
  readonly planId: PlanId;
  readonly runId: RunId;
  /** Whose value stands where a person changed a field of ours. */
  readonly onEdit: EditRules;
  /** Of the line that says why a task was completed; English when absent. */
  readonly language?: Language;
  /** Where files of bulk writes go; null or absent: the admin did not allow them. */
  readonly bulkTo?: UploadTarget | null;
  /** Absent: the whole plan, whatever it costs. */
  readonly allowance?: Allowance;
  /** Tasks stay in the plan. */
  readonly fieldsOnly?: boolean;
  /** Only so many records, the first in the order of writing, and no tasks. */
  readonly firstRecords?: number;
}
export interface RejectedRow {
  readonly module: ModuleName;
  readonly recordId: string;
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
}
export interface ApplyResult {
  /** Records whose fields were written. */
  readonly written: number;
  /** Records and tasks that needed no write any more. */
  readonly skipped: number;
  readonly rejected: RejectedRow[];
  readonly tasks: { created: number; updated: number; closed: number };
  /** Fields that a person changed after the plan was made and that stay by the policy; those to be reported. */
  readonly keptEdits: number;
  readonly edited: EditedField[];
  /** Records and tasks still to write; 0 unless stopped or an instalment. */
  readonly remaining: number;
  /** Set when this was one of several instalments; the rest stays in the plan. */
  readonly instalments: Instalments | null;
  /** What ended it early; all that was done before is stored. */
  readonly stopped: { readonly error: AppError } | null;
}

export type Intent = Awaited<ReturnType<Store['intents']['unfinished']>>[number];
export type NewIntent = Parameters<Store['intents']['begin']>[0][number];
export type IntentOutcome = Parameters<Store['intents']['finish']>[0][number];

/** One apply under way: what every step of it needs, and what it has counted so far. */
export interface Applying {
  readonly deps: WritebackDeps;
  readonly input: ApplyInput;
  readonly asOf: Day;
  readonly mapped: MappedFields;
  readonly words: TaskWords;
  readonly tally: Tally;
}
export interface Tally {
  written: number;
  skipped: number;
  keptEdits: number;
  readonly edited: EditedField[];
  readonly rejected: RejectedRow[];
  readonly tasks: { created: number; updated: number; closed: number };
}

export function emptyTally(): Tally {
  return {
    written: 0,
    skipped: 0,
    keptEdits: 0,
    edited: [],
    rejected: [],
    tasks: { created: 0, updated: 0, closed: 0 },
  };
}

/** A value that goes to one field of one record, and the plan item that asked for it. */
export interface FieldWrite {
  readonly seq: number;
  readonly key: FieldKey;
  readonly apiName: string;
  readonly old: FieldValue;
  readonly value: FieldValue;
}
/** All that one plan writes to one record: one row of a call. */
export interface FieldRow {
  readonly module: ModuleName;
  readonly recordId: string;
  /** Absent: taken from an intent, which does not keep it. */
  readonly name?: string;
  readonly writes: readonly FieldWrite[];
}
