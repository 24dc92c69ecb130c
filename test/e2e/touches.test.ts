import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SUPERSTORE_TIME_ZONE, superstoreOrg } from '../../src/sample/superstore.ts';
import type { Score } from '../../src/scores.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';
import { recordsOf, todayIn } from '../support/org.ts';

/** Contacts that no module tells: e-mails within their budget, notes, and what people fill in. Steps build on each other. */

const BUDGET = 12;
let simulator: Simulator;
let home: CliHome;
let account: string;

function aConfig(folder: string): string {
  const dir = mkdtempSync(join(folder, 'config-'));
  cpSync('config', dir, { recursive: true });
  const path = join(dir, 'scoring.yaml');
  const text = readFileSync(path, 'utf8')
    .replace('notes: off', 'notes: all')
    .replace('creditsPerDay: 0', `creditsPerDay: ${BUDGET}`)
    .replace('perHour: 0', 'perHour: 60');
  writeFileSync(path, text);
  return dir;
}

beforeAll(async () => {
  simulator = await startSimulator({ seed: superstoreOrg({ today: todayIn(SUPERSTORE_TIME_ZONE) }) });
  home = aCliHome(simulator);
  home.env.CONFIG_DIR = aConfig(home.folder);
  for (const args of [['connect'], ['fields', 'apply', '--set', 'inputs', '--yes'], ['sync'], ['score']]) {
    const done = await home.run(...args, '--json');
    expect(done, `${args.join(' ')}: ${done.stderr}`).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

const explained = async (id: string) => (await home.run('explain', id, '--json')).json<Score>();
const paramsOf = (score: Score, code: string) => score.reasons.find((reason) => reason.code === code)?.params;

/** Best tier first, of that the gold ones. */
const placeOf = ({ tier, gold }: Record<string, unknown>) =>
  2 * ['top', 'good', 'marginal', 'loss_making'].indexOf(String(tier)) + (String(gold) === 'true' ? 0 : 1);

interface Synced {
  modules: { module: string; read: number; changed: number; error: string | null }[];
}
const emailsIn = ({ modules }: Synced) => modules.find(({ module }) => module === 'Emails');

test('before anything was scored nobody has had a turn, and the explanation says so', async () => {
  const lines = (await home.run('export', '--format', 'ndjson')).stdout.trim().split('\n');
  const late = lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((row) => row.module === 'Accounts' && /overdue|silent/.test(String(row.contact_status)))
    .sort((a, b) => placeOf(a) - placeOf(b) || Number(b.profit_12m) - Number(a.profit_12m));
  account = String(late[0]?.record_id);
  const scoredBefore = await explained(account);

  expect(scoredBefore.contactDue).toBe(true);
  expect(paramsOf(scoredBefore, 'contact.channels')).toEqual({
    read: 'call,meeting,task,case,note',
    unread: 'email:not_yet,comment:no_list,chat:no_list',
  });
});

test('an e-mail from the customer closes the gap of one who was about to be reminded, within the budget', async () => {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  const mail = {
    from: 'buyer@customer.test',
    to: ['sales@office.test'],
    time: yesterday,
    source: 'mailbox',
  } as const;
  for (const { id } of recordsOf(simulator, 'Accounts')) {
    simulator.control.addEmails(id, [{ ...mail, subject: 'Re: your offer', sent: id !== account }]);
  }

  const synced = await home.run('sync', '--json');
  const again = await home.run('sync', '--json');
  await home.run('score');

  const first = emailsIn(synced.json<Synced>());
  expect(first).toMatchObject({ error: null });
  expect(first?.changed).toBeGreaterThan(0);
  expect(first?.changed).toBeLessThanOrEqual(BUDGET);
  expect(emailsIn(again.json<Synced>())).toMatchObject({ read: 0, error: null });
  const score = await explained(account);
  expect(score).toMatchObject({
    contactDue: false,
    lastContactChannel: 'email',
    lastContactDirection: 'in',
    lastContactSubject: 'Re: your offer',
  });
  expect(paramsOf(score, 'contact.channels')?.unread).toBe('comment:no_list,chat:no_list');
});

test('what people fill in and write down is read, priced and explained in their language', async () => {
  const nameOf = (module: string, label: string) =>
    Object.keys(recordsOf(simulator, module)[0] ?? {}).find((field) => field.startsWith(label)) ?? label;
  const call = recordsOf(simulator, 'Calls').find((one) => JSON.stringify(one.What_Id)?.includes(account));
  simulator.control.writeRecords('Accounts', [
    {
      id: account,
      [nameOf('Accounts', 'Why_They_Chose_Us')]: 'Snelle levering',
      [nameOf('Accounts', 'Reason_Left')]: 'Price',
    },
  ]);
  simulator.control.writeRecords('Notes', [
    { Note_Title: 'Praatje op de beurs', Parent_Id: { id: account, module: { api_name: 'Accounts' } } },
  ]);
  if (call)
    simulator.control.writeRecords('Calls', [{ id: call.id, [nameOf('Calls', 'Minutes_Spent')]: 90 }]);

  const synced = await home.run('sync', '--json');
  expect(synced, synced.stderr).toMatchObject({ code: 0 });
  const scored = await home.run('score', '--json');

  const { timeCoverage } = scored.json<{ timeCoverage: { known: number; activities: number } }>();
  expect(timeCoverage.known).toBeGreaterThan(0);
  expect(timeCoverage.activities).toBeGreaterThanOrEqual(timeCoverage.known);
  const page = (await home.run('explain', account, '--lang', 'nl')).stdout;
  expect(page).toContain('Waarom ze voor ons kozen: Snelle levering');
  expect(page).toContain('Reden van vertrek: Prijs.');
  expect(page).toMatch(/Laatste contact .*notitie, beide kanten: "Praatje op de beurs/);
  expect(page).toContain('Gelezen: gesprekken, afspraken, taken, cases, e-mails, notities. Niet gelezen:');
});
