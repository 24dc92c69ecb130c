import type { CustomerFacts, Day, Minor, RecordId } from '../domain.ts';
import { minor, scaleMinor, ZERO } from '../money.ts';
import type { LeadRecord } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import { type Baseline, columnsOfRanks, type RankEntry, ranksOfColumns } from '../scores.ts';
import { gapsOf, purchaseDays } from './cadence.ts';
import { dayFromNumber, daysBetween } from './calendar.ts';
import { runningContract } from './contract.ts';
import { contributedIn } from './contributions.ts';
import { DayCounts } from './day-counts.ts';
import { LeadHistoryTally } from './lead-history.ts';
import type { LocalDay } from './local-day.ts';
import { PriceTally } from './lowest-prices.ts';
import { OfferTally } from './offers.ts';
import { compareIds } from './record-order.ts';
import { creditOf, type Referrals, ReferralTally, rankedCredit } from './referrals.ts';
import { RfmTally } from './rfm.ts';
import { SegmentGaps } from './segment-gaps.ts';
import { SERVE_BY_ORDER } from './serve-items.ts';
import { type Ledger, ledgerOf, type Span, yearUpTo } from './sums.ts';

/** Cut-offs and ranks of all customers at one date: what a single customer is compared with. */

/** Best first: profit, then revenue, then the older first purchase, then the older record. */
export function compareEntries(left: RankEntry, right: RankEntry): number {
  return (
    right.profit12 - left.profit12 ||
    right.revenue12 - left.revenue12 ||
    (left.firstPurchase < right.firstPurchase ? -1 : left.firstPurchase > right.firstPurchase ? 1 : 0) ||
    compareIds(left.id, right.id)
  );
}

export function firstPurchaseOf(facts: CustomerFacts): Day | null {
  return facts.purchases.find((purchase) => purchase.revenue > 0)?.day ?? null;
}

/** Null: not in the population, because it never bought or nothing was booked and no cost arose in the window. */
function rankEntryOf(facts: CustomerFacts, window: Ledger, extra: Minor = ZERO): RankEntry | null {
  const firstPurchase = firstPurchaseOf(facts);
  if (firstPurchase === null) return null;
  if (!window.hasBooking && window.costToServe === 0) return null;
  return {
    profit12: minor(window.profit + extra),
    revenue12: window.revenue,
    firstPurchase,
    id: facts.key.id,
  };
}

/** How many of `total` a share is, rounded up; the small step back keeps 7 % of 100 at 7 in binary arithmetic. */
export function shareOf(total: number, percent: number): number {
  return Math.ceil((total * percent) / 100 - 1e-9);
}

export type BaselineParts = ReturnType<BaselineBuilder['parts']>;

/** Keeps four values a customer with business, and how often each gap occurred: no deals. */
export class BaselineBuilder {
  private readonly rules: ScoringRules;
  private readonly asOf: Day;
  private readonly window: Span;
  private readonly entries: RankEntry[] = [];
  private readonly gaps = new DayCounts();
  private readonly segmentGaps = new SegmentGaps();
  private readonly secondPurchases = new DayCounts();
  private readonly referrals = new ReferralTally();
  private readonly rfm = new RfmTally();
  private readonly offers = new OfferTally();
  private readonly prices = new PriceTally();
  private readonly leads: LeadHistoryTally;
  private customers = 0;
  private firstPurchaseDay: Day | null = null;
  private lastPurchaseDay: Day | null = null;
  private buyers = 0;
  private readonly year = { revenue: 0, directCost: 0, orders: 0, serve: 0 };

  constructor(rules: ScoringRules, asOf: Day) {
    this.rules = rules;
    this.asOf = asOf;
    this.window = yearUpTo(asOf);
    this.leads = new LeadHistoryTally(rules.leads, asOf);
  }

  add(facts: CustomerFacts): void {
    this.customers += 1;
    const first = firstPurchaseOf(facts);
    if (first === null) this.referrals.add(facts, null);
    if (first === null) return;
    if (!facts.valueIncomplete && runningContract(facts, this.asOf) === null) this.buyers += 1;
    const window = ledgerOf(facts, this.rules, this.window);
    this.addYear(window);
    this.referrals.add(facts, window.profit);
    this.rfm.add(facts, this.rules, this.asOf);
    this.offers.add(facts);
    this.prices.add(facts);
    this.leads.addBuyer(facts, window.profit);
    const entry = rankEntryOf(facts, window, extraOf(facts, this.rules, this.window));
    if (entry) this.entries.push(entry);
    const days = purchaseDays(facts);
    this.noteSpan(first, dayFromNumber(days.at(-1) ?? 0));
    const gaps = gapsOf(days);
    for (const gap of gaps) this.gaps.add(gap);
    this.segmentGaps.add(facts, gaps);
    if (gaps[0] !== undefined) this.secondPurchases.add(gaps[0]);
  }

  /** Each lead that is known, whatever became of it. */
  addLead(lead: LeadRecord, localDay: LocalDay): void {
    this.leads.addLead(lead, localDay);
  }

  private addYear(window: Ledger): void {
    const { year } = this;
    year.revenue += window.revenue;
    year.directCost += window.directCost;
    year.orders += window.orders;
    for (const { item, amount } of window.serve) if (SERVE_BY_ORDER.has(item)) year.serve += amount;
  }

  private averages(): Baseline['averages'] {
    const { revenue, directCost, orders, serve } = this.year;
    return {
      margin: revenue > 0 ? (revenue - directCost) / revenue : this.rules.money.defaultMarginPercent / 100,
      servePerOrder: orders > 0 ? serve / orders : 0,
    };
  }

  /** What was found among some customers, for `merge` of the builder of all of them. */
  parts() {
    const { customers, firstPurchaseDay, lastPurchaseDay, buyers, year } = this;
    return {
      ...{ customers, firstPurchaseDay, lastPurchaseDay, buyers, year },
      entries: columnsOfRanks(this.entries),
      gaps: this.gaps.parts(),
      segmentGaps: this.segmentGaps.parts(),
      secondPurchases: this.secondPurchases.parts(),
      referrals: this.referrals.parts(),
      rfm: this.rfm.parts(),
      offers: this.offers.parts(),
      prices: this.prices.parts(),
      leads: this.leads.parts(),
    };
  }

  /** Whole numbers, counts and lists: merged in key order, the parts give what one builder would have found. */
  merge(parts: BaselineParts): void {
    this.customers += parts.customers;
    this.buyers += parts.buyers;
    this.noteSpan(parts.firstPurchaseDay, parts.lastPurchaseDay);
    for (const sum of ['revenue', 'directCost', 'orders', 'serve'] as const) {
      this.year[sum] += parts.year[sum];
    }
    for (const entry of ranksOfColumns(parts.entries)) this.entries.push(entry);
    this.gaps.merge(parts.gaps);
    this.segmentGaps.merge(parts.segmentGaps);
    this.secondPurchases.merge(parts.secondPurchases);
    this.referrals.merge(parts.referrals);
    this.rfm.merge(parts.rfm);
    this.offers.merge(parts.offers);
    this.prices.merge(parts.prices);
    this.leads.merge(parts.leads);
  }

  private noteSpan(first: Day | null, last: Day | null): void {
    const [from, until] = [this.firstPurchaseDay, this.lastPurchaseDay];
    if (first !== null && (from === null || first < from)) this.firstPurchaseDay = first;
    if (last !== null && (until === null || last > until)) this.lastPurchaseDay = last;
  }

  /** Records that were named as referrers: `finish` wants to know which customers they stand for. */
  referrers(): RecordId[] {
    return this.referrals.referrers();
  }

  /** Without a model: whoever has one puts it in. Without `customerOf` every referrer stands for itself. */
  finish(customerOf: ReadonlyMap<RecordId, RecordId> | null = null): Baseline {
    const { tiers, cadence, referral } = this.rules;
    const referrals = this.referrals.result(customerOf, referral.sharePercent);
    const ranked = this.ranked(referrals);
    const population = ranked.length;
    const history = this.firstPurchaseDay === null ? 0 : daysBetween(this.firstPurchaseDay, this.asOf);
    const isEnough = population >= tiers.minPopulation && history >= tiers.minHistoryDays;
    const topSize = shareOf(population, tiers.topPercent);
    return {
      asOf: this.asOf,
      population,
      customers: this.customers,
      ranked,
      topSize,
      goldSize: shareOf(population, tiers.goldPercent),
      goldAvailable: isEnough,
      topAvailable: isEnough,
      goodCut: tiers.goodMinProfit ?? (isEnough ? medianProfit(ranked.slice(topSize)) : null),
      medianGapDays: this.gaps.median(),
      gapCount: this.gaps.size,
      segmentGaps: this.segmentGaps.result(cadence.minGaps),
      secondPurchaseP90Days:
        this.secondPurchases.size >= cadence.minGaps ? this.secondPurchases.percentile(90) : null,
      firstPurchaseDay: this.firstPurchaseDay,
      offers: this.offers.result(),
      lowestPrices: this.prices.result(),
      rfm: this.rfm.cuts(this.rules),
      referrals,
      lastPurchaseDay: this.lastPurchaseDay,
      buyers: this.buyers,
      averages: this.averages(),
      leads: this.leads.result(),
      fit: null,
    };
  }

  private ranked(referrals: Referrals): RankEntry[] {
    const { inTier } = this.rules.contributions;
    const entries = this.entries.map((entry): RankEntry => {
      const credit = rankedCredit(creditOf({ referrals }, entry.id), inTier);
      return credit === 0 ? entry : { ...entry, profit12: minor(entry.profit12 + credit) };
    });
    return entries.sort(compareEntries);
  }
}

/** What adds to the profit of the ranking before anybody's referrals are known. */
function extraOf(facts: CustomerFacts, { contributions }: ScoringRules, span: Span): Minor {
  return contributions.inTier ? contributedIn(facts, contributions, span) : ZERO;
}

/** Where a customer would stand by what the rules rank by; null: not in the population. */
export function standingEntry(
  facts: CustomerFacts,
  window: Ledger,
  baseline: Baseline,
  rules: ScoringRules,
  span: Span,
): RankEntry | null {
  const credit = rankedCredit(creditOf(baseline, facts.key.id), rules.contributions.inTier);
  return rankEntryOf(facts, window, minor(extraOf(facts, rules, span) + credit));
}

/** Median of the positive profits; `ranked` is best first. */
function medianProfit(ranked: readonly RankEntry[]): Minor | null {
  const profits = ranked.map((entry) => entry.profit12).filter((profit) => profit > 0);
  const upper = profits[Math.floor((profits.length - 1) / 2)];
  const lower = profits[Math.floor(profits.length / 2)];
  return upper === undefined || lower === undefined ? null : scaleMinor(minor(upper + lower), 1, 2);
}

// Profits side by side are found several times as fast as entries spread over the heap; they die with their baseline.
const profitsOf = new WeakMap<Baseline, Float64Array>();
function profits(baseline: Baseline): Float64Array {
  const known = profitsOf.get(baseline);
  if (known) return known;
  const made = Float64Array.from(baseline.ranked, (entry) => entry.profit12);
  profitsOf.set(baseline, made);
  return made;
}

/** Number of entries that come before `entry`: by profit, then among those of equal profit by the other rules. */
function countAhead(baseline: Baseline, entry: RankEntry): number {
  const descending = profits(baseline);
  const from = firstIndex(descending.length, (index) => (descending[index] ?? 0) <= entry.profit12);
  const to = firstIndex(descending.length, (index) => (descending[index] ?? 0) < entry.profit12);
  const isBehind = (index: number) => {
    const other = baseline.ranked[from + index];
    return other === undefined || compareEntries(other, entry) >= 0;
  };
  return from + firstIndex(to - from, isBehind);
}

/** The first index in 0..length at which something that stays true becomes true; `length` if it never does. */
function firstIndex(length: number, isTrue: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Rank of a customer among the others: a customer that changed since the baseline is not counted against itself.
 * Looking for its old entry is linear, so it happens only when that entry is not where the new one belongs.
 */
export function rankOf(baseline: Baseline, entry: RankEntry, ownId: RecordId = entry.id): number {
  const { ranked } = baseline;
  const ahead = countAhead(baseline, entry);
  if (ranked[ahead]?.id === ownId) return ahead + 1;
  for (let index = 0; index < ahead; index++) if (ranked[index]?.id === ownId) return ahead;
  return ahead + 1;
}
