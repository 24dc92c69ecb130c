import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { AppError, InputError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { disableChannels } from '../zoho/notifications.ts';
import { revokeRefreshToken } from '../zoho/oauth.ts';

export interface DisconnectDeps {
  readonly store: Pick<Store, 'connections' | 'tokens' | 'channels'>;
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The token is deleted here in any case; only its owner can end it at Zoho now. */
function byHand(accountsUrl: string, clientId: string): string {
  return (
    `Zoho could not be reached to revoke the access. To end it, the user who consented opens ${accountsUrl}/home, ` +
    `Sessions, Connected Applications, and removes the application with client id ${clientId}`
  );
}

/** What a copy shares with the database that it was made from is not its own to end. Throws InputError. */
function requireNoStandby({ name, state }: Connection): void {
  if (state !== 'standby') return;
  throw new InputError(
    `${name} stands by in a copy, and its grant is that of the original; delete the database instead, or first: zcv restore --activate`,
  );
}

/**
 * Ends the notifications, revokes the refresh token and deletes the connection with all its rows.
 * What Zoho refuses or does not answer is named and does not keep the connection: the token may be long dead.
 */
export async function disconnectOrg(
  deps: DisconnectDeps,
  connection: Connection,
): Promise<{ channels: number; revoked: boolean; problems: string[] }> {
  requireNoStandby(connection);
  const problems: string[] = [];
  const attempt = async (what: string, act: () => Promise<void>): Promise<boolean> => {
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      deps.log.warn({ err: error, connection: connection.name }, what);
      problems.push(`${what}: ${error.message}`);
      return false;
    }
  };
  let channels = 0;
  for (const channel of await deps.store.channels.of(connection.id)) {
    const ended = await attempt(`channel ${channel.channelId} was not ended`, async () => {
      await disableChannels(await deps.zohoFor(connection), [channel.channelId]);
    });
    if (ended) channels += 1;
  }
  let revoked = false;
  await attempt('the refresh token was not revoked', async () => {
    const grant = await deps.store.tokens.grant(connection.id);
    const outcome = await revokeRefreshToken(deps, {
      accountsUrl: grant.accountsUrl,
      refreshToken: grant.refreshToken,
    });
    revoked = outcome !== 'unreachable';
    if (!revoked) problems.push(byHand(grant.accountsUrl, grant.clientId));
  });
  await deps.store.connections.remove(connection.id);
  return { channels, revoked, problems };
}
