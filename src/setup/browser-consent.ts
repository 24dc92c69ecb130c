import type { Clock } from '../clock.ts';
import type { ConnectionMode } from '../domain.ts';
import type { Log } from '../log.ts';
import type { ConnectLink } from '../store/access-stores.ts';
import type { Store } from '../store/store.ts';
import type { HostPolicy } from '../zoho/hosts.ts';
import { consentUrl, OPTIONAL_SCOPES, REQUIRED_SCOPES, signInUrl } from '../zoho/oauth.ts';
import type { ConnectResult } from './connect.ts';
import { type ConfiguredClient, configuredClient, ownClient } from './oauth-client.ts';
import { type Identity, identify } from './sign-in.ts';

/** What a browser does at Zoho on our behalf: consents to a connection, or says who it is. */

export interface BrowserConsentDeps {
  readonly store: Pick<Store, 'connections' | 'tokens'>;
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly configured: ConfiguredClient & { readonly accountsUrl: string };
  readonly connect: (input: {
    readonly name: string;
    readonly mode?: ConnectionMode;
    readonly accountsUrl: string;
    readonly client?: { readonly clientId: string; readonly clientSecret: string };
    readonly grantCode: string;
    readonly redirectUri: string;
  }) => Promise<ConnectResult>;
}

/** Where Zoho sends the browser, and the code it brings. */
export interface Returned {
  readonly code: string;
  /** Null: Zoho named none, so consent was given where it began. */
  readonly accountsServer: string | null;
  readonly redirectUri: string;
}
interface Consent {
  readonly name: string;
  readonly link: ConnectLink | null;
}
interface AskedScope {
  readonly scope: string;
  readonly why: string;
  readonly breaks: string;
}
export interface BrowserConsent {
  /** What a connection asks for, and what does not work without. */
  readonly scopes: readonly AskedScope[];
  /** Zoho's consent page. Throws ConfigError when no OAuth client is configured. */
  connectUrl(input: Consent & { readonly redirectUri: string; readonly state: string }): Promise<string>;
  /** A connection that a link makes is read-only until somebody here says otherwise. */
  connect(input: Consent & Returned): Promise<ConnectResult>;
  signInUrl(input: { readonly redirectUri: string; readonly state: string }): string;
  identify(input: Returned): Promise<Identity>;
  isAccountsServer(url: string): boolean;
}

export function browserConsent(deps: BrowserConsentDeps): BrowserConsent {
  const { store, configured } = deps;
  const startOf = async ({ name, link }: Consent) => {
    const existing = await store.connections.byName(name);
    const accountsUrl = link?.accountsUrl ?? existing?.accountsUrl ?? configured.accountsUrl;
    return { existing, accountsUrl, client: await ownClient(deps, { link, existing }) };
  };
  return {
    scopes: REQUIRED_SCOPES,
    async connectUrl({ redirectUri, state, ...consent }) {
      const { accountsUrl, client } = await startOf(consent);
      const { clientId } = client ?? configuredClient(configured, accountsUrl);
      const scopes = [...REQUIRED_SCOPES.map(({ scope }) => scope), ...OPTIONAL_SCOPES];
      return consentUrl({ accountsUrl, clientId, redirectUri, scopes, state });
    },
    async connect({ code, accountsServer, redirectUri, ...consent }) {
      const { existing, accountsUrl, client } = await startOf(consent);
      return deps.connect({
        name: consent.name,
        accountsUrl: accountsServer ?? accountsUrl,
        grantCode: code,
        redirectUri,
        ...(client ? { client } : {}),
        ...(consent.link && !existing ? { mode: 'read-only' as const } : {}),
      });
    },
    signInUrl: ({ redirectUri, state }) => {
      const { accountsUrl } = configured;
      const { clientId } = configuredClient(configured, accountsUrl);
      return signInUrl({ accountsUrl, clientId, redirectUri, state });
    },
    identify: ({ code, accountsServer, redirectUri }) => {
      const accountsUrl = accountsServer ?? configured.accountsUrl;
      const client = configuredClient(configured, accountsUrl);
      return identify(deps, { ...client, accountsUrl, code, redirectUri });
    },
    isAccountsServer: (url) => deps.hosts.isAccountsServer(url),
  };
}
