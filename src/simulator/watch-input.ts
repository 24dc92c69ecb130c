import {
  CHANNEL_OPERATIONS,
  type Channel,
  type FieldCondition,
  fieldsIn,
  parseCondition,
} from './channels.ts';
import type { SimContext } from './context.ts';
import { isLoopback } from './notifier.ts';
import { isObject, type RowFault } from './row-input.ts';
import { parseInstant } from './times.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const TOKEN_LENGTH = 50;
const URL_LENGTH = 255;
const CONDITION_FIELDS = 10;
const UNWATCHED: ReadonlySet<string> = new Set(['Notes']);

export class WatchFault extends Error {
  readonly fault: RowFault;

  constructor(code: string, message: string, details: Record<string, unknown>) {
    super(message);
    this.fault = { code, message, details };
  }
}

/** What a subscription says; keys that were not sent are absent. */
export type WatchInput = { id: string } & Partial<
  Pick<Channel, 'events' | 'expiresMs' | 'token' | 'notifyUrl' | 'withValues' | 'onRelated' | 'conditions'>
>;

/** Judges one element of `watch`; throws WatchFault. */
export function readWatch(context: SimContext, input: unknown, at: number): WatchInput {
  if (!isObject(input))
    throw new WatchFault('INVALID_DATA', 'invalid data', { expected_data_type: 'jsonobject' });
  const invalid = (name: string, more: Record<string, unknown> = {}) =>
    new WatchFault('INVALID_DATA', 'invalid data', { ...more, api_name: name, json_path: pathOf(at, name) });
  const read: WatchInput = { id: channelId(input.channel_id, at) };
  if (input.events !== undefined) {
    const { events } = input;
    const isKnown =
      Array.isArray(events) && events.length > 0 && events.every((event) => isEvent(context, event));
    if (!isKnown) throw invalid('events');
    read.events = [...new Set(events.map(String))];
  }
  const nowMs = context.clock.nowMs();
  if (input.channel_expiry !== undefined && input.channel_expiry !== null) {
    const ms = parseInstant(input.channel_expiry);
    if (ms === null || ms <= nowMs) throw invalid('channel_expiry', { expected_data_type: 'datetime' });
    // Beyond a week Zoho silently falls back to an hour.
    read.expiresMs = ms - nowMs > WEEK_MS ? nowMs + HOUR_MS : ms;
  }
  if (input.token !== undefined) {
    const { token } = input;
    if (token !== null && typeof token !== 'string') throw invalid('token', { expected_data_type: 'text' });
    if (token !== null && token.length > TOKEN_LENGTH)
      throw invalid('token', { maximum_length: TOKEN_LENGTH });
    read.token = token;
  }
  if (input.notify_url !== undefined) {
    if (!isNotifyUrl(context, input.notify_url)) throw invalid('notify_url');
    read.notifyUrl = String(input.notify_url);
  }
  if (input.return_affected_field_values !== undefined)
    read.withValues = input.return_affected_field_values === true;
  if (input.notify_on_related_action !== undefined) read.onRelated = input.notify_on_related_action !== false;
  if (input.notification_condition !== undefined && input.notification_condition !== null)
    read.conditions = readConditions(context, input.notification_condition, invalid);
  return read;
}

/** A whole channel of what a POST or PUT says. */
export function channelOf(context: SimContext, userId: string, input: WatchInput, at: number): Channel {
  const { id, events, notifyUrl } = input;
  const missing = events === undefined ? 'events' : notifyUrl === undefined ? 'notify_url' : null;
  if (events === undefined || notifyUrl === undefined)
    throw new WatchFault('MANDATORY_NOT_FOUND', 'required field not found', {
      api_name: missing,
      json_path: pathOf(at, String(missing)),
    });
  return {
    id,
    userId,
    events,
    notifyUrl,
    expiresMs: input.expiresMs ?? context.clock.nowMs() + HOUR_MS,
    token: input.token ?? null,
    withValues: input.withValues ?? false,
    onRelated: input.onRelated ?? true,
    conditions: input.conditions ?? new Map(),
  };
}

const pathOf = (at: number, name: string) => `$.watch[${at}].${name}`;

function channelId(value: unknown, at: number): string {
  const place = { api_name: 'channel_id', json_path: pathOf(at, 'channel_id') };
  if (value === undefined || value === null)
    throw new WatchFault('MANDATORY_NOT_FOUND', 'required field not found', place);
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value;
  const isLong =
    typeof text === 'string' && /^\d{1,19}$/.test(text) && BigInt(text) <= 9_223_372_036_854_775_807n;
  if (!isLong)
    throw new WatchFault('INVALID_DATA', 'invalid data', { ...place, expected_data_type: 'bigint' });
  return text;
}

function isEvent({ state }: SimContext, event: unknown): boolean {
  const [module = '', operation = '', ...rest] = String(event).split('.');
  return (
    rest.length === 0 &&
    state.modules.has(module) &&
    !UNWATCHED.has(module) &&
    CHANNEL_OPERATIONS.some((known) => known === operation)
  );
}

function isNotifyUrl({ switches }: SimContext, value: unknown): boolean {
  if (typeof value !== 'string' || value.length > URL_LENGTH || !URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(value) && switches.notifyLoopbackHttp);
}

function readConditions(
  { state }: SimContext,
  input: unknown,
  invalid: (name: string, more?: Record<string, unknown>) => WatchFault,
): Channel['conditions'] {
  if (!Array.isArray(input)) throw invalid('notification_condition', { expected_data_type: 'jsonarray' });
  const conditions: Channel['conditions'] = new Map();
  let fields = 0;
  for (const shown of input) {
    const module = isObject(shown) && isObject(shown.module) ? String(shown.module.api_name) : '';
    const tree: FieldCondition | null =
      isObject(shown) && shown.type === 'field_selection' ? parseCondition(shown.field_selection) : null;
    if (tree === null || conditions.has(module)) throw invalid('notification_condition');
    const names = fieldsIn(tree);
    fields += names.length;
    if (!names.every((name) => state.modules.get(module)?.fields.has(name)))
      throw invalid('notification_condition', { module });
    conditions.set(module, { shown, tree });
  }
  if (fields > CONDITION_FIELDS)
    throw invalid('notification_condition', { maximum_length: CONDITION_FIELDS });
  return conditions;
}
