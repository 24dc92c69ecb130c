import { describe, expect, test } from 'vitest';
import { ZohoContractError, ZohoRejectedError } from '../../src/errors.ts';
import { createFields, deleteField } from '../../src/zoho/fields.ts';
import {
  fetchCurrentUser,
  fetchFields,
  fetchLayouts,
  fetchModules,
  fetchOrg,
  fetchStages,
  fetchUsers,
} from '../../src/zoho/metadata.ts';
import { type Answer, API, serve, withMockedHttp } from '../support/http.ts';
import { failureOf, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const refused = (code: string): Answer => ({
  status: 400,
  body: { code, status: 'error', message: 'as said', details: {} },
});

describe('the org', () => {
  const org = {
    id: '5725767000000020001',
    zgid: '8082000001',
    company_name: 'Noord BV',
    time_zone: 'Europe/Amsterdam',
    iso_code: 'EUR',
    currency: 'Euro - EUR',
    mc_status: true,
    country_code: 'NL',
    country: 'Netherlands',
    license_details: { paid: true, paid_type: 'enterprise', trial_type: null, users_license_purchased: 12 },
  };

  test('is read as we name it', async () => {
    serve(API, 'GET', '/crm/v8/org', { body: { org: [org] } });

    expect(await fetchOrg(zohoWorld().client)).toEqual({
      id: '5725767000000020001',
      zgid: '8082000001',
      name: 'Noord BV',
      edition: 'enterprise',
      users: 12,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      multiCurrency: true,
      country: 'NL',
    });
  });

  test.each([
    [
      'a trial counts as the edition tried',
      { paid: false, paid_type: 'free', trial_type: 'ultimate' },
      'ultimate',
    ],
    ['no trial is what it is', { paid: false, paid_type: 'free', trial_type: null }, 'free'],
    ['nothing said is free', null, 'free'],
  ])('%s', async (_name, licence, edition) => {
    serve(API, 'GET', '/crm/v8/org', { body: { org: [{ ...org, license_details: licence }] } });

    expect(await fetchOrg(zohoWorld().client)).toMatchObject({ edition, users: 1 });
  });

  test('with gaps and other spellings is still an org', async () => {
    const sparse = {
      id: 12345,
      time_zone: 'Asia/Kolkata',
      currency: 'Indian Rupee - INR',
      country_code: 'IND',
    };
    serve(API, 'GET', '/crm/v8/org', { body: { org: [sparse] } });

    expect(await fetchOrg(zohoWorld().client)).toMatchObject({
      id: '12345',
      currency: 'INR',
      country: null,
      multiCurrency: false,
    });
  });

  test.each([
    { org: [] },
    { org: [{ ...org, time_zone: null }] },
    { org: [{ ...org, iso_code: '', currency: '' }] },
  ])('without what everything hangs on is not guessed at (%#)', async (body) => {
    serve(API, 'GET', '/crm/v8/org', { body });

    expect(await failureOf(fetchOrg(zohoWorld().client))).toBeInstanceOf(ZohoContractError);
  });
});

describe('users', () => {
  const user = (id: string, status: string) => ({ id, full_name: `User ${id}`, status });

  test('of every kind, page by page, with who is active', async () => {
    const sent = serve(API, 'GET', '/crm/v8/users', [
      {
        body: {
          users: [
            {
              ...user('1', 'active'),
              email: 'one@office.test',
              Reporting_To: { id: '3', name: 'Ola Nowak' },
            },
            { ...user('2', 'disabled'), Reporting_To: null },
          ],
          info: { more_records: true },
        },
      },
      { body: { users: [{ id: '3', first_name: 'Ola', last_name: 'Nowak', status: 'active' }], info: {} } },
    ]);

    expect(await fetchUsers(zohoWorld().client)).toEqual([
      { id: '1', name: 'User 1', active: true, email: 'one@office.test', managerId: '3' },
      { id: '2', name: 'User 2', active: false, email: null, managerId: null },
      { id: '3', name: 'Ola Nowak', active: true, email: null, managerId: null },
    ]);
    expect(sent.map(({ url }) => url.search)).toEqual([
      '?type=AllUsers&page=1&per_page=200',
      '?type=AllUsers&page=2&per_page=200',
    ]);
  });

  test.each([
    ['by the standard profile', 'Administrator', null, true],
    ['by Zoho’s list where the profile is renamed', 'Beheerder', ['9'], true],
    ['not by either', 'Standard', ['8'], false],
  ])('the current one is an administrator %s', async (_name, profile, admins, isAdmin) => {
    serve(API, 'GET', '/crm/v8/users', ({ url }) =>
      url.searchParams.get('type') === 'CurrentUser'
        ? { body: { users: [{ ...user('9', 'active'), profile: { name: profile } }] } }
        : { body: { users: (admins ?? []).map((id) => user(id, 'active')) } },
    );

    expect(await fetchCurrentUser(zohoWorld().client)).toEqual({
      id: '9',
      name: 'User 9',
      email: null,
      isAdmin,
    });
  });
});

test('modules say what may be done with them', async () => {
  serve(API, 'GET', '/crm/v8/settings/modules', {
    body: {
      modules: [
        {
          api_name: 'DealHistory',
          api_supported: true,
          viewable: true,
          creatable: false,
          editable: false,
          generated_type: 'field_tracker',
          profiles: [],
        },
        { api_name: 'Social', api_supported: false },
      ],
    },
  });

  expect(await fetchModules(zohoWorld().client)).toEqual([
    {
      apiName: 'DealHistory',
      apiSupported: true,
      viewable: true,
      creatable: false,
      editable: false,
      generatedType: 'field_tracker',
    },
    {
      apiName: 'Social',
      apiSupported: false,
      viewable: true,
      creatable: true,
      editable: true,
      generatedType: '',
    },
  ]);
});

describe('fields', () => {
  const field = (changes: Record<string, unknown>) => ({
    id: '5725767000000800001',
    api_name: 'Value_Tier',
    field_label: 'Value Tier',
    data_type: 'picklist',
    length: 120,
    custom_field: true,
    read_only: false,
    virtual_field: false,
    operation_type: { api_update: true },
    unique: {},
    ...changes,
  });
  const one = async (changes: Record<string, unknown>) => {
    serve(API, 'GET', '/crm/v8/settings/fields', { body: { fields: [field(changes)] } });
    return (await fetchFields(zohoWorld().client, 'Accounts'))[0];
  };

  test('come with their picklist in all spellings', async () => {
    const values = [
      { display_value: 'Houston', actual_value: 'Houston Showroom', reference_value: 'h1' },
      { display_value: 'Delft', actual_value: null, type: 'unused' },
    ];

    expect(await one({ pick_list_values: values, unique: { casesensitive: '' } })).toEqual({
      id: '5725767000000800001',
      apiName: 'Value_Tier',
      label: 'Value Tier',
      dataType: 'picklist',
      length: 120,
      custom: true,
      readOnly: false,
      writable: true,
      unique: true,
      lookupModule: null,
      picklist: [
        { display: 'Houston', actual: 'Houston Showroom', reference: 'h1', isUsed: true },
        { display: 'Delft', actual: 'Delft', reference: null, isUsed: false },
      ],
      valueType: 'picklist',
      visible: true,
    });
  });

  test.each([
    ['read-only', { read_only: true }],
    ['read-only for this user', { field_read_only: true }],
    ['virtual', { virtual_field: true }],
    ['a formula', { data_type: 'formula' }],
    ['closed to the API', { operation_type: { api_update: false } }],
  ])('%s cannot be written', async (_name, changes) => {
    expect(await one(changes)).toMatchObject({ writable: false });
  });

  test('a lookup names its module', async () => {
    expect(
      await one({ data_type: 'lookup', lookup: { module: { api_name: 'Accounts', id: '1' } } }),
    ).toMatchObject({
      lookupModule: 'Accounts',
      unique: false,
    });
  });

  test('of an odd module may be none', async () => {
    const sent = serve(API, 'GET', '/crm/v8/settings/fields', { status: 204 });

    expect(await fetchFields(zohoWorld().client, 'Odd')).toEqual([]);
    expect(sent[0]?.url.search).toBe('?module=Odd');
  });
});

describe('stages', () => {
  const layouts: Answer = {
    body: {
      layouts: [
        { id: '1', name: 'Standard', status: 'active' },
        { id: '2', name: 'B2B', status: -1 },
      ],
    },
  };
  const stage = (display: string, actual: string, type: string) => ({
    display_value: display,
    actual_value: actual,
    forecast_type: type,
  });

  test('are won or lost by forecast type, under every spelling of pipeline and stage', async () => {
    serve(API, 'GET', '/crm/v8/settings/layouts', layouts);
    const sent = serve(API, 'GET', '/crm/v8/settings/pipeline', [
      {
        body: {
          pipeline: [
            {
              display_value: 'Verkoop',
              actual_value: 'Standard (Standard)',
              maps: [
                stage('Binnen', 'Closed Won', 'Closed Won'),
                stage('Lost to Competition', 'Lost to Competition', 'Closed Lost'),
              ],
            },
          ],
        },
      },
      { status: 204 },
    ]);

    const rows = await fetchStages(zohoWorld().client);

    expect(rows).toHaveLength(6);
    expect(rows).toContainEqual({ pipeline: 'Verkoop', stage: 'Closed Won', outcome: 'won' });
    expect(rows).toContainEqual({ pipeline: 'Standard (Standard)', stage: 'Binnen', outcome: 'won' });
    expect(rows).toContainEqual({ pipeline: 'Verkoop', stage: 'Lost to Competition', outcome: 'lost' });
    expect(sent.map(({ url }) => url.search)).toEqual(['?layout_id=1', '?layout_id=2']);
  });

  test('of one layout are enough; when all are refused the refusal is told', async () => {
    const won = {
      pipeline: [{ display_value: 'P', actual_value: 'P', maps: [stage('Open', 'Open', 'Open')] }],
    };
    serve(API, 'GET', '/crm/v8/settings/layouts', [layouts, layouts]);
    serve(API, 'GET', '/crm/v8/settings/pipeline', [
      refused('INVALID_DATA'),
      { body: won },
      refused('NO_PERMISSION'),
      refused('NO_PERMISSION'),
    ]);

    expect(await fetchStages(zohoWorld().client)).toEqual([
      { pipeline: 'P', stage: 'Open', outcome: 'open' },
    ]);
    expect(await failureOf(fetchStages(zohoWorld().client))).toBeInstanceOf(ZohoRejectedError);
  });

  test('layouts tell their name and status', async () => {
    serve(API, 'GET', '/crm/v8/settings/layouts', layouts);

    expect(await fetchLayouts(zohoWorld().client, 'Deals')).toEqual([
      { id: '1', name: 'Standard', status: 'active' },
      { id: '2', name: 'B2B', status: '-1' },
    ]);
  });
});

describe('creating fields', () => {
  const made = (id: string) => ({
    code: 'SUCCESS',
    status: 'success',
    message: 'field created',
    details: { id },
  });

  test('is done five at a time, each type as Zoho wants it', async () => {
    const sent = serve(API, 'POST', '/crm/v8/settings/fields', ({ body }, nth) => ({
      status: 201,
      body: { fields: (body as { fields: unknown[] }).fields.map((_, index) => made(`${nth}${index}`)) }, // as the client sends it
    }));

    const created = await createFields(zohoWorld().client, 'Accounts', [
      { label: 'Value Tier', dataType: 'picklist', values: [{ display: 'Top', actual: 'Top' }] },
      { label: 'Value Explanation', dataType: 'textarea', length: 2000 },
      { label: 'Profit 12 Months', dataType: 'currency' },
      { label: 'Contact Gap Days', dataType: 'integer', tooltip: 'x'.repeat(36) },
      { label: 'Last Contact', dataType: 'date', tooltip: 'Last two-way contact' },
      { label: 'CV Ref', dataType: 'text', length: 64, unique: true },
    ]);

    expect(created.map((row) => row.ok && row.id)).toEqual(['00', '01', '02', '03', '04', '10']);
    expect(sent.map(({ body }) => body)).toEqual([
      {
        fields: [
          {
            field_label: 'Value Tier',
            data_type: 'picklist',
            pick_list_values: [{ display_value: 'Top', actual_value: 'Top' }],
          },
          {
            field_label: 'Value Explanation',
            data_type: 'textarea',
            length: 2000,
            textarea: { type: 'small' },
          },
          {
            field_label: 'Profit 12 Months',
            data_type: 'currency',
            length: 16,
            decimal_place: 2,
            currency: { rounding_option: 'normal', precision: 2 },
          },
          {
            field_label: 'Contact Gap Days',
            data_type: 'integer',
            length: 9,
            tooltip: { name: 'info_icon', value: 'x'.repeat(36) },
          },
          {
            field_label: 'Last Contact',
            data_type: 'date',
            tooltip: { name: 'static_text', value: 'Last two-way contact' },
          },
        ],
      },
      {
        fields: [{ field_label: 'CV Ref', data_type: 'text', length: 64, unique: { case_sensitive: false } }],
      },
    ]);
    expect(sent[0]?.url.search).toBe('?module=Accounts');
  });

  test('a refused field does not stop the others, whether Zoho names it or not', async () => {
    const duplicate = { code: 'DUPLICATE_DATA', status: 'error', message: 'label exists', details: {} };
    serve(API, 'POST', '/crm/v8/settings/fields', [
      { status: 400, body: { fields: [made('1'), duplicate] } },
      refused('LIMIT_EXCEEDED'),
      { status: 201, body: { fields: [made('2')] } },
      refused('LIMIT_EXCEEDED'),
    ]);
    const fields = [
      { label: 'A', dataType: 'date' as const },
      { label: 'B', dataType: 'date' as const },
    ];

    expect(await createFields(zohoWorld().client, 'Accounts', fields)).toMatchObject([
      { ok: true, id: '1' },
      { ok: false, code: 'DUPLICATE_DATA' },
    ]);
    expect(await createFields(zohoWorld().client, 'Accounts', fields)).toMatchObject([
      { ok: true, id: '2' },
      { ok: false, code: 'LIMIT_EXCEEDED' },
    ]);
  });

  test('what the user may not do is asked once', async () => {
    const sent = serve(API, 'POST', '/crm/v8/settings/fields', { ...refused('NO_PERMISSION'), status: 403 });
    const fields = ['A', 'B', 'C'].map((label) => ({ label, dataType: 'date' as const }));

    const created = await createFields(zohoWorld().client, 'Accounts', fields);

    expect(created.map((row) => !row.ok && row.code)).toEqual([
      'NO_PERMISSION',
      'NO_PERMISSION',
      'NO_PERMISSION',
    ]);
    expect(sent).toHaveLength(1);
  });
});

test('deleting a field tells whether it is gone', async () => {
  const { client } = zohoWorld();
  const path = '/crm/v8/settings/fields/5725767000000800001';
  const sent = serve(API, 'DELETE', path, [
    { body: { fields: [{ code: 'SUCCESS', status: 'success', details: { id: '5725767000000800001' } }] } },
    refused('INVALID_DATA'),
    { body: { fields: [{ code: 'NOT_ALLOWED', status: 'error', message: 'in use', details: {} }] } },
  ]);

  expect(await deleteField(client, 'Accounts', '5725767000000800001')).toEqual({ ok: true });
  expect(await deleteField(client, 'Accounts', '5725767000000800001')).toMatchObject({
    code: 'INVALID_DATA',
  });
  expect(await deleteField(client, 'Accounts', '5725767000000800001')).toEqual({
    ok: false,
    code: 'NOT_ALLOWED',
    message: 'in use',
  });
  expect(sent[0]?.url.search).toBe('?module=Accounts');
});
