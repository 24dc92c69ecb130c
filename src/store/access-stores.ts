import type { ConnectionId } from '../domain.ts';

/** The parts of the store that know who may do what. Secrets are stored as SHA-256 only and never come back. */

type Role = 'admin' | 'viewer';
/** Why someone has a role: administrator of the Zoho org, or invited by name. */
type MembershipOrigin = 'org_admin' | 'invited';

/** A user of a Zoho org who has signed in here. */
export interface Person {
  readonly id: string;
  /** Data centre: us, eu … */
  readonly location: string;
  readonly orgId: string;
  /** Zoho's id of the user in that org. */
  readonly userId: string;
  readonly name: string;
}
export interface Membership {
  readonly connection: ConnectionId;
  readonly personId: string;
  readonly role: Role;
  readonly origin: MembershipOrigin;
}
export interface Member extends Membership {
  readonly name: string;
  readonly seenAt: Date;
  readonly createdAt: Date;
}
export interface Invitation {
  readonly id: string;
  readonly connection: ConnectionId;
  /** "a…@firm.test" */
  readonly hint: string;
  readonly role: Role;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}
export interface PeopleStore {
  /** Adds the person, or brings name and time of the last sign-in up to date. */
  signedIn(person: Omit<Person, 'id'>, at: Date): Promise<Person>;
  ofUser(user: Pick<Person, 'location' | 'orgId' | 'userId'>): Promise<Person | null>;
  byId(id: string): Promise<Person | null>;
  /** Without those of connections whose org says that the user is no longer active. */
  membershipsOf(personId: string): Promise<Membership[]>;
  members(connection: ConnectionId): Promise<Member[]>;
  /** Adds or replaces. */
  setMembership(membership: Membership, at: Date): Promise<void>;
  /** Whoever is no administrator of the org any more is none here either, be it the last. */
  endMembership(connection: ConnectionId, personId: string): Promise<void>;
  /** Throws ConflictError when it would leave the connection without an administrator. */
  setRole(connection: ConnectionId, personId: string, role: Role): Promise<Member | null>;
  /** As setRole; also ends what the person has open. Null: there was no such member. */
  removeMember(connection: ConnectionId, personId: string): Promise<Member | null>;
  /** Replaces an earlier one to the same address. The address itself is not stored. */
  invite(input: {
    readonly connection: ConnectionId;
    readonly email: string;
    readonly role: Role;
    readonly createdBy: string;
    readonly at: Date;
    readonly expiresAt: Date;
  }): Promise<Invitation>;
  invitations(connection: ConnectionId, now: Date): Promise<Invitation[]>;
  withdraw(connection: ConnectionId, id: string): Promise<Invitation | null>;
  /** Takes the invitation of this address, so that it serves once. */
  accept(connection: ConnectionId, email: string, now: Date): Promise<Invitation | null>;
}

/** An operator looks at one connection, writing nothing. It is over when it was ended, or at `until`. */
export interface SupportVisit {
  readonly id: string;
  readonly connection: ConnectionId;
  readonly operator: string;
  readonly reason: string;
  readonly begunAt: Date;
  readonly until: Date;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
}
export interface SupportVisitsStore {
  begin(
    visit: Pick<SupportVisit, 'connection' | 'operator' | 'reason' | 'until'> & { readonly at: Date },
  ): Promise<SupportVisit>;
  byId(id: string): Promise<SupportVisit | null>;
  /** Newest first. */
  list(connection: ConnectionId, limit: number): Promise<SupportVisit[]>;
  /** Null: there is no such visit of the connection, or it is over. */
  end(
    connection: ConnectionId,
    id: string,
    ending: { readonly by: string; readonly at: Date },
  ): Promise<SupportVisit | null>;
}

export interface StoredSession {
  readonly idHash: string;
  readonly personId: string | null;
  /** Name of the operator whose session it is. */
  readonly operator: string | null;
  readonly data: unknown;
  readonly createdAt: Date;
  readonly seenAt: Date;
  /** However much it is used. */
  readonly endsAt: Date;
}
export type SessionOwner = { readonly personId: string } | { readonly operator: string };
export interface SessionsStore {
  /** Null when it is unknown, over, or was idle for longer than allowed. */
  find(idHash: string, now: Date): Promise<StoredSession | null>;
  save(session: StoredSession): Promise<void>;
  touch(idHash: string, at: Date): Promise<void>;
  remove(idHash: string): Promise<void>;
  list(owner: SessionOwner, now: Date): Promise<StoredSession[]>;
  /** Only one of the owner's; false when there is none. */
  end(owner: SessionOwner, idHash: string): Promise<boolean>;
  endAll(owner: SessionOwner | 'operators'): Promise<number>;
  /** Deletes what is over. */
  purge(now: Date): Promise<void>;
}

type TokenScope = 'read' | 'write';
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scope: TokenScope;
  /** 'fleet': every connection there is and will be. */
  readonly connections: readonly ConnectionId[] | 'fleet';
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | null;
}
export interface ApiTokensStore {
  /** The secret is told here and never again. */
  create(
    input: Pick<ApiToken, 'name' | 'scope' | 'connections' | 'createdBy' | 'expiresAt'> & {
      readonly at: Date;
    },
  ): Promise<{ readonly token: ApiToken; readonly secret: string }>;
  /** Null when it is unknown or expired; notes the use, to the minute. */
  use(secret: string, now: Date): Promise<ApiToken | null>;
  byId(id: string): Promise<ApiToken | null>;
  list(filter: { readonly connection: ConnectionId } | 'all'): Promise<ApiToken[]>;
  revoke(id: string): Promise<boolean>;
}

export interface ConnectLink {
  readonly id: string;
  /** Of the connection that it makes or renews. */
  readonly name: string;
  /** Where consent begins; null: as configured. */
  readonly accountsUrl: string | null;
  /** The client's own OAuth client; null: the configured one. */
  readonly client: { readonly clientId: string; readonly clientSecret: string } | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}
export interface LinksStore {
  /** A one-time address for an operator; the answer is its secret. */
  addOperatorLink(input: {
    readonly operator: string;
    readonly at: Date;
    readonly expiresAt: Date;
  }): Promise<string>;
  /** Name of the operator, once. */
  takeOperatorLink(secret: string, now: Date): Promise<string | null>;
  revokeOperatorLinks(): Promise<number>;
  addConnectLink(
    input: Omit<ConnectLink, 'id' | 'usedAt' | 'createdAt'> & { readonly at: Date },
  ): Promise<{ readonly link: ConnectLink; readonly secret: string }>;
  /** Null when it is unknown, used or over. */
  connectLink(secret: string, now: Date): Promise<ConnectLink | null>;
  /** By id, for the way back from Zoho; the same conditions. */
  connectLinkById(id: string, now: Date): Promise<ConnectLink | null>;
  /** False when somebody else was sooner. */
  claimConnectLink(id: string, now: Date): Promise<boolean>;
  /** Consent came to nothing: the link is good again. */
  releaseConnectLink(id: string): Promise<void>;
  connectLinkServed(id: string, connection: ConnectionId): Promise<void>;
  listConnectLinks(now: Date): Promise<ConnectLink[]>;
  revokeConnectLink(id: string): Promise<ConnectLink | null>;
}

/** A consent under way at Zoho. */
export interface OAuthState {
  readonly kind: 'connect' | 'sign_in';
  readonly details: unknown;
}
export interface OAuthStatesStore {
  begin(input: OAuthState & { readonly expiresAt: Date; readonly now: Date }): Promise<{
    readonly state: string;
    /** Stays in the browser that began. */
    readonly browserKey: string;
  }>;
  /** Once, and only in the browser that began. A state that another browser shows is spent, too. */
  redeem(state: string, browserKey: string, now: Date): Promise<OAuthState | null>;
}

interface NewAuditEntry {
  /** Null: it belongs to no connection. */
  readonly connection: ConnectionId | null;
  /** "cli", or kind and id of a principal: "user:…", "token:…", "operator:…". */
  readonly who: string;
  /** Lower case with dots: "plan.approve". */
  readonly action: string;
  readonly target: string;
  /** Values of secrets are masked when stored; null: there was nothing. */
  readonly before: unknown;
  readonly after: unknown;
  readonly at: Date;
}
export interface AuditEntry extends NewAuditEntry {
  readonly id: number;
  /** Name of who, where it is still known. */
  readonly whoName: string | null;
}
export interface AuditFilter {
  readonly connection: ConnectionId | 'all' | 'none';
  readonly who?: string | undefined;
  /** An action, or the part before its dot. */
  readonly action?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}
/** Append-only: entries go with their connection, and an erasure blanks a person in them. */
export interface AuditStore {
  add(entry: NewAuditEntry): Promise<void>;
  /** Newest first; `olderThan` is the id of the last entry of the page before. */
  list(
    filter: AuditFilter,
    page: { readonly limit: number; readonly olderThan?: number | undefined },
  ): Promise<AuditEntry[]>;
  /** Whoever did something to the connection, and what was done, each once. */
  known(connection: ConnectionId): Promise<{
    readonly who: readonly { readonly who: string; readonly name: string | null }[];
    readonly actions: readonly string[];
  }>;
  /** By who it is, e.g. `user:<id>`; whom we do not know is left out. */
  names(whos: ReadonlySet<string>): Promise<ReadonlyMap<string, string>>;
}
