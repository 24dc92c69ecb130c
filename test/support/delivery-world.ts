import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import express from 'express';
import { pino } from 'pino';
import { type App, createApp } from '../../src/app.ts';
import { type Clock, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import type { Connection } from '../../src/domain.ts';
import { runJob } from '../../src/jobs/handlers.ts';
import type { JobRequest, Queue } from '../../src/jobs/queue.ts';
import { applyFields } from '../../src/setup/fields.ts';
import { createSimClock } from '../../src/simulator/clock.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { createErrorHandler } from '../../src/web/error-handler.ts';
import { postZohoWebhook } from '../../src/web/routes/post-zoho-webhook.ts';
import { createDeliveryBuffer } from '../../src/webhooks/delivery-buffer.ts';
import { createDeliveryReceiver } from '../../src/webhooks/receive-delivery.ts';

/** A simulated org that notifies a real HTTP server in this process, on a clock that the test moves. */
export interface DeliveryWorld {
  readonly simulator: Simulator;
  readonly app: App;
  readonly connection: Connection;
  /** `<PUBLIC_URL>/hooks/zoho` */
  readonly hookUrl: string;
  now(): Date;
  /** Time passes on both sides; nothing runs meanwhile. */
  pass(ms: number): void;
  /** All that Zoho has sent has come, and every job that is due by now has run. Answers what ran. */
  settle(): Promise<string[]>;
  run(name: JobRequest['name']): Promise<void>;
  waiting(): readonly JobRequest[];
  outcomes(): Readonly<Record<string, number>>;
  log(): string;
  close(): Promise<void>;
}

const GUARDS =
  'version: 1\nguards: { maxTierChangePercent: 100, maxProfitLeapPercent: 100, maxNewTasks: 100000 }\n';
const MOST_ROUNDS = 20;

export async function deliveryWorld(databaseUrl: string, org: OrgSeed, from: Date): Promise<DeliveryWorld> {
  const simClock = createSimClock();
  simClock.shift({ now: from });
  const simulator = await startSimulator({ seed: org, clock: simClock });
  let offsetMs = from.getTime() - Date.now();
  const clock: Clock = { ...systemClock, now: () => new Date(Date.now() + offsetMs), random: () => 0.5 };
  const folder = mkdtempSync(join(tmpdir(), 'zcv-deliveries-'));
  writeFileSync(join(folder, 'playbook.yaml'), GUARDS);
  const config = readConfig({
    CONFIG_DIR: folder,
    DATABASE_URL: databaseUrl,
    ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
    LOG_LEVEL: 'silent',
    ZOHO_ACCOUNTS_URL: simulator.url,
    ZOHO_CLIENT_ID: simulator.clientId,
    ZOHO_CLIENT_SECRET: simulator.clientSecret,
  });
  const app = await createApp(config, { logTo: 'stderr', clock });
  const { refreshToken } = simulator;
  await app.connect({ name: 'default', refreshToken });
  const { connection: linked } = { connection: await app.connection('default') };
  await app.store.connections.setMode(linked.id, 'auto');
  const connection = await app.connection('default');
  await applyFields(
    { ...app, basis: 'both', language: 'en' },
    { connection, sets: ['essential'], max: null },
  );

  const lines: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const log = pino({ level: 'debug' }, sink);
  let jobs: JobRequest[] = [];
  const queue: Queue = {
    async enqueue(job) {
      const isKnown = jobs.some(
        ({ singletonKey }) => singletonKey !== null && singletonKey === job.singletonKey,
      );
      if (!isKnown) jobs.push(job);
      return { id: String(jobs.length), fresh: !isKnown };
    },
  };
  const { store } = app;
  const buffer = createDeliveryBuffer({ store, queue, clock, log, activityMinutesOf: async () => 10 });
  const outcomes: Record<string, number> = {};
  const countDelivery = (outcome: string) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  };
  const receiver = createDeliveryReceiver({ store, buffer, clock });
  const web = express();
  web.post('/hooks/zoho/:secret', postZohoWebhook({ receiver, countDelivery }));
  web.use(createErrorHandler(log));
  const server = createServer(web).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a server on a port has an AddressInfo
  const publicUrl = `http://127.0.0.1:${port}`;
  const deps = { ...app, log, queue, publicUrl };
  const run = (job: Pick<JobRequest, 'name' | 'payload'>) =>
    runJob(deps, { ...job, connection: connection.id });
  return {
    simulator,
    app,
    connection,
    hookUrl: `${publicUrl}/hooks/zoho`,
    now: () => clock.now(),
    pass(ms) {
      offsetMs += ms;
      simulator.control.setClock({ offsetMs });
    },
    async settle() {
      const ran: string[] = [];
      for (let round = 0; round < MOST_ROUNDS; round++) {
        await simulator.control.settleNotifications();
        while (buffer.size() > 0) await new Promise((done) => setTimeout(done, 5));
        const due = jobs.filter(({ runAt }) => runAt <= clock.now());
        if (due.length === 0) return ran;
        jobs = jobs.filter((job) => !due.includes(job));
        for (const job of due) {
          await run(job);
          ran.push(job.name);
        }
      }
      throw new Error(`jobs go on and on: ${jobs.map(({ name }) => name).join(', ')}`);
    },
    run: (name) => run({ name, payload: {} }),
    waiting: () => jobs,
    outcomes: () => outcomes,
    log: () => lines.join(''),
    async close() {
      server.close();
      server.closeAllConnections();
      await buffer.close();
      await app.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
