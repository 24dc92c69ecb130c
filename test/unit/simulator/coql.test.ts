import { describe, expect, test } from 'vitest';
import { coqlCredits, parseCoql, runCoql } from '../../../src/simulator/coql.ts';
import type { CoqlSwitches } from '../../../src/simulator/coql-types.ts';
import { catalog, ids, sourceOf, type TestRow } from './coql-world.ts';

function ask(query: string, rows: TestRow[] = [], switches: Partial<CoqlSwitches> = {}) {
  return runCoql(parseCoql(query, catalog, switches), sourceOf(rows));
}

describe('what a query answers', () => {
  const acme = { id: '900', module: 'Accounts', Account_Name: 'Acme', Industry: 'Retail' };
  const reference = { id: '900', name: 'Acme' };

  test('keywords in any case, quoted reserved words, doubled quotes and every form of LIMIT', () => {
    const rows = ['3', '1', '2'].map((id) => ({ id, Deal_Name: "O'Neil", Limit: 4 }));

    expect(ask("SELECT 'Limit' FROM Deals WHERE Deal_Name = 'O''Neil' LIMIT 1, 1", rows)).toEqual({
      rows: [{ Limit: 4, id: '2' }],
      more: true,
    });
    expect(ids(ask('select id from Deals where id is not null Limit 2 Offset 1', rows))).toEqual(['2', '3']);
    expect(ids(ask('select id from Deals where id is not null order by id DESC limit 1', rows))).toEqual([
      '3',
    ]);
  });

  test('ids in numeric order, and compared as numbers', () => {
    const rows = ['1000000000000000001', '99', '999999999999999999', '100'].map((id) => ({ id }));

    expect(ids(ask('select id from Deals where id is not null', rows))).toEqual([
      '99',
      '100',
      '999999999999999999',
      '1000000000000000001',
    ]);
    expect(ids(ask("select id from Deals where id > '999999999999999998' order by id", rows))).toEqual([
      '999999999999999999',
      '1000000000000000001',
    ]);
  });

  test('lookups as id and name, dotted columns as flat keys, aliases, and the id in the spelling asked for', () => {
    const owner = { id: '5', name: 'Ada Lovelace', email: 'ada@example.test' };
    const rows = [{ id: '1', Account_Name: reference, Owner: owner }, { id: '2', Account_Name: null }, acme];

    const answer = ask(
      'select Account_Name, Account_Name.Industry, Account_Name.id as a, Owner, Owner.last_name from Deals where id is not null',
      rows,
      { coqlIdKey: 'Id' },
    );

    expect(answer.rows).toEqual([
      {
        Account_Name: reference,
        'Account_Name.Industry': 'Retail',
        a: '900',
        Owner: { id: '5', name: 'Ada Lovelace' },
        'Owner.last_name': 'Lovelace',
        Id: '1',
      },
      {
        Account_Name: null,
        'Account_Name.Industry': null,
        a: null,
        Owner: null,
        'Owner.last_name': null,
        Id: '2',
      },
    ]);
  });

  test('a lookup to any module through the arrow', () => {
    const rows = [
      { id: '1', Deal_Name: 'First' },
      { id: '2', module: 'Tasks', What_Id: { id: '1', name: 'First' } },
      { id: '3', module: 'Tasks', What_Id: reference },
      acme,
    ];

    expect(ask("select 'What_Id->Deals.Deal_Name' from Tasks where id is not null", rows).rows).toEqual([
      { 'What_Id->Deals.Deal_Name': 'First', id: '2' },
      { 'What_Id->Deals.Deal_Name': null, id: '3' },
    ]);
  });

  test.each([
    ["Account_Name = '900'", ['1']],
    ["Account_Name.Industry in ('Retail', 'Wholesale')", ['1']],
    ['Amount >= 10.5', ['1']],
    ['Amount between 1 and 10.5', ['1', '2']],
    ['Amount is null', ['3']],
    ['Amount not between 5 and 20', ['2']],
    ["Stage not in ('Won')", ['2']],
    ["Deal_Name like 'al%'", ['1']],
    ["Deal_Name like '%a'", ['1', '2']],
    ["Deal_Name not like '%ph%'", ['2']],
    ["Closing_Date < '2026-03-01'", ['1']],
    ["Modified_Time = '2026-02-01T07:00:00+00:00'", ['1', '2']],
    ["Paid = 'true'", ['1']],
    ['Paid = false', ['2']],
    ["Languages = 'English;German'", ['1']],
    ['Score > 0', ['2']],
    ["Long = '9007199254740993'", ['1']],
    ["(Stage = 'Won' or (Amount < 5 and Paid = 'false'))", ['1', '2']],
    ['!Deals.Amount = 10.5', ['1']],
  ])('where %s', (where, expected) => {
    const rows = [
      {
        id: '1',
        Deal_Name: 'Alpha',
        Account_Name: reference,
        Amount: 10.5,
        Stage: 'Won',
        Closing_Date: '2026-02-28',
        Modified_Time: '2026-02-01T09:00:00+02:00',
        Paid: true,
        Languages: ['English', 'German'],
        Score: -1,
        Long: '9007199254740993',
      },
      {
        id: '2',
        Deal_Name: 'Beta',
        Amount: 2,
        Stage: 'Lost',
        Closing_Date: '2026-03-01',
        Modified_Time: '2026-02-01T02:00:00-05:00',
        Paid: false,
        Score: 7,
        Long: '9007199254740992',
      },
      { id: '3', Deal_Name: null, Amount: null, Stage: null },
      acme,
    ];

    expect(ids(ask(`select id from Deals where ${where}`, rows))).toEqual(expected);
  });

  test('empty values match a negated test only with the switch on, and sort first', () => {
    const rows = [
      { id: '1', Stage: 'a', Amount: 2 },
      { id: '2', Stage: null, Amount: null },
      { id: '3', Amount: 1 },
    ];
    const query = "select id from Deals where Stage != 'b' order by Amount asc, id desc";

    expect(ids(ask(query, rows))).toEqual(['1']);
    expect(ids(ask(query, rows, { coqlNegationMatchesEmpty: true }))).toEqual(['2', '3', '1']);
  });

  test('converted leads are hidden without an explicit predicate, unless the switch is off', () => {
    const rows = [true, false].map((Converted__s, index) => ({
      id: String(index),
      module: 'Leads',
      Converted__s,
    }));
    const query = 'select Converted__s from Leads where id is not null';

    expect(ids(ask(query, rows))).toEqual(['1']);
    expect(ids(ask(query, rows, { coqlHidesConverted: false }))).toEqual(['0', '1']);
    expect(ids(ask("select id from Leads where Converted__s = 'true'", rows))).toEqual(['0']);
  });

  test('aggregates of all rows and of groups', () => {
    const rows = [
      { id: '1', Stage: 'Won', Amount: 0.1, Closing_Date: '2026-01-01' },
      { id: '2', Stage: 'Won', Amount: 0.2, Closing_Date: '2026-02-01' },
      { id: '3', Stage: 'Lost', Amount: null, Closing_Date: null },
    ];

    expect(ask('select count(id), SUM(Amount) as total from Deals where id is not null', rows).rows).toEqual([
      { 'COUNT(id)': 3, total: 0.3 },
    ]);
    expect(
      ask(
        'select Stage, COUNT(id) as n, MAX(Closing_Date), AVG(Amount) from Deals where id is not null group by Stage order by n desc',
        rows,
      ).rows,
    ).toEqual([
      { Stage: 'Won', n: 2, 'MAX(Closing_Date)': '2026-02-01', 'AVG(Amount)': 0.15 },
      { Stage: 'Lost', n: 1, 'MAX(Closing_Date)': null, 'AVG(Amount)': null },
    ]);
    expect(ask("select COUNT(id) from Deals where Stage = 'None'", rows).rows).toEqual([{ 'COUNT(id)': 0 }]);
  });

  test('the price follows LIMIT, not what is found', () => {
    const price = (limit: string) =>
      coqlCredits(parseCoql(`select id from Deals where id is not null ${limit}`, catalog));

    expect(['', 'limit 200', 'limit 201', 'limit 1000', 'limit 1001', 'limit 2000'].map(price)).toEqual([
      1, 1, 2, 2, 3, 3,
    ]);
  });
});
