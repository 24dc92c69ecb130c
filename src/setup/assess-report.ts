import type { ModuleName, StageRow } from '../domain.ts';
import type { CreditPrices } from '../rules.ts';
import { literal } from '../zoho/coql.ts';
import { coqlPrice, writePrice } from '../zoho/prices.ts';

/** The decisions of assess, without I/O: which stages are won, what lacks, what a run would cost. */

/** COQL takes 50 values in an `in` at most. */
const VALUES_PER_IN = 50;

/** Predicates that together hold for every won deal, and no two of them for the same one. */
export function wonPredicates(stages: readonly StageRow[]): string[] {
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
    ...chunks(always, VALUES_PER_IN).map((names) => `Stage in (${names.map(literal).join(', ')})`),
    ...sometimes.map(
      ([stage, { won }]) => `(Stage = ${literal(stage)} and Pipeline in (${won.map(literal).join(', ')}))`,
    ),
  ];
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}

const EXAMPLES = 5;

/** Names that differ only in case, spaces and punctuation count as the same. */
export function duplicateNames(names: readonly string[]): {
  names: number;
  accounts: number;
  examples: string[];
  checked: number;
} {
  const groups = new Map<string, { name: string; count: number }>();
  for (const name of names) {
    const key = name
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
    if (key === '') continue;
    const group = groups.get(key) ?? { name, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  const doubled = [...groups.values()].filter(({ count }) => count > 1).sort((a, b) => b.count - a.count);
  return {
    names: doubled.length,
    accounts: doubled.reduce((sum, { count }) => sum + count, 0),
    examples: doubled.slice(0, EXAMPLES).map(({ name, count }) => `${name} (${count})`),
    checked: names.length,
  };
}

type Counts = ReadonlyMap<ModuleName, number | null>;

export function missingInputs(input: {
  counts: Counts;
  /** The mapped field that holds a deal's cost or profit; null: the org has none. */
  costField: string | null;
  wonDeals: number | null;
}): string[] {
  const { counts, costField, wonDeals } = input;
  const none = (module: ModuleName) => counts.get(module) === 0;
  const lacking: string[] = [];
  if (costField === null) {
    lacking.push('no cost or profit field on Deals: profit rests on the default margin');
  }
  if (wonDeals === 0) lacking.push('no won deals: there is no value to compute');
  if (none('Calls') && none('Events')) {
    lacking.push('no calls and no meetings: the contact gap rests on tasks alone, or stays empty');
  }
  if (none('Cases')) lacking.push('no cases: service cost and open complaints are not known');
  if (none('Leads')) lacking.push('no leads: the quality of lead sources is not known');
  return lacking;
}

const BULK_ROWS = 200_000;
const QUERY_ROWS = 2_000;
const LIST_ROWS = 200;
/** Org, users, modules, layouts and pipelines. */
const ORG_CALLS = 5;
const RUNS_PER_DAY = 24;
/** Of one module in which nothing changed: its fields, a query, the list of deleted records. */
function quietModule(prices: CreditPrices): number {
  return prices.metadata + coqlPrice(prices, QUERY_ROWS) + prices.deletedPage;
}
/** Share of the accounts that a usual day changes. */
const CHANGED_SHARE = 0.03;

function readPrice(prices: CreditPrices, module: ModuleName, rows: number): number {
  const bulkJob = prices.bulkReadJob + prices.bulkReadPoll + prices.bulkReadDownload;
  const byBulk = Math.max(1, Math.ceil(rows / BULK_ROWS)) * bulkJob;
  // Only the list tells whether a meeting was cancelled.
  if (module === 'Events') return Math.max(1, Math.ceil(rows / LIST_ROWS)) * prices.listPage;
  return Math.min(Math.max(1, Math.ceil(rows / QUERY_ROWS)) * coqlPrice(prices, QUERY_ROWS), byBulk);
}

/** What the first full run and a usual day would spend; an estimate, `basis` says on what. */
export function estimateCredits(
  counts: Counts,
  prices: CreditPrices,
): { fullRun: number; daily: number; basis: string } {
  const accounts = counts.get('Accounts') ?? 0;
  const reads = [...counts].map(
    ([module, rows]) => prices.metadata + prices.count + readPrice(prices, module, rows ?? 0),
  );
  const quietRun = ORG_CALLS * prices.metadata + counts.size * quietModule(prices);
  return {
    fullRun:
      ORG_CALLS * prices.metadata +
      reads.reduce((sum, credits) => sum + credits, 0) +
      writePrice(prices, accounts),
    daily: RUNS_PER_DAY * quietRun + writePrice(prices, Math.ceil(accounts * CHANGED_SHARE)),
    basis: `first run: every record read once, every account written once; a day: ${RUNS_PER_DAY} syncs, ${CHANGED_SHARE * 100} % of the accounts written`,
  };
}
