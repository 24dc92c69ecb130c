import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.ts';
import { loadKeys } from '../../src/crypto.ts';
import { type Db, openDb } from '../../src/db.ts';
import type { Connection } from '../../src/domain.ts';
import { silentLog } from '../../src/log.ts';
import { type ConnectInput, connectOrg } from '../../src/setup/connect.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import type { Switches } from '../../src/simulator/switches.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { createZohoClient, type ZohoClient } from '../../src/zoho/client.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { hostPolicy } from '../../src/zoho/hosts.ts';
import { TokenSource } from '../../src/zoho/tokens.ts';

/** A small simulated org, an empty store, and what setup's functions are given by the application. */

export interface World {
  readonly db: Db;
  readonly simulator: Simulator;
  readonly deps: {
    readonly store: Store;
    readonly hosts: ReturnType<typeof hostPolicy>;
    readonly clock: Clock;
    readonly log: typeof silentLog;
    readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  };
  /** Links the org by its refresh token unless told otherwise. */
  connect(change?: Partial<ConnectInput>): ReturnType<typeof connectOrg>;
  connected(change?: Partial<ConnectInput>): Promise<Connection>;
  close(): Promise<void>;
}

export function aSeed(change: Partial<OrgSeed> = {}): OrgSeed {
  return {
    org: {
      company_name: 'Small Firm',
      edition: 'Enterprise',
      users: 5,
      time_zone: 'Europe/Amsterdam',
      iso_code: 'EUR',
      country_code: 'NL',
    },
    users: [{ key: 'ann', name: 'Ann Admin', email: 'ann@office.test', active: true, admin: true }],
    pipelines: [
      {
        name: 'Standard (Standard)',
        default: true,
        stages: [
          { display: 'Talking', actual: 'Talking', forecast_type: 'Open', probability: 20 },
          { display: 'Signed', actual: 'Closed Won', forecast_type: 'Closed Won', probability: 100 },
          { display: 'Gone', actual: 'Gone', forecast_type: 'Closed Lost', probability: 0 },
        ],
      },
    ],
    customFields: {},
    records: {},
    ...change,
  };
}

export async function aWorld(
  options: { seed?: OrgSeed; scopes?: readonly string[]; switches?: Partial<Switches> } = {},
): Promise<World> {
  const simulator = await startSimulator({
    seed: options.seed ?? aSeed(),
    ...(options.scopes ? { scopes: options.scopes } : {}),
    ...(options.switches ? { switches: options.switches } : {}),
  });
  const folder = mkdtempSync(join(tmpdir(), 'setup-'));
  const db = await openDb(`file:${join(folder, 'store.db')}`);
  await migrate(db);
  const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
  const store = createStore(db, keys);
  const hosts = hostPolicy(simulator.url);
  // Waiting moves the simulator's time along with ours, and costs none of the test's.
  let offsetMs = 0;
  const clock: Clock = {
    now: () => new Date(Date.now() + offsetMs),
    sleep: async (ms) => {
      offsetMs += ms;
      simulator.control.setClock({ offsetMs });
    },
    random: () => 0.5,
  };
  const log = silentLog;
  const zohoFor = async (connection: Connection) =>
    createZohoClient({
      tokens: new TokenSource({ store: store.tokens, hosts, clock, log }, connection.id),
      governor: new Governor(
        { ledger: store.ledger, clock, log },
        { connection: connection.id, ceiling: 10_000 },
      ),
      hosts,
      clock,
      log,
    });
  const deps = { store, hosts, clock, log, zohoFor };
  const connect = (change: Partial<ConnectInput> = {}) =>
    connectOrg(deps, {
      name: 'default',
      clientId: simulator.clientId,
      clientSecret: simulator.clientSecret,
      accountsUrl: simulator.url,
      ...(change.grantCode ? {} : { refreshToken: simulator.refreshToken }),
      ...change,
    });
  return {
    db,
    simulator,
    deps,
    connect,
    connected: async (change) => (await connect(change)).connection,
    close: async () => {
      await simulator.close();
      await db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
