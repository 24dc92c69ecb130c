import type { Day } from '../domain.ts';
import type { LeadBaseline, LeadFacts, LeadScore } from '../leads.ts';
import type { ScoringRules } from '../rules.ts';
import { leadReasons } from './lead-reasons.ts';
import { followUpOf, leadTouchesOf } from './lead-rhythm.ts';
import { leadValueOf } from './lead-value.ts';

/** One lead at one date, with its reasons. Nothing of an earlier scoring counts: the same facts give the same answer. */
export function scoreLead(
  facts: LeadFacts,
  baseline: LeadBaseline,
  rules: ScoringRules,
  asOf: Day,
): LeadScore {
  const touches = leadTouchesOf(facts);
  const followUp = facts.isClosed ? null : followUpOf(facts, touches, rules, asOf);
  const value = leadValueOf(facts, baseline, rules.leads);
  const isValued = !facts.isClosed && value.value !== null;
  const nextAppointment = facts.appointments.find((day) => day >= asOf) ?? null;
  return {
    key: { module: 'Leads', id: facts.id },
    name: facts.name,
    ownerId: facts.ownerId,
    asOf,
    createdDay: facts.createdDay,
    source: facts.source,
    rating: facts.rating,
    status: facts.status,
    state: facts.isClosed ? 'closed' : 'open',
    followUp: followUp?.status ?? null,
    followUpBy: followUp?.by ?? null,
    rhythmDays: followUp?.days ?? null,
    lastFollowUp: touches.lastFollowUp?.day ?? null,
    lastContact: touches.lastTwoWay?.day ?? null,
    lastContactChannel: touches.lastTwoWay?.channel ?? null,
    unansweredTouches: touches.unanswered,
    nextAppointment,
    expectedValue: isValued ? value.value : null,
    chance: isValued ? value.chance : null,
    meanProfit: isValued ? value.meanProfit : null,
    history: value.history,
    reasons: leadReasons({ facts, touches, followUp, value, nextAppointment }, baseline, rules.leads),
    unfilled: {
      ...(facts.isClosed ? { follow_up_status: 'lead_closed', expected_lead_value: 'lead_closed' } : {}),
      ...(facts.isClosed || value.value !== null ? {} : { expected_lead_value: value.why }),
    },
  };
}
