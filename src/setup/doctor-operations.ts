import type { Connection } from '../domain.ts';
import { dailyCredits } from '../zoho/governor.ts';
import type { Check, DoctorDeps } from './check.ts';

/** What doctor reads from our own books: notification channels and API credits. */

const DAY_MS = 86_400_000;

export async function checkChannels(deps: DoctorDeps, connection: Connection): Promise<Check[]> {
  const channels = await deps.store.channels.of(connection.id);
  const now = deps.clock.now();
  if (channels.length === 0) {
    if (deps.publicUrl === null) {
      const message = 'No PUBLIC_URL, so Zoho cannot notify us: changes are found by polling';
      return [{ id: 'channels', status: 'ok', message, repair: null }];
    }
    const message = 'Zoho notifies us of nothing yet: changes are found by polling';
    const repair = 'Let zcv serve run with PUBLIC_URL; it opens the channel';
    return [{ id: 'channels', status: 'warn', message, repair }];
  }
  return channels.map((channel): Check => {
    const until = channel.expiresAt.toISOString();
    const what = `Channel ${channel.channelId} for ${channel.events.join(', ')}`;
    if (channel.expiresAt > now) {
      return { id: 'channels', status: 'ok', message: `${what} lives until ${until}`, repair: null };
    }
    const repair = 'Let zcv serve run: it opens the channel again and reads what was missed';
    return { id: 'channels', status: 'fail', message: `${what} ended at ${until}`, repair };
  });
}

const SCARCE_SHARE = 0.8;

export async function checkCredits(deps: DoctorDeps, connection: Connection): Promise<Check> {
  const { edition, users } = connection.org;
  const now = deps.clock.now();
  const allowed = Math.floor((dailyCredits(edition, users) * deps.settings.creditCeilingPercent) / 100);
  const spent = await deps.store.ledger.spentSince(connection.id, new Date(now.getTime() - DAY_MS));
  const message = `${spent} of ${allowed} credits spent in the last 24 hours (${deps.settings.creditCeilingPercent} % of what the edition ${edition} has)`;
  if (spent < allowed * SCARCE_SHARE) return { id: 'credits', status: 'ok', message, repair: null };
  return {
    id: 'credits',
    status: spent < allowed ? 'warn' : 'fail',
    message,
    repair:
      'Credits come back 24 hours after they were spent; or raise credits.ceilingPercent in fields.yaml',
  };
}
