import { type Adapter, type AdapterFactory, type AdapterPayload, errors } from 'oidc-provider';
import type { Clock } from '../../clock.ts';
import type { OAuthTokenKind } from '../../store/oauth-stores.ts';
import type { Store } from '../../store/store.ts';

/**
 * What oidc-provider remembers, in our store. Ids are what is handed out, so they are looked up by their hash and the stored
 * payload does not repeat them. How long something is good is judged by our clock.
 */

export interface AdapterDeps {
  readonly store: Pick<Store, 'oauthClients' | 'oauthGrants'>;
  readonly clock: Clock;
}

export function createAdapter(deps: AdapterDeps): AdapterFactory {
  return (model) => {
    switch (model) {
      case 'Client':
        return adapterOf({ find: (id) => clientOf(deps, id) });
      case 'Grant':
        return grants(deps);
      case 'Interaction':
        return requests(deps);
      case 'AuthorizationCode':
      case 'AccessToken':
      case 'RefreshToken':
        return tokens(deps, model);
      default:
        // Sessions among them: who is signed in is known by our own session alone, and asked anew with each request.
        return adapterOf({});
    }
  };
}

function adapterOf(parts: Partial<Adapter>): Adapter {
  const nothing = async () => undefined;
  return {
    upsert: nothing,
    find: nothing,
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    destroy: nothing,
    revokeByGrantId: nothing,
    ...parts,
  };
}

/** `client_secret` holds the hash; how a secret is compared with it is said where the provider is made. */
async function clientOf({ store }: AdapterDeps, id: string): Promise<AdapterPayload | undefined> {
  const client = await store.oauthClients.byId(id);
  if (client === null) return undefined;
  return {
    client_id: client.id,
    client_name: client.name,
    client_secret: client.secretHash,
    redirect_uris: [...client.redirectUris],
    scope: client.scopes.join(' '),
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
  };
}

function expiry({ clock }: AdapterDeps, expiresInS = 0): Date {
  return new Date(clock.now().getTime() + expiresInS * 1_000);
}

function withoutId({ jti: _id, ...payload }: AdapterPayload): AdapterPayload {
  return payload;
}
function withId(id: string, data: unknown): AdapterPayload {
  return { ...(data as AdapterPayload), jti: id }; // stored by this adapter only
}

function grants(deps: AdapterDeps): Adapter {
  const { store, clock } = deps;
  return adapterOf({
    async upsert(id, payload, expiresInS) {
      const { clientId = '', accountId = '' } = payload;
      const grant = { id, client: clientId, personId: accountId, expiresAt: expiry(deps, expiresInS) };
      await store.oauthGrants.saveGrant({ ...grant, data: withoutId(payload) }, clock.now());
    },
    async find(id) {
      const grant = await store.oauthGrants.grant(id, clock.now());
      return grant === null ? undefined : withId(id, grant.data);
    },
    destroy: (id) => store.oauthGrants.removeGrant(id),
  });
}

function requests(deps: AdapterDeps): Adapter {
  const { store, clock } = deps;
  return adapterOf({
    async upsert(id, payload, expiresInS) {
      const client = String(payload.params?.client_id ?? '');
      const request = { secret: id, client, data: withoutId(payload) };
      await store.oauthGrants.saveRequest({ ...request, expiresAt: expiry(deps, expiresInS) });
    },
    async find(id) {
      const request = await store.oauthGrants.request(id, clock.now());
      return request === null ? undefined : withId(id, request.data);
    },
    destroy: (id) => store.oauthGrants.removeRequest(id),
  });
}

function tokens(deps: AdapterDeps, kind: OAuthTokenKind): Adapter {
  const { clock } = deps;
  const store = deps.store.oauthGrants;
  return adapterOf({
    async upsert(secret, payload, expiresInS) {
      const { grantId: grant = '', scope = '' } = payload;
      const expiresAt = expiry(deps, expiresInS);
      await store.saveToken({ kind, secret, grant, scope, data: withoutId(payload), expiresAt });
    },
    async find(secret) {
      const token = await store.token(kind, secret);
      if (token === null) return undefined;
      const payload = withId(secret, token.data);
      if (token.consumedAt === null) return token.expiresAt > clock.now() ? payload : undefined;
      // However late it comes again: somebody else may have it, so it must end the grant rather than be told expired.
      const { exp: _exp, ...lasting } = payload;
      return { ...lasting, consumed: Math.floor(token.consumedAt.getTime() / 1_000) };
    },
    async consume(secret) {
      if (await store.consumeToken(kind, secret, clock.now())) return;
      // Two came at once, and the other one was sooner.
      const token = await store.token(kind, secret);
      const grant = token && withId(secret, token.data).grantId;
      if (grant) await store.removeGrant(grant);
      throw new errors.InvalidGrant('it was used already');
    },
    destroy: (secret) => store.removeToken(kind, secret),
    revokeByGrantId: (grant) => store.removeTokens(kind, grant),
  });
}
