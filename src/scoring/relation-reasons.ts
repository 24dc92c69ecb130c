import type { CustomerFacts, Day, SubPhase } from '../domain.ts';
import type { Reason } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addDays, dayFromNumber } from './calendar.ts';
import type { Contact } from './contact.ts';
import { overrideReasons } from './phase-override.ts';
import type { SteadyPhase } from './phase-steadiness.ts';
import type { ComputedPhase, PhaseInput } from './phases.ts';
import { reason } from './reasons.ts';
import { channelParams } from './unread.ts';
import { returnSign, winBackRunning, winBackWorth } from './win-back.ts';

/** Why the phase, the rhythm and the contact status are what they are. */

export interface RelationInput {
  readonly phaseInput: PhaseInput;
  readonly computed: ComputedPhase;
  readonly shown: SteadyPhase;
  readonly subPhase: SubPhase | null;
}

export function relationReasons(input: RelationInput): Reason[] {
  const { cadence, contact, facts } = input.phaseInput;
  return [
    ...overrideReasons(facts.override, { ...input.shown, subPhase: input.subPhase }),
    ...phaseReasons(input),
    ...(cadence ? [...buyingReasons(cadence, facts), ...unreadSigns(facts)] : []),
    ...contactReasons(contact, facts),
  ];
}

function phaseReasons({ phaseInput, computed, shown, subPhase }: RelationInput): Reason[] {
  const { cadence, facts, contact } = phaseInput;
  const reasons: Reason[] = [];
  const details = computed.reasons;
  const own = details.find(({ code }) => code.startsWith('phase.new.'));
  const since = shown.phaseSince;
  const last = cadence ? dayFromNumber(cadence.days.at(-1) ?? 0) : null;
  switch (shown.phase) {
    case 'prospect': {
      const deal = facts.openDeals.at(-1);
      if (subPhase === 'open_deal' && deal) {
        const records = [{ module: deal.module ?? 'Deals', id: deal.id }] as const;
        reasons.push(reason('phase.prospect.open_deal', { deal: deal.name }, records));
      } else if (contact.last === null) reasons.push(reason('phase.prospect.cold'));
      else {
        const code = subPhase === 'dormant' ? 'phase.prospect.dormant' : 'phase.prospect.contacted';
        reasons.push(reason(code, { last: contact.last.day }));
      }
      break;
    }
    case 'new':
      reasons.push(own ?? reason('phase.new.first', { on: since }));
      break;
    case 'established':
      reasons.push(reason('phase.established', { last }));
      break;
    case 'loyal':
      reasons.push(
        reason('phase.loyal', { last, since: cadence ? dayFromNumber(cadence.days[0] ?? 0) : null }),
      );
      break;
    case 'leaving':
      reasons.push(reason('phase.leaving', { since, last }));
      break;
    case 'lost':
      reasons.push(reason('phase.lost', { since, last }));
      break;
  }
  reasons.push(...details.filter((detail) => detail !== own));
  if ((subPhase === 'win_back' || subPhase === 'win_back_running') && cadence) {
    const buyer = { ...phaseInput, cadence };
    const found = [returnSign(buyer), winBackWorth(buyer), ...winBackRunning(buyer)];
    reasons.push(...found.filter((one) => one !== null));
  }
  if (shown.pendingPhase) {
    reasons.push(reason('phase.pending', { phase: shown.pendingPhase.phase, on: shown.pendingPhase.on }));
  }
  return reasons;
}

function unreadSigns({ unreadSigns: signs, closed }: CustomerFacts): Reason[] {
  return signs.length === 0 || closed !== null ? [] : [reason('unread.signs', { signs: signs.join(',') })];
}

function buyingReasons(cadence: Cadence, { isProjectBuyer }: CustomerFacts): Reason[] {
  const dayAt = (days: number): Day => dayFromNumber((cadence.days.at(-1) ?? 0) + Math.ceil(days));
  const reasons = [reason('relationship.since', { first: dayFromNumber(cadence.days[0] ?? 0) })];
  if (cadence.returnedOn !== null) {
    reasons.push(reason('relationship.returned', { on: dayFromNumber(cadence.returnedOn) }));
  }
  const intervalDays = Math.round(cadence.intervalDays * 10) / 10;
  const next = dayAt(cadence.intervalDays);
  const gaps = cadence.gaps.length;
  reasons.push(
    gaps === 0
      ? baseReason(cadence.baseSegment, { intervalDays, next })
      : reason('cadence.interval', { intervalDays, gaps, baseDays: cadence.baseDays, next }),
  );
  if (cadence.ratioFactor === 2) {
    reasons.push(reason(isProjectBuyer ? 'cadence.project' : 'cadence.irregular'));
  }
  if (cadence.sinceLastDays > cadence.lateAfterDays) {
    reasons.push(reason('cadence.late', { since: dayAt(cadence.lateAfterDays) }));
  }
  return reasons;
}

function baseReason(segment: string | null, rhythm: { intervalDays: number; next: Day }): Reason {
  return segment === null
    ? reason('cadence.base', rhythm)
    : reason('cadence.base_segment', { ...rhythm, segment });
}

const TOUCH_MODULE = {
  call: 'Calls',
  meeting: 'Events',
  task: 'Tasks',
  case: 'Cases',
  note: 'Notes',
  // A message has no id of a record; a day kept by hand stands on the customer.
  email: null,
  field: null,
} as const;

function contactReasons(contact: Contact, facts: CustomerFacts): Reason[] {
  const { last, unanswered, tierDays, plannedDays, status, appointment } = contact;
  const reasons: Reason[] = [];
  if (last === null) reasons.push(reason('contact.never'));
  else {
    const { day, channel, direction, subject, recordId } = last;
    const module = TOUCH_MODULE[channel];
    reasons.push(
      reason('contact.last', { day, channel, direction, subject }, module ? [{ module, id: recordId }] : []),
    );
  }
  const isSlowed = plannedDays !== tierDays;
  if (isSlowed) reasons.push(reason('contact.slowed', { attempts: unanswered }));
  else if (unanswered > 0) reasons.push(reason('contact.unanswered', { attempts: unanswered }));
  if (plannedDays === null) reasons.push(reason('contact.no_plan'));
  else if (last !== null) {
    reasons.push(reason('contact.status', { status, plannedDays, by: addDays(last.day, plannedDays) }));
  }
  if (appointment !== null) reasons.push(reason('contact.appointment', { on: appointment }));
  reasons.push(reason('contact.channels', channelParams(facts.unread)));
  return reasons;
}
