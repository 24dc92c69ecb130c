import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { ConfigError } from '../../../src/errors.ts';
import { silentLog } from '../../../src/log.ts';
import { unobserved } from '../../../src/observe.ts';
import type { Settings } from '../../../src/rules.ts';
import type { BrowserConsent } from '../../../src/setup/browser-consent.ts';
import type { Store } from '../../../src/store/store.ts';
import type { ApiSchedules, ApiStoredSettings, ApiWork } from '../../../src/web/api-work.ts';
import { startServer } from '../../../src/web/server.ts';
import { recordingQueue } from '../jobs/memory-store.ts';

// Beats, then computes in bursts far longer than HTTP may wait; between two of them it hears a stop.
const BUSY_THREAD = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    let isStopping = false;
    parentPort.on('message', () => { isStopping = true; parentPort.close(); });
    parentPort.postMessage('beat');
    const burst = () => {
      const end = performance.now() + 500;
      while (performance.now() < end);
      if (!isStopping) setImmediate(burst);
    };
    burst();
  `)}`,
);

function start(port: number) {
  const deps = {
    // No route of this test reads the store.
    store: {} as Store,
    queue: recordingQueue().queue,
    clock: systemClock,
    observer: unobserved,
    ceilingOf: async () => 1_000,
    metricsToken: null,
    log: silentLog,
    settingsOf: async () => ({}) as Settings,
    reloadSettings: () => undefined,
    originsOf: async () => [],
    work: {} as ApiWork,
    schedules: {} as ApiSchedules,
    storedSettings: {} as ApiStoredSettings,
    fleet: async () => [],
    sessionSecret: null,
    isOAuthProvider: false,
    // None of them leads to Zoho either.
    consent: {} as BrowserConsent,
    disconnect: async () => ({ channels: 0, revoked: true, problems: [] }),
    pendingMigrations: async () => [],
  };
  return startServer(deps, {
    host: '127.0.0.1',
    port,
    publicUrl: null,
    trustProxy: false,
    jobs: { data: null, entry: BUSY_THREAD },
  });
}

describe('the server', () => {
  test('answers while its job thread computes without a pause, and stops with it', async () => {
    const server = await start(0);
    const times: number[] = [];
    for (let request = 0; request < 20; request++) {
      const startedAt = performance.now();
      const answer = await fetch(`${server.url}/healthz`);
      await answer.text();
      times.push(performance.now() - startedAt);
    }
    const median = times.toSorted((a, b) => a - b)[10];

    await server.stop();

    expect(median).toBeLessThan(50);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  });

  test('says which address is taken instead of ending with a stack', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const attempt = start(port);

    await expect(attempt).rejects.toThrow(ConfigError);
    await expect(attempt).rejects.toThrow(new RegExp(`127\\.0\\.0\\.1:${port}`));
    squatter.close();
  });
});
