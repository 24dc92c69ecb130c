import { ZohoAuthError, ZohoRejectedError } from '../errors.ts';
import type { ZohoClient, ZohoRequest } from '../zoho/client.ts';
import { REQUIRED_SCOPES } from '../zoho/oauth.ts';
import { MODULES } from './module-access.ts';

/** Which of the scopes that we need a grant has: from its own words where Zoho says them, else by asking. */

export interface ScopeAnswer {
  readonly granted: string[];
  readonly missing: string[];
}

/** Zoho's case is not settled, so scopes are compared without it. */
function partsOf(scope: string): { service: string; path: string[]; operation: string } {
  const parts = scope.trim().toLowerCase().split('.');
  return { service: parts[0] ?? '', path: parts.slice(1, -1), operation: parts.at(-1) ?? '' };
}

/** True when one granted scope includes the wanted one: modules.ALL covers modules.deals.READ. */
export function coversScope(granted: string, wanted: string): boolean {
  const have = partsOf(granted);
  const want = partsOf(wanted);
  if (have.service !== want.service) return false;
  if (have.path.length > want.path.length || have.path.some((part, index) => part !== want.path[index])) {
    return false;
  }
  if (have.operation === 'all' || have.operation === want.operation) return true;
  return have.operation === 'write' && (want.operation === 'create' || want.operation === 'update');
}

const WRITTEN_MODULES = ['accounts', 'contacts', 'deals', 'tasks'];
/** Finer scopes that together are as good as one broad scope that we ask for. */
const EQUIVALENTS: { readonly [scope: string]: readonly string[] } = {
  'zohocrm.modules.all': [
    ...MODULES.map((module) => `ZohoCRM.modules.${module.toLowerCase()}.READ`),
    ...WRITTEN_MODULES.map((module) => `ZohoCRM.modules.${module}.UPDATE`),
    'ZohoCRM.modules.tasks.CREATE',
  ],
  'zohocrm.settings.fields.all': ['READ', 'CREATE', 'DELETE'].map((op) => `ZohoCRM.settings.fields.${op}`),
};

function isGranted(granted: readonly string[], wanted: string): boolean {
  if (granted.some((scope) => coversScope(scope, wanted))) return true;
  const finer = EQUIVALENTS[wanted.toLowerCase()];
  return finer?.every((part) => granted.some((scope) => coversScope(scope, part))) ?? false;
}

/** `granted` are the scopes that the token itself names. */
export function judgeScopes(
  granted: readonly string[],
  required: readonly string[] = REQUIRED_SCOPES.map(({ scope }) => scope),
): ScopeAnswer {
  return {
    granted: [...granted],
    missing: required.filter((wanted) => !isGranted(granted, wanted)),
  };
}

/** Every scope that we ask for, what lacks without it, and whether it was granted. */
export function scopesInWords(
  granted: readonly string[],
): { readonly scope: string; readonly breaks: string; readonly isGranted: boolean }[] {
  return REQUIRED_SCOPES.map(({ scope, breaks }) => ({
    scope,
    breaks,
    isGranted: isGranted(granted, scope),
  }));
}

/** One cheap call that only a holder of the scope may make; its other outcomes do not matter. */
interface Probe {
  readonly matches: RegExp;
  readonly writes: boolean;
  readonly request: ZohoRequest;
}
const get = (path: string, query: Record<string, string | number> = {}): ZohoRequest => ({
  method: 'GET',
  path,
  query,
  credits: 1,
});
const PROBES: readonly Probe[] = [
  { matches: /^zohocrm\.org\./, writes: false, request: get('/crm/v8/org') },
  { matches: /^zohocrm\.users\./, writes: false, request: get('/crm/v8/users', { type: 'CurrentUser' }) },
  { matches: /^zohocrm\.settings\.modules\./, writes: false, request: get('/crm/v8/settings/modules') },
  {
    matches: /^zohocrm\.settings\.fields\./,
    writes: false,
    request: get('/crm/v8/settings/fields', { module: 'Accounts' }),
  },
  {
    matches: /^zohocrm\.settings\.fields\.(all|create)$/,
    writes: true,
    // Nothing to create: whoever may create fields is told so, whoever may not is refused for the scope.
    request: {
      method: 'POST',
      path: '/crm/v8/settings/fields',
      query: { module: 'Accounts' },
      body: { fields: [] },
      credits: 1,
    },
  },
  {
    matches: /^zohocrm\.settings\.layouts\./,
    writes: false,
    request: get('/crm/v8/settings/layouts', { module: 'Deals' }),
  },
  {
    matches: /^zohocrm\.settings\.pipeline\./,
    writes: false,
    request: get('/crm/v8/settings/pipeline', { layout_id: '0' }),
  },
  {
    matches: /^zohocrm\.coql\./,
    writes: false,
    request: {
      method: 'POST',
      path: '/crm/v8/coql',
      body: { select_query: 'select id from Accounts where id is not null limit 1' },
      credits: 1,
      idempotent: true,
    },
  },
  { matches: /^zohocrm\.bulk\./, writes: false, request: get('/crm/bulk/v8/read/0') },
  { matches: /^zohocrm\.notifications\./, writes: false, request: get('/crm/v8/actions/watch') },
  {
    matches: /^zohocrm\.modules\./,
    writes: false,
    request: get('/crm/v8/Accounts', { fields: 'id', per_page: 1 }),
  },
  {
    matches: /^zohocrm\.modules\.(all|.*\.(update|write|all))$/,
    writes: true,
    request: { method: 'PUT', path: '/crm/v8/Accounts', body: { data: [] }, credits: 1 },
  },
];

async function isRefused(client: ZohoClient, request: ZohoRequest): Promise<boolean> {
  try {
    await client.request(request);
    return false;
  } catch (error) {
    if (error instanceof ZohoAuthError && error.scope) return true;
    // Refused for another reason, such as an unknown job: the scope was let through.
    if (error instanceof ZohoRejectedError) return error.zohoCode === 'OAUTH_SCOPE_MISMATCH';
    throw error;
  }
}

/**
 * For grants whose token does not name its scopes. `mayWrite` false leaves out the calls of a writing scope, although
 * they carry nothing: what was not asked counts neither as granted nor as missing.
 */
export async function probeScopes(
  client: ZohoClient,
  options: { mayWrite: boolean },
  required: readonly string[] = REQUIRED_SCOPES.map(({ scope }) => scope),
): Promise<ScopeAnswer> {
  const refused = new Map<Probe, boolean>();
  const answer: ScopeAnswer = { granted: [], missing: [] };
  for (const scope of required) {
    const probes = PROBES.filter(
      (probe) => probe.matches.test(scope.toLowerCase()) && (options.mayWrite || !probe.writes),
    );
    for (const probe of probes) {
      if (!refused.has(probe)) refused.set(probe, await isRefused(client, probe.request));
    }
    if (probes.some((probe) => refused.get(probe))) answer.missing.push(scope);
    else if (probes.length > 0) answer.granted.push(scope);
  }
  return answer;
}
