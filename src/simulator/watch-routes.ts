import { Router } from 'express';
import type { Channel, ChannelBook } from './channels.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { byMethod } from './endpoint.ts';
import { listIn, requiredParam } from './requests.ts';
import { isObject, type RowFault } from './row-input.ts';
import { formatInstant } from './times.ts';
import { channelOf, readWatch, WatchFault } from './watch-input.ts';

const MOST_CHANNELS = 100;
const SUBSCRIBED = 'Successfully subscribed for actions-watch of the given module';
const UPDATED = 'Successfully updated the subscribe details';
const REMOVED = 'Successfully removed the subscribe details';
const ENDED = 'Successfully un-subscribed from actions-watch';

/** `/crm/v8/actions/watch`: channels that tell a URL of changes. */
export function watchRouter(context: SimContext, channels: ChannelBook): Router {
  const router = Router();
  const each = (call: Call, okStatus: number, work: (input: unknown, at: number) => unknown) => {
    call.charge(1);
    return answerEach(context, listIn(call.json(), 'watch', MOST_CHANNELS), okStatus, work);
  };
  router.all(
    '/crm/v8/actions/watch',
    byMethod(context.endpoint, {
      POST: (call) => {
        call.need('notifications', 'CREATE');
        return each(call, 201, (input, at) => subscribe(context, channels, call, input, at));
      },
      PUT: (call) => {
        call.need('notifications', 'UPDATE');
        return each(call, 200, (input, at) => {
          const read = readWatch(context, input, at);
          liveChannel(context, channels, call, read.id);
          const channel = channelOf(context, call.user.id, read, at);
          channels.put(channel);
          return success(UPDATED, { events: eventsOf(context, call, channel) });
        });
      },
      PATCH: (call) => {
        call.need('notifications', 'UPDATE');
        return each(call, 200, (input, at) => patch(context, channels, call, input, at));
      },
      GET: (call) => showChannel(context, channels, call),
      DELETE: (call) => {
        call.need('notifications', 'DELETE');
        call.charge(1);
        const ids = requiredParam(call, 'channel_ids').split(',');
        return answerEach(context, ids, 200, (id) => {
          const channel = liveChannel(context, channels, call, String(id));
          channels.remove(channel);
          const [event] = eventsOf(context, call, channel);
          return success(ENDED, {
            resource_uri: event?.resource_uri,
            resource_id: event?.resource_id,
            channel_id: channel.id,
          });
        });
      },
    }),
  );
  return router;
}

function subscribe(context: SimContext, channels: ChannelBook, call: Call, input: unknown, at: number) {
  const channel = channelOf(context, call.user.id, readWatch(context, input, at), at);
  const isTaken = (channels.get(call.user.id, channel.id)?.expiresMs ?? 0) > context.clock.nowMs();
  if (isTaken && context.switches.watchAgain === 'reject')
    throw new WatchFault('DUPLICATE_DATA', 'the channel is in use', { api_name: 'channel_id' });
  channels.put(channel);
  return success(SUBSCRIBED, { events: eventsOf(context, call, channel) });
}

function patch(context: SimContext, channels: ChannelBook, call: Call, input: unknown, at: number) {
  const read = readWatch(context, input, at);
  const channel = liveChannel(context, channels, call, read.id);
  if (isObject(input) && input._delete_events === true) {
    const gone = new Set(read.events ?? []);
    const events = channel.events.filter((event) => !gone.has(event));
    if (events.length === 0) channels.remove(channel);
    else channels.put({ ...channel, events });
    return success(REMOVED, { events: eventsOf(context, call, { ...channel, events: [...gone] }) });
  }
  const changed = { ...channel, ...read };
  channels.put(changed);
  return success(UPDATED, { events: eventsOf(context, call, changed) });
}

function liveChannel({ clock }: SimContext, channels: ChannelBook, call: Call, id: string): Channel {
  const channel = channels.get(call.user.id, id);
  if (channel === undefined || channel.expiresMs <= clock.nowMs())
    throw new WatchFault('NOT_SUBSCRIBED', 'Subscribe action-watch before performing this action', {
      channel_id: id,
    });
  return channel;
}

function showChannel(context: SimContext, channels: ChannelBook, call: Call): Answer {
  call.need('notifications', 'READ');
  call.charge(1);
  const channel = channels.get(call.user.id, requiredParam(call, 'channel_id'));
  if (channel === undefined || channel.expiresMs <= context.clock.nowMs()) return { status: 204 };
  const { module } = call.query;
  const watch = eventsOf(context, call, channel)
    .filter((event) => module === undefined || event.resource_name === module)
    .map((event) => ({
      ...event,
      notify_url: channel.notifyUrl,
      token: channel.token,
      events: channel.events.filter((name) => name.startsWith(`${event.resource_name}.`)),
      fields: null,
      return_affected_field_values: channel.withValues,
      notify_on_related_action: channel.onRelated,
    }));
  if (watch.length === 0) return { status: 204 };
  const info = { per_page: 200, page: 1, count: watch.length, more_records: false };
  return { status: 200, json: { watch, info } };
}

function eventsOf({ state, url }: SimContext, call: Call, channel: Channel) {
  const modules = new Set(channel.events.map((event) => event.split('.')[0] ?? ''));
  return [...modules].map((name) => ({
    channel_id: channel.id,
    channel_expiry: formatInstant(channel.expiresMs, call.user.timeZone),
    resource_name: name,
    resource_id: state.modules.get(name)?.id,
    resource_uri: `${url()}/crm/v8/${name}`,
    notification_condition: [channel.conditions.get(name)?.shown ?? []].flat(),
  }));
}

function success(message: string, details: Record<string, unknown>) {
  return { code: 'SUCCESS', status: 'success', message, details };
}

function answerEach(
  { switches }: SimContext,
  inputs: readonly unknown[],
  okStatus: number,
  work: (input: unknown, at: number) => unknown,
): Answer {
  const faults: RowFault[] = [];
  const watch = inputs.map((input, at) => {
    try {
      return work(input, at);
    } catch (error) {
      if (!(error instanceof WatchFault)) throw error;
      faults.push(error.fault);
      return { ...error.fault, status: 'error' };
    }
  });
  const status =
    faults.length === 0 ? okStatus : faults.length === inputs.length ? 400 : switches.watchPartialStatus;
  return { status, json: { watch } };
}
