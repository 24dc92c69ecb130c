import { describe, expect, test } from 'vitest';
import type { MappedField } from '../../../src/changes.ts';
import { fieldsOfSet, INPUT_CATALOG } from '../../../src/plan/field-catalog.ts';
import {
  customFieldLimit,
  type ModulePlanInput,
  newFieldOf,
  planModuleFields,
  wantedFields,
} from '../../../src/setup/fields-plan.ts';
import type { FieldMeta } from '../../../src/zoho/metadata.ts';

function aField(change: Partial<FieldMeta> = {}): FieldMeta {
  return {
    id: '5725767000000800001',
    apiName: 'Field_1',
    label: 'Field 1',
    dataType: 'text',
    valueType: 'text',
    visible: true,
    length: 255,
    custom: true,
    readOnly: false,
    writable: true,
    unique: false,
    lookupModule: null,
    picklist: [],
    ...change,
  };
}
function options(...values: string[]): FieldMeta['picklist'] {
  return values.map((value) => ({ display: value, actual: value, reference: null, isUsed: true }));
}
const TIERS = options('Top', 'Good', 'Marginal', 'Loss-making', 'No business');

function plan(change: Partial<ModulePlanInput> = {}) {
  return planModuleFields({
    module: 'Accounts',
    specs: fieldsOfSet('essential'),
    present: [],
    mapped: [],
    language: 'en',
    limit: 300,
    max: null,
    ...change,
  });
}
const actionOf = (planned: ReturnType<typeof plan>, key: string) =>
  planned.find((field) => field.key === key)?.action;

describe('planModuleFields', () => {
  test('an empty org gets every field, in order of priority', () => {
    const planned = plan();

    expect(new Set(planned.map(({ action }) => action))).toEqual(new Set(['create']));
    expect(planned.map(({ label }) => label).slice(0, 3)).toEqual([
      'Value Tier',
      'Lifecycle Phase',
      'Last Contact',
    ]);
  });

  test('a field with the label in another language and a fitting type is adopted', () => {
    const present = [
      aField({ label: 'value tier', dataType: 'picklist', apiName: 'Tier_7', picklist: TIERS }),
    ];

    const tier = plan({ present, language: 'nl' }).find(({ key }) => key === 'value_tier');

    expect(tier).toMatchObject({ action: 'adopt', apiName: 'Tier_7', fieldId: present[0]?.id });
  });

  test.each([
    ['another type', aField({ label: 'Next Step', dataType: 'date' }), 'next_step', 'Next Step (CV)'],
    ['too short a text', aField({ label: 'Next Step', length: 80 }), 'next_step', 'Next Step (CV)'],
    ['a field of Zoho itself', aField({ label: 'Next Step', custom: false }), 'next_step', 'Next Step (CV)'],
    ['a read-only field', aField({ label: 'Next Step', writable: false }), 'next_step', 'Next Step (CV)'],
    [
      'a picklist without our values',
      aField({ label: 'Value Tier', dataType: 'picklist', picklist: TIERS.slice(1) }),
      'value_tier',
      'Value Tier (CV)',
    ],
  ])('%s under our label is a conflict, and ours gets a suffix', (_name, field, key, label) => {
    const planned = plan({ present: [field] }).find((item) => item.key === key);

    expect(planned).toMatchObject({ action: 'conflict', label, apiName: null });
    expect(planned?.note).toContain(field.label);
  });

  test('a field that we made under the suffix is found again', () => {
    const present = [
      aField({ label: 'Next Step', dataType: 'date' }),
      aField({ id: '5725767000000800002', label: 'Next Step (CV)', apiName: 'Next_Step_CV' }),
    ];

    expect(plan({ present }).find(({ key }) => key === 'next_step')).toMatchObject({
      action: 'adopt',
      apiName: 'Next_Step_CV',
    });
  });

  test('a task key whose values need not be unique is not taken for ours', () => {
    const present = [aField({ label: 'CV Ref', length: 64 })];

    expect(actionOf(plan({ specs: fieldsOfSet('tasks'), present }), 'cv_ref')).toBe('conflict');
  });

  test('a known field exists under whatever label a person gave it, and a removed one is made anew', () => {
    const mapped: MappedField[] = [
      {
        key: 'next_step',
        module: 'Accounts',
        apiName: 'Next_Step',
        fieldId: '1',
        label: 'Next Step',
        state: 'created',
      },
      {
        key: 'last_contact',
        module: 'Accounts',
        apiName: 'Last_Contact',
        fieldId: '2',
        label: 'Last Contact',
        state: 'created',
      },
    ];
    const present = [aField({ id: '1', label: 'What to do', apiName: 'What_To_Do' })];

    const planned = plan({ mapped, present });

    expect(planned.find(({ key }) => key === 'next_step')).toMatchObject({
      action: 'exists',
      apiName: 'What_To_Do',
    });
    expect(planned.find(({ key }) => key === 'last_contact')).toMatchObject({
      action: 'create',
      note: 'Last_Contact was removed in Zoho',
    });
  });

  test('where the edition has room for three, the first three are made and the rest is named', () => {
    const present = Array.from({ length: 7 }, (_, index) =>
      aField({ id: String(index), label: `Theirs ${index}` }),
    );

    const planned = plan({ present, limit: 10 });

    expect(planned.map(({ action }) => action)).toEqual([
      ...Array(3).fill('create'),
      ...Array(planned.length - 3).fill('over_limit'),
    ]);
    expect(planned.at(-1)?.note).toContain('10 custom fields in Accounts');
  });

  test('an adopted field needs no room', () => {
    const present = [aField({ label: 'Last Contact', dataType: 'date' })];

    const planned = plan({ present, limit: 1 });

    expect(actionOf(planned, 'last_contact')).toBe('adopt');
    expect(actionOf(planned, 'value_tier')).toBe('over_limit');
  });

  test('--max counts the fields of ours that are there, so a second run adds none', () => {
    const first = plan({ max: 2 });
    const present = [
      aField({ id: '1', label: 'Value Tier', dataType: 'picklist', picklist: TIERS }),
      aField({ id: '2', label: 'Last Contact', dataType: 'date' }),
    ];

    const second = plan({ max: 2, present });

    expect(first.filter(({ action }) => action === 'create')).toHaveLength(2);
    expect(second.filter(({ action }) => action === 'create')).toHaveLength(0);
  });

  test('an unknown edition sets no limit beforehand', () => {
    expect(customFieldLimit('Standard')).toBe(10);
    expect(customFieldLimit('Something New')).toBeNull();
    expect(plan({ limit: null }).every(({ action }) => action === 'create')).toBe(true);
  });
});

describe('wantedFields', () => {
  test('contacts carry the customer fields unless only accounts are customers, and CV Ref always comes along', () => {
    expect([...wantedFields(['essential'], 'both').keys()]).toEqual(['Accounts', 'Contacts', 'Tasks']);
    expect([...wantedFields(['essential'], 'account').keys()]).toEqual(['Accounts', 'Tasks']);
    expect([...wantedFields(['deals'], 'both').keys()]).toEqual(['Deals', 'Tasks']);
  });

  test('Last Contact of the people set is not asked for twice', () => {
    const contacts = wantedFields(['essential', 'people'], 'both').get('Contacts') ?? [];

    expect(contacts.filter(({ key }) => key === 'last_contact')).toHaveLength(1);
    expect(contacts.map(({ key }) => key)).toContain('customer_tier');
  });
});

describe('newFieldOf', () => {
  test('a picklist stores English and shows the language of the org', () => {
    const spec = fieldsOfSet('essential')[0];
    if (!spec) throw new Error('the catalog is empty');

    const field = newFieldOf(spec, { module: 'Accounts', label: 'Waardeklasse', language: 'nl' });

    expect(field.values?.map(({ actual }) => actual)).toEqual([
      'Top',
      'Good',
      'Marginal',
      'Loss-making',
      'No business',
    ]);
    expect(field.values?.map(({ display }) => display)).not.toEqual(
      field.values?.map(({ actual }) => actual),
    );
    expect(field.tooltip?.length).toBeLessThanOrEqual(35);
  });
});

describe('the fields that people fill in', () => {
  const specs = INPUT_CATALOG.filter(({ modules }) => modules.includes('customer'));
  const inputs = (present: FieldMeta[], module: 'Accounts' | 'Contacts' = 'Accounts') =>
    plan({ specs, present, module });

  test('stand on customers, and the minutes on activities and cases', () => {
    const wanted = wantedFields(['inputs'], 'account');

    expect(wanted.get('Accounts')?.map(({ label }) => label)).toEqual([
      'Referred By',
      'Why They Chose Us',
      'Needs',
      'Last Thanked',
      'Reason Left',
      'Profile Reviewed On',
      'Goodwill Given',
      'Recalculation Asked',
    ]);
    for (const module of ['Tasks', 'Calls', 'Events', 'Cases'] as const) {
      expect(wanted.get(module)?.map(({ key }) => key)).toContain('minutes_spent');
    }
  });

  test('a list of reasons that people made themselves is adopted, whatever it holds', () => {
    const own = aField({
      label: 'Reason left',
      dataType: 'picklist',
      picklist: options('Te duur'),
      writable: false,
    });

    expect(actionOf(inputs([own]), 'reason_left')).toBe('adopt');
  });

  test('a lookup to another module is a conflict', () => {
    const lookup = (lookupModule: string) =>
      aField({ label: 'Referred By', dataType: 'lookup', lookupModule });

    expect(actionOf(inputs([lookup('Accounts')]), 'referred_by')).toBe('adopt');
    expect(inputs([lookup('Contacts')])[0]).toMatchObject({ action: 'conflict', label: 'Referred By (CV)' });
    expect(actionOf(inputs([lookup('Contacts')], 'Contacts'), 'referred_by')).toBe('adopt');
  });

  test('are made with a hint to fill them in, a lookup pointing to its own module', () => {
    const [referredBy] = specs;
    if (!referredBy) throw new Error('the catalog has no inputs');

    const field = newFieldOf(referredBy, { module: 'Contacts', label: 'Referred By', language: 'en' });

    expect(field).toEqual({
      label: 'Referred By',
      dataType: 'lookup',
      lookupModule: 'Contacts',
      tooltip: 'Fill in; Customer Value reads it',
    });
  });
});
