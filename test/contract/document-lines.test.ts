import { afterEach, expect, test } from 'vitest';
import { ZohoRejectedError } from '../../src/errors.ts';
import type { OrgSeed } from '../../src/simulator/seed.ts';
import { readLines, readLinesOf } from '../../src/sync/document-lines.ts';
import { syncOrg } from '../../src/sync/sync-org.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld, type World } from './setup-world.ts';

const OPTIONS = { basis: 'both', excludeAccountTypes: [], documents: ['Invoices'] } as const;
const CREATED = '2026-01-10T09:00:00+01:00';

const worlds: World[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

function anOrg(invoices: number): OrgSeed {
  return aSeed({
    salesModules: ['Invoices'],
    customFields: { Products: [{ label: 'Cost', api_name: 'Cost', data_type: 'currency' }] },
    records: {
      Accounts: [{ $key: 'mill', Account_Name: 'Mill & Sons', Created_Time: CREATED }],
      Products: [
        {
          $key: 'oven',
          Product_Name: 'Oven',
          Cost: 30.25,
          Product_Category: 'Hardware',
          Created_Time: CREATED,
        },
      ],
      Invoices: Array.from({ length: invoices }, (_, index) => ({
        $key: `invoice-${index}`,
        Subject: `Invoice ${index}`,
        Account_Name: { $ref: 'mill' },
        Status: 'Approved',
        Invoice_Date: '2026-02-01',
        Created_Time: CREATED,
        Invoiced_Items: [
          { Product_Name: { $ref: 'oven' }, Quantity: 2, List_Price: 50 },
          { Product_Name: { $ref: 'oven' }, Quantity: 1, List_Price: 10.5 },
        ],
      })),
    },
  });
}

type Refusal = (request: Parameters<ZohoClient['request']>[0]) => boolean;
const byCoql: Refusal = ({ body }) => JSON.stringify(body ?? null).includes('from Invoiced_Items');
const byBulk: Refusal = ({ path, method }) => path === '/crm/bulk/v8/read' && method === 'POST';

async function aFirm(invoices: number, refuses: readonly Refusal[] = []) {
  const world = await aWorld({ seed: anOrg(invoices) });
  worlds.push(world);
  const connection = await world.connected();
  const real = await world.deps.zohoFor(connection);
  const asked: string[] = [];
  const zoho: ZohoClient = {
    ...real,
    request: async (request) => {
      asked.push(request.path);
      if (refuses.some((refuse) => refuse(request))) {
        throw new ZohoRejectedError('refused', { zohoCode: 'INVALID_MODULE' });
      }
      return real.request(request);
    },
  };
  const deps = { ...world.deps, zoho };
  const modules = ['Accounts', 'Products', 'Invoices'] as const;
  await syncOrg(
    { ...world.deps, zoho: real },
    { connection, full: false, fullSince: null, modules, mapping: aMapping(), optionsOf: () => [] },
  );
  const read = (credits = 500) =>
    readLines(deps, { connection, module: 'Invoices', subform: 'Invoiced_Items', credits });
  const invoiceRows = async () => {
    const [mill] = await deps.store.customers.byKeys(connection.id, OPTIONS, [
      { module: 'Accounts', id: world.simulator.control.idOf('mill') },
    ]);
    return mill?.documents ?? [];
  };
  return { ...world, connection, deps, read, invoiceRows, asked };
}

test.each([
  ['few documents by their ids', 3, [], 'coql'],
  ['many documents by one scan of the subform', 130, [], 'coql'],
  ['many documents by bulk read where COQL does not know the subform', 130, [byCoql], 'bulk'],
  ['one by one where neither does', 4, [byCoql, byBulk], 'records'],
] as const)('%s: the same lines are stored', async (_name, invoices, refuses, method) => {
  const { read, invoiceRows, simulator } = await aFirm(invoices, refuses);

  const result = await read();

  expect(result).toMatchObject({ method, lines: invoices * 2, left: 0, unreadable: 0 });
  const documents = await invoiceRows();
  expect(documents).toHaveLength(invoices);
  for (const { document, lines } of documents) {
    expect(document).toMatchObject({ status: 'Approved', day: '2026-02-01', total: '110.5' });
    const stored = lines
      .map(({ id: _id, ...line }) => line)
      .sort((a, b) => Number(b.netTotal) - Number(a.netTotal));
    const product = {
      id: simulator.control.idOf('oven'),
      name: 'Oven',
      category: 'Hardware',
      cost: '30.25',
      currency: null,
      exchangeRate: null,
    };
    expect(stored).toMatchObject([
      { productId: product.id, product, quantity: '2', listPrice: '50', netTotal: '100' },
      { productId: product.id, product, quantity: '1', listPrice: '10.5', netTotal: '10.5' },
    ]);
  }
  expect(await read()).toMatchObject({ method: null, left: 0 });
});

test('what the credits of a run do not allow is left to the next ones, and nothing is read twice', async () => {
  const { read, deps } = await aFirm(7, [byCoql, byBulk]);

  const results = [];
  for (let run = 0; run < 3; run += 1) {
    const before = deps.zoho.usage().credits;
    results.push({ ...(await read(3)), credits: deps.zoho.usage().credits - before });
  }

  expect(results.map(({ left }) => left)).toEqual([4, 1, 0]);
  // One more for the metadata of the subform.
  for (const { credits } of results) expect(credits).toBeLessThanOrEqual(4);
});

test('a changed document has its lines read anew: those it lost are gone', async () => {
  const { read, invoiceRows, simulator, connection, deps } = await aFirm(3);
  await read();
  const id = simulator.control.idOf('invoice-1');
  const before = (await invoiceRows()).find((one) => one.document.id === id);
  const [kept, lost] = before?.lines ?? [];
  if (!kept || !lost) throw new Error('the invoice has two lines');
  simulator.control.setClock({ offsetMs: 3_600_000 });
  simulator.control.writeRecords('Invoices', [
    {
      id,
      Invoiced_Items: [
        { id: kept.id, Quantity: 5 },
        { id: lost.id, _delete: null },
      ],
    },
  ]);
  const modules = ['Invoices'] as const;
  const input = { connection, fullSince: null, modules, mapping: aMapping(), optionsOf: () => [] };
  await syncOrg(deps, { ...input, full: false });

  await readLinesOf(deps, {
    ...{ connection, module: 'Invoices', subform: 'Invoiced_Items', credits: 500 },
    ids: [id],
  });

  const after = (await invoiceRows()).find((one) => one.document.id === id);
  expect(after?.lines).toMatchObject([{ id: kept.id, quantity: '5' }]);
  expect(await read()).toMatchObject({ left: 0 });
});

test('an org whose documents show no such subform is told where to name it', async () => {
  const { deps, connection } = await aFirm(1, [byCoql, byBulk]);
  const input = { connection, module: 'Invoices', subform: 'Positions', credits: 500 } as const;

  await expect(readLines(deps, input)).rejects.toThrow(/mapping\.lines of fields\.yaml/);
});
