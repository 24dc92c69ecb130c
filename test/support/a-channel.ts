import type { Channel } from '../../src/store/webhook-stores.ts';

/** A channel of deals that lives for a week from `createdAt` on. */
export function aChannel(part: Partial<Channel> = {}): Channel {
  const createdAt = part.createdAt ?? new Date('2026-06-10T08:00:00Z');
  return {
    connection: 'c1',
    channelId: '9',
    module: 'Deals',
    part: 0,
    generation: 0,
    events: ['Deals.edit'],
    fields: ['Stage'],
    conditioned: true,
    token: 'right-token',
    secretHash: 'hash',
    notifyUrl: 'https://cv.test/hooks/zoho',
    expiresAt: new Date(createdAt.getTime() + 7 * 86_400_000),
    createdAt,
    heardAt: null,
    checkedAt: null,
    unheard: 0,
    ...part,
  };
}
