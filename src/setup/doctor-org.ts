import type { Connection, ModuleName } from '../domain.ts';
import { listed } from '../texts/doctor-text.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { fetchFields, fetchModules, type ModuleMeta } from '../zoho/metadata.ts';
import { historyProblem, STAGE_HISTORY } from '../zoho/stage-history.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';
import { dealNames, mappedField } from './deal-names.ts';
import { customFieldLimit, wantedFields } from './fields-plan.ts';
import { foreignDealParts, readForeignDeal } from './foreign-deal.ts';
import { moduleAccess } from './module-access.ts';

/** What doctor asks of the org itself: modules, our fields, where costs come from, currencies. */

export async function checkModules(
  { settings }: DoctorDeps,
  _connection: Connection,
  zoho: ZohoClient,
): Promise<Check[]> {
  const modules = await fetchModules(zoho);
  const checks = moduleAccess(modules).map(({ module, isEssential, problem }): Check => {
    const id = `module.${module}`;
    if (problem === null) return ok(id, 'module.read', { module });
    const params = { module, problem: { sentence: problem } };
    return isEssential
      ? finding(id, 'fail', 'module.essential', params)
      : finding(id, 'warn', 'module.optional', params);
  });
  return [...checks, stageHistory(settings, modules)];
}

function stageHistory(settings: DoctorDeps['settings'], modules: readonly ModuleMeta[]): Check {
  const id = 'stageHistory';
  if (settings.stageHistory === 'off') return ok(id, 'history.off', {});
  const problem = historyProblem(modules);
  if (problem === null) return ok(id, 'history.read', {});
  return finding(id, 'warn', 'history.unread', { problem: { sentence: problem }, module: STAGE_HISTORY });
}

export async function checkFields(
  deps: DoctorDeps,
  connection: Connection,
  zoho: ZohoClient,
): Promise<Check[]> {
  const mapped = await deps.store.fieldMap.all(connection.id);
  if (mapped.length === 0) return [finding('fields', 'warn', 'fields.none', {})];
  const gone: string[] = [];
  const full: string[] = [];
  const limit = customFieldLimit(connection.org.edition);
  for (const module of new Set(mapped.map((field) => field.module))) {
    const fields = await fetchFields(zoho, module);
    if (limit !== null && fields.filter(({ custom }) => custom).length >= limit) full.push(module);
    const present = new Set(fields.map((field) => field.id));
    gone.push(
      ...mapped
        .filter((field) => field.module === module && !present.has(field.fieldId))
        .map((field) => `${module}.${field.apiName} (${field.label})`),
    );
  }
  if (gone.length > 0) return [finding('fields', 'fail', 'fields.gone', { fields: listed(gone) })];
  const count = mapped.length;
  const lacking = lackingEssentials(deps, mapped);
  if (lacking.length === 0) return [ok('fields', 'fields.all', { count })];
  const fields = listed(lacking);
  if (full.length === 0) return [finding('fields', 'warn', 'fields.lacking', { fields, count })];
  return [finding('fields', 'warn', 'fields.full', { fields, count, modules: listed(full, 'and'), limit })];
}

function lackingEssentials(
  { settings }: DoctorDeps,
  mapped: readonly { readonly module: ModuleName; readonly key: string }[],
): string[] {
  const wanted = [...wantedFields(['essential'], settings.basis)];
  return wanted.flatMap(([module, specs]) =>
    specs
      .filter((spec) => !mapped.some((field) => field.module === module && field.key === spec.key))
      .map((spec) => `${module} ${spec.label}`),
  );
}

export async function checkCosts(
  deps: DoctorDeps,
  _connection: Connection,
  zoho: ZohoClient,
): Promise<Check[]> {
  const { mapping, defaultMarginPercent, marginIsSet } = deps.settings;
  const { cost, profit } = mapping.inputs.Deals;
  const names = await fieldNames(zoho);
  const found = mappedField(cost, names) ?? mappedField(profit, names);
  const chosen = [cost, profit].flatMap((name) =>
    typeof name === 'string' && !names.has(name) ? [name] : [],
  );
  const checks: Check[] = [];
  if (chosen.length > 0) {
    checks.push(finding('costs', 'fail', 'costs.no_field', { fields: listed(chosen) }));
  } else if (found !== null) checks.push(ok('costs', 'costs.read', { field: found }));
  const percent = defaultMarginPercent;
  if (found === null) {
    checks.push(
      marginIsSet
        ? ok('margin', 'margin.set', { percent })
        : finding('margin', 'warn', 'margin.default', { percent }),
    );
  } else if (!marginIsSet) {
    checks.push(finding('margin', 'warn', 'margin.default_rest', { field: found, percent }));
  }
  return checks;
}

async function fieldNames(zoho: ZohoClient): Promise<Set<string>> {
  return new Set((await fetchFields(zoho, 'Deals')).map((field) => field.apiName));
}

export async function checkCurrency(
  deps: DoctorDeps,
  connection: Connection,
  zoho: ZohoClient,
): Promise<Check[]> {
  const { currency: home, multiCurrency } = connection.org;
  const { rateDirection } = deps.settings;
  if (!multiCurrency) return [ok('currency', 'currency.home', { home })];
  if (rateDirection !== 'unknown') return [ok('currency', 'currency.known', { direction: rateDirection })];
  const fields = dealNames(deps.settings.mapping, await fieldNames(zoho));
  const deal = await readForeignDeal(zoho, home, fields);
  if (!deal) return [ok('currency', 'currency.none', { home })];
  return [finding('currency', 'warn', 'currency.withheld', { ...foreignDealParts(deal), home })];
}
