import { describe, expect, test } from 'vitest';
import type { Switches } from '../../../src/simulator/switches.ts';
import { anOrg, type Running, running } from './running-simulator.ts';

const CREATED = '2026-01-05T09:00:00+00:00';
const DAY_MS = 86_400_000;
const deal = (key: string, Stage: string) => ({
  $key: key,
  Deal_Name: key,
  Stage,
  Pipeline: 'Standard',
  Amount: 50,
  Created_Time: CREATED,
});
const seed = () => anOrg({ Deals: [deal('deal', 'Qualification'), deal('other', 'Closed Won')] });
const history = (org: Running, key: string) =>
  org.sim.control
    .records('DealHistory')
    .filter(({ Potential_Name }) => JSON.stringify(Potential_Name).includes(org.id(key)));
const move = (org: Running, Stage: string) =>
  org.sim.control.writeRecords('Deals', [{ id: org.id('deal'), Stage }]);
const coql = (org: Running, select_query: string) =>
  org.call('POST', '/crm/v8/coql', { body: { select_query } });

describe('stage history', () => {
  test('begins with the deal and gets a row for each stage that is saved', async () => {
    const org = await running(seed());
    const createdMs = Date.parse(CREATED);
    org.sim.control.setClock({ now: new Date(createdMs + 3 * DAY_MS) });
    move(org, 'Closed Won');
    org.sim.control.setClock({ now: new Date(createdMs + 5.5 * DAY_MS) });
    move(org, 'Closed Won');

    expect(history(org, 'deal')).toMatchObject([
      { Stage: 'Qualification', Moved_To__s: 'Closed Won', Stage_Duration_Calendar_Days: 3, Amount: 50 },
      { Stage: 'Closed Won', Moved_To__s: 'Closed Won', Stage_Duration_Calendar_Days: 2, Probability: 100 },
      { Stage: 'Closed Won', Moved_To__s: null, Stage_Duration_Calendar_Days: null },
    ]);
    expect(history(org, 'deal').map((row) => Date.parse(String(row.Modified_Time)) - createdMs)).toEqual([
      0,
      3 * DAY_MS,
      5.5 * DAY_MS,
    ]);
    expect(history(org, 'other')).toHaveLength(1);
  });

  test('other changes of a deal leave no trace in it', async () => {
    const org = await running(seed());

    org.sim.control.writeRecords('Deals', [{ id: org.id('deal'), Amount: 60 }]);

    expect(history(org, 'deal')).toMatchObject([{ Amount: 50 }]);
  });

  test('is listed, queried with joins, and shown for one deal', async () => {
    const org = await running(seed());
    move(org, 'Closed Lost');
    const fields = 'Stage,Moved_To__s,Modified_Time,Potential_Name';

    const listed = await org.get(`/crm/v8/DealHistory?fields=${fields}&sort_by=Modified_Time&sort_order=asc`);
    const queried = await coql(
      org,
      "select Stage, Potential_Name.Owner from DealHistory where Moved_To__s = 'Closed Lost'",
    );
    const alone = await org.get(`/crm/v8/Deals/${org.id('deal')}/Stage_History?fields=${fields}`);

    expect(listed.json.data).toHaveLength(3);
    expect(queried.json.data).toMatchObject([
      { Stage: 'Qualification', 'Potential_Name.Owner': { name: 'Ada Admin' } },
    ]);
    expect(alone.json.data).toMatchObject([
      { Stage: 'Closed Lost', Potential_Name: { id: org.id('deal') } },
      { Stage: 'Qualification' },
    ]);
  });

  test('is described as a field tracker and can only be read', async () => {
    const org = await running(seed());

    const { json } = await org.get('/crm/v8/settings/modules/DealHistory');
    const written = await org.call('POST', '/crm/v8/DealHistory', { body: { data: [{ Stage: 'x' }] } });

    expect(json.modules).toMatchObject([
      {
        generated_type: 'field_tracker',
        status: 'system_hidden',
        api_supported: true,
        viewable: true,
        ...{ creatable: false, editable: false, parent_module: { api_name: 'Deals' } },
      },
    ]);
    expect(written.json.code).toBe('INVALID_MODULE');
  });

  test('goes with its deal, and comes back with it', async () => {
    const org = await running(seed());

    org.sim.control.deleteRecords('Deals', [org.id('deal')]);
    const gone = org.sim.control.records('DealHistory').length;
    org.sim.control.restoreRecords('Deals', [org.id('deal')]);

    expect(gone).toBe(1);
    expect(history(org, 'deal')).toHaveLength(1);
  });

  test.each<[Switches['stageHistoryVisible'], number, number]>([
    ['all', 200, 200],
    ['admins', 200, 400],
    ['none', 400, 400],
  ])('is seen by %s', async (stageHistoryVisible, ofAdmin, ofClerk) => {
    const org = await running(seed(), { switches: { stageHistoryVisible } });
    const code = org.sim.control.issueGrantCode({ as: 'bob' });
    const { json } = await org.oauth({
      client_id: org.sim.clientId,
      client_secret: org.sim.clientSecret,
      grant_type: 'authorization_code',
      code,
    });
    const path = '/crm/v8/DealHistory?fields=Stage';

    expect((await org.get(path)).status).toBe(ofAdmin);
    expect((await org.call('GET', path, { token: json.access_token })).status).toBe(ofClerk);
  });

  test('is exported unless bulkReadsHistory is off', async () => {
    const org = await running(seed());
    const create = () =>
      org.call('POST', '/crm/bulk/v8/read', {
        body: { query: { module: { api_name: 'DealHistory' } } },
        headers: { 'content-type': 'application/json' },
      });

    const taken = await create();
    org.sim.control.setSwitches({ bulkReadsHistory: false });

    expect(taken.status).toBe(201);
    expect(await create()).toMatchObject({ status: 400, json: { code: 'MODULE_NOT_SUPPORTED' } });
  });

  test('is what the seed tells, or nothing', async () => {
    const told = {
      $key: 'h',
      Potential_Name: { $ref: 'deal' },
      Stage: 'Qualification',
      Created_Time: CREATED,
    };
    const records = { Deals: [deal('deal', 'Closed Won')], DealHistory: [told] };
    const [telling, silent] = [
      await running(anOrg(records)),
      await running(anOrg({ Deals: records.Deals }, { stageHistory: false })),
    ];

    expect(history(telling, 'deal')).toMatchObject([{ Stage: 'Qualification' }]);
    expect(history(silent, 'deal')).toEqual([]);
  });
});
