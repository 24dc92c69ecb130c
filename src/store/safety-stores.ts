import type { AlertCode, AlertParams, Severity } from '../alerts.ts';
import type { ReminderKey } from '../changes.ts';
import type { ConnectionId, FieldValues, ModuleName, RecordId, RunId } from '../domain.ts';

/** The parts of the store that keep people informed: alerts, and what Zoho refused. */

export interface NewAlert {
  readonly code: AlertCode;
  readonly severity: Severity;
  /** What happened and what to do, in English; texts/alerts.ts has the other languages. */
  readonly message: string;
  /** Ids, codes and numbers: they go into outgoing events. */
  readonly params: AlertParams;
  /** How much of it there is; more than was told makes it worse. */
  readonly grade?: number;
}
export interface Alert extends Omit<NewAlert, 'grade'> {
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  /** Its cause was seen so many times. */
  readonly occurrences: number;
  /** When people were last told; null: not yet. */
  readonly notifiedAt: Date | null;
  /** Its cause is gone since then. */
  readonly clearSince: Date | null;
  readonly acknowledged: { readonly by: string; readonly at: Date } | null;
  readonly mutedUntil: Date | null;
}
export interface AlertsStore {
  /**
   * Opens one, or brings the open one of its kind up to date. Only an opening, a higher severity and a higher grade are
   * told, by an event of the same transaction.
   */
  raise(connection: ConnectionId, alert: NewAlert, at: Date): Promise<void>;
  /**
   * True when one was open. `afterMs`: it closes only when its cause has been gone for so long, and is told as over
   * only then.
   */
  close(
    connection: ConnectionId,
    code: AlertCode,
    at: Date,
    options?: { readonly afterMs?: number },
  ): Promise<boolean>;
  /** Oldest first. */
  open(connection: ConnectionId): Promise<Alert[]>;
  /** Newest first, the closed ones too. */
  list(connection: ConnectionId, limit: number): Promise<Alert[]>;
  /** Tells of those that were muted when they opened and are not any more; answers how many. */
  tellUntold(connection: ConnectionId, at: Date): Promise<number>;
  /** False when none of its kind is open. */
  acknowledge(connection: ConnectionId, code: AlertCode, by: string, at: Date): Promise<boolean>;
  /** Null ends it. */
  mute(
    connection: ConnectionId,
    code: AlertCode,
    mute: { readonly until: Date; readonly by: string } | null,
  ): Promise<void>;
  mutes(connection: ConnectionId): Promise<{ code: AlertCode; until: Date; by: string }[]>;
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
