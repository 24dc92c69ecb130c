import type { ReminderKey } from '../changes.ts';
import type { ConnectionId, FieldValues, ModuleName, RecordId, RunId } from '../domain.ts';

/** The parts of the store that keep people informed: alerts, and what Zoho refused. */

/** What an alert is about; one of a kind is open at a time. */
type AlertCode =
  | 'plan_held'
  | 'undone'
  | 'canary_stopped'
  | 'settings_broken'
  | 'channels_failing'
  | 'webhook_gap';
interface NewAlert {
  readonly code: AlertCode;
  readonly severity: 'warning' | 'critical';
  /** What happened and what to do. */
  readonly message: string;
  readonly params: { readonly [name: string]: unknown };
}
export interface Alert extends NewAlert {
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}
export interface AlertsStore {
  /** Opens one, or brings the open one of its kind up to date. */
  raise(connection: ConnectionId, alert: NewAlert, at: Date): Promise<void>;
  /** True when one was open. */
  close(connection: ConnectionId, code: AlertCode, at: Date): Promise<boolean>;
  /** Oldest first. */
  open(connection: ConnectionId): Promise<Alert[]>;
}

/** A write that Zoho refused, the newest of its record and field. */
export interface Refusal {
  readonly module: ModuleName;
  readonly recordId: RecordId;
  /** API name; null: the row as a whole. */
  readonly field: string | null;
  readonly customer: ReminderKey;
  readonly runId: RunId;
  readonly code: string;
  readonly message: string;
  /** What was to be written: that field, or all of the row. */
  readonly attempted: FieldValues;
  /** In a row with the same code and values. */
  readonly attempts: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}
export interface RefusalsStore {
  /** Adds, or replaces those of the same record and field. */
  save(connection: ConnectionId, rows: readonly Refusal[]): Promise<void>;
  of(connection: ConnectionId, module: ModuleName, ids: readonly RecordId[]): Promise<Refusal[]>;
  ofRun(connection: ConnectionId, runId: RunId): Promise<Refusal[]>;
  remove(
    connection: ConnectionId,
    rows: readonly Pick<Refusal, 'module' | 'recordId' | 'field'>[],
  ): Promise<void>;
  /** By code; `since`: those that were refused after it. */
  counts(connection: ConnectionId, since?: Date): Promise<Map<string, number>>;
}
