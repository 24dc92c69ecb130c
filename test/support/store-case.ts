import type { ConnectionId } from '../../src/domain.ts';
import type { Store } from '../../src/store/store.ts';

/** A call of a method of the store on behalf of one connection, for tests of what it does to another. */

export interface StoreWorld {
  readonly store: Store;
  /** On whose behalf. */
  readonly mine: ConnectionId;
}
/** Of rows that a call names: mine, or guessed ones of somebody else. */
export interface RowIds {
  readonly run: string;
  readonly plan: string;
  readonly member: string;
  readonly invitation: string;
  readonly visit: string;
  readonly view: string;
  readonly token: string;
  readonly oauthClient: string;
  readonly deadJob: string;
  readonly delivery: number;
  readonly endpoint: string;
  readonly eventDelivery: number;
  readonly address: string;
  readonly channelId: string;
  readonly importId: number;
}
type Call = (world: StoreWorld, ids: RowIds) => unknown;
export type Case =
  /** Whatever ids it is given, it stays within the connection that it names. */
  | Call
  /** Who has the id may have the row: callers ask whose it is first. */
  | { readonly byId: Call }
  /** It is about all connections, or about none. */
  | { readonly ofService: string };

export const byId = (call: Call): Case => ({ byId: call });
export const ofService = (why: string): Case => ({ ofService: why });

export type CasesOf<Part extends keyof Store> = {
  readonly [P in Part]: { readonly [Method in keyof Store[P]]: Case };
};
