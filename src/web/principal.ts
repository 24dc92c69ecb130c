import type { Request } from 'express';
import type { ConnectionId } from '../domain.ts';

/** Who calls, what they may do, and what the app hands the API to find out and to remember it. */

type Role = 'admin' | 'viewer';
type TokenScope = 'read' | 'write' | 'inputs';

export interface Principal {
  /** `user`: signed in, by a session cookie. `operator`: a session of whoever runs the service. */
  readonly kind: 'user' | 'token' | 'operator';
  readonly id: string;
  readonly name: string;
  readonly isOperator: boolean;
  /** Null: it may not even know that there is such a connection. */
  roleOn(connection: ConnectionId): Role | null;
  /** Of an operator who looks at one connection to help its people; left out: none. It outlasts its end until they leave it. */
  readonly visit?: {
    readonly id: string;
    readonly connection: ConnectionId;
    readonly reason: string;
    readonly until: Date;
    readonly isOver: boolean;
  };
  /** Of a person for whom a program asks with a token that they allowed it; left out: they ask themselves. */
  readonly client?: { readonly id: string; readonly name: string };
  /** Null: not restricted. */
  readonly scopes: readonly TokenScope[] | null;
}

export interface AuditEntry {
  readonly connection: ConnectionId | null;
  /** `kind:id` of the principal; its name is looked up when the log is read. */
  readonly who: string;
  /** E.g. `connection.set`, as the command line names it; else method and path of the route. */
  readonly action: string;
  readonly target: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly at: Date;
}

export interface ApiGuards {
  /** Null: nobody that we know. */
  authenticate(req: Request): Promise<Principal | null>;
  /** Throws ForbiddenError when a write with a session does not carry the proof that our own page sent it. */
  checkCsrf(req: Request, principal: Principal): void;
  audit(entry: AuditEntry): Promise<void>;
}

export const SESSION_COOKIE = 'zcv_session';
export const CSRF_HEADER = 'x-csrf-token';
