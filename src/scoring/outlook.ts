import type { CustomerFacts, Day, Minor } from '../domain.ts';
import { minor } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, ModelFit, Reason } from '../scores.ts';
import { bookingsOf } from './bookings.ts';
import type { Cadence } from './cadence.ts';
import { dayFromNumber, dayNumber } from './calendar.ts';
import { runningContract } from './contract.ts';
import { isPoorly } from './models/backtest.ts';
import { meanRepeatValue } from './models/fit-data.ts';
import { dayHistory } from './models/histories.ts';
import { chanceOn, type Outlook, outlookOf } from './models/outlook.ts';
import { HORIZON_DAYS } from './models/time.ts';
import { reason } from './reasons.ts';
import { SERVE_BY_ORDER } from './serve-items.ts';
import { type Ledger, ledgerOf } from './sums.ts';

/** What the purchase model says of one customer: whether still one, what comes in 12 months, and what it earns. */

export interface CustomerOutlook extends Outlook {
  readonly fit: ModelFit;
  /** Days since 1970: the purchases, and until when the model counts. */
  readonly days: readonly number[];
  readonly until: number;
  /** P(at least one purchase in 90 days) as it stood 90 days ago; null: no customer then. */
  readonly chanceBefore: number | null;
}

export interface OutlookInput {
  readonly facts: CustomerFacts;
  readonly cadence: Cadence | null;
  readonly baseline: Baseline;
  readonly rules: ScoringRules;
  readonly asOf: Day;
}

/** Null: never bought, amounts withheld, under contract (no model of free buyers fits), or no model for anybody. */
export function customerOutlook({
  facts,
  cadence,
  baseline,
  rules,
  asOf,
}: OutlookInput): CustomerOutlook | null {
  const { fit, lastPurchaseDay } = baseline;
  if (cadence === null || fit === null || facts.valueIncomplete) return null;
  if (runningContract(facts, asOf) !== null) return null;
  const bookings = bookingsOf(facts);
  const own = bookings.days.at(-1) ?? 0;
  // Beyond the last purchase of anybody the data may simply not be in yet: nobody grows silent by that.
  const known = lastPurchaseDay === null ? own : Math.max(own, dayNumber(lastPurchaseDay));
  const until = Math.min(dayNumber(asOf), known);
  const history = dayHistory(bookings.days, until);
  const spent = { mean: meanRepeatValue(bookings, until), segment: facts.segment };
  const outlook = history && outlookOf(fit, history, spent, rules.models);
  if (!outlook) return null;
  const { days } = bookings;
  return { ...outlook, fit, days, until, chanceBefore: chanceOn(fit, days, until - HORIZON_DAYS) };
}

/** P(alive) where the model may be believed about it; phases use nothing else of it. */
export function believedAlive(outlook: CustomerOutlook | null): number | null {
  return outlook?.fit.status === 'ok' ? outlook.alive : null;
}

/** The first day since the last purchase on which `has` holds; it stays true once it is. */
export function sinceWhen(outlook: CustomerOutlook, has: (day: number) => boolean): Day {
  let low = outlook.days.at(-1) ?? outlook.until;
  let high = outlook.until;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (has(middle)) high = middle;
    else low = middle + 1;
  }
  return dayFromNumber(low);
}

export interface ExpectedProfit {
  readonly profit: Minor;
  readonly low: Minor;
  readonly high: Minor;
  /** Whether any purchase is expected at all. */
  readonly isBusiness: boolean;
  readonly reasons: readonly Reason[];
}

const MARGIN_WEIGHT = 3;

/**
 * Discounted purchases x (value x margin - cost of an order) - the part of the cost to serve that comes with the relation,
 * as often as there is one. Own margin and cost, the margin drawn towards that of all like three orders of its kind.
 */
export function expectedProfit(
  outlook: CustomerOutlook,
  input: OutlookInput & {
    readonly window: Ledger;
    readonly isLostByRhythm: boolean;
    /** Closed, or its contract ended: whatever a rhythm says, nothing comes. */
    readonly hasEnded: boolean;
  },
): ExpectedProfit {
  const { facts, baseline, rules, asOf, window } = input;
  if (input.hasEnded) return nothingBecause('outlook.ended');
  if (outlook.alive === null && input.isLostByRhythm) return nothingBecause('outlook.lost_by_rhythm');
  const value = outlook.value * 100;
  const all = ledgerOf(facts, rules, { after: null, upTo: asOf });
  const weight = MARGIN_WEIGHT * value;
  const earned = Math.max(0, all.revenue) + weight;
  const margin =
    all.revenue > 0 && earned > 0
      ? (all.revenue - all.directCost + weight * baseline.averages.margin) / earned
      : baseline.averages.margin;
  const { perOrder, fixed } = serveParts(window, baseline);
  const unit = value * margin - perOrder;
  const at = (orders: number, chance: number) => amount(orders * unit - fixed * chance);
  const profit = at(outlook.purchases12, outlook.chance12);
  const ends = [at(outlook.low, outlook.low > 0 ? 1 : 0), at(outlook.high, outlook.high > 0 ? 1 : 0), profit];
  const low = minor(Math.min(...ends));
  const high = minor(Math.max(...ends));
  const serve = amount(outlook.purchases12 * perOrder + fixed * outlook.chance12);
  const params = {
    profit,
    low,
    high,
    orders: hundredths(outlook.purchases12),
    value: amount(value),
    margin: tenths(100 * margin),
    serve: serve === 0 ? null : serve,
    range: rules.models.rangePercent,
  };
  const reasons = [reason('outlook.profit', params)];
  if (outlook.value <= 0) reasons.push(reason('outlook.given_back'));
  return { profit, low, high, isBusiness: true, reasons };
}

export function nothingBecause(code: 'outlook.ended' | 'outlook.lost_by_rhythm'): ExpectedProfit {
  const nothing = minor(0);
  return { profit: nothing, low: nothing, high: nothing, isBusiness: false, reasons: [reason(code)] };
}

/** Cost to serve of the last 12 months: what comes with orders, by order, and the rest. */
function serveParts(window: Ledger, baseline: Baseline): { perOrder: number; fixed: number } {
  let [byOrder, fixed] = [0, 0];
  for (const { item, amount: cost } of window.serve) {
    if (SERVE_BY_ORDER.has(item)) byOrder += cost;
    else if (item !== 'cost_acquisition') fixed += cost;
  }
  const perOrder = window.orders > 0 ? byOrder / window.orders : baseline.averages.servePerOrder;
  return { perOrder, fixed };
}

const MOST = Number.MAX_SAFE_INTEGER;
function amount(value: number): Minor {
  return minor(Math.max(-MOST, Math.min(MOST, Math.round(value))));
}
const tenths = (value: number): number => Math.round(value * 10) / 10;
const hundredths = (value: number): number => Math.round(value * 100) / 100;
const percent = (chance: number): number => Math.round(chance * 100);

/** What is known of the fit, and of this customer by it. */
export function outlookReasons(
  outlook: CustomerOutlook | null,
  { baseline, cadence, facts, rules, churn }: OutlookInput & { readonly churn: number | null },
): Reason[] {
  if (cadence === null) return [];
  const { fit } = baseline;
  if (fit === null) return [reason('model.none')];
  if (fit.status === 'not enough data') {
    const missing = fit.gates.find(({ isMet }) => !isMet);
    return [
      reason('model.not_enough', {
        gate: missing?.gate ?? null,
        value: missing?.value ?? null,
        limit: missing?.limit ?? null,
      }),
    ];
  }
  if (facts.valueIncomplete) return [reason('model.withheld')];
  const reasons: Reason[] = [];
  if (outlook) {
    if (churn !== null) {
      reasons.push(reason('outlook.chance', { chance: percent(1 - churn), days: HORIZON_DAYS }));
    }
    const alive = believedAlive(outlook);
    if (alive !== null) {
      reasons.push(reason('outlook.alive', { alive: percent(alive), silence: percent(outlook.silence) }));
    }
  } else reasons.push(reason('model.no_repeat'));
  return [...reasons, ...fitReasons(fit, rules.models)];
}

function fitReasons(
  { model, status, asOf, id, backtest, data }: ModelFit,
  rules: ScoringRules['models'],
): Reason[] {
  const error = backtest?.totalErrorPercent ?? null;
  const known = {
    model,
    on: asOf,
    fit: id,
    buyers: data.buyers,
    error: error === null ? null : Math.round(error),
  };
  const reasons = [reason('model.fit', known)];
  if (status === 'no-dropout') reasons.push(reason('model.no_dropout'));
  if (backtest && isPoorly(backtest, rules)) reasons.push(reason('model.low_confidence'));
  return reasons;
}
