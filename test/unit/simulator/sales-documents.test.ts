import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { entriesOf } from '../../contract/simulator-caller.ts';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const AT_ONCE = { bulkQueuedAfterMs: 0, bulkStartedAfterMs: 0, bulkCompletedAfterMs: 0 };
const CREATED = '2026-01-05T09:00:00+00:00';
const invoice = (more: Record<string, unknown> = {}) => ({
  $key: 'invoice',
  Subject: 'January',
  Invoice_Number: '1001',
  Invoice_Date: '2026-01-05',
  Status: 'Approved',
  Account_Name: { $ref: 'account-0' },
  Adjustment: -0.5,
  Created_Time: CREATED,
  Invoiced_Items: [
    { Product_Name: { $ref: 'chair' }, Quantity: 2, List_Price: 10, Discount: 1, Tax: 3 },
    { Product_Name: { $ref: 'chair' }, Quantity: 0.5, List_Price: 4.5, Description: 'half' },
  ],
  ...more,
});
const seed = () =>
  anOrg(
    {
      Accounts: accounts(1),
      Products: [{ $key: 'chair', Product_Name: 'Chair', Unit_Price: 10 }],
      Invoices: [invoice()],
    },
    { salesModules: ['Invoices'] },
  );
const coql = (org: Running, select_query: string) =>
  org.call('POST', '/crm/v8/coql', { body: { select_query } });
const lines = (org: Running) => org.sim.control.records('Invoiced_Items');
const theInvoice = (org: Running) => org.sim.control.records('Invoices')[0];

describe('sales documents', () => {
  test('exist only where the seed says so', async () => {
    const org = await running(seed());

    expect((await org.get('/crm/v8/Invoices?fields=Subject')).status).toBe(200);
    expect((await org.get('/crm/v8/Quotes?fields=Subject')).json.code).toBe('INVALID_MODULE');
    expect((await org.get('/crm/v8/settings/modules/Quotes')).json.code).toBe('INVALID_MODULE');
    expect((await org.get('/crm/v8/settings/modules/Invoiced_Items')).json.modules).toMatchObject([
      { generated_type: 'subform', creatable: false, parent_module: { api_name: 'Invoices' } },
    ]);
  });

  test('sum up their lines', async () => {
    const org = await running(seed());

    expect(lines(org)).toMatchObject([
      { Sequence_Number: 1, Total: 20, Total_After_Discount: 19, Net_Total: 22 },
      { Sequence_Number: 2, Total: 2.25, Net_Total: 2.25 },
    ]);
    expect(theInvoice(org)).toMatchObject({ Sub_Total: 24.25, Grand_Total: 23.75 });
  });

  test('show their lines with one record, and never in lists or queries', async () => {
    const org = await running(seed());

    const alone = (await org.get(`/crm/v8/Invoices/${org.id('invoice')}`)).json.data[0];
    const listed = (await org.get('/crm/v8/Invoices?fields=Subject,Invoiced_Items')).json.data[0];
    const queried = await coql(org, 'select Invoiced_Items from Invoices where id is not null');

    expect(alone.Invoiced_Items).toMatchObject([
      { Product_Name: { id: org.id('chair'), name: 'Chair' }, Quantity: 2 },
      { Description: 'half' },
    ]);
    expect(listed).toEqual({ id: org.id('invoice'), Subject: 'January' });
    expect(queried).toMatchObject({ status: 400, json: { code: 'INVALID_QUERY' } });
  });

  test('their lines are a module for COQL and bulk read, not for the record API', async () => {
    const org = await running(seed(), { switches: AT_ONCE });
    const columns = 'Parent_Id, Product_Name, Quantity, Net_Total';
    const job = await org.call('POST', '/crm/bulk/v8/read', {
      body: { query: { module: { api_name: 'Invoiced_Items' }, fields: columns.split(', ') } },
      headers: { 'content-type': 'application/json' },
    });
    const { id } = job.json.data[0].details;
    const file = await fetch(`${org.sim.url}/crm/bulk/v8/read/${id}/result`, {
      headers: { authorization: `Zoho-oauthtoken ${await org.token()}` },
    });

    const queried = await coql(org, `select ${columns} from Invoiced_Items where id is not null`);

    const csv = Object.values(await entriesOf(Buffer.from(await file.arrayBuffer())))[0] ?? '';
    expect(queried.json.data).toMatchObject([
      { Parent_Id: { id: org.id('invoice'), name: 'January' }, Product_Name: { name: 'Chair' }, Quantity: 2 },
      { Quantity: 0.5, Net_Total: 2.25 },
    ]);
    expect(parse(csv).map((row: string[]) => row.slice(1))).toEqual([
      columns.split(', '),
      [org.id('invoice'), org.id('chair'), '2', '22'],
      [org.id('invoice'), org.id('chair'), '0.5', '2.25'],
    ]);
    expect((await org.get('/crm/v8/Invoiced_Items?fields=id')).json.code).toBe('INVALID_MODULE');
  });

  test('lines are added, changed and deleted through their document, whose total and time follow', async () => {
    const org = await running(seed());
    const [first, second] = lines(org);
    const put = (Invoiced_Items: unknown) =>
      org.call('PUT', '/crm/v8/Invoices', { body: { data: [{ id: org.id('invoice'), Invoiced_Items }] } });

    const added = await put([
      { id: first?.id, Quantity: 3 },
      { Quantity: 1, List_Price: 100 },
    ]);
    const between = lines(org);
    await put([{ id: second?.id, _delete: null }]);

    expect(added.json.data[0]).toMatchObject({ code: 'SUCCESS' });
    expect(between).toMatchObject([{ Quantity: 3, Total: 30 }, { Quantity: 0.5 }, { Net_Total: 100 }]);
    expect(lines(org).map(({ id }) => id)).not.toContain(second?.id);
    expect(theInvoice(org)).toMatchObject({ Sub_Total: 132, Grand_Total: 131.5 });
    expect(lines(org)[0]?.Modified_Time).toBe(theInvoice(org)?.Modified_Time);
  });

  test.each([
    ['text', 'invalid data'],
    [[{ Quantity: 'many' }], 'invalid data'],
    [[{ id: '1' }], 'the id given seems to be invalid'],
  ])('lines %j are refused and nothing changes', async (Invoiced_Items, message) => {
    const org = await running(seed());

    const { json } = await org.call('PUT', '/crm/v8/Invoices', {
      body: { data: [{ id: org.id('invoice'), Invoiced_Items }] },
    });

    expect(json.data[0]).toMatchObject({ code: 'INVALID_DATA', message });
    expect(lines(org)).toHaveLength(2);
  });

  test('lines go to the recycle bin with their document and come back with it', async () => {
    const org = await running(seed());
    const before = theInvoice(org)?.Invoiced_Items;

    org.sim.control.deleteRecords('Invoices', [org.id('invoice')]);
    const gone = lines(org);
    org.sim.control.restoreRecords('Invoices', [org.id('invoice')]);

    expect(gone).toEqual([]);
    expect(theInvoice(org)?.Invoiced_Items).toEqual(before);
    expect((await org.get('/crm/v8/Invoiced_Items/deleted')).json.code).toBe('INVALID_MODULE');
  });
});
