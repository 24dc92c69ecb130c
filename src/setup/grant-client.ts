import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Mapping } from '../rules.ts';
import { createZohoClient, type ZohoClient } from '../zoho/client.ts';
import type { CreditLedger } from '../zoho/credit-account.ts';
import { Governor } from '../zoho/governor.ts';
import type { HostPolicy } from '../zoho/hosts.ts';
import { withOrgNames } from '../zoho/org-names.ts';
import { type StoredGrant, TokenSource, type TokenStore } from '../zoho/tokens.ts';

/** A client for a grant that no connection holds yet: nothing of it is stored until the org behind it is known. */

const UNSAVED = 'unsaved';
/** Connecting takes about twenty calls; this stops a loop, not a connection. */
const MOST_CREDITS = 200;

export interface GrantClient {
  readonly client: ZohoClient;
  /** The grant as it stands: a refresh during the checks replaced its access token. */
  readonly grant: () => StoredGrant;
}

export function clientOfGrant(
  deps: { hosts: HostPolicy; clock: Clock; log: Log; modules?: Mapping['modules'] },
  grant: StoredGrant,
): GrantClient {
  let current = grant;
  const store: TokenStore = {
    grant: async () => current,
    acquireRefreshLease: async () => true,
    releaseRefreshLease: async () => {},
    markReconnectNeeded: async () => {},
    saveAccessToken: async (_connection, token) => {
      current = { ...current, ...token, apiDomain: token.apiDomain ?? current.apiDomain };
    },
  };
  const tokens = new TokenSource({ ...deps, store }, UNSAVED);
  const governor = new Governor(
    { ledger: memoryLedger(), clock: deps.clock, log: deps.log },
    { connection: UNSAVED, ceiling: MOST_CREDITS },
  );
  const client = createZohoClient({ ...deps, tokens, governor });
  return {
    client: deps.modules ? withOrgNames(client, deps.modules) : client,
    grant: () => current,
  };
}

/** Counts, so that a loop ends; the ledger of the connection is told once there is one. */
function memoryLedger(): CreditLedger {
  let spent = 0;
  const account = async () => ({ spent, balance: null, parking: null, buckets: async () => [] });
  return {
    account,
    change: async (_connection, _at, decide) => {
      const { spend = 0 } = await decide(await account());
      spent += spend;
    },
  };
}
