import type { CustomerFacts, Day, Phase, SubPhase } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addMonths, dayFromNumber, dayNumber } from './calendar.ts';
import type { Contact } from './contact.ts';
import { lostSince, notLostBecause } from './lost.ts';
import { believedAlive, type CustomerOutlook } from './outlook.ts';
import { reason } from './reasons.ts';
import { leavingSignals, type Signals } from './signals.ts';
import { isRefused, returnSign, winBackRunning, winBackWorth } from './win-back.ts';

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
  /** By a fact that needs no second date: closed, notice, end of a contract. */
  readonly isAtOnce: boolean;
}

export function computePhase(input: PhaseInput): ComputedPhase {
  const { facts, cadence } = input;
  if (facts.closed !== null) {
    const reasons = [reason('phase.lost.closed', { word: facts.closed.word })];
    return { phase: 'lost', since: null, reasons, isAtOnce: true };
  }
  if (cadence === null) {
    return { phase: 'prospect', since: facts.createdDay, reasons: [], isAtOnce: false };
  }
  const buyer = { ...input, cadence };
  const signals = leavingSignals(buyer);
  return lostOrLeaving(buyer, signals) ?? settled(buyer, signals);
}

type BuyerInput = PhaseInput & { readonly cadence: Cadence };

function lostOrLeaving(buyer: BuyerInput, signals: Signals): ComputedPhase | null {
  const lost = lostSince(buyer);
  const [deal] = buyer.facts.openDeals;
  if (lost !== null) {
    const { since, isByContract: isAtOnce } = lost;
    if (!deal) return { phase: 'lost', since, reasons: [lost.reason], isAtOnce };
    const blocked = reason('phase.open_deal_blocks_lost', { deal: deal.name }, [
      { module: deal.module ?? 'Deals', id: deal.id },
    ]);
    return { phase: 'leaving', since: signals.since ?? since, reasons: [lost.reason, blocked], isAtOnce };
  }
  if (!isLeaving(signals, buyer.cadence)) return null;
  return {
    phase: 'leaving',
    since: signals.since,
    reasons: [...signals.hard, ...signals.soft, ...notLostBecause(buyer)],
    isAtOnce: signals.contract.length > 0,
  };
}

function settled(buyer: BuyerInput, signals: Signals): ComputedPhase {
  const kept = signals.soft;
  const fresh = newSince(buyer);
  const isAtOnce = false;
  if (fresh !== null) {
    return { phase: 'new', since: fresh.since, reasons: [fresh.reason, ...kept], isAtOnce };
  }
  if (isLoyal(buyer, signals)) return { phase: 'loyal', since: null, reasons: kept, isAtOnce };
  return { phase: 'established', since: null, reasons: kept, isAtOnce };
}

/**
 * A purchase never makes anybody leave: on its own day the signals are listed and do not count. A notice and the end of a
 * contract do, as they did the day before; but not on the day of the first purchase, before which there was no customer.
 */
function isLeaving({ contract, hard, soft }: Signals, { sinceFirstDays, sinceLastDays }: Cadence): boolean {
  if (sinceLastDays > 0) return hard.length >= 1 || soft.length >= 2;
  return sinceFirstDays > 0 && contract.length > 0;
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
  if (facts.closed !== null && phase === 'lost') return 'closed';
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
  if (phase !== 'lost' || isRefused(facts, rules)) return null;
  const buyer = { ...input, cadence };
  if (returnSign(buyer) === null && winBackWorth(buyer) === null) return null;
  return winBackRunning(buyer).length === 0 ? 'win_back' : 'win_back_running';
}
