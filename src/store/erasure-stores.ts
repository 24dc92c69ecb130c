import type { ConnectionId, RecordId } from '../domain.ts';
import type { Suppressed } from './suppressions.ts';

/** The part of the store that forgets a person. */

export interface Person {
  /** Of the contacts and leads that are this person. */
  readonly ids: ReadonlySet<RecordId>;
  /** Account of each contact that has one. */
  readonly accounts: ReadonlyMap<RecordId, RecordId>;
  /** Names of two words or more. */
  readonly names: readonly string[];
  /** Addresses and telephone numbers. */
  readonly numbers: readonly string[];
  /** Somebody else has the name: it goes only from rows that are about this person. */
  readonly hasNamesake: boolean;
}
export interface Erased {
  readonly table: string;
  readonly deleted: number;
  readonly changed: number;
}
export interface ErasureStore {
  people(
    connection: ConnectionId,
    ids: readonly RecordId[],
  ): Promise<{ readonly id: RecordId; readonly name: string; readonly accountId: RecordId | null }[]>;
  /** Another contact or lead has one of the names. */
  hasNamesake(
    connection: ConnectionId,
    names: readonly string[],
    ids: ReadonlySet<RecordId>,
  ): Promise<boolean>;
  /** Before anything is erased: from then on nothing of the person is stored again. */
  remember(
    connection: ConnectionId,
    wanted: { records: readonly Suppressed[]; phrases: readonly string[]; at: Date },
  ): Promise<void>;
  /** Stored contacts and leads that were erased before: a restored backup brings them back. */
  remembered(connection: ConnectionId): Promise<RecordId[]>;
  erase(connection: ConnectionId, person: Person): Promise<Erased[]>;
  certify(connection: ConnectionId, at: Date, certificate: object): Promise<void>;
  /** Overwrites what deleted rows leave in the file; null when it was done, else why not. */
  forgetBytes(tables: readonly string[]): Promise<string | null>;
}
