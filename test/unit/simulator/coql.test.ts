import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coqlCredits, parseCoql, runCoql } from '../../../src/simulator/coql.ts';
import {
  CoqlError,
  type CoqlField,
  type CoqlSource,
  type CoqlSwitches,
  type RowView,
} from '../../../src/simulator/coql-types.ts';

const MODULES: Record<string, Record<string, CoqlField>> = {
  Deals: {
    Deal_Name: { data_type: 'text' },
    Amount: { data_type: 'currency' },
    Stage: { data_type: 'picklist' },
    Closing_Date: { data_type: 'date' },
    Modified_Time: { data_type: 'datetime' },
    Account_Name: { data_type: 'lookup', lookup: 'Accounts' },
    Owner: { data_type: 'ownerlookup' },
    Description: { data_type: 'textarea' },
    Paid: { data_type: 'boolean' },
    Languages: { data_type: 'multiselectpicklist' },
    Lines: { data_type: 'subform' },
    Score: { data_type: 'formula', return_type: 'double' },
    Card: { data_type: 'text', encrypted: true },
    Limit: { data_type: 'integer' },
    Long: { data_type: 'bigint' },
  },
  Accounts: {
    Account_Name: { data_type: 'text' },
    Industry: { data_type: 'picklist' },
    Parent_Account: { data_type: 'lookup', lookup: 'Accounts' },
  },
  Leads: { Last_Name: { data_type: 'text' }, Converted__s: { data_type: 'boolean' } },
  Tasks: { Subject: { data_type: 'text' }, What_Id: { data_type: 'lookup' } },
};

const catalog = {
  module: (name: string) => {
    const fields = MODULES[name];
    return fields === undefined ? null : { fields: new Map(Object.entries(fields)) };
  },
};

type TestRow = { id: string; module?: string } & Record<string, unknown>;

function sourceOf(rows: TestRow[]): CoqlSource {
  const views = rows.map(
    (row): RowView => ({ id: row.id, module: row.module ?? 'Deals', get: (field) => row[field] }),
  );
  return {
    rows: (module) => views.filter((row) => row.module === module),
    row: (id) => views.find((row) => row.id === id) ?? null,
  };
}

function ask(query: string, rows: TestRow[] = [], switches: Partial<CoqlSwitches> = {}) {
  return runCoql(parseCoql(query, catalog, switches), sourceOf(rows));
}

function refusal(query: string, switches: Partial<CoqlSwitches> = {}) {
  try {
    parseCoql(query, catalog, switches);
  } catch (error) {
    if (error instanceof CoqlError) return { code: error.code, ...error.details };
    throw error;
  }
  return 'accepted';
}

const ids = (answer: { rows: Record<string, unknown>[] }) => answer.rows.map((row) => row.id);

describe('what the grammar refuses', () => {
  test.each([
    ['select id from Deals', { code: 'SYNTAX_ERROR', clause: 'where' }],
    ['select id where id is not null', { code: 'SYNTAX_ERROR', clause: 'from' }],
    ["select id from Deals where Stage = 'a' and Stage = 'b'", { code: 'SYNTAX_ERROR', near: 'and' }],
    [
      "select id from Deals where (Stage = 'a' and Stage = 'b' and Stage = 'c')",
      { code: 'SYNTAX_ERROR', near: 'and' },
    ],
    ["select id from Deals where (Stage = 'a')", { code: 'SYNTAX_ERROR', near: ')' }],
    ["select id from Deals where Stage = 'a", { code: 'SYNTAX_ERROR', near: "'a" }],
    ['select id from Deals where id is not null limit 10 20', { code: 'SYNTAX_ERROR', near: '20' }],
    ['select * from Deals where id is not null', { code: 'SYNTAX_ERROR', near: '* from Deals where i' }],
    ['select distinct Stage from Deals where id is not null', { code: 'SYNTAX_ERROR', near: 'Stage' }],
    ['select Limit from Deals where id is not null', { code: 'SYNTAX_ERROR', near: 'Limit' }],
    ['select id from Deals where id in (select id from Deals)', { code: 'SYNTAX_ERROR', near: 'select' }],
    [
      'select id from Deals where id is not null limit 2001',
      { code: 'LIMIT_EXCEEDED', clause: 'limit', limit: 2000 },
    ],
    [
      'select id from Deals where id is not null limit 98001, 2000',
      { code: 'LIMIT_EXCEEDED', limit: 100_000 },
    ],
    [
      'select id from Deals where id is not null limit 2000 offset 98001',
      { code: 'LIMIT_EXCEEDED', limit: 100_000 },
    ],
    [
      `select id from Deals where id in (${Array(51).fill("'1'").join()})`,
      { code: 'LIMIT_EXCEEDED', limit: 50 },
    ],
    [`select id from Deals where ${paired(26)}`, { code: 'LIMIT_EXCEEDED', clause: 'where', limit: 25 }],
    [
      `select id from Deals where id is not null order by ${Array(11).fill('id')}`,
      { code: 'LIMIT_EXCEEDED', limit: 10 },
    ],
    [
      'select Stage from Deals where id is not null group by Stage,Stage,Stage,Stage,Stage',
      { code: 'LIMIT_EXCEEDED', limit: 4 },
    ],
    [
      'select count(id) as a,count(id) as b,count(id) as c,count(id) as d,count(id) as e,count(id) as f from Deals where id is not null',
      { code: 'LIMIT_EXCEEDED', clause: 'aggregate', limit: 5 },
    ],
    ['select id from Nowhere where id is not null', { code: 'INVALID_MODULE', module: 'Nowhere' }],
    ['select Nope from Deals where id is not null', { code: 'INVALID_QUERY', column_name: 'Nope' }],
    ['select deal_name from Deals where id is not null', { code: 'INVALID_QUERY', column_name: 'deal_name' }],
    [
      'select Stage.Name from Deals where id is not null',
      { code: 'INVALID_QUERY', column_name: 'Stage.Name' },
    ],
    [
      'select Account_Name.Parent_Account.Parent_Account.Industry from Deals where id is not null',
      { code: 'LIMIT_EXCEEDED', limit: 2 },
    ],
    ['select id, id from Deals where id is not null', { code: 'DUPLICATE_DATA', column_name: 'id' }],
    [
      'select Stage as x, Amount as x from Deals where id is not null',
      { code: 'DUPLICATE_ALIAS', alias: 'x' },
    ],
    ['select Stage as order from Deals where id is not null', { code: 'INVALID_ALIAS', alias: 'order' }],
    [
      'select Lines from Deals where id is not null',
      { code: 'INVALID_QUERY', column_name: 'Lines', data_type: 'subform' },
    ],
    ["select id from Deals where Description = 'x'", { code: 'INVALID_QUERY', column_name: 'Description' }],
    ['select id from Deals where Description is null', { code: 'INVALID_QUERY', column_name: 'Description' }],
    [
      "select id from Deals where Stage > 'a'",
      { code: 'INVALID_QUERY', column_name: 'Stage', operator: '>' },
    ],
    ["select id from Deals where Account_Name like 'x%'", { code: 'INVALID_QUERY', operator: 'like' }],
    ['select id from Deals where Paid is null', { code: 'INVALID_QUERY', operator: 'is null' }],
    ["select id from Deals where Card = 'x'", { code: 'INVALID_QUERY', column_name: 'Card', operator: '=' }],
    ["select id from Deals where Deal_Name not like 'x%'", { code: 'INVALID_QUERY', operator: 'not like' }],
    ["select id from Deals where Deal_Name like 'x'", { code: 'INVALID_QUERY', operator: 'like' }],
    ["select id from Deals where Amount = '5'", { code: 'INVALID_QUERY', expected_data_type: 'double' }],
    ['select id from Deals where id = 5', { code: 'INVALID_QUERY', expected_data_type: 'bigint' }],
    [
      "select id from Deals where Closing_Date > '2026-02-30'",
      { code: 'INVALID_QUERY', expected_data_type: 'date' },
    ],
    [
      "select id from Deals where Modified_Time > '2026-02-01T00:00:00'",
      { code: 'INVALID_QUERY', expected_data_type: 'datetime' },
    ],
    [
      "select id from Deals where Modified_Time > '2026-02-01T00:00:00.000+00:00'",
      { code: 'INVALID_QUERY', expected_data_type: 'datetime' },
    ],
    [
      'select Stage, COUNT(id) from Deals where id is not null',
      { code: 'INVALID_QUERY', column_name: 'Stage' },
    ],
    [
      'select SUM(Stage) from Deals where id is not null',
      { code: 'INVALID_QUERY', column_name: 'Stage', data_type: 'picklist' },
    ],
  ])('%s', (query, expected) => {
    expect(refusal(query)).toMatchObject(expected);
  });

  test('columns beyond the limit, which is a switch', () => {
    const columns = Array.from({ length: 51 }, (_, index) => `Stage as s${index}`).join();
    const query = `select ${columns} from Deals where id is not null`;

    expect(refusal(query)).toMatchObject({ code: 'LIMIT_EXCEEDED', clause: 'select', limit: 50 });
    expect(refusal(query, { coqlColumnLimit: 500 })).not.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  test.each([
    ["select id from Deals where Stage != 'a'", 'coqlRefusesNotEqual'],
    [
      "select id from Deals where (Modified_Time >= '2026-02-01T00:00:00+00:00' and Modified_Time < '2026-02-02T00:00:00+00:00')",
      'coqlRefusesDoubleRange',
    ],
    ["select id from Deals where Modified_Time >= '2026-02-01T00:00:00-05:00'", 'coqlRefusesNegativeOffset'],
  ] as const)('%s with the switch %s on, and accepts it with the switch off', (query, name) => {
    expect(refusal(query, { [name]: true })).toMatchObject({ code: 'INVALID_QUERY' });
    expect(refusal(query, { [name]: false })).toBe('accepted');
  });
});

function paired(conditions: number): string {
  return Array.from({ length: conditions - 1 }).reduce<string>(
    (criteria) => `(${criteria} and id is not null)`,
    'id is not null',
  );
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

describe('paging by key', () => {
  const instant = (second: number) =>
    new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().replace('.000Z', '+00:00');

  /** A source with the two index hooks, which counts the rows it hands out. */
  function indexed(rows: TestRow[]): { source: CoqlSource; touched: () => number } {
    const byId = [...rows].sort((a, b) => Number(a.id) - Number(b.id));
    const byTime = [...byId].sort((a, b) => String(a.Modified_Time).localeCompare(String(b.Modified_Time)));
    let touched = 0;
    function* from(sorted: TestRow[], isAfter: (row: TestRow) => boolean) {
      for (const row of sorted.filter(isAfter)) {
        touched += 1;
        yield { id: row.id, module: 'Deals', get: (field: string) => row[field] };
      }
    }
    const source: CoqlSource = {
      ...sourceOf(rows),
      rows: () => from(byId, () => true),
      rowsAfterId: (_, id) => from(byId, (row) => id === null || Number(row.id) > Number(id)),
      rowsModifiedFrom: (_, epochMs, afterId) =>
        from(byTime, (row) => {
          const at = Date.parse(String(row.Modified_Time));
          if (epochMs === null || at > epochMs) return true;
          return at === epochMs && (afterId === null || Number(row.id) > Number(afterId));
        }),
    };
    return { source, touched: () => touched };
  }

  test('a page touches its own rows only', () => {
    const rows = Array.from({ length: 5000 }, (_, index) => ({
      id: String(index + 1),
      Modified_Time: instant(index >> 10),
    }));
    const at = instant(2);
    const pages = [
      "select id from Deals where id > '2500' order by id asc limit 100",
      `select id from Deals where ((Modified_Time >= '${at}' and Modified_Time < '${instant(9)}') and (Modified_Time > '${at}' or id > '2500')) order by Modified_Time asc, id asc limit 100`,
      `select id from Deals where (Modified_Time > '${at}' or (Modified_Time = '${at}' and id > '2500')) order by Modified_Time, id limit 100`,
    ];
    for (const page of pages) {
      const { source, touched } = indexed(rows);

      const answer = runCoql(parseCoql(page, catalog), source);

      expect(ids(answer)).toEqual(Array.from({ length: 100 }, (_, index) => String(2501 + index)));
      expect(answer.more).toBe(true);
      expect(touched()).toBeLessThanOrEqual(102);
    }
  });

  test('a window ends at its upper bound without reading on', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      id: String(index + 1),
      Modified_Time: instant(index % 60),
    }));
    const { source, touched } = indexed(rows);

    const answer = runCoql(
      parseCoql(
        `select COUNT(id) from Deals where (Modified_Time >= '${instant(10)}' and Modified_Time < '${instant(12)}')`,
        catalog,
      ),
      source,
    );

    expect(answer.rows).toEqual([{ 'COUNT(id)': 34 }]);
    expect(touched()).toBeLessThan(60);
  });

  test('the index hooks change no answer', () => {
    const row = fc.record({
      id: fc.integer({ min: 1, max: 200 }).map(String),
      Modified_Time: fc.integer({ min: 0, max: 5 }).map(instant),
      Amount: fc.option(fc.integer({ min: 0, max: 3 })),
    });
    const id = fc.integer({ min: 0, max: 200 });
    const time = fc.integer({ min: 0, max: 5 }).map(instant);
    const predicate = fc.oneof(
      fc
        .tuple(fc.constantFrom('>', '>=', '<', '<=', '=', '!='), id)
        .map(([sign, value]) => `id ${sign} '${value}'`),
      fc.tuple(id, id).map(([from, to]) => `id between '${from}' and '${to}'`),
      fc
        .tuple(fc.constantFrom('>', '>=', '<', '<=', '='), time)
        .map(([sign, value]) => `Modified_Time ${sign} '${value}'`),
      fc
        .tuple(time, id)
        .map(([at, last]) => `(Modified_Time > '${at}' or (Modified_Time = '${at}' and id > '${last}'))`),
      fc
        .tuple(time, id)
        .map(([at, last]) => `(Modified_Time >= '${at}' and (Modified_Time > '${at}' or id > '${last}'))`),
      fc.constantFrom('Amount is null', 'Amount > 1'),
    );
    const { where } = fc.letrec<{ where: string; pair: string }>((tie) => ({
      where: fc.oneof({ depthSize: 'small' }, predicate, tie('pair')),
      pair: fc
        .tuple(tie('where'), fc.constantFrom('and', 'or'), tie('where'))
        .map(([left, word, right]) => `(${left} ${word} ${right})`),
    }));
    const order = fc.constantFrom(
      '',
      'order by id',
      'order by Modified_Time, id',
      'order by Modified_Time',
      'order by Amount desc',
    );
    const rows = fc.uniqueArray(row, { selector: (one) => one.id, maxLength: 40 });

    fc.assert(
      fc.property(rows, where, order, fc.integer({ min: 1, max: 20 }), (some, criteria, sorting, limit) => {
        const query = parseCoql(
          `select Amount from Deals where ${criteria} ${sorting} limit ${limit}`,
          catalog,
        );

        expect(runCoql(query, indexed(some).source)).toEqual(runCoql(query, sourceOf(some)));
      }),
      { numRuns: 500 },
    );
  });
});
