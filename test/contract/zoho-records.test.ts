import { describe, expect, test } from 'vitest';
import { ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../../src/errors.ts';
import { coql, literal, scanChanged } from '../../src/zoho/coql.ts';
import {
  countRecords,
  createRecords,
  deleteRecords,
  getRecords,
  listDeleted,
  listRecords,
  updateRecords,
} from '../../src/zoho/records.ts';
import { API, serve, withMockedHttp } from '../support/http.ts';
import { allOf, failureOf, zohoWorld } from './zoho-world.ts';

withMockedHttp();

const ID = '5725767000000411001';
const idAt = (index: number) => `57257670000004${String(10_000 + index)}`;
const success = (id: string) => ({
  code: 'SUCCESS',
  status: 'success',
  message: 'record updated',
  details: { id, Modified_Time: '2026-02-02T10:00:00+02:00' },
});

describe('a page of records', () => {
  test('asks for what it needs and gives rows and the next page', async () => {
    const { client, ledger } = zohoWorld();
    const sent = serve(API, 'GET', '/crm/v8/Leads', {
      body: { data: [{ id: ID, Company: 'Noord BV' }], info: { more_records: true, next_page_token: 'tok' } },
    });

    const page = await listRecords(client, 'Leads', {
      fields: ['Company', 'Company'],
      pageToken: 'before',
      sortBy: 'Modified_Time',
      sortOrder: 'asc',
      modifiedSince: new Date('2026-02-01T09:15:00.500Z'),
      converted: 'both',
    });

    expect(page).toEqual({ rows: [{ id: ID, Company: 'Noord BV' }], nextPageToken: 'tok', more: true });
    expect(Object.fromEntries(sent[0]?.url.searchParams ?? [])).toEqual({
      fields: 'Company',
      per_page: '200',
      page_token: 'before',
      sort_by: 'Modified_Time',
      sort_order: 'asc',
      converted: 'both',
    });
    expect(sent[0]?.headers['if-modified-since']).toBe('2026-02-01T09:15:00+00:00');
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([1]);
  });

  test.each([204, 304])('HTTP %i is an empty page', async (status) => {
    serve(API, 'GET', '/crm/v8/Deals', { status });

    expect(await listRecords(zohoWorld().client, 'Deals', { fields: ['Stage'] })).toEqual({
      rows: [],
      nextPageToken: null,
      more: false,
    });
  });

  test('the id is found in either spelling and stays text', async () => {
    serve(API, 'GET', '/crm/v8/Deals', { body: `{"data":[{"Id":${ID}},{"id":"${ID}"}]}` });

    const { rows } = await listRecords(zohoWorld().client, 'Deals', { fields: ['Stage'] });

    expect(rows).toEqual([{ id: ID }, { id: ID }]);
  });

  test.each([
    ['no list', { rows: [] }],
    ['a row without id', { data: [{ Stage: 'Won' }] }],
  ])('%s is a shape we do not know', async (_name, body) => {
    serve(API, 'GET', '/crm/v8/Deals', { body });

    const failure = await failureOf(listRecords(zohoWorld().client, 'Deals', { fields: ['Stage'] }));

    expect(failure).toBeInstanceOf(ZohoContractError);
  });

  test('more than 50 fields are put together from several calls', async () => {
    const fields = Array.from({ length: 70 }, (_, index) => `F${index}`);
    const sent = serve(API, 'GET', '/crm/v8/Deals', ({ url }) => {
      const names = url.searchParams.get('fields')?.split(',') ?? [];
      return { body: { data: [{ id: ID, ...Object.fromEntries(names.map((name) => [name, name])) }] } };
    });

    const { rows } = await listRecords(zohoWorld().client, 'Deals', { fields });

    expect(rows).toEqual([{ id: ID, ...Object.fromEntries(fields.map((name) => [name, name])) }]);
    expect(sent.map(({ url }) => url.searchParams.get('fields')?.split(',').length)).toEqual([50, 20]);
  });
});

describe('single records by id', () => {
  test('50 ids a call, each once; what Zoho does not show is left out', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => idAt(index));
    const sent = serve(API, 'GET', '/crm/v8/Leads', ({ url }) => {
      const asked = url.searchParams.get('ids')?.split(',') ?? [];
      return { body: { data: asked.filter((id) => id !== idAt(7)).map((id) => ({ id })) } };
    });

    const rows = await getRecords(zohoWorld().client, 'Leads', [...ids, idAt(0)], ['Company']);

    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(ids.filter((id) => id !== idAt(7))));
    expect(rows).toHaveLength(119);
    expect(sent.map(({ url }) => url.searchParams.get('ids')?.split(',').length).sort()).toEqual([
      20, 50, 50,
    ]);
    expect(sent[0]?.url.searchParams.get('converted')).toBe('both');
  });
});

describe('deleted records', () => {
  test('come page by page with the time of deletion', async () => {
    const { client, ledger } = zohoWorld();
    const row = (id: string) => ({ id, deleted_time: '2026-02-01T12:00:00+02:00', display_name: null });
    const sent = serve(API, 'GET', '/crm/v8/Deals/deleted', [
      { body: { data: [row(idAt(1))], info: { more_records: true } } },
      { body: { data: [row(idAt(2))], info: { more_records: false } } },
    ]);

    const pages = await allOf(listDeleted(client, 'Deals', new Date('2026-01-31T00:00:00Z')));

    const deletedAt = new Date('2026-02-01T10:00:00Z');
    expect(pages).toEqual([[{ id: idAt(1), deletedAt }], [{ id: idAt(2), deletedAt }]]);
    expect(sent.map(({ url }) => url.search)).toEqual([
      '?type=all&page=1&per_page=200',
      '?type=all&page=2&per_page=200',
    ]);
    expect(sent[0]?.headers['if-modified-since']).toBe('2026-01-31T00:00:00+00:00');
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([2, 2]);
  });

  test('none is no page', async () => {
    serve(API, 'GET', '/crm/v8/Deals/deleted', { status: 204 });

    expect(await allOf(listDeleted(zohoWorld().client, 'Deals', new Date()))).toEqual([]);
  });
});

describe('counting', () => {
  test.each([
    ['COUNT(id)', '{"data":[{"COUNT(id)":1234567}],"info":{"count":1,"more_records":false}}', 1_234_567],
    ['text', '{"data":[{"count(id)":"42","id":null}]}', 42],
  ])('reads the aggregate given as %s', async (_name, body, count) => {
    const { client, ledger } = zohoWorld();
    const sent = serve(API, 'POST', '/crm/v8/coql', { body });

    expect(await countRecords(client, 'Deals')).toBe(count);
    expect(sent[0]?.body).toEqual({ select_query: 'select COUNT(id) from Deals where id is not null' });
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([1]);
  });

  test('falls back to Zoho’s counter', async () => {
    serve(API, 'POST', '/crm/v8/coql', {
      status: 400,
      body: { code: 'INVALID_QUERY', status: 'error', message: 'no', details: {} },
    });
    serve(API, 'GET', '/crm/v8/Events/actions/count', { body: { count: 17 } });

    expect(await countRecords(zohoWorld().client, 'Events')).toBe(17);
  });

  test('nothing found is none', async () => {
    serve(API, 'POST', '/crm/v8/coql', { status: 204 });

    expect(await countRecords(zohoWorld().client, 'Deals')).toBe(0);
  });
});

describe('COQL', () => {
  test('says whether there is more, by its own word or by a full page', async () => {
    const { client, ledger } = zohoWorld();
    const data = [{ id: idAt(1) }, { id: idAt(2) }];
    serve(API, 'POST', '/crm/v8/coql', [
      { body: { data, info: { more_records: true } } },
      { body: { data } },
      { body: { data } },
      { status: 204 },
    ]);

    expect(await coql(client, 'q', 1_500)).toEqual({ rows: data, more: true });
    expect((await coql(client, 'q', 2)).more).toBe(true);
    expect((await coql(client, 'q', 3)).more).toBe(false);
    expect(await coql(client, 'q', 2_000)).toEqual({ rows: [], more: false });
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([3, 1, 1, 3]);
  });

  test('follows changes by the documented keyset, and looks for few before it asks for many', async () => {
    const { client, ledger } = zohoWorld();
    const row = { id: ID, Modified_Time: '2026-02-01T09:31:09+02:00' };
    const sent = serve(API, 'POST', '/crm/v8/coql', [
      { body: { data: [row], info: { count: 1, more_records: true } } },
      { status: 204 },
    ]);

    const pages = await allOf(
      scanChanged(client, {
        module: 'Deals',
        fields: ['id', 'Amount', 'Modified_Time'],
        from: new Date('2026-02-01T00:00:00Z'),
        after: null,
        until: new Date('2026-02-02T00:00:00Z'),
        where: `Converted__s = 'false'`,
      }),
    );

    expect(pages).toEqual([[row]]);
    const select = 'select id, Modified_Time, Amount from Deals where';
    const order = 'order by Modified_Time asc, id asc limit';
    expect(sent.map(({ body }) => body)).toEqual([
      {
        select_query: `${select} ((Modified_Time >= '2026-02-01T00:00:00+00:00' and Modified_Time < '2026-02-02T00:00:00+00:00') and Converted__s = 'false') ${order} 200`,
      },
      {
        select_query: `${select} (((Modified_Time >= '2026-02-01T07:31:09+00:00' and Modified_Time < '2026-02-02T00:00:00+00:00') and (Modified_Time > '2026-02-01T07:31:09+00:00' or id > '${ID}')) and Converted__s = 'false') ${order} 2000`,
      },
    ]);
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([1, 3]);
  });

  test('without Modified_Time changes cannot be followed', async () => {
    serve(API, 'POST', '/crm/v8/coql', { body: { data: [{ id: ID }] } });
    const window = { from: new Date(0), after: null, until: new Date() };

    const failure = await failureOf(
      allOf(scanChanged(zohoWorld().client, { module: 'Deals', fields: [], ...window })),
    );

    expect(failure).toBeInstanceOf(ZohoContractError);
  });

  test.each([
    ["O'Neil's", "'O''Neil''s'"],
    [12.5, '12.5'],
    [true, "'true'"],
    [new Date('2026-01-31T08:00:00.999Z'), "'2026-01-31T08:00:00+00:00'"],
  ])('writes %s as a literal', (value, text) => {
    expect(literal(value)).toBe(text);
  });
});

describe('writing', () => {
  test('starts no workflow and no cadence, and reads its answer row by row', async () => {
    const { client, ledger } = zohoWorld();
    const sent = serve(API, 'PUT', '/crm/v8/Accounts', {
      status: 207,
      body: {
        data: [
          success(idAt(1)),
          {
            code: 'INVALID_DATA',
            status: 'error',
            message: 'invalid data',
            details: {
              api_name: 'Value_Tier',
              expected_data_type: 'picklist',
              json_path: '$.data[1].Value_Tier',
            },
          },
          { code: 'RECORD_LOCKED', status: 'error', message: 'locked', details: {} },
        ],
      },
    });
    const rows = [1, 2, 3].map((index) => ({ id: idAt(index), Value_Tier: 'Top' }));

    const results = await updateRecords(client, 'Accounts', rows);

    expect(sent[0]?.body).toEqual({
      data: rows,
      trigger: [],
      skip_feature_execution: [{ name: 'cadences' }],
    });
    expect(results).toMatchObject([
      { ok: true, id: idAt(1), modifiedAt: new Date('2026-02-02T08:00:00Z') },
      { ok: false, code: 'INVALID_DATA', field: 'Value_Tier' },
      { ok: false, code: 'RECORD_LOCKED', field: null },
    ]);
    expect(ledger.rows.map(({ credits }) => credits)).toEqual([1]);
  });

  test.each([
    ['in its details', { api_name: 'CV_Ref', id: ID }],
    [
      'as a duplicate record',
      { api_name: 'CV_Ref', duplicate_record: { id: ID, module: { api_name: 'Tasks' } } },
    ],
  ])('a duplicate keeps the record that was there first: %s', async (_name, details) => {
    serve(API, 'POST', '/crm/v8/Tasks', {
      status: 400,
      body: { data: [{ code: 'DUPLICATE_DATA', status: 'error', message: 'duplicate data', details }] },
    });

    expect(await createRecords(zohoWorld().client, 'Tasks', [{ Subject: 'Call' }])).toEqual([
      {
        ok: false,
        code: 'DUPLICATE_DATA',
        message: 'duplicate data',
        field: 'CV_Ref',
        details,
        duplicateId: ID,
      },
    ]);
  });

  test('several errors of one row are unwrapped', async () => {
    const inner = [
      { code: 'MANDATORY_NOT_FOUND', status: 'error', message: 'required', details: { api_name: 'Subject' } },
      { code: 'INVALID_DATA', status: 'error', message: 'invalid', details: { api_name: 'Due_Date' } },
    ];
    serve(API, 'POST', '/crm/v8/Tasks', {
      status: 202,
      body: { data: [{ code: 'MULTIPLE_OR_MULTI_ERRORS', status: 'error', message: 'many', errors: inner }] },
    });

    expect(await createRecords(zohoWorld().client, 'Tasks', [{}])).toMatchObject([
      { ok: false, code: 'MANDATORY_NOT_FOUND', field: 'Subject', message: 'required; invalid' },
    ]);
  });

  test('a refusal of the whole call is thrown with the row that caused it', async () => {
    const details = { api_name: 'Stage', json_path: '$.data[3].Stage' };
    serve(API, 'PUT', '/crm/v8/Deals', {
      status: 400,
      body: { code: 'INVALID_DATA', status: 'error', message: 'invalid data', details },
    });

    const failure = await failureOf(updateRecords(zohoWorld().client, 'Deals', [{ id: ID }]));

    expect(failure).toBeInstanceOf(ZohoRejectedError);
    expect(failure).toMatchObject({ zohoCode: 'INVALID_DATA', details });
  });

  test('an answer with fewer rows than were sent does not tell what was written', async () => {
    serve(API, 'PUT', '/crm/v8/Deals', { body: { data: [success(idAt(1))] } });

    const failure = await failureOf(
      updateRecords(zohoWorld().client, 'Deals', [{ id: idAt(1) }, { id: idAt(2) }]),
    );

    expect(failure).toBeInstanceOf(ZohoUnavailableError);
    expect(failure).toMatchObject({ answerLost: true });
  });

  test('a hundred rows cost ten credits; more are refused before they are sent', async () => {
    const { client, ledger } = zohoWorld();
    const rows = Array.from({ length: 101 }, (_, index) => ({ id: idAt(index) }));
    serve(API, 'PUT', '/crm/v8/Deals', { body: { data: rows.slice(0, 100).map(({ id }) => success(id)) } });

    await updateRecords(client, 'Deals', rows.slice(0, 100));

    expect(ledger.rows.map(({ credits }) => credits)).toEqual([10]);
    await expect(updateRecords(client, 'Deals', rows)).rejects.toThrow(RangeError);
    expect(await updateRecords(client, 'Deals', [])).toEqual([]);
  });

  test('a created record tells its id and that it is new', async () => {
    serve(API, 'POST', '/crm/v8/Tasks', {
      status: 201,
      body: { data: [{ ...success(ID), action: 'insert' }] },
    });

    expect(await createRecords(zohoWorld().client, 'Tasks', [{ Subject: 'Call' }])).toMatchObject([
      { ok: true, id: ID, action: 'insert' },
    ]);
  });

  test('deletion starts no workflow either', async () => {
    const sent = serve(API, 'DELETE', '/crm/v8/Tasks', {
      body: {
        data: [
          { code: 'SUCCESS', status: 'success', message: 'record deleted', details: { id: idAt(1) } },
          { code: 'INVALID_DATA', status: 'error', message: 'record not deleted', details: { id: idAt(2) } },
        ],
      },
    });

    const results = await deleteRecords(zohoWorld().client, 'Tasks', [idAt(1), idAt(2)]);

    expect(results.map(({ ok }) => ok)).toEqual([true, false]);
    expect(sent[0]?.url.searchParams.get('wf_trigger')).toBe('false');
    expect(sent[0]?.url.searchParams.get('ids')).toBe(`${idAt(1)},${idAt(2)}`);
  });
});
