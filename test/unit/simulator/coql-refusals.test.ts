import { describe, expect, test } from 'vitest';
import { parseCoql } from '../../../src/simulator/coql.ts';
import { CoqlError, type CoqlSwitches } from '../../../src/simulator/coql-types.ts';
import { catalog } from './coql-world.ts';

function refusal(query: string, switches: Partial<CoqlSwitches> = {}) {
  try {
    parseCoql(query, catalog, switches);
  } catch (error) {
    if (error instanceof CoqlError) return { code: error.code, ...error.details };
    throw error;
  }
  return 'accepted';
}

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
