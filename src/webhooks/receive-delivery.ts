import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { NotFoundError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from '../store/webhook-stores.ts';
import type { DeliveryBuffer } from './delivery-buffer.ts';
import { verifyDelivery } from './verify-delivery.ts';

/** Secret → channel → verified → stored once. It enqueues and never works. */

export interface ReceiverDeps {
  readonly store: { readonly channels: Pick<Store['channels'], 'bySecretHash'> };
  readonly buffer: DeliveryBuffer;
  readonly clock: Clock;
}
export interface DeliveryReceiver {
  /** Throws NotFoundError when no channel has this secret. */
  channelOf(secret: string): Promise<Channel>;
  /** 'accepted': valid, but not yet on disk when Zoho's answer was due. 'refused': cannot be stored now. */
  receive(channel: Channel, raw: Buffer): Promise<'stored' | 'accepted' | 'refused'>;
}

const SECRET = /^[\w-]{43}$/;
// A burst of notifications of one channel costs one look-up; a channel that was removed is refused this much later.
const CHANNEL_CACHE_MS = 10_000;
const MAX_CACHED = 1_000;
/*
 * Zoho is to have its answer within 100 ms, and promises no second try. A slow disk is waited for this long;
 * after that the delivery is answered from memory, and should the process die, the next sync reads the same records.
 */
const ANSWER_WITHIN_MS = 70;

export function createDeliveryReceiver(deps: ReceiverDeps): DeliveryReceiver {
  const known = new Map<string, { channel: Channel; until: number }>();
  return {
    async channelOf(secret) {
      const notFound = new NotFoundError('there is nothing here');
      if (!SECRET.test(secret)) throw notFound;
      const hash = createHash('sha256').update(secret).digest('hex');
      const now = deps.clock.now().getTime();
      const cached = known.get(hash);
      if (cached && cached.until > now) return cached.channel;
      known.delete(hash);
      const channel = await deps.store.channels.bySecretHash(hash);
      if (!channel) throw notFound;
      if (known.size >= MAX_CACHED) known.clear();
      known.set(hash, { channel, until: now + CHANNEL_CACHE_MS });
      return channel;
    },
    async receive(channel, raw) {
      const delivery = verifyDelivery(channel, raw);
      const { connection, channelId } = channel;
      const answered = new AbortController();
      const accepted = () => 'accepted' as const;
      const outcome = await Promise.race([
        deps.buffer.add({ ...delivery, connection, channelId }),
        deps.clock.sleep(ANSWER_WITHIN_MS, answered.signal).then(accepted, accepted),
      ]);
      answered.abort();
      return outcome;
    },
  };
}
