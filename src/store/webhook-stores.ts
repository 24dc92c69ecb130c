import type { ConnectionId, ModuleName, RecordId } from '../domain.ts';

/** The parts of the store that hold how Zoho tells us of changes: channels, workflow-rule webhooks, deliveries. */

export interface Channel {
  readonly connection: ConnectionId;
  readonly channelId: string;
  /** Null: of an older version, which told of several modules by one channel. */
  readonly module: ModuleName | null;
  /** Of a module with more condition fields than one channel takes. */
  readonly part: number;
  /** Counts how often it was replaced. */
  readonly generation: number;
  readonly events: string[];
  /** API names whose change it is to tell. */
  readonly fields: string[];
  /** False: Zoho refused the condition, so every edit is told. */
  readonly conditioned: boolean;
  readonly token: string;
  /** SHA-256 of the secret in the path. */
  readonly secretHash: string;
  /** Without the secret. */
  readonly notifyUrl: string;
  readonly expiresAt: Date;
  /** Of the last renewal. */
  readonly createdAt: Date;
  /** When the last genuine notification came through. */
  readonly heardAt: Date | null;
  /** When Zoho last said that the channel stands as we know it. */
  readonly checkedAt: Date | null;
  /** Changes that a sync found and this channel had not told of, since it was last heard. */
  readonly unheard: number;
}
/** A module that Zoho does not notify of. */
export interface RefusedChannel {
  readonly module: ModuleName;
  readonly code: string | null;
  readonly message: string;
  readonly refusedAt: Date;
}
export interface ChannelsStore {
  /** Keeps what `heard` has noted. */
  save(connection: ConnectionId, row: Channel): Promise<void>;
  /** Oldest first. */
  of(connection: ConnectionId): Promise<Channel[]>;
  bySecretHash(hash: string): Promise<Channel | null>;
  /** A genuine notification came through. */
  heard(
    rows: readonly { readonly connection: ConnectionId; readonly channelId: string; readonly at: Date }[],
  ): Promise<void>;
  /** A sync found changes that the channel had not told of. */
  addUnheard(connection: ConnectionId, channelId: string, changes: number): Promise<void>;
  remove(connection: ConnectionId, channelId: string): Promise<void>;
  refused(connection: ConnectionId): Promise<RefusedChannel[]>;
  /** All of them anew. */
  setRefused(connection: ConnectionId, rows: readonly RefusedChannel[]): Promise<void>;
}

/** A webhook that an administrator made in a workflow rule of Zoho. Both secrets are stored as SHA-256 only. */
export interface WorkflowHook {
  readonly connection: ConnectionId;
  /** One of a kind in its connection. */
  readonly name: string;
  readonly secretHash: string;
  readonly headerHash: string;
  readonly createdAt: Date;
  readonly rotatedAt: Date | null;
  readonly heardAt: Date | null;
}
export interface WorkflowHooksStore {
  /** False when the connection has one of that name. */
  add(row: WorkflowHook): Promise<boolean>;
  /** False when there is none. */
  rotate(
    connection: ConnectionId,
    name: string,
    secrets: { readonly secretHash: string; readonly headerHash: string; readonly at: Date },
  ): Promise<boolean>;
  of(connection: ConnectionId): Promise<WorkflowHook[]>;
  bySecretHash(hash: string): Promise<WorkflowHook | null>;
  heard(connection: ConnectionId, name: string, at: Date): Promise<void>;
  /** False when there was none. */
  remove(connection: ConnectionId, name: string): Promise<boolean>;
}

export interface DeliveryBody {
  /** As Zoho names it. */
  readonly module: string;
  readonly operation: string;
  readonly ids: RecordId[];
  /** Which fields changed, by record, where Zoho said so. Never their values. */
  readonly fields?: { readonly [id: RecordId]: readonly string[] };
}
export interface NewDelivery {
  readonly key: string;
  readonly connection: ConnectionId;
  /** Of a workflow-rule webhook `workflow:<name>`. */
  readonly channelId: string;
  readonly receivedAt: Date;
  readonly body: DeliveryBody;
  /** Gathered for longer, so that many are read in one call. */
  readonly slow: boolean;
}
/** read: its records were read anew; echo: all of it was our own doing; ignored: a module that no score rests on. */
export type DeliveryOutcome = 'read' | 'echo' | 'ignored' | 'failed';
export interface Delivery extends NewDelivery {
  readonly id: number;
  /** When work on it first began; with `doneAt` null after a crash it may be half done. */
  readonly begunAt: Date | null;
  readonly doneAt: Date | null;
  readonly outcome: DeliveryOutcome | null;
}
export interface DeliveriesStore {
  /** One transaction; returns how many were new. */
  add(rows: readonly NewDelivery[]): Promise<number>;
  /** Oldest first. */
  pending(connection: ConnectionId, limit: number, slow?: boolean): Promise<Delivery[]>;
  begin(keys: readonly string[], at: Date): Promise<void>;
  markDone(keys: readonly string[], at: Date, outcome: DeliveryOutcome): Promise<void>;
  countPending(): Promise<number>;
  /** Newest first; `before`: ids below it. */
  list(
    connection: ConnectionId,
    page: { readonly limit: number; readonly before?: number | undefined },
  ): Promise<Delivery[]>;
  get(connection: ConnectionId, id: number): Promise<Delivery | null>;
  /** To be worked on once more; false when there is none of that id. */
  reopen(connection: ConnectionId, id: number): Promise<boolean>;
  /** Those done before then, at most so many; returns how many. */
  deleteDone(before: Date, limit: number): Promise<number>;
}
