import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { loadKeys } from '../../src/crypto.ts';
import type { Connection } from '../../src/domain.ts';
import { customerPeriodRows } from '../../src/jobs/export-periods.ts';
import type { LineDeps } from '../../src/jobs/line.ts';
import { minorToDecimal, toMinor } from '../../src/money.ts';
import type { DealRecord } from '../../src/records.ts';
import { readSettings } from '../../src/settings.ts';
import type { NewLines } from '../../src/store/import-stores.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { describeOnBoth } from '../support/databases.ts';
import { AT, aConnection, aDeal, anAccount, hashed } from './builders.ts';

/** No cent is lost or made on the way from stored bookings to the export, in whatever order they were stored. */

const keys = await loadKeys({ keys: randomBytes(32).toString('base64'), keyFile: null });
const ASOF = '2026-03-31';
const CUSTOMERS = ['100', '101', '102'] as const;
const PER_ORDER = 450;

const settings = (() => {
  const { settings: read } = readSettings('test/no-such-folder', []);
  if (!read) throw new Error('the defaults are settings');
  const { scoring } = read;
  const unitCosts = { ...scoring.money.unitCosts, perOrder: toMinor(PER_ORDER / 100) };
  return { ...read, scoring: { ...scoring, money: { ...scoring.money, unitCosts } } };
})();

const customer = fc.constantFrom(...CUSTOMERS);
const day = fc
  .integer({ min: 0, max: 900 })
  .map((days) => new Date(Date.parse('2024-01-01') + days * 86_400_000).toISOString().slice(0, 10));
const cents = fc.integer({ min: -500_000, max: 5_000_000 });
const anyDeal = fc.record({
  customer,
  day,
  cents,
  cost: cents,
  stage: fc.constantFrom('Closed Won', 'Closed Won', 'Closed Won', 'Closed Lost', 'Qualification'),
});
const anyLine = fc.record({ customer, day, cents, cost: cents });
const anyCost = fc.record({
  customer,
  day,
  cents,
  kind: fc.constantFrom('freight', 'service', 'acquisition'),
});
const bookings = fc.record({
  deals: fc.array(anyDeal, { maxLength: 20 }),
  lines: fc.array(anyLine, { maxLength: 20 }),
  costs: fc.array(anyCost, { maxLength: 10 }),
  order: fc.infiniteStream(fc.nat()),
});
type Bookings = typeof bookings extends fc.Arbitrary<infer B> ? B : never;

const decimal = (of: number) => minorToDecimal(toMinor((of / 100).toFixed(2)));

/** What was booked, by customer and year, reckoned without any code of scoring. */
function oracle({ deals, lines, costs }: Bookings): Map<string, [number, number, number]> {
  const sums = new Map<string, [number, number, number]>();
  const book = (of: { customer: string; day: string }, revenue: number, direct: number, serve: number) => {
    if (of.day > ASOF) return;
    const key = `${of.customer} ${of.day.slice(0, 4)}`;
    const [r, d, s] = sums.get(key) ?? [0, 0, 0];
    sums.set(key, [r + revenue, d + direct, s + serve]);
  };
  for (const deal of deals) {
    if (deal.stage !== 'Closed Won' || deal.cents === 0) continue;
    book(deal, deal.cents, deal.cost, deal.cents > 0 ? PER_ORDER : 0);
  }
  for (const line of lines) book(line, line.cents, line.cost, line.cents > 0 ? PER_ORDER : 0);
  for (const cost of costs) if (cost.kind !== 'acquisition') book(cost, 0, 0, cost.cents);
  return new Map([...sums].filter(([, parts]) => parts.some((part) => part !== 0)));
}

async function save(store: Store, { id }: Connection, { deals, lines, costs, order }: Bookings) {
  const shuffled = <T>(list: readonly T[]) =>
    list
      .map((one) => ({ one, at: order.next().value ?? 0 }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
  await store.stages.learn(id, [
    { pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' },
    { pipeline: 'Standard', stage: 'Closed Lost', outcome: 'lost' },
    { pipeline: 'Standard', stage: 'Qualification', outcome: 'open' },
  ]);
  await store.records.save(
    id,
    'Accounts',
    shuffled(CUSTOMERS).map((own) => hashed(anAccount({ id: own }))),
    null,
  );
  const records = deals.map(
    (deal, at): DealRecord =>
      aDeal({
        id: String(10_000 + at),
        accountId: deal.customer,
        amount: decimal(deal.cents),
        cost: decimal(deal.cost),
        stage: deal.stage,
        closingDay: deal.day,
        wonSeenOn: deal.stage === 'Closed Won' ? '2026-12-31' : null,
      }),
  );
  await store.records.save(id, 'Deals', shuffled(records).map(hashed), null);
  const nobody = { accountNumber: null, contactId: null, currency: null, rate: null };
  const unknown = { product: null, group: null, quantity: null, listPrice: null, discountPercent: null };
  const document = { ...nobody, ...unknown, dealId: null, throughDeal: false, kind: null };
  await bring(
    'purchases',
    shuffled(lines).map((line, at) => ({
      ...document,
      ...{ line: at + 2, day: line.day, accountId: line.customer, number: `I-${at}` },
      ...{ amount: decimal(line.cents), cost: decimal(line.cost), dueDay: null, paidDay: null },
    })),
  );
  await bring(
    'costs',
    shuffled(costs).map((cost, at) => ({
      ...nobody,
      ...{ line: at + 2, day: cost.day, accountId: cost.customer, kind: cost.kind },
      ...{ amount: decimal(cost.cents), minutes: null, note: null },
    })),
  );
  async function bring<K extends 'purchases' | 'costs'>(kind: K, rows: NewLines[K][]) {
    const file = await store.imports.begin(id, { kind, fileHash: kind, fileName: `${kind}.csv` }, AT);
    await store.imports.add(id, kind, file, rows);
    await store.imports.commit(id, file, rows.length);
  }
}

describeOnBoth('the export by period', ({ open }) => {
  test('adds up to what is stored, by customer and year, and its months to its years', async () => {
    const store = createStore(await open(), keys);
    const clock = { ...systemClock, now: () => new Date('2026-12-31T10:00:00Z') };
    const deps = { store, clock, settings } as unknown as LineDeps; // what an export asks for
    let runs = 0;

    await fc.assert(
      fc.asyncProperty(bookings, async (booked) => {
        runs += 1;
        const connection = await store.connections.create(aConnection({ name: `run-${runs}` }));
        await save(store, connection, booked);

        const sums = async (by: 'month' | 'year') => {
          const found = new Map<string, [number, number, number]>();
          for await (const row of customerPeriodRows(deps, { connection, asOf: ASOF, by })) {
            const key = `${row.record_id} ${row.period.slice(0, 4)}`;
            const [r, d, s] = found.get(key) ?? [0, 0, 0];
            const parts = [row.revenue, row.direct_cost, row.cost_to_serve].map((text) => toMinor(text));
            const [revenue = 0, direct = 0, serve = 0] = parts;
            expect(toMinor(row.profit)).toBe(revenue - direct - serve);
            found.set(key, [r + revenue, d + direct, s + serve]);
          }
          return new Map([...found].filter(([, parts]) => parts.some((part) => part !== 0)));
        };

        const wanted = oracle(booked);
        expect(await sums('year')).toEqual(wanted);
        expect(await sums('month')).toEqual(wanted);
      }),
      { numRuns: 15 },
    );
  }, 120_000);
});
