import type { ModuleName, StageRow } from '../domain.ts';
import { literal } from '../zoho/coql.ts';

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

/** Zoho's price list: a bulk job costs 50 and brings 200,000 rows; a query of 2,000 rows costs 3. */
const BULK = { credits: 50, rows: 200_000 };
const QUERY = { credits: 3, rows: 2_000 };
/** Polls and the download of a bulk job. */
const BULK_EXTRA = 10;
/** Fields, layouts, pipelines, users, org. */
const METADATA = 20;
const RUNS_PER_DAY = 24;
/** A query without changes, and the list of deleted records. */
const QUIET_MODULE = 1 + 2;
/** Share of customers that a usual day changes; records written cost one credit per ten. */
const CHANGED_SHARE = 0.03;

/** What the first full run and a usual day would spend; an estimate, `basis` says on what. */
export function estimateCredits(counts: Counts): {
  fullRun: number;
  daily: number;
  basis: string;
} {
  const reads = [...counts.values()].map((count) => {
    const rows = count ?? 0;
    const byQuery = Math.max(1, Math.ceil(rows / QUERY.rows)) * QUERY.credits;
    const byBulk = Math.max(1, Math.ceil(rows / BULK.rows)) * (BULK.credits + BULK_EXTRA);
    return Math.min(byQuery, byBulk);
  });
  const customers = counts.get('Accounts') ?? 0;
  const fullRun = METADATA + reads.reduce((sum, credits) => sum + credits, 0) + Math.ceil(customers / 10);
  const quiet = RUNS_PER_DAY * counts.size * QUIET_MODULE;
  return {
    fullRun,
    daily: quiet + METADATA + Math.ceil((customers * CHANGED_SHARE) / 10),
    basis: `first run: every record read once, every account written once; a day: ${RUNS_PER_DAY} syncs, ${CHANGED_SHARE * 100} % of the accounts changed`,
  };
}
