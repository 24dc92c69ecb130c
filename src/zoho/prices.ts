import type { CreditPrices } from '../rules.ts';

/**
 * What calls cost, assembled from Zoho's v8 limits page and quotations of it; fields.yaml overrides single prices.
 * Unnamed calls cost 1; so do those whose price Zoho does not publish (polls, downloads, notifications).
 */
export const DEFAULT_PRICES: CreditPrices = {
  metadata: 1,
  listPage: 1,
  deletedPage: 2,
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
  createFields: 1,
  notification: 1,
};

/** By the LIMIT of the query, not by what it returns. */
export function coqlPrice(prices: CreditPrices, limit: number): number {
  if (limit <= 200) return prices.coql200;
  return limit <= 1_000 ? prices.coql1000 : prices.coql2000;
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
