import type { Connection, ModuleName } from '../domain.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { fetchFields, fetchModules, type ModuleMeta } from '../zoho/metadata.ts';
import { historyProblem, STAGE_HISTORY } from '../zoho/stage-history.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';
import { dealNames, mappedField } from './deal-names.ts';
import { customFieldLimit, wantedFields } from './fields-plan.ts';
import { foreignDealText, readForeignDeal } from './foreign-deal.ts';
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
    if (problem === null) return ok(id, `${module} can be read`);
    return {
      id,
      status: isEssential ? 'fail' : 'warn',
      message: `${module}: ${problem}`,
      repair: isEssential
        ? 'Let an administrator give the connected user this module, or connect as an administrator'
        : 'Scoring goes on without it; an administrator can give the connected user this module',
    };
  });
  return [...checks, stageHistory(settings, modules)];
}

function stageHistory(settings: DoctorDeps['settings'], modules: readonly ModuleMeta[]): Check {
  const id = 'stageHistory';
  if (settings.stageHistory === 'off')
    return ok(id, 'The history of stages is not read: stageHistory is off');
  const problem = historyProblem(modules);
  if (problem === null) return ok(id, 'The history of stages tells when deals were won and lost');
  return {
    id,
    status: 'warn',
    message: `The history of stages cannot be read (${problem}): closing dates stand for it`,
    repair: `Let an administrator show the connected user ${STAGE_HISTORY}, or set stageHistory: off in fields.yaml`,
  };
}

export async function checkFields(
  deps: DoctorDeps,
  connection: Connection,
  zoho: ZohoClient,
): Promise<Check[]> {
  const mapped = await deps.store.fieldMap.all(connection.id);
  const repair = 'zcv fields apply --yes';
  if (mapped.length === 0) {
    return [{ id: 'fields', status: 'warn', message: 'None of our fields are set up in the org', repair }];
  }
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
  if (gone.length > 0) {
    const message = `Fields that were removed in Zoho: ${gone.join(', ')}; they are left out, the others are written`;
    return [{ id: 'fields', status: 'fail', message, repair }];
  }
  const lacking = lackingEssentials(deps, mapped);
  if (lacking.length === 0) return [ok('fields', `All ${mapped.length} fields of ours are there`)];
  const message = `Not set up: ${lacking.join(', ')}; the other ${mapped.length} fields are written`;
  if (full.length === 0) return [{ id: 'fields', status: 'warn', message, repair }];
  return [
    {
      ...{ id: 'fields', status: 'warn' },
      message: `${message}. ${full.join(' and ')} has used up the ${limit} custom fields of the edition`,
      repair: `Delete custom fields that nobody uses in Zoho, then: ${repair}`,
    },
  ];
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
  const chosen = [cost, profit].filter((name) => typeof name === 'string' && !names.has(name));
  const checks: Check[] = [];
  if (chosen.length > 0) {
    const message = `Deals has no field ${chosen.join(', ')}, which mapping.deals of fields.yaml names; the rest goes on`;
    checks.push({ id: 'costs', status: 'fail', message, repair: 'Correct mapping.deals in fields.yaml' });
  } else if (found !== null) checks.push(ok('costs', `Costs of deals are read from ${found}`));
  if (found === null || !marginIsSet) {
    checks.push({
      id: 'margin',
      status: marginIsSet ? 'ok' : 'warn',
      message: marginWords(found, defaultMarginPercent, marginIsSet),
      repair: marginIsSet
        ? null
        : 'Set money.defaultMarginPercent in scoring.yaml, or map the cost in fields.yaml',
    });
  }
  return checks;
}

async function fieldNames(zoho: ZohoClient): Promise<Set<string>> {
  return new Set((await fetchFields(zoho, 'Deals')).map((field) => field.apiName));
}

function marginWords(found: string | null, percent: number, isSet: boolean): string {
  const which =
    found === null ? 'No deal says its cost' : `Deals without a value in ${found} do not say their cost`;
  return `${which}: a margin of ${percent} % is taken${isSet ? '' : ', a default that nobody has confirmed'}`;
}

export async function checkCurrency(
  deps: DoctorDeps,
  connection: Connection,
  zoho: ZohoClient,
): Promise<Check[]> {
  const { currency: home, multiCurrency } = connection.org;
  const { rateDirection } = deps.settings;
  if (!multiCurrency) return [ok('currency', `All amounts are in ${home}`)];
  if (rateDirection !== 'unknown') {
    return [ok('currency', `Foreign amounts: ${rateDirection} by the exchange rate of the deal`)];
  }
  const fields = dealNames(deps.settings.mapping, await fieldNames(zoho));
  const deal = await readForeignDeal(zoho, home, fields);
  if (!deal) return [ok('currency', `The org has several currencies, and no deal in another than ${home}`)];
  return [
    {
      id: 'currency',
      status: 'warn',
      message:
        'Foreign amounts are withheld: it is not known how the exchange rate applies. ' +
        foreignDealText(deal, home),
      repair: 'Set currency.rateDirection in scoring.yaml to the way that gives the right amount',
    },
  ];
}
