import type { CostBasis, CustomerFacts, Day, FactIssue } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import { breakEven } from './break-even.ts';
import { addDays, addMonths } from './calendar.ts';
import { timeCoverage } from './efforts.ts';
import { reason } from './reasons.ts';
import { countedAs, hasServePrices } from './serve-items.ts';
import { isIn, type Ledger, largestCost, ledgerOf, yearUpTo } from './sums.ts';
import type { Standing, SteadyTier } from './tiers.ts';

/** Why the tier and the money are what they are. */

export interface ValueInput {
  readonly facts: CustomerFacts;
  readonly window: Ledger;
  readonly raw: Standing;
  readonly shown: SteadyTier;
  readonly baseline: Baseline;
  readonly rules: ScoringRules;
  readonly asOf: Day;
  readonly lastPurchase: Day | null;
}

export function valueReasons(input: ValueInput): Reason[] {
  return [...tierReasons(input), ...goldReasons(input), ...moneyReasons(input)];
}

function tierReasons(input: ValueInput): Reason[] {
  const { raw, shown, baseline, rules } = input;
  const reasons = [shownTier(input)];
  if (raw.tier === 'loss_making') reasons.push(breakEven(input));
  if (shown.tier !== raw.tier) {
    const isHeldBack = raw.tier === 'loss_making' && shown.tier === 'marginal';
    reasons.push(
      isHeldBack
        ? reason('tier.loss_held_back', { monthEnds: shown.lossMonthEnds.length })
        : reason('tier.kept', { raw: raw.tier, since: shown.lowerSince[0] ?? null }),
    );
  }
  if (shown.tier !== 'none' && !baseline.topAvailable) {
    reasons.push(
      reason('tier.too_few', {
        population: baseline.population,
        minPopulation: rules.tiers.minPopulation,
        minHistoryDays: rules.tiers.minHistoryDays,
      }),
    );
  }
  return reasons;
}

function shownTier({ facts, window, raw, shown, baseline, rules, asOf, lastPurchase }: ValueInput): Reason {
  const { profit } = window;
  const place = { rank: raw.rank, population: baseline.population };
  switch (shown.tier) {
    case 'none':
      if (facts.valueIncomplete && lastPurchase === null) {
        const isForeign = withheldDeals(facts, 'foreign_currency_withheld').length > 0;
        return reason(isForeign ? 'tier.none.withheld' : 'tier.none.out_of_range');
      }
      if (lastPurchase === null) return reason('tier.none.never_bought');
      return reason('tier.none.no_business', { last: lastPurchase, after: addMonths(asOf, -12) });
    case 'top': {
      const cut = baseline.ranked[baseline.topSize - 1]?.profit12 ?? null;
      return reason('tier.top', { profit, cut, percent: rules.tiers.topPercent, ...place });
    }
    case 'good':
      return reason('tier.good', { profit, cut: baseline.goodCut, ...place });
    case 'marginal':
      return reason('tier.marginal', { profit, cut: baseline.goodCut, ...place });
    case 'loss_making':
      return reason('tier.loss_making', { profit, ...largestCost(window), ...place });
  }
}

function goldReasons({ raw, shown, baseline, rules, window }: ValueInput): Reason[] {
  if (!baseline.goldAvailable || shown.tier === 'none') return [];
  const cut = baseline.ranked[baseline.goldSize - 1]?.profit12 ?? null;
  const params = { profit: window.profit, cut, percent: rules.tiers.goldPercent, rank: raw.rank };
  if (shown.gold) return [reason(raw.gold ? 'gold.yes' : 'gold.kept', params)];
  return shown.tier === 'top' ? [reason('gold.no', params)] : [];
}

function withheldDeals(facts: CustomerFacts, why: FactIssue) {
  return facts.issues.flatMap(({ issue, recordId }) =>
    issue === why ? [{ module: 'Deals' as const, id: recordId }] : [],
  );
}

function moneyReasons(input: ValueInput): Reason[] {
  const { facts, window, rules, asOf, lastPurchase } = input;
  const reasons: Reason[] = [];
  const foreign = withheldDeals(facts, 'foreign_currency_withheld');
  if (foreign.length > 0) reasons.push(reason('money.withheld', { deals: foreign.length }, foreign));
  const huge = withheldDeals(facts, 'amount_out_of_range');
  if (huge.length > 0) reasons.push(reason('money.out_of_range', { deals: huge.length }, huge));
  const count = (wanted: FactIssue) => facts.issues.filter(({ issue }) => issue === wanted).length;
  const documents = count('foreign_document_withheld');
  const costs = count('foreign_cost_withheld');
  if (documents + costs > 0) reasons.push(reason('money.imports_withheld', { documents, costs }));
  if (lastPurchase === null && !window.hasBooking && window.costToServe === 0) return reasons;
  const { revenue, directCost, costToServe, profit } = window;
  const from = addDays(addMonths(asOf, -12), 1);
  reasons.unshift(reason('money.window', { from, to: asOf, revenue, directCost, costToServe, profit }));
  for (const { item, count, amount } of window.serve) {
    reasons.push(reason('money.serve', { item, ...countedAs(item, count, rules.money), amount }));
  }
  const isServed = (wanted: string) => window.serve.some(({ item }) => item === wanted);
  if (isServed('cases') && isServed('service_minutes')) reasons.push(reason('money.case_and_minutes'));
  if (window.acquisition !== 0 && !rules.money.includeAcquisition) {
    reasons.push(reason('money.acquisition', { amount: window.acquisition }));
  }
  const { known, activities } = timeCoverage(facts, yearUpTo(asOf));
  if (activities > 0) reasons.push(reason('money.time', { known, activities }));
  if (!hasServePrices(rules.money) && window.serve.length === 0 && facts.costs.length === 0)
    reasons.push(reason('money.before_serve'));
  reasons.push(...documentReasons(input));
  if (facts.purchases.some(({ costBasis }) => costBasis === 'default')) {
    reasons.push(reason('money.default_margin', { percent: rules.money.defaultMarginPercent }));
  }
  return [...reasons, ...otherYears(input)];
}

/** What of the window comes from imported files, and on what the costs of those lines rest. */
function documentReasons({ facts, asOf }: ValueInput): Reason[] {
  const span = yearUpTo(asOf);
  const documents = facts.purchases.filter(({ day, lines }) => lines !== undefined && isIn(day, span));
  const billed = facts.issues.filter(({ issue }) => issue === 'deal_billed');
  const reasons: Reason[] = [];
  if (documents.length > 0) {
    const sumOf = (list: typeof documents) => list.reduce((sum, { revenue }) => sum + revenue, 0);
    const credits = documents.filter(({ revenue }) => revenue < 0);
    const invoices = documents.filter(({ revenue }) => revenue >= 0);
    const linesOf = (basis: CostBasis) =>
      documents.reduce((count, { lines }) => count + (lines?.[basis] ?? 0), 0);
    reasons.push(
      reason('money.documents', {
        invoices: invoices.length,
        invoiced: sumOf(invoices),
        credits: credits.length,
        credited: -sumOf(credits),
      }),
      reason('money.line_costs', {
        line: linesOf('line'),
        product: linesOf('product'),
        group: linesOf('group'),
        default: linesOf('default'),
      }),
    );
  }
  if (billed.length > 0) {
    const records = billed.map(({ recordId }) => ({ module: 'Deals', id: recordId }) as const);
    reasons.push(reason('money.billed', { deals: billed.length }, records));
  }
  if (facts.issues.some(({ issue }) => issue === 'unbilled_document')) reasons.push(reason('money.unbilled'));
  return reasons;
}

/** The same months a year before, the last full calendar year, and the current one so far. */
function otherYears({ facts, rules, asOf }: ValueInput): Reason[] {
  const year = Number(asOf.slice(0, 4));
  const newYear = `${year - 1}-12-31`;
  const before = ledgerOf(facts, rules, yearUpTo(addMonths(asOf, -12)));
  const lastYear = ledgerOf(facts, rules, { after: `${year - 2}-12-31`, upTo: newYear });
  const toDate = ledgerOf(facts, rules, { after: newYear, upTo: asOf });
  return [
    reason('money.year_before', { revenue: before.revenue, profit: before.profit }),
    reason('money.last_year', { year: String(year - 1), revenue: lastYear.revenue, profit: lastYear.profit }),
    reason('money.year_to_date', { year: String(year), revenue: toDate.revenue, profit: toDate.profit }),
  ];
}
