import type { Connection } from '../../../src/domain.ts';
import type { JobRequest, Queue } from '../../../src/jobs/queue.ts';
import type { Schedule } from '../../../src/store/job-stores.ts';
import type { Store } from '../../../src/store/store.ts';
import type { Channel, Delivery, RefusedChannel } from '../../../src/store/webhook-stores.ts';

export function aConnection(part: Partial<Connection> = {}): Connection {
  return {
    id: 'c1',
    name: 'default',
    accountsUrl: 'https://accounts.zoho.test',
    apiDomain: 'https://www.zohoapis.test',
    location: 'eu',
    clientId: '1000.CLIENT',
    org: {
      id: '1',
      zgid: '1',
      name: 'Acme',
      edition: 'Professional',
      users: 9,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      multiCurrency: false,
      country: 'NL',
    },
    userId: '7',
    scopes: [],
    mode: 'auto',
    state: 'ready',
    ...part,
  };
}

/** Records what was asked for; a key that still waits is not taken twice. */
export function recordingQueue() {
  const waiting: JobRequest[] = [];
  const queue: Queue = {
    async enqueue(job) {
      const isKnown =
        job.singletonKey !== null && waiting.some((one) => one.singletonKey === job.singletonKey);
      if (!isKnown) waiting.push(job);
      return { id: String(waiting.length), fresh: !isKnown };
    },
  };
  return { queue, waiting };
}

export function memoryLeases(): Pick<Store['leases'], 'acquire' | 'release' | 'renew'> {
  const held = new Map<string, { holder: string; until: Date }>();
  return {
    async acquire(name, holder, until, now) {
      const current = held.get(name);
      if (current && current.holder !== holder && current.until > now) return false;
      held.set(name, { holder, until });
      return true;
    },
    async renew({ name, holder }, until) {
      if (held.get(name)?.holder !== holder) return false;
      held.set(name, { holder, until });
      return true;
    },
    async release(name, holder) {
      if (held.get(name)?.holder === holder) held.delete(name);
    },
  };
}

export function memorySchedules(rows: Schedule[] = []): Store['schedules'] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const all = () => [...byId.values()];
  return {
    async upsert(row) {
      byId.set(row.id, row);
    },
    all: async () => all(),
    of: async (connection) => all().filter((row) => row.connection === connection),
    due: async (now) =>
      all().filter(({ enabled, nextRunAt }) => enabled && nextRunAt !== null && nextRunAt <= now),
    ranAfter: async (at) =>
      all().filter(({ enabled, lastRunAt }) => enabled && lastRunAt !== null && lastRunAt > at),
    async moveOn(id, dueAt, to) {
      const row = byId.get(id);
      if (row?.nextRunAt?.getTime() !== dueAt?.getTime()) return false;
      if (row) byId.set(id, { ...row, ...to });
      return true;
    },
  };
}

export function memoryChannels(rows: Channel[] = []) {
  let kept = [...rows];
  let refusals: readonly RefusedChannel[] = [];
  const channels: Store['channels'] = {
    async save(_connection, row) {
      const before = kept.find(({ channelId }) => channelId === row.channelId);
      const heard = before ? { heardAt: before.heardAt, unheard: before.unheard } : {};
      kept = [...kept.filter((one) => one !== before), { ...row, ...heard }];
    },
    of: async (connection) => kept.filter((row) => row.connection === connection),
    bySecretHash: async (hash) => kept.find(({ secretHash }) => secretHash === hash) ?? null,
    async heard(news) {
      for (const { channelId, at } of news)
        kept = kept.map((row) => (row.channelId === channelId ? { ...row, heardAt: at, unheard: 0 } : row));
    },
    async addUnheard(_connection, channelId, changes) {
      kept = kept.map((row) =>
        row.channelId === channelId ? { ...row, unheard: row.unheard + changes } : row,
      );
    },
    async remove(_connection, channelId) {
      kept = kept.filter((row) => row.channelId !== channelId);
    },
    refused: async () => [...refusals],
    async setRefused(_connection, told) {
      refusals = told;
    },
  };
  return { channels, rows: () => kept, refused: () => refusals };
}

export function memoryDeliveries(rows: Delivery[] = []) {
  const done = new Map<string, string>();
  const begun = new Set<string>();
  const waiting = (connection: string) =>
    rows.filter((row) => row.connection === connection && !done.has(row.key));
  const deliveries: Pick<Store['deliveries'], 'pending' | 'begin' | 'markDone'> = {
    pending: async (connection, limit, slow) =>
      waiting(connection)
        .filter((row) => slow === undefined || row.slow === slow)
        .slice(0, limit)
        .map((row) => ({ ...row, begunAt: begun.has(row.key) ? row.receivedAt : null })),
    async begin(keys) {
      for (const key of keys) begun.add(key);
    },
    async markDone(keys, _at, outcome) {
      for (const key of keys) done.set(key, outcome);
    },
  };
  return { deliveries, waiting, outcomes: (key: string) => done.get(key) };
}

export function memoryAlerts() {
  const open = new Map<string, Parameters<Store['alerts']['raise']>[1]>();
  const alerts: Pick<Store['alerts'], 'raise' | 'close'> = {
    async raise(_connection, alert) {
      open.set(alert.code, alert);
    },
    close: async (_connection, code) => open.delete(code),
  };
  return { alerts, open };
}
