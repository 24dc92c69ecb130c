import { z } from 'zod';
import type { Org } from '../domain.ts';
import { ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { StageRow } from '../records.ts';
import type { ZohoClient } from './client.ts';
import { isObject } from './json.ts';
import { listIn } from './rows.ts';
import {
  FieldAnswer,
  LayoutAnswer,
  ModuleAnswer,
  ModuleReference,
  OrgAnswer,
  PipelineAnswer,
  UserAnswer,
} from './schemas.ts';

/** What Zoho tells about an org: who it is, its users, modules, fields, layouts and pipelines. */

export interface FieldMeta {
  readonly id: string;
  readonly apiName: string;
  readonly label: string;
  readonly dataType: string;
  /** Of a formula what it gives, else the data type. */
  readonly valueType: string;
  /** False: hidden by an administrator. */
  readonly visible: boolean;
  readonly length: number | null;
  readonly custom: boolean;
  readonly readOnly: boolean;
  /** By API, for the connected user. */
  readonly writable: boolean;
  readonly unique: boolean;
  readonly lookupModule: string | null;
  /** `isUsed` false: taken off the list, and still on records. */
  readonly picklist: readonly {
    display: string;
    actual: string;
    reference: string | null;
    isUsed: boolean;
  }[];
}
export interface ModuleMeta {
  readonly apiName: string;
  readonly apiSupported: boolean;
  readonly viewable: boolean;
  readonly creatable: boolean;
  readonly editable: boolean;
  readonly generatedType: string;
}

async function fetchList(client: ZohoClient, input: ListInput): Promise<Record<string, unknown>[]> {
  return (await fetchPage(client, input)).rows;
}

interface ListInput {
  readonly path: string;
  readonly key: string;
  readonly query?: Record<string, string | number>;
}

async function fetchPage(
  client: ZohoClient,
  { path, key, query }: ListInput,
): Promise<{ rows: Record<string, unknown>[]; more: boolean }> {
  const { body } = await client.request({
    method: 'GET',
    path,
    ...(query ? { query } : {}),
    credits: client.prices.metadata,
  });
  const info = isObject(body) && isObject(body.info) ? body.info : {};
  return { rows: listIn(body, key, path), more: info.more_records === true };
}

function parse<T extends z.ZodType>(schema: T, row: unknown, what: string): z.output<T> {
  const parsed = schema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new ZohoContractError(
    `Zoho describes ${what} in a way we do not know: ${z.prettifyError(parsed.error)}`,
  );
}

/** `users` are the licences: they decide the credits. */
export async function fetchOrg(client: ZohoClient): Promise<Org> {
  const [row] = await fetchList(client, { path: '/crm/v8/org', key: 'org' });
  if (!row) throw new ZohoContractError('Zoho named no org for this access; connect again');
  const org = parse(OrgAnswer, row, 'the org');
  const licence = org.license_details;
  const edition = (licence?.paid ? licence?.paid_type : licence?.trial_type || licence?.paid_type) ?? '';
  return {
    id: org.id,
    zgid: org.zgid ?? org.id,
    name: org.company_name,
    edition: edition || 'free',
    users: Math.max(1, Math.floor(licence?.users_license_purchased ?? 1)),
    timeZone: org.time_zone,
    currency: currencyCode(org.iso_code, org.currency),
    multiCurrency: org.mc_status,
    country: [org.country_code, org.country].find((code) => /^[A-Z]{2}$/.test(code)) ?? null,
  };
}

function currencyCode(isoCode: string, currency: string): string {
  const code = /^[A-Z]{3}$/.exec(isoCode)?.[0] ?? /\b[A-Z]{3}\b/.exec(currency)?.[0];
  if (code) return code;
  throw new ZohoContractError('Zoho named no home currency for this org, so money cannot be told');
}

type User = z.output<typeof UserAnswer>;

function userName(user: User): string {
  return user.full_name || [user.first_name, user.last_name].filter((part) => part !== '').join(' ');
}

const USERS_PER_PAGE = 200;

async function fetchUsersOf(client: ZohoClient, type: string): Promise<User[]> {
  const users: User[] = [];
  for (let page = 1; ; page += 1) {
    const query = { type, page, per_page: USERS_PER_PAGE };
    const { rows, more } = await fetchPage(client, { path: '/crm/v8/users', key: 'users', query });
    users.push(...rows.map((row) => parse(UserAnswer, row, 'a user')));
    if (!more || rows.length === 0) return users;
  }
}

export async function fetchCurrentUser(
  client: ZohoClient,
): Promise<{ id: string; name: string; email: string | null; isAdmin: boolean }> {
  const [user] = await fetchUsersOf(client, 'CurrentUser');
  if (!user) throw new ZohoContractError('Zoho named no user for this access; connect again');
  // Profiles can be renamed, so the name alone proves nothing against it.
  const isAdmin = user.profile?.name === 'Administrator' || (await isAmongAdmins(client, user.id));
  return { id: user.id, name: userName(user), email: user.email === '' ? null : user.email, isAdmin };
}

async function isAmongAdmins(client: ZohoClient, userId: string): Promise<boolean> {
  try {
    return (await fetchUsersOf(client, 'AdminUsers')).some((user) => user.id === userId);
  } catch (error) {
    if (error instanceof ZohoRejectedError) return false;
    throw error;
  }
}

interface CrmUser {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly email: string | null;
  readonly managerId: string | null;
}

export async function fetchUsers(client: ZohoClient): Promise<CrmUser[]> {
  const users = await fetchUsersOf(client, 'AllUsers');
  return users.map((user) => ({
    id: user.id,
    name: userName(user),
    active: user.status.toLowerCase() === 'active',
    email: user.email || null,
    managerId: user.Reporting_To?.id ?? null,
  }));
}

export async function fetchModules(client: ZohoClient): Promise<ModuleMeta[]> {
  const rows = await fetchList(client, { path: '/crm/v8/settings/modules', key: 'modules' });
  return rows.map((row) => {
    const module = parse(ModuleAnswer, row, 'a module');
    return {
      apiName: module.api_name,
      apiSupported: module.api_supported,
      viewable: module.viewable,
      creatable: module.creatable,
      editable: module.editable,
      generatedType: module.generated_type,
    };
  });
}

// Zoho docs, field metadata: computed by Zoho whatever the flags say.
const NEVER_WRITABLE = new Set(['formula', 'autonumber', 'rollup_summary', 'profileimage']);

/** Hidden fields are included. Empty where Zoho describes none, which happens for some odd modules. */
export async function fetchFields(client: ZohoClient, module: string): Promise<FieldMeta[]> {
  const rows = await fetchList(client, { path: '/crm/v8/settings/fields', key: 'fields', query: { module } });
  return rows.map((row) => fieldOf(parse(FieldAnswer, row, `a field of ${module}`)));
}

function fieldOf(field: z.output<typeof FieldAnswer>): FieldMeta {
  const readOnly = field.read_only || field.field_read_only;
  const lookup = ModuleReference.safeParse(field.lookup);
  return {
    id: field.id,
    apiName: field.api_name,
    label: field.field_label || field.display_label,
    dataType: field.data_type,
    valueType:
      field.data_type === 'formula' ? formulaType(field.formula?.return_type ?? '') : field.data_type,
    visible: field.visible,
    length: field.length ?? null,
    custom: field.custom_field,
    readOnly,
    writable:
      !readOnly &&
      !field.virtual_field &&
      !NEVER_WRITABLE.has(field.data_type) &&
      (field.operation_type?.api_update ?? true),
    unique: isFilled(field.unique),
    lookupModule: lookup.success ? lookup.data.module : null,
    picklist: (field.pick_list_values ?? []).map((value) => ({
      display: value.display_value || value.actual_value,
      actual: value.actual_value || value.display_value,
      reference: value.reference_value ?? null,
      isUsed: value.type !== 'unused',
    })),
  };
}

function formulaType(returned: string): string {
  return returned === 'string' ? 'text' : returned;
}

/** Zoho writes `unique: {}` for a field that is not, and an object with keys for one that is. */
function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : value === true;
}

export async function fetchLayouts(
  client: ZohoClient,
  module: string,
): Promise<{ id: string; name: string; status: string }[]> {
  const rows = await fetchList(client, {
    path: '/crm/v8/settings/layouts',
    key: 'layouts',
    query: { module },
  });
  return rows.map((row) => {
    const layout = parse(LayoutAnswer, row, `a layout of ${module}`);
    return { id: layout.id, name: layout.name, status: String(layout.status ?? '') };
  });
}

/**
 * Won and lost by forecast type. Which of a name's two spellings a deal carries is not documented, so every
 * combination is a row. Layouts out of use count: old deals may still stand on them.
 */
export async function fetchStages(client: ZohoClient): Promise<StageRow[]> {
  const rows = new Map<string, StageRow>();
  let refusal: ZohoRejectedError | null = null;
  const layouts = await fetchLayouts(client, 'Deals');
  for (const layout of layouts) {
    try {
      for (const row of await fetchStagesOf(client, layout.id)) {
        const key = `${row.pipeline}\n${row.stage}`;
        if (!rows.has(key)) rows.set(key, row);
      }
    } catch (error) {
      if (!(error instanceof ZohoRejectedError)) throw error;
      refusal = error;
    }
  }
  if (rows.size === 0 && refusal) throw refusal;
  return [...rows.values()];
}

async function fetchStagesOf(client: ZohoClient, layoutId: string): Promise<StageRow[]> {
  const query = { layout_id: layoutId };
  const pipelines = await fetchList(client, { path: '/crm/v8/settings/pipeline', key: 'pipeline', query });
  return pipelines.flatMap((raw) => {
    const pipeline = parse(PipelineAnswer, raw, 'a pipeline');
    return (pipeline.maps ?? []).flatMap((stage) =>
      spellings(pipeline).flatMap((name) =>
        spellings(stage).map((stageName) => ({
          pipeline: name,
          stage: stageName,
          outcome: outcomeOf(stage.forecast_type),
        })),
      ),
    );
  });
}

function spellings(named: { display_value: string; actual_value: string }): string[] {
  return [...new Set([named.actual_value, named.display_value])].filter((name) => name !== '');
}

function outcomeOf(forecastType: string): StageRow['outcome'] {
  if (/won/i.test(forecastType)) return 'won';
  return /lost/i.test(forecastType) ? 'lost' : 'open';
}
