import { describe, expect, test } from 'vitest';
import { FIELD_CATALOG, INPUT_CATALOG } from '../../../src/plan/field-catalog.ts';
import { renderReason } from '../../../src/texts/reasons.ts';
import { TEXTS as SERVER } from '../../../src/texts/tables.ts';
import { apiNamesOf, type FieldKey, fieldsOfMeta, fieldsOfRecord } from '../../../src/widget/fields.ts';
import { LANGUAGES, TEXTS } from '../../../src/widget/texts/tables.ts';
import { codeOf, customerValues, lookupId, rangeOf } from '../../../src/widget/values.ts';

const CUSTOMER = [...FIELD_CATALOG, ...INPUT_CATALOG].filter(({ modules }) => modules.includes('customer'));
const USED = new Set(
  fieldsOfMeta(CUSTOMER.map(({ label }) => ({ field_label: label, api_name: label }))).keys(),
);

describe('our fields are found', () => {
  test.each(LANGUAGES)('by the names that Zoho makes of %s labels', (language) => {
    const specs = CUSTOMER.filter(({ key }) => USED.has(key));
    const names = specs.map(({ key }) => [key, apiNamesOf(SERVER[language].field[key])[0] ?? ''] as const);
    const record = Object.fromEntries(names.map(([, name]) => [name, null]));

    expect(specs.length).toBeGreaterThan(18);
    expect(Object.fromEntries(fieldsOfRecord('Accounts', record))).toEqual(Object.fromEntries(names));
  });

  test('no name that one label makes belongs to the label of another field of the same module', () => {
    const owners = new Map<string, Set<FieldKey>>();
    for (const { key } of CUSTOMER)
      for (const language of LANGUAGES)
        for (const name of apiNamesOf(SERVER[language].field[key])) {
          const keys = owners.get(name) ?? new Set();
          owners.set(name, keys.add(key));
        }

    expect([...owners].filter(([, keys]) => keys.size > 1)).toEqual([]);
  });

  test('where the label was taken, numbered, or named by the package', () => {
    const record = { Churn_Risk: 1, Churn_Risk_CV: 2, Value_Tier2: 'Top', My_Step: 'Ring', Next_Step: 'no' };

    const found = fieldsOfRecord('Accounts', record, { next_step: 'My_Step' });

    expect(Object.fromEntries(found)).toEqual({
      churn_risk: 'Churn_Risk_CV',
      value_tier: 'Value_Tier2',
      next_step: 'My_Step',
    });
  });

  test('a field of Zoho itself is not taken for ours', () => {
    expect(fieldsOfRecord('Deals', { Next_Step: 'Send it' }).size).toBe(0);
    const zohos = { field_label: 'Next Step', api_name: 'Next_Step', custom_field: false };
    expect(fieldsOfMeta([zohos]).size).toBe(0);
  });

  test('by labels, whatever the API name, with the suffix of a taken label as well', () => {
    const fields = [
      { field_label: 'waardeklasse', api_name: 'cf_17', custom_field: true },
      { field_label: 'Churn Risk (CV)', api_name: 'cf_18', custom_field: true },
      { field_label: 'Industry', api_name: 'Industry', custom_field: false },
    ];

    expect(Object.fromEntries(fieldsOfMeta(fields))).toEqual({ value_tier: 'cf_17', churn_risk: 'cf_18' });
  });
});

describe('values', () => {
  const names = new Map<FieldKey, string>([
    ['value_tier', 'Tier'],
    ['profit_12_months', 'Profit'],
    ['last_contact', 'Last'],
    ['gold_customer', 'Gold'],
    ['value_explanation', 'Why'],
  ]);

  test('are read as they come, as text or as what they are', () => {
    const record = {
      Tier: 'Strata',
      Profit: '-12.5',
      Last: '2026-03-01',
      Gold: 'true',
      Why: 'One.\r\n\r\nTwo.',
    };

    expect(customerValues(record, names)).toMatchObject({
      tier: { code: null, text: 'Strata' },
      profit: -12.5,
      lastContact: '2026-03-01',
      isGold: true,
      reasons: ['One.', 'Two.'],
      goodwill: null,
    });
  });

  test('that cannot be read are not known, never zero', () => {
    const record = { Tier: '-None-', Profit: '', Last: 'soon', Gold: null, Why: {} };

    expect(customerValues(record, names)).toMatchObject({
      tier: null,
      profit: null,
      lastContact: null,
      isGold: false,
      reasons: [],
    });
    expect(customerValues({ Profit: 0 }, names).profit).toBe(0);
  });

  test.each(['tier', 'phase', 'contact_status', 'follow_up'] as const)(
    'an option of %s is known in every language, and means the same in all',
    (set) => {
      for (const language of LANGUAGES)
        for (const [code, word] of Object.entries(TEXTS[language][set]))
          expect(codeOf(set, word), `${language} ${word}`).toBe(code);
    },
  );

  test('a lookup has the digits of an id, or is none', () => {
    expect(lookupId({ id: '5725767000000410007', name: 'One' })).toBe('5725767000000410007');
    expect(lookupId({ id: "1' or 1=1" })).toBeNull();
    expect(lookupId('5725767000000410007')).toBeNull();
  });
});

describe('the range of the expectation', () => {
  const PARAMS = {
    profit: 123_456,
    range: 80,
    low: 100_000,
    high: 234_500,
    orders: 3,
    value: 50_000,
    margin: 30,
  };
  test.each(LANGUAGES)('is taken from the sentence that the server writes in %s', (language) => {
    for (const currency of ['EUR', 'USD', 'DKK', 'PLN']) {
      for (const serve of [null, 4_500]) {
        const sentence = renderReason(
          { code: 'outlook.profit', params: { ...PARAMS, serve } },
          { language, currency },
        );
        const found = rangeOf(['First.', sentence]);
        expect(found?.cases, sentence).toBe('80');
        expect([found?.low, found?.high].map((text) => text?.replace(/\D/g, ''))).toEqual(['1000', '2345']);
        expect(sentence).toContain(`${found?.high}.`);
      }
    }
  });

  test('is not known where the sentence is not there', () => {
    expect(rangeOf(['By its rhythm; this customer is lost: no profit is expected. All.'])).toBeNull();
  });
});
