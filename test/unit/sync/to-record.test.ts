import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../../src/changes.ts';
import { dayOf } from '../../../src/clock.ts';
import type { InputKey, ModuleName } from '../../../src/domain.ts';
import type { AccountRecord } from '../../../src/records.ts';
import { columnsOf } from '../../../src/sync/columns.ts';
import { outcomeIndex } from '../../../src/sync/stages.ts';
import { type RowContext, toRecord } from '../../../src/sync/to-record.ts';
import { parseJson } from '../../../src/zoho/json.ts';
import type { FieldMeta } from '../../../src/zoho/metadata.ts';
import { aMapping } from '../../support/mapping.ts';

const NOTHING = { mapping: aMapping(), meta: [], ours: [], known: [], optionsOf: () => [] };
const TIMES = { Created_Time: '2026-01-10T09:00:00+01:00', Modified_Time: '2026-02-10T09:00:00+01:00' };
const ID = '5725767000000411001';

function aContext(module: ModuleName): RowContext {
  return {
    columns: columnsOf({
      ...NOTHING,
      module,
      ours: [
        {
          key: 'profit_12_months',
          module: 'Accounts',
          apiName: 'Profit_12_Months',
          fieldId: '1',
          label: 'Profit 12 Months',
          state: 'created',
        },
      ],
    }),
    outcomeOf: outcomeIndex([{ pipeline: 'Standard', stage: 'Signed', outcome: 'won' }]),
    today: '2026-03-01',
    firstSync: false,
  };
}
const good = (outcome: ReturnType<typeof toRecord>) => {
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome;
};

test('a row from JSON and the same row from CSV give the same record', () => {
  const context = aContext('Deals');
  const json = {
    id: ID,
    ...TIMES,
    Deal_Name: 'One',
    Amount: 1200.5,
    Stage: 'Signed',
    Pipeline: 'Standard',
    Closing_Date: '2026-02-01',
    Account_Name: { id: '5725767000000410007', name: 'Northwind' },
    Owner: { id: '5725767000000388001', name: 'Owner' },
    Currency: null,
  };
  const csv = {
    id: ID,
    ...TIMES,
    Deal_Name: 'One',
    Amount: '1200.5',
    Stage: 'Signed',
    Pipeline: 'Standard',
    Closing_Date: '2026-02-01',
    Account_Name: '5725767000000410007',
    Owner: '5725767000000388001',
    Currency: '',
  };

  expect(toRecord('Deals', csv, context)).toEqual(toRecord('Deals', json, context));
  expect(good(toRecord('Deals', json, context)).record).toMatchObject({
    wonSeenOn: '2026-03-01',
    wonAtFirstSync: false,
  });
});

test('our own writes and the day of a sync are no change of the input', () => {
  const context = aContext('Accounts');
  const before = { id: ID, ...TIMES, Account_Name: 'One', Profit_12_Months: 10 };
  const written = { ...before, Profit_12_Months: 99, Modified_Time: '2026-02-11T09:00:00+01:00' };
  const renamed = { ...before, Account_Name: 'Two' };
  const hash = (row: { id: string }) => good(toRecord('Accounts', row, context)).inputHash;

  expect(hash(written)).toBe(hash(before));
  expect(hash(renamed)).not.toBe(hash(before));
  const deal = { id: ID, ...TIMES, Stage: 'Signed', Pipeline: 'Standard', Amount: 5 };
  const later = { ...aContext('Deals'), today: '2026-04-01' };
  expect(good(toRecord('Deals', deal, later)).inputHash).toBe(
    good(toRecord('Deals', deal, aContext('Deals'))).inputHash,
  );
});

test('a row that cannot be read is set aside with its reason', () => {
  const context = aContext('Accounts');

  expect(toRecord('Accounts', { id: 'abc' }, context)).toMatchObject({ ok: false, recordId: 'abc' });
  expect(toRecord('Accounts', { id: ID }, context)).toMatchObject({
    ok: false,
    reason: 'Modified_Time is missing',
  });
  expect(toRecord('Accounts', { id: ID, Modified_Time: 'yesterday' }, context)).toMatchObject({
    ok: false,
    recordId: ID,
  });
});

test('the length of a call is read in seconds, or from minutes and seconds', () => {
  const context = aContext('Calls');
  const call = { id: ID, ...TIMES, Subject: 'Call', Call_Type: 'Outbound' };
  const seconds = (more: object) =>
    (good(toRecord('Calls', { ...call, ...more }, context)).record as { durationSeconds: number })
      .durationSeconds;

  expect(seconds({ Call_Duration_in_seconds: 75, Call_Duration: '09:99' })).toBe(75);
  expect(seconds({ Call_Duration: '01:15' })).toBe(75);
  expect(seconds({ Call_Duration: '1:00:05' })).toBe(3605);
});

test('a cancelled meeting is known as such', () => {
  const row = {
    id: ID,
    ...TIMES,
    Event_Title: 'Demo',
    Start_DateTime: TIMES.Created_Time,
    $event_cancelled: true,
  };

  expect(good(toRecord('Events', row, aContext('Events'))).record).toMatchObject({ cancelled: true });
});

test('an option of ours is read as its stored text, whatever an administrator calls it', () => {
  const option = (actual: string, display: string) => ({ actual, display, reference: null, isUsed: true });
  const tier = {
    id: '1',
    apiName: 'Value_Tier1',
    label: 'Value Tier',
    dataType: 'picklist',
    valueType: 'picklist',
    visible: true,
    length: null,
    custom: true,
    readOnly: false,
    writable: true,
    unique: false,
    lookupModule: null,
    picklist: [option('Top', 'A customer'), option('Good', 'Top')],
  };
  const name = { ...tier, id: '2', apiName: 'Account_Name', dataType: 'text', picklist: [] };
  const mapped = {
    key: 'value_tier',
    module: 'Accounts',
    apiName: 'Value_Tier1',
    fieldId: '1',
    label: 'Value Tier',
    state: 'created',
  } as const;
  const columns = columnsOf({ ...NOTHING, module: 'Accounts', meta: [name, tier], ours: [mapped] });
  const read = (Value_Tier1: string) =>
    good(
      toRecord(
        'Accounts',
        { id: ID, ...TIMES, Account_Name: 'One', Value_Tier1 },
        { ...aContext('Accounts'), columns },
      ),
    ).record;

  expect(read('A customer')).toMatchObject({ ours: { value_tier: 'Top' } });
  expect(read('Top')).toMatchObject({ ours: { value_tier: 'Top' } });
  expect(read('Unheard of')).toMatchObject({ ours: { value_tier: 'Unheard of' } });
});

test('of an option with several texts the stored one is kept, and the English one where scoring knows it', () => {
  const option = (actual: string, display: string, reference: string | null = null) => ({
    actual,
    display,
    reference,
    isUsed: true,
  });
  const field = (apiName: string, dataType: string, ...picklist: ReturnType<typeof option>[]) => ({
    id: apiName,
    apiName,
    label: apiName,
    dataType,
    valueType: dataType,
    visible: true,
    length: null,
    custom: false,
    readOnly: false,
    writable: true,
    unique: false,
    lookupModule: null,
    picklist,
  });
  const meta = [
    field('Call_Type', 'picklist', option('Gemist', 'Niet aangenomen', 'Missed'), option('Uit', 'In')),
    field('Outgoing_Call_Status', 'picklist', option('Swapped', 'Completed'), option('Completed', 'Swapped')),
    field('Call_Start_Time', 'datetime'),
    field('What_Id', 'lookup'),
  ];
  const columns = columnsOf({ ...NOTHING, module: 'Calls', meta });
  const read = (more: object) => {
    const row = { id: ID, ...TIMES, Subject: 'Call', Call_Start_Time: TIMES.Created_Time, ...more };
    return good(toRecord('Calls', row, { ...aContext('Calls'), columns })).record;
  };

  for (const text of ['Gemist', 'Niet aangenomen', 'Missed'])
    expect(read({ Call_Type: text }), text).toMatchObject({ callType: 'Missed' });
  expect(read({ Call_Type: 'In' })).toMatchObject({ callType: 'Uit' });
  expect(read({ Call_Type: 'Teruggebeld' })).toMatchObject({ callType: 'Teruggebeld' });
  // A stored text goes before another option's label.
  expect(read({ Outgoing_Call_Status: 'Completed' })).toMatchObject({ status: 'Completed' });
});

test('a stage outside its pipeline counts by its name elsewhere, an unknown one as unknown', () => {
  const outcomeOf = outcomeIndex([{ pipeline: 'Standard', stage: 'Signed', outcome: 'won' }]);

  expect(outcomeOf('Old pipeline', 'Signed')).toBe('won');
  expect(outcomeOf('Standard', 'Dreaming')).toBe('unknown');
  expect(outcomeOf(null, null)).toBe('unknown');
});

describe('what people fill in', () => {
  const field = (key: InputKey, apiName: string, module: ModuleName = 'Accounts'): MappedField => ({
    key,
    module,
    apiName,
    fieldId: apiName,
    label: apiName,
    state: 'created',
  });
  const ours = [
    field('referred_by', 'Referred_By'),
    field('why_they_chose_us', 'Why'),
    field('needs', 'Needs'),
    field('last_thanked', 'Last_Thanked'),
    field('reason_left', 'Reason_Left'),
    field('goodwill_given', 'Goodwill_Given'),
    field('recalculation_asked', 'Recalculation_Asked'),
    field('minutes_spent', 'Minutes_Spent', 'Tasks'),
  ];
  const read = (module: 'Accounts' | 'Tasks', row: Record<string, unknown>) => {
    const columns = columnsOf({ ...NOTHING, module, ours });
    const whole = { id: ID, ...TIMES, Account_Name: 'One', ...row };
    return good(toRecord(module, whole, { ...aContext(module), columns }));
  };
  const FILLED = {
    Referred_By: { id: '5725767000000410007', name: 'Two' },
    Why: ' Close by ',
    Needs: '',
    Last_Thanked: '2026-02-01',
    Reason_Left: '-None-',
  };

  test('is read from JSON and from CSV alike, and what is empty is absent', () => {
    const csv = { ...FILLED, Referred_By: '5725767000000410007', Reason_Left: '' };

    const json = read('Accounts', FILLED);

    const inputs = { referredBy: '5725767000000410007', whyUs: 'Close by', lastThanked: '2026-02-01' };
    expect((json.record as AccountRecord).inputs).toEqual(inputs);
    expect(json.record.ours).toEqual({});
    expect(read('Accounts', csv)).toEqual(json);
  });

  test('changes the hash of the row, as our own values do not', () => {
    const before = read('Accounts', FILLED).inputHash;

    expect(read('Accounts', { ...FILLED, Why: 'Cheap' }).inputHash).not.toBe(before);
    expect(read('Accounts', { ...FILLED, Modified_Time: '2026-02-11T09:00:00+01:00' }).inputHash).toBe(
      before,
    );
  });

  test('goodwill is every entry with a day and an amount; the words about it stay in Zoho', () => {
    const given = (Goodwill_Given: string | null) =>
      (read('Accounts', { ...FILLED, Goodwill_Given }).record as AccountRecord).inputs.goodwillGiven;

    expect(given('2026-03-02 120 crate broken, Ann Example; 2026-03-02 49,5;2026-03-03 0.07 sorry')).toEqual([
      { day: '2026-03-02', amount: 12_000 },
      { day: '2026-03-02', amount: 4_950 },
      { day: '2026-03-03', amount: 7 },
    ]);
    expect(
      given('asked for 20; 2026-02-30 20; 2026-03-01 0; 2026-03-01 1.234; 2026-03-01 12x'),
    ).toBeUndefined();
    expect(given(null)).toBeUndefined();
  });

  test('asking for a new score makes the record a changed one, every time it is asked', () => {
    const asked = (Recalculation_Asked: string) =>
      read('Accounts', { ...FILLED, Recalculation_Asked }).inputHash;

    expect(asked('2026-03-02 10:15')).not.toBe(asked(''));
    expect(asked('2026-03-02 10:16')).not.toBe(asked('2026-03-02 10:15'));
  });

  test('what cannot be read is left out and costs the row nothing', () => {
    const { record } = read('Accounts', { ...FILLED, Last_Thanked: 'soon' });

    expect((record as AccountRecord).inputs).toEqual({
      referredBy: '5725767000000410007',
      whyUs: 'Close by',
    });
  });

  test.each([
    ['25', 25],
    [25, 25],
    [0, 0],
    ['', null],
    [-5, null],
    ['long', null],
  ])('%j minutes are %j', (Minutes_Spent, minutes) => {
    expect(read('Tasks', { Subject: 'Call', Minutes_Spent }).record).toMatchObject({ minutesSpent: minutes });
  });
});

const A_FIELD: FieldMeta = {
  id: '1',
  apiName: 'Account_Name',
  label: 'Account Name',
  dataType: 'text',
  valueType: 'text',
  visible: true,
  length: null,
  custom: true,
  readOnly: false,
  writable: true,
  unique: false,
  lookupModule: null,
  picklist: [],
};

test('a contact date that people keep is read as its day', () => {
  const spokeOn = { apiName: 'Spoke_On', dataType: 'datetime', valueType: 'datetime' };
  const meta = [A_FIELD, { ...A_FIELD, ...spokeOn, id: '2' }];
  const mapping = aMapping({ accounts: { lastContact: 'Spoke_On' } });
  const columns = columnsOf({ ...NOTHING, module: 'Accounts', meta, mapping });

  const row = { id: ID, ...TIMES, Account_Name: 'One', Spoke_On: '2026-02-03T10:00:00+01:00' };

  const { record } = good(toRecord('Accounts', row, { ...aContext('Accounts'), columns }));
  expect(record).toMatchObject({ keptContactDay: '2026-02-03' });
});

test('what the org says of a relation is read from the fields that the settings name, alike from JSON and CSV', () => {
  const field = (id: string, apiName: string, dataType: string) => ({
    ...A_FIELD,
    id,
    apiName,
    dataType,
    valueType: dataType,
  });
  const meta = [
    A_FIELD,
    field('2', 'Is_Closed', 'boolean'),
    field('3', 'Contract_End', 'date'),
    field('4', 'Notice_On', 'date'),
    field('5', 'Buys_By', 'multiselectpicklist'),
    field('6', 'NPS', 'double'),
  ];
  const mapping = aMapping({
    accounts: {
      closed: 'Is_Closed',
      contractEnd: 'Contract_End',
      noticeGiven: 'Notice_On',
      buyerType: 'Buys_By',
      survey: 'NPS',
    },
  });
  const context = {
    ...aContext('Accounts'),
    columns: columnsOf({ ...NOTHING, module: 'Accounts', meta, mapping }),
  };
  const common = { id: ID, ...TIMES, Account_Name: 'One', Contract_End: '2027-01-31' };
  const json = { ...common, Is_Closed: true, Notice_On: null, Buys_By: ['Project', 'Stock'], NPS: 6.5 };
  const csv = { ...common, Is_Closed: 'true', Notice_On: '', Buys_By: 'Project;Stock', NPS: '6.50' };

  const [one, other] = [json, csv].map((row) => good(toRecord('Accounts', row, context)));

  expect(one?.record).toMatchObject({
    terms: { closed: 'true', contractEnd: '2027-01-31', buyerType: 'Project;Stock', survey: '6.5' },
  });
  expect(other).toEqual(one);
  const renewed = good(toRecord('Accounts', { ...json, Contract_End: '2028-01-31' }, context));
  expect(renewed.inputHash).not.toBe(one?.inputHash);
});

test('of a note only the title and what it is about are kept', () => {
  const row = {
    id: ID,
    ...TIMES,
    Note_Title: 'Call',
    Note_Content: 'private',
    Parent_Id: { id: '5725767000000410007' },
  };

  const { record } = good(toRecord('Notes', row, aContext('Notes')));

  expect(record).toMatchObject({ module: 'Notes', subject: 'Call', whatId: '5725767000000410007' });
  expect(JSON.stringify(record)).not.toContain('private');
});

describe('what no record should hold', () => {
  const deal = { id: ID, ...TIMES, Deal_Name: 'One', Stage: 'Signed', Pipeline: 'Standard' };
  const read = (more: object) => toRecord('Deals', { ...deal, ...more }, aContext('Deals'));

  test('an amount of 10^15 is stored digit by digit', () => {
    const json = parseJson('{"Amount": 1000000000000000.25}') as object;

    expect(good(read(json)).record).toMatchObject({ amount: '1000000000000000.25' });
    expect(good(read({ Amount: '1000000000000000.25' })).record).toMatchObject({
      amount: '1000000000000000.25',
    });
  });

  test('an id of 25 digits is set aside under that id, and so is a row that points to one', () => {
    const long = '1234567890123456789012345';

    expect(read({ id: long })).toEqual({ ok: false, recordId: long, reason: 'its id is no Zoho id' });
    expect(read({ Account_Name: { id: long, name: 'Far' } })).toMatchObject({ ok: false, recordId: ID });
  });

  test('the years 1 and 9999 stay within four digits in every time zone', () => {
    const first = good(read({ Created_Time: '0001-01-01T00:00:00+14:00', Closing_Date: '0001-01-01' }));
    const last = good(read({ Created_Time: '9999-12-31T23:59:59-12:00', Closing_Date: '9999-12-31' }));

    expect(first.record).toMatchObject({ closingDay: '0001-01-01' });
    expect(last.record).toMatchObject({ closingDay: '9999-12-31' });
    for (const { record } of [first, last]) {
      for (const zone of ['Pacific/Kiritimati', 'Etc/GMT+12', 'UTC'])
        expect(dayOf(record.createdAt, zone)).toMatch(/^(0001-01-0|9999-12-3)\d$/);
    }
  });
});
