import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { loadKeys } from '../../src/crypto.ts';
import type { Db } from '../../src/db.ts';
import type { Connection } from '../../src/domain.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { RequestNotes } from '../../src/jobs/note-requests.ts';
import { silentLog } from '../../src/log.ts';
import type { Settings } from '../../src/rules.ts';
import { connectOrg } from '../../src/setup/connect.ts';
import type { FieldSetName } from '../../src/setup/field-sets.ts';
import { applyFields } from '../../src/setup/fields.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { createStore } from '../../src/store/store.ts';
import { createZohoClient } from '../../src/zoho/client.ts';
import { creditsAvailable } from '../../src/zoho/credit-account.ts';
import { Governor } from '../../src/zoho/governor.ts';
import { hostPolicy } from '../../src/zoho/hosts.ts';
import { TokenSource } from '../../src/zoho/tokens.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** A simulated org and a linked store in one process, on one virtual time: a whole run takes a fraction of a second. */
export interface LineWorld {
  readonly simulator: Simulator;
  readonly connection: Connection;
  readonly time: VirtualClock;
  readonly settings: Settings;
  /** What one more process of ours would be given; `gone` are holders whose process died on this host. */
  newDeps(): LineDeps;
  /** Its process is known to be dead, as it would be on this host. */
  noteGone(deps: LineDeps): void;
  close(): Promise<void>;
}

const CEILING = 1_000_000;

export async function aLineWorld(
  db: Db,
  input: {
    readonly org: OrgSeed;
    readonly startMs: number;
    readonly seed: number;
    readonly sets: readonly FieldSetName[];
    readonly files?: { readonly [name: string]: string };
  },
): Promise<LineWorld> {
  const time = virtualClock(input.startMs, input.seed);
  const folder = mkdtempSync(join(tmpdir(), 'zcv-world-'));
  for (const [name, text] of Object.entries(input.files ?? {})) writeFileSync(join(folder, name), text);
  const { settings } = readConfig({ CONFIG_DIR: folder });
  rmSync(folder, { recursive: true });
  const keys = await loadKeys({ keys: Buffer.alloc(32, 7).toString('base64'), keyFile: null });
  const simulator = await startSimulator({ seed: input.org, clock: time.simulator });
  const { clock } = time;
  const log = silentLog;
  const store = createStore(db, keys, clock);
  const hosts = hostPolicy(simulator.url);
  const gone = new Set<string>();
  const newDeps = (): LineDeps => {
    const clients = new Map<string, ReturnType<typeof createZohoClient>>();
    const requests = new RequestNotes({ store, clock, log });
    return {
      store,
      clock,
      log,
      settings,
      requests,
      zohoFor: ({ id }) => {
        const known = clients.get(id);
        if (known) return known;
        const tokens = new TokenSource({ store: store.tokens, hosts, clock, log }, id);
        const governor = new Governor(
          { ledger: store.ledger, clock, log },
          { connection: id, ceiling: CEILING },
        );
        const client = createZohoClient({
          tokens,
          governor,
          hosts,
          clock,
          log,
          prices: settings.creditPrices,
          onCall: (call) => requests.note(id, call),
        });
        clients.set(id, client);
        return client;
      },
      creditsLeft: async ({ id }) =>
        creditsAvailable(await store.ledger.account(id, clock.now()), CEILING, clock.now()),
      holder: `this-host/${randomUUID()}`,
      isHolderGone: (holder) => [...gone].some((one) => holder.startsWith(one)),
    };
  };
  const deps = newDeps();
  const { connection } = await connectOrg(
    { store, hosts, clock, log },
    {
      name: `w${randomUUID().slice(0, 8)}`,
      accountsUrl: simulator.url,
      clientId: simulator.clientId,
      clientSecret: simulator.clientSecret,
      refreshToken: simulator.refreshToken,
    },
  );
  await applyFields(
    { store, clock, log, zohoFor: async (of) => deps.zohoFor(of), basis: 'both', language: 'en' },
    { connection, sets: input.sets, max: null },
  );
  return {
    simulator,
    connection,
    time,
    settings,
    newDeps,
    noteGone: ({ holder }) => gone.add(holder),
    close: async () => {
      await simulator.close();
      await store.connections.remove(connection.id);
    },
  };
}
