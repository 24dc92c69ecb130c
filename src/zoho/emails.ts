import type { CustomerKey } from '../domain.ts';
import type { ZohoClient } from './client.ts';
import { isObject } from './json.ts';
import { listIn } from './rows.ts';
import { MailAnswer } from './schemas.ts';
import { instantOf } from './values.ts';

/** The e-mails of one record: the related list is the only way to them, at a credit for every ten. */

export interface Mail {
  readonly messageId: string;
  readonly subject: string;
  readonly at: Date;
  readonly isInbound: boolean;
}
export interface MailPage {
  readonly mails: readonly Mail[];
  /** Null: there are no more. */
  readonly nextIndex: string | null;
}
export interface MailQuery {
  /** Left out: whatever Zoho shows by default; `user_emails` are those of people's own mailboxes. */
  readonly type?: 'user_emails';
  readonly index?: string;
}

const NOT_SENT_YET = /draft|scheduled/i;

/** Newest first, ten a page. What cannot be read, or was never sent, is left out. */
export async function listEmails(client: ZohoClient, key: CustomerKey, query: MailQuery): Promise<MailPage> {
  const path = `/crm/v8/${encodeURIComponent(key.module)}/${encodeURIComponent(key.id)}/Emails`;
  const { body } = await client.request({
    method: 'GET',
    path,
    query: {
      ...(query.type === undefined ? {} : { type: query.type }),
      ...(query.index === undefined ? {} : { index: query.index }),
    },
    credits: client.prices.emailsPage,
  });
  const mails = listIn(body, 'Emails', 'the e-mails of a record').flatMap(mailOf);
  const info = isObject(body) && isObject(body.info) ? body.info : {};
  const next = info.next_index;
  const isMore = info.more_records === true && (typeof next === 'string' || typeof next === 'number');
  return { mails, nextIndex: isMore && next !== '' ? String(next) : null };
}

function mailOf(row: Record<string, unknown>): Mail[] {
  const parsed = MailAnswer.safeParse(row);
  if (!parsed.success) return [];
  const { message_id: messageId, subject, time, sent_time: sentTime, sent, status } = parsed.data;
  const at = instantOrNull(time) ?? instantOrNull(sentTime);
  const types = status.map(({ type }) => type);
  const isUnsent =
    types.some((type) => NOT_SENT_YET.test(type)) && !types.some((type) => /^sent$/i.test(type));
  if (at === null || isUnsent) return [];
  // Only a plain "not sent by us" is the customer's own: anything less must not close a gap.
  return [{ messageId, subject, at, isInbound: sent === false }];
}

function instantOrNull(value: unknown): Date | null {
  try {
    return instantOf(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
