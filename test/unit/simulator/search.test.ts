import { describe, expect, test } from 'vitest';
import { anOrg, type Running, running } from './running-simulator.ts';

const SCOPES = ['ZohoCRM.modules.ALL', 'ZohoSearch.securesearch.READ'];
const CREATED = '2026-01-05T09:00:00+00:00';
const deal = (key: string, more: Record<string, unknown>) => ({
  $key: key,
  Deal_Name: key,
  Stage: 'Qualification',
  Pipeline: 'Standard',
  Created_Time: CREATED,
  ...more,
});
const seed = () =>
  anOrg({
    Accounts: [{ $key: 'acme', Account_Name: 'Acme', Phone: '+31 30-123 45', Created_Time: CREATED }],
    Contacts: [{ $key: 'jo', Last_Name: 'Jo', Email: 'Jo@Customer.test', Created_Time: CREATED }],
    Deals: [
      deal('Chairs (ten)', { Amount: 10, Closing_Date: '2026-01-31', Account_Name: { $ref: 'acme' } }),
      deal('Desks, oak', { Amount: 20, Closing_Date: '2026-02-28', Stage: 'Closed Won' }),
      deal('Lamps', { Closing_Date: '2026-03-31', Stage: 'Closed Lost' }),
    ],
    Leads: [{ $key: 'gone', Last_Name: 'Jo', Company: 'C', Converted__s: true, Created_Time: CREATED }],
  });
const open = () => running(seed(), { scopes: SCOPES });
const search = (org: Running, query: Record<string, string>, module = 'Deals') =>
  org.get(`/crm/v8/${module}/search?${new URLSearchParams(query)}`);
const count = async (org: Running, query: Record<string, string>, module = 'Deals') =>
  (await org.get(`/crm/v8/${module}/actions/count?${new URLSearchParams(query)}`)).json.count;

describe('criteria', () => {
  test.each([
    ['(Deal_Name:equals:CHAIR)', ['Chairs (ten)']],
    ['(Deal_Name:equals:Chairs \\(ten\\))', ['Chairs (ten)']],
    ['(Deal_Name:in:Desks\\, oak,Lamps)', ['Desks, oak', 'Lamps']],
    ['(Deal_Name:starts_with:la)', ['Lamps']],
    ['(Deal_Name:not_equal:a)', []],
    ['(Stage:equals:Closed)', []],
    ['(Stage:in:Closed Won,Closed Lost)', ['Desks, oak', 'Lamps']],
    ['(Amount:greater_than:10)', ['Desks, oak']],
    ['(Amount:between:5,20)', ['Chairs (ten)', 'Desks, oak']],
    ['((Closing_Date:greater_equal:2026-02-28)and(Stage:equals:Closed Won))', ['Desks, oak']],
    ['((Amount:equals:10)or((Amount:equals:20)and(Stage:equals:Closed Lost)))', ['Chairs (ten)']],
    ['(Created_Time:less_than:2026-01-05T11:00:00+01:00)', ['Chairs (ten)', 'Desks, oak', 'Lamps']],
  ])('%s finds what it says, as many as are counted', async (criteria, names) => {
    const org = await open();

    const { json } = await search(org, { criteria, fields: 'Deal_Name' });

    const found = (json.data ?? []).map((row: { Deal_Name: string }) => row.Deal_Name);
    expect(found.sort()).toEqual(names);
    expect(await count(org, { criteria })).toBe(names.length);
  });

  test('find by the id of a lookup', async () => {
    const org = await open();

    expect(await count(org, { criteria: `(Account_Name:equals:${org.id('acme')})` })).toBe(1);
  });

  test.each([
    ['Deal_Name:equals:Lamps', 'INVALID_QUERY'],
    ['(Deal_Name:equals:)', 'INVALID_QUERY'],
    ['(Deal_Name:equals:a', 'INVALID_QUERY'],
    ['(Deal_Name:equals:a)xor(Deal_Name:equals:b)', 'INVALID_QUERY'],
    ['(Nope:equals:a)', 'INVALID_QUERY'],
    ['(Stage:starts_with:C)', 'INVALID_QUERY'],
    ['(Amount:equals:many)', 'INVALID_QUERY'],
    ['(Amount:between:1)', 'INVALID_QUERY'],
    [`(${Array.from({ length: 11 }, () => '(Amount:equals:1)').join('or')})`, 'LIMIT_EXCEEDED'],
  ])('%s is refused', async (criteria, code) => {
    const org = await open();

    expect(await search(org, { criteria })).toMatchObject({ status: 400, json: { code } });
    expect(
      (await org.get(`/crm/v8/Deals/actions/count?criteria=${encodeURIComponent(criteria)}`)).json.code,
    ).toBe(code);
  });
});

describe('searching', () => {
  test('by e-mail, phone and word, in that order behind criteria', async () => {
    const org = await open();
    const ids = async (query: Record<string, string>, module: string) =>
      (await search(org, { fields: 'id', ...query }, module)).json.data?.map(({ id }: { id: string }) => id);

    expect(await ids({ email: 'jo@customer.test' }, 'Contacts')).toEqual([org.id('jo')]);
    expect(await ids({ phone: '30123' }, 'Accounts')).toEqual([org.id('acme')]);
    expect(await ids({ word: 'oak' }, 'Deals')).toEqual([org.id('Desks, oak')]);
    expect(await ids({ criteria: '(Amount:equals:10)', word: 'oak' }, 'Deals')).toEqual([
      org.id('Chairs (ten)'),
    ]);
    expect(await count(org, { word: 'nothing' })).toBe(0);
  });

  test('leaves converted leads out unless they are asked for', async () => {
    const org = await open();

    expect((await search(org, { word: 'jo' }, 'Leads')).status).toBe(204);
    expect((await search(org, { word: 'jo', converted: 'true' }, 'Leads')).json.info.count).toBe(1);
    expect(await count(org, {}, 'Leads')).toBe(0);
  });

  test('needs one of the ways, stays below 2,000 rows, and is not for histories', async () => {
    const org = await open();

    expect((await search(org, {})).json.code).toBe('EXPECTED_PARAM_MISSING');
    expect((await search(org, { word: 'a', page: '11' })).json.code).toBe('LIMIT_REACHED');
    expect(await search(org, { word: 'a' }, 'DealHistory')).toMatchObject({
      status: 403,
      json: { code: 'NO_PERMISSION' },
    });
  });

  test('lags behind by searchDelayMs, and so does counting', async () => {
    const org = await running(seed(), { scopes: SCOPES, switches: { searchDelayMs: 60_000 } });
    org.sim.control.writeRecords('Deals', [
      { Deal_Name: 'New', Stage: 'Qualification', Pipeline: 'Standard' },
    ]);
    org.sim.control.deleteRecords('Deals', [org.id('Lamps')]);

    const before = [(await search(org, { word: 'New' })).status, await count(org, {})];
    org.sim.control.setClock({ offsetMs: 120_000 });
    const after = [(await search(org, { word: 'New' })).status, await count(org, {})];

    expect([before, after]).toEqual([
      [204, 3],
      [200, 3],
    ]);
  });

  test('costs what searchCredits says and shares the slots of heavy calls', async () => {
    const org = await running(seed(), { scopes: SCOPES, switches: { searchCredits: 3, subConcurrency: 0 } });

    expect((await search(org, { word: 'a' })).status).toBe(429);
    org.sim.control.setSwitches({ subConcurrency: 1 });
    org.sim.control.resetReport();
    await search(org, { word: 'a' });
    expect(org.sim.control.report().credits).toBe(3);
  });
});

describe('the truth', () => {
  test('holds every living record with every field: ids for lookups, UTC for instants', async () => {
    const org = await open();
    org.sim.control.changeField('Deals', 'Amount', { hidden: true });
    org.sim.control.addFaults({
      kind: 'garbled-row',
      ids: [org.id('Lamps')],
      values: { Deal_Name: 7 },
    });

    const deals = org.sim.control.truth('Deals');

    expect(deals).toMatchObject([
      {
        id: org.id('Chairs (ten)'),
        Amount: 10,
        Account_Name: org.id('acme'),
        Owner: expect.stringMatching(/^\d+$/),
        Created_Time: '2026-01-05T09:00:00.000Z',
        Contact_Name: null,
      },
      { Deal_Name: 'Desks, oak' },
      { Deal_Name: 'Lamps' },
    ]);
    expect(org.sim.control.truth('Leads')).toMatchObject([{ Converted__s: true }]);
  });

  test('comes as a line a record over HTTP, and a lookup to a deleted record is empty', async () => {
    const org = await open();
    org.sim.control.deleteRecords('Accounts', [org.id('acme')]);

    const answer = await fetch(`${org.sim.url}/__control/truth/Deals`);

    const lines = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatchObject({ Account_Name: null });
  });
});
