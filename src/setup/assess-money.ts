import type { Day } from '../domain.ts';
import { minor, minorToDecimal, toMinor } from '../money.ts';
import type { StageRow } from '../records.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { coql, literal } from '../zoho/coql.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { dayOfValue, decimalOf, idOf, integerOf, textOf } from '../zoho/values.ts';
import { listedRows } from './assess-rows.ts';
import type { DealNames } from './deal-names.ts';
import { isRefused } from './refusal.ts';

/** What deals and invoices are worth, and how much of it belongs to no customer. */

export interface MoneyOfCurrency {
  readonly currency: string;
  readonly deals: number;
  /** Decimal text in that currency; rounded to hundredths. */
  readonly amount: string;
}
export interface DealFacts {
  readonly won: readonly MoneyOfCurrency[];
  /** Won with neither account nor contact. */
  readonly unmatched: readonly MoneyOfCurrency[];
  readonly span: { readonly first: Day | null; readonly last: Day | null };
  readonly currencies: readonly { currency: string; deals: number }[];
  /** How many deals were looked at where queries are refused; null: all. */
  readonly checked: number | null;
}
export interface MoneySource {
  readonly zoho: ZohoClient;
  readonly home: string;
  readonly fields: DealNames;
  /** Orgs with one currency have no field Currency to group by. */
  readonly hasCurrency: boolean;
  readonly stages: readonly StageRow[];
}

/** 100 credits by the list at most. */
const MOST_LISTED_DEALS = 20_000;

/** Aggregates of COQL, one credit each; where they are refused the deals themselves, those changed last first. */
export async function readDealFacts(source: MoneySource): Promise<DealFacts> {
  try {
    return {
      won: await readWonMoney(source, 'all'),
      unmatched: await readWonMoney(source, 'without customer'),
      span: await readDateSpan(source),
      currencies: await readCurrencies(source),
      checked: null,
    };
  } catch (error) {
    if (!isRefused(error)) throw error;
    const { fields, hasCurrency } = source;
    const { amount, account, contact, currency, purchaseDate, stage, pipeline } = fields;
    const columns = [amount, account, contact, purchaseDate, stage, pipeline];
    const wanted = hasCurrency ? [...columns, currency] : columns;
    const { rows, isWhole } = await listedRows(source.zoho, 'Deals', wanted, MOST_LISTED_DEALS);
    return { ...dealFactsOf(rows, source), checked: isWhole ? null : rows.length };
  }
}

export function dealFactsOf(
  rows: readonly ZohoRow[],
  { home, fields, stages }: Pick<MoneySource, 'home' | 'fields' | 'stages'>,
): Omit<DealFacts, 'checked'> {
  const outcomes = new Map(
    stages.map(({ pipeline, stage, outcome }) => [`${pipeline}\n${stage}`, outcome] as const),
  );
  const isWonIn = wonStages(stages);
  const isWon = (row: ZohoRow) => {
    const stage = textOf(row[fields.stage]) ?? '';
    const exact = outcomes.get(`${textOf(row[fields.pipeline]) ?? ''}\n${stage}`);
    return exact === undefined ? isWonIn.has(stage) : exact === 'won';
  };
  const currencyOf = (row: ZohoRow) => textOf(row[fields.currency]) ?? home;
  const won = rows.filter(isWon);
  const lonely = won.filter(
    (row) => idOf(row[fields.account]) === null && idOf(row[fields.contact]) === null,
  );
  const money = (of: readonly ZohoRow[]) => {
    const sums = new Sums();
    for (const row of of) sums.add(currencyOf(row), 1, decimalOf(row[fields.amount]));
    return sums.list();
  };
  const days = rows.flatMap((row) => dayOfValue(row[fields.purchaseDate]) ?? []).sort();
  return {
    won: money(won),
    unmatched: money(lonely),
    span: { first: days[0] ?? null, last: days.at(-1) ?? null },
    currencies: money(rows).map(({ currency, deals }) => ({ currency, deals })),
  };
}

/** Stages that are won in some pipeline and nothing else in any. */
function wonStages(stages: readonly StageRow[]): ReadonlySet<string> {
  const lost = new Set(stages.filter(({ outcome }) => outcome !== 'won').map(({ stage }) => stage));
  return new Set(stages.map(({ stage }) => stage).filter((stage) => !lost.has(stage)));
}

/** Sums by currency, in minor units. */
class Sums {
  readonly #sums = new Map<string, { deals: number; amount: number }>();
  add(currency: string, deals: number, amount: string | null): void {
    const sum = this.#sums.get(currency) ?? { deals: 0, amount: 0 };
    sum.deals += deals;
    sum.amount += toMinor(amount ?? '0');
    this.#sums.set(currency, sum);
  }
  list(): MoneyOfCurrency[] {
    return [...this.#sums]
      .filter(([, { deals }]) => deals > 0)
      .map(([currency, { deals, amount }]) => ({
        currency,
        deals,
        amount: minorToDecimal(minor(amount)),
      }))
      .sort((a, b) => b.deals - a.deals);
  }
}

/** Sum of the won deals by currency: of all, or of those with neither account nor contact. */
async function readWonMoney(source: MoneySource, of: 'all' | 'without customer'): Promise<MoneyOfCurrency[]> {
  const { zoho, home, fields, hasCurrency, stages } = source;
  const sums = new Sums();
  for (const isWon of wonPredicates(stages, fields)) {
    const where =
      of === 'all' ? isWon : `((${fields.account} is null and ${fields.contact} is null) and ${isWon})`;
    const rows = await sumBy(zoho, {
      module: 'Deals',
      amount: fields.amount,
      where,
      currency: hasCurrency ? fields.currency : null,
    });
    for (const row of rows) sums.add(row.currency ?? home, row.records, row.amount);
  }
  return sums.list();
}

async function sumBy(
  zoho: ZohoClient,
  of: { module: string; amount: string; where: string; currency: string | null },
): Promise<{ currency: string | null; records: number; amount: string | null }[]> {
  const { module, amount, where, currency } = of;
  const columns = ['COUNT(id) as records', `SUM(${amount}) as total`, ...(currency ? [currency] : [])];
  const group = currency ? ` group by ${currency}` : '';
  const { rows } = await coql(
    zoho,
    `select ${columns.join(', ')} from ${module} where ${where}${group}`,
    200,
  );
  return rows.map((row) => ({
    currency: currency === null ? null : textOf(row[currency]),
    records: integerOf(row.records) ?? 0,
    amount: decimalOf(row.total),
  }));
}

async function readDateSpan({ zoho, fields }: MoneySource): Promise<DealFacts['span']> {
  const { purchaseDate } = fields;
  const end = async (order: 'asc' | 'desc') => {
    const query = `select ${purchaseDate} from Deals where ${purchaseDate} is not null order by ${purchaseDate} ${order} limit 1`;
    const { rows } = await coql(zoho, query, 1);
    return dayOfValue(rows[0]?.[purchaseDate]);
  };
  return { first: await end('asc'), last: await end('desc') };
}

async function readCurrencies({
  zoho,
  home,
  fields,
  hasCurrency,
}: MoneySource): Promise<DealFacts['currencies']> {
  const columns = hasCurrency ? `COUNT(id) as deals, ${fields.currency}` : 'COUNT(id) as deals';
  const group = hasCurrency ? ` group by ${fields.currency}` : '';
  const { rows } = await coql(zoho, `select ${columns} from Deals where id is not null${group}`, 200);
  return rows
    .map((row) => ({ currency: textOf(row[fields.currency]) ?? home, deals: integerOf(row.deals) ?? 0 }))
    .filter(({ deals }) => deals > 0)
    .sort((a, b) => b.deals - a.deals);
}

export interface InvoiceFacts {
  readonly invoices: number;
  readonly withoutAccount: number;
  readonly byCurrency: readonly MoneyOfCurrency[];
  readonly unmatched: readonly MoneyOfCurrency[];
}

/** Invoices kept inside the CRM. */
export async function readInvoices(
  { zoho, home }: Pick<MoneySource, 'zoho' | 'home'>,
  names: ReadonlySet<string>,
): Promise<InvoiceFacts> {
  const currency = names.has('Currency') ? 'Currency' : null;
  const read = async (where: string) => {
    const sums = new Sums();
    const of = { module: 'Invoices', amount: 'Grand_Total', where, currency };
    for (const row of await sumBy(zoho, of)) sums.add(row.currency ?? home, row.records, row.amount);
    return sums.list();
  };
  const byCurrency = await read('id is not null');
  const unmatched = await read('Account_Name is null');
  return { invoices: dealsOf(byCurrency), withoutAccount: dealsOf(unmatched), byCurrency, unmatched };
}

export function dealsOf(money: readonly MoneyOfCurrency[]): number {
  return money.reduce((sum, { deals }) => sum + deals, 0);
}

/** Share of the money that has a customer, 0..100 with one decimal; null: there is no money. */
export function matchedShares(
  all: readonly MoneyOfCurrency[],
  unmatched: readonly MoneyOfCurrency[],
): { currency: string; percent: number | null }[] {
  return all.map(({ currency, amount }) => {
    const without = unmatched.find((row) => row.currency === currency)?.amount ?? '0';
    return { currency, percent: shareOf(toMinor(amount) - toMinor(without), toMinor(amount)) };
  });
}

export function shareOf(part: number, whole: number): number | null {
  return whole <= 0 ? null : Math.round((1_000 * part) / whole) / 10;
}

/** COQL takes 50 values in an `in` at most. */
const VALUES_PER_IN = 50;

/** Predicates that together hold for every won deal, and no two of them for the same one. */
export function wonPredicates(
  stages: readonly StageRow[],
  fields: Pick<DealNames, 'stage' | 'pipeline'>,
): string[] {
  const isWonIn = new Map<string, { won: string[]; other: boolean }>();
  for (const { pipeline, stage, outcome } of stages) {
    const entry = isWonIn.get(stage) ?? { won: [], other: false };
    if (outcome === 'won') entry.won.push(pipeline);
    else entry.other = true;
    isWonIn.set(stage, entry);
  }
  const always = [...isWonIn]
    .filter(([, { won, other }]) => won.length > 0 && !other)
    .map(([stage]) => stage);
  // A stage of one name may be won in one pipeline and open in another.
  const sometimes = [...isWonIn].filter(([, { won, other }]) => won.length > 0 && other);
  return [
    ...chunks(always, VALUES_PER_IN).map((names) => `${fields.stage} in (${names.map(literal).join(', ')})`),
    ...sometimes.map(
      ([stage, { won }]) =>
        `(${fields.stage} = ${literal(stage)} and ${fields.pipeline} in (${won.map(literal).join(', ')}))`,
    ),
  ];
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
