import type { CustomerFacts, Day, Phase, SubPhase, Tier } from '../domain.ts';
import type { Baseline, Reason, Score } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addDays, addMonths } from './calendar.ts';
import type { Contact } from './contact.ts';
import { offerFor } from './offers.ts';
import { reason } from './reasons.ts';
import { isPastDue } from './signals.ts';
import { type CostItem, type Ledger, largestCost } from './sums.ts';

/**
 * What to do next: by phase, then tier, then reason (docs/scoring.md). All dates come from facts, so that a step stays
 * the same from day to day until something happens.
 */
export interface NextStepInput {
  readonly facts: CustomerFacts;
  readonly baseline: Baseline;
  readonly phase: Phase;
  readonly subPhase: SubPhase | null;
  readonly phaseSince: Day;
  readonly tier: Tier;
  readonly gold: boolean;
  readonly window: Ledger;
  readonly cadence: Cadence | null;
  readonly lastPurchase: Day | null;
  readonly contact: Contact;
  readonly asOf: Day;
  readonly effort: Score['effort'];
}

export function nextStepOf(input: NextStepInput): Reason {
  const { phase, tier } = input;
  if (phase === 'prospect') return prospectStep(input);
  if (phase === 'lost') return lostStep(input);
  if (phase === 'leaving') return leavingStep(input);
  if (tier === 'loss_making') {
    const { item } = largestCost(input.window);
    return reason('next.loss_making.talk', { topic: topicOf(item), item });
  }
  if (phase === 'new') return newStep(input);
  if (phase === 'loyal' && input.gold) return reason('next.loyal.thank');
  return rhythmStep(input);
}

/** What to talk about with a customer that makes a loss: what its largest cost comes from. */
function topicOf(item: CostItem): 'price' | 'freight' | 'service' | 'payment' | 'terms' {
  switch (item) {
    case 'direct':
      return 'price';
    case 'freight':
    case 'shipments':
    case 'cost_freight':
      return 'freight';
    case 'cases':
    case 'service_minutes':
    case 'hours':
    case 'visits':
    case 'kilometres':
    case 'calls':
    case 'emails':
    case 'cost_service':
    case 'cost_travel':
      return 'service';
    case 'late_days':
      return 'payment';
    default:
      return 'terms';
  }
}

function prospectStep({ facts, contact }: NextStepInput): Reason {
  const deal = facts.openDeals.at(-1);
  if (deal) {
    return reason('next.prospect.open_deal', { deal: deal.name, created: deal.createdDay }, [
      { module: deal.module ?? 'Deals', id: deal.id },
    ]);
  }
  if (contact.last === null) return reason('next.prospect.first_meeting');
  return reason('next.prospect.meet_again', { last: contact.last.day });
}

const WELCOME_DAYS = 7;

/** A welcome talk after the first purchase (or the one that ended the loss); once it took place, the next order. */
function newStep(input: NextStepInput): Reason {
  const { contact, cadence, lastPurchase: bought, subPhase } = input;
  // Called new by hand, before any purchase.
  if (bought === null) return rhythmStep(input);
  const isWelcomed = contact.last !== null && contact.last.day >= bought;
  if (!isWelcomed && (subPhase === 'first_order' || subPhase === 'won_back')) {
    const code = subPhase === 'won_back' ? 'next.new.welcome_back' : 'next.new.welcome_call';
    return reason(code, { by: addDays(bought, WELCOME_DAYS) });
  }
  return reason('next.new.next_order', { last: bought, around: addDays(bought, wholeWeeks(cadence)) });
}

/** The usual interval in whole weeks: it moves a little whenever anybody buys, and a step must not move with it. */
function wholeWeeks(cadence: Cadence | null): number {
  return 7 * Math.max(1, Math.round((cadence?.intervalDays ?? 7) / 7));
}

function rhythmStep({ contact, phase, tier, effort, facts, baseline }: NextStepInput): Reason {
  // Whoever earns little and takes more time than that pays for is answered, not sought out.
  if (tier === 'marginal' && effort !== null && effort.spentHours > effort.budgetHours) {
    return reason('next.rhythm.over_effort');
  }
  if (contact.plannedDays === null) return reason('next.rhythm.no_plan');
  if (contact.last === null) return reason('next.rhythm.never_contacted');
  const by = addDays(contact.last.day, contact.plannedDays);
  const offer = phase === 'established' ? offerFor(facts, baseline) : null;
  const rhythm = { last: contact.last.day, by };
  return offer === null
    ? reason('next.rhythm', rhythm)
    : reason('next.rhythm.offer', { ...rhythm, product: offer.product });
}

/** The worst case first: of high severity, then past its time, then the oldest. */
function leavingStep({ facts, lastPurchase, asOf }: NextStepInput): Reason {
  const open = facts.cases.filter((record) => record.open);
  const late = open.find((record) => isPastDue(record, asOf));
  const first = open.find((record) => record.high) ?? late ?? open[0];
  if (!first) return reason('next.leaving.ask', { last: lastPurchase });
  return reason('next.leaving.case', { subject: first.subject, opened: first.openedDay }, [
    { module: 'Cases', id: first.id },
  ]);
}

const WIN_BACK_MONTHS = [3, 6, 12] as const;

function lostStep({ facts, subPhase, phaseSince, lastPurchase }: NextStepInput): Reason {
  const from = lastPurchase ?? facts.createdDay;
  if (subPhase === 'closed') return reason('next.nothing');
  if (subPhase === 'win_back' || subPhase === 'win_back_running') {
    const [first, second, third] = WIN_BACK_MONTHS.map((months) => addMonths(phaseSince, months));
    return reason('next.lost.win_back', {
      first: first ?? null,
      second: second ?? null,
      third: third ?? null,
    });
  }
  const known = facts.lostDeals.findLast((deal) => deal.reason !== null && deal.day >= from);
  const why = facts.inputs.reasonLeft ?? known?.reason ?? null;
  return why === null
    ? reason('next.lost.ask_reason', { last: lastPurchase })
    : reason('next.lost.nothing', { reason: why });
}
