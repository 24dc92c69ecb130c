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

describe('values', () => {
  const CUSTOM = [
    field('Score', 'double'),
    field('Money', 'currency'),
    field('Day', 'date'),
    field('At', 'datetime'),
    field('Flag', 'boolean'),
    field('Whole', 'integer'),
    field('Long', 'bigint'),
    field('Share', 'percent'),
    field('Short', 'text', { length: 5 }),
    field('Many', 'multiselectpicklist', { pick_list_values: ['A', 'B'] }),
    field('Fixed', 'text', { read_only: true }),
  ];
  const customOrg = (switches = {}) =>
    running(anOrg({ Accounts: accounts(1) }, { customFields: { Accounts: CUSTOM } }), { switches });

  test.each([
    ['Score', 'high', { expected_data_type: 'double' }],
    ['Score', Number.NaN, undefined],
    ['Money', 1e16, { maximum_length: 16 }],
    ['Day', '2026-02-30', { expected_data_type: 'date' }],
    ['Day', '2026-02-03T00:00:00+00:00', { expected_data_type: 'date' }],
    ['At', '2026-02-03T00:00:00.000+00:00', { expected_data_type: 'datetime' }],
    ['At', '2026-02-03T00:00:00', { expected_data_type: 'datetime' }],
    ['Flag', 'true', { expected_data_type: 'boolean' }],
    ['Whole', 1.5, { expected_data_type: 'integer' }],
    ['Whole', 1_000_000_000, { maximum_length: 9 }],
    ['Long', '1234567890123456789', { maximum_length: 18 }],
    ['Share', 100_000, { maximum_length: 5 }],
    ['Short', 'sixsix', { maximum_length: 5 }],
    ['Short', 5, { expected_data_type: 'text' }],
    ['Many', 'A;B', { expected_data_type: 'jsonarray' }],
    ['Parent_Account', '4725767000000000001', { expected_data_type: 'jsonobject' }],
    ['Parent_Account', { id: '1' }, {}],
    ['Owner', { id: '1' }, {}],
    ['Phone', '0'.repeat(31), { maximum_length: 30 }],
  ])('%s refuses %j', async (name, value, details) => {
    const org = await customOrg();

    const { status, json } = await write(org, 'PUT', 'Accounts', [
      { id: org.id('account-0'), [name]: value },
    ]);

    if (details === undefined) {
      // JSON has no NaN: it arrives as null, which clears the field.
      expect(status).toBe(200);
      return;
    }
    expect(status).toBe(400);
    expect(json.data[0]).toMatchObject({
      code: 'INVALID_DATA',
      status: 'error',
      details: { ...details, api_name: name, json_path: `$.data[0].${name}` },
    });
  });

  test('a person who has left the firm can own nothing new', async () => {
    const org = await customOrg();
    const { users } = (await org.get('/crm/v8/users?type=DeactiveUsers')).json;

    const row = { id: org.id('account-0'), Owner: { id: users[0].id } };

    expect((await write(org, 'PUT', 'Accounts', [row])).json.data[0]).toMatchObject({
      code: 'INVALID_DATA',
      details: { api_name: 'Owner' },
    });
  });

  test('come back as they were sent, datetimes in the time zone of the user', async () => {
    const org = await customOrg();
    const id = org.id('account-0');
    const sent = {
      Score: 0.123456789,
      Money: 12.345,
      Day: '2026-02-03',
      At: '2026-07-03T00:00:00Z',
      Flag: true,
      Whole: 7,
      Long: '123456789012345678',
      Share: 12.5,
      Short: 'fünf',
      Many: ['A', 'Other'],
    };

    const written = await write(org, 'PUT', 'Accounts', [{ id, ...sent }]);
    const read = await org.get(`/crm/v8/Accounts/${id}?fields=${Object.keys(sent).join()}`);

    expect(written.status).toBe(200);
    // Currency is kept with two decimals.
    expect(read.json.data[0]).toEqual({ id, ...sent, Money: 12.35, At: '2026-07-03T02:00:00+02:00' });
  });

  test('null clears a field, and fields that were not sent stay', async () => {
    const org = await customOrg();
    const id = org.id('account-0');
    await write(org, 'PUT', 'Accounts', [{ id, Score: 1, Whole: 2 }]);

    await write(org, 'PUT', 'Accounts', [{ id, Score: null }]);

    const { json } = await org.get(`/crm/v8/Accounts/${id}?fields=Score,Whole`);
    expect(json.data[0]).toEqual({ id, Score: null, Whole: 2 });
  });

  test.each([
    ['unknownField', 'Nothing'],
    ['readOnlyField', 'Fixed'],
    ['readOnlyField', 'Created_Time'],
  ] as const)('%s decides on %s: refused, or left out', async (name, key) => {
    const strict = await customOrg({ [name]: 'reject' });
    const lenient = await customOrg({ [name]: 'ignore' });
    const row = (org: Running) => [{ id: org.id('account-0'), Short: 'new', [key]: 'x' }];

    const refused = await write(strict, 'PUT', 'Accounts', row(strict));
    const taken = await write(lenient, 'PUT', 'Accounts', row(lenient));

    expect(refused.json.data[0]).toMatchObject({ code: 'INVALID_DATA', details: { api_name: key } });
    expect(taken.status).toBe(200);
    expect(strict.sim.control.records('Accounts')[0]).toMatchObject({ Short: null });
    expect(lenient.sim.control.records('Accounts')[0]).toMatchObject({ Short: 'new' });
  });

  test.each([
    ['first', 'INVALID_DATA'],
    ['multiple', 'MULTIPLE_OR_MULTI_ERRORS'],
  ] as const)('a row with two faults names %s', async (position, code) => {
    const org = await customOrg({ rowErrors: position });

    const { json } = await write(org, 'PUT', 'Accounts', [{ id: org.id('account-0'), Score: 'x', Day: 'y' }]);

    expect(json.data[0].code).toBe(code);
    expect(json.data[0].errors?.length).toBe(position === 'multiple' ? 2 : undefined);
  });
});
