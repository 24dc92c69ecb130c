import type { Clock } from '../clock.ts';
import { InputError } from '../errors.ts';
import type { ConnectLink } from '../store/access-stores.ts';
import type { Store } from '../store/store.ts';
import { accountsUrlOf } from '../zoho/hosts.ts';
import { CONNECTION_NAME } from './connect.ts';

export interface NewConnectLink {
  /** Of the connection that it makes, or of one that its owner is to renew. */
  readonly name: string;
  readonly days: number;
  /** us, eu, in …: where consent begins; as configured when left out. */
  readonly dataCentre?: string | undefined;
  /** The client's own OAuth client; as configured when left out. */
  readonly client?: { readonly clientId: string; readonly clientSecret: string } | undefined;
  readonly createdBy: string;
}

const DAY_MS = 86_400_000;

/** An address for a client of an agency. Throws InputError for a name or data centre that there is not. */
export async function newConnectLink(
  { store, clock }: { readonly store: Pick<Store, 'links'>; readonly clock: Clock },
  { name, days, dataCentre, client, createdBy }: NewConnectLink,
): Promise<{ readonly link: ConnectLink; readonly secret: string }> {
  if (!CONNECTION_NAME.test(name))
    throw new InputError(`"${name}" is no connection name; use letters, digits, dot, dash, underscore`);
  const accountsUrl = dataCentre === undefined ? null : accountsUrlOf(dataCentre);
  if (dataCentre !== undefined && accountsUrl === null)
    throw new InputError(`there is no data centre ${dataCentre}; take us, eu, in, au, jp, ca, sa, uk or cn`);
  const at = clock.now();
  const expiresAt = new Date(at.getTime() + days * DAY_MS);
  return store.links.addConnectLink({
    name,
    accountsUrl,
    client: client ?? null,
    createdBy,
    at,
    expiresAt,
  });
}
