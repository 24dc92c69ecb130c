import { customField, fieldsOf, pickOptions } from './field-build.ts';
import { type Row, RowTable } from './row-table.ts';
import { HISTORY_FIELDS, LINE_FIELDS, SALES_MODULES, SALES_OPTIONS } from './sales-fields.ts';
import type { OrgSeed, SeedField } from './seed.ts';
import { STAGE_HISTORY } from './stage-history.ts';
import { COMMON_FIELDS, CURRENCY_FIELDS, STANDARD_MODULES, STANDARD_OPTIONS } from './standard-fields.ts';
import type { FieldState, IdSource, ModuleState, OrgState, SimUser } from './state.ts';

/** The org without its records. */
export function createOrgState(seed: OrgSeed): OrgState {
  const ids = idSource();
  const users = new Map<string, SimUser>();
  for (const { time_zone: timeZone = seed.org.time_zone, ...user } of seed.users) {
    const id = ids.next();
    users.set(id, { ...user, id, timeZone });
  }
  const consentingUser = [...users.values()].find((user) => user.admin && user.active);
  if (consentingUser === undefined) throw new Error('the org needs an active administrator');
  const modules = new Map<string, ModuleState>();
  for (const [apiName, standard] of Object.entries(STANDARD_MODULES)) {
    const optionsOf = (field: string) =>
      field === 'Currency' ? currencyCodes(seed) : (STANDARD_OPTIONS[`${apiName}.${field}`] ?? []);
    const texts = [standard.fields, COMMON_FIELDS, ...(seed.org.multiCurrency ? [CURRENCY_FIELDS] : [])];
    const fields = texts.flatMap((text) => fieldsOf(text, ids, optionsOf));
    modules.set(apiName, newModule({ ...standard, apiName, kind: 'default', fields }, ids));
  }
  addSalesModules(modules, seed, ids);
  for (const custom of seed.customModules ?? []) {
    const fields = ['Name:text!', COMMON_FIELDS].flatMap((text) => fieldsOf(text, ids, () => []));
    const { api_name: apiName, plural_label: plural } = custom;
    const singular = plural.replace(/s$/, '');
    modules.set(
      apiName,
      newModule({ apiName, singular, plural, kind: 'custom', displayField: 'Name', fields }, ids),
    );
    addCustomFields(modules, apiName, custom.fields, ids);
  }
  for (const [apiName, fields] of Object.entries(seed.customFields))
    addCustomFields(modules, apiName, fields, ids);
  const pipelines = seed.pipelines.map(({ name, default: isDefault, stages }) => ({
    id: ids.next(),
    name,
    isDefault,
    stages: stages.map((stage) => ({ ...stage, id: ids.next() })),
  }));
  setDealOptions(modules, seed, ids);
  const { dealsModule = 'Deals' } = seed;
  return {
    id: seed.org.id ?? ids.next(),
    zgid: seed.org.zgid ?? '20087654321',
    org: seed.org,
    users,
    consentingUser,
    modules: withDealsAs(modules, dealsModule),
    dealsModule,
    pipelines,
    currencies: currenciesOf(seed).map((currency) => ({ ...currency, id: ids.next() })),
    ids,
    emails: new Map(),
    row: (id, module = null) =>
      (module === null ? undefined : modules.get(module)?.rows.get(id)) ?? findRow(modules, id),
  };
}

/** The same modules, in the same order, where whatever points to deals points to them under their new name. */
function withDealsAs(modules: Map<string, ModuleState>, name: string): Map<string, ModuleState> {
  const renamed = (one: string) => (one === 'Deals' ? name : one);
  for (const module of modules.values()) {
    module.apiName = renamed(module.apiName);
    if (module.parent !== null) module.parent = renamed(module.parent);
    for (const field of module.fields.values())
      if (field.lookup !== null) field.lookup = renamed(field.lookup);
  }
  const entries = [...modules.values()].map((module) => [module.apiName, module] as const);
  modules.clear();
  // Cleared and filled again: what finds rows by their id holds this very map.
  for (const [apiName, module] of entries) modules.set(apiName, module);
  return modules;
}

/** Documents with their lines, and the history of stages, which every org has. */
function addSalesModules(modules: Map<string, ModuleState>, seed: OrgSeed, ids: IdSource): void {
  for (const apiName of seed.salesModules ?? []) {
    const { lines, ...standard } = SALES_MODULES[apiName];
    const texts = [standard.fields, COMMON_FIELDS, ...(seed.org.multiCurrency ? [CURRENCY_FIELDS] : [])];
    const optionsOf = (field: string) =>
      field === 'Currency' ? currencyCodes(seed) : (SALES_OPTIONS[`${apiName}.${field}`] ?? []);
    const fields = texts.flatMap((text) => fieldsOf(text, ids, optionsOf));
    modules.set(apiName, newModule({ ...standard, apiName, kind: 'default', fields }, ids));
    const label = lines.replace('_', ' ');
    modules.set(
      lines,
      newModule(
        {
          ...{ apiName: lines, singular: label, plural: label, displayField: 'Product_Name' },
          ...{ kind: 'subform', parent: apiName },
          fields: fieldsOf(`Parent_Id:lookup>${apiName}^ ${LINE_FIELDS}`, ids, () => []),
        },
        ids,
      ),
    );
  }
  const fields = fieldsOf(HISTORY_FIELDS, ids, () => []);
  const label = { singular: 'Stage History', plural: 'Stage History', displayField: 'Stage' };
  modules.set(
    STAGE_HISTORY,
    newModule({ apiName: STAGE_HISTORY, ...label, kind: 'field_tracker', parent: 'Deals', fields }, ids),
  );
}

function findRow(modules: ReadonlyMap<string, ModuleState>, id: string): Row | undefined {
  for (const { rows } of modules.values()) {
    const row = rows.get(id);
    if (row !== undefined) return row;
  }
  return undefined;
}

/** 18 digits beginning with 5 come before 19 digits beginning with 4, but not as texts. */
function idSource(): IdSource {
  let early = 0;
  let late = 0;
  return {
    early: () => `5725767${String(++early).padStart(11, '0')}`,
    next: () => `4725767${String(++late).padStart(12, '0')}`,
  };
}

function newModule(
  input: Pick<ModuleState, 'apiName' | 'singular' | 'plural' | 'kind' | 'displayField'> & {
    fields: FieldState[];
    parent?: string;
  },
  ids: IdSource,
): ModuleState {
  const { apiName, singular, plural, kind, displayField, parent = null } = input;
  return {
    apiName,
    singular,
    plural,
    kind,
    parent,
    hidden: false,
    displayField,
    id: ids.next(),
    fields: new Map(input.fields.map((field) => [field.apiName, field])),
    rows: new RowTable(),
    deleted: [],
    layoutId: ids.next(),
    sectionId: ids.next(),
    sections: [],
  };
}

function addCustomFields(
  modules: ReadonlyMap<string, ModuleState>,
  apiName: string,
  fields: readonly SeedField[],
  ids: IdSource,
): void {
  const module = modules.get(apiName);
  if (module === undefined) throw new Error(`the seed has custom fields for an unknown module: ${apiName}`);
  for (const field of fields) module.fields.set(field.api_name, customField(field, ids));
}

function setDealOptions(modules: ReadonlyMap<string, ModuleState>, seed: OrgSeed, ids: IdSource): void {
  const fields = modules.get('Deals')?.fields;
  const [stage, pipeline] = [fields?.get('Stage'), fields?.get('Pipeline')];
  if (stage === undefined || pipeline === undefined) return;
  const stages = new Map(
    seed.pipelines.flatMap((each) => each.stages).map(({ actual, display }) => [actual, display]),
  );
  stage.options = [...stages].map(([actual, display], index) => ({
    id: ids.next(),
    display,
    actual,
    sequence: index + 1,
  }));
  pipeline.options = pickOptions(
    seed.pipelines.map(({ name }) => name),
    ids,
  );
}

function currenciesOf({ org }: OrgSeed): { iso_code: string; exchange_rate: number; is_base: boolean }[] {
  return org.currencies === undefined
    ? [{ iso_code: org.iso_code, exchange_rate: 1, is_base: true }]
    : [...org.currencies];
}

const currencyCodes = (seed: OrgSeed) => currenciesOf(seed).map(({ iso_code }) => iso_code);
