import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import { DEFAULT_SCOPES } from '../../src/simulator/scopes.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';

/** What an apply of the demo data costs: the least that its changes can be written for, to the credit. */

interface Line {
  module?: string;
  recordId?: string;
  new?: unknown;
  task?: { action: string };
}
interface Priced {
  method: string;
  calls: number;
  credits: number;
}

/** From the changes alone: a credit for 10 records of a call of 100, or a file where that costs less. */
function leastCredits(lines: readonly Line[], fileCredits: number): number {
  const byTens = (count: number) => Math.floor(count / 100) * 10 + Math.ceil((count % 100) / 10);
  const records = new Map<string, Set<string>>();
  for (const { module, recordId } of lines) {
    if (module === undefined || recordId === undefined) continue;
    records.set(module, (records.get(module) ?? new Set()).add(recordId));
  }
  const tasks = lines.filter(({ task }) => task?.action === 'create').length;
  const fields = [...records.values()].map(({ size }) => Math.min(byTens(size), fileCredits));
  return fields.reduce((sum, credits) => sum + credits, byTens(tasks));
}

// For some hundred records a bulk job pays only when it costs less than Zoho asks.
const CHEAP_JOB = 2;
const FILE_CREDITS = CHEAP_JOB + 3; // upload, one look, download

test.each([
  { method: 'records', bulk: 'off', fileCredits: Number.POSITIVE_INFINITY },
  { method: 'bulk', bulk: 'cheaper', fileCredits: FILE_CREDITS },
])(
  'by $method the plan, the apply and the simulator agree with the least for the diff',
  {
    timeout: 120_000,
  },
  async ({ method, bulk, fileCredits }) => {
    const simulator = await startSimulator({
      seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }),
      scopes: [...DEFAULT_SCOPES, 'ZohoCRM.bulk.CREATE', 'ZohoFiles.files.ALL'],
      switches: { bulkWriteJobCredits: CHEAP_JOB },
    });
    const config = mkdtempSync(join(tmpdir(), 'zcv-least-'));
    writeFileSync(
      join(config, 'fields.yaml'),
      `version: 1\nwriteBack: { bulk: ${bulk} }\ncredits: { prices: { bulkWriteJob: ${CHEAP_JOB} } }\n`,
    );
    const home = aCliHome(simulator, { CONFIG_DIR: config });
    try {
      for (const command of [['connect'], ['fields', 'apply', '--yes'], ['sync'], ['score']]) {
        const done = await home.run(...command);
        expect(done.code, done.stderr).toBe(0);
      }
      const plan = (await home.run('plan', '--json')).json<Priced & { planId: string }>();
      const diff = (await home.run('plan', 'show', plan.planId, '--diff')).stdout;
      const lines = diff
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line);
      simulator.control.resetReport();

      const applied = await home.run('apply', '--yes', '--json');

      expect(applied.code, applied.stderr).toBe(0);
      const least = leastCredits(lines, fileCredits);
      const { credits, totalCalls } = simulator.control.report();
      expect(plan).toMatchObject({ method, credits: least });
      expect(applied.json()).toMatchObject({ calls: plan.calls, credits: least, rejected: [], remaining: 0 });
      expect({ credits, totalCalls }).toEqual({ credits: least, totalCalls: plan.calls });
      // Nothing twice, and nothing is left to write.
      const again = (await home.run('plan', '--json')).json<Priced & { records: number }>();
      expect(again).toMatchObject({ records: 0, credits: 0 });
      const writes = Object.values(simulator.control.report().writes).flatMap((module) =>
        Object.values(module).flatMap((fields) => Object.values(fields)),
      );
      expect(new Set(writes)).toEqual(new Set([1]));
    } finally {
      home.remove();
      rmSync(config, { recursive: true });
      await simulator.close();
    }
  },
);
