import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { aCaller, type Caller, uploadCsv } from './simulator-caller.ts';
import { EXCEPTIONS } from './simulator-openapi-exceptions.ts';
import { type Answer, openApiFiles } from './simulator-openapi-files.ts';
import { contractOrg } from './simulator-org.ts';

const files = openApiFiles(EXCEPTIONS);
if (files === null) {
  console.log('SKIPPED: no OpenAPI files at ../shared/zoho-oas, so the simulator was not compared with them');
}

const SCOPES =
  'ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.coql.READ,ZohoCRM.bulk.ALL,ZohoCRM.notifications.ALL,' +
  'ZohoCRM.users.READ,ZohoCRM.org.READ,ZohoSearch.securesearch.READ,ZohoFiles.files.ALL';

type Method = Answer['method'];

/** One real call, and the operation of the files that its answer is held against. */
interface Probe {
  file: string;
  method: Method;
  template: string;
  path: string;
  body?: unknown;
  /** What the simulator has to answer. */
  status: number;
  /** The status whose schema is taken where the file lists no other. */
  listed?: number;
}

describe.skipIf(files === null)('real answers of the simulator fit the published OpenAPI files', () => {
  const validated = new Set<string>();
  let simulator: Simulator;
  let caller: Caller;
  const id = (key: string) => simulator.control.idOf(key);

  beforeAll(async () => {
    simulator = await startSimulator({
      seed: contractOrg(),
      scopes: [...SCOPES.split(',')],
      switches: {
        bulkQueuedAfterMs: 0,
        bulkStartedAfterMs: 0,
        bulkCompletedAfterMs: 0,
        bulkWriteCompletedAfterMs: 0,
      },
    });
    caller = await aCaller(simulator);
  });

  afterAll(async () => {
    await simulator.close();
    console.log(`OpenAPI files validated against: ${[...validated].sort().join(', ')}`);
  });

  async function call(
    method: Method,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const answer = await caller.send(method.toUpperCase(), path, body);
    const answered = await answer.text();
    return { status: answer.status, body: answered === '' ? null : JSON.parse(answered) };
  }

  /** Makes the call, holds its answer against the file and hands it on. */
  async function probe({
    file,
    method,
    template,
    path,
    body,
    status,
    listed = status,
  }: Probe): Promise<unknown> {
    const answer = await call(method, path, body);

    expect({ path, ...answer }).toMatchObject({ path, status });
    expect(files?.problems({ file, method, template, status: listed, body: answer.body })).toEqual([]);
    validated.add(file);
    return answer.body;
  }

  const list = '/crm/v8/{module_api_name}';
  const one = `${list}/{id}`;

  test('records: list, page, one', async () => {
    const common = { file: 'record.json', method: 'get', status: 200 } as const;
    const fields =
      'Deal_Name,Amount,Stage,Account_Name,Owner,Created_By,Modified_By,Created_Time,Modified_Time,Tag';
    const first = await probe({
      ...common,
      template: list,
      path: `/crm/v8/Deals?fields=${fields}&per_page=1`,
    });
    await probe({ ...common, template: list, path: `/crm/v8/Deals?fields=${fields}&per_page=1&page=2` });
    await probe({ ...common, template: one, path: `/crm/v8/Deals/${id('deal-1')}` });

    expect(first).toMatchObject({
      data: [{ Account_Name: { name: 'Account 1' } }],
      info: { more_records: true },
    });
  });

  test('records: create, update, upsert, delete, deleted', async () => {
    const common = { file: 'record.json', listed: 200 } as const;
    const data = [{ Account_Name: 'New' }];
    const created = await probe({
      ...common,
      method: 'post',
      template: list,
      path: '/crm/v8/Accounts',
      body: { data },
      status: 201,
    });
    const newId = idIn(created);
    const change = { data: [{ id: newId, Phone: '1' }] };
    await probe({
      ...common,
      method: 'put',
      template: list,
      path: '/crm/v8/Accounts',
      body: change,
      status: 200,
    });
    const single = { data: [{ Phone: '2' }] };
    await probe({
      ...common,
      method: 'put',
      template: one,
      path: `/crm/v8/Accounts/${newId}`,
      body: single,
      status: 200,
    });
    const upsert = { data: [{ Account_Name: 'New', Phone: '3' }], duplicate_check_fields: ['Account_Name'] };
    const template = `${list}/upsert`;
    await probe({
      ...common,
      method: 'post',
      template,
      path: '/crm/v8/Accounts/upsert',
      body: upsert,
      status: 200,
    });
    await probe({
      ...common,
      method: 'delete',
      template: list,
      path: `/crm/v8/Accounts?ids=${newId}`,
      status: 200,
    });
    const deleted = '/crm/v8/Accounts/deleted?type=all';
    await probe({ ...common, method: 'get', template: `${list}/deleted`, path: deleted, status: 200 });
  });

  test('records: refusals of a row and of the whole call', async () => {
    const common = { file: 'record.json', listed: 200, template: list } as const;
    const body = { data: [{ Account_Name: 'Other' }, { Phone: '1' }, { Account_Name: 'Third', Nope: 1 }] };
    await probe({ ...common, method: 'post', path: '/crm/v8/Accounts', body, status: 207 });
    await probe({ ...common, method: 'get', path: '/crm/v8/Accounts', status: 400 });
    await probe({ ...common, method: 'get', path: '/crm/v8/Nowhere?fields=id', status: 400 });
  });

  test('count, whose own file describes refusals only', async () => {
    const template = `${list}/actions/count`;
    const path = '/crm/v8/Deals/actions/count';
    await probe({ file: 'record.json', method: 'get', template, path, status: 200 });
    const wrong = '/crm/v8/Nowhere/actions/count';
    await probe({ file: 'record_count.json', method: 'get', template, path: wrong, status: 400 });
  });

  test('records that hang on one record', async () => {
    const template = '/crm/v8/{module_api_name}/{record_id}/{related_list_api_name}';
    const common = { file: 'related_records.json', method: 'get', template } as const;
    const of = (module: string, key: string, list: string) =>
      probe({ ...common, path: `/crm/v8/${module}/${id(key)}/${list}`, status: 200 });
    await of('Accounts', 'account-1', 'Notes?fields=Note_Title,Parent_Id,Owner');
    await of('Deals', 'deal-1', 'Stage_History?fields=Stage,Moved_To__s,Modified_Time');
  });

  test('converting a lead, once', async () => {
    const template = '/crm/v8/Leads/{lead_id}/actions/convert';
    const common = { file: 'convert_lead.json', method: 'post', template } as const;
    const path = `/crm/v8/Leads/${id('lead-1')}/actions/convert`;
    const deal = { Deal_Name: 'D', Closing_Date: '2026-03-01', Pipeline: 'Standard', Stage: 'Qualification' };
    const convert = (input: unknown, status: number, lead = path) =>
      probe({ ...common, path: lead, body: { data: [input] }, status });
    await convert({ Deals: { ...deal, Stage: undefined } }, 400);
    await convert({ Deals: { ...deal, Stage: 'Nowhere' } }, 400);
    await convert({ Deals: deal }, 200);
    await convert({ Deals: deal }, 400);
    await convert({}, 400, '/crm/v8/Leads/1/actions/convert');
  });

  test('COQL: rows, aggregates and every kind of refusal', async () => {
    const ask = (select_query: string, status: number) =>
      probe({
        file: 'coql.json',
        method: 'post',
        template: '/crm/v8/coql',
        path: '/crm/v8/coql',
        body: { select_query },
        status,
      });
    await ask(
      'select Deal_Name, Account_Name, Account_Name.Industry from Deals where id is not null limit 1',
      200,
    );
    await ask('select COUNT(id) from Deals where id is not null', 200);
    await ask('select id from Deals', 400);
    await ask('select id from Deals where Stage = ', 400);
    await ask('select Nope from Deals where id is not null', 400);
    await ask('select id from Deals where id is not null limit 3000', 400);
    await ask('select id, id from Deals where id is not null', 400);
    await ask('select id as order from Deals where id is not null', 400);
    await ask('select Stage as a, Amount as a from Deals where id is not null', 400);
  });

  test('bulk read: create, poll, refusals', async () => {
    const common = { file: 'bulk_read.json', template: '/crm/bulk/v8/read' } as const;
    const create = (query: unknown, status: number) =>
      probe({ ...common, method: 'post', path: '/crm/bulk/v8/read', body: { query }, status });
    const module = { api_name: 'Deals' };
    const criteria = { field: { api_name: 'Stage' }, comparator: 'equal', value: 'Closed Won' };
    const job = idIn(await create({ module, fields: ['Deal_Name', 'Account_Name'], criteria }, 201));
    const template = '/crm/bulk/v8/read/{job_id}';
    const path = `/crm/bulk/v8/read/${job}`;
    const details = await probe({ ...common, method: 'get', template, path, status: 200 });
    await create({ module: { api_name: 'Nowhere' } }, 400);
    await create({ module, fields: ['Nope'] }, 400);
    await create({ module, page: 2 }, 400);
    await create({ module, criteria: { ...criteria, comparator: 'greater_than' } }, 400);
    await probe({ ...common, method: 'get', template, path: '/crm/bulk/v8/read/1', status: 404 });

    expect(details).toMatchObject({ data: [{ state: 'COMPLETED', result: { count: 1 } }] });
  });

  test('bulk write: upload, create, poll, refusals', async () => {
    const file = 'bulk_write.json';
    const create = (body: unknown, status: number) => {
      const path = '/crm/bulk/v8/write';
      return probe({ file, method: 'post', template: path, path, body, status });
    };
    const uploaded = await uploadCsv(caller, `id,Phone\n${id('account-1')},1\n5,2\n`);
    const template = '/crm/v8/upload';
    expect(files?.problems({ file, method: 'post', template, status: 200, body: uploaded })).toEqual([]);
    const { file_id } = uploaded.details;
    const module = { api_name: 'Accounts' };
    const resource = { type: 'data', module, file_id, find_by: 'id' };
    const job = idOf(await create({ operation: 'update', resource: [resource] }, 201));
    const one = '/crm/bulk/v8/write/{job_id}';
    const path = `/crm/bulk/v8/write/${job}`;
    await probe({ file, method: 'get', template: one, path, status: 200 });
    await create({ resource: [resource] }, 400);
    await create({ operation: 'update', resource: [{ ...resource, file_id: '1' }] }, 400);
    await create({ operation: 'update', resource: [{ ...resource, module: { api_name: 'asdf' } }] }, 400);
    const callback = { url: 'https://hooks.example.test/', method: 'get' };
    await create({ operation: 'update', callback, resource: [resource] }, 400);
    await probe({ file, method: 'get', template: one, path: '/crm/bulk/v8/write/1', status: 400 });
    await expect
      .poll(() => probe({ file, method: 'get', template: one, path, status: 200 }))
      .toMatchObject({ status: 'COMPLETED', resource: [{ file: { updated_count: 1, skipped_count: 1 } }] });
  });

  test('metadata: modules, fields, layouts, pipeline', async () => {
    const common = { method: 'get', status: 200 } as const;
    const modules = '/crm/v8/settings/modules';
    await probe({ ...common, file: 'modules.json', template: modules, path: modules });
    await probe({
      ...common,
      file: 'modules.json',
      template: `${modules}/{api_name}`,
      path: `${modules}/Deals`,
    });
    const fields = '/crm/v8/settings/fields';
    for (const module of ['Accounts', 'Contacts', 'Deals', 'Leads', 'Tasks']) {
      await probe({ ...common, file: 'fields.json', template: fields, path: `${fields}?module=${module}` });
    }
    const layouts = '/crm/v8/settings/layouts';
    const answer = await probe({
      ...common,
      file: 'layouts.json',
      template: layouts,
      path: `${layouts}?module=Deals`,
    });
    const [layout] = (answer as { layouts: { id: string }[] }).layouts; // Its shape was validated above.
    const pipeline = '/crm/v8/settings/pipeline';
    await probe({
      ...common,
      file: 'pipeline.json',
      template: pipeline,
      path: `${pipeline}?layout_id=${layout?.id}`,
    });
  });

  test('fields: create, refuse, change, delete', async () => {
    const path = '/crm/v8/settings/fields';
    const common = { file: 'fields.json', template: path } as const;
    const body = {
      fields: [
        { field_label: 'Made Here', data_type: 'text', length: 20 },
        { field_label: 'Pick', data_type: 'picklist' },
      ],
    };
    await probe({
      ...common,
      method: 'post',
      path: `${path}?module=Deals`,
      body: { fields: body.fields.slice(1) },
      status: 400,
    });
    const made = { fields: body.fields.slice(0, 1) };
    const created = await probe({
      ...common,
      method: 'post',
      path: `${path}?module=Deals`,
      body: made,
      status: 201,
    });
    const [row] = (created as { fields: { details: { id: string } }[] }).fields; // Its shape was validated above.
    const own = { ...common, template: `${path}/{field}`, path: `${path}/${row?.details.id}?module=Deals` };
    await probe({ ...own, method: 'patch', body: { fields: [{ field_label: 'Made There' }] }, status: 200 });
    await probe({ ...own, method: 'delete', status: 200 });
  });

  test('org and users', async () => {
    const common = { method: 'get', status: 200 } as const;
    await probe({ ...common, file: 'org.json', template: '/crm/v8/org', path: '/crm/v8/org' });
    await probe({
      ...common,
      file: 'users.json',
      template: '/crm/v8/users',
      path: '/crm/v8/users?type=AllUsers',
    });
    await probe({
      ...common,
      file: 'users.json',
      template: '/crm/v8/users',
      path: '/crm/v8/users?type=CurrentUser',
    });
  });

  test('notifications: subscribe, read, change, end', async () => {
    const path = '/crm/v8/actions/watch';
    const common = { file: 'notifications.json', template: path } as const;
    const watch = [
      { channel_id: '77', events: ['Deals.all'], token: 't', notify_url: 'http://127.0.0.1:9/hook' },
    ];
    await probe({ ...common, method: 'post', path, body: { watch }, status: 201 });
    await probe({ ...common, method: 'get', path: `${path}?channel_id=77`, status: 200 });
    await probe({ ...common, method: 'put', path, body: { watch }, status: 200 });
    await probe({
      ...common,
      method: 'patch',
      path,
      body: { watch: [{ channel_id: '77', events: ['Deals.edit'] }] },
      status: 200,
    });
    await probe({ ...common, method: 'delete', path: `${path}?channel_ids=77`, status: 200 });
  });

  test('notes', async () => {
    const path = '/crm/v8/Notes';
    const common = { file: 'notes.json', template: path } as const;
    const note = {
      Note_Title: 'T',
      Note_Content: 'C',
      Parent_Id: { id: id('account-2'), module: { api_name: 'Accounts' } },
    };
    await probe({ ...common, method: 'post', path, body: { data: [note] }, status: 201, listed: 200 });
    await probe({
      ...common,
      method: 'get',
      path: `${path}?fields=Note_Title,Note_Content,Parent_Id`,
      status: 200,
    });
  });

  test('a wrong answer does not fit', () => {
    const problems = (body: unknown) =>
      files?.problems({ file: 'record.json', method: 'get', template: list, status: 200, body });

    expect(problems({ data: [{ id: '1' }], info: { count: 1 } })).toEqual([]);
    expect(problems({ data: [{ id: 1 }] })).not.toEqual([]);
    expect(problems({ data: [], info: { count: '1' } })).not.toEqual([]);
    expect(problems({ rows: [] })).not.toEqual([]);
  });
});

function idIn(answer: unknown): string {
  const { data } = answer as { data: { details: { id: string } }[] }; // Its shape was validated before.
  return data[0]?.details.id ?? '';
}

function idOf(answer: unknown): string {
  return (answer as { details: { id: string } }).details.id; // Its shape was validated before.
}
