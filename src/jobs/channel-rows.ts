import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ZohoAuthError, ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Channel } from '../store/webhook-stores.ts';
import type { ChannelApi } from './channel-api.ts';
import type { Watch } from './watches.ts';

/** Opening, renewing and ending one channel: our row and Zoho's side of it. */

export interface ChannelDeps {
  readonly store: { readonly channels: Store['channels'] };
  readonly channelApi: (connection: Connection) => ChannelApi;
  readonly clock: Clock;
  readonly log: Log;
}

// Zoho's longest is a week; a date beyond it silently becomes one hour, so an hour of clock difference is left.
const LIFE_MS = (7 * 24 - 1) * 3_600_000;
// So many later numbers may live in Zoho, unknown to a store that was restored from an older backup.
const SWEPT = 5;

export function secretHashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * Computed, so that a store restored from a backup can end the channels that replaced those it knows. Below 2^53: an
 * answer may show it as a number.
 */
export function channelIdOf(
  connection: string,
  watch: Pick<Watch, 'module' | 'part'>,
  generation: number,
): string {
  const text = ['channel', connection, watch.module, watch.part, generation].join('/');
  const bits = createHash('sha256').update(text).digest().readBigUInt64BE() >> 12n;
  return String(bits | (1n << 51n));
}

export function isLost(error: unknown): boolean {
  return error instanceof ZohoRejectedError && error.zohoCode === 'NOT_SUBSCRIBED';
}
/** True when Zoho will not notify of this: an edition, profile, module or consent without notifications. */
export function isRefused(error: unknown): error is ZohoAuthError | ZohoRejectedError {
  if (error instanceof ZohoAuthError) return error.scope;
  return error instanceof ZohoRejectedError && !isLost(error);
}

function isTaken(error: unknown): boolean {
  return error instanceof ZohoRejectedError && error.zohoCode === 'DUPLICATE_DATA';
}

export function halfLife({ createdAt, expiresAt }: Pick<Channel, 'createdAt' | 'expiresAt'>): Date {
  return new Date((createdAt.getTime() + Math.max(expiresAt.getTime(), createdAt.getTime())) / 2);
}

function expiryFrom(now: Date): Date {
  return new Date(Math.floor((now.getTime() + LIFE_MS) / 1000) * 1000);
}

export async function openChannel(
  deps: ChannelDeps,
  connection: Connection,
  watch: Watch,
  {
    notifyUrl,
    generation,
    isSecondTry = false,
  }: { notifyUrl: string; generation: number; isSecondTry?: boolean },
): Promise<Channel> {
  const now = deps.clock.now();
  const secret = randomBytes(32).toString('base64url');
  const row: Channel = {
    connection: connection.id,
    channelId: channelIdOf(connection.id, watch, generation),
    module: watch.module,
    part: watch.part,
    generation,
    events: watch.events,
    fields: watch.fields,
    conditioned: true,
    token: randomBytes(32).toString('base64url'),
    secretHash: secretHashOf(secret),
    notifyUrl,
    expiresAt: now,
    createdAt: now,
    heardAt: null,
    checkedAt: null,
    unheard: 0,
  };
  // Stored first: Zoho may notify before its answer to the subscription reaches us.
  await deps.store.channels.save(connection.id, row);
  const expiry = expiryFrom(now);
  try {
    const granted = await withOrWithoutCondition(deps, row, ({ conditionFields }) =>
      deps
        .channelApi(connection)
        .enable({ ...row, expiry, notifyUrl: `${notifyUrl}/${secret}`, conditionFields }),
    );
    return await keepRow(deps, { ...row, ...granted, checkedAt: now }, expiry);
  } catch (error) {
    if (!isRefused(error)) throw error;
    await deps.store.channels.remove(connection.id, row.channelId);
    if (!isTaken(error) || isSecondTry) throw error;
    // Left over from a life of this store that it knows nothing of.
    await sweepLater(deps, connection, row, watch);
    return openChannel(deps, connection, watch, { notifyUrl, generation: generation + 1, isSecondTry: true });
  }
}

/** Prolongs the channel, and tells Zoho of what it is to watch from now on. */
export async function renewChannelRow(
  deps: ChannelDeps,
  connection: Connection,
  channel: Channel,
  watch: Watch,
): Promise<Channel> {
  const now = deps.clock.now();
  const expiry = expiryFrom(now);
  const row = { ...channel, events: watch.events, fields: watch.fields };
  const granted = await withOrWithoutCondition(deps, row, ({ conditionFields }) =>
    deps.channelApi(connection).renew({ ...row, expiry, conditionFields }),
  );
  return keepRow(deps, { ...row, ...granted, createdAt: now, checkedAt: now }, expiry);
}

/** Where Zoho takes no condition on one of these fields, every edit is told: dearer, and nothing is missed. */
async function withOrWithoutCondition(
  { log }: ChannelDeps,
  { module, fields }: Channel,
  ask: (how: {
    conditionFields: { module: string; fields: readonly string[] }[];
  }) => Promise<{ expiresAt: Date }>,
): Promise<{ expiresAt: Date; conditioned: boolean }> {
  try {
    const conditionFields = module === null ? [] : [{ module, fields }];
    return { ...(await ask({ conditionFields })), conditioned: true };
  } catch (error) {
    if (!isRefused(error) || !(error instanceof ZohoRejectedError) || error.zohoCode !== 'INVALID_DATA')
      throw error;
    log.info({ err: error, module }, 'Zoho refuses the condition of a channel: it is asked for without');
    return { ...(await ask({ conditionFields: [] })), conditioned: false };
  }
}

async function keepRow(deps: ChannelDeps, row: Channel, askedFor: Date): Promise<Channel> {
  await deps.store.channels.save(row.connection, row);
  if (row.expiresAt.getTime() < askedFor.getTime() - 60_000) {
    deps.log.warn(
      { channelId: row.channelId, expiresAt: row.expiresAt },
      'Zoho gave the channel a shorter life than asked for',
    );
  }
  return row;
}

/** A channel that Zoho does not end now ends by itself within a week. */
export async function endChannel(deps: ChannelDeps, connection: Connection, row: Channel): Promise<void> {
  await disable(deps, connection, [row.channelId]);
  await deps.store.channels.remove(connection.id, row.channelId);
}

/** Ends what may have taken the channel's place in a life that this store knows nothing of. */
export async function sweepLater(
  deps: ChannelDeps,
  connection: Connection,
  row: Channel,
  watch: Watch,
): Promise<void> {
  const later = Array.from({ length: SWEPT }, (_, index) => row.generation + 1 + index);
  const ids = later.map((generation) => channelIdOf(connection.id, watch, generation));
  await disable(deps, connection, row.module === null ? ids : [row.channelId, ...ids]);
}

async function disable(deps: ChannelDeps, connection: Connection, ids: readonly string[]): Promise<void> {
  await deps
    .channelApi(connection)
    .disable(ids)
    .catch((err: unknown) => deps.log.debug({ err, channels: ids }, 'old channels could not be ended'));
}

/** The address in Zoho ends with the secret whose hash we keep. */
export function isOurs(row: Pick<Channel, 'notifyUrl' | 'secretHash'>, shownUrl: string): boolean {
  const [path = ''] = shownUrl.split('?');
  const at = path.lastIndexOf('/');
  return path.slice(0, at) === row.notifyUrl && secretHashOf(path.slice(at + 1)) === row.secretHash;
}
