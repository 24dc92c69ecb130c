/**
 * Write-back of changed records by both methods, beside its floor in the same run: the same bodies posted by plain fetch,
 * with no intents, no outcomes and no read-back.
 *
 *   npm run build && node scripts/bench/writeback.ts [--records 1000,10000,100000] [--methods records,bulk]
 *
 * The simulator counts the credits; the minimum is reckoned here from the number of records alone. Waiting for bulk jobs is
 * named apart: how long Zoho takes is Zoho's.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scaleOrg } from '../../src/sample/scale.ts';
import { DEFAULT_SCOPES } from '../../src/simulator/scopes.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { runScript } from './child-process.ts';

const { values: options } = parseArgs({
  options: {
    records: { type: 'string', default: '1000,10000,100000' },
    methods: { type: 'string', default: 'records,bulk' },
  },
});
const sizes = options.records.split(',').map(Number);
const folder = mkdtempSync(join(tmpdir(), 'zcv-writeback-'));
const children: ChildProcess[] = [];
const script = fileURLToPath(new URL('./writeback-run.ts', import.meta.url));

/** A credit for 10 records, or files of 25,000 rows at 500 and an upload, a look and a download. */
function leastCredits(records: number, method: string): number {
  const byTens = (count: number) => Math.ceil(count / 10);
  if (method === 'records') return byTens(records);
  const rest = records % 25_000;
  return Math.floor(records / 25_000) * 503 + Math.min(503, byTens(rest));
}

const seed = scaleOrg({
  accounts: Math.max(...sizes),
  contacts: 0,
  deals: 0,
  activities: 0,
  today: '2026-02-10',
});
const simulator = await startSimulator({
  seed: {
    ...seed,
    customFields: {
      Accounts: [
        {
          label: 'Value Tier',
          api_name: 'Value_Tier',
          data_type: 'picklist',
          pick_list_values: ['Top', 'Good'],
        },
        { label: 'Profit 12 Months', api_name: 'Profit_12_Months', data_type: 'currency' },
        { label: 'Next Step', api_name: 'Next_Step', data_type: 'text' },
        { label: 'Last Contact', api_name: 'Last_Contact', data_type: 'date' },
      ],
    },
  },
  scopes: [...DEFAULT_SCOPES, 'ZohoCRM.bulk.CREATE', 'ZohoFiles.files.ALL'],
  // Every run asks for a token of its own.
  switches: { tokensPerTenMinutes: 100, liveAccessTokens: 100 },
});
try {
  const all = simulator.control.truth('Accounts');
  const allIds = all.map(({ id }) => id);
  let round = 0;
  for (const method of options.methods.split(',')) {
    for (const records of sizes) {
      const run = async (what: 'ours' | 'floor') => {
        const { url, clientId, clientSecret, refreshToken } = simulator;
        const path = join(folder, 'task.json');
        round += 1;
        const database = join(folder, `${round}.db`);
        const ids = allIds.slice(0, records);
        const task = { what, method, database, url, clientId, clientSecret, refreshToken, ids, round };
        writeFileSync(path, JSON.stringify(task));
        simulator.control.resetReport();
        const ended = await runScript(script, [path], { env: { HOME: folder }, cwd: folder, children });
        const { credits } = simulator.control.report();
        const measured = JSON.parse(ended.stdout) as {
          seconds: number;
          waitedSeconds: number;
          calls?: number;
        };
        return { ...measured, credits, peakMb: ended.peakMb };
      };
      const floor = await run('floor');
      const ours = await run('ours');
      const working = (one: { seconds: number; waitedSeconds: number }) => one.seconds - one.waitedSeconds;
      const least = leastCredits(records, method);
      process.stdout.write(
        `${[
          `${method} ${records} records`,
          `${ours.calls} calls`,
          `${ours.credits} credits (least ${least}${ours.credits === least ? '' : ', NOT EQUAL'})`,
          `${ours.seconds.toFixed(1)} s, waiting ${ours.waitedSeconds.toFixed(1)} s`,
          `floor ${floor.seconds.toFixed(1)} s, waiting ${floor.waitedSeconds.toFixed(1)} s`,
          `ratio without waiting ${(working(ours) / working(floor)).toFixed(2)}`,
          `peak ${ours.peakMb.toFixed(0)} MB`,
        ].join(' · ')}\n`,
      );
    }
  }
} finally {
  await simulator.close();
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}
