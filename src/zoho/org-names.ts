import type { ModuleName } from '../domain.ts';
import type { ZohoAnswer, ZohoClient, ZohoRequest } from './client.ts';
import { isObject } from './json.ts';

/**
 * The one place where our names of modules become those of the org, for firms that call Deals "Opportunities" or keep
 * customers in a module of their own. Everything above speaks of Deals.
 */

type Modules = { readonly [M in ModuleName]: string };

export function withOrgNames(client: ZohoClient, modules: Modules): ZohoClient {
  const named = Object.entries(modules).filter(([ours, theirs]) => ours !== theirs);
  if (named.length === 0) return client;
  const toOrg = new Map(named);
  const theirs = (name: string) => toOrg.get(name) ?? name;
  return {
    ...client,
    request: async (request) => fromOrg(request, await client.request(inOrgNames(request, theirs)), modules),
  };
}

type Rename = (name: string) => string;

function inOrgNames(request: ZohoRequest, theirs: Rename): ZohoRequest {
  const { query } = request;
  const module = query?.module;
  return {
    ...request,
    // "/crm/v8/Deals/…"; an address that Zoho gave holds no name of ours.
    path: request.path.replace(/^(\/crm\/v8\/)(\w+)/, (_all, start, name) => `${start}${theirs(name)}`),
    ...(query === undefined || typeof module !== 'string'
      ? {}
      : { query: { ...query, module: theirs(module) } }),
    ...(request.body === undefined ? {} : { body: bodyIn(request.body, theirs) }),
  };
}

/** A module stands in bodies as `module.api_name`, as `$se_module`, before the dot of an event, and in COQL. */
function bodyIn(body: unknown, theirs: Rename): unknown {
  if (Array.isArray(body)) return body.map((item) => bodyIn(item, theirs));
  if (!isObject(body)) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, valueIn(key, value, theirs)]));
}

function valueIn(key: string, value: unknown, theirs: Rename): unknown {
  switch (key) {
    case '$se_module':
      return typeof value === 'string' ? theirs(value) : value;
    case 'select_query':
      // The first "from": columns hold none, and conditions come after it.
      return String(value).replace(/ from (\w+)/i, (_all, name) => ` from ${theirs(name)}`);
    case 'events':
      return Array.isArray(value)
        ? value.map((event) => String(event).replace(/^\w+/, (name) => theirs(name)))
        : value;
    case 'module':
      return isObject(value) && typeof value.api_name === 'string'
        ? { ...value, api_name: theirs(value.api_name) }
        : bodyIn(value, theirs);
    default:
      return bodyIn(value, theirs);
  }
}

/** The list of modules comes back under our names; a module that ours is not, though it is called so, is left out. */
function fromOrg(request: ZohoRequest, answer: ZohoAnswer, modules: Modules): ZohoAnswer {
  const { body } = answer;
  if (request.path !== '/crm/v8/settings/modules' || !isObject(body) || !Array.isArray(body.modules)) {
    return answer;
  }
  const ours = new Map(Object.entries(modules).map(([name, theirs]) => [theirs, name]));
  const rows = body.modules.filter(isObject).flatMap((row) => {
    const name = String(row.api_name);
    const known = ours.get(name);
    if (known !== undefined) return [{ ...row, api_name: known }];
    return name in modules ? [] : [row];
  });
  return { ...answer, body: { ...body, modules: rows } };
}
