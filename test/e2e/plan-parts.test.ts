import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { todayIn } from '../support/org.ts';

/** A person decides about parts of a plan, plans grow old, and a dear one is written over several days. */

const today = todayIn(GENERATED_TIME_ZONE);
let simulator: Simulator;
let home: CliHome;
let config: string;

interface Plan {
  planId: string;
  records: number;
  credits: number;
  modules: Record<string, { credits: number }>;
  instalments: { today: number; lastDay: string } | null;
  held: unknown;
}
interface Change {
  module: string;
  recordId: string;
  field: string;
  new: unknown;
}
interface Applied {
  written: number;
  remaining: number;
  leftOut: number;
  credits: number;
  instalments: { lastDay: string } | null;
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: generatedOrg({ customers: 240, today, seed: 11 }) });
  config = mkdtempSync(join(tmpdir(), 'zcv-parts-'));
  home = aCliHome(simulator, { CONFIG_DIR: config });
  for (const command of [['connect'], ['fields', 'apply', '--yes'], ['sync'], ['score']]) {
    const done = await home.run(...command);
    expect(done.code, done.stderr).toBe(0);
  }
}, 120_000);
afterAll(async () => {
  home.remove();
  rmSync(config, { recursive: true });
  await simulator.close();
});

const setFields = (text: string) => writeFileSync(join(config, 'fields.yaml'), `version: 1\n${text}`);
const plan = async () => (await home.run('plan', '--json')).json<Plan>();
const changesOf = async (id: string) =>
  (await home.run('plan', 'show', id, '--diff')).stdout
    .split('\n')
    .filter((line) => line.includes('"field"'))
    .map((line) => JSON.parse(line) as Change);
const database = () => new DatabaseSync(String(home.env.DATABASE_URL).replace('file:', ''));
/** Records with a tier in Zoho. */
const tiersInZoho = () =>
  (['Accounts', 'Contacts'] as const).flatMap((module) =>
    simulator.control.records(module).flatMap((row) => (row.Value_Tier ? [row.Value_Tier] : [])),
  );

test('only what was approved is written; the rest is named and proposed again', {
  timeout: 60_000,
}, async () => {
  const { planId } = await plan();
  const top = (await changesOf(planId)).filter(
    ({ field, new: value }) => field === 'value_tier' && value === 'Top',
  );
  expect(top.length).toBeGreaterThan(0);

  const approved = await home.run(
    'plan',
    'approve',
    planId,
    '--tier',
    'top',
    '--module',
    'accounts',
    '--json',
  );
  const applied = (await home.run('apply', '--plan', planId, '--yes', '--json')).json<Applied>();

  const inAccounts = top.filter(({ module }) => module === 'Accounts').length;
  expect(approved.json()).toMatchObject({ planId, state: 'approved', records: inAccounts });
  expect(approved.json<{ leftOut: number }>().leftOut).toBeGreaterThan(0);
  expect(applied).toMatchObject({ written: inAccounts, remaining: 0 });
  expect(applied.leftOut).toBe(approved.json<{ leftOut: number }>().leftOut);
  expect(tiersInZoho()).toEqual(Array(inAccounts).fill('Top'));

  const next = await plan();
  const proposed = new Set((await changesOf(next.planId)).map(({ recordId }) => recordId));
  const written = new Set(top.filter(({ module }) => module === 'Accounts').map(({ recordId }) => recordId));
  expect([...written].filter((id) => proposed.has(id))).toEqual([]);
  expect(next.records).toBeGreaterThan(0);
});

test('a second approval of a part adds to the first; one without a part is all of it', {
  timeout: 60_000,
}, async () => {
  const { planId, records } = await plan();
  const approve = async (...words: string[]) =>
    (await home.run('plan', 'approve', planId, ...words, '--json')).json<{
      records: number;
      leftOut: number;
    }>();

  const first = await approve('--tier', 'good');
  const both = await approve('--tier', 'marginal');
  const all = await approve();

  expect(both.records).toBeGreaterThan(first.records);
  expect(both.leftOut).toBeLessThan(first.leftOut);
  expect(all).toMatchObject({ records, leftOut: 0 });
});

test('an owner is known by name or id; a wrong word is answered with what there is', {
  timeout: 60_000,
}, async () => {
  const { planId } = await plan();
  const [user] = simulator.control
    .records('Accounts')
    .map(({ Owner }) => Owner as { id: string; name: string });
  const approve = (...words: string[]) => home.run('plan', 'approve', planId, ...words, '--json');

  const byName = (await approve('--owner', user?.name ?? '')).json<{ records: number }>();
  await approve();
  const byId = (await approve('--owner', user?.id ?? '')).json<{ records: number }>();
  const wrong = await approve('--tier', 'goud');

  expect(byName.records).toBeGreaterThan(0);
  expect(byId.records).toBe(byName.records);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('did you mean good?');
});

test('a plan older than planDays, or than the scores of a newer day, is refused and stays so', {
  timeout: 60_000,
}, async () => {
  const old = await plan();
  const db = database();
  const longAgo = new Date(Date.now() - 8 * 86_400_000).toISOString();
  db.prepare('update plans set created_at = ? where id = ?').run(longAgo, Number(old.planId));
  db.close();

  const tooOld = await home.run('apply', '--yes', '--json');
  const again = await home.run('apply', '--yes');
  const outdated = await plan();
  const tomorrow = new Date(Date.parse(`${today}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  expect((await home.run('score', '--as-of', tomorrow)).code).toBe(0);
  const scoredSince = await home.run('plan', 'approve', outdated.planId);
  const list = (await home.run('plan', 'list', '--json')).json<{ planId: string; state: string }[]>();

  expect(tooOld.code).toBe(1);
  expect(tooOld.stderr).toContain('is older than 7 days (writeBack.planDays)');
  expect(again.stderr).toContain(`plan ${old.planId} is expired; make a new one: zcv plan`);
  expect(scoredSince.stderr).toContain(`rests on the scores of ${today}, and ${tomorrow} was scored since`);
  expect(list.slice(0, 2)).toMatchObject([
    { planId: outdated.planId, state: 'expired' },
    { planId: old.planId, state: 'expired' },
  ]);
  expect((await home.run('score')).code).toBe(0);
});

test('a plan above the credits of today is written in instalments, best customers first', {
  timeout: 60_000,
}, async () => {
  const spent = simulator.control.report().credits;
  const { credits: whole, modules } = await plan();
  const fields = Object.values(modules).reduce((sum, module) => sum + module.credits, 0);
  // 250,000 credits of the edition; 5 % of the ceiling stay for the syncs. Tasks come first, then six credits of fields.
  const ceiling = Math.ceil((spent + (whole - fields) + 6) / 0.95);
  setFields(`credits:\n  ceilingPercent: ${ceiling / 2_500}\n`);
  const made = await plan();
  const planned = await changesOf(made.planId);
  simulator.control.resetReport();

  const first = await home.run('apply', '--yes', '--json');
  const afterFirst = simulator.control.report();
  const tiers = tiersInZoho();
  setFields('credits:\n  ceilingPercent: 30\n');
  const second = await home.run('apply', '--yes', '--json');

  expect(made.held).toBeNull();
  expect(made.instalments).not.toBeNull();
  expect(first.code, first.stderr).toBe(6);
  const { written, remaining, instalments, credits } = first.json<Applied>();
  expect(instalments?.lastDay).toBe(made.instalments?.lastDay);
  expect(credits).toBeLessThanOrEqual(made.instalments?.today ?? 0);
  expect(afterFirst.credits).toBe(credits);
  expect(written).toBeGreaterThan(0);
  expect(remaining).toBeGreaterThan(0);
  // Nobody of the lowest tiers before the last of the good ones.
  const goods = planned.filter(({ field, new: value }) => field === 'value_tier' && value === 'Good').length;
  if (tiers.filter((tier) => tier === 'Good').length < goods) {
    expect(tiers.filter((tier) => tier !== 'Top' && tier !== 'Good')).toEqual([]);
  }
  expect(second.code, second.stderr).toBe(0);
  expect(second.json()).toMatchObject({ remaining: 0, instalments: null });
  expect((await plan()).records).toBe(0);
});
