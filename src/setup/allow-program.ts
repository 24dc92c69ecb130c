import type { Clock } from '../clock.ts';
import type { ConnectionId } from '../domain.ts';
import { ConflictError, InputError } from '../errors.ts';
import type { OAuthClient, OAuthScope } from '../store/oauth-stores.ts';
import type { Store } from '../store/store.ts';

interface NewProgram {
  readonly connection: ConnectionId;
  /** As people read it when they are asked. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly scopes: readonly OAuthScope[];
  readonly createdBy: string;
}

const LONGEST_NAME = 80;
const LONGEST_URI = 500;
const MOST_URIS = 5;

/** A program that may ask people for access to one connection. Throws InputError and ConflictError. */
export async function allowProgram(
  { store, clock }: { readonly store: Pick<Store, 'oauthClients'>; readonly clock: Clock },
  input: NewProgram,
): Promise<{ readonly client: OAuthClient; readonly secret: string }> {
  const name = input.name.trim();
  if (name === '' || name.length > LONGEST_NAME)
    throw new InputError(`the name has 1 to ${LONGEST_NAME} characters`);
  const redirectUris = [...new Set(input.redirectUris)];
  if (redirectUris.length === 0 || redirectUris.length > MOST_URIS)
    throw new InputError(`1 to ${MOST_URIS} addresses that people are sent back to`);
  for (const uri of redirectUris) requireAddress(uri);
  const at = clock.now();
  const known = await store.oauthClients.list({ connection: input.connection }, at);
  // People tell programs apart by their names when they are asked.
  if (known.some((one) => one.name === name))
    throw new ConflictError(`there is a program "${name}" already; remove it first, or take another name`);
  return store.oauthClients.add({ ...input, name, redirectUris, at });
}

/** It is compared letter by letter, so what a browser would change must not be in it. */
function requireAddress(uri: string): void {
  const url = URL.canParse(uri) ? new URL(uri) : null;
  const isHere = url?.protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(url.hostname);
  if (url === null || uri.length > LONGEST_URI || !(url.protocol === 'https:' || isHere))
    throw new InputError(`"${uri}" is no address to send people back to: https, as the program names it`);
  if (
    url.hash !== '' ||
    uri.includes('#') ||
    url.username !== '' ||
    url.password !== '' ||
    /[\s*\\]/.test(uri)
  )
    throw new InputError(`"${uri}": without #, user, password, spaces and *`);
}
