import type { ConnectionId } from '../domain.ts';

/** Settings that are stored for one connection: versions of one YAML document, at most one of them a draft. */

export interface SettingsVersion {
  /** Counts up from 1 for each connection. */
  readonly version: number;
  readonly state: 'draft' | 'published';
  /** YAML with the parts scoring, playbook and fields; only what differs. */
  readonly document: string;
  readonly note: string | null;
  readonly who: string;
  readonly at: Date;
  /** Of the base files that it was judged against. */
  readonly baseHash: string;
  /** The version that was in force when it was written; 0: none. */
  readonly basedOn: number;
}
export type NewSettings = Pick<SettingsVersion, 'document' | 'note' | 'who' | 'at' | 'baseHash'>;

/** What a connection was last run under. */
export interface SettingsInUse {
  readonly connection: ConnectionId;
  /** 0: nothing stored. */
  readonly version: number;
  readonly baseHash: string;
  readonly overlayHash: string;
  readonly at: Date;
}

export interface SettingsStore {
  /** The newest that is published; null: nothing was. */
  current(connection: ConnectionId): Promise<SettingsVersion | null>;
  draft(connection: ConnectionId): Promise<SettingsVersion | null>;
  get(connection: ConnectionId, version: number): Promise<SettingsVersion | null>;
  /** Newest first, the draft among them. */
  history(connection: ConnectionId, limit: number): Promise<SettingsVersion[]>;
  /** Replaces the draft there is. Throws ConflictError when another was saved at the same moment. */
  saveDraft(connection: ConnectionId, input: NewSettings): Promise<SettingsVersion>;
  /** Throws ConflictError when it is no draft any more, or another version was published after it was begun. */
  publish(
    connection: ConnectionId,
    version: number,
    by: Pick<NewSettings, 'note' | 'who' | 'at'>,
  ): Promise<SettingsVersion>;
  /** Publishes at once; `basedOn` must still be in force, else ConflictError. The draft stays. */
  add(connection: ConnectionId, input: NewSettings & { readonly basedOn: number }): Promise<SettingsVersion>;
  /** True when there was one. */
  discardDraft(connection: ConnectionId): Promise<boolean>;
  /** The newest published of every connection that has one. */
  allCurrent(): Promise<ReadonlyMap<ConnectionId, SettingsVersion>>;
  noteInUse(use: SettingsInUse): Promise<void>;
  allInUse(): Promise<SettingsInUse[]>;
}
