import { describe, expect, test } from 'vitest';
import { listAnswer, pageOf, recordAnswer, themeOf, writeAnswer } from '../../../src/widget/answers.ts';
import { configOf, isParent, NO_CONFIG, pageAddress } from '../../../src/widget/config.ts';
import { formatOf } from '../../../src/widget/format.ts';
import { amountOf, withGift } from '../../../src/widget/goodwill.ts';
import { LANGUAGES, TEXTS } from '../../../src/widget/texts/tables.ts';
import { workRows } from '../../../src/widget/worklist-rows.ts';

describe('answers of the SDK', () => {
  test('a record comes as an object or as its JSON', () => {
    const answer = { data: [{ id: '1', Tier: 'Top' }] };

    expect(recordAnswer(answer)).toEqual({ is: 'record', record: answer.data[0] });
    expect(recordAnswer(JSON.stringify(answer))).toEqual({ is: 'record', record: answer.data[0] });
  });

  test.each([
    ['', 'absent'],
    [null, 'absent'],
    [{ data: [] }, 'absent'],
    [{ status: 204, statusText: 'nocontent' }, 'failed'],
    [{ code: 'INVALID_DATA', status: 'error' }, 'absent'],
    [{ code: 'NO_PERMISSION', status: 'error' }, 'forbidden'],
    [{ code: 'OAUTH_SCOPE_MISMATCH' }, 'forbidden'],
    [new Error('AUTHORIZATION_FAILED'), 'forbidden'],
    [{ code: 'INTERNAL_ERROR' }, 'failed'],
    ['<html>', 'failed'],
  ])('%j is %s', (answer, is) => {
    expect(recordAnswer(answer).is).toBe(is);
  });

  test('an empty answer to a list is an empty list, a refusal is none', () => {
    expect(listAnswer('')).toEqual({ is: 'list', rows: [] });
    expect(listAnswer({ fields: [{ api_name: 'A' }, null] }, 'fields')).toEqual({
      is: 'list',
      rows: [{ api_name: 'A' }],
    });
    expect(listAnswer({ code: 'INVALID_QUERY' })).toEqual({ is: 'failed', code: 'INVALID_QUERY' });
  });

  test('a write is saved only when Zoho says so of the row', () => {
    expect(writeAnswer({ data: [{ code: 'SUCCESS' }] })).toEqual({ is: 'saved' });
    expect(writeAnswer({ data: [{ code: 'MANDATORY_NOT_FOUND' }] })).toEqual({
      is: 'failed',
      code: 'MANDATORY_NOT_FOUND',
    });
    expect(writeAnswer('').is).toBe('failed');
  });

  test.each([
    [
      { Entity: 'Accounts', EntityId: '12' },
      { module: 'Accounts', id: '12' },
    ],
    [
      { Entity: 'Accounts', EntityId: ['12', '13'] },
      { module: 'Accounts', id: '12' },
    ],
    [
      { Entity: 'Accounts', EntityId: 12 },
      { module: 'Accounts', id: '12' },
    ],
    [{ Entity: 'Accounts', EntityId: [] }, null],
    [{ Entity: 'Accounts' }, null],
    [{ EntityId: '12' }, null],
    [{ Entity: 'Accounts', EntityId: '1 or 1=1' }, null],
    [null, null],
  ])('PageLoad %j names %j', (data, page) => {
    expect(pageOf(data)).toEqual(page);
  });

  test.each([
    [{ theme: 'Night' }, 'night'],
    ['{"data":{"mode":"dark"}}', 'night'],
    [{ user: { theme: 'day' } }, 'day'],
    [{ theme: 'blue' }, null],
    [null, null],
  ])('preference %j is the theme %s', (answer, theme) => {
    expect(themeOf(answer)).toBe(theme);
  });
});

describe('settings of the package', () => {
  test('what is not of its form is left out', () => {
    expect(configOf(null)).toEqual(NO_CONFIG);
    expect(
      configOf({ customerPage: 7, fields: { Accounts: { a: 1, b: 'B' }, x: 1 }, parents: ['p', 1] }),
    ).toEqual({
      ...NO_CONFIG,
      fields: { Accounts: { b: 'B' }, x: {} },
      parents: ['p'],
    });
  });

  test('an address takes module and id, and is https or none', () => {
    expect(pageAddress('https://v.example.test/{module}/{id}', 'Accounts', '1/2')).toBe(
      'https://v.example.test/Accounts/1%2F2',
    );
    for (const bad of ['javascript:alert({id})', 'http://v.example.test/{id}', 'value', null])
      expect(pageAddress(bad, 'Accounts', '1')).toBeNull();
  });

  test.each([
    ['https://crm.zoho.com', true],
    ['https://crm.zoho.eu', true],
    ['https://crm.zoho.com.au', true],
    ['https://crm.zohocloud.ca', true],
    ['https://crmsandbox.zoho.in', true],
    ['https://portal.example.test', true],
    ['http://crm.zoho.com', false],
    ['https://crm.zoho.com.evil.test', false],
    ['https://evilzoho.com', false],
    ['https://other.example.test', false],
    ['null', false],
  ])('a page of %s is one around us: %s', (origin, expected) => {
    expect(isParent(origin, ['https://portal.example.test'])).toBe(expected);
  });
});

describe('goodwill', () => {
  const gift = (hundredths: number, note = '') => ({ day: '2026-03-02', hundredths, note });

  test.each([
    ['120', 12_000],
    [' 49,5 ', 4_950],
    ['49.50', 4_950],
    ['0.07', 7],
    ['0', null],
    ['-5', null],
    ['1.234', null],
    ['1.000,00', null],
    ['12x', null],
    ['', null],
  ])('%j is %j hundredths', (text, hundredths) => {
    expect(amountOf(text)).toBe(hundredths);
  });

  test('an entry is added behind the others, its words on one line and without the sign between entries', () => {
    expect(withGift(null, gift(4_950))).toBe('2026-03-02 49.50');
    expect(withGift('2026-03-01 5; asked for 3', gift(7, 'late;\n again '))).toBe(
      '2026-03-01 5; asked for 3; 2026-03-02 0.07 late again',
    );
  });

  test('entries of more than a year ago give way when room is short, younger ones never', () => {
    const old = `2025-02-01 5.00 ${'o'.repeat(100)}`;
    const young = `2025-09-01 5.00 ${'y'.repeat(120)}`;

    expect(withGift(old, gift(500))).toContain(old);
    expect(withGift(`${old}; ${young}`, gift(500, 'x'.repeat(20)))).toBe(
      `${young}; 2026-03-02 5.00 ${'x'.repeat(20)}`,
    );
    expect(withGift(`${young}; ${young}`, gift(500))).toBeNull();
  });
});

describe('values in words', () => {
  test.each(LANGUAGES)('a currency that Intl does not know costs no card (%s)', (language) => {
    for (const currency of [null, 'kr', 'EUR', 'XYZ'])
      expect(formatOf(TEXTS[language], { currency }).money(1_234.5)).toMatch(/1.?23[45]/);
  });

  test('a relation is told in years and months', () => {
    const { months, ago } = formatOf(TEXTS.en, { currency: null });

    expect([0, 1, 12, 40].map(months)).toEqual(['0 months', '1 month', '1 year', '3 years, 4 months']);
    expect(formatOf(TEXTS.pl, { currency: null }).months(40)).toBe('3 lata i 4 miesiące');
    expect(ago('2026-02-20', '2026-03-02')).toBe('10 days ago');
    expect(ago('2026-03-02', '2026-03-02')).toBe('today');
  });
});

test('the worklist leaves out tasks whose customer cannot be seen, and puts most at stake first', () => {
  const account = (id: string, Expected_Profit_12_Months: number | null, Profit_12_Months: number) => ({
    id,
    Account_Name: `A${id}`,
    Expected_Profit_12_Months,
    Profit_12_Months,
  });
  const task = (id: string, what: string | null, Due_Date: string, who: string | null = null) => ({
    id,
    Subject: `T${id}`,
    Due_Date,
    What_Id: what && { id: what },
    Who_Id: who && { id: who },
  });

  const rows = workRows(
    [
      task('1', '10', '2026-03-05'),
      task('2', '11', '2026-03-01'),
      task('3', '12', '2026-03-01'),
      task('4', null, '2026-03-01', '20'),
      task('5', '10', '2026-03-02'),
    ],
    {
      Accounts: [account('10', 500, 1), account('11', null, 900)],
      Contacts: [{ id: '20', Full_Name: 'Bo Lund' }],
    },
    {},
  );

  expect(rows.map(({ taskId, name }) => `${taskId} ${name}`)).toEqual([
    '2 A11',
    '5 A10',
    '1 A10',
    '4 Bo Lund',
  ]);
});
