import type { MappedField } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Connection, ModuleName, RecordId } from '../domain.ts';
import type { Log } from '../log.ts';
import type { Mapping } from '../rules.ts';
import type { Store } from '../store/store.ts';
import type { BulkHints } from '../zoho/bulk-jobs.ts';
import type { ZohoClient } from '../zoho/client.ts';
import type { StageBook } from './org-stages.ts';

/** What the reading of one module is given, and what it tells. */

export interface SyncDeps {
  readonly zoho: ZohoClient;
  readonly store: Pick<
    Store,
    | 'records'
    | 'comparison'
    | 'cursors'
    | 'quarantine'
    | 'fieldMap'
    | 'mappingStates'
    | 'stages'
    | 'users'
    | 'metadata'
  >;
  readonly clock: Clock;
  readonly log: Log;
  readonly hints?: BulkHints | undefined;
}
export interface ModuleInput {
  readonly connection: Connection;
  readonly module: ModuleName;
  readonly full: boolean;
  /** When a full run began that was cut short and goes on now: what it filled since is not filled again. */
  readonly fullSince: Date | null;
  readonly mapping: Mapping;
  /** Texts that we write into a picklist of ours. */
  readonly optionsOf: (key: MappedField['key']) => readonly string[];
  readonly stages: StageBook;
  readonly ours: readonly MappedField[];
}
export interface ModuleResult {
  readonly module: ModuleName;
  readonly mode: 'full' | 'incremental' | 'skipped';
  readonly method: 'coql' | 'bulk' | 'list' | 'records' | null;
  readonly read: number;
  readonly changed: number;
  readonly deleted: number;
  readonly quarantined: number;
  readonly error: string | null;
  /** The org lacks or refuses the module: named, and not a partial sync. */
  readonly refused: boolean;
  /** What was left out and why, in words: fields that the org lacks, deletions that it does not tell. */
  readonly notes: readonly string[];
}

/** Counted while a module is read. */
export interface Tally {
  read: number;
  changed: number;
  deleted: number;
  quarantined: number;
  /** Which they were; null: nobody asks. */
  changedIds: Set<RecordId> | null;
  /** False: none of the module's rows was set aside before, so none need be looked for. */
  hasQuarantine: boolean;
  /** The fields that are read are those of an earlier run: a value that does not fit has them looked at again. */
  columnsAreRemembered: boolean;
  /** Zoho did not tell all deletions: ids are to be compared now, or once a day where it never tells. */
  idsDue: 'now' | 'daily' | null;
  /** Texts that no option of their picklist has, and the records that hold them; both up to a number. */
  readonly strange: { readonly texts: Set<string>; readonly ids: Set<RecordId> };
  /** Of those the ones that Zoho was asked about before; null: it is not asked. */
  knownStrange: ReadonlySet<string> | null;
  readonly notes: string[];
}

export const emptyTally = (): Tally => ({
  read: 0,
  changed: 0,
  deleted: 0,
  quarantined: 0,
  changedIds: null,
  hasQuarantine: true,
  columnsAreRemembered: false,
  idsDue: null,
  strange: { texts: new Set(), ids: new Set() },
  knownStrange: null,
  notes: [],
});
