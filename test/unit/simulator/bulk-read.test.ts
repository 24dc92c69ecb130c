import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { csvChunks } from '../../../src/simulator/bulk-read-csv.ts';
import { BulkReadJobs } from '../../../src/simulator/bulk-read-jobs.ts';
import { judgeRequest } from '../../../src/simulator/bulk-read-request.ts';
import {
  BulkReadError,
  type BulkReadSwitches,
  DEFAULT_BULK_READ_SWITCHES,
} from '../../../src/simulator/bulk-read-types.ts';
import type { CoqlField, RowView } from '../../../src/simulator/coql-types.ts';

const FIELDS: Record<string, CoqlField> = {
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
  Tag: { data_type: 'text' },
  Lines: { data_type: 'subform' },
};
const MODULES: Record<string, Record<string, CoqlField>> = {
  Deals: FIELDS,
  Accounts: {
    Industry: { data_type: 'picklist' },
    Parent_Account: { data_type: 'lookup', lookup: 'Accounts' },
  },
};
const catalog = {
  module: (name: string) => {
    const fields = MODULES[name];
    return fields === undefined ? null : { fields: new Map(Object.entries(fields)) };
  },
};
const ADA = { id: '7', name: 'Ada', timeZone: 'UTC' };

type TestRow = { id: string; module?: string } & Record<string, unknown>;

function setUp(rows: TestRow[], changed: Partial<BulkReadSwitches> = {}) {
  const switches = { ...DEFAULT_BULK_READ_SWITCHES, ...changed };
  const views = rows.map(
    (row): RowView => ({ id: row.id, module: row.module ?? 'Deals', get: (field) => row[field] }),
  );
  const source = {
    rows: (module: string) => views.filter((row) => row.module === module),
    row: (id: string) => views.find((row) => row.id === id) ?? null,
    rowsAfterId: (module: string, id: string | null) =>
      views.filter((row) => row.module === module && (id === null || Number(row.id) > Number(id))),
  };
  const time = { ms: 0 };
  let counter = 0;
  const next = (prefix: string) => `${prefix}${++counter}`;
  const jobs = new BulkReadJobs({
    now: () => time.ms,
    newId: () => next('90'),
    newToken: () => next('token'),
    source: () => source,
    switches: () => switches,
  });
  const create = (body: unknown) =>
    jobs.create(judgeRequest(body, { catalog, switches, negationMatchesEmpty: false }), ADA, false);
  const csv = (id: string) => {
    const job = jobs.download(id);
    return [...csvChunks(jobs.resultOf(job).rows, job.export.columns, source, switches)].join('');
  };
  return { jobs, create, csv, time };
}

const queryOf = (query: Record<string, unknown>) => ({ query: { module: { api_name: 'Deals' }, ...query } });

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof BulkReadError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a request for a bulk read', () => {
  const condition = (api_name: string, comparator: string, value: unknown) => ({
    field: { api_name },
    comparator,
    value,
  });
  const nested = (depth: number): unknown =>
    depth === 1
      ? condition('Amount', 'equal', 1)
      : { group_operator: 'and', group: [condition('Amount', 'equal', 1), nested(depth - 1)] };

  test.each([
    ['REQUEST_BODY_NOT_SUPPORTED', []],
    ['INVALID_REQUEST', {}],
    ['INVALID_REQUEST', { query: { module: 'Deals' } }],
    ['INVALID_REQUEST', queryOf({ file_type: 'csv' })],
    ['INVALID_REQUEST', queryOf({ fields: 'id,Amount' })],
    ['INVALID_REQUEST', queryOf({ page_token: 'x' })],
    ['QUERY_NOT_SUPPORTED', queryOf({ sort_by: 'id' })],
    ['NOT_SUPPORTED_FEATURE', { ...queryOf({}), file_type: 'ics' }],
    ['CVID_NOT_SUPPORTED', queryOf({ cvid: '1' })],
    ['MODULE_NOT_AVAILABLE', { query: { module: { api_name: 'Nowhere' } } }],
    ['MODULE_NOT_SUPPORTED', { query: { module: { api_name: 'Notes' } } }],
    ['FIELD_NOT_AVAILABLE', queryOf({ fields: ['Nope'] })],
    ['FIELD_NOT_SUPPORTED', queryOf({ fields: ['Lines'] })],
    ['JOIN_LIMIT_EXCEEDED', queryOf({ fields: ['Account_Name.Parent_Account.Parent_Account.Industry'] })],
    ['PAGE_NOT_SUPPORTED', queryOf({ page: 0 })],
    ['PAGE_RANGE_EXCEEDED', queryOf({ page: 2 })],
    ['PAGE_NOT_SUPPORTED', { query: { page_token: 'unknown' } }],
    ['INVALID_CALLBACK_URL', { ...queryOf({}), callback: { url: 'nowhere', method: 'post' } }],
    ['INVALID_CALLBACK_METHOD', { ...queryOf({}), callback: { url: 'https://a.test', method: 'get' } }],
    ['INVALID_CRITERIA', queryOf({ criteria: {} })],
    ['AMBIGUOUS_CRITERIA', queryOf({ criteria: { group: [], ...condition('Amount', 'equal', 1) } })],
    ['AMBIGUOUS_GROUP_IN_CRITERIA', queryOf({ criteria: { group_operator: 'and', group: [] } })],
    [
      'GROUP_OPERATOR_NOT_SUPPORTED',
      queryOf({ criteria: { group_operator: 'xor', group: [condition('Amount', 'equal', 1)] } }),
    ],
    ['CRITERIA_LIMIT_EXCEEDED', queryOf({ criteria: nested(26) })],
    ['FIELD_IN_CRITERIA_NOT_AVAILABLE', queryOf({ criteria: condition('Nope', 'equal', 1) })],
    ['FIELD_IN_CRITERIA_NOT_SUPPORTED', queryOf({ criteria: condition('Description', 'equal', 'x') })],
    ['FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED', queryOf({ criteria: condition('Amount', 'equals', 1) })],
    [
      'FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE',
      queryOf({ criteria: condition('Stage', 'greater_than', 'x') }),
    ],
    ['COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE', queryOf({ criteria: condition('Stage', 'in', 'x') })],
    [
      'COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE',
      queryOf({ criteria: condition('Amount', 'between', [1]) }),
    ],
    [
      'VALUE_LIMIT_EXCEEDED_IN_CRITERIA',
      queryOf({ criteria: condition('Stage', 'in', Array(51).fill('x')) }),
    ],
    ['VALUE_TYPE_NOT_SUPPORTED', queryOf({ criteria: condition('Stage', 'equal', { id: '1' }) })],
    [
      'FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE',
      queryOf({ criteria: condition('Amount', 'equal', 'many') }),
    ],
    [
      'FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE',
      queryOf({ criteria: condition('Modified_Time', 'greater_than', '2026-01-01T00:00:00.000+00:00') }),
    ],
    ['accepted', queryOf({ criteria: nested(25), page: 1 })],
  ])('%s for %j', (code, body) => {
    expect(codeOf(() => setUp([]).create(body))).toBe(code);
  });

  test.each([
    [condition('Stage', 'not_equal', 'Won'), ['2']],
    [condition('Stage', 'equal', '${' + 'EMPTY}'), ['3']],
    [condition('Amount', 'not_equal', '${' + 'EMPTY}'), ['1', '2']],
    [condition('Amount', 'between', ['1', 2.5]), ['1']],
    [condition('Deal_Name', 'contains', '100%'), ['2']],
    [condition('Account_Name', 'in', ['8']), ['1']],
    [condition('Account_Name.Industry', 'equal', 'Retail'), ['1']],
    [condition('Paid', 'equal', true), ['1']],
    [condition('Modified_Time', 'greater_equal', '2026-02-01T07:00:00+00:00'), ['1']],
    [
      {
        group_operator: 'or',
        group: [
          condition('Closing_Date', 'less_than', '2026-02-01'),
          {
            group_operator: 'and',
            group: [condition('Amount', 'less_equal', 3), condition('Deal_Name', 'starts_with', 'al')],
          },
        ],
      },
      ['1', '2'],
    ],
  ])('selects by %j', (criteria, expected) => {
    const { create, jobs, time } = setUp([
      {
        id: '1',
        Deal_Name: 'Alpha',
        Amount: 2.5,
        Stage: 'Won',
        Paid: true,
        Account_Name: { id: '8', name: 'Acme' },
        Modified_Time: '2026-02-01T09:00:00+02:00',
        Closing_Date: '2026-02-01',
      },
      {
        id: '2',
        Deal_Name: 'Beta 100%',
        Amount: 9,
        Stage: 'Lost',
        Paid: false,
        Modified_Time: '2026-02-01T08:59:59+02:00',
        Closing_Date: '2026-01-31',
      },
      { id: '3', Stage: null },
      { id: '8', module: 'Accounts', Industry: 'Retail' },
    ]);
    const job = create(queryOf({ criteria }));
    time.ms = 1000;

    expect(jobs.resultOf(jobs.download(job.id)).rows.map((row) => row.id)).toEqual(expected);
  });
});

describe('a job', () => {
  test('goes through its states with the clock, and is gone after a day', () => {
    const { create, jobs, csv, time } = setUp([{ id: '1' }]);
    const job = create(queryOf({ fields: ['Stage'] }));
    const stateAt = (ms: number) => {
      time.ms = ms;
      return jobs.state(jobs.find(job.id));
    };

    expect([0, 100, 200, 499, 500].map(stateAt)).toEqual([
      'ADDED',
      'QUEUED',
      'IN PROGRESS',
      'IN PROGRESS',
      'COMPLETED',
    ]);
    time.ms = 499;
    expect(codeOf(() => csv(job.id))).toBe('RESOURCE_NOT_FOUND');
    time.ms = 86_400_000;
    expect(csv(job.id)).toBe('Id,Stage\n1,\n');
    time.ms = 86_400_001;
    expect(codeOf(() => csv(job.id))).toBe('RESOURCE_NOT_FOUND');
    expect(codeOf(() => jobs.find(job.id))).toBe('RESOURCE_NOT_FOUND');
  });

  test('pages by token over every row once, also when rows come and go in between', () => {
    const rows: TestRow[] = Array.from({ length: 7 }, (_, index) => ({
      id: String(index + 1),
      Stage: 'Won',
    }));
    const { create, jobs, time } = setUp(rows, { bulkPageSize: 3 });
    const criteria = { field: { api_name: 'Stage' }, comparator: 'equal', value: 'Won' };
    const pages: string[][] = [];
    let body: unknown = queryOf({ criteria });
    for (;;) {
      const job = create(body);
      time.ms += 1000;
      const { rows: page, nextPageToken } = jobs.resultOf(job);
      pages.push(page.map((row) => row.id));
      if (nextPageToken === null) break;
      for (const row of rows.slice(0, 2)) row.Stage = 'Lost';
      body = { query: { page_token: nextPageToken } };
    }

    expect(pages).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
  });

  test('pages by number where the switch allows it', () => {
    const rows = Array.from({ length: 5 }, (_, index) => ({ id: String(index + 1) }));
    const { create, jobs, time } = setUp(rows, { bulkPageSize: 2, bulkPages: 'any' });
    const job = create(queryOf({ page: 3 }));
    time.ms = 1000;

    expect(jobs.resultOf(job)).toMatchObject({ rows: [{ id: '5' }], nextPageToken: null });
  });

  test('a token lives a day and belongs to the user who got it', () => {
    const { create, jobs, time } = setUp([{ id: '1' }, { id: '2' }], { bulkPageSize: 1 });
    const first = create(queryOf({}));
    time.ms = 1000;
    const pageToken = jobs.resultOf(first).nextPageToken ?? '';
    const continued = { callback: null, kind: 'continued', pageToken } as const;

    expect(codeOf(() => jobs.create(continued, { ...ADA, id: '8' }, false))).toBe('PAGE_NOT_SUPPORTED');
    time.ms += 86_400_000;
    expect(codeOf(() => jobs.create(continued, ADA, false))).toBe('PAGE_NOT_SUPPORTED');
  });

  test('the eleventh download of a minute is refused', () => {
    const { create, csv, time } = setUp([]);
    const job = create(queryOf({ fields: ['id'] }));
    time.ms = 1000;
    for (let download = 0; download < 10; download += 1) csv(job.id);

    expect(codeOf(() => csv(job.id))).toBe('TOO_MANY_REQUESTS');
    time.ms = 61_000;
    expect(csv(job.id)).toBe('Id\n');
  });
});

describe('the file', () => {
  test('values as texts: ids of lookups, names of tags, quoting, nothing for empty', () => {
    const { create, csv, time } = setUp([
      {
        id: '1',
        Deal_Name: 'He said "no",\nthen é',
        Amount: 10.5,
        Account_Name: { id: '8', name: 'Acme' },
        Owner: { id: '7', name: 'Ada Lovelace', email: 'ada@example.test' },
        Languages: ['English', 'German'],
        Tag: [{ name: 'vip', id: '3' }, { name: 'key' }],
        Paid: false,
        Description: null,
      },
      { id: '8', module: 'Accounts', Industry: 'Retail' },
    ]);
    const fields =
      'Deal_Name,id,Amount,Account_Name,Account_Name.Industry,Owner,Owner.last_name,Languages,Tag,Paid,Description';
    const job = create(queryOf({ fields: fields.split(',') }));
    time.ms = 1000;

    const [header, row] = parse(csv(job.id));

    expect(header).toEqual(fields.replace('id', 'Id').split(','));
    expect(row).toEqual([
      'He said "no",\nthen é',
      '1',
      '10.5',
      '8',
      'Retail',
      '7',
      'Lovelace',
      'English,German',
      'vip,key',
      'false',
      '',
    ]);
  });

  test('header spelling, BOM and the separator of multi-select values are switches', () => {
    const { create, csv, time } = setUp([{ id: '1', Languages: ['English', 'German'] }], {
      bulkIdHeader: 'id',
      bulkBom: true,
      bulkMultiSeparator: ';',
    });
    const job = create(queryOf({ fields: ['Languages'] }));
    time.ms = 1000;

    expect(csv(job.id)).toBe('\uFEFFid,Languages\n1,English;German\n');
  });
});
