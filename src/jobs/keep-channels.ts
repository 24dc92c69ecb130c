import type { Connection, ModuleName } from '../domain.ts';
import { ConfigError, ZohoAuthError, ZohoCreditsError } from '../errors.ts';
import type { NotificationRules } from '../rules.ts';
import type { Store } from '../store/store.ts';
import type { Channel, RefusedChannel } from '../store/webhook-stores.ts';
import {
  type ChannelDeps,
  endChannel,
  halfLife,
  isLost,
  isOurs,
  isRefused,
  openChannel,
  renewChannelRow,
  sweepLater,
} from './channel-rows.ts';
import { type PaceDeps, paceSync } from './pace-sync.ts';
import type { Queue } from './queue.ts';
import { type Watch, type WatchesStore, wantedWatches } from './watches.ts';

/** Keeps alive the channels through which Zoho tells us of changes; without them polling takes over. */

export interface KeepChannelsDeps extends ChannelDeps, PaceDeps {
  readonly store: ChannelDeps['store'] &
    PaceDeps['store'] &
    WatchesStore & { readonly alerts: Pick<Store['alerts'], 'raise' | 'close'> };
  readonly notificationsOf: (connection: Connection) => Promise<NotificationRules>;
  readonly queue: Queue;
}

type ChannelStatus = 'opened' | 'renewed' | 'updated' | 'replaced' | 'kept';
export interface ChannelsOutcome {
  /** polling: no channel lives, so changes are looked for. */
  readonly status: 'notified' | 'polling';
  readonly channels: readonly (Pick<Channel, 'module' | 'part' | 'channelId' | 'expiresAt'> & {
    readonly status: ChannelStatus;
  })[];
  readonly refused: readonly RefusedChannel[];
}

// Silent for so long, a channel is asked after: Zoho's own word costs a credit, hearing from it nothing.
const ASKED_AFTER_MS = 12 * 3_600_000 - 60_000;
// So many changes that a channel did not tell of and nothing heard since: it is dead, whatever Zoho says of it.
const MOST_UNHEARD = 3;
// Where the address itself is dead a new channel is as silent as the old one: not every hour another.
const SETTLED_MS = 6 * 3_600_000;
const SOON_MS = 6 * 3_600_000;

/** `force`: renews now, whatever their age. */
export async function keepChannels(
  given: KeepChannelsDeps,
  connection: Connection,
  publicUrl: string | null,
  { force = false }: { force?: boolean } = {},
): Promise<ChannelsOutcome> {
  const deps = { ...given, log: given.log.child({ connection: connection.name }) };
  const rows = await deps.store.channels.of(connection.id);
  if (publicUrl === null) {
    // A channel to an address that is no longer ours would go on telling it of changes for a week.
    for (const row of rows) await endChannel(deps, connection, row);
    await deps.store.channels.setRefused(connection.id, []);
    deps.log.info({}, 'no PUBLIC_URL: changes are found by polling, not by notifications');
    return settle(deps, connection, { kept: [], refused: [] });
  }
  const notifyUrl = `${requirePublicUrl(publicUrl)}/hooks/zoho`;
  const { modules } = await deps.notificationsOf(connection);
  const wanted = await wantedWatches(deps.store, connection, modules);
  const isOf = (watch: Watch) => (row: Channel) =>
    row.module === watch.module && row.part === watch.part && row.notifyUrl === notifyUrl;
  const work = wanted.map((watch) => ({
    watch,
    row: rows.filter(isOf(watch)).at(-1) ?? null,
    // Of a former address; its number is taken until it is ended.
    generation:
      Math.max(-1, ...rows.filter((row) => row.module === watch.module).map((row) => row.generation)) + 1,
  }));
  const done = await keepEach(deps, connection, work, { notifyUrl, force });
  const current = new Set(work.map(({ row }) => row));
  const others = rows.filter((row) => !current.has(row));
  for (const row of others) await endChannel(deps, connection, row);
  const lostSince = [...done.lostSince, ...others.filter(isMoved(notifyUrl)).map(lastSure)];
  if (lostSince.length > 0) await readGap(deps, connection, earliest(lostSince));
  const outcome = await settle(deps, connection, done);
  if (done.failure !== null) throw done.failure;
  return outcome;
}

function requirePublicUrl(publicUrl: string): string {
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost') return publicUrl;
  throw new ConfigError(`PUBLIC_URL ${publicUrl}: Zoho notifies over https only`);
}

const isMoved = (notifyUrl: string) => (row: Channel) => row.module === null || row.notifyUrl !== notifyUrl;

interface Work {
  readonly watch: Watch;
  readonly row: Channel | null;
  /** Of a channel that has no row yet. */
  readonly generation: number;
}
interface Kept {
  readonly row: Channel;
  readonly status: ChannelStatus;
}
interface Done {
  readonly kept: Kept[];
  readonly refused: RefusedChannel[];
}

/** One that Zoho refuses is noted, one that fails is left to the next attempt; the others go on. */
async function keepEach(
  deps: KeepChannelsDeps,
  connection: Connection,
  work: readonly Work[],
  how: { notifyUrl: string; force: boolean },
): Promise<Done & { lostSince: Date[]; failure: unknown }> {
  const done = {
    kept: [] as Kept[],
    refused: new Map<ModuleName, RefusedChannel>(),
    lostSince: [] as Date[],
  };
  let failure: unknown = null;
  let noScope: ZohoAuthError | null = null;
  for (const one of work) {
    const { watch, row } = one;
    if (done.refused.has(watch.module)) continue;
    try {
      // Without the scope every further module costs a credit to hear the same.
      if (noScope) throw noScope;
      const kept = await keepOne(deps, connection, one, how);
      done.kept.push(kept);
      if (kept.status === 'replaced' && row) done.lostSince.push(lastSure(row));
    } catch (error) {
      if (isRefused(error)) {
        if (error instanceof ZohoAuthError) noScope = error;
        const { message, zohoCode = null } = error;
        deps.log.warn({ err: error, module: watch.module }, 'Zoho refuses to notify of a module');
        const refusedAt = deps.clock.now();
        done.refused.set(watch.module, { module: watch.module, code: zohoCode, message, refusedAt });
        if (row) await endChannel(deps, connection, row);
        continue;
      }
      if (error instanceof ZohoAuthError || error instanceof ZohoCreditsError) throw error;
      failure ??= error;
      if (row) done.kept.push({ row, status: 'kept' });
    }
  }
  return { ...done, refused: [...done.refused.values()], failure };
}

async function keepOne(
  deps: KeepChannelsDeps,
  connection: Connection,
  { watch, row, generation }: Work,
  { notifyUrl, force }: { notifyUrl: string; force: boolean },
): Promise<Kept> {
  const now = deps.clock.now();
  if (row === null) {
    const opened = await openChannel(deps, connection, watch, { notifyUrl, generation });
    return { row: opened, status: 'opened' };
  }
  const replaced = async (why: string): Promise<Kept> => {
    deps.log.warn({ channelId: row.channelId, module: watch.module }, why);
    await sweepLater(deps, connection, row, watch);
    const opened = await openChannel(deps, connection, watch, { notifyUrl, generation: row.generation + 1 });
    await deps.store.channels.remove(connection.id, row.channelId);
    return { row: opened, status: 'replaced' };
  };
  if (row.expiresAt <= now) return replaced('a channel has run out; a new one is opened');
  if (row.unheard >= MOST_UNHEARD && now.getTime() - row.createdAt.getTime() >= SETTLED_MS)
    return replaced('a channel told of nothing; a new one is opened');
  try {
    const isSame = same(row.events, watch.events) && same(row.fields, watch.fields);
    if (force || !isSame || now >= halfLife(row)) {
      const renewed = await renewChannelRow(deps, connection, row, watch);
      return { row: renewed, status: isSame ? 'renewed' : 'updated' };
    }
    return { row: await checked(deps, connection, row), status: 'kept' };
  } catch (error) {
    if (!isLost(error) && !(error instanceof ChannelGone)) throw error;
    return replaced('Zoho has forgotten a channel; a new one is opened');
  }
}

class ChannelGone extends Error {}

/** Known to be alive: something came through, or Zoho says that it stands as we know it. */
async function checked(deps: KeepChannelsDeps, connection: Connection, row: Channel): Promise<Channel> {
  const now = deps.clock.now();
  const sure = Math.max(row.heardAt?.getTime() ?? 0, row.checkedAt?.getTime() ?? 0);
  if (row.unheard === 0 && now.getTime() - sure < ASKED_AFTER_MS) return row;
  const shown = await deps.channelApi(connection).get(row.channelId);
  if (shown === null || (shown.notifyUrl !== null && !isOurs(row, shown.notifyUrl))) throw new ChannelGone();
  const known = { ...row, expiresAt: shown.expiresAt ?? row.expiresAt, checkedAt: now };
  await deps.store.channels.save(connection.id, known);
  return known;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

/** Until then the channel is known to have told of everything. */
function lastSure({ heardAt, checkedAt, createdAt }: Channel): Date {
  return new Date(Math.max(createdAt.getTime(), heardAt?.getTime() ?? 0, checkedAt?.getTime() ?? 0));
}
function earliest(dates: readonly Date[]): Date {
  return new Date(Math.min(...dates.map((at) => at.getTime())));
}

/** Changes made while nothing was listening: they stand behind the cursors, which only a sync moves. */
async function readGap(deps: KeepChannelsDeps, connection: Connection, since: Date): Promise<void> {
  await deps.queue.enqueue({
    connection: connection.id,
    name: 'read-gap',
    payload: { since: since.toISOString() },
    singletonKey: `gap:${connection.id}`,
    runAt: deps.clock.now(),
  });
}

/** Notes what is refused, plans the next look, tells whom it concerns, and sets the pace of polling. */
async function settle(
  deps: KeepChannelsDeps,
  connection: Connection,
  { kept, refused }: Done,
): Promise<ChannelsOutcome> {
  const now = deps.clock.now();
  await deps.store.channels.setRefused(connection.id, refused);
  const alive = kept.filter(({ row }) => row.expiresAt > now);
  const status = alive.length > 0 ? 'notified' : 'polling';
  if (alive.length > 0) {
    // Whatever life Zoho granted; the schedule is the safety net.
    await deps.queue.enqueue({
      connection: connection.id,
      name: 'renew-channels',
      payload: {},
      singletonKey: `renew-channels:${connection.id}`,
      runAt: new Date(
        Math.max(now.getTime() + 60_000, earliest(alive.map(({ row }) => halfLife(row))).getTime()),
      ),
    });
  }
  await tellOfFailing(deps, connection, kept);
  await paceSync(deps, connection, {
    isPolling: status === 'polling',
    minutes: (await deps.notificationsOf(connection)).pollMinutes,
  });
  const channels = kept.map(({ row: { module, part, channelId, expiresAt }, status: what }) => {
    return { module, part, channelId, expiresAt, status: what };
  });
  return { status, channels, refused };
}

async function tellOfFailing(
  deps: KeepChannelsDeps,
  connection: Connection,
  kept: readonly Kept[],
): Promise<void> {
  const now = deps.clock.now();
  const failing = kept.filter(
    ({ row }) => row.expiresAt.getTime() - now.getTime() < SOON_MS && now >= halfLife(row),
  );
  if (failing.length === 0) {
    await deps.store.alerts.close(connection.id, 'channels_failing', now);
    return;
  }
  const ended = failing.filter(({ row }) => row.expiresAt <= now);
  const modules = [...new Set(failing.flatMap(({ row }) => row.module ?? []))];
  await deps.store.alerts.raise(
    connection.id,
    {
      code: 'channels_failing',
      severity: ended.length > 0 ? 'critical' : 'warning',
      message: `Zoho's notifications of ${modules.join(', ')} could not be renewed; changes are found by polling meanwhile. Look at: zcv channels test`,
      params: { modules, ended: ended.length },
    },
    now,
  );
}
