import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addDays, dayFromNumber } from './calendar.ts';
import { contractInForce } from './contract.ts';
import { aliveOn } from './models/outlook.ts';
import { believedAlive, type CustomerOutlook, sinceWhen } from './outlook.ts';
import { reason } from './reasons.ts';
import { dayAtRatio, isAtRatio } from './signals.ts';

/** When a buyer is lost: its contract ended, or it is overdue beyond all measure, or silent for years. */

export interface LostInput {
  readonly facts: CustomerFacts;
  readonly cadence: Cadence;
  readonly rules: ScoringRules;
  readonly asOf: Day;
  /** Null: no model speaks of this customer. */
  readonly outlook: CustomerOutlook | null;
}
interface Lost {
  readonly since: Day;
  readonly reason: Reason;
  /** By the end of a contract, which is no matter of judgement. */
  readonly isByContract: boolean;
}

const ALIVE_IF_LOST = 0.2;

export function lostSince({ facts, cadence, rules, asOf, outlook }: LostInput): Lost | null {
  const last = dayFromNumber(cadence.days.at(-1) ?? 0);
  const end = contractInForce(facts, last)?.endDay ?? null;
  if (end !== null) {
    if (end >= asOf) return null;
    return {
      since: addDays(end, 1),
      reason: reason('phase.lost.contract_ended', { end }),
      isByContract: true,
    };
  }
  const limit = rules.phases.lostRatio * cadence.ratioFactor;
  const overdueSince = laterOf(dayAtRatio(cadence, limit), goneSince(outlook));
  const silentSince = addDays(last, rules.phases.lostDays + 1);
  const isBelievedAlive = (believedAlive(outlook) ?? 0) >= ALIVE_IF_LOST;
  if (!isBelievedAlive && isAtRatio(cadence, limit) && overdueSince <= silentSince) {
    const overdue = reason('phase.lost.overdue', { last, limit });
    return { since: overdueSince, reason: overdue, isByContract: false };
  }
  if (cadence.sinceLastDays <= rules.phases.lostDays) return null;
  return {
    since: silentSince,
    reason: reason('phase.lost.silence', { last, limitDays: rules.phases.lostDays }),
    isByContract: false,
  };
}

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

/** Overdue enough to be lost, but under contract, or the model says that silences like this are this customer's way. */
export function notLostBecause({ facts, cadence, rules, outlook }: LostInput): Reason[] {
  const isOverdue = isAtRatio(cadence, rules.phases.lostRatio * cadence.ratioFactor);
  const end = contractInForce(facts, dayFromNumber(cadence.days.at(-1) ?? 0))?.endDay ?? null;
  if (end !== null) {
    const isSilent = cadence.sinceLastDays > rules.phases.lostDays;
    return isOverdue || isSilent ? [reason('phase.contract_blocks_lost', { end })] : [];
  }
  const alive = believedAlive(outlook);
  if (alive === null || !isOverdue) return [];
  return [reason('phase.alive_blocks_lost', { alive: Math.round(alive * 100) })];
}
