import type { ConnectionId } from '../domain.ts';

/** The parts of the store that remember whom we gave access to as an OAuth provider. Secrets are stored as SHA-256 only. */

/** `read`: what a viewer sees. `inputs`: what people note of a customer, for those who may. */
export type OAuthScope = 'read' | 'inputs';
/** A program that asks people for access to one connection, e.g. a connection inside Zoho. */
export interface OAuthClient {
  readonly id: string;
  readonly connection: ConnectionId;
  readonly name: string;
  /** Compared letter by letter. */
  readonly redirectUris: readonly string[];
  /** What it may ask for at most. */
  readonly scopes: readonly OAuthScope[];
  readonly createdBy: string;
  readonly createdAt: Date;
}
export interface OAuthClientsStore {
  /** The secret is told here and never again. */
  add(
    input: Omit<OAuthClient, 'id' | 'createdAt'> & { readonly at: Date },
  ): Promise<{ readonly client: OAuthClient; readonly secret: string }>;
  byId(id: string): Promise<(OAuthClient & { readonly secretHash: string }) | null>;
  /** In the order they were made; `people`: how many have allowed it. */
  list(
    filter: { readonly connection: ConnectionId } | 'all',
    now: Date,
  ): Promise<(OAuthClient & { readonly people: number })[]>;
  /** Ends all that was allowed to it. Null: there is no such client of the connection. */
  remove(connection: ConnectionId, id: string): Promise<OAuthClient | null>;
}

export type OAuthTokenKind = 'AuthorizationCode' | 'AccessToken' | 'RefreshToken';
/** What a person allowed a client, once; what is handed out for it ends with it. */
export interface StoredGrant {
  readonly id: string;
  readonly client: string;
  readonly personId: string;
  readonly data: unknown;
  readonly expiresAt: Date;
}
interface StoredToken {
  readonly data: unknown;
  readonly expiresAt: Date;
  readonly consumedAt: Date | null;
}
export interface OAuthGrantsStore {
  /** Adds or replaces. Nothing happens for a client that is gone. */
  saveGrant(grant: StoredGrant, at: Date): Promise<void>;
  grant(id: string, now: Date): Promise<StoredGrant | null>;
  removeGrant(id: string): Promise<void>;
  /** Ends what one person allowed on a connection; answers how many times that was. */
  endOf(connection: ConnectionId, personId: string): Promise<number>;
  /** Nothing happens when its grant has ended meanwhile. */
  saveToken(token: {
    readonly kind: OAuthTokenKind;
    readonly secret: string;
    readonly grant: string;
    readonly scope: string;
    readonly data: unknown;
    readonly expiresAt: Date;
  }): Promise<void>;
  /** Whatever its age, so that one that was used can be told when it comes again. */
  token(kind: OAuthTokenKind, secret: string): Promise<StoredToken | null>;
  /** False when somebody was sooner: of two that come at once one may go on. */
  consumeToken(kind: OAuthTokenKind, secret: string, at: Date): Promise<boolean>;
  removeToken(kind: OAuthTokenKind, secret: string): Promise<void>;
  removeTokens(kind: OAuthTokenKind, grant: string): Promise<void>;
  /** Who calls with an access token; null when it is unknown, over or ended. */
  useAccessToken(
    secret: string,
    now: Date,
  ): Promise<{
    readonly client: Pick<OAuthClient, 'id' | 'name' | 'connection'>;
    readonly personId: string;
    readonly scopes: readonly OAuthScope[];
  } | null>;
  /** Consent under way: what the client asked for. Nothing happens for a client that is gone. */
  saveRequest(request: {
    readonly secret: string;
    readonly client: string;
    readonly data: unknown;
    readonly expiresAt: Date;
  }): Promise<void>;
  request(secret: string, now: Date): Promise<{ readonly data: unknown } | null>;
  removeRequest(secret: string): Promise<void>;
}
