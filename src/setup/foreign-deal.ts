import { grouped, minorToDecimal, toMinor } from '../money.ts';
import type { ZohoClient } from '../zoho/client.ts';
import { coql, literal } from '../zoho/coql.ts';
import { decimalOf, textOf } from '../zoho/values.ts';
import type { DealNames } from './deal-names.ts';

/** Zoho does not say whether Exchange_Rate divides or multiplies: one real deal, both ways, lets a person tell. */
export interface ForeignDeal {
  readonly name: string | null;
  readonly amount: string;
  readonly currency: string | null;
  readonly rate: string;
  /** In the home currency. */
  readonly divide: string;
  readonly multiply: string;
}

/** Null: no deal in another currency. */
export async function readForeignDeal(
  zoho: ZohoClient,
  home: string,
  fields: DealNames,
): Promise<ForeignDeal | null> {
  const { name, amount: money, currency, exchangeRate } = fields;
  const query =
    `select ${name}, ${money}, ${currency}, ${exchangeRate} from Deals ` +
    `where ((${currency} not in (${literal(home)}) and ${money} > 0) and ${exchangeRate} is not null) limit 200`;
  const { rows } = await coql(zoho, query, 200);
  // A rate of 1 looks the same both ways.
  const deal = rows.find((row) => Number(decimalOf(row[exchangeRate]) ?? 1) !== 1) ?? rows[0];
  if (!deal) return null;
  const amount = decimalOf(deal[money]) ?? '0';
  const rate = decimalOf(deal[exchangeRate]) ?? '1';
  const inHome = (direction: 'divide' | 'multiply') =>
    minorToDecimal(toMinor(amount, { value: rate, direction }));
  return {
    name: textOf(deal[name]),
    amount,
    currency: textOf(deal[currency]),
    rate,
    divide: inHome('divide'),
    multiply: inHome('multiply'),
  };
}

/** Amounts as people read them. */
export function foreignDealParts({ name, amount, currency, rate, divide, multiply }: ForeignDeal) {
  const divided = grouped(divide);
  const multiplied = grouped(multiply);
  return { name, amount: grouped(amount), currency, rate, divided, multiplied };
}

export function foreignDealText(deal: ForeignDeal, home: string): string {
  const { name, amount, currency, rate, divided, multiplied } = foreignDealParts(deal);
  return `"${name}", ${amount} ${currency} at ${rate}, would be divide: ${divided} ${home} or multiply: ${multiplied} ${home}`;
}
