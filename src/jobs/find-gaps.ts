import type { Clock } from '../clock.ts';
import type { Connection, ModuleName } from '../domain.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import type { Queue } from './queue.ts';
import type { SyncSummary } from './run-sync.ts';

/** What a sync finds although a channel should have told of it: the one proof of a channel that tells of nothing. */

export interface FindGapsDeps {
  readonly store: {
    readonly alerts: Pick<Store['alerts'], 'raise' | 'close'>;
    readonly channels: Pick<Store['channels'], 'of' | 'addUnheard'>;
    readonly deliveries: Pick<Store['deliveries'], 'pending'>;
  };
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
}

// Heard so shortly before the sync began, its news may simply be on their way.
const ON_THE_WAY_MS = 5 * 60_000;
const MOST_LOOKED_AT = 1_000;
// Tasks are made by us as well, so new ones prove nothing.
const PROVES_NOTHING: ReadonlySet<string> = new Set(['Tasks']);

/** Counts what `sync` found unheard, tells of it, and has channels that seem dead looked at. */
export async function noteGaps(
  deps: FindGapsDeps,
  connection: Connection,
  sync: Pick<SyncSummary, 'modules'> | null,
  startedAt: Date,
): Promise<number> {
  const now = deps.clock.now();
  const channels = (await deps.store.channels.of(connection.id)).filter(
    ({ createdAt, expiresAt, part }) => part === 0 && expiresAt > now && createdAt <= startedAt,
  );
  if (sync === null || channels.length === 0) return 0;
  const pending = await deps.store.deliveries.pending(connection.id, MOST_LOOKED_AT);
  const waiting = new Set(pending.map(({ body }) => body.module));
  const missed = new Map<ModuleName, number>();
  for (const channel of channels) {
    const found = sync.modules.find(({ module }) => module === channel.module);
    if (!channel.module || !found || found.mode !== 'incremental' || PROVES_NOTHING.has(channel.module))
      continue;
    const isOnTheWay = (channel.heardAt?.getTime() ?? 0) > startedAt.getTime() - ON_THE_WAY_MS;
    const changes = found.changed + found.deleted;
    if (changes === 0 || isOnTheWay || waiting.has(channel.module)) continue;
    missed.set(channel.module, changes);
    await deps.store.channels.addUnheard(connection.id, channel.channelId, changes);
  }
  if (missed.size === 0) {
    await deps.store.alerts.close(connection.id, 'webhook_gap', now);
    return 0;
  }
  const since = new Date(
    Math.min(...channels.map(({ heardAt, createdAt }) => (heardAt ?? createdAt).getTime())),
  );
  await deps.queue.enqueue({
    connection: connection.id,
    name: 'renew-channels',
    payload: {},
    singletonKey: `silent-channels:${connection.id}`,
    runAt: now,
  });
  return tellOfGap(deps, connection, missed, since);
}

/** After an outage: all that the sync found was missed. */
export async function noteOutage(
  deps: FindGapsDeps,
  connection: Connection,
  sync: Pick<SyncSummary, 'modules'> | null,
  since: Date,
): Promise<number> {
  const channels = await deps.store.channels.of(connection.id);
  const watched = new Set<string>(channels.flatMap(({ module }) => module ?? []));
  const missed = new Map<ModuleName, number>();
  for (const { module, changed, deleted } of sync?.modules ?? []) {
    // A channel is of a module that we know by name, and so is what stands under the same one.
    if (watched.has(module) && changed + deleted > 0) missed.set(module as ModuleName, changed + deleted);
  }
  return missed.size === 0 ? 0 : tellOfGap(deps, connection, missed, since);
}

async function tellOfGap(
  deps: FindGapsDeps,
  connection: Connection,
  missed: ReadonlyMap<ModuleName, number>,
  since: Date,
): Promise<number> {
  const total = [...missed.values()].reduce((sum, changes) => sum + changes, 0);
  const modules = Object.fromEntries(missed);
  const named = [...missed].map(([module, changes]) => `${changes} of ${module}`).join(', ');
  deps.log.warn(
    { connection: connection.name, missed: total, modules, since },
    'changes that no notification told of',
  );
  await deps.store.alerts.raise(
    connection.id,
    {
      code: 'webhook_gap',
      severity: 'warning',
      message: `Zoho did not notify us of ${total} changes since ${since.toISOString()} (${named}); a sync has read them. If this comes again, look at: zcv channels test`,
      params: {
        missed: total,
        modules: Object.entries(modules).map(([module, count]) => `${module} ${count}`),
        since: since.toISOString(),
      },
    },
    deps.clock.now(),
  );
  return total;
}
