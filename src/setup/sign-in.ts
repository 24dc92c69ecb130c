import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ZohoAuthError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Person } from '../store/access-stores.ts';
import type { Store } from '../store/store.ts';
import { apiDomainOf, type HostPolicy, locationOf, requireTrusted } from '../zoho/hosts.ts';
import { fetchCurrentUser, fetchOrg } from '../zoho/metadata.ts';
import { exchangeCode, type OAuthClient } from '../zoho/oauth.ts';
import { clientOfGrant } from './grant-client.ts';

/** Who a browser is, by Zoho's word, and what that makes of them here. */

export interface Identity {
  /** Data centre: us, eu …; "custom" for the operator's own server. */
  readonly location: string;
  readonly orgId: string;
  readonly orgName: string;
  readonly userId: string;
  readonly name: string;
  readonly email: string | null;
  readonly isAdmin: boolean;
}
interface IdentifyDeps {
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Exchanges the code, asks who it is, and forgets the token: nothing of it is stored, and it lives an hour at most.
 * Throws ZohoAuthError when Zoho refuses the code or a scope.
 */
export async function identify(
  deps: IdentifyDeps,
  input: OAuthClient & { readonly accountsUrl: string; readonly code: string; readonly redirectUri: string },
): Promise<Identity> {
  const accountsUrl = requireTrusted(deps.hosts, input.accountsUrl, 'the accounts server');
  const grant = await exchangeCode(deps, { ...input, accountsUrl });
  const named = grant.apiDomain ?? apiDomainOf(accountsUrl);
  const apiDomain = requireTrusted(deps.hosts, named, 'api_domain');
  const { clientId, clientSecret } = input;
  // An online grant has no refresh token; a refusal of its access token is final.
  const { accessToken, expiresAt } = grant;
  const once = { accountsUrl, apiDomain, clientId, clientSecret, accessToken, expiresAt, refreshToken: '' };
  const { client } = clientOfGrant(deps, once);
  try {
    const org = await fetchOrg(client);
    const user = await fetchCurrentUser(client);
    return {
      location: locationOf(accountsUrl),
      orgId: org.id,
      orgName: org.name,
      userId: user.id,
      name: user.name,
      email: user.email,
      isAdmin: user.isAdmin,
    };
  } catch (error) {
    if (!(error instanceof ZohoAuthError)) throw error;
    throw new ZohoAuthError(
      'Zoho did not let us see who you are; sign in again and accept both permissions',
      {
        cause: error,
        scope: true,
      },
    );
  }
}

export type Admission =
  | { readonly status: 'admitted'; readonly person: Person; readonly connections: readonly Connection[] }
  | { readonly status: 'refused'; readonly why: 'org_unknown' | 'not_invited' };

/** Administrators of an org are administrators of its connections; others come by invitation. */
export async function admit(
  { store, clock }: { readonly store: Pick<Store, 'connections' | 'people'>; readonly clock: Clock },
  identity: Identity,
): Promise<Admission> {
  const { location, orgId, userId, name, email, isAdmin } = identity;
  const now = clock.now();
  const connections = (await store.connections.list()).filter(
    (one) => one.org.id === orgId && one.location === location,
  );
  if (connections.length === 0) return { status: 'refused', why: 'org_unknown' };

  const known = await store.people.ofUser({ location, orgId, userId });
  const wanted = new Map<string, 'admin' | 'viewer'>();
  for (const { id } of connections) {
    const invited = email === null ? null : await store.people.accept(id, email, now);
    if (isAdmin) wanted.set(id, 'admin');
    else if (invited) wanted.set(id, invited.role);
  }
  const held = known ? await store.people.membershipsOf(known.id) : [];
  for (const { connection, personId, origin } of held) {
    // Zoho says that they are an administrator no longer.
    if (origin === 'org_admin' && !isAdmin) await store.people.endMembership(connection, personId);
  }
  const kept = held.filter(({ origin }) => isAdmin || origin === 'invited');
  // Whoever may see nothing is not stored either.
  if (wanted.size === 0 && kept.length === 0) return { status: 'refused', why: 'not_invited' };

  const person = await store.people.signedIn({ location, orgId, userId, name }, now);
  for (const [connection, role] of wanted) {
    const origin = isAdmin ? 'org_admin' : 'invited';
    await store.people.setMembership({ connection, personId: person.id, role, origin }, now);
  }
  const mine = new Set([...wanted.keys(), ...kept.map(({ connection }) => connection)]);
  return { status: 'admitted', person, connections: connections.filter(({ id }) => mine.has(id)) };
}
