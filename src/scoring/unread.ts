import type { TouchChannel, UnreadChannel, UnreadSign } from '../domain.ts';
import type { CustomerRows } from '../records.ts';
import type { ScoringRules } from '../rules.ts';

/** Channels whose contacts are not known: an answer that keeps silent about them would pretend. */

/** The same for every customer: switched off, without budget, or refused by the org (`refused`). */
export function unreadChannels(
  rules: ScoringRules['touches'],
  refused: readonly UnreadChannel[],
): readonly UnreadChannel[] {
  const chosen: UnreadChannel[] = [];
  if (rules.emails.creditsPerDay === 0) chosen.push({ channel: 'email', why: 'no_budget' });
  if (rules.notes === 'off') chosen.push({ channel: 'note', why: 'off' });
  const isChosen = (channel: TouchChannel) => chosen.some((one) => one.channel === channel);
  return [...chosen, ...refused.filter(({ channel }) => !isChosen(channel))];
}

/** E-mails are read customer by customer: some have had their turn and others not. */
export function unreadOf(
  { mailReadAt }: CustomerRows,
  everywhere: readonly UnreadChannel[],
): readonly UnreadChannel[] {
  if (mailReadAt !== null || everywhere.some(({ channel }) => channel === 'email')) return everywhere;
  return [...everywhere, { channel: 'email', why: 'not_yet' }];
}

const CHANNELS = ['call', 'meeting', 'task', 'case', 'email', 'note'] as const;

// Zoho's API lists neither the comments of a case nor its chats.
const NEVER = 'comment:no_list,chat:no_list';

/** As parameters of a reason: codes, joined by commas. */
export function channelParams(unread: readonly UnreadChannel[]): { read: string; unread: string } {
  const read = CHANNELS.filter((channel) => !unread.some((one) => one.channel === channel));
  const parts = unread.map(({ channel, why }) => `${channel}:${why}`);
  return { read: read.join(','), unread: [...parts, NEVER].join(',') };
}

/** Imported lines tell of products and payments too. */
export function unreadSignsOf(
  unread: readonly UnreadSign[],
  { imported }: CustomerRows,
): readonly UnreadSign[] {
  if (unread.length === 0 || imported === undefined || imported.purchases.length === 0) return unread;
  const hasPayments = imported.purchases.some(({ dueDay, paidDay }) => dueDay !== null && paidDay !== null);
  const hasProducts = imported.purchases.some(({ product }) => product !== null);
  return unread.filter(
    (sign) => !(sign === 'payments' && hasPayments) && !(sign === 'products' && hasProducts),
  );
}
