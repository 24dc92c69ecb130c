import type { Connection } from '../domain.ts';
import { ConfigError } from '../errors.ts';
import type { ConnectLink } from '../store/access-stores.ts';
import type { Store } from '../store/store.ts';
import { locationOf } from '../zoho/hosts.ts';
import type { OAuthClient } from '../zoho/oauth.ts';

/** Which OAuth client speaks for us: the configured one, or one that a connection or a link brings along. */

export interface ConfiguredClient {
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** Secrets of single data centres, by location. */
  readonly secretByLocation: { readonly [location: string]: string };
}

/** The configured client of a data centre: its own secret where it has one. Throws ConfigError that says what to set. */
export function configuredClient(configured: ConfiguredClient, accountsUrl: string): OAuthClient {
  const { clientId } = configured;
  const clientSecret = configured.secretByLocation[locationOf(accountsUrl)] ?? configured.clientSecret;
  if (clientId !== null && clientSecret !== null) return { clientId, clientSecret };
  const missing = [
    ...(clientId === null ? ['ZOHO_CLIENT_ID'] : []),
    ...(clientSecret === null ? ['ZOHO_CLIENT_SECRET'] : []),
  ];
  throw new ConfigError(
    `to connect, set ${missing.join(' and ')} to your client of the Zoho API console (see .env.example)`,
  );
}

/** The client of a consent: of its link, of the connection that is renewed, or null for the configured one. */
export async function ownClient(
  { store, configured }: { readonly store: Pick<Store, 'tokens'>; readonly configured: ConfiguredClient },
  { link, existing }: { readonly link: ConnectLink | null; readonly existing: Connection | null },
): Promise<OAuthClient | null> {
  if (link?.client) return link.client;
  if (existing === null || existing.clientId === configured.clientId) return null;
  const { clientId, clientSecret } = await store.tokens.grant(existing.id);
  return { clientId, clientSecret };
}
