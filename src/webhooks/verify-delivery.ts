import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { InputError, SignatureError } from '../errors.ts';
import type { DeliveryBody } from '../store/webhook-stores.ts';

/** Is this really the notification of that channel, and what does it say? */

// Zoho names no most; a hundred was seen.
const MOST_IDS = 1_000;
// Only what we use. `operation` is insert, update or delete, unlike the words of the subscription.
const Notification = z.object({
  module: z.string().min(1).max(100),
  ids: z.array(z.string().regex(/^\d{1,20}$/)).max(MOST_IDS),
  operation: z.string().max(50).nullish(),
  token: z.string().nullish(),
  // One object a record: { id: [names] }. Only their names, and only to tell our own writes; another shape is none.
  affected_fields: z
    .array(z.record(z.string().max(20), z.array(z.string().max(100)).max(200)))
    .max(MOST_IDS)
    .nullish()
    .catch(null),
});

export interface VerifiedDelivery {
  /** The same notification twice gives the same key. */
  readonly key: string;
  readonly body: DeliveryBody;
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
  const { module, ids, operation, token, affected_fields: affected } = parsed.data;
  // Digests have one length, so that comparing tells nothing of the token's.
  if (!timingSafeEqual(digest(token ?? ''), digest(channel.token))) {
    throw new SignatureError('the notification does not carry the token of its channel');
  }
  const key = createHash('sha256').update(channel.channelId).update('\n').update(raw).digest('hex');
  const fields = Object.assign({}, ...(affected ?? [])) as Record<string, string[]>; // merged from such records
  return {
    key,
    body: {
      module,
      operation: operation ?? 'update',
      ids,
      ...(Object.keys(fields).length > 0 ? { fields } : {}),
    },
  };
}
