import type { Connection, ModuleName } from '../domain.ts';
import { AppError, ZohoAuthError, ZohoCreditsError, ZohoRateLimitError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Mapping } from '../rules.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { fetchFields, fetchModules, fetchStages } from '../zoho/metadata.ts';
import { countRecords } from '../zoho/records.ts';
import {
  countLeads,
  type DuplicateNames,
  findDuplicates,
  type MoneyOfCurrency,
  readCurrencies,
  readDateSpan,
  readWonMoney,
} from './assess-reads.ts';
import { estimateCredits, missingInputs } from './assess-report.ts';
import { dealNames, mappedField } from './deal-names.ts';
import { MODULES } from './module-access.ts';

/** Looks at an org without writing anything, neither there nor here: what is in it, what it would cost, what lacks. */

export interface AssessDeps {
  readonly zohoFor: (connection: Connection) => Promise<ZohoClient>;
  readonly log: Log;
  readonly mapping: Mapping;
}
export interface Assessment {
  /** First of all: money of won deals that belong to no customer. Null, here and below: see problems. */
  readonly unmatched: {
    readonly deals: number;
    readonly ofWonDeals: number;
    readonly byCurrency: readonly MoneyOfCurrency[];
  } | null;
  readonly won: readonly MoneyOfCurrency[] | null;
  readonly modules: readonly { module: ModuleName; records: number | null; error: string | null }[];
  readonly deals: { readonly first: string | null; readonly last: string | null } | null;
  readonly currencies: readonly { currency: string; deals: number }[] | null;
  readonly duplicates: DuplicateNames | null;
  readonly missing: readonly string[];
  readonly credits: ReturnType<typeof estimateCredits>;
  /** Parts that could not be read, and why. */
  readonly problems: readonly string[];
}

export async function assessOrg(deps: AssessDeps, connection: Connection): Promise<Assessment> {
  const zoho = await deps.zohoFor(connection);
  const problems: string[] = [];
  const part = <T>(name: string, read: () => Promise<T>) => partOf(deps.log, problems, name, read);
  const home = connection.org.currency;
  const names = await part('fields of Deals', async () => fieldNames(zoho));
  const fields = dealNames(deps.mapping, names ?? new Set());
  const hasCurrency = names?.has(fields.currency) ?? false;
  const stages = await part('stages', () => fetchStages(zoho));
  const source = { zoho, home, fields, hasCurrency, stages: stages ?? [] };
  const won = stages && (await part('won deals', () => readWonMoney(source, 'all')));
  const unmatched =
    stages && (await part('money without customer', () => readWonMoney(source, 'without customer')));
  const modules = await countModules(deps.log, zoho);
  const counts = new Map(modules.map(({ module, records }) => [module, records]));
  const { cost, profit } = deps.mapping.inputs.Deals;
  return {
    unmatched: unmatched && {
      deals: dealsOf(unmatched),
      ofWonDeals: dealsOf(won ?? []),
      byCurrency: unmatched,
    },
    won,
    modules,
    deals: await part('date span', () => readDateSpan(zoho, fields)),
    currencies: await part('currencies', () => readCurrencies(source)),
    duplicates: await part('duplicates', () => findDuplicates(zoho)),
    missing: missingInputs({
      counts,
      costField: names && (mappedField(cost, names) ?? mappedField(profit, names)),
      wonDeals: won && dealsOf(won),
    }),
    credits: estimateCredits(counts, zoho.prices),
    problems,
  };
}

function dealsOf(money: readonly MoneyOfCurrency[]): number {
  return money.reduce((sum, { deals }) => sum + deals, 0);
}

async function fieldNames(zoho: ZohoClient): Promise<Set<string>> {
  return new Set((await fetchFields(zoho, 'Deals')).map((field) => field.apiName));
}

async function countModules(log: Log, zoho: ZohoClient): Promise<Assessment['modules']> {
  const rows: Assessment['modules'][number][] = [];
  const listed = await partOf(log, [], 'modules', () => fetchModules(zoho));
  for (const module of MODULES) {
    // A missing module may count as empty, and nothing read is not the same as nothing there.
    if (listed && listed.length > 0 && !listed.some(({ apiName }) => apiName === module)) {
      rows.push({
        module,
        records: null,
        error: 'the org does not have it, or the connected user may not see it',
      });
      continue;
    }
    const problems: string[] = [];
    const count = () => (module === 'Leads' ? countLeads(zoho) : countRecords(zoho, module));
    const records = await partOf(log, problems, module, count);
    rows.push({ module, records, error: problems[0] ?? null });
  }
  return rows;
}

/** A part that Zoho refuses is named and left out. Without access or credits there is nothing left to look at. */
async function partOf<T>(
  log: Log,
  problems: string[],
  name: string,
  read: () => Promise<T>,
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof AppError) || endsAll(error)) throw error;
    log.warn({ err: error, part: name }, 'assess left a part out');
    problems.push(`${name}: ${error.message}`);
    return null;
  }
}

function endsAll(error: AppError): boolean {
  if (error instanceof ZohoAuthError) return !error.scope;
  return error instanceof ZohoCreditsError || error instanceof ZohoRateLimitError;
}
