import type { CustomerFacts } from '../domain.ts';
import type { ProfileFacts, Reason } from '../scores.ts';
import { reason } from './reasons.ts';
import type { ReferralCredit } from './referrals.ts';

/** What people filled in or noted about a customer, and what could make it leave. */
export function profileFacts(facts: CustomerFacts, credit: ReferralCredit | null): ProfileFacts {
  const { inputs, referredBy, thanked, thankedHow, cases } = facts;
  const lost = lastLoss(facts);
  return {
    whyUs: inputs.whyUs ?? null,
    needs: inputs.needs ?? null,
    referredBy: referredBy?.id ?? null,
    brought: credit?.brought ?? [],
    lastReferral: credit?.latest ?? null,
    thanked: thanked === null ? null : { on: thanked, how: thankedHow },
    reasonLeft: inputs.reasonLeft ?? null,
    lossReason: lost,
    openCases: cases.filter(({ open }) => open).length,
    reviewedOn: inputs.profileReviewedOn ?? null,
  };
}

function lastLoss({ lostDeals }: Pick<CustomerFacts, 'lostDeals'>): ProfileFacts['lossReason'] {
  const last = lostDeals.findLast((deal) => deal.reason !== null);
  return last && last.reason !== null ? { on: last.day, reason: last.reason } : null;
}

export function profileReasons(facts: CustomerFacts): Reason[] {
  const { key, inputs, referredBy, thanked, thankedHow: how, cases } = facts;
  const { whyUs, needs, reasonLeft, profileReviewedOn } = inputs;
  const reasons: Reason[] = [];
  if (referredBy !== null) {
    reasons.push(reason('profile.referred_by', {}, [{ module: key.module, id: referredBy.id }]));
  }
  if (whyUs !== undefined) reasons.push(reason('profile.why_us', { why: whyUs }));
  if (needs !== undefined) reasons.push(reason('profile.needs', { needs }));
  if (thanked !== null) reasons.push(reason('profile.thanked', { on: thanked, how }));
  if (reasonLeft !== undefined) reasons.push(reason('profile.left', { reason: reasonLeft }));
  const lost = lastLoss(facts);
  if (lost !== null) reasons.push(reason('profile.loss_reason', { ...lost }));
  const open = cases.filter((record) => record.open);
  const [oldest] = open;
  if (oldest) {
    const params = { cases: open.length, subject: oldest.subject, opened: oldest.openedDay };
    const records = open.slice(0, MOST_NAMED).map(({ id }) => ({ module: 'Cases', id }) as const);
    reasons.push(reason('profile.open_cases', params, records));
  }
  if (profileReviewedOn !== undefined) reasons.push(reason('profile.reviewed', { on: profileReviewedOn }));
  return reasons;
}

const MOST_NAMED = 20;
