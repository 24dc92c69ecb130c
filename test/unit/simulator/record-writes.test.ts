import { describe, expect, test } from 'vitest';
import type { SeedField } from '../../../src/simulator/seed.ts';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const QUIET = { trigger: [], skip_feature_execution: [{ name: 'cadences' }] };

const write = (org: Running, method: string, path: string, data: unknown[], more: object = QUIET) =>
  org.call(method, `/crm/v8/${path}`, { body: { data, ...more } });
const field = (label: string, data_type: string, more: Partial<SeedField> = {}): SeedField => ({
  label,
  api_name: label,
  data_type,
  ...more,
});
const DEAL = { Deal_Name: 'D', Stage: 'Qualification', Pipeline: 'Standard' };

describe('rows', () => {
  test('are answered in their places, and the good ones stand', async () => {
    const org = await running(anOrg({ Accounts: accounts(2) }));
    const [first, second] = [org.id('account-0'), org.id('account-1')];

    const { status, json } = await write(org, 'PUT', 'Accounts', [
      { id: first, Rating: 'Active' },
      { id: '999', Rating: 'Active' },
      { Rating: 'Active' },
      { id: second, Rating: 5 },
    ]);

    expect(status).toBe(207);
    expect(json.data.map((row: { code: string }) => row.code)).toEqual([
      'SUCCESS',
      'INVALID_DATA',
      'MANDATORY_NOT_FOUND',
      'INVALID_DATA',
    ]);
    expect(json.data[0].details).toMatchObject({ id: first, Modified_By: { name: 'Ada Admin' } });
    expect(org.sim.control.report().writes).toEqual({ Accounts: { [first]: { Rating: 1 } } });
  });

  test.each([
    [207, 207],
    [202, 202],
    [200, 201],
  ] as const)('with partialStatus %i a mixed creation answers %i', async (partialStatus, status) => {
    const org = await running(anOrg(), { switches: { partialStatus } });

    const answer = await write(org, 'POST', 'Accounts', [{ Account_Name: 'Good' }, { Industry: 'Bad' }]);

    expect(answer.status).toBe(status);
    expect(answer.json.data[1]).toMatchObject({
      code: 'MANDATORY_NOT_FOUND',
      details: { api_name: 'Account_Name' },
    });
  });

  test.each(['rows', 'bare'] as const)('a single failed row is answered as %s', async (allFailedShape) => {
    const org = await running(anOrg(), { switches: { allFailedShape } });

    const { status, json } = await write(org, 'POST', 'Accounts', [{}]);

    expect(status).toBe(400);
    expect(allFailedShape === 'bare' ? json.code : json.data[0].code).toBe('MANDATORY_NOT_FOUND');
  });

  test('a hundred are taken, one more is not', async () => {
    const org = await running(anOrg());
    const rows = Array.from({ length: 101 }, (_, at) => ({ Account_Name: `A${at}` }));

    expect((await write(org, 'POST', 'Accounts', rows)).json).toMatchObject({
      code: 'INVALID_DATA',
      details: { maximum_length: 100 },
    });
    expect((await write(org, 'POST', 'Accounts', rows.slice(1))).status).toBe(201);
  });

  test('a body that is no JSON, has no data or an unknown trigger is refused as a whole', async () => {
    const org = await running(anOrg());
    const token = await org.token();
    const raw = await fetch(`${org.sim.url}/crm/v8/Accounts`, {
      method: 'POST',
      headers: { authorization: `Zoho-oauthtoken ${token}` },
      body: '{"data":',
    });

    expect(raw.status).toBe(400);
    expect((await org.call('POST', '/crm/v8/Accounts', { body: {} })).json.code).toBe('MANDATORY_NOT_FOUND');
    const odd = await write(org, 'POST', 'Accounts', [{ Account_Name: 'A' }], { trigger: ['sms'] });
    expect(odd.json).toMatchObject({ code: 'INVALID_DATA', details: { api_name: 'trigger' } });
  });

  test('writes stamp the second and the user, and bring Modified_Time after everything older', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    org.sim.control.setClock({ now: new Date('2026-03-01T10:00:00.500Z') });
    const token = (await org.refresh()).json.access_token;

    const body = { data: [{ id: org.id('account-0'), Rating: 'Active' }], ...QUIET };
    const { json } = await org.call('PUT', '/crm/v8/Accounts', { body, token });

    expect(json.data[0].details.Modified_Time).toBe('2026-03-01T11:00:00+01:00');
  });

  test('missing trigger and missing cadence switch are reported', async () => {
    const org = await running(anOrg());

    await write(org, 'POST', 'Accounts', [{ Account_Name: 'A' }], {});
    await write(org, 'POST', 'Accounts', [{ Account_Name: 'B' }]);

    const { triggered, cadenced } = org.sim.control.report();
    expect(triggered).toEqual([{ method: 'POST', path: '/crm/v8/Accounts', module: 'Accounts', rows: 1 }]);
    expect(cadenced).toBe(1);
  });

  test('a stale write is refused with 412', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    const put = (since: string) =>
      org.call('PUT', '/crm/v8/Accounts', {
        body: { data: [{ id: org.id('account-0'), Rating: 'x' }], ...QUIET },
        headers: { 'if-unmodified-since': since },
      });

    expect(await put('2026-01-05T08:59:59+00:00')).toMatchObject({
      status: 412,
      json: { code: 'ALREADY_MODIFIED' },
    });
    expect((await put('2026-01-05T09:00:00+00:00')).status).toBe(200);
  });
});

describe('what modules demand', () => {
  test.each([
    ['Leads', {}, 'Last_Name'],
    ['Deals', { Deal_Name: 'D', Stage: 'Qualification' }, 'Pipeline'],
    ['Tasks', {}, 'Subject'],
    ['Calls', { Subject: 'C', Call_Type: 'Inbound', Call_Duration: '01:00' }, 'Call_Start_Time'],
    ['Events', { Event_Title: 'E', Start_DateTime: '2026-02-01T10:00:00Z' }, 'End_DateTime'],
    ['Cases', { Subject: 'C', Status: 'New' }, 'Case_Origin'],
    ['Products', {}, 'Product_Name'],
  ])('%s demands %j and %s', async (module, row, missing) => {
    const org = await running(anOrg());

    const { json } = await write(org, 'POST', module, [row]);

    expect(json.data[0]).toMatchObject({ code: 'MANDATORY_NOT_FOUND', details: { api_name: missing } });
  });

  test('What_Id needs $se_module, and the right one', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    const task = { Subject: 'Call', What_Id: { id: org.id('account-0') } };

    const { json } = await write(org, 'POST', 'Tasks', [
      task,
      { ...task, $se_module: 'Deals' },
      { ...task, $se_module: 'Accounts' },
    ]);

    expect(json.data.map((row: { code: string }) => row.code)).toEqual([
      'DEPENDENT_FIELD_MISSING',
      'INVALID_DATA',
      'SUCCESS',
    ]);
    expect(org.sim.control.report().tasks).toEqual({ [org.id('account-0')]: { open: 1, all: 1 } });
  });

  test('a completed task gets its closing time and leaves the open ones', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    const task = { Subject: 'Call', What_Id: { id: org.id('account-0') }, $se_module: 'Accounts' };
    const id = (await write(org, 'POST', 'Tasks', [task])).json.data[0].details.id;

    await write(org, 'PUT', 'Tasks', [{ id, Status: 'Completed' }]);

    expect(org.sim.control.records('Tasks')[0]?.Closed_Time).not.toBeNull();
    expect(org.sim.control.report().tasks).toEqual({ [org.id('account-0')]: { open: 0, all: 1 } });
  });

  test.each([
    ['FREQ=NONE;ACTION=POPUP;TRIGGER=DATE-TIME:2026-02-10T08:30:00+02:00', 201],
    ['ACTION=EMAIL;TRIGGER=-P1D;TRIGGER_TIME=08:30', 201],
    ['ACTION=EMAIL;TRIGGER=DATE-TIME:2026-02-10', 400],
  ])('a reminder of the form %s answers %i', async (ALARM, status) => {
    const org = await running(anOrg());

    expect((await write(org, 'POST', 'Tasks', [{ Subject: 'T', Remind_At: { ALARM } }])).status).toBe(status);
  });

  test('a call that was held has a duration', async () => {
    const org = await running(anOrg());
    const call = { Subject: 'C', Call_Start_Time: '2026-02-01T10:00:00Z', Call_Duration: '00:00' };

    const { json } = await write(org, 'POST', 'Calls', [
      { ...call, Call_Type: 'Outbound' },
      { ...call, Call_Type: 'Missed' },
      { ...call, Call_Type: 'Outbound', Outgoing_Call_Status: 'Scheduled' },
      { ...call, Call_Type: 'Inbound', Call_Duration: '10:05' },
    ]);

    expect(json.data[0].code).toBe('DEPENDENT_MISMATCH');
    expect(json.data.slice(1).every((row: { code: string }) => row.code === 'SUCCESS')).toBe(true);
    expect(org.sim.control.records('Calls').at(-1)?.Call_Duration_in_seconds).toBe(605);
  });

  test('a deal that moves takes the probability of its stage', async () => {
    const org = await running(anOrg());
    const id = (await write(org, 'POST', 'Deals', [{ ...DEAL, Amount: 200 }])).json.data[0].details.id;

    await write(org, 'PUT', 'Deals', [{ id, Stage: 'Closed Won' }]);

    expect(org.sim.control.records('Deals')[0]).toMatchObject({ Probability: 100, Expected_Revenue: 200 });
  });

  test('a typo in the stage is taken', async () => {
    const org = await running(anOrg());

    expect((await write(org, 'POST', 'Deals', [{ ...DEAL, Stage: 'Clsoed Won' }])).status).toBe(201);
  });
});

describe('unique fields and upsert', () => {
  const unique = { customFields: { Accounts: [field('Ext', 'text', { unique: true })] } };

  test('a second row with the value of a unique field names the first', async () => {
    const org = await running(anOrg({ Accounts: accounts(1, () => ({ Ext: 'abc' })) }, unique));

    const { json } = await write(org, 'POST', 'Accounts', [
      { Account_Name: 'New', Ext: 'ABC' },
      { Account_Name: 'One', Ext: 'x' },
      { Account_Name: 'Two', Ext: 'x' },
    ]);

    const id = org.id('account-0');
    expect(json.data[0]).toMatchObject({
      code: 'DUPLICATE_DATA',
      details: { api_name: 'Ext', id, duplicate_record: { id, module: { api_name: 'Accounts' } } },
    });
    expect(json.data[1].code).toBe('SUCCESS');
    expect(json.data[2].code).toBe('DUPLICATE_DATA');
  });

  test('a value that a row gave up is free for another', async () => {
    const org = await running(anOrg({ Accounts: accounts(2, (at) => ({ Ext: `e${at}` })) }, unique));
    const [first, second] = [org.id('account-0'), org.id('account-1')];

    const { json } = await write(org, 'PUT', 'Accounts', [
      { id: second, Ext: 'e0' },
      { id: first, Ext: 'e2' },
      { id: second, Ext: 'e0' },
    ]);

    expect(json.data.map((row: { code: string }) => row.code)).toEqual([
      'DUPLICATE_DATA',
      'SUCCESS',
      'SUCCESS',
    ]);
  });

  test('upsert updates by the given fields, else by the system field, else inserts', async () => {
    const org = await running(anOrg({ Accounts: accounts(2, (at) => ({ Ext: `e${at}` })) }, unique));

    const given = await write(org, 'POST', 'Accounts/upsert', [{ Account_Name: 'Renamed', Ext: 'e0' }], {
      ...QUIET,
      duplicate_check_fields: ['Ext'],
    });
    const system = await write(org, 'POST', 'Accounts/upsert', [{ Account_Name: 'Account 1' }]);
    const created = await write(org, 'POST', 'Accounts/upsert', [{ Account_Name: 'Third' }]);

    expect(given.json.data[0]).toMatchObject({
      action: 'update',
      duplicate_field: 'Ext',
      details: { id: org.id('account-0') },
    });
    expect(system.json.data[0]).toMatchObject({ action: 'update', duplicate_field: 'Account_Name' });
    expect(created).toMatchObject({
      status: 201,
      json: { data: [{ action: 'insert', duplicate_field: null }] },
    });
  });

  test('deals are merged by name unless the call says otherwise', async () => {
    const org = await running(anOrg());
    await write(org, 'POST', 'Deals', [DEAL]);

    await write(org, 'POST', 'Deals/upsert', [{ ...DEAL, Amount: 5 }]);

    expect(org.sim.control.records('Deals')).toMatchObject([{ Deal_Name: 'D', Amount: 5 }]);
  });

  test('tasks have no upsert', async () => {
    const org = await running(anOrg());

    expect((await write(org, 'POST', 'Tasks/upsert', [{ Subject: 'T' }])).status).toBe(400);
  });
});

describe('deleting', () => {
  test('answers by id and empties lookups that pointed there', async () => {
    const Deals = [{ $key: 'd', Deal_Name: 'D', Account_Name: { $ref: 'account-0' } }];
    const org = await running(anOrg({ Accounts: accounts(1), Deals }));
    const id = org.id('account-0');

    const first = await org.call('DELETE', `/crm/v8/Accounts?ids=${id},12,abc`);
    const second = await org.call('DELETE', `/crm/v8/Accounts/${id}?wf_trigger=false`);

    expect(first.json.data.map((row: { code: string }) => row.code)).toEqual([
      'SUCCESS',
      'INVALID_DATA',
      'UNABLE_TO_PARSE_DATA_TYPE',
    ]);
    expect(second).toMatchObject({ status: 400, json: { data: [{ message: 'record not deleted' }] } });
    expect(org.sim.control.records('Deals')[0]?.Account_Name).toBeNull();
    expect(org.sim.control.report().triggered).toHaveLength(1);
  });
});

test('the layout makes fields mandatory for whoever asks for its rules', async () => {
  const org = await running(anOrg({}, { customFields: { Deals: [field('Why', 'text')] } }), {
    scopes: ['ZohoCRM.settings.ALL', 'ZohoCRM.modules.ALL'],
  });
  const [layout] = (await org.get('/crm/v8/settings/layouts?module=Deals')).json.layouts;
  const [section] = layout.sections;
  const why = section.fields.find((each: { api_name: string }) => each.api_name === 'Why');

  const change = { layouts: [{ sections: [{ id: section.id, fields: [{ id: why.id, required: true }] }] }] };
  await org.call('PATCH', `/crm/v8/settings/layouts/${layout.id}?module=Deals`, { body: change });

  const rules = { ...QUIET, apply_feature_execution: [{ name: 'layout_rules' }] };
  expect((await write(org, 'POST', 'Deals', [DEAL])).status).toBe(201);
  expect((await write(org, 'POST', 'Deals', [DEAL], rules)).json.data[0]).toMatchObject({
    code: 'MANDATORY_NOT_FOUND',
    details: { api_name: 'Why' },
  });
});
