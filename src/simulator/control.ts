import type { ActiveFault, FaultSpec } from './faults.ts';
import type { FieldChange, ModuleChange } from './org-change.ts';
import type { CallReport } from './report.ts';
import type { SeedEmail, SeedField } from './seed.ts';
import type { Switches } from './switches.ts';

export interface SimReport extends CallReport {
  /** Tasks that hang on a record by What_Id; open ones are not Completed. */
  tasks: Record<string, { open: number; all: number }>;
  faults: ActiveFault[];
  /** Spent in the last 24 hours, and the ceiling. */
  creditsSpent: number;
  creditsOfDay: number | null;
}

/** What a test, or a person over /__control/, does behind Zoho's back. */
export interface ControlApi {
  addFaults(specs: FaultSpec | readonly FaultSpec[]): string[];
  clearFaults(id?: string): void;
  report(): SimReport;
  resetReport(): void;
  setClock(change: { offsetMs: number } | { now: Date }): void;
  setSwitches(change: Partial<Switches>): void;
  /**
   * Creates rows, or updates those with an `id`, as a person would in the web pages: without OAuth and credits, but
   * with Modified_Time, Modified_By and notifications. `as` is a user's key or id; the first user is the default.
   */
  writeRecords(module: string, rows: readonly Record<string, unknown>[], as?: string): { ids: string[] };
  deleteRecords(module: string, ids: readonly string[], as?: string): void;
  /**
   * As the convert call does; `options` is one element of its `data`: `Accounts`, `Contacts` (each with an `id`),
   * `Deals`, `assign_to`.
   */
  convertLead(
    id: string,
    options?: Readonly<Record<string, unknown>>,
    as?: string,
  ): { account: string | null; contact: string; deal: string | null };
  /** Accounts, contacts or leads: the losers vanish, the winner gets their children and the values that it lacks. */
  mergeRecords(module: string, winner: string, losers: readonly string[], as?: string): void;
  /** Out of the recycle bin. */
  restoreRecords(module: string, ids: readonly string[], as?: string): void;
  /** Deletes living or deleted records for good. */
  purgeRecords(module: string, ids: readonly string[]): void;
  /** Sets one Modified_Time (ISO 8601) on many records, as a mass change does. */
  stampRecords(module: string, ids: readonly string[] | 'all', at: string): void;
  /** Switches a user on or off, as an administrator would. `user` is a key or id. */
  setUserActive(user: string, active: boolean): void;
  addEmails(id: string, emails: readonly SeedEmail[]): void;
  addField(module: string, field: SeedField): void;
  changeField(module: string, name: string, change: FieldChange): void;
  removeField(module: string, name: string): void;
  changeModule(module: string, change: ModuleChange): void;
  /** All rows with all fields, to be compared with a store: lookups are ids, instants UTC. See truth.ts. */
  truth(module: string): Record<string, unknown>[];
  /** All rows with all fields, as the API shows them. */
  records(module: string): Record<string, unknown>[];
  /** Ids of seed rows by their $key. */
  idOf(key: string): string;
  /** Revokes one refresh token, or all. */
  revoke(refreshToken?: string): void;
  /** Kills all access tokens, as if their hour had passed. */
  expireAccessTokens(): void;
  /** A self client's code. */
  issueGrantCode(options?: { scopes?: readonly string[]; as?: string; lifeMs?: number }): string;
  /** Resolves when no notification is under way. */
  settleNotifications(): Promise<void>;
}
