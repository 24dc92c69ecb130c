import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aSeed } from '../contract/setup-world.ts';
import { aCliHome, type CliHome } from '../support/cli.ts';

/** A group of firms that bills by invoices, one of which came as a lead: the line by hand, from Zoho to the explanation. */

const CREATED = '2024-01-10T09:00:00+01:00';
const DAY = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);

let simulator: Simulator;
let home: CliHome;
const id = (key: string) => simulator.control.idOf(key);

beforeAll(async () => {
  const invoice = (key: string, account: string, lines: readonly (readonly [string, number, number])[]) => ({
    $key: key,
    Subject: key,
    Account_Name: { $ref: account },
    Status: 'Approved',
    Invoice_Date: DAY,
    Created_Time: CREATED,
    Invoiced_Items: lines.map(([product, Quantity, List_Price]) => ({
      Product_Name: { $ref: product },
      Quantity,
      List_Price,
    })),
  });
  simulator = await startSimulator({
    seed: aSeed({
      salesModules: ['Invoices'],
      customFields: { Products: [{ label: 'Cost', api_name: 'Cost', data_type: 'currency' }] },
      records: {
        Accounts: [
          { $key: 'group', Account_Name: 'Group', Created_Time: CREATED },
          { $key: 'mill', Account_Name: 'Mill', Parent_Account: { $ref: 'group' }, Created_Time: CREATED },
          { $key: 'yard', Account_Name: 'Yard', Parent_Account: { $ref: 'mill' }, Created_Time: CREATED },
        ],
        Leads: [
          {
            $key: 'lead',
            Last_Name: 'Nowak',
            Company: 'Nowak BV',
            Lead_Source: 'Trade Show',
            Created_Time: CREATED,
          },
        ],
        Calls: [
          {
            $key: 'fair',
            Subject: 'Met at the fair',
            Call_Type: 'Outbound',
            Call_Start_Time: '2024-01-15T10:00:00+01:00',
            Call_Duration: '05:00',
            What_Id: { $ref: 'lead' },
            $se_module: 'Leads',
            Created_Time: CREATED,
          },
        ],
        Products: [
          { $key: 'oven', Product_Name: 'Oven', Cost: 30.25, Created_Time: CREATED },
          { $key: 'tray', Product_Name: 'Tray', Created_Time: CREATED },
        ],
        Deals: [
          {
            $key: 'won',
            Deal_Name: 'Billed by invoice',
            Stage: 'Closed Won',
            Closing_Date: DAY,
            Amount: 5_000,
            Account_Name: { $ref: 'mill' },
            Created_Time: CREATED,
          },
        ],
        Invoices: [
          invoice('to-group', 'group', [['oven', 2, 50]]),
          invoice('to-mill', 'mill', [['oven', 1, 45.5]]),
          invoice('to-yard', 'yard', [
            ['oven', 1, 60],
            ['tray', 4, 10],
          ]),
          { ...invoice('void', 'yard', [['oven', 9, 99]]), Status: 'Cancelled' },
        ],
      },
    }),
  });
  home = aCliHome(simulator);
});
afterAll(async () => {
  home.remove();
  await simulator.close();
});

function useSettings(scoring: string): void {
  const dir = mkdtempSync(join(home.folder, 'config-'));
  writeFileSync(join(dir, 'scoring.yaml'), `version: 1\n${scoring}`);
  home.env.CONFIG_DIR = dir;
}

interface Explained {
  key: { module: string; id: string };
  total: { revenue: number; directCost: number };
  costBasis: string[];
  source: string | null;
  firstContact: string | null;
  reasons: { code: string; params: Record<string, unknown>; records?: { module: string; id: string }[] }[];
}
const explain = async (record: string) => {
  const shown = await home.run('explain', record, '--json');
  expect(shown, shown.stderr).toMatchObject({ code: 0 });
  return shown.json<Explained>();
};
const FAMILY = ['group', 'mill', 'yard'] as const;

test('invoices with lines give exact revenue and cost, and the deal that they bill does not count again', async () => {
  useSettings('purchase:\n  from: invoices\nmoney:\n  margins:\n    products:\n      tray: 50\n');
  expect(await home.run('connect', '--json')).toMatchObject({ code: 0 });

  const ran = await home.run('run', '--json');
  expect(ran, ran.stderr).toMatchObject({ code: 0 });

  const modules = ran.json<{ sync: { modules: { module: string; read: number; error: string | null }[] } }>()
    .sync.modules;
  expect(modules.find((one) => one.module === 'Invoiced_Items')).toMatchObject({ read: 5, error: null });
  expect(modules.map((one) => one.module)).not.toContain('Quotes');
  const [group, mill, yard] = await Promise.all(FAMILY.map((key) => explain(id(key))));
  expect(group).toMatchObject({ total: { revenue: 100_00, directCost: 60_50 }, costBasis: ['line'] });
  expect(mill).toMatchObject({ total: { revenue: 45_50, directCost: 30_25 }, costBasis: ['line'] });
  expect(yard).toMatchObject({ total: { revenue: 100_00, directCost: 50_25 }, costBasis: ['product'] });
});

test('the family counts as one customer, with the sums of its members', async () => {
  const apart = await Promise.all(FAMILY.map((key) => explain(id(key))));
  const sumOf = (name: 'revenue' | 'directCost') => apart.reduce((sum, { total }) => sum + total[name], 0);

  useSettings(
    'customer:\n  rollUp: parent\npurchase:\n  from: invoices\nmoney:\n  margins:\n    products:\n      tray: 50\n',
  );
  expect(await home.run('score', '--json')).toMatchObject({ code: 0 });

  const rolled = await explain(id('group'));
  expect(rolled.total).toMatchObject({ revenue: sumOf('revenue'), directCost: sumOf('directCost') });
  expect((await explain(id('yard'))).key).toEqual({ module: 'Accounts', id: id('group') });
  const exported = await home.run('export', '--format', 'ndjson');
  expect(exported.stdout.trim().split('\n')).toHaveLength(1);
});

test('a converted lead hands its source and its first contact on to the customer', async () => {
  simulator.control.setClock({ offsetMs: 600_000 });
  const { contact } = simulator.control.convertLead(id('lead'), {});

  const ran = await home.run('run', '--json');
  expect(ran, ran.stderr).toMatchObject({ code: 0 });

  const customer = await explain(id('lead'));
  expect(customer).toMatchObject({ source: 'Trade Show', firstContact: '2024-01-15' });
  expect(customer.reasons.find(({ code }) => code === 'source.lead')?.records).toEqual([
    { module: 'Leads', id: id('lead') },
  ]);
  expect((await explain(contact)).key).toEqual(customer.key);
  const page = await home.run('explain', id('lead'), '--lang', 'nl');
  expect(page.stdout).toContain('Herkomst: Trade Show; binnengekomen als lead op 10 jan 2024.');
});

test('invoices that cannot be read hold the plan instead of emptying every customer', async () => {
  useSettings('purchase:\n  from: orders\n');

  const ran = await home.run('run', '--apply', '--yes', '--json');

  expect(ran.code).toBe(3);
  const { sync, plan } = ran.json<{ sync: { warnings: string[] }; plan: { held: { reason: string } } }>();
  expect(sync.warnings.join('\n')).toMatch(/purchase\.from is orders, but Sales_Orders cannot be read/);
  expect(plan.held.reason).toBe('partial_sync');
});
