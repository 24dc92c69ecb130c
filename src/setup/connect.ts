import type { Clock } from '../clock.ts';
import type { Connection, ConnectionMode, Org } from '../domain.ts';
import { ConflictError, InputError, ZohoAuthError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Mapping } from '../rules.ts';
import type { NewConnection, Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { apiDomainOf, type HostPolicy, locationOf, requireTrusted } from '../zoho/hosts.ts';
import { fetchCurrentUser, fetchModules, fetchOrg } from '../zoho/metadata.ts';
import { exchangeCode, refreshAccessToken, revokeRefreshToken, type TokenGrant } from '../zoho/oauth.ts';
import { historyProblem } from '../zoho/stage-history.ts';
import type { StoredGrant } from '../zoho/tokens.ts';
import { clientOfGrant } from './grant-client.ts';
import { moduleAccess } from './module-access.ts';
import { judgeScopes, probeScopes, type ScopeAnswer } from './scopes.ts';

/** Links an org: a grant becomes a connection once we know whose org it opens and what it may do there. */

export interface ConnectDeps {
  readonly store: Pick<Store, 'connections' | 'ledger'>;
  readonly hosts: HostPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** What the org calls our modules. */
  readonly modules?: Mapping['modules'];
}
export interface ConnectInput {
  readonly name: string;
  /** Left out: manual for a new connection, unchanged for a known one. */
  readonly mode?: ConnectionMode | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accountsUrl: string;
  readonly refreshToken?: string | undefined;
  readonly grantCode?: string | undefined;
  /** The registered address of a server-based client; self-client codes have none. */
  readonly redirectUri?: string | undefined;
}
export interface ConnectResult {
  readonly connection: Connection;
  readonly org: Org;
  readonly scopes: ScopeAnswer;
  /** Modules that the org lacks or hides from this user, and users that are no administrators. */
  readonly warnings: readonly string[];
}

export const CONNECTION_NAME = /^[A-Za-z0-9][\w.-]{0,59}$/;

export async function connectOrg(deps: ConnectDeps, input: ConnectInput): Promise<ConnectResult> {
  const accountsUrl = requireTrusted(deps.hosts, input.accountsUrl, 'the accounts server');
  const grant = await fetchGrant(deps, { ...input, accountsUrl });
  const found = await inspectGrant(deps, { ...input, accountsUrl }, grant).catch(async (error: unknown) => {
    // A code was spent on a token that nobody keeps; left alive it would push out another one of this user.
    if (input.grantCode) await revokeRefreshToken(deps, { accountsUrl, refreshToken: grant.refreshToken });
    throw error;
  });
  const connection = await save(deps, found.existing, found.wanted);
  await deps.store.ledger.change(connection.id, deps.clock.now(), () => ({ spend: found.credits }));
  deps.log.info({ connection: connection.name, missing: found.scopes.missing }, 'org connected');
  return { connection, org: connection.org, scopes: found.scopes, warnings: found.warnings };
}

type KeptGrant = TokenGrant & { readonly refreshToken: string };

async function fetchGrant(deps: ConnectDeps, input: ConnectInput): Promise<KeptGrant> {
  if (!CONNECTION_NAME.test(input.name)) {
    throw new InputError(`"${input.name}" is no connection name; use letters, digits, dot, dash, underscore`);
  }
  const client = {
    clientId: input.clientId,
    clientSecret: input.clientSecret,
    accountsUrl: input.accountsUrl,
  };
  if (input.grantCode) {
    const redirect = input.redirectUri === undefined ? {} : { redirectUri: input.redirectUri };
    const grant = await exchangeCode(deps, { ...client, code: input.grantCode, ...redirect });
    if (grant.refreshToken !== null) return { ...grant, refreshToken: grant.refreshToken };
    throw new InputError(
      'Zoho gave no refresh token with this code, so access would end within the hour. Make a new self-client code, ' +
        'or let the consent page run with access_type=offline and prompt=consent, and connect again',
    );
  }
  if (input.refreshToken) {
    const grant = await refreshAccessToken(deps, { ...client, refreshToken: input.refreshToken });
    return { ...grant, refreshToken: input.refreshToken };
  }
  throw new InputError(
    'Give a refresh token (--refresh-token or ZOHO_REFRESH_TOKEN) or a self-client code (--grant-code or ZOHO_GRANT_CODE)',
  );
}

interface Inspected {
  readonly existing: Connection | null;
  readonly wanted: NewConnection;
  readonly scopes: ScopeAnswer;
  readonly warnings: readonly string[];
  readonly credits: number;
}

/** Whose org it is and what may be done there. Stores nothing. */
async function inspectGrant(deps: ConnectDeps, input: ConnectInput, grant: KeptGrant): Promise<Inspected> {
  const named = grant.apiDomain ?? apiDomainOf(input.accountsUrl);
  const apiDomain = requireTrusted(deps.hosts, named, 'api_domain');
  const opened = clientOfGrant(deps, { ...input, ...grant, apiDomain });
  const { org, user } = await identify(opened.client);
  const existing = await deps.store.connections.byName(input.name);
  if (existing && existing.org.id !== org.id) {
    throw new ConflictError(
      `Connection "${input.name}" belongs to ${existing.org.name} (${existing.org.id}), this grant opens ${org.name} ` +
        `(${org.id}); connect it under another --name, or remove the connection first`,
    );
  }
  const mode = input.mode ?? existing?.mode ?? 'manual';
  const scopes = grant.scopes
    ? judgeScopes(grant.scopes)
    : await probeScopes(opened.client, { mayWrite: mode !== 'read-only' });
  const warnings = [
    ...(user.isAdmin
      ? []
      : [`${user.name} is no administrator: hidden records and fields are silently left out`]),
    ...(await moduleWarnings(opened.client)),
    ...(await doubledOrg(deps, input.name, org)),
  ];
  const wanted = {
    name: input.name,
    accountsUrl: input.accountsUrl,
    location: locationOf(input.accountsUrl),
    clientId: input.clientId,
    clientSecret: input.clientSecret,
    ...tokensOf(opened.grant(), apiDomain),
    org,
    userId: user.id,
    scopes: scopes.granted,
    mode,
  };
  return { existing, wanted, scopes, warnings, credits: opened.client.usage().credits };
}

function tokensOf(
  grant: StoredGrant,
  apiDomain: string,
): Pick<NewConnection, 'apiDomain' | 'refreshToken' | 'accessToken' | 'expiresAt'> {
  return {
    apiDomain,
    refreshToken: grant.refreshToken,
    accessToken: grant.accessToken,
    expiresAt: grant.expiresAt,
  };
}

async function identify(
  client: ZohoClient,
): Promise<{ org: Org; user: Awaited<ReturnType<typeof fetchCurrentUser>> }> {
  try {
    return { org: await fetchOrg(client), user: await fetchCurrentUser(client) };
  } catch (error) {
    if (!(error instanceof ZohoAuthError) || !error.scope) throw error;
    throw new ZohoAuthError(
      'The grant lacks ZohoCRM.org.READ or ZohoCRM.users.READ, so its org and user cannot be told; ' +
        'connect again with all scopes of docs/scopes.md',
      { cause: error, scope: true },
    );
  }
}

async function moduleWarnings(client: ZohoClient): Promise<string[]> {
  try {
    const modules = await fetchModules(client);
    const hidden = historyProblem(modules);
    return [
      ...moduleAccess(modules).flatMap(({ module, problem }) =>
        problem === null ? [] : [`${module}: ${problem}`],
      ),
      ...(hidden === null ? [] : [`history of stages: ${hidden}; closing dates stand for it`]),
    ];
  } catch (error) {
    // Its missing scope is reported with the scopes.
    if (error instanceof ZohoAuthError && error.scope) return [];
    throw error;
  }
}

async function doubledOrg(deps: ConnectDeps, name: string, org: Org): Promise<string[]> {
  const others = (await deps.store.connections.list()).filter(
    (other) => other.org.id === org.id && other.name !== name,
  );
  return others.map((other) => `The same org is also connected as "${other.name}"; both would write to it`);
}

async function save(
  { store }: ConnectDeps,
  existing: Connection | null,
  input: NewConnection,
): Promise<Connection> {
  if (!existing) return store.connections.create(input);
  await store.connections.updateGrant(existing.id, input);
  await store.connections.updateOrg(existing.id, input);
  await store.connections.setMode(existing.id, input.mode);
  await store.connections.setState(existing.id, 'ready', null);
  const saved = await store.connections.byId(existing.id);
  if (!saved) throw new ConflictError(`Connection "${input.name}" was removed while it was being renewed`);
  return saved;
}
