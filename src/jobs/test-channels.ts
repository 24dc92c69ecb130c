import { randomBytes } from 'node:crypto';
import type { Connection } from '../domain.ts';
import { AppError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from '../store/webhook-stores.ts';
import { type ChannelDeps, isOurs } from './channel-rows.ts';

/** What can be known of channels without writing into the org: Zoho's word, our own address, and what came through. */

interface ChannelTest {
  readonly module: Channel['module'];
  readonly channelId: string;
  readonly expiresAt: Date;
  readonly heardAt: Date | null;
  /** alive: something came through within a day; said: Zoho says that it stands; dead: it does not. */
  readonly state: 'alive' | 'said' | 'dead' | 'unknown';
  readonly message: string;
}
export interface ChannelsTest {
  /** Whether a POST to PUBLIC_URL comes to a server of ours, as seen from here; null: there is no PUBLIC_URL. */
  readonly reached: boolean | null;
  readonly reach: string;
  readonly channels: readonly ChannelTest[];
}

const PATIENCE_MS = 5_000;
const HEARD_LATELY_MS = 86_400_000;

/** A credit a channel. */
export async function testChannels(
  deps: ChannelDeps & { readonly store: { readonly channels: Pick<Store['channels'], 'of'> } },
  connection: Connection,
  publicUrl: string | null,
): Promise<ChannelsTest> {
  const { reached, reach } = await reachOf(publicUrl);
  const channels: ChannelTest[] = [];
  for (const row of await deps.store.channels.of(connection.id)) {
    const { module, channelId, expiresAt, heardAt } = row;
    channels.push({ module, channelId, expiresAt, heardAt, ...(await judged(deps, connection, row)) });
  }
  return { reached, reach, channels };
}

async function judged(
  deps: ChannelDeps,
  connection: Connection,
  row: Channel,
): Promise<Pick<ChannelTest, 'state' | 'message'>> {
  try {
    const shown = await deps.channelApi(connection).get(row.channelId);
    if (shown === null) return { state: 'dead', message: 'Zoho does not know it: zcv channels renew' };
    if (shown.notifyUrl !== null && !isOurs(row, shown.notifyUrl))
      return { state: 'dead', message: 'in Zoho it tells another address: zcv channels renew' };
    const missing = row.events.filter((event) => !shown.events.includes(event));
    if (missing.length > 0)
      return { state: 'dead', message: `in Zoho it does not tell of ${missing.join(', ')}` };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: 'unknown', message: error.message };
  }
  const silentMs = deps.clock.now().getTime() - (row.heardAt?.getTime() ?? 0);
  if (silentMs < HEARD_LATELY_MS) return { state: 'alive', message: 'something came through within a day' };
  const unheard = row.unheard > 0 ? `; syncs found ${row.unheard} changes that it had not told of` : '';
  return { state: 'said', message: `Zoho says that it stands; nothing came through within a day${unheard}` };
}

/**
 * The same path and method that Zoho uses, with a secret that cannot be right: a proxy that swallows it, or another
 * site at this address, answers otherwise than our server. From outside the network only Zoho, or a person, can try.
 */
async function reachOf(publicUrl: string | null): Promise<Pick<ChannelsTest, 'reached' | 'reach'>> {
  if (publicUrl === null) return { reached: null, reach: 'no PUBLIC_URL: changes are found by polling' };
  const url = `${publicUrl}/hooks/zoho/${randomBytes(32).toString('base64url')}`;
  try {
    const answer = await fetch(url, { method: 'POST', body: '{}', signal: AbortSignal.timeout(PATIENCE_MS) });
    const isProblem = answer.headers.get('content-type')?.includes('application/problem+json') === true;
    await answer.body?.cancel();
    if (answer.status === 404 && isProblem)
      return { reached: true, reach: `${publicUrl} leads to this service` };
    return {
      reached: false,
      reach: `${publicUrl}/hooks/… answered ${answer.status}, not as this service does: let the proxy hand /hooks/ on`,
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    return {
      reached: false,
      reach: `${publicUrl} cannot be reached from here (${why}); from outside it may be all the same`,
    };
  }
}
