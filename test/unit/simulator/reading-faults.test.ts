import { describe, expect, test } from 'vitest';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const AT_ONCE = { bulkQueuedAfterMs: 0, bulkStartedAfterMs: 0, bulkCompletedAfterMs: 0 };
const LIST = '/crm/v8/Accounts?fields=Account_Name,Modified_Time,Annual_Revenue&sort_by=id&sort_order=asc';

const coql = async (org: Running, select_query: string) =>
  (await org.call('POST', '/crm/v8/coql', { body: { select_query } })).json.data;

async function exported(org: Running): Promise<{ status: number; bytes: Buffer; type: string | null }> {
  const query = { module: { api_name: 'Accounts' }, fields: ['Account_Name', 'Modified_Time'] };
  const created = await org.call('POST', '/crm/bulk/v8/read', {
    body: { query },
    headers: { 'content-type': 'application/json' },
  });
  const path = `/crm/bulk/v8/read/${created.json.data[0].details.id}/result`;
  const answer = await fetch(org.sim.url + path, {
    headers: { authorization: `Zoho-oauthtoken ${await org.token()}` },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { status: answer.status, bytes, type: answer.headers.get('content-type') };
}

describe('edits between pages', () => {
  test('are done after the page they strike, as people do them', async () => {
    const org = await running(anOrg({ Accounts: accounts(3) }));
    const [first, second, third] = [0, 1, 2].map((index) => org.id(`account-${index}`));
    org.sim.control.addFaults({
      kind: 'edit-between-pages',
      match: { path: '^/crm/v8/Accounts$' },
      after: 1,
      times: 1,
      edit: [{ module: 'Accounts', data: [{ id: first, Account_Name: 'Edited' }] }],
      remove: [{ module: 'Accounts', ids: [second ?? ''] }],
      act: () => org.sim.control.purgeRecords('Accounts', [third ?? '']),
    });
    const names = async () =>
      (await org.get(LIST)).json.data.map((row: { Account_Name: string }) => row.Account_Name);

    const before = [await names(), await names()];
    const after = await names();

    expect(before).toEqual([
      ['Account 0', 'Account 1', 'Account 2'],
      ['Account 0', 'Account 1', 'Account 2'],
    ]);
    expect(after).toEqual(['Edited']);
  });
});

describe('a garbled row', () => {
  const LONG = '1234567890123456789012345';
  const garbled = async () => {
    const org = await running(anOrg({ Accounts: accounts(2) }), { switches: AT_ONCE });
    org.sim.control.addFaults({
      kind: 'garbled-row',
      ids: [org.id('account-0')],
      values: { id: LONG, Modified_Time: 'yesterday', Annual_Revenue: { no: 'number' } },
    });
    return org;
  };

  test('shows its strange values in lists, alone, in queries and in exports, and only what was asked for', async () => {
    const org = await garbled();
    const strange = { id: LONG, Account_Name: 'Account 0', Modified_Time: 'yesterday' };

    const listed = (await org.get(LIST)).json.data;
    const alone = (await org.get(`/crm/v8/Accounts/${org.id('account-0')}?fields=Account_Name`)).json.data;
    const queried = await coql(
      org,
      "select id, Account_Name, Modified_Time from Accounts where id > '1' order by Modified_Time, id",
    );
    const { bytes } = await exported(org);

    expect(listed[0]).toEqual({ ...strange, Annual_Revenue: { no: 'number' } });
    expect(alone).toEqual([{ id: LONG, Account_Name: 'Account 0' }]);
    expect(queried[0]).toEqual(strange);
    expect([listed[1].id, queried[1].id]).toEqual([org.id('account-1'), org.id('account-1')]);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
  });

  test('is whole in the truth, and again for all once the fault is cleared', async () => {
    const org = await garbled();

    const [truth] = org.sim.control.records('Accounts');
    org.sim.control.clearFaults();

    expect(truth).toMatchObject({ id: org.id('account-0'), Annual_Revenue: null });
    expect((await org.get(LIST)).json.data[0]).toMatchObject({ id: org.id('account-0') });
  });
});

test('a result that is not a zip calls itself one, once', async () => {
  const org = await running(anOrg({ Accounts: accounts(2) }), { switches: AT_ONCE });
  org.sim.control.addFaults({ kind: 'not-a-zip', times: 1 });

  const [broken, whole] = [await exported(org), await exported(org)];

  expect(broken).toMatchObject({ status: 200, type: 'application/zip' });
  expect(broken.bytes.toString()).toBe('This is not a zip');
  expect(whole.bytes.subarray(0, 2).toString()).toBe('PK');
});

test('an answer that is not JSON has status 200, and the call is not done', async () => {
  const org = await running(anOrg({ Accounts: accounts(1) }));
  org.sim.control.addFaults({ kind: 'not-json', match: { path: '^/crm/v8/Accounts$' }, times: 2 });

  const read = await org.get(LIST);
  const write = await org.call('PUT', '/crm/v8/Accounts', {
    body: { data: [{ id: org.id('account-0'), Account_Name: 'New' }] },
  });

  expect([read.status, write.status]).toEqual([200, 200]);
  expect(read.json).toBe('Service is busy, please wait');
  expect((await org.get(LIST)).json.data).toMatchObject([{ Account_Name: 'Account 0' }]);
});

test('extreme values pass through every way of reading', async () => {
  const org = await running(
    anOrg(
      {
        Deals: ['0001-01-01', '9999-12-31'].map((day, index) => ({
          $key: `deal-${index}`,
          Deal_Name: day,
          Stage: 'Qualification',
          Pipeline: 'Standard',
          Amount: 1e15,
          Closing_Date: day,
          Met_At: `${day}T12:00:00+00:00`,
        })),
      },
      {
        customFields: { Deals: [{ label: 'Met At', api_name: 'Met_At', data_type: 'datetime' }] },
      },
    ),
  );

  const rows = await coql(org, 'select Amount, Closing_Date, Met_At from Deals where id is not null');

  expect(rows).toMatchObject([
    {
      Amount: 1e15,
      Closing_Date: '0001-01-01',
      Met_At: expect.stringMatching(/^0001-01-01T12:\d\d:00\+00:\d\d$/),
    },
    { Amount: 1e15, Closing_Date: '9999-12-31', Met_At: '9999-12-31T13:00:00+01:00' },
  ]);
  const [first] = rows;
  expect(new Date(first.Met_At).toISOString()).toBe('0001-01-01T12:00:00.000Z');
});
