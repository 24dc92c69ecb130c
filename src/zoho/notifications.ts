import { zohoInstant } from '../clock.ts';
import { ZohoContractError, ZohoRejectedError } from '../errors.ts';
import { isSuccess, problemOf } from './answers.ts';
import type { ZohoClient, ZohoRequest } from './client.ts';
import { isObject } from './json.ts';
import { listIn } from './rows.ts';
import { instantOf, textOf } from './values.ts';

/** Channels through which Zoho tells us of changes. They expire within a week and are chosen by us. */

export interface ChannelInput {
  readonly channelId: string;
  /** "Deals.create", "Deals.edit" … */
  readonly events: readonly string[];
  readonly expiry: Date;
  /** At most 50 characters; Zoho sends it back with every notification. */
  readonly token: string;
  /** Edits of other fields are not told; none: every edit is. */
  readonly conditionFields?: readonly Condition[];
}
export interface Channel {
  readonly channelId: string;
  readonly events: string[];
  readonly expiresAt: Date | null;
  readonly notifyUrl: string | null;
}
interface Condition {
  readonly module: string;
  readonly fields: readonly string[];
}

const PATH = '/crm/v8/actions/watch';

/** Zoho takes two objects a group, so a longer list is nested. */
function fieldSelection(fields: readonly string[]): unknown {
  const [first, ...others] = fields;
  const one = { field: { api_name: first } };
  if (others.length === 0) return one;
  return { group_operator: 'or', group: [one, fieldSelection(others)] };
}

function condition({ module, fields }: Condition) {
  return { type: 'field_selection', module: { api_name: module }, field_selection: fieldSelection(fields) };
}

function watchBody(input: ChannelInput): Record<string, unknown> {
  const conditions = (input.conditionFields ?? []).filter(({ fields }) => fields.length > 0);
  return {
    channel_id: input.channelId,
    events: input.events,
    channel_expiry: zohoInstant(input.expiry),
    token: input.token,
    ...(conditions.length > 0 ? { notification_condition: conditions.map(condition) } : {}),
  };
}

async function subscribe(
  client: ZohoClient,
  method: ZohoRequest['method'],
  watch: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { body } = await client.request({
    method,
    path: PATH,
    body: { watch: [watch] },
    credits: client.prices.notification,
  });
  const [row] = listIn(body, 'watch', 'a subscription');
  if (!row) throw new ZohoContractError('Zoho did not say whether the notification channel was opened');
  if (isSuccess(row)) return isObject(row.details) ? row.details : {};
  const problem = problemOf(row);
  throw new ZohoRejectedError(
    `Zoho refused the notification channel (${problem?.code ?? 'no code'}: ${problem?.message ?? 'no message'})`,
    { zohoCode: problem?.code, details: problem?.details },
  );
}

/** What Zoho granted, not what was asked for: a date that it dislikes silently becomes one hour. */
function grantedExpiry(details: Record<string, unknown>, asked: Date): Date {
  const events = Array.isArray(details.events) ? details.events.filter(isObject) : [];
  const granted = events.map((event) => instantOf(event.channel_expiry)).filter((at) => at !== null);
  return granted.length > 0 ? new Date(Math.min(...granted.map((at) => at.getTime()))) : asked;
}

export async function enableChannel(
  client: ZohoClient,
  input: ChannelInput & { notifyUrl: string },
): Promise<{ expiresAt: Date }> {
  const details = await subscribe(client, 'POST', {
    ...watchBody(input),
    notify_url: input.notifyUrl,
    return_affected_field_values: false,
    // On by default, and then every task of ours on a deal would notify us of the deal.
    notify_on_related_action: false,
  });
  return { expiresAt: grantedExpiry(details, input.expiry) };
}

/** Throws ZohoRejectedError with code NOT_SUBSCRIBED when the channel has expired: open a new one. */
export async function renewChannel(client: ZohoClient, input: ChannelInput): Promise<{ expiresAt: Date }> {
  // PATCH keeps what is not named; PUT would drop it.
  const details = await subscribe(client, 'PATCH', watchBody(input));
  return { expiresAt: grantedExpiry(details, input.expiry) };
}

function isNotSubscribed(error: unknown): boolean {
  return error instanceof ZohoRejectedError && error.zohoCode === 'NOT_SUBSCRIBED';
}

/** Channels that are gone already are as good as disabled. */
export async function disableChannels(client: ZohoClient, channelIds: readonly string[]): Promise<void> {
  try {
    await client.request({
      method: 'DELETE',
      path: PATH,
      query: { channel_ids: channelIds.join(',') },
      credits: client.prices.notification,
    });
  } catch (error) {
    if (!isNotSubscribed(error)) throw error;
  }
}

export async function getChannel(client: ZohoClient, channelId: string): Promise<Channel | null> {
  try {
    const { body } = await client.request({
      method: 'GET',
      path: PATH,
      query: { channel_id: channelId },
      credits: client.prices.notification,
    });
    const row = listIn(body, 'watch', 'the notification channel').find(
      ({ channel_id: id }) => textOf(id) === channelId,
    );
    return row ? channelOf(row, channelId) : null;
  } catch (error) {
    if (isNotSubscribed(error)) return null;
    throw error;
  }
}

function channelOf(row: Record<string, unknown>, channelId: string): Channel {
  return {
    channelId,
    events: Array.isArray(row.events) ? row.events.map(String) : [],
    expiresAt: instantOf(row.channel_expiry),
    notifyUrl: textOf(row.notify_url),
  };
}
