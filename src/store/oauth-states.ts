import type { Db } from '../db.ts';
import { hashOf, newSecret } from './access-secrets.ts';
import type { OAuthState, OAuthStatesStore } from './access-stores.ts';
import { fromJson, toJson } from './rows.ts';

/** In the store, not in memory: the way back from Zoho may reach another server, or this one after a restart. */
export function oauthStatesStore(db: Db): OAuthStatesStore {
  const { kysely } = db;
  return {
    async begin({ kind, details, expiresAt, now }) {
      await kysely.deleteFrom('oauth_states').where('expires_at', '<=', now).execute();
      const [state, browserKey] = [newSecret(), newSecret()];
      await kysely
        .insertInto('oauth_states')
        .values({
          state_hash: hashOf(state),
          kind,
          browser_hash: hashOf(browserKey),
          details: toJson(details),
          expires_at: expiresAt,
        })
        .execute();
      return { state, browserKey };
    },
    async redeem(state, browserKey, now) {
      // Deleting is the claim: of two that come at once one gets the row.
      const row = await kysely
        .deleteFrom('oauth_states')
        .where('state_hash', '=', hashOf(state))
        .returningAll()
        .executeTakeFirst();
      if (!row || row.expires_at <= now || row.browser_hash !== hashOf(browserKey)) return null;
      // Written from an OAuthState only.
      return { kind: row.kind as OAuthState['kind'], details: fromJson(row.details) };
    },
  };
}
