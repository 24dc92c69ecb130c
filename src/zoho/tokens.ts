import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import type { Log } from '../log.ts';
import type { HostPolicy } from './hosts.ts';

export interface StoredGrant {
  readonly accountsUrl: string;
  readonly apiDomain: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly accessToken: string | null;
  readonly expiresAt: Date | null;
}
/** What the tokens of a connection need remembered between processes. */
export interface TokenStore {
  grant(connection: ConnectionId): Promise<StoredGrant>;
  acquireRefreshLease(connection: ConnectionId, holder: string, until: Date, now: Date): Promise<boolean>;
  /** Also releases the lease. */
  saveAccessToken(
    connection: ConnectionId,
    token: { accessToken: string; expiresAt: Date; apiDomain: string | null },
    holder: string,
  ): Promise<void>;
  releaseRefreshLease(connection: ConnectionId, holder: string): Promise<void>;
  markReconnectNeeded(connection: ConnectionId, why: string): Promise<void>;
}
export interface Token {
  readonly accessToken: string;
  readonly apiDomain: string;
}
export declare class TokenSource {
  constructor(
    deps: { store: TokenStore; hosts: HostPolicy; clock: Clock; log: Log },
    connection: ConnectionId,
  );
  current(): Promise<Token>;
  replace(rejected: string): Promise<Token>;
}
