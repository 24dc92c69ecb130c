import type { ApiToken, Membership, Person } from '../store/access-stores.ts';
import type { Principal } from './principal.ts';

/** What sessions and tokens make of their holders. */

export function userPrincipal({ id, name }: Person, memberships: readonly Membership[]): Principal {
  const roles = new Map(memberships.map(({ connection, role }) => [connection, role]));
  return {
    kind: 'user',
    id,
    name,
    isOperator: false,
    roleOn: (connection) => roles.get(connection) ?? null,
    scopes: null,
  };
}

export function operatorPrincipal(operator: string): Principal {
  return {
    kind: 'operator',
    id: operator,
    name: operator,
    isOperator: true,
    roleOn: () => 'admin',
    scopes: null,
  };
}

/** A token of the fleet stands for an operator; any other one for an administrator or viewer of its connections. */
export function tokenPrincipal({ id, name, scope, connections }: ApiToken): Principal {
  const role = scope === 'write' ? 'admin' : 'viewer';
  return {
    kind: 'token',
    id,
    name,
    isOperator: connections === 'fleet',
    roleOn: (connection) => (connections === 'fleet' || connections.includes(connection) ? role : null),
    scopes: scope === 'write' ? ['read', 'write'] : ['read'],
  };
}
