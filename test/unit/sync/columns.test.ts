import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../../src/changes.ts';
import type { MappingState } from '../../../src/store/store.ts';
import { type ColumnsInput, columnsOf, coversColumns } from '../../../src/sync/columns.ts';
import type { FieldMeta } from '../../../src/zoho/metadata.ts';
import { aMapping } from '../../support/mapping.ts';

const NEEDED = { Amount: 'currency', Stage: 'picklist', Closing_Date: 'date', Account_Name: 'lookup' };

function aField(apiName: string, dataType: string, change: Partial<FieldMeta> = {}): FieldMeta {
  return {
    id: `id-${apiName}`,
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
    picklist: [],
    ...change,
  };
}
function dealFields(...changed: FieldMeta[]): FieldMeta[] {
  const names = new Set(changed.map((field) => field.apiName));
  const others = Object.entries(NEEDED).filter(([name]) => !names.has(name));
  return [...others.map(([name, type]) => aField(name, type)), ...changed];
}
const without = (name: string) => dealFields().filter((field) => field.apiName !== name);

function deals(change: Partial<ColumnsInput> = {}) {
  return columnsOf({
    module: 'Deals',
    meta: dealFields(),
    mapping: aMapping(),
    ours: [],
    known: [],
    optionsOf: () => [],
    ...change,
  });
}
/** As the store gives them back. */
const remembered = (columns: ReturnType<typeof deals>): MappingState[] =>
  columns.states.map((state) => ({ ...state, pausedSince: null }));
const KNOWN = remembered(deals());

describe('the field of an input', () => {
  test('is the first of several names that the org has; a single name that it lacks is named as missing', () => {
    const meta = dealFields(aField('Kosten', 'currency', { custom: true }));

    expect(deals({ meta, mapping: aMapping({ deals: { cost: ['Cost', 'Kosten'] } }) }).names.cost).toBe(
      'Kosten',
    );
    expect(deals({ meta, mapping: aMapping({ deals: { cost: ['Cost'] } }) }).paused).toEqual([]);
    expect(deals({ meta, mapping: aMapping({ deals: { cost: 'Cost' } }) }).paused).toMatchObject([
      { input: 'cost', apiName: 'Cost', reason: 'missing' },
    ]);
  });

  test('can stand under any name, and null leaves the input out', () => {
    const meta = without('Amount').concat(aField('Deal_Value', 'currency', { custom: true }));
    const columns = deals({ meta, mapping: aMapping({ deals: { amount: 'Deal_Value', stage: null } }) });

    expect(columns.names).toMatchObject({ amount: 'Deal_Value' });
    expect(columns.fields).toContain('Deal_Value');
    expect(columns.fields).not.toContain('Stage');
    expect(columns.paused).toEqual([]);
  });

  test('may be a formula that gives the right kind of value', () => {
    const formula = (valueType: string) => [aField('Profit', 'formula', { valueType, custom: true })];

    expect(deals({ meta: dealFields(...formula('currency')) }).names.profit).toBe('Profit');
    expect(deals({ meta: dealFields(...formula('text')) }).paused).toMatchObject([{ reason: 'retyped' }]);
  });
});

describe('a mapped field that changes', () => {
  test('pauses with a named reason and a repair, and keeps what was stored', () => {
    const amount = aField('Amount', 'currency');
    const cases: [string, FieldMeta[]][] = [
      ['removed', without('Amount')],
      ['renamed', [...without('Amount'), { ...amount, apiName: 'Order_Value' }]],
      ['retyped', dealFields({ ...amount, dataType: 'text', valueType: 'text' })],
      ['hidden', dealFields({ ...amount, visible: false })],
    ];
    for (const [reason, meta] of cases) {
      const columns = deals({ meta, known: KNOWN });

      expect(columns.paused, reason).toMatchObject([{ input: 'amount', apiName: 'Amount', reason }]);
      expect(columns.paused[0]?.repair.length, reason).toBeGreaterThan(10);
      expect(columns.kept, reason).toEqual(['amount']);
      expect(columns.fields, reason).not.toContain('Amount');
    }
    const renamed = deals({ meta: cases[1]?.[1] ?? [], known: KNOWN });
    expect(renamed.paused[0]?.repair).toContain('Order_Value');
  });

  test('remembers the field as it was last good, and comes back by itself', () => {
    const gone = deals({ meta: without('Amount'), known: KNOWN });
    const back = deals({ known: remembered(gone) });

    expect(gone.states.find(({ input }) => input === 'amount')).toMatchObject({
      fieldId: 'id-Amount',
      dataType: 'currency',
      reason: 'removed',
    });
    expect(back.paused).toEqual([]);
    expect(back.names.amount).toBe('Amount');
  });

  test('causes no reading of the whole module when it goes, and one when it comes back', () => {
    const before = deals();
    const gone = deals({ meta: without('Amount'), known: KNOWN });

    expect(coversColumns(before.hash, gone.hash)).toBe(true);
    expect(coversColumns(gone.hash, before.hash)).toBe(false);
    expect(coversColumns(gone.hash, gone.hash)).toBe(true);
  });

  test('another field, or an input mapped anew, has to be read', () => {
    const meta = dealFields(aField('Cost', 'currency'), aField('Kosten', 'currency'));
    const of = (cost: string | null) => deals({ meta, mapping: aMapping({ deals: { cost } }) }).hash;

    expect(coversColumns(of('Cost'), of('Kosten'))).toBe(false);
    expect(coversColumns(of(null), of('Cost'))).toBe(false);
    expect(coversColumns(of('Cost'), of(null))).toBe(false);
    expect(coversColumns(of('Cost'), of('Cost'))).toBe(true);
  });

  test('is still read without metadata, and what was paused stays paused', () => {
    const gone = deals({ meta: without('Amount'), known: KNOWN });

    const blind = deals({ meta: [], known: remembered(gone) });

    expect(blind.paused).toMatchObject([{ input: 'amount', reason: 'removed' }]);
    expect(blind.names).toMatchObject({ stage: 'Stage', purchaseDate: 'Closing_Date' });
    expect(blind.names.cost).toBeUndefined();
  });

  test('that Zoho describes and then refuses is left out as refused', () => {
    expect(deals({ refused: new Set(['Amount']), known: KNOWN }).paused).toMatchObject([
      { input: 'amount', reason: 'refused' },
    ]);
  });

  test('of the two that fill one column the other still fills it', () => {
    const meta = [
      aField('Call_Start_Time', 'datetime'),
      aField('What_Id', 'lookup'),
      aField('Call_Duration', 'text'),
      aField('Call_Duration_in_seconds', 'integer'),
    ];
    const calls = (change: Partial<ColumnsInput>) => deals({ module: 'Calls', meta, ...change });
    const known = remembered(calls({}));

    const columns = calls({ known, meta: meta.slice(0, 3) });

    expect(columns.paused).toMatchObject([{ input: 'durationSeconds', reason: 'removed' }]);
    expect(columns.kept).toEqual([]);
  });
});

describe('a field of ours', () => {
  const mapped: MappedField = {
    key: 'customer_tier',
    module: 'Deals',
    apiName: 'Customer_Tier',
    fieldId: 'id-Customer_Tier',
    label: 'Customer Tier',
    state: 'created',
  };
  const option = (actual: string, isUsed = true) => ({ actual, display: actual, reference: null, isUsed });
  const tier = aField('Customer_Tier', 'picklist', { picklist: [option('Top'), option('Good')] });
  const ours = (field: FieldMeta | null, change: Partial<ColumnsInput> = {}) =>
    deals({
      meta: dealFields(...(field ? [field] : [])),
      ours: [mapped],
      optionsOf: () => ['Top', 'Good'],
      ...change,
    });

  test('is followed by its id when somebody renames it', () => {
    const columns = ours({ ...tier, apiName: 'Our_Tier' });

    expect(columns.renamed).toEqual([{ ...mapped, apiName: 'Our_Tier' }]);
    expect(columns.fields).toContain('Our_Tier');
    expect(columns.paused).toEqual([]);
  });

  test('pauses when it is removed, retyped, hidden, or an option of ours is gone', () => {
    const known = remembered(ours(tier));
    const reasonOf = (field: FieldMeta | null) => ours(field, { known }).paused.map(({ reason }) => reason);

    expect(reasonOf(tier)).toEqual([]);
    expect(reasonOf(null)).toEqual(['removed']);
    expect(reasonOf({ ...tier, dataType: 'text', picklist: [] })).toEqual(['retyped']);
    expect(reasonOf({ ...tier, visible: false })).toEqual(['hidden']);
    expect(reasonOf({ ...tier, picklist: [option('Top')] })).toEqual(['option_gone']);
    expect(reasonOf({ ...tier, picklist: [option('Top'), option('Good', false)] })).toEqual(['option_gone']);
  });

  test('needs no reading when it is new, and one when it comes back', () => {
    const before = deals();
    const known = remembered(ours(tier));
    const gone = ours(null, { known });

    expect(coversColumns(before.hash, ours(tier).hash)).toBe(true);
    expect(coversColumns(gone.hash, ours(tier).hash)).toBe(false);
  });
});

describe('a contact date that people keep', () => {
  const accounts = (lastContact: string | null, ours: MappedField[] = []) =>
    columnsOf({
      module: 'Accounts',
      meta: [aField('Account_Name', 'text'), aField('Spoke_On', 'date'), aField('Last_Contact', 'date')],
      mapping: aMapping({ accounts: { lastContact } }),
      ours,
      known: [],
      optionsOf: () => [],
    });

  test('is read where a setting names it, and what was read before lacks it', () => {
    const columns = accounts('Spoke_On');

    expect(columns.names.lastContact).toBe('Spoke_On');
    expect(coversColumns(accounts(null).hash, columns.hash)).toBe(false);
  });

  test('is never one of ours: that would tell of our own writing', () => {
    const own: MappedField = {
      key: 'last_contact',
      module: 'Accounts',
      apiName: 'Last_Contact',
      fieldId: 'id-Last_Contact',
      label: 'Last Contact',
      state: 'created',
    };

    const columns = accounts('Last_Contact', [own]);

    expect(columns.names.lastContact).toBeUndefined();
    expect(columns.paused).toMatchObject([{ input: 'lastContact', reason: 'ours' }]);
  });

  test('cannot be the time that Zoho moves at every edit', () => {
    expect(() => aMapping({ accounts: { lastContact: 'Last_Activity_Time' } })).toThrow(/tells of edits/);
    expect(() => aMapping({ contacts: { lastContact: ['Spoke_On', 'Last_Activity_Time'] } })).toThrow();
  });
});

describe('what the org says of a relation', () => {
  const own = (key: 'lifecycle_phase' | 'reason_left'): MappedField => ({
    key,
    module: 'Accounts',
    apiName: key,
    fieldId: `id-${key}`,
    label: key,
    state: 'created',
  });
  const accounts = (inputs: Record<string, string>, meta: FieldMeta[], change: Partial<ColumnsInput> = {}) =>
    columnsOf({
      module: 'Accounts',
      meta: [aField('Account_Name', 'text'), ...meta],
      mapping: aMapping({ accounts: inputs }),
      ours: [],
      known: [],
      optionsOf: () => [],
      ...change,
    });
  const fields = { contractEnd: 'Contract_Until', survey: 'NPS' };

  test('pauses field by field when one is removed or retyped: what was read of it stays', () => {
    const both = accounts(fields, [aField('Contract_Until', 'date'), aField('NPS', 'integer')]);
    const known = both.states.map((state) => ({ ...state, pausedSince: null }));
    const removed = accounts(fields, [aField('NPS', 'integer')], { known });
    const retyped = accounts(fields, [aField('Contract_Until', 'text'), aField('NPS', 'integer')], { known });

    expect(both.kept).toEqual([]);
    expect(removed).toMatchObject({ kept: ['contract_end'], paused: [{ reason: 'removed' }] });
    expect(retyped).toMatchObject({ kept: ['contract_end'], paused: [{ reason: 'retyped' }] });
    expect(removed.names.survey).toBe('NPS');
  });

  test('is read only where a setting names it, and never from what we write', () => {
    const ours = [own('lifecycle_phase'), own('reason_left')];
    const meta = [
      aField('Contract_Until', 'date'),
      aField('lifecycle_phase', 'picklist'),
      aField('reason_left', 'picklist'),
    ];

    expect(accounts({}, meta).names).not.toHaveProperty('contractEnd');
    expect(accounts({ closed: 'lifecycle_phase' }, meta, { ours }).paused).toMatchObject([
      { reason: 'ours' },
    ]);
    expect(accounts({ closed: 'reason_left' }, meta, { ours }).names.closed).toBe('reason_left');
  });
});

test('what people filled in stays stored while all of it is paused', () => {
  const own = (key: 'needs' | 'why_they_chose_us', visible: boolean): [MappedField, FieldMeta] => [
    { key, module: 'Accounts', apiName: key, fieldId: `id-${key}`, label: key, state: 'created' },
    aField(key, 'text', { visible }),
  ];
  const keptWith = (...fields: [MappedField, FieldMeta][]) =>
    columnsOf({
      module: 'Accounts',
      meta: [aField('Account_Name', 'text'), ...fields.map(([, meta]) => meta)],
      mapping: aMapping(),
      ours: fields.map(([mapped]) => mapped),
      known: [],
      optionsOf: () => [],
    }).kept;

  expect(keptWith(own('needs', false))).toEqual(['inputs']);
  expect(keptWith(own('needs', false), own('why_they_chose_us', true))).toEqual([]);
});
