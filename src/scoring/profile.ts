import type { CustomerFacts, Day } from '../domain.ts';
import type { Reason, Score } from '../scores.ts';
import { addMonths } from './calendar.ts';
import { reason } from './reasons.ts';

/** What we know of a customer, and the one question to ask next (docs/scoring.md, "Profile"). */

type Ask = NonNullable<Score['profile']['ask']>;
/** In the order in which they are asked for. */
const ASKED = ['why_us', 'needs', 'deal_breakers', 'source', 'thanked', 'referrals'] as const satisfies Ask[];
/** Value and gold are told by the CRM, not by the customer. */
const FACTS = ASKED.length + 2;
const REVIEW_MONTHS = 12;

interface Known {
  readonly facts: CustomerFacts;
  /** Whether the customers' ranks are good for a gold badge. */
  readonly isGoldJudged: boolean;
  readonly hasReferred: boolean;
  readonly asOf: Day;
}

export function profileOf(input: Known): {
  profile: Pick<Score['profile'], 'percent' | 'ask'>;
  reasons: Reason[];
} {
  const { facts, isGoldJudged, asOf } = input;
  const missing = ASKED.filter((fact) => !isKnown(fact, input));
  const known = ASKED.length - missing.length + (facts.valueIncomplete ? 0 : 1) + (isGoldJudged ? 1 : 0);
  const percent = Math.round((known / FACTS) * 100);
  const isOld = isStale(facts, asOf);
  const ask = missing[0] ?? (isOld ? 'review' : null);
  const reasons = [reason('profile.complete', { percent, known, facts: FACTS })];
  if (ask !== null) reasons.push(reason(`profile.ask.${ask}`));
  if (isOld && ask !== 'review') reasons.push(reason('profile.ask.review'));
  return { profile: { percent, ask }, reasons };
}

function isKnown(fact: (typeof ASKED)[number], { facts, hasReferred }: Known): boolean {
  const { inputs, source, thanked, contributions, cases, lostDeals } = facts;
  switch (fact) {
    case 'why_us':
      return inputs.whyUs !== undefined;
    case 'needs':
      return inputs.needs !== undefined;
    case 'source':
      return source !== null;
    case 'thanked':
      return thanked !== null;
    case 'referrals':
      return hasReferred || contributions.length > 0;
    case 'deal_breakers':
      return (
        inputs.reasonLeft !== undefined ||
        lostDeals.some((deal) => deal.reason !== null) ||
        cases.some((record) => record.open)
      );
  }
}

/** Looked through more than a year ago; one that nobody ever looked through is asked for fact by fact. */
function isStale({ inputs }: CustomerFacts, asOf: Day): boolean {
  const reviewed = inputs.profileReviewedOn;
  return reviewed !== undefined && addMonths(reviewed, REVIEW_MONTHS) < asOf;
}
