import { expect, test } from 'vitest';
import type { ZohoClient, ZohoRequest } from '../../../src/zoho/client.ts';
import { withOrgNames } from '../../../src/zoho/org-names.ts';
import { DEFAULT_PRICES } from '../../../src/zoho/prices.ts';
import { aMapping } from '../../support/mapping.ts';

function aClient(body: unknown = null) {
  const sent: ZohoRequest[] = [];
  const client: ZohoClient = {
    prices: DEFAULT_PRICES,
    usage: () => ({ calls: 0, credits: 0 }),
    request: async (request) => {
      sent.push(request);
      return { status: 200, headers: {}, body };
    },
  };
  return { client, sent };
}
const { modules } = aMapping({ modules: { Deals: 'Opportunities', Accounts: 'Companies' } });

test('our modules are asked for under the names of the org, wherever a request names one', async () => {
  const { client, sent } = aClient();
  const named = withOrgNames(client, modules);
  const ask = async (request: Partial<ZohoRequest>) => {
    await named.request({ method: 'POST', path: '/crm/v8/coql', credits: 1, ...request });
    return sent.at(-1);
  };
  const query = "select Deals, id from Deals where Deal_Name = 'x from Deals y'";

  expect((await ask({ path: '/crm/v8/Deals/deleted' }))?.path).toBe('/crm/v8/Opportunities/deleted');
  expect((await ask({ path: '/crm/v8/Contacts' }))?.path).toBe('/crm/v8/Contacts');
  expect((await ask({ path: '/crm/bulk/v8/read' }))?.path).toBe('/crm/bulk/v8/read');
  expect((await ask({ query: { module: 'Accounts' } }))?.query).toEqual({ module: 'Companies' });
  expect((await ask({ body: { select_query: query } }))?.body).toEqual({
    select_query: "select Deals, id from Opportunities where Deal_Name = 'x from Deals y'",
  });
  expect(
    (await ask({ body: { query: { module: { api_name: 'Deals' }, fields: ['Deals'] } } }))?.body,
  ).toEqual({
    query: { module: { api_name: 'Opportunities' }, fields: ['Deals'] },
  });
  expect((await ask({ body: { watch: [{ events: ['Deals.edit', 'Tasks.all'] }] } }))?.body).toEqual({
    watch: [{ events: ['Opportunities.edit', 'Tasks.all'] }],
  });
  const task = { Subject: 'Deals', What_Id: { id: '1' }, $se_module: 'Accounts' };
  expect((await ask({ body: { data: [task] } }))?.body).toEqual({
    data: [{ ...task, $se_module: 'Companies' }],
  });
});

test('the list of modules speaks our names, and a foreign module that is called like ours is left out', async () => {
  const rows = ['Opportunities', 'Deals', 'Contacts', 'Plants'].map((api_name) => ({ api_name }));
  const { client } = aClient({ modules: rows });

  const { body } = await withOrgNames(client, modules).request({
    method: 'GET',
    path: '/crm/v8/settings/modules',
    credits: 1,
  });

  expect(body).toEqual({ modules: ['Deals', 'Contacts', 'Plants'].map((api_name) => ({ api_name })) });
});

test('an org with the usual names keeps its client as it is', () => {
  const { client } = aClient();

  expect(withOrgNames(client, aMapping().modules)).toBe(client);
});
