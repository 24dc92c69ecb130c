import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type AccountClaims,
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import type { Clock } from '../../clock.ts';
import type { ConnectionId } from '../../domain.ts';
import type { Log } from '../../log.ts';
import { hashOf } from '../../store/access-secrets.ts';
import type { OAuthScope } from '../../store/oauth-stores.ts';
import type { Store } from '../../store/store.ts';
import { accessText, languageFrom } from '../../texts/access-pages.ts';
import { pageHtml } from '../page.ts';
import { createAdapter } from './provider-adapter.ts';

/**
 * oidc-provider as a plain OAuth 2 server: codes with PKCE for clients with a secret, opaque tokens, nothing else. It signs
 * nothing, so it has no keys, and it keeps no sign-in: who somebody is comes from our own session with each request.
 */

export interface OAuthProviderDeps {
  readonly store: Pick<Store, 'oauthClients' | 'oauthGrants' | 'people'>;
  readonly clock: Clock;
  readonly log: Log;
}
export interface OAuthProviderOptions {
  /** Where browsers and Zoho reach us, without a slash at the end. */
  readonly ownUrl: string;
  /** Of the sessions; the cookies of a consent under way are signed with a key made from it. */
  readonly sessionSecret: string;
}

export const SCOPES = ['read', 'inputs'] as const satisfies readonly OAuthScope[];
/** Beneath PUBLIC_URL. */
export const OAUTH_PATH = '/oauth';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
// RFC 6749 4.1.2 wants codes short-lived; Zoho fetches the token at once.
const CODE_S = 60;
const CONSENT_S = 600;
/** A refresh token that is not used for so long is over; each use brings a new one. */
const REFRESH_S = 90 * DAY_S;
/** However much it is used: then the person is asked anew. */
const GRANT_S = 365 * DAY_S;

interface NamesTokens {
  generateTokenId(): string;
}

/** Null: the person has no role there, whatever they had when they allowed it. */
export async function roleOf(
  { store }: { readonly store: Pick<Store, 'people'> },
  personId: string,
  connection: ConnectionId,
): Promise<'admin' | 'viewer' | null> {
  const memberships = await store.people.membershipsOf(personId);
  return memberships.find((one) => one.connection === connection)?.role ?? null;
}

export function createOAuthProvider(deps: OAuthProviderDeps, options: OAuthProviderOptions): Provider {
  const provider = new Provider(`${options.ownUrl}${OAUTH_PATH}`, configuration(deps, options));
  // PUBLIC_URL says how browsers come; the session before us has put that into the header that Koa believes.
  provider.proxy = options.ownUrl.startsWith('https:');
  Object.assign(provider.Client.prototype, {
    compareClientSecret(this: { readonly clientSecret: string }, given: string) {
      return timingSafeEqual(Buffer.from(this.clientSecret), Buffer.from(hashOf(given)));
    },
  });
  // The beginnings tell secret scanners, and our own log, whose they are.
  for (const [model, prefix] of [
    [provider.AccessToken, 'zcva_'],
    [provider.RefreshToken, 'zcvr_'],
    [provider.AuthorizationCode, 'zcvc_'],
  ] as const) {
    // The types leave out this method, which every model of the library has.
    const named = model.prototype as unknown as NamesTokens;
    const { generateTokenId } = named;
    named.generateTokenId = function (this: NamesTokens) {
      return `${prefix}${generateTokenId.call(this)}`;
    };
  }
  provider.on('server_error', (_ctx, err) => deps.log.error({ err }, 'OAuth request failed'));
  provider.use(async (ctx, next) => {
    await next();
    // RFC 9110 wants it with every 401, also where the secret came in the body.
    if (ctx.status === 401 && ctx.res.getHeader('WWW-Authenticate') === undefined) {
      ctx.set('WWW-Authenticate', `Basic realm="${provider.issuer}"`);
    }
  });
  return provider;
}

function configuration(
  deps: OAuthProviderDeps,
  { ownUrl, sessionSecret }: OAuthProviderOptions,
): Configuration {
  const cookie = { httpOnly: true, sameSite: 'lax', secure: ownUrl.startsWith('https:') } as const;
  const off = { enabled: false } as const;
  return {
    adapter: createAdapter(deps),
    scopes: SCOPES,
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    // Never left out, whatever RFC 6749 allows where only one is known.
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => true },
    jwks: { keys: [] },
    claims: {},
    clientDefaults: { id_token_signed_response_alg: 'HS256' },
    enabledJWA: { idTokenSigningAlgValues: ['HS256'] },
    routes: { authorization: '/authorize', token: '/token', revocation: '/revoke' },
    features: {
      devInteractions: off,
      userinfo: off,
      rpInitiatedLogout: off,
      pushedAuthorizationRequests: off,
      resourceIndicators: off,
      dPoP: off,
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
    },
    clientBasedCORS: () => false,
    cookies: {
      names: { session: 'zcv_oauth_none', interaction: 'zcv_oauth_ask', resume: 'zcv_oauth_resume' },
      keys: [createHmac('sha256', sessionSecret).update('cookies of the OAuth provider').digest('base64url')],
      long: cookie,
      short: cookie,
    },
    ttl: {
      AccessToken: HOUR_S,
      AuthorizationCode: CODE_S,
      RefreshToken: REFRESH_S,
      Grant: GRANT_S,
      Interaction: CONSENT_S,
      Session: CONSENT_S,
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    // Revoking any token of it ends all that was allowed.
    revokeGrantPolicy: () => true,
    findAccount: (ctx, id) => accountOf(deps, ctx, id),
    loadExistingGrant: async ({ oidc }) => {
      const id = oidc.result?.consent?.grantId;
      return id === undefined ? undefined : oidc.provider.Grant.find(id);
    },
    interactions: {
      policy: policyWithScopes(),
      url: (_ctx, { uid }) => `${ownUrl}${OAUTH_PATH}/consent/${uid}`,
    },
    renderError,
  };
}

/** Whoever has lost the role gets no token for it, neither for a code nor for a refresh token. */
async function accountOf(deps: OAuthProviderDeps, ctx: KoaContextWithOIDC, id: string) {
  const client = ctx.oidc.client && (await deps.store.oauthClients.byId(ctx.oidc.client.clientId));
  if (!client || (await roleOf(deps, id, client.connection)) === null) return undefined;
  return { accountId: id, claims: async (): Promise<AccountClaims> => ({ sub: id }) };
}

/** oidc-provider passes over scopes that it does not know; whoever asks for them is told. */
function policyWithScopes() {
  const policy = interactionPolicy.base();
  const { Check } = interactionPolicy;
  policy.get('login')?.checks.add(
    new Check('known_scopes', 'the scopes are known', ({ oidc, query }) => {
      // As it came: what the library makes of it lacks those that it does not know. On the way back there is no query.
      const asked = String(query.scope ?? oidc.params?.scope ?? '')
        .split(' ')
        .filter(Boolean);
      const strange = asked.find((scope) => !SCOPES.some((known) => known === scope));
      if (strange !== undefined) throw new errors.InvalidScope('there is no such scope', strange);
      if (asked.length === 0) throw new errors.InvalidScope(`say which scope: ${SCOPES.join(', ')}`, '');
      return Check.NO_NEED_TO_PROMPT;
    }),
    0,
  );
  return policy;
}

/** What cannot be told to the client, because nobody knows whether the address is one of it. */
const renderError: NonNullable<Configuration['renderError']> = (ctx, out) => {
  const language = languageFrom(ctx.get('accept-language'));
  ctx.type = 'html';
  ctx.set('Cache-Control', 'no-store');
  ctx.body = pageHtml({
    title: accessText(language, 'oauth_refused'),
    lines: [accessText(language, 'oauth_refused_why'), `${out.error}: ${out.error_description ?? ''}`],
    language,
  });
};
