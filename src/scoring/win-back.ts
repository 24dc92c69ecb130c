import type { CustomerFacts, Day, Minor } from '../domain.ts';
import { minor } from '../money.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import { addMonths } from './calendar.ts';
import { type LostInput, lostSince } from './lost.ts';
import { reason } from './reasons.ts';
import { returnSignAfter } from './return-signs.ts';
import { ledgerOf, yearUpTo } from './sums.ts';
import { isGood } from './tiers.ts';

/** Which lost customers are worth winning back, and whether somebody is at it (docs/scoring.md, "Phase"). */

export interface WinBackInput extends LostInput {
  readonly baseline: Baseline;
}

/** Nobody wins back whom we sent away ourselves. */
export function isRefused(
  { inputs, lostDeals }: Pick<CustomerFacts, 'inputs' | 'lostDeals'>,
  { phases }: ScoringRules,
): boolean {
  const why = (inputs.reasonLeft ?? lostDeals.at(-1)?.reason ?? '').toLowerCase();
  return phases.refusalReasons.some((word) => why.includes(word));
}

/** Of a customer that was lost: since then, and no longer ago than win-backs are tried. */
export function returnSign(input: LostInput): Reason | null {
  const since = lostSince(input)?.since;
  if (since === undefined) return null;
  const oldest = addMonths(input.asOf, -input.rules.phases.winBackMonths);
  const [, from = since] = [since, oldest].sort();
  return returnSignAfter(input.facts, from);
}

/** Why it is worth the effort: what it brought, where the loss is recent enough; null: it is not. */
export function winBackWorth(input: WinBackInput): Reason | null {
  const { facts, baseline, rules, asOf } = input;
  const since = lostSince(input)?.since ?? asOf;
  if (addMonths(since, rules.phases.winBackMonths) < asOf) return null;
  const best = bestYear(facts, rules);
  if (best !== null && wouldBeGood(best, baseline)) return reason('phase.lost.win_back', { profit: best });
  const cost = rules.phases.winBackCost;
  const usual = usualYear(input);
  if (cost === null || usual <= cost) return null;
  return reason('phase.lost.win_back_pays', { profit: usual, cost });
}

function bestYear(facts: CustomerFacts, rules: ScoringRules): Minor | null {
  let best: Minor | null = null;
  for (const end of new Set(facts.purchases.map((purchase) => purchase.day))) {
    const { profit } = ledgerOf(facts, rules, yearUpTo(end));
    if (best === null || profit > best) best = profit;
  }
  return best;
}

function wouldBeGood(profit: Minor, baseline: Baseline): boolean {
  if (profit <= 0) return false;
  const topCut = baseline.topAvailable ? baseline.ranked[baseline.topSize - 1]?.profit12 : undefined;
  return (topCut !== undefined && profit >= topCut) || isGood(profit, baseline);
}

const YEAR_DAYS = 365;
/** What it earned in a year on average, from its first purchase to the end of the last one's interval; a year at least. */
function usualYear({ facts, cadence, rules, asOf }: WinBackInput): Minor {
  const { profit } = ledgerOf(facts, rules, { after: null, upTo: asOf });
  const [first = 0] = cadence.days;
  const lasted = (cadence.days.at(-1) ?? first) - first + cadence.intervalDays;
  return minor(Math.round(profit * Math.min(1, YEAR_DAYS / lasted)));
}

/** Contacts of a win-back come 3, 6 and 12 months after the loss: six months without any, and nobody is at it. */
const AT_IT_MONTHS = 6;

/**
 * Everything that shows that somebody is at it since the loss, each with its newest day. All of it and not the first
 * alone: which of the tasks are reminders of ours is not known here, and one of these may hide nothing else.
 */
export function winBackRunning(input: LostInput): Reason[] {
  const { facts, asOf } = input;
  const since = lostSince(input)?.since;
  if (since === undefined) return [];
  const found: Reason[] = [];
  const deal = facts.openDeals.findLast(({ createdDay }) => createdDay > since);
  if (deal) {
    const record = { module: deal.module ?? ('Deals' as const), id: deal.id };
    found.push(reason('phase.lost.running_deal', { deal: deal.name, on: deal.createdDay }, [record]));
  }
  const tasks = facts.openTasks.filter(({ createdDay }) => createdDay > since);
  const newest = tasks.at(-1);
  if (newest) {
    const records = tasks.map(({ id }) => ({ module: 'Tasks' as const, id }));
    const params = { subject: newest.subject, on: newest.createdDay };
    found.push(reason('phase.lost.running_task', params, records));
  }
  const [appointment] = facts.appointments;
  if (appointment !== undefined) found.push(reason('phase.lost.running_appointment', { on: appointment }));
  const from = laterOf(since, addMonths(asOf, -AT_IT_MONTHS));
  const tried = facts.touches.findLast(({ day, direction }) => direction !== 'in' && day > from);
  if (tried) found.push(reason('phase.lost.running_touch', { on: tried.day }));
  return found;
}

function laterOf(day: Day, other: Day): Day {
  return other > day ? other : day;
}
