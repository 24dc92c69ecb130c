import type { Connection, Day } from '../domain.ts';
import { minorToDecimal } from '../money.ts';
import { factsOf } from '../scoring/facts.ts';
import { periodRows } from '../scoring/periods.ts';
import { customerOptionsOf } from './customer-options.ts';
import { factContext, type LineDeps } from './line.ts';

const CHUNK = 500;
export type PeriodExport = { readonly [K in (typeof PERIOD_COLUMNS)[number]]: string };

export const PERIOD_COLUMNS = [
  'module',
  'record_id',
  'name',
  'period',
  'revenue',
  'direct_cost',
  'cost_to_serve',
  'profit',
] as const;

/** One row a customer and calendar month or year, from the stored facts up to asOf. */
export async function* customerPeriodRows(
  deps: LineDeps,
  input: { connection: Connection; asOf: Day; by: 'month' | 'year' },
): AsyncGenerator<PeriodExport> {
  const { connection, asOf, by } = input;
  const context = await factContext(deps, connection);
  for await (const rows of deps.store.customers.inKeyOrder(
    connection.id,
    await customerOptionsOf(deps, connection.id),
    CHUNK,
  )) {
    for (const row of rows) {
      for (const period of periodRows(factsOf(row, context, asOf), context.rules, asOf, by)) {
        yield {
          module: period.key.module,
          record_id: period.key.id,
          name: period.name,
          period: period.period,
          revenue: minorToDecimal(period.revenue),
          direct_cost: minorToDecimal(period.directCost),
          cost_to_serve: minorToDecimal(period.costToServe),
          profit: minorToDecimal(period.profit),
        };
      }
    }
  }
}
