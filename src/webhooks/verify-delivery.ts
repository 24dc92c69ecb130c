import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { InputError, SignatureError } from '../errors.ts';

/** Is this really the notification of that channel, and what does it say? */

// Only what we use. `operation` is insert, update or delete, unlike the words of the subscription.
const Notification = z.object({
  module: z.string().min(1).max(100),
  ids: z.array(z.string().regex(/^\d{1,20}$/)).max(1_000),
  operation: z.string().max(50).nullish(),
  token: z.string().nullish(),
});

export interface VerifiedDelivery {
  /** The same notification twice gives the same key. */
  readonly key: string;
  readonly body: { readonly module: string; readonly operation: string; readonly ids: string[] };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch (cause) {
    throw new InputError('the notification is no JSON', { cause });
  }
}

/** Throws InputError on a body we cannot read, SignatureError on a wrong token. Neither message quotes the body. */
export function verifyDelivery(
  channel: { readonly channelId: string; readonly token: string },
  raw: Buffer,
): VerifiedDelivery {
  const parsed = Notification.safeParse(parse(raw));
  if (!parsed.success) {
    const paths = parsed.error.issues.map((issue) => issue.path.join('.') || 'body');
    throw new InputError(`the notification has another shape than Zoho's: ${[...new Set(paths)].join(', ')}`);
  }
  const { module, ids, operation, token } = parsed.data;
  // Digests have one length, so that comparing tells nothing of the token's.
  if (!timingSafeEqual(digest(token ?? ''), digest(channel.token))) {
    throw new SignatureError('the notification does not carry the token of its channel');
  }
  const key = createHash('sha256').update(channel.channelId).update('\n').update(raw).digest('hex');
  return { key, body: { module, operation: operation ?? 'update', ids } };
}
