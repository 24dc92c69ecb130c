import type { CustomerFacts } from '../domain.ts';
import type { Reason } from '../scores.ts';
import { reason } from './reasons.ts';

/** What people filled in about a customer: why it chose us, who sent it, what it needs. */
export function profileReasons({ key, inputs, referredBy, thanked }: CustomerFacts): Reason[] {
  const { whyUs, needs, reasonLeft, profileReviewedOn } = inputs;
  const reasons: Reason[] = [];
  if (referredBy !== null) {
    reasons.push(reason('profile.referred_by', {}, [{ module: key.module, id: referredBy.id }]));
  }
  if (whyUs !== undefined) reasons.push(reason('profile.why_us', { why: whyUs }));
  if (needs !== undefined) reasons.push(reason('profile.needs', { needs }));
  if (thanked !== null) reasons.push(reason('profile.thanked', { on: thanked }));
  if (reasonLeft !== undefined) reasons.push(reason('profile.left', { reason: reasonLeft }));
  if (profileReviewedOn !== undefined) reasons.push(reason('profile.reviewed', { on: profileReviewedOn }));
  return reasons;
}
