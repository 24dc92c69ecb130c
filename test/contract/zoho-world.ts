import { silentLog } from '../../src/log.ts';
import type { CreditPrices } from '../../src/rules.ts';
import { createZohoClient, type ZohoClient } from '../../src/zoho/client.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { hostPolicy } from '../../src/zoho/hosts.ts';
import type { RetryPolicy } from '../../src/zoho/retry.ts';
import { type StoredGrant, TokenSource, type TokenStore } from '../../src/zoho/tokens.ts';
import type { Timeouts } from '../../src/zoho/transport.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { ACCOUNTS, API } from '../support/http.ts';
import { type MemoryLedger, memoryLedger } from '../support/memory-ledger.ts';

/** A real client whose store is in memory and whose clock is ours. */

export const NOW = '2026-02-02T10:00:00Z';
const CONNECTION = 'c1';
export const TOKEN = '1000.stored-token';

export interface MemoryTokens extends TokenStore {
  stored: StoredGrant;
  leasedBy: string | null;
  readonly reconnectReasons: string[];
}

export function memoryTokens(changes: Partial<StoredGrant> = {}): MemoryTokens {
  const store: MemoryTokens = {
    stored: {
      accountsUrl: ACCOUNTS,
      apiDomain: API,
      clientId: '1000.CLIENT',
      clientSecret: 'client-secret',
      refreshToken: '1000.refresh-token',
      accessToken: TOKEN,
      expiresAt: new Date('2026-02-02T10:50:00Z'),
      ...changes,
    },
    leasedBy: null,
    reconnectReasons: [],
    grant: async () => store.stored,
    acquireRefreshLease: async (_connection, holder) => {
      if (store.leasedBy !== null) return false;
      store.leasedBy = holder;
      return true;
    },
    saveAccessToken: async (_connection, { accessToken, expiresAt, apiDomain }, holder) => {
      store.stored = {
        ...store.stored,
        accessToken,
        expiresAt,
        apiDomain: apiDomain ?? store.stored.apiDomain,
      };
      if (store.leasedBy === holder) store.leasedBy = null;
    },
    releaseRefreshLease: async (_connection, holder) => {
      if (store.leasedBy === holder) store.leasedBy = null;
    },
    markReconnectNeeded: async (_connection, why) => {
      store.reconnectReasons.push(why);
    },
  };
  return store;
}

export interface ZohoWorld {
  readonly client: ZohoClient;
  readonly tokens: TokenSource;
  readonly store: MemoryTokens;
  readonly ledger: MemoryLedger;
  readonly governor: Governor;
  readonly clock: FakeClock;
}

export function zohoWorld(
  options: {
    store?: MemoryTokens;
    ceiling?: number;
    operatorUrl?: string;
    retry?: Partial<RetryPolicy>;
    timeouts?: Partial<Timeouts>;
    prices?: CreditPrices;
    /** Shared by several clients as by several processes. */
    ledger?: MemoryLedger;
  } = {},
): ZohoWorld {
  const clock = fakeClock(NOW);
  const log = silentLog;
  const hosts = hostPolicy(options.operatorUrl ?? ACCOUNTS);
  const store = options.store ?? memoryTokens();
  const ledger = options.ledger ?? memoryLedger();
  const tokens = new TokenSource({ store, hosts, clock, log }, CONNECTION);
  const governor = new Governor(
    { ledger, clock, log },
    { connection: CONNECTION, ceiling: options.ceiling ?? 10_000 },
  );
  const client = createZohoClient({
    tokens,
    governor,
    hosts,
    clock,
    log,
    ...(options.retry ? { retry: options.retry } : {}),
    ...(options.timeouts ? { timeouts: options.timeouts } : {}),
    ...(options.prices ? { prices: options.prices } : {}),
  });
  return { client, tokens, store, ledger, governor, clock };
}

/** What a promise was rejected with; fails the test when it was not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

export async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
