import type { ModuleName } from '../domain.ts';
import type { CreditPrices } from '../rules.ts';
import {
  cheapestRead,
  coqlPrice,
  creditsOfEdition,
  ourCeiling,
  type ReadWay,
  writePrice,
} from '../zoho/prices.ts';

/** What runs would spend, by module and method. Pure; an estimate, `basis` says on what. */

export type Counts = ReadonlyMap<ModuleName, number | null>;

interface ReadEstimate {
  readonly module: ModuleName;
  readonly rows: number;
  readonly method: ReadWay;
  readonly credits: number;
}
export interface CreditEstimate {
  /** The first run: every record read once, every customer written once. */
  readonly fullRun: number;
  /** A usual day. */
  readonly daily: number;
  readonly basis: string;
  readonly byModule: readonly ReadEstimate[];
  readonly writeBack: {
    readonly customers: number;
    readonly method: 'records' | 'bulk';
    readonly credits: number;
  };
  /** What the edition has in any 24 hours, for all integrations together, and our part of it. */
  readonly allowance: number;
  readonly ceiling: number;
  /** Of the allowance, 0..100 with one decimal. */
  readonly fullRunPercent: number;
  readonly dailyPercent: number;
  /** Days that the first run takes under our ceiling; null: the ceiling is 0. */
  readonly daysOfFullRun: number | null;
}

const BULK_WRITE_ROWS = 25_000;
/** Modules, users, layouts and pipelines; asked once a day, as are the fields of each module. */
const ORG_CALLS = 4;
/** A first look at what changed: most times little. */
const FIRST_LOOK_ROWS = 200;
const RUNS_PER_DAY = 24;
/** Share of the customers that a usual day changes. */
const CHANGED_SHARE = 0.03;

export function estimateCredits(
  input: {
    counts: Counts;
    /** Accounts, and contacts that are customers themselves. */
    customers: number;
    edition: string;
    users: number;
    ceilingPercent: number;
  },
  prices: CreditPrices,
): CreditEstimate {
  const { counts, customers, edition, users } = input;
  // What the org lacks, or does not show, costs nothing.
  const byModule = [...counts].flatMap(([module, rows]) =>
    rows === null ? [] : [readEstimate(prices, module, rows)],
  );
  const org = ORG_CALLS * prices.metadata;
  const reads = byModule.reduce((sum, { credits }) => sum + credits, 0);
  const writeBack = { customers, ...writeEstimate(prices, customers) };
  const fullRun = org + reads + writeBack.credits;
  const quietRun = byModule.reduce((sum, { module }) => sum + quietModule(prices, module), 0);
  const changed = writeEstimate(prices, Math.ceil(customers * CHANGED_SHARE));
  const daily = org + byModule.length * prices.metadata + RUNS_PER_DAY * quietRun + changed.credits;
  const allowance = creditsOfEdition(edition, users);
  const ceiling = ourCeiling(edition, users, input.ceilingPercent);
  return {
    fullRun,
    daily,
    basis: `first run: every record read once, every customer written once; a day: ${RUNS_PER_DAY} syncs, ${CHANGED_SHARE * 100} % of the customers written`,
    byModule,
    writeBack,
    allowance,
    ceiling,
    fullRunPercent: percentOf(fullRun, allowance),
    dailyPercent: percentOf(daily, allowance),
    daysOfFullRun: ceiling === 0 ? null : Math.max(1, Math.ceil(fullRun / ceiling)),
  };
}

function percentOf(part: number, whole: number): number {
  return Math.round((1_000 * part) / whole) / 10;
}

/** Of one module in which nothing changed: a first look, and the list of deleted records. */
function quietModule(prices: CreditPrices, module: ModuleName): number {
  // Both halves of the leads are asked for by name: those converted and those not.
  const looks = module === 'Leads' ? 2 : 1;
  const look = module === 'Events' ? prices.listPage : coqlPrice(prices, FIRST_LOOK_ROWS);
  return looks * look + prices.deletedPage;
}

function readEstimate(prices: CreditPrices, module: ModuleName, rows: number): ReadEstimate {
  const { way, credits } = cheapestRead(prices, { rows, columns: COLUMNS, ways: waysOf(module, rows) });
  return { module, rows, method: way, credits: prices.metadata + prices.count + credits };
}

// No module of ours has more columns than one query takes.
const COLUMNS = 40;
// Beyond this the list does not reach (Zoho docs, records).
const MOST_LISTED_ROWS = 100_000;

/** Only the list tells whether a meeting was cancelled. */
function waysOf(module: ModuleName, rows: number): readonly ReadWay[] {
  if (module === 'Events') return rows <= MOST_LISTED_ROWS ? ['list'] : ['coql', 'bulk'];
  return ['coql', 'bulk', 'list'];
}

function writeEstimate(
  prices: CreditPrices,
  records: number,
): { method: 'records' | 'bulk'; credits: number } {
  const byRecords = writePrice(prices, records);
  const job = prices.bulkWriteJob + prices.bulkWriteUpload + prices.bulkWritePoll;
  const byBulk = Math.ceil(records / BULK_WRITE_ROWS) * job;
  return byRecords <= byBulk
    ? { method: 'records', credits: byRecords }
    : { method: 'bulk', credits: byBulk };
}
