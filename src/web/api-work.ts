import type { z } from 'zod';
import type { Connection, CustomerKey, Day, ModuleName, PlanId, RecordId, RunId, Touch } from '../domain.ts';
import type { Queue } from '../jobs/queue.ts';
import type { PeriodRow } from '../scores.ts';
import type { Schedule } from '../store/job-stores.ts';
import type { SettingsVersion } from '../store/settings-stores.ts';

/** What the API asks of parts that the web may not import; the app hands it in. None of it calls Zoho or takes long. */
export interface ApiWork {
  /** The customer that an account or contact is, or belongs to. */
  customerOf(connection: Connection, recordId: RecordId): Promise<CustomerKey | null>;
  /** Value by month or year, from the stored facts. Null: no such customer. */
  periods(connection: Connection, key: CustomerKey, by: 'month' | 'year'): Promise<PeriodRow[] | null>;
  /** Oldest first. */
  touches(connection: Connection, key: CustomerKey): Promise<readonly Touch[] | null>;
  /** Of a lead, oldest first. Null: there is none, or it is a customer by now. */
  leadTouches(connection: Connection, lead: RecordId): Promise<readonly Touch[] | null>;
  /** Throws NotFoundError, ConflictError when it cannot be decided, InputError when the selection fits nothing. */
  approvePlan(connection: Connection, plan: PlanId, selection: PlanSelection): Promise<ApprovedPlan>;
  rejectPlan(connection: Connection, plan: PlanId): Promise<void>;
  /** What of an apply is still refused. Throws NotFoundError when there is no such apply. */
  failedRows(connection: Connection, run: RunId): Promise<readonly FailedRow[]>;
  /** Of a record in Zoho; null: its data centre is none of Zoho's. */
  recordUrl(connection: Connection, module: string, recordId: RecordId): string | null;
  playbookStats(connection: Connection, since: Day | null): Promise<PlaybookNumbers>;
  /** One row a customer and period, up to today. */
  allPeriods(connection: Connection, by: 'month' | 'year'): Promise<PeriodTable>;
}

/** Of a connection, or of the installation (null). */
type ScheduleOwner = Pick<Connection, 'id'> | null;

/** Throws InputError on what cannot be understood, ConflictError when the schedules are in use for long. */
export interface ApiSchedules {
  /** The next times, soonest first; none while it is off. */
  nextRuns(row: Schedule, count: number): Date[];
  edit(owner: ScheduleOwner, job: string, edit: ScheduleEdit): Promise<Schedule>;
  runNow(
    queue: Queue,
    owner: ScheduleOwner,
    job: string,
  ): Promise<{ readonly jobId: string; readonly fresh: boolean }>;
}
interface ScheduleEdit {
  readonly expr?: string;
  readonly timeZone?: string;
  readonly quietHours?: string | null;
  readonly spreadMinutes?: number;
  readonly enabled?: boolean;
}

/** Throws ConfigError when what is given cannot be used, NotFoundError, and ConflictError when somebody was sooner. */
export interface ApiStoredSettings {
  saveText(
    connection: Connection,
    change: { readonly document: string; readonly isDraft: boolean } & ChangedBy,
  ): Promise<SavedSettings>;
  edit(
    connection: Connection,
    change: {
      readonly set: readonly (readonly [key: string, value: unknown])[];
      readonly unset: readonly string[];
      readonly isDraft?: boolean;
    } & ChangedBy,
  ): Promise<SavedSettings>;
  publish(connection: Connection, by: ChangedBy): Promise<SettingsVersion>;
  rollback(connection: Connection, to: { readonly version: number } & ChangedBy): Promise<SavedSettings>;
  differences(connection: Connection, before: number, after: number): Promise<SettingDifference[]>;
  /** Every value of some files: as the files have it, as it is in force, and as the draft has it, or else what is in force. */
  form(
    connection: Connection,
    files: readonly SettingsFile[],
  ): Promise<{
    readonly inForce: number;
    readonly draft: number | null;
    readonly fields: readonly SettingField[];
  }>;
  /** The document with some keys changed, as `edit` would store it. Throws InputError. */
  edited(
    connection: Connection,
    change: Pick<Parameters<ApiStoredSettings['edit']>[1], 'set' | 'unset' | 'isDraft'>,
  ): Promise<string>;
  documentOf(connection: Connection, version: number): Promise<string>;
  /** What is wrong with a document, by its own lines. */
  problemsOf(
    connection: Connection,
    document: string,
    wording: z.core.$ZodErrorMap,
  ): Promise<readonly SettingProblem[]>;
}
type SettingsFile = 'scoring' | 'playbook' | 'fields' | 'notify';
interface WrittenSetting {
  readonly value: unknown;
  readonly origin: 'default' | 'base' | 'overlay' | 'stored' | 'env';
}
interface NumberSpec {
  readonly isWhole: boolean;
  readonly unit: 'percent' | 'days' | 'months' | 'money' | 'seconds' | 'credits' | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly isAboveMin: boolean;
}
export interface SettingField {
  readonly key: string;
  readonly isNullable: boolean;
  readonly shape:
    | { readonly kind: 'number'; readonly number: NumberSpec }
    | { readonly kind: 'flag' | 'document' }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
    | { readonly kind: 'words'; readonly choices: readonly string[]; readonly length: number | null }
    | {
        readonly kind: 'table';
        readonly columns: readonly { readonly name: string | null; readonly number: NumberSpec }[];
      };
  /** Of the three views. */
  readonly written: readonly WrittenSetting[];
}
interface SettingProblem {
  readonly key: string | null;
  readonly line: number | null;
  readonly code: string;
  readonly params: { readonly [name: string]: string | number };
  readonly message: string;
}
interface ChangedBy {
  readonly note: string | null;
  readonly who: string;
}
interface SettingDifference {
  readonly key: string;
  readonly old: unknown;
  readonly new: unknown;
}
interface SavedSettings {
  readonly saved: SettingsVersion;
  readonly changed: readonly SettingDifference[];
}

interface PlanSelection {
  readonly modules: readonly string[];
  readonly tiers: readonly string[];
  readonly owners: readonly string[];
}
interface PeriodTable {
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<{ readonly [column: string]: string }>;
}
interface ApprovedPlan {
  readonly planId: PlanId;
  readonly records: number;
  readonly tasks: { readonly create: number; readonly update: number; readonly close: number };
  readonly leftOut: number;
  readonly calls: number;
  readonly credits: number;
}
interface FailedRow {
  readonly module: ModuleName;
  readonly recordId: RecordId;
  readonly field: string | null;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly repair: string;
  readonly value: unknown;
}
interface PlaybookNumbers {
  readonly since: Day | null;
  readonly asOf: Day;
  readonly rules: readonly {
    readonly reason: string;
    readonly made: number;
    readonly open: number;
    readonly done: number;
    readonly deleted: number;
    readonly ignored: number;
    readonly needGone: number;
    readonly touched: number;
    readonly bought: number;
    readonly improved: number;
    readonly percent: {
      readonly done: number | null;
      readonly ignored: number | null;
      readonly touched: number | null;
      readonly bought: number | null;
      readonly improved: number | null;
    };
  }[];
}
