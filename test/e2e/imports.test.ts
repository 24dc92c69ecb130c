import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { GENERATED_TIME_ZONE, generatedOrg } from '../../src/sample/generator.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCliHome, type CliHome, finished } from '../support/cli.ts';
import { addDaysTo, todayIn } from '../support/org.ts';

/** Files that Zoho does not hold, through the command line, on a firm of four customers. Steps build on each other. */

// A dozen commands a test, each a process of its own.
vi.setConfig({ testTimeout: 300_000 });

const TODAY = todayIn(GENERATED_TIME_ZONE);
const ago = (days: number) => addDaysTo(TODAY, -days);
let simulator: Simulator;
let home: CliHome;

beforeAll(async () => {
  const { org, users, pipelines } = generatedOrg({ customers: 1, today: TODAY });
  const account = (key: string, number: number | null) => ({
    $key: key,
    Account_Name: key,
    Account_Number: number,
    Owner: { $user: users[0]?.key },
  });
  const deal = (key: string, of: string, amount: number) => ({
    $key: key,
    Deal_Name: key,
    Account_Name: { $ref: of },
    Amount: amount,
    Stage: 'Closed Won',
    Pipeline: pipelines[0]?.name,
    Closing_Date: ago(40),
  });
  simulator = await startSimulator({
    seed: {
      org: { ...org, iso_code: 'EUR' },
      users,
      pipelines,
      customFields: {},
      records: {
        Accounts: [account('Vermeer', 1001), account('Nowak', 1002), account('Hansen', 1003)],
        Contacts: [{ $key: 'ann', Last_Name: 'Ann' }],
        Deals: [deal('Order 1', 'Vermeer', 5000), deal('Order 2', 'Nowak', 800)],
      },
    },
  });
  home = aCliHome(simulator);
  for (const args of [['connect'], ['sync']]) {
    const done = await home.run(...args);
    expect(done, done.stderr).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

const idOf = (key: string) => simulator.control.idOf(key);
function aFile(name: string, ...lines: readonly string[]): string {
  const path = join(home.folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
async function scored() {
  const score = await home.run('score', '--json');
  expect(score, score.stderr).toMatchObject({ code: 0 });
  return score.json<Record<string, unknown>>();
}
async function exported(): Promise<Record<string, Record<string, string>>> {
  const { stdout } = await home.run('export');
  const rows: Record<string, string>[] = parse(stdout, { columns: true });
  return Object.fromEntries(rows.map((row) => [row.name, row]));
}

test('invoices, a credit note and costs reach the export, and a billed deal counts once', async () => {
  const invoices = aFile(
    'ledger.csv',
    '\ufeffNumber;DATE;Account Number;Type;Product;Amount;Cost;Deal_Id',
    `INV-1;${ago(30)};1001;invoice;Desk;3000,00;1800,00;${idOf('Order 1')}`,
    `INV-1;${ago(30)};1001;invoice;"Chair;\nred";1500,50;;`,
    `CN-1;${ago(10)};01001;credit note;Chair;100;0;`,
    `INV-2;${ago(500)};1003;invoice;Desk;250,00;100,00;`,
  );
  const costs = aFile(
    'costs.csv',
    'account_id,date,kind,amount,minutes,note',
    `${idOf('Nowak')},${ago(5)},freight,120.00,,"to Gdansk, express"`,
    `${idOf('Nowak')},${ago(5)},acquisition,999,,fair`,
    `${idOf('Hansen')},${ago(5)},service,10.10,,visit`,
  );

  const bought = await home.run('purchases', 'import', invoices, '--json');
  const cost = await home.run('costs', 'import', costs, '--json');
  const score = await scored();

  expect(bought, bought.stderr).toMatchObject({ code: 0 });
  expect(bought.json()).toMatchObject({ imported: 4, rejected: [], unmatched: [] });
  expect(cost.json()).toMatchObject({ imported: 3, rejected: [] });
  expect(score).toMatchObject({ unmatchedImports: { purchases: [], costs: [] } });
  const rows = await exported();
  // 4500.50 - 100 = 4400.50; 1800 + 70 % of 1500.50 = 2850.35; the credit note's cost is 0.
  expect(rows.Vermeer).toMatchObject({
    revenue_12m: '4400.50',
    direct_cost_12m: '2850.35',
    profit_12m: '1550.15',
    purchases: '1',
    last_purchase: ago(30),
  });
  expect(rows.Nowak).toMatchObject({
    revenue_12m: '800.00',
    cost_to_serve_12m: '120.00',
    profit_12m: '120.00',
  });
  expect(rows.Hansen).toMatchObject({
    revenue_12m: '0.00',
    cost_to_serve_12m: '10.10',
    profit_12m: '-10.10',
    revenue_total: '250.00',
    tier: 'loss_making',
  });
  const explained = await home.run('explain', idOf('Vermeer'));
  expect(explained.stdout).toContain('1 invoice €4,500.50, 1 credit note €100.00');
  expect(explained.stdout).toContain(`[deal ${idOf('Order 1')}]`);
  const nowak = await home.run('explain', idOf('Nowak'));
  expect(nowak.stdout).toContain('freight (imported) 1 = €120.00');
  expect(nowak.stdout).toContain('apart from the profit: €999.00');
});

test('the periods of the export add up to its totals', async () => {
  const { stdout } = await home.run('export', '--by', 'month');
  const rows: Record<string, string>[] = parse(stdout, { columns: true });
  const cents = (column: string, name: string) =>
    rows
      .filter((row) => row.name === name)
      .reduce((sum, row) => sum + Math.round(Number(row[column]) * 100), 0);
  const totals = await exported();

  for (const name of ['Vermeer', 'Nowak', 'Hansen']) {
    expect([name, cents('revenue', name)]).toEqual([
      name,
      Math.round(Number(totals[name]?.revenue_total) * 100),
    ]);
    expect([name, cents('profit', name)]).toEqual([
      name,
      Math.round(Number(totals[name]?.profit_total) * 100),
    ]);
  }
});

test('the same file again brings nothing; a file with a document of another is refused by line', async () => {
  const again = await home.run('purchases', 'import', join(home.folder, 'ledger.csv'), '--json');
  const overlap = aFile(
    'overlap.csv',
    'number,date,account_number,type,amount',
    `INV-9,${ago(3)},1001,invoice,1`,
    `INV-1,${ago(30)},1001,invoice,3000`,
  );
  const refused = await home.run('purchases', 'import', overlap, '--json');

  expect(again).toMatchObject({ code: 0 });
  expect(again.json()).toMatchObject({ imported: 0, alreadyImported: true });
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.json()).toMatchObject({
    imported: 0,
    rejected: [{ line: 3, reason: expect.stringContaining('INV-1') }],
  });
  expect((await home.run('purchases', 'list', '--json')).json<unknown[]>()).toHaveLength(1);
});

const LINES = Array.from({ length: 100_000 }, (_, at) => `I-${at},${ago(20)},1002,0.0${at % 10},0`);
const COLUMNS = 'number,date,account_number,amount,cost';

test('one bad line in 100,000: nothing is imported, the line and its reason are named', async () => {
  const bad = LINES.with(77_776, `I-77776,${ago(20)},1002,12.3.4,0`);

  const refused = await home.run('purchases', 'import', aFile('bad.csv', COLUMNS, ...bad), '--json');

  expect(refused).toMatchObject({ code: 2 });
  expect(refused.json()).toMatchObject({
    imported: 0,
    rejectedCount: 1,
    rejected: [{ line: 77_778, reason: expect.stringContaining('12.3.4') }],
  });
  expect((await home.run('purchases', 'list', '--json')).json<unknown[]>()).toHaveLength(1);
});

/** Lines of files that are being written, seen from outside. */
function stagedLines(): number {
  const db = new DatabaseSync(join(home.folder, 'zcv.db'), { readOnly: true });
  try {
    const row = db
      .prepare(
        "select count(*) as n from purchases p join imports i on i.id = p.import_id where i.state = 'staging'",
      )
      .get();
    return Number(row?.n);
  } finally {
    db.close();
  }
}

test('a dry run imports nothing; a killed import counts for nothing and can be repeated', async () => {
  const file = aFile('good.csv', COLUMNS, ...LINES.slice(0, 20_000));
  const tried = await home.run(
    'purchases',
    'import',
    aFile('dry.csv', COLUMNS, ...LINES.slice(0, 9)),
    '--dry-run',
    '--json',
  );
  const child = home.start('purchases', 'import', file, '--json');
  while (stagedLines() < 3_000 && child.exitCode === null) await new Promise((next) => setTimeout(next, 50));
  child.kill('SIGKILL');
  const killed = await finished(child);
  await scored();
  const between = (await exported()).Nowak;
  const repeated = await home.run('purchases', 'import', file, '--json');
  await scored();

  expect(tried.json()).toMatchObject({ imported: 9, dryRun: true });
  expect(killed.code).toBeNull();
  expect(between).toMatchObject({ revenue_12m: '800.00' });
  expect(repeated, repeated.stderr).toMatchObject({ code: 0 });
  expect(repeated.json()).toMatchObject({ imported: 20_000 });
  expect(stagedLines()).toBe(0);
  // 2,000 times 0.00 + 0.01 + … + 0.09.
  expect((await exported()).Nowak).toMatchObject({ revenue_12m: '1700.00', cost_to_serve_12m: '120.00' });
  const removed = await home.run('purchases', 'remove', file);
  expect(removed, removed.stderr).toMatchObject({ code: 0 });
  await scored();
  expect((await exported()).Nowak).toMatchObject({ revenue_12m: '800.00', purchases: '1' });
});

test('money of nobody is told first, kept, and found once its account appears', async () => {
  const file = aFile(
    'unknown.csv',
    'account_number,date,amount,currency,rate',
    `2001,${ago(2)},70.10,,`,
    `2001,${ago(2)},10,USD,0.9`,
    `2002,${ago(2)},0.05,,`,
  );

  const before = await home.run('purchases', 'import', file);
  const score = await home.run('score');
  simulator.control.writeRecords('Accounts', [{ Account_Name: 'Late', Account_Number: 2001 }]);
  await home.run('sync');
  const later = await scored();

  expect(before.stdout.split('\n')[0]).toBe(
    'Money that no customer explains: 70.15 EUR in 2 lines, 10.00 USD in 1 line; kept until one does',
  );
  expect(score.stdout).toContain('imported purchases no customer explains: 70.15 EUR in 2 lines');
  expect(later).toMatchObject({
    unmatchedImports: { purchases: [{ currency: 'EUR', lines: 1, amount: '0.05' }] },
  });
  expect((await exported()).Late).toMatchObject({ revenue_12m: '79.10', purchases: '1' });
});

test('goodwill lowers the budget of the next run', async () => {
  const key = idOf('Vermeer');
  writeFileSync(join(home.folder, 'scoring.yaml'), 'version: 1\ntiers:\n  goodMinProfit: 100\n');
  home.env.CONFIG_DIR = home.folder;
  await scored();
  const before = (await exported()).Vermeer;

  const noted = await home.run('goodwill', 'add', key, '--amount', '5.50', '--note', 'late', '--json');
  await scored();

  // 1 % of 1550.15.
  expect(before).toMatchObject({ tier: 'good', goodwill_budget: '15.50' });
  expect(noted, noted.stderr).toMatchObject({ code: 0 });
  expect(noted.json()).toEqual({
    customer: { module: 'Accounts', id: key },
    day: TODAY,
    amount: '5.50',
    note: 'late',
  });
  expect((await exported()).Vermeer).toMatchObject({ goodwill_budget: '10.00' });
});

test.each([
  [['goodwill', 'add', '4876876000000000999', '--amount', '1'], 'no customer 4876876000000000999'],
  [['goodwill', 'add', 'x', '--amount', '1', '--day', '9999-01-01'], 'lies ahead'],
  [['purchases', 'import', 'no-such.csv'], 'no-such.csv'],
])('%j is refused with what to do', async (args, words) => {
  const result = await home.run(...args);

  expect(result).toMatchObject({ code: 2, stdout: '' });
  expect(result.stderr).toContain(words);
});

test('referrals, contributions and thanks are taken in; a circle is refused with its lines', async () => {
  const [vermeer, nowak] = [idOf('Vermeer'), idOf('Nowak')];
  const head = 'referred_id,referrer_number,date';
  const good = aFile('referrals.csv', head, `${vermeer},1002,${ago(90)}`);
  const circle = aFile('circle.csv', head, `${nowak},1003,${ago(80)}`, `${idOf('Hansen')},1001,${ago(70)}`);
  const review = aFile('reviews.csv', 'record_id,date,kind,amount', `${vermeer},${ago(1)},Case study,250`);

  const first = await home.run('referrals', 'import', good, '--json');
  const second = await home.run('referrals', 'import', circle, '--json');
  const third = await home.run('contributions', 'import', review, '--json');
  const thanks = await home.run('thanks', 'add', vermeer, '--how', 'card', '--json');

  expect(first.json()).toMatchObject({ imported: 1, rejected: [] });
  expect(second).toMatchObject({ code: 2 });
  expect(second.json<{ rejected: { line: number }[] }>().rejected.map(({ line }) => line)).toEqual([2, 3]);
  expect(third.json()).toMatchObject({ imported: 1 });
  expect(thanks.json()).toMatchObject({ customer: { module: 'Accounts', id: vermeer }, how: 'card' });
  await scored();
  const rows = await exported();
  expect(rows.Nowak).toMatchObject({ brought: vermeer });
  expect(rows.Vermeer).toMatchObject({
    referred_by: nowak,
    contributions_12m: '250.00',
    last_thanked: TODAY,
    thanked_how: 'card',
    goodwill_granted_12m: '15.50',
    goodwill_used_12m: '5.50',
    goodwill_budget: '10.00',
    profile_ask: 'why_us',
  });
  const page = await home.run('explain', idOf('Nowak'));
  expect(page.stdout).toContain('[Vermeer]');
});

test('serving costs are told with count and price, late payment by its days, and reach the export', async () => {
  const late = aFile(
    'late.csv',
    'number,date,account_number,amount,cost,due_date,paid_date',
    `INV-L,${ago(60)},1003,3650.00,0,${ago(50)},${ago(20)}`,
  );
  const money = [
    'money:',
    '  capitalCostPercent: 10',
    '  unitCosts:',
    '    perOrderLine: 0.50',
    '    perShipment: 7',
  ];
  writeFileSync(join(home.folder, 'scoring.yaml'), ['version: 1', ...money, ''].join('\n'));
  home.env.CONFIG_DIR = home.folder;

  const imported = await home.run('purchases', 'import', late, '--json');
  await scored();

  expect(imported.json()).toMatchObject({ imported: 1, rejected: [] });
  const english = await home.run('explain', idOf('Hansen'));
  expect(english.stdout).toContain('order lines 1 × €0.50 = €0.50');
  expect(english.stdout).toContain('shipments 1 × €7.00 = €7.00');
  expect(english.stdout).toContain('days paid late 30 (10%) = €30.00');
  const dutch = await home.run('explain', idOf('Hansen'), '--lang', 'nl');
  expect(dutch.stdout).toContain('dagen te laat betaald 30 (10%) = € 30,00');
  // 10.10 of service were imported before.
  expect((await exported()).Hansen).toMatchObject({ cost_to_serve_12m: '47.60', profit_12m: '3602.40' });
});
