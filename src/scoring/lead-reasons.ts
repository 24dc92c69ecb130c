import type { Day, Minor, UnreadChannel } from '../domain.ts';
import type { LeadBaseline, LeadFacts, SourceHistory } from '../leads.ts';
import type { LeadRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import type { FollowUp, LeadTouches } from './lead-rhythm.ts';
import { type LeadValue, rounded } from './lead-value.ts';
import { reason } from './reasons.ts';

/** Why a lead has this follow-up status and this expected value. */

interface Found {
  readonly facts: LeadFacts;
  readonly touches: LeadTouches;
  readonly followUp: FollowUp | null;
  readonly value: LeadValue;
  readonly nextAppointment: Day | null;
}

export function leadReasons(found: Found, baseline: LeadBaseline, rules: LeadRules): Reason[] {
  return [
    ...followUpReasons(found),
    ...contactReasons(found),
    ...(found.facts.isClosed ? [] : valueReasons(found, baseline, rules)),
  ];
}

function followUpReasons({ facts, touches, followUp }: Found): Reason[] {
  if (followUp === null) return [reason('lead.closed', { status: facts.status })];
  const { by, days, from, isSlowed } = followUp;
  const { lastFollowUp: last, unanswered } = touches;
  const reasons = [
    last === null
      ? reason('lead.follow_up.first', { created: facts.createdDay, by, days })
      : reason('lead.follow_up.next', { last: last.day, by, days }),
  ];
  if (from === 'rating') reasons.push(reason('lead.rhythm.rating', { rating: facts.rating }));
  if (from === 'source') reasons.push(reason('lead.rhythm.source', { source: facts.source }));
  if (isSlowed) reasons.push(reason('lead.rhythm.slowed', { attempts: unanswered, days }));
  return reasons;
}

function contactReasons({ facts, touches, followUp, nextAppointment }: Found): Reason[] {
  const { lastTwoWay: last, unanswered } = touches;
  const reasons: Reason[] = [];
  if (last === null) reasons.push(reason('contact.never'));
  else {
    const { day, channel, direction, subject } = last;
    reasons.push(reason('contact.last', { day, channel, direction, subject }));
  }
  // Where the rhythm is slowed, that reason tells the number.
  if (unanswered > 0 && followUp?.isSlowed !== true)
    reasons.push(reason('contact.unanswered', { attempts: unanswered }));
  if (nextAppointment !== null) reasons.push(reason('contact.appointment', { on: nextAppointment }));
  reasons.push(reason('contact.channels', leadChannels(facts.unread)));
  return reasons;
}

const CHANNELS = ['call', 'meeting', 'task', 'note'] as const;
/** Cases are a customer's, and e-mails are read for customers only. */
function leadChannels(unread: readonly UnreadChannel[]): { read: string; unread: string } {
  const why = new Map(unread.map((one) => [one.channel, one.why]));
  return {
    read: CHANNELS.filter((channel) => !why.has(channel)).join(','),
    unread: [
      ...CHANNELS.flatMap((channel) => (why.has(channel) ? [`${channel}:${why.get(channel)}`] : [])),
      'email:not_for_leads',
    ].join(','),
  };
}

function valueReasons({ facts, value }: Found, { all }: LeadBaseline, rules: LeadRules): Reason[] {
  const { matureDays: days, shrinkWeight: weight } = rules;
  const { source } = facts;
  const { history } = value;
  const reasons: Reason[] = [];
  if (history === all) reasons.push(reason('lead.value.no_source'));
  else reasons.push(...sourceReasons(source, history, days));
  const { leads, converted, became, buyers } = all;
  if (value.value === null) return [...reasons, reason(NO_VALUE[value.why], { leads, converted, days })];
  reasons.push(
    reason('lead.value.all', { leads, converted, became, buyers, mean: meanOf(all), days }),
    reason('lead.value.expected', {
      value: value.value,
      percent: Math.round(value.chance * 1e4) / 100,
      mean: value.meanProfit,
      weight,
    }),
  );
  return reasons;
}

function sourceReasons(source: string | null, history: SourceHistory, days: number): Reason[] {
  const { leads, converted, became, buyers } = history;
  return [
    leads === 0
      ? reason('lead.value.no_leads', { source, days })
      : reason('lead.value.became', { source, leads, converted, became, days }),
    buyers === 0
      ? reason('lead.value.no_customers', { source })
      : reason('lead.value.customers', { source, buyers, mean: meanOf(history) }),
  ];
}

const NO_VALUE = {
  no_lead_history: 'lead.value.none.no_history',
  no_lead_became_customer: 'lead.value.none.nobody_became',
  no_buyers: 'lead.value.none.no_buyers',
} as const;

function meanOf({ profit12, buyers }: SourceHistory): Minor {
  return rounded(profit12 / buyers);
}
