import type { ApiToken, Membership, Person, SupportVisit } from '../store/access-stores.ts';
import type { OAuthGrantsStore } from '../store/oauth-stores.ts';
import type { Principal } from './principal.ts';

type Lent = NonNullable<Awaited<ReturnType<OAuthGrantsStore['useAccessToken']>>>;

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

/** A program that a person allowed to act for them: on its connection alone, and with what they may do there now. */
export function lentPrincipal(
  person: Person,
  memberships: readonly Membership[],
  { client, scopes }: { readonly client: Lent['client']; readonly scopes: Lent['scopes'] },
): Principal {
  const own = memberships.filter(({ connection }) => connection === client.connection);
  return { ...userPrincipal(person, own), client: { id: client.id, name: client.name }, scopes };
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

/**
 * Sees what the people of that connection see, changes nothing, and knows of no other. A page that stays open when the
 * time is up must not become that of an operator by itself: until they leave it, the session sees nothing at all.
 */
export function visitingPrincipal(operator: string, visit: SupportVisit, now: Date): Principal {
  const { id, connection, reason, until, endedAt } = visit;
  const isOver = endedAt !== null || until <= now;
  return {
    ...operatorPrincipal(operator),
    isOperator: false,
    roleOn: (asked) => (asked === connection && !isOver ? 'viewer' : null),
    visit: { id, connection, reason, until: endedAt ?? until, isOver },
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
