import type { CustomerFacts, Day, Minor, Phase, SubPhase } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addMonths, dayFromNumber, dayNumber } from './calendar.ts';
import type { Contact } from './contact.ts';
import { aliveOn } from './models/outlook.ts';
import { believedAlive, type CustomerOutlook, sinceWhen } from './outlook.ts';
import { reason } from './reasons.ts';
import { isClosedDown, returnSignAfter } from './return-signs.ts';
import { dayAtRatio, isAtRatio, leavingSignals, type Signals } from './signals.ts';
import { ledgerOf, yearUpTo } from './sums.ts';
import { isGood } from './tiers.ts';

/** Lifecycle phase by cadence and facts: the first rule of docs/scoring.md, "Phase", that holds. */

export interface PhaseInput {
  readonly facts: CustomerFacts;
  /** Null: never bought. */
  readonly cadence: Cadence | null;
  readonly contact: Contact;
  readonly baseline: Baseline;
  readonly rules: ScoringRules;
  readonly asOf: Day;
  /** Null: no model speaks of this customer. */
  readonly outlook: CustomerOutlook | null;
}
export interface ComputedPhase {
  readonly phase: Phase;
  /** Day on which the facts made it so; null where no single day did. */
  readonly since: Day | null;
  readonly reasons: readonly Reason[];
}

export function computePhase(input: PhaseInput): ComputedPhase {
  const { facts, cadence } = input;
  if (cadence === null) return { phase: 'prospect', since: facts.createdDay, reasons: [] };
  const buyer = { ...input, cadence };
  const lost = lostSince(buyer);
  const [deal] = facts.openDeals;
  const signals = leavingSignals(buyer);
  if (lost !== null && !deal) return { phase: 'lost', since: lost.since, reasons: [lost.reason] };
  if (lost !== null && deal) {
    const blocked = reason('phase.open_deal_blocks_lost', { deal: deal.name }, [
      { module: deal.module ?? 'Deals', id: deal.id },
    ]);
    return { phase: 'leaving', since: signals.since ?? lost.since, reasons: [lost.reason, blocked] };
  }
  if (isLeaving(signals, cadence)) {
    const reasons = [...signals.hard, ...signals.soft, ...aliveBlocksLost(buyer)];
    return { phase: 'leaving', since: signals.since, reasons };
  }
  const kept = signals.soft;
  const fresh = newSince(buyer);
  if (fresh !== null) return { phase: 'new', since: fresh.since, reasons: [fresh.reason, ...kept] };
  if (isLoyal(buyer, signals)) return { phase: 'loyal', since: null, reasons: kept };
  return { phase: 'established', since: null, reasons: kept };
}

type BuyerInput = PhaseInput & { readonly cadence: Cadence };

/** A purchase never makes anybody leave: on its own day the signals are listed and do not count. */
function isLeaving({ hard, soft }: Signals, { sinceLastDays }: Cadence): boolean {
  return sinceLastDays > 0 && (hard.length >= 1 || soft.length >= 2);
}

/** Overdue beyond all measure, or silent for years; whichever came first. */
const ALIVE_IF_LOST = 0.2;
/** The first day on which the model gave up on the customer; null where it does not say. */
function goneSince(outlook: CustomerOutlook | null): Day | null {
  const alive = believedAlive(outlook);
  if (outlook === null || alive === null || alive >= ALIVE_IF_LOST) return null;
  const { fit, days } = outlook;
  return sinceWhen(outlook, (day) => (aliveOn(fit, days, day) ?? 1) < ALIVE_IF_LOST);
}
function laterOf(day: Day, other: Day | null): Day {
  return other !== null && other > day ? other : day;
}

/** Overdue enough to be lost, but the model says that silences like this are this customer's way. */
function aliveBlocksLost({ cadence, rules, outlook }: BuyerInput): Reason[] {
  const alive = believedAlive(outlook);
  if (alive === null || !isAtRatio(cadence, rules.phases.lostRatio * cadence.ratioFactor)) return [];
  return [reason('phase.alive_blocks_lost', { alive: Math.round(alive * 100) })];
}

function lostSince({
  cadence,
  rules,
  outlook,
}: Pick<BuyerInput, 'cadence' | 'rules' | 'outlook'>): { since: Day; reason: Reason } | null {
  const limit = rules.phases.lostRatio * cadence.ratioFactor;
  const last = dayFromNumber(cadence.days.at(-1) ?? 0);
  const overdueSince = laterOf(dayAtRatio(cadence, limit), goneSince(outlook));
  const silentSince = dayFromNumber((cadence.days.at(-1) ?? 0) + rules.phases.lostDays + 1);
  const isBelievedAlive = (believedAlive(outlook) ?? 0) >= ALIVE_IF_LOST;
  if (!isBelievedAlive && isAtRatio(cadence, limit) && overdueSince <= silentSince) {
    return { since: overdueSince, reason: reason('phase.lost.overdue', { last, limit }) };
  }
  if (cadence.sinceLastDays <= rules.phases.lostDays) return null;
  return {
    since: silentSince,
    reason: reason('phase.lost.silence', { last, limitDays: rules.phases.lostDays }),
  };
}

function newSince(input: BuyerInput): { since: Day; reason: Reason } | null {
  const { cadence, rules, asOf } = input;
  const [first = 0] = cadence.days;
  const newDays = Math.max(rules.phases.newDays, cadence.intervalDays);
  const { returnedOn } = cadence;
  if (returnedOn !== null && dayNumber(asOf) - returnedOn < newDays) {
    const on = dayFromNumber(returnedOn);
    return { since: on, reason: reason('phase.new.won_back', { on }) };
  }
  const on = dayFromNumber(first);
  if (cadence.sinceFirstDays < newDays) return { since: on, reason: reason('phase.new.first', { on }) };
  if (cadence.days.length === 1) return { since: on, reason: reason('phase.new.single', { on }) };
  return null;
}

const LOYAL_PURCHASES = 4;
const LOYAL_RATIO = 1.5;
const LOYAL_ALIVE = 0.8;
const LOYAL_WINDOWS = 4;
const LOYAL_WINDOW_DAYS = 90;
const LOYAL_FILLED_WINDOWS = 3;

function isLoyal({ cadence, rules, asOf, outlook }: BuyerInput, signals: Signals): boolean {
  const [first = 0] = cadence.days;
  if (cadence.days.length < LOYAL_PURCHASES || signals.isSevere) return false;
  if ((believedAlive(outlook) ?? 1) < LOYAL_ALIVE) return false;
  if (addMonths(dayFromNumber(first), rules.phases.loyalMonths) > asOf) return false;
  if (cadence.sinceLastDays > LOYAL_RATIO * cadence.ratioFactor * cadence.intervalDays) return false;
  const windowDays = Math.max(cadence.intervalDays, LOYAL_WINDOW_DAYS);
  const today = dayNumber(asOf);
  const filled = new Set(
    cadence.days
      .map((day) => Math.floor((today - day) / windowDays))
      .filter((window) => window < LOYAL_WINDOWS),
  );
  return filled.size >= LOYAL_FILLED_WINDOWS;
}

export function subPhaseOf(phase: Phase, input: PhaseInput): SubPhase | null {
  const { facts, cadence, contact, rules } = input;
  if (phase === 'prospect') {
    if (facts.openDeals.length > 0) return 'open_deal';
    if (contact.gapDays === null) return 'cold';
    return contact.gapDays > rules.phases.dormantDays ? 'dormant' : 'contacted';
  }
  if (cadence === null) return null;
  if (phase === 'new') {
    if (cadence.returnedOn !== null) return 'won_back';
    if (cadence.days.length === 1) return 'first_order';
    return cadence.days.length === 2 ? 'second_order' : null;
  }
  if (phase !== 'lost' || isClosedDown(facts)) return null;
  const buyer = { ...input, cadence };
  return returnSign(buyer) !== null || winBackWorth(buyer) !== null ? 'win_back' : null;
}

/** Of a customer that was lost: since then, and no longer ago than win-backs are tried. */
export function returnSign(input: BuyerInput): Reason | null {
  const since = lostSince(input)?.since;
  if (since === undefined) return null;
  const oldest = addMonths(input.asOf, -input.rules.phases.winBackMonths);
  const [, from = since] = [since, oldest].sort();
  return returnSignAfter(input.facts, from);
}

/** Profit of the best 12 months, where that was a top or good year and the loss is recent enough; else null. */
export function winBackWorth({ facts, cadence, baseline, rules, asOf, outlook }: BuyerInput): Minor | null {
  const since = lostSince({ cadence, rules, outlook })?.since ?? asOf;
  if (addMonths(since, rules.phases.winBackMonths) < asOf) return null;
  let best: Minor | null = null;
  for (const end of new Set(facts.purchases.map((purchase) => purchase.day))) {
    const { profit } = ledgerOf(facts, rules, yearUpTo(end));
    if (best === null || profit > best) best = profit;
  }
  if (best === null || best <= 0) return null;
  const topCut = baseline.topAvailable ? baseline.ranked[baseline.topSize - 1]?.profit12 : undefined;
  return (topCut !== undefined && best >= topCut) || isGood(best, baseline) ? best : null;
}
