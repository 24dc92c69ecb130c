import type { ConnectionId, Day, ModuleName, RecordId } from '../domain.ts';
import type { LeadRows, LeadScore } from '../leads.ts';
import type { LeadRecord } from '../records.ts';

/** What tells whom a lead may stand for. */
export type LikeableLead = Pick<LeadRecord, 'id' | 'createdAt' | 'company' | 'domain' | 'status'>;

/** The parts of the store that hold leads and their scores. */

export interface LeadsStore {
  /**
   * Every lead that is not deleted, the converted ones too, by id. Activities only of those that `hasActivities` names.
   * Memory grows with `chunk`, not with the org.
   */
  inKeyOrder(
    connection: ConnectionId,
    chunk: number,
    hasActivities: (lead: LeadRecord) => boolean,
  ): AsyncIterable<LeadRows[]>;
  /** Those that nobody converted, in pieces by id; a few columns. */
  unconverted(connection: ConnectionId): AsyncIterable<LikeableLead[]>;
  byIds(connection: ConnectionId, ids: readonly RecordId[]): Promise<LeadRows[]>;
  /** Leads that these records, also deleted ones, are or are about. */
  of(connection: ConnectionId, module: ModuleName, ids: readonly RecordId[]): Promise<RecordId[]>;
}

export interface LeadScoresStore {
  save(connection: ConnectionId, scores: readonly LeadScore[]): Promise<void>;
  get(connection: ConnectionId, leadId: RecordId): Promise<LeadScore | null>;
  inKeyOrder(connection: ConnectionId, chunk: number): AsyncIterable<LeadScore[]>;
  /** Removes scores that the full scoring of `asOf`, begun at `startedAt`, did not write; returns how many. */
  removeExcept(connection: ConnectionId, asOf: Day, startedAt: Date): Promise<number>;
  /** Of leads that were converted or deleted. */
  remove(connection: ConnectionId, ids: readonly RecordId[]): Promise<void>;
}
