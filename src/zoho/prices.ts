import type { CreditPrices } from '../rules.ts';

/**
 * What calls cost, assembled from Zoho's v8 limits page and quotations of it; fields.yaml overrides single prices.
 * Unnamed calls cost 1; so do those whose price Zoho does not publish (polls, downloads, notifications).
 */
export const DEFAULT_PRICES: CreditPrices = {
  metadata: 1,
  listPage: 1,
  deletedPage: 2,
  emailsPage: 1,
  count: 1,
  coql200: 1,
  coql1000: 2,
  coql2000: 3,
  recordsPerWriteCredit: 10,
  deleteRecords: 1,
  bulkReadJob: 50,
  bulkReadPoll: 1,
  bulkReadDownload: 1,
  bulkWriteJob: 500,
  bulkWriteUpload: 1,
  bulkWritePoll: 1,
  bulkWriteDownload: 1,
  createFields: 1,
  notification: 1,
};

/** By the LIMIT of the query, not by what it returns. */
export function coqlPrice(prices: CreditPrices, limit: number): number {
  if (limit <= 200) return prices.coql200;
  return limit <= 1_000 ? prices.coql1000 : prices.coql2000;
}

/** Rows of one COQL answer at most. */
export const COQL_PAGE_ROWS = 2_000;
/** Columns of one query beside the id. The limits page says 50 with it; more may work, but 50 does. */
export const COQL_COLUMNS = 49;
const LIST_PAGE_ROWS = 200;
const LIST_COLUMNS = 50;
const LIST_IDS = 50;
const LIST_MOST_ROWS = 100_000;
const BULK_JOB_ROWS = 200_000;

/** The LIMIT at which the rest, so far as it is known, costs least; a little room for what came since the count. */
export function pageLimit(left: number | null): number {
  if (left === null || left > 1_000) return COQL_PAGE_ROWS;
  return left > 200 ? 1_000 : 200;
}

export type ReadWay = 'list' | 'coql' | 'bulk';

/** What reading so many rows and columns costs; null where that way does not reach them. */
function readPrice(
  prices: CreditPrices,
  way: ReadWay,
  { rows, columns }: { rows: number; columns: number },
): number | null {
  if (way === 'list') {
    if (rows > LIST_MOST_ROWS) return null;
    // Further columns are asked for by id, fewer at a time.
    const more = (pieces(columns, LIST_COLUMNS) - 1) * (LIST_PAGE_ROWS / LIST_IDS);
    return pieces(rows, LIST_PAGE_ROWS) * (1 + more) * prices.listPage;
  }
  if (way === 'bulk') {
    return pieces(rows, BULK_JOB_ROWS) * (prices.bulkReadJob + prices.bulkReadPoll + prices.bulkReadDownload);
  }
  const whole = Math.floor(Math.max(0, rows - 1) / COQL_PAGE_ROWS);
  const last = pageLimit(rows - whole * COQL_PAGE_ROWS);
  return (
    pieces(columns, COQL_COLUMNS) * (whole * coqlPrice(prices, COQL_PAGE_ROWS) + coqlPrice(prices, last))
  );
}

function pieces(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/** The first of the ways that costs least. At least one way must reach all rows. */
export function cheapestRead(
  prices: CreditPrices,
  { rows, columns, ways }: { rows: number; columns: number; ways: readonly ReadWay[] },
): { way: ReadWay; credits: number } {
  let best: { way: ReadWay; credits: number } | null = null;
  for (const way of ways) {
    const credits = readPrice(prices, way, { rows, columns });
    if (credits !== null && (best === null || credits < best.credits)) best = { way, credits };
  }
  if (best === null) throw new RangeError(`no way of ${ways.join(', ')} reads ${rows} rows`);
  return best;
}

export function writePrice(prices: CreditPrices, records: number): number {
  return Math.ceil(records / prices.recordsPerWriteCredit);
}

/** Writes of more than 10 records take one of the scarcer sub-concurrency slots (Zoho docs, API limits). */
export function isSubConcurrentWrite(records: number): boolean {
  return records > 10;
}

const BY_EDITION: readonly { names: readonly string[]; base: number; perUser: number; cap: number }[] = [
  { names: ['ultimate', 'crmplus'], base: 50_000, perUser: 2_000, cap: Number.POSITIVE_INFINITY },
  { names: ['enterprise', 'zohoone'], base: 50_000, perUser: 1_000, cap: 5_000_000 },
  { names: ['professional'], base: 50_000, perUser: 500, cap: 3_000_000 },
  { names: ['standard', 'starter'], base: 50_000, perUser: 250, cap: 100_000 },
];
const FREE_CREDITS = 5_000;

/** Credits of the org in any 24 hours (Zoho docs, API limits); an edition that we do not know counts as Free. */
export function creditsOfEdition(edition: string, users: number): number {
  const name = edition.toLowerCase().replace(/[^a-z]/g, '');
  const row = BY_EDITION.find(({ names }) => names.some((known) => name.includes(known)));
  return row ? Math.min(row.cap, row.base + row.perUser * Math.max(0, users)) : FREE_CREDITS;
}

/** What we may spend of them; the rest is left to the customer's other integrations. */
export function ourCeiling(edition: string, users: number, percent: number): number {
  return Math.floor((creditsOfEdition(edition, users) * percent) / 100);
}
