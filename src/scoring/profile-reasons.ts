import type { CustomerFacts, Reason } from '../domain.ts';
import { reason } from './reasons.ts';

/** What people filled in about a customer: why it chose us, who sent it, what it needs. */
export function profileReasons({ key, inputs }: CustomerFacts): Reason[] {
  const { whyUs, referredBy, needs, lastThanked, reasonLeft, profileReviewedOn } = inputs;
  const reasons: Reason[] = [];
  if (referredBy !== undefined) {
    reasons.push(reason('profile.referred_by', {}, [{ module: key.module, id: referredBy }]));
  }
  if (whyUs !== undefined) reasons.push(reason('profile.why_us', { why: whyUs }));
  if (needs !== undefined) reasons.push(reason('profile.needs', { needs }));
  if (lastThanked !== undefined) reasons.push(reason('profile.thanked', { on: lastThanked }));
  if (reasonLeft !== undefined) reasons.push(reason('profile.left', { reason: reasonLeft }));
  if (profileReviewedOn !== undefined) reasons.push(reason('profile.reviewed', { on: profileReviewedOn }));
  return reasons;
}
