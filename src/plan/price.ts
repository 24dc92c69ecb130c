import type { ModulePrice, PlanPrice } from '../changes.ts';
import type { FieldValue, ModuleName } from '../domain.ts';
import type { CreditPrices } from '../rules.ts';

/** Zoho takes at most 100 records a write call and charges a credit per 10 of them, rounded up per call. */
export const RECORDS_PER_WRITE = 100;
/** Zoho takes at most so many rows a file of a bulk write. */
export const ROWS_PER_FILE = 25_000;
const CALLS_PER_FILE = 4;
const RECORDS_PER_READ = 50;

export type WritePrices = Pick<
  CreditPrices,
  'recordsPerWriteCredit' | 'bulkWriteJob' | 'bulkWriteUpload' | 'bulkWritePoll' | 'bulkWriteDownload'
>;
/**
 * Records of a module by what one file of a bulk write can hold: in a file an empty cell either clears its field or
 * leaves it alone, for all rows alike. So rows that clear nothing go together, and of the others those that write the
 * same fields.
 */
export type RowGroups = { readonly [group: string]: number };
export const CLEARS_NOTHING = '';

export interface PriceInput {
  /** Records with at least one changed field. */
  readonly rows: { readonly [M in ModuleName]?: RowGroups };
  /** Modules whose records are read before they are written: a person's value may stay there. */
  readonly readFirst?: ReadonlySet<string> | undefined;
  readonly tasks: { readonly create: number; readonly update: number; readonly close: number };
  readonly prices: WritePrices;
  /** The admin allowed bulk writes. */
  readonly mayBulk: boolean;
}

export function rowGroup(writes: readonly { readonly key: string; readonly value: FieldValue }[]): string {
  const isClearing = writes.some(({ value }) => value === null || value === '');
  if (!isClearing) return CLEARS_NOTHING;
  return writes
    .map(({ key }) => key)
    .sort()
    .join(',');
}

/** Counts one more record; `rows` is what planPrice is given. */
export function countRow(
  rows: { [M in ModuleName]?: Record<string, number> },
  module: ModuleName,
  writes: Parameters<typeof rowGroup>[0],
): void {
  const group = rowGroup(writes);
  const groups = rows[module] ?? {};
  groups[group] = (groups[group] ?? 0) + 1;
  rows[module] = groups;
}

/** One file that is looked at once; every further look costs another poll. */
export function filePrice(prices: WritePrices): number {
  return prices.bulkWriteUpload + prices.bulkWriteJob + prices.bulkWritePoll + prices.bulkWriteDownload;
}

/** How many of the rows of one group are cheaper in files; the others go through the record API. */
export function rowsInFiles(rows: number, prices: WritePrices): number {
  const price = filePrice(prices);
  const isCheaper = (count: number) => price < recordsPrice(count, prices).credits;
  const rest = rows % ROWS_PER_FILE;
  return isCheaper(rest) ? rows : isCheaper(ROWS_PER_FILE) ? rows - rest : 0;
}

function recordsPrice(count: number, { recordsPerWriteCredit }: WritePrices) {
  const full = Math.floor(count / RECORDS_PER_WRITE);
  const rest = count % RECORDS_PER_WRITE;
  return {
    calls: full + (rest > 0 ? 1 : 0),
    credits:
      full * Math.ceil(RECORDS_PER_WRITE / recordsPerWriteCredit) + Math.ceil(rest / recordsPerWriteCredit),
  };
}

function modulePrice(groups: RowGroups, prices: WritePrices, mayBulk: boolean): ModulePrice {
  let records = 0;
  let files = 0;
  let single = 0;
  for (const rows of Object.values(groups)) {
    const inFiles = mayBulk ? rowsInFiles(rows, prices) : 0;
    records += rows;
    files += Math.ceil(inFiles / ROWS_PER_FILE);
    single += rows - inFiles;
  }
  const rest = recordsPrice(single, prices);
  return {
    method: files > 0 ? 'bulk' : 'records',
    records,
    calls: rest.calls + files * CALLS_PER_FILE,
    credits: rest.credits + files * filePrice(prices),
  };
}

/** A task is read before it is changed or closed: its texts are a person's too, and a person may have closed it. */
function readPrice(count: number): { calls: number; credits: number } {
  const calls = Math.ceil(count / RECORDS_PER_READ);
  return { calls, credits: calls };
}

export function tasksPrice({
  tasks: { create, update, close },
  prices,
}: Pick<PriceInput, 'tasks' | 'prices'>): { calls: number; credits: number } {
  return total([
    ...[create, update, close].map((count) => recordsPrice(count, prices)),
    readPrice(update),
    readPrice(close),
  ]);
}

/** Calls and credits of applying a plan when every answer arrives and every job is done at the first look. */
export function planPrice(input: PriceInput): PlanPrice {
  const { rows, prices, mayBulk, readFirst } = input;
  const priced = Object.entries(rows)
    .map(([module, groups]): [string, ModulePrice] => {
      const price = modulePrice(groups, prices, mayBulk);
      const read = readPrice(readFirst?.has(module) ? price.records : 0);
      return [module, { ...price, calls: price.calls + read.calls, credits: price.credits + read.credits }];
    })
    .filter(([, price]) => price.records > 0);
  const modules: PlanPrice['modules'] = Object.fromEntries(priced);
  const parts = priced.map(([, price]) => price);
  return {
    method: parts.some(({ method }) => method === 'bulk') ? 'bulk' : 'records',
    ...total([...parts, tasksPrice(input)]),
    modules,
  };
}

function total(parts: readonly { readonly calls: number; readonly credits: number }[]) {
  return {
    calls: parts.reduce((sum, part) => sum + part.calls, 0),
    credits: parts.reduce((sum, part) => sum + part.credits, 0),
  };
}
