import type { CustomerFacts, Day, Minor } from '../domain.ts';
import { minor, toMinor } from '../money.ts';
import type { CustomerRows } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import { reason } from './reasons.ts';
import type { ReferralCredit } from './referrals.ts';
import { isIn, type Span } from './sums.ts';

/** What a customer gives besides its own orders, and how it was thanked (docs/scoring.md, "Contributions"). */

type Given = Pick<CustomerFacts, 'referredBy' | 'contributions' | 'thanked' | 'thankedHow'>;

export function givenOf({ record, imported }: CustomerRows, asOf: Day): Given {
  const contributions = (imported?.contributions ?? [])
    .filter(({ day }) => day <= asOf)
    .map(({ day, kind, amount }) => ({ day, kind, amount: amount === null ? null : toMinor(amount) }))
    .sort((a, b) => compare(a.day, b.day) || compare(a.kind, b.kind) || (a.amount ?? 0) - (b.amount ?? 0));
  return {
    referredBy: referrerOf(record, imported, asOf),
    contributions,
    ...lastThanks(record, imported, asOf),
  };
}

/** Of one day what somebody noted goes before the field, which does not say how. */
function lastThanks(
  { inputs }: CustomerRows['record'],
  imported: CustomerRows['imported'],
  asOf: Day,
): Pick<CustomerFacts, 'thanked' | 'thankedHow'> {
  const { lastThanked } = inputs;
  const noted = imported?.thanks
    .filter(({ day }) => day <= asOf)
    .sort((a, b) => compare(a.day, b.day))
    .at(-1);
  const filledIn = lastThanked !== undefined && lastThanked <= asOf ? lastThanked : null;
  if (noted && (filledIn === null || noted.day >= filledIn))
    return { thanked: noted.day, thankedHow: noted.how };
  return { thanked: filledIn, thankedHow: null };
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** A referral with a day wins over the field that somebody filled in, which has none. */
function referrerOf(
  { inputs }: CustomerRows['record'],
  imported: CustomerRows['imported'],
  asOf: Day,
): Given['referredBy'] {
  const dated = imported?.referredBy ?? null;
  if (dated !== null && dated.id !== null && dated.day <= asOf) return { id: dated.id, day: dated.day };
  return inputs.referredBy === undefined ? null : { id: inputs.referredBy, day: null };
}

/** Each carries an amount, else what the rules say one of its kind is worth. */
export function contributedIn(
  { contributions }: Pick<CustomerFacts, 'contributions'>,
  { values }: ScoringRules['contributions'],
  span: Span,
): Minor {
  return minor(
    contributions.reduce(
      (sum, { day, kind, amount }) => (isIn(day, span) ? sum + (amount ?? values[kind]) : sum),
      0,
    ),
  );
}

export function contributionReasons(
  { contributions }: Pick<CustomerFacts, 'contributions'>,
  { credit, amount, rules, span }: ContributionInput,
): Reason[] {
  const reasons: Reason[] = [];
  if (credit) {
    const { referred, profit, credit: credited } = credit;
    const percent = rules.referral.sharePercent;
    const params = { referred, profit, credited, percent };
    reasons.push(reason('contribution.referrals', params, [...(credit.brought ?? [])]));
  }
  const count = contributions.filter(({ day }) => isIn(day, span)).length;
  if (count > 0) reasons.push(reason('contribution.others', { count, amount }));
  const sum = amount + (credit?.credit ?? 0);
  if (rules.contributions.inTier && sum !== 0) reasons.push(reason('contribution.in_tier', { amount: sum }));
  return reasons;
}

interface ContributionInput {
  readonly credit: ReferralCredit | null;
  /** Of the other contributions in the span. */
  readonly amount: Minor;
  readonly rules: ScoringRules;
  readonly span: Span;
}
