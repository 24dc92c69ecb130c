import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import { ConfigError, ZohoAuthError, ZohoRejectedError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Channel } from '../store/job-stores.ts';
import type { Store } from '../store/store.ts';
import type { ChannelApi } from './channel-api.ts';
import type { Queue } from './queue.ts';

/** Keeps one channel per connection alive through which Zoho tells us of changed deals and leads. */

export interface RenewChannelsDeps {
  readonly store: { readonly channels: Pick<Store['channels'], 'save' | 'of' | 'remove'> };
  readonly channelApi: (connection: Connection) => ChannelApi;
  /** API names of the deal's fields that we read and never write; left out: Zoho's usual ones. */
  readonly dealInputs?: (connection: Connection) => Promise<readonly string[]>;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
}

export type ChannelOutcome =
  | { readonly status: 'polling' }
  | { readonly status: 'opened' | 'renewed' | 'replaced' | 'kept'; readonly expiresAt: Date };

// Activities are not among them: every call would cost a credit within seconds, and the hourly sync reads a thousand for two.
const DEAL_EVENTS = ['Deals.create', 'Deals.edit', 'Deals.delete'];
const LEAD_EVENTS = ['Leads.create', 'Leads.edit', 'Leads.delete'];
// Fields that we read and never write, or our own writes would notify us of themselves.
const DEAL_FIELDS = ['Stage', 'Amount', 'Closing_Date', 'Account_Name', 'Contact_Name'];
const LEAD_FIELDS = ['Lead_Status', 'Lead_Source', 'Rating'];
// Zoho takes ten fields in all.
const MOST_CONDITION_FIELDS = 10;
// Zoho's longest is a week; a date beyond it silently becomes one hour, so an hour of clock difference is left.
const LIFE_MS = (7 * 24 - 1) * 3_600_000;

function secretHashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Any positive number that fits Zoho's 64-bit integer; ids are chosen by us and belong to one user. */
function newChannelId(): string {
  return String(randomBytes(8).readBigUInt64BE() >> 1n);
}

function whole(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1000) * 1000);
}

function requirePublicUrl(publicUrl: string): string {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost') return publicUrl;
  throw new ConfigError(`PUBLIC_URL ${publicUrl}: Zoho notifies over https only`);
}

function isLost(error: unknown): boolean {
  return error instanceof ZohoRejectedError && error.zohoCode === 'NOT_SUBSCRIBED';
}

function halfLife(now: Date, expiresAt: Date): Date {
  return new Date(now.getTime() + Math.max(0, expiresAt.getTime() - now.getTime()) / 2);
}

async function keep(deps: RenewChannelsDeps, row: Channel, askedFor: Date): Promise<void> {
  await deps.store.channels.save(row.connection, row);
  if (row.expiresAt.getTime() < askedFor.getTime() - 60_000) {
    deps.log.warn(
      { channelId: row.channelId, expiresAt: row.expiresAt },
      'Zoho gave the channel a shorter life than asked for',
    );
  }
  // Whatever life Zoho granted; the schedule is the safety net.
  await deps.queue.enqueue({
    connection: row.connection,
    name: 'renew-channels',
    payload: {},
    singletonKey: `renew-channels:${row.connection}`,
    runAt: halfLife(deps.clock.now(), row.expiresAt),
  });
}

async function open(deps: RenewChannelsDeps, connection: Connection, notifyUrl: string): Promise<Channel> {
  const now = deps.clock.now();
  const secret = randomBytes(32).toString('base64url');
  const token = randomBytes(32).toString('base64url');
  const channelId = newChannelId();
  const expiry = whole(new Date(now.getTime() + LIFE_MS));
  const row = { connection: connection.id, channelId, token, notifyUrl, createdAt: now };
  const secretHash = secretHashOf(secret);
  const all = [...DEAL_EVENTS, ...LEAD_EVENTS];
  // Stored first: Zoho may notify before its answer to the subscription reaches us.
  await deps.store.channels.save(connection.id, { ...row, events: all, secretHash, expiresAt: now });
  const known = [...new Set((await deps.dealInputs?.(connection)) ?? DEAL_FIELDS)];
  const deals = { module: 'Deals', fields: known.slice(0, MOST_CONDITION_FIELDS - LEAD_FIELDS.length) };
  const leads = { module: 'Leads', fields: LEAD_FIELDS };
  const ask = async (events: string[], conditionFields: (typeof deals)[]) => {
    const address = `${notifyUrl}/${secret}`;
    const asked = { channelId, events, expiry, token, notifyUrl: address, conditionFields };
    const { expiresAt } = await deps.channelApi(connection).enable(asked);
    return { ...row, events, secretHash, expiresAt };
  };
  const opened = await ask(all, [deals, leads]).catch((error: unknown) => {
    if (!(error instanceof ZohoRejectedError)) throw error;
    deps.log.info({ err: error }, 'Zoho refuses notifications of leads: those of deals are asked for alone');
    return ask(DEAL_EVENTS, [deals]);
  });
  await keep(deps, opened, expiry);
  return opened;
}

/** Changes made while no channel was listening. */
async function readGap(deps: RenewChannelsDeps, connection: Connection): Promise<void> {
  await deps.queue.enqueue({
    connection: connection.id,
    name: 'sync-incremental',
    payload: {},
    singletonKey: `gap:${connection.id}`,
    runAt: deps.clock.now(),
  });
}

async function drop(deps: RenewChannelsDeps, connection: Connection, row: Channel): Promise<void> {
  await deps
    .channelApi(connection)
    .disable(row.channelId)
    .catch((err: unknown) => deps.log.debug({ err, channelId: row.channelId }, 'old channel was gone'));
  await deps.store.channels.remove(connection.id, row.channelId);
}

/** True when Zoho will not notify this connection at all: an edition, profile or consent without notifications. */
function isRefused(error: unknown): boolean {
  if (error instanceof ZohoAuthError) return error.scope;
  return error instanceof ZohoRejectedError && !isLost(error);
}

/** Opens, renews or replaces the channel; without one the hourly sync finds what changed. */
export async function ensureDealChannel(
  deps: RenewChannelsDeps,
  connection: Connection,
  publicUrl: string | null,
): Promise<ChannelOutcome> {
  const log = deps.log.child({ connection: connection.name });
  if (publicUrl === null) {
    log.info({}, 'no PUBLIC_URL: changes are found by the hourly sync, not by notifications');
    return { status: 'polling' };
  }
  try {
    return await keepChannel({ ...deps, log }, connection, publicUrl);
  } catch (err) {
    if (!isRefused(err)) throw err;
    log.warn({ err }, 'Zoho refuses notifications: changes are found by the hourly sync');
    return { status: 'polling' };
  }
}

async function keepChannel(
  deps: RenewChannelsDeps,
  connection: Connection,
  publicUrl: string,
): Promise<ChannelOutcome> {
  const { log } = deps;
  const notifyUrl = `${requirePublicUrl(publicUrl)}/hooks/zoho`;
  const now = deps.clock.now();
  const rows = await deps.store.channels.of(connection.id);
  const current = rows.find((row) => row.notifyUrl === notifyUrl && row.expiresAt > now) ?? null;

  if (current === null) {
    const opened = await open(deps, connection, notifyUrl);
    for (const row of rows) await drop(deps, connection, row);
    if (rows.length > 0) await readGap(deps, connection);
    log.info({ expiresAt: opened.expiresAt }, 'notifications switched on');
    return { status: rows.length > 0 ? 'replaced' : 'opened', expiresAt: opened.expiresAt };
  }
  const isYoung = now < halfLife(current.createdAt, current.expiresAt);
  if (isYoung) return { status: 'kept', expiresAt: current.expiresAt };
  const expiry = whole(new Date(now.getTime() + LIFE_MS));
  try {
    const { expiresAt } = await deps.channelApi(connection).renew({ ...current, expiry });
    // The half life is counted from the last renewal.
    await keep(deps, { ...current, expiresAt, createdAt: now }, expiry);
    return { status: 'renewed', expiresAt };
  } catch (error) {
    if (!isLost(error)) throw error;
    log.warn({ channelId: current.channelId }, 'Zoho has forgotten the channel; a new one is opened');
    const opened = await open(deps, connection, notifyUrl);
    for (const row of rows) await deps.store.channels.remove(connection.id, row.channelId);
    await readGap(deps, connection);
    return { status: 'replaced', expiresAt: opened.expiresAt };
  }
}
