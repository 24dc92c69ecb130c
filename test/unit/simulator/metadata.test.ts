import { describe, expect, test } from 'vitest';
import type { Edition } from '../../../src/simulator/seed.ts';
import { accounts, anOrg, type Running, running } from './running-simulator.ts';

const FIELDS = '/crm/v8/settings/fields?module=Accounts';

const create = (org: Running, fields: unknown[]) => org.call('POST', FIELDS, { body: { fields } });
const text = (field_label: string, more: object = {}) => ({ field_label, data_type: 'text', ...more });
const fieldNamed = async (org: Running, label: string) =>
  (await org.get(FIELDS)).json.fields.find((field: { field_label: string }) => field.field_label === label);

describe('creating fields', () => {
  test('answers ids only: the API name has to be read back', async () => {
    const org = await running(anOrg());

    const { status, json } = await create(org, [text('Value Tier', { length: 40 })]);
    const field = await fieldNamed(org, 'Value Tier');

    expect(status).toBe(201);
    expect(json.fields).toEqual([
      { code: 'SUCCESS', status: 'success', message: 'field created', details: { id: field.id } },
    ]);
    expect(field).toMatchObject({ api_name: 'Value_Tier', custom_field: true, length: 40, read_only: false });
  });

  test('an API name that is taken gets a digit, and with fieldNaming suffixed every one does', async () => {
    const org = await running(anOrg());

    await create(org, [text('Value Tier'), text('Value/Tier')]);
    const taken = (await fieldNamed(org, 'Value/Tier')).api_name;
    await create(org, [text('Value  Tier')]);
    org.sim.control.setSwitches({ fieldNaming: 'suffixed' });
    await create(org, [text('Phase')]);

    expect(taken).toBe('ValueTier');
    expect((await fieldNamed(org, 'Value  Tier')).api_name).toBe('Value_Tier1');
    expect((await fieldNamed(org, 'Phase')).api_name).toBe('Phase1');
  });

  test.each([
    ['a label that exists', text('account name'), 'DUPLICATE_DATA'],
    ['no type', { field_label: 'X' }, 'MANDATORY_NOT_FOUND'],
    ['an unknown type', { field_label: 'X', data_type: 'colour' }, 'INVALID_DATA'],
    ['a reserved word', text('Owner'), 'RESERVED_KEYWORD_NOT_ALLOWED'],
    ['a text too long', text('X', { length: 256 }), 'DEPENDENT_MISMATCH'],
    [
      'a picklist without values',
      { field_label: 'X', data_type: 'picklist' },
      'EXPECTED_DEPENDENT_FIELD_MISSING',
    ],
    ['a currency without rounding', { field_label: 'X', data_type: 'currency' }, 'DEPENDENT_FIELD_MISSING'],
    ['a textarea without its type', { field_label: 'X', data_type: 'textarea' }, 'DEPENDENT_FIELD_MISSING'],
    [
      'a textarea of another length than its type has',
      { field_label: 'X', data_type: 'textarea', length: 2000, textarea: { type: 'large' } },
      'DEPENDENT_MISMATCH',
    ],
    [
      'a unique picklist',
      { field_label: 'X', data_type: 'boolean', unique: { case_sensitive: false } },
      'NOT_ALLOWED',
    ],
    ['a case-sensitive unique', text('X', { unique: { case_sensitive: true } }), 'INVALID_DATA'],
    [
      'a long tooltip',
      text('X', { tooltip: { name: 'static_text', value: 'x'.repeat(36) } }),
      'INVALID_DATA',
    ],
  ])('%s is refused', async (_what, field, code) => {
    const org = await running(anOrg());

    const { status, json } = await create(org, [field]);

    expect(status).toBe(400);
    expect(json.fields[0]).toMatchObject({ code, status: 'error' });
  });

  test('six fields in one call are refused, and one bad field does not stop the others', async () => {
    const org = await running(anOrg());

    const six = await create(
      org,
      Array.from({ length: 6 }, (_, at) => text(`F${at}`)),
    );
    const mixed = await create(org, [text('Good'), text('Owner')]);

    expect(six.json).toMatchObject({ code: 'INVALID_DATA', details: { maximum_length: 5 } });
    expect(mixed.status).toBe(207);
    expect(await fieldNamed(org, 'Good')).toBeDefined();
  });

  test('a third unique field of a module is one too many', async () => {
    const org = await running(anOrg());
    const unique = (label: string) => text(label, { unique: { case_sensitive: false } });

    const { json } = await create(org, [unique('A'), unique('B'), unique('C')]);

    expect(json.fields.map((field: { code: string }) => field.code)).toEqual([
      'SUCCESS',
      'SUCCESS',
      'LIMIT_EXCEEDED',
    ]);
  });

  test.each([
    ['Free', 0],
    ['Standard', 10],
    ['Professional', 155],
  ] as const)('an org of edition %s has room for %i custom fields in a module', async (edition, room) => {
    const seeded = Array.from({ length: Math.max(room - 1, 0) }, (_, at) => ({
      label: `S${at}`,
      api_name: `S${at}`,
      data_type: 'text',
    }));
    const seed = anOrg({}, { edition: edition as Edition, customFields: { Accounts: seeded } });
    const org = await running(seed);

    const { json } = await create(org, [text('One'), text('Two')]);

    const codes = json.fields.map((field: { code: string }) => field.code);
    expect(codes).toEqual(room === 0 ? ['LIMIT_EXCEEDED', 'LIMIT_EXCEEDED'] : ['SUCCESS', 'LIMIT_EXCEEDED']);
  });

  test('is for administrators', async () => {
    const org = await running(anOrg());
    const { json } = await org.oauth({
      grant_type: 'authorization_code',
      client_id: org.sim.clientId,
      client_secret: org.sim.clientSecret,
      code: org.sim.control.issueGrantCode({ as: 'bob' }),
    });

    const body = { fields: [text('X')] };
    const answer = await org.call('POST', FIELDS, { body, token: json.access_token });

    expect(answer).toMatchObject({ status: 403, json: { code: 'NO_PERMISSION' } });
  });

  test('a new field can be used only after newFieldDelayMs', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }), { switches: { newFieldDelayMs: 60_000 } });
    await create(org, [text('Tier')]);
    const body = { data: [{ id: org.id('account-0'), Tier: 'gold' }], trigger: [] };

    const early = await org.call('PUT', '/crm/v8/Accounts', { body });
    const unseen = await fieldNamed(org, 'Tier');
    org.sim.control.setClock({ offsetMs: 61_000 });
    const later = await org.call('PUT', '/crm/v8/Accounts', { body });

    expect([early.status, unseen, later.status]).toEqual([400, undefined, 200]);
  });
});

describe('changing and deleting fields', () => {
  test('a deleted field is gone with its values', async () => {
    const org = await running(anOrg({ Accounts: accounts(1) }));
    await create(org, [text('Tier')]);
    const { id } = await fieldNamed(org, 'Tier');
    const row = { id: org.id('account-0'), Tier: 'gold' };
    await org.call('PUT', '/crm/v8/Accounts', { body: { data: [row], trigger: [] } });

    const deleted = await org.call('DELETE', `/crm/v8/settings/fields/${id}?module=Accounts`);
    const again = await org.call('DELETE', `/crm/v8/settings/fields/${id}?module=Accounts`);
    await create(org, [text('Tier')]);

    expect(deleted.json.fields[0]).toMatchObject({ code: 'SUCCESS', details: { id } });
    expect(again.status).toBe(400);
    expect(org.sim.control.records('Accounts')[0]).toMatchObject({ Tier: null });
  });

  test('a field of Zoho’s own stays', async () => {
    const org = await running(anOrg());
    const { id } = await fieldNamed(org, 'Account Name');

    const { json } = await org.call('DELETE', `/crm/v8/settings/fields/${id}?module=Accounts`);

    expect(json.fields[0].code).toBe('NOT_ALLOWED');
  });

  test('options and label can be changed', async () => {
    const org = await running(anOrg());
    const values = (...names: string[]) => names.map((name) => ({ display_value: name, actual_value: name }));
    const tier = { field_label: 'Tier', data_type: 'picklist', pick_list_values: values('A') };
    const { id } = (await create(org, [tier])).json.fields[0].details;

    const change = { field_label: 'Rank', pick_list_values: values('A', 'B') };
    await org.call('PATCH', `/crm/v8/settings/fields/${id}?module=Accounts`, { body: { fields: [change] } });

    const { pick_list_values } = await fieldNamed(org, 'Rank');
    expect(pick_list_values.map((value: { actual_value: string }) => value.actual_value)).toEqual(['A', 'B']);
  });
});

describe('describing the org', () => {
  test('fields are described with type, rights and lookups; the module is mandatory', async () => {
    const org = await running(anOrg());

    const { fields } = (await org.get('/crm/v8/settings/fields?module=Deals')).json;
    const named = (name: string) => fields.find((field: { api_name: string }) => field.api_name === name);

    expect(named('Account_Name')).toMatchObject({
      data_type: 'lookup',
      lookup: { module: { api_name: 'Accounts' } },
    });
    expect(named('Expected_Revenue')).toMatchObject({
      read_only: true,
      operation_type: { api_update: false },
    });
    expect(named('Amount')).toMatchObject({ data_type: 'currency', json_type: 'double' });
    expect(named('Stage').pick_list_values[0]).toMatchObject({
      display_value: 'Talking',
      actual_value: 'Qualification',
    });
    expect((await org.get('/crm/v8/settings/fields')).json.code).toBe('REQUIRED_PARAM_MISSING');
    expect((await org.get('/crm/v8/settings/fields?module=X')).json.code).toBe('INVALID_MODULE');
  });

  test('currencies and their fields exist only in an org with several', async () => {
    const one = await running(anOrg());
    const several = await running(
      anOrg(
        {},
        {
          org: {
            multiCurrency: true,
            currencies: [
              { iso_code: 'EUR', exchange_rate: 1, is_base: true },
              { iso_code: 'PLN', exchange_rate: 4.3, is_base: false },
            ],
          },
        },
      ),
    );
    const hasCurrency = async (org: Running) => (await fieldNamed(org, 'Currency')) !== undefined;

    expect([await hasCurrency(one), await hasCurrency(several)]).toEqual([false, true]);
    expect((await one.get('/crm/v8/org/currencies')).status).toBe(204);
    expect((await several.get('/crm/v8/org/currencies')).json.currencies).toMatchObject([
      { iso_code: 'EUR', is_base: true },
      { iso_code: 'PLN', exchange_rate: '4.300000000' },
    ]);
    const body = { data: [{ Account_Name: 'A', Currency: 'PLN' }], trigger: [] };
    await several.call('POST', '/crm/v8/Accounts', { body });
    expect(several.sim.control.records('Accounts')[0]).toMatchObject({ Currency: 'PLN', Exchange_Rate: 4.3 });
  });

  test('stages tell by forecast_type whether they are won, for the layout that is named', async () => {
    const org = await running(anOrg());
    const [layout] = (await org.get('/crm/v8/settings/layouts?module=Deals')).json.layouts;

    const { pipeline } = (await org.get(`/crm/v8/settings/pipeline?layout_id=${layout.id}`)).json;

    expect(pipeline[0].maps.map((stage: { forecast_type: string }) => stage.forecast_type)).toEqual([
      'Open',
      'Closed Won',
      'Closed Lost',
    ]);
    expect((await org.get('/crm/v8/settings/pipeline')).json.code).toBe('REQUIRED_PARAM_MISSING');
    expect((await org.get('/crm/v8/settings/pipeline?layout_id=1')).json.code).toBe('INVALID_DATA');
  });

  test('modules name custom ones, and tabs that the API does not serve', async () => {
    const customModules = [{ api_name: 'Lines', plural_label: 'Lines', fields: [] }];
    const org = await running(anOrg({}, { customModules }));

    const { modules } = (await org.get('/crm/v8/settings/modules')).json;
    const named = (name: string) => modules.find((module: { api_name: string }) => module.api_name === name);

    expect(named('Lines')).toMatchObject({ generated_type: 'custom', api_supported: true });
    expect(named('Events')).toMatchObject({ plural_label: 'Meetings' });
    expect(named('Home')).toMatchObject({ api_supported: false });
    expect((await org.get('/crm/v8/Home?fields=id')).json.code).toBe('INVALID_MODULE');
  });

  test('org and users say what a connection binds to', async () => {
    const org = await running(anOrg());

    const [shown] = (await org.get('/crm/v8/org')).json.org;
    const current = (await org.get('/crm/v8/users?type=CurrentUser')).json.users;
    const active = (await org.get('/crm/v8/users?type=ActiveUsers')).json.users;

    expect(shown).toMatchObject({
      company_name: 'Test Org',
      iso_code: 'EUR',
      country_code: 'NL',
      time_zone: 'Europe/Amsterdam',
      license_details: { paid_type: 'enterprise', users_license_purchased: 5 },
    });
    expect(current).toMatchObject([{ full_name: 'Ada Admin', profile: { name: 'Administrator' } }]);
    expect(active).toHaveLength(2);
    expect((await org.get('/crm/v8/users?type=Robots')).status).toBe(400);
  });
});
