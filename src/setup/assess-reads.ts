import type { StageRow } from '../domain.ts';
import { minor, minorToDecimal, toMinor } from '../money.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { coql, scanModule } from '../zoho/coql.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { dayOfValue, decimalOf, integerOf, textOf } from '../zoho/values.ts';
import { duplicateNames, wonPredicates } from './assess-report.ts';
import type { DealNames } from './deal-names.ts';

/** The queries behind assess: aggregates of COQL, one credit each, and a scan of account names. */

export interface MoneyOfCurrency {
  readonly currency: string;
  readonly deals: number;
  /** Decimal text in that currency; rounded to hundredths. */
  readonly amount: string;
}
export interface MoneySource {
  readonly zoho: ZohoClient;
  readonly home: string;
  readonly fields: DealNames;
  /** Orgs with one currency have no field Currency to group by. */
  readonly hasCurrency: boolean;
  readonly stages: readonly StageRow[];
}

/** Sum of the won deals by currency: of all, or of those with neither account nor contact. */
export async function readWonMoney(
  { zoho, home, fields, hasCurrency, stages }: MoneySource,
  of: 'all' | 'without customer',
): Promise<MoneyOfCurrency[]> {
  const sums = new Map<string, { deals: number; amount: number }>();
  for (const isWon of wonPredicates(stages)) {
    const where =
      of === 'all' ? isWon : `((${fields.account} is null and ${fields.contact} is null) and ${isWon})`;
    const columns = [
      'COUNT(id) as deals',
      `SUM(${fields.amount}) as total`,
      ...(hasCurrency ? [fields.currency] : []),
    ];
    const group = hasCurrency ? ` group by ${fields.currency}` : '';
    const { rows } = await coql(zoho, `select ${columns.join(', ')} from Deals where ${where}${group}`, 200);
    for (const row of rows) {
      const currency = textOf(row[fields.currency]) ?? home;
      const sum = sums.get(currency) ?? { deals: 0, amount: 0 };
      sum.deals += integerOf(row.deals) ?? 0;
      sum.amount += toMinor(decimalOf(row.total) ?? '0');
      sums.set(currency, sum);
    }
  }
  return [...sums]
    .filter(([, { deals }]) => deals > 0)
    .map(([currency, { deals, amount }]) => ({
      currency,
      deals,
      amount: minorToDecimal(minor(amount)),
    }))
    .sort((a, b) => b.deals - a.deals);
}

export async function readDateSpan(
  zoho: ZohoClient,
  { purchaseDate }: DealNames,
): Promise<{ first: string | null; last: string | null }> {
  const end = async (order: 'asc' | 'desc') => {
    const query = `select ${purchaseDate} from Deals where ${purchaseDate} is not null order by ${purchaseDate} ${order} limit 1`;
    const { rows } = await coql(zoho, query, 1);
    return dayOfValue(rows[0]?.[purchaseDate]);
  };
  return { first: await end('asc'), last: await end('desc') };
}

export async function readCurrencies({
  zoho,
  home,
  fields,
  hasCurrency,
}: MoneySource): Promise<{ currency: string; deals: number }[]> {
  const columns = hasCurrency ? `COUNT(id) as deals, ${fields.currency}` : 'COUNT(id) as deals';
  const group = hasCurrency ? ` group by ${fields.currency}` : '';
  const { rows } = await coql(zoho, `select ${columns} from Deals where id is not null${group}`, 200);
  return rows
    .map((row) => ({ currency: textOf(row[fields.currency]) ?? home, deals: integerOf(row.deals) ?? 0 }))
    .sort((a, b) => b.deals - a.deals);
}

/** Whether a query on Leads hides converted ones is not settled, so both kinds are counted by name. */
export async function countLeads(zoho: ZohoClient): Promise<number> {
  let leads = 0;
  for (const converted of ['true', 'false']) {
    const query = `select COUNT(id) as leads from Leads where Converted__s = '${converted}'`;
    const { rows } = await coql(zoho, query, 1);
    leads += integerOf(rows[0]?.leads) ?? 0;
  }
  return leads;
}

export interface DuplicateNames {
  /** Names that more than one account has. */
  readonly names: number;
  readonly accounts: number;
  readonly examples: readonly string[];
  /** Accounts looked at; a large org is looked at in part. */
  readonly checked: number;
}
/** 30 credits at most: enough to see whether an org has a duplicate problem. */
const MOST_NAMES = 20_000;

export async function findDuplicates(zoho: ZohoClient): Promise<DuplicateNames> {
  const names: string[] = [];
  const scan = { module: 'Accounts', fields: ['Account_Name'], order: 'id' } as const;
  for await (const rows of scanModule(zoho, { ...scan, fields: [...scan.fields] })) {
    names.push(...rows.map((row: ZohoRow) => textOf(row.Account_Name) ?? ''));
    if (names.length >= MOST_NAMES) break;
  }
  return duplicateNames(names);
}
