import { describe, expect, test } from 'vitest';
import type { Switches } from '../../../src/simulator/switches.ts';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const TIER = {
  label: 'Tier',
  api_name: 'Tier',
  data_type: 'picklist',
  pick_list_values: ['Gold', 'Silver'],
} as const;
const seed = () =>
  anOrg(
    { Accounts: accounts(2, () => ({ Tier: 'Gold', Phone: '12' })) },
    { customFields: { Accounts: [TIER] } },
  );

const coql = (org: Running, select_query: string) =>
  org.call('POST', '/crm/v8/coql', { body: { select_query } });
const bulk = (org: Running, query: unknown) =>
  org.call('POST', '/crm/bulk/v8/read', {
    body: { query },
    headers: { 'content-type': 'application/json' },
  });
const first = async (org: Running, fields: string) =>
  (await org.get(`/crm/v8/Accounts?fields=${fields}`)).json.data[0];
const fieldsOf = async (org: Running): Promise<Record<string, unknown>[]> =>
  (await org.get('/crm/v8/settings/fields?module=Accounts')).json.fields;
const field = async (org: Running, name: string) =>
  (await fieldsOf(org)).find(({ api_name }) => api_name === name);

/** What each way of reading says of a field that it may not know. */
async function readings(org: Running, name: string) {
  const listed = await first(org, `id,${name}`);
  const queried = await coql(org, `select ${name} from Accounts where id is not null`);
  const exported = await bulk(org, { module: { api_name: 'Accounts' }, fields: [name] });
  return [name in listed, queried.json.code, exported.json.code];
}

const UNKNOWN = [false, 'INVALID_QUERY', 'FIELD_NOT_AVAILABLE'];
const KNOWN = [true, undefined, undefined];

describe('fields that an administrator changes', () => {
  test('a removed field is unknown to every way of reading, and so are its values', async () => {
    const org = await running(seed());
    expect(await readings(org, 'Tier')).toEqual(KNOWN);

    org.sim.control.removeField('Accounts', 'Tier');

    expect(await readings(org, 'Tier')).toEqual(UNKNOWN);
    expect(await field(org, 'Tier')).toBeUndefined();
    expect(org.sim.control.records('Accounts')[0]).not.toHaveProperty('Tier');
  });

  test('a renamed field keeps its id, place and values', async () => {
    const org = await running(seed());
    const before = await fieldsOf(org);

    org.sim.control.changeField('Accounts', 'Tier', { api_name: 'Class', label: 'Class' });

    const after = await fieldsOf(org);
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
    expect(await field(org, 'Class')).toMatchObject({ field_label: 'Class' });
    expect(await first(org, 'Class')).toMatchObject({ Class: 'Gold' });
    expect(await readings(org, 'Tier')).toEqual(UNKNOWN);
  });

  test.each([
    ['text', '12'],
    ['integer', 12],
    ['boolean', false],
    ['datetime', null],
  ])('a field that becomes %s shows %j', async (data_type, value) => {
    const org = await running(seed());

    org.sim.control.changeField('Accounts', 'Phone', { data_type });

    expect(await field(org, 'Phone')).toMatchObject({ data_type });
    expect(await first(org, 'Phone')).toMatchObject({ Phone: value });
  });

  test('records keep a value whose option is gone; the options that stay keep their ids', async () => {
    const org = await running(seed());
    const options = async () => (await field(org, 'Tier'))?.pick_list_values;
    const [, silver] = (await options()) as { id: string }[];

    org.sim.control.changeField('Accounts', 'Tier', { pick_list_values: ['Silver'] });

    expect(await options()).toMatchObject([{ id: silver?.id, actual_value: 'Silver' }]);
    expect(await first(org, 'Tier')).toMatchObject({ Tier: 'Gold' });
  });

  test('a hidden field is described as hidden, is not read and cannot be written, until it is shown again', async () => {
    const org = await running(seed());
    const write = () =>
      org.call('PUT', '/crm/v8/Accounts', { body: { data: [{ id: org.id('account-0'), Tier: 'Silver' }] } });

    org.sim.control.changeField('Accounts', 'Tier', { hidden: true });

    expect(await readings(org, 'Tier')).toEqual(UNKNOWN);
    expect(await field(org, 'Tier')).toMatchObject({
      visible: false,
      profiles: [{ permission_type: 'hidden' }, { permission_type: 'hidden' }],
    });
    expect((await write()).json.data[0]).toMatchObject({ code: 'INVALID_DATA' });
    expect(org.sim.control.records('Accounts')[0]).toMatchObject({ Tier: 'Gold' });
    org.sim.control.changeField('Accounts', 'Tier', { hidden: false });
    expect(await readings(org, 'Tier')).toEqual(KNOWN);
    expect((await write()).json.data[0]).toMatchObject({ code: 'SUCCESS' });
  });

  test('an added field is there at once', async () => {
    const org = await running(seed());

    org.sim.control.addField('Accounts', { label: 'Score', api_name: 'Score', data_type: 'integer' });

    expect(await first(org, 'Score')).toMatchObject({ Score: null });
  });

  test('mistakes are told', async () => {
    const org = await running(seed());
    const { control } = org.sim;

    expect(() => control.removeField('Accounts', 'Nope')).toThrow('no such field');
    expect(() => control.removeField('Accounts', 'id')).toThrow('no such field');
    expect(() => control.changeField('Accounts', 'Tier', { api_name: 'Phone' })).toThrow('exists');
    expect(() => control.addField('Accounts', TIER)).toThrow('exists');
    expect(() => control.changeModule('Nowhere', {})).toThrow('unknown module');
  });
});

describe('modules that an administrator changes', () => {
  test('a module keeps its API name when its labels change', async () => {
    const org = await running(seed());

    org.sim.control.changeModule('Accounts', { singular_label: 'Client', plural_label: 'Clients' });

    const { json } = await org.get('/crm/v8/settings/modules/Accounts');
    expect(json.modules).toMatchObject([
      { api_name: 'Accounts', singular_label: 'Client', plural_label: 'Clients' },
    ]);
  });

  test.each<[Switches['hiddenModule'], number]>([
    ['INVALID_MODULE', 400],
    ['NO_PERMISSION', 403],
  ])('a hidden one answers %s to every way of reading', async (hiddenModule, status) => {
    const org = await running(seed(), { switches: { hiddenModule } });

    org.sim.control.changeModule('Accounts', { hidden: true });

    const refusal = { status, json: { code: hiddenModule } };
    expect(await org.get('/crm/v8/Accounts?fields=id')).toMatchObject(refusal);
    expect(await org.get('/crm/v8/Accounts/deleted')).toMatchObject(refusal);
    expect(await org.get('/crm/v8/settings/fields?module=Accounts')).toMatchObject(refusal);
    expect(await coql(org, 'select id from Accounts where id is not null')).toMatchObject(refusal);
    expect((await bulk(org, { module: { api_name: 'Accounts' } })).json.code).toBe(
      hiddenModule === 'NO_PERMISSION' ? 'NO_PERMISSION' : 'MODULE_NOT_AVAILABLE',
    );
    expect((await org.get('/crm/v8/settings/modules/Accounts')).json.modules).toMatchObject([
      { viewable: false, visible: false, status: 'user_hidden' },
    ]);
    expect(org.sim.control.records('Accounts')).toHaveLength(2);
  });

  test('all of it is done over HTTP as well', async () => {
    const org = await running(seed());
    const send = async (method: string, path: string, body?: unknown) =>
      (
        await fetch(`${org.sim.url}/__control/${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
      ).status;

    const statuses = [
      await send('POST', 'modules/Accounts', { plural_label: 'Clients' }),
      await send('POST', 'fields/Accounts', { label: 'Score', api_name: 'Score', data_type: 'integer' }),
      await send('POST', 'fields/Accounts/Score', { label: 'Points' }),
      await send('DELETE', 'fields/Accounts/Tier'),
      await send('DELETE', 'fields/Accounts/Tier'),
    ];

    expect(statuses).toEqual([204, 204, 204, 204, 400]);
    expect(await field(org, 'Score')).toMatchObject({ field_label: 'Points' });
  });
});
