import { afterAll, expect, test } from 'vitest';
import { syncOrg } from '../../src/sync/sync-org.ts';
import { aMapping } from '../support/mapping.ts';
import { aSeed, aWorld } from './setup-world.ts';

/** Freight, the way to a meeting and the day of a payment: fields that only the firm itself has, named by a setting. */

const CREATED = '2026-01-10T09:00:00+01:00';
const mill = { $ref: 'mill' };
const world = await aWorld({
  seed: aSeed({
    salesModules: ['Invoices'],
    customFields: {
      Deals: [{ label: 'Vracht', api_name: 'Vracht', data_type: 'currency' }],
      Events: [{ label: 'Km', api_name: 'Km', data_type: 'double' }],
      Invoices: [{ label: 'Betaald op', api_name: 'Betaald_op', data_type: 'date' }],
    },
    records: {
      Accounts: [{ $key: 'mill', Account_Name: 'Mill', Created_Time: CREATED }],
      Deals: [
        {
          $key: 'deal',
          Deal_Name: 'Order',
          Stage: 'Closed Won',
          Closing_Date: '2026-02-01',
          Amount: 100,
          Account_Name: mill,
          Vracht: 12.5,
          Created_Time: CREATED,
        },
      ],
      Events: [
        {
          $key: 'visit',
          Event_Title: 'Visit',
          Start_DateTime: '2026-02-02T10:00:00+01:00',
          End_DateTime: '2026-02-02T11:00:00+01:00',
          What_Id: mill,
          $se_module: 'Accounts',
          Km: 41.5,
          Created_Time: CREATED,
        },
      ],
      Invoices: [
        {
          $key: 'invoice',
          Subject: 'Invoice',
          Account_Name: mill,
          Status: 'Approved',
          Invoice_Date: '2026-02-01',
          Due_Date: '2026-03-03',
          Betaald_op: '2026-04-02',
          Created_Time: CREATED,
        },
      ],
    },
  }),
});
afterAll(() => world.close());

test('are read where a setting names their fields, and nowhere else', async () => {
  const { deps, simulator } = world;
  const connection = await world.connected();
  const zoho = await deps.zohoFor(connection);
  const modules = ['Accounts', 'Deals', 'Events', 'Invoices'] as const;
  const key = { module: 'Accounts' as const, id: simulator.control.idOf('mill') };
  const options = { basis: 'account', excludeAccountTypes: [], documents: ['Invoices'] } as const;
  const read = async (mapping = aMapping()) => {
    await syncOrg({ ...deps, zoho }, { connection, full: false, modules, mapping, optionsOf: () => [] });
    const [rows] = await deps.store.customers.byKeys(connection.id, options, [key]);
    return rows;
  };

  const unnamed = await read();
  const named = await read(
    aMapping({
      deals: { freight: 'Vracht' },
      events: { kilometres: ['Distance', 'Km'] },
      invoices: { paid: 'Betaald_op' },
    }),
  );

  expect(unnamed).toMatchObject({
    deals: [{ freight: null }],
    activities: [{ kilometres: null }],
    documents: [{ document: { untilDay: '2026-03-03', paidDay: null } }],
  });
  expect(named).toMatchObject({
    deals: [{ freight: '12.5' }],
    activities: [{ kilometres: '41.5' }],
    documents: [{ document: { untilDay: '2026-03-03', paidDay: '2026-04-02' } }],
  });
});
