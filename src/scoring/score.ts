import type { CostBasis, CustomerFacts, Day, FieldKey, Purchase } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, ModelFit, Score, ScoreState } from '../scores.ts';
import { firstPurchaseOf } from './baseline.ts';
import { cadenceOf } from './cadence.ts';
import { wholeMonthsBetween } from './calendar.ts';
import { contactOf } from './contact.ts';
import { runningContract } from './contract.ts';
import { contractOutlook } from './contract-outlook.ts';
import { contributedIn, contributionReasons } from './contributions.ts';
import { priceOnlyOf, priceReasons } from './discounts.ts';
import { effortBudgetOf } from './effort-budget.ts';
import { timeCoverage } from './efforts.ts';
import { futureTierOf, futureTierReason } from './future-tier.ts';
import { goodwillOf } from './goodwill.ts';
import { isLeftTruncated, truncatedReasons } from './left-truncation.ts';
import { nextStepOf } from './next-step.ts';
import { offerFor } from './offers.ts';
import { originReasons } from './origin.ts';
import { customerOutlook, expectedProfit, outlookReasons } from './outlook.ts';
import { withOwnStep } from './own-steps.ts';
import { overridden } from './phase-override.ts';
import { steadyPhase } from './phase-steadiness.ts';
import { computePhase, subPhaseOf } from './phases.ts';
import { profileOf } from './profile.ts';
import { profileFacts, profileReasons } from './profile-reasons.ts';
import { reason } from './reasons.ts';
import { creditOf } from './referrals.ts';
import { relationReasons } from './relation-reasons.ts';
import { rfmOf } from './rfm.ts';
import { ledgerOf, sumsOf, yearUpTo } from './sums.ts';
import { standingOf, steadyTier } from './tiers.ts';
import { valueReasons } from './value-reasons.ts';

/**
 * Everything about one customer at one date, with its reasons. Pure: the same input gives the same answer, and
 * scoring a date again changes nothing. A state from a later date is evidence of the future: it is ignored and kept.
 */
export function scoreCustomer(
  facts: CustomerFacts,
  previous: ScoreState | null,
  baseline: Baseline,
  rules: ScoringRules,
  asOf: Day,
): { score: Score; state: ScoreState } {
  const isLater = previous !== null && previous.asOf > asOf;
  const judged = judge({ facts, prior: isLater ? null : previous, baseline, rules, asOf });
  return { score: withOwnStep(scoreOf(judged), rules), state: isLater ? previous : stateOf(judged) };
}

interface Question {
  readonly facts: CustomerFacts;
  readonly prior: ScoreState | null;
  readonly baseline: Baseline;
  readonly rules: ScoringRules;
  readonly asOf: Day;
}

/** Money first, then the tier, which sets the plan for contacts, which is a signal for the phase. */
function judge(question: Question) {
  const { facts, prior, baseline, rules, asOf } = question;
  const firstPurchase = firstPurchaseOf(facts);
  const lastPurchase = facts.purchases.findLast((purchase) => purchase.revenue > 0)?.day ?? null;
  const window = ledgerOf(facts, rules, yearUpTo(asOf));
  const raw = standingOf(facts, window, question);
  const shown = steadyTier({ ...question, raw, profit12: window.profit });
  const contact = contactOf(facts, shown.tier, lastPurchase, rules, asOf);
  const cadence = cadenceOf(facts, baseline, rules, asOf);
  const outlook = customerOutlook({ facts, cadence, baseline, rules, asOf });
  const phaseInput = { facts, cadence, contact, baseline, rules, asOf, outlook };
  const computed = computePhase(phaseInput);
  const phase = steadyPhase(computed, prior, lastPurchase, asOf);
  const subPhase = subPhaseOf(phase.phase, phaseInput);
  const shownPhase = overridden(facts.override, { ...phase, subPhase }, phaseInput);
  const bought = { firstPurchase, lastPurchase, window };
  return {
    ...question,
    ...bought,
    raw,
    shown,
    contact,
    cadence,
    outlook,
    phaseInput,
    computed,
    phase,
    subPhase,
    shownPhase,
  };
}
type Judged = ReturnType<typeof judge>;

function scoreOf(judged: Judged): Score {
  const { facts, rules, asOf, firstPurchase, lastPurchase, window, raw, shown } = judged;
  const { contact, cadence, outlook, baseline, phaseInput, computed, phase, subPhase, shownPhase } = judged;
  const price = priceOnlyOf(facts, baseline, rules);
  const { isPriceOnly } = price;
  const goodwill = goodwillOf(facts, { shown, profit12: window.profit, isPriceOnly, rules, asOf });
  const isUnknown = facts.valueIncomplete && facts.purchases.length === 0;
  const purchases = cadence?.days.length ?? 0;
  const span = yearUpTo(asOf);
  const credit = creditOf(judged.baseline, facts.key.id);
  const amount = contributedIn(facts, rules.contributions, span);
  const effort = effortBudgetOf(facts, window.profit, rules, asOf);
  const offer = offerFor(facts, judged.baseline);
  const rfm = rfmOf(facts, judged.baseline, rules, asOf);
  const isGoldJudged = judged.baseline.goldAvailable;
  const profile = profileOf({ facts, isGoldJudged, hasReferred: credit !== null, asOf });
  const isLostByRhythm = computed.phase === 'lost';
  const hasEnded = isLostByRhythm && computed.isAtOnce;
  const contract = contractOutlook({ facts, window, asOf, hasEnded });
  const expected = contract ?? (outlook && expectedProfit(outlook, { ...judged, isLostByRhythm, hasEnded }));
  const futureTier = expected ? futureTierOf(expected, judged.raw.extra, baseline) : null;
  // Where nobody can tell who left, the chance of one whom rhythm counts as gone is not known.
  const isChanceKnown = outlook !== null && (outlook.alive !== null || !isLostByRhythm);
  const churn = outlook && hasEnded ? 1 : isChanceKnown ? 1 - outlook.chance : null;
  return {
    key: facts.key,
    name: facts.name,
    ownerId: facts.ownerId,
    asOf,
    tier: shown.tier,
    rawTier: raw.tier,
    gold: shown.gold,
    rank: raw.rank,
    phase: shownPhase.phase,
    rawPhase: computed.phase,
    subPhase: shownPhase.subPhase,
    phaseSince: shownPhase.phaseSince,
    override: facts.override && { ...facts.override, computed: { phase: phase.phase, subPhase } },
    window12: sumsOf(window),
    total: sumsOf(ledgerOf(facts, rules, { after: null, upTo: asOf })),
    costBasis: costBases(facts.purchases),
    timeCoverage: timeCoverage(facts, yearUpTo(asOf)),
    purchases,
    firstPurchase,
    lastPurchase,
    source: facts.source,
    firstContact: facts.firstContact,
    relationshipMonths: firstPurchase === null ? null : wholeMonthsBetween(firstPurchase, asOf),
    isLeftTruncated: isLeftTruncated(firstPurchase, baseline),
    usualIntervalDays: cadence?.intervalDays ?? null,
    overdueRatio: cadence?.ratio ?? null,
    lastContact: contact.last?.day ?? null,
    lastContactChannel: contact.last?.channel ?? null,
    lastContactDirection: contact.last?.direction ?? null,
    lastContactSubject: contact.last?.subject ?? null,
    mainContactId: facts.mainContactId,
    contactGapDays: contact.gapDays,
    plannedContactDays: contact.plannedDays,
    contactStatus: contact.status,
    unansweredTouches: contact.unanswered,
    nextAppointment: contact.appointment,
    contactDue: contact.isDue,
    goodwillBudget: isUnknown ? null : goodwill.goodwill.left,
    goodwill: isUnknown ? null : goodwill.goodwill,
    priceOnly: isPriceOnly,
    expectedProfit12: expected?.profit ?? null,
    expectedProfitRange: expected && { low: expected.low, high: expected.high },
    futureTier,
    churnRiskPercent: churn === null ? null : Math.round(churn * 10_000) / 100,
    referralProfit: credit?.credit ?? null,
    contributions12: amount,
    profile: { ...profile.profile, facts: profileFacts(facts, credit) },
    effort: effort.effort,
    rfm: rfm.rfm,
    valueIncomplete: facts.valueIncomplete,
    model: modelOf(baseline.fit),
    nextStep: nextStepOf({
      ...judged,
      ...shownPhase,
      tier: shown.tier,
      gold: shown.gold,
      effort: effort.effort,
    }),
    reasons: [
      ...valueReasons(judged),
      ...priceReasons(price, rules),
      ...relationReasons({ phaseInput, computed, shown: phase, subPhase }),
      ...truncatedReasons(firstPurchase, baseline),
      ...(expected?.reasons ?? []),
      ...futureTierReason(shown.tier, futureTier),
      ...(hasEnded || contract ? [] : outlookReasons(outlook, { ...judged, churn })),
      ...originReasons(facts),
      ...contributionReasons(facts, { credit, amount, rules, span }),
      ...goodwill.reasons,
      ...effort.reasons,
      ...rfm.reasons,
      ...(offer ? [reason('offer.product', { ...offer })] : []),
      ...profileReasons(facts),
      ...profile.reasons,
    ],
    unfilled: unfilledOf({
      isUnknown,
      isForeign: isForeign(facts),
      hasReferred: credit !== null,
      withoutProfit: expected ? null : withoutOutlook(judged),
      withoutChurn: churn === null ? (outlook ? 'lost_by_rhythm' : withoutOutlook(judged)) : null,
      isRanked: raw.rank !== null,
      purchases,
      isContacted: contact.last !== null,
      hasPlan: contact.plannedDays !== null,
    }),
  };
}

function stateOf({ asOf, shown, phase, lastPurchase }: Judged): ScoreState {
  return { asOf, ...shown, ...phase, lastPurchase };
}

export function modelOf(fit: ModelFit | null): Score['model'] {
  if (fit === null) return { name: null, status: 'not enough data', fitId: null };
  return { name: fit.model, status: fit.status, fitId: fit.id };
}

function isForeign({ issues }: CustomerFacts): boolean {
  return issues.some(({ issue }) => issue === 'foreign_currency_withheld');
}

/** Why no model speaks of this customer. */
function withoutOutlook({ facts, cadence, baseline, asOf }: Judged): string {
  if (facts.valueIncomplete) return isForeign(facts) ? 'foreign_currency_withheld' : 'amount_out_of_range';
  if (cadence === null) return 'no_purchase';
  if (runningContract(facts, asOf) !== null) return 'under_contract';
  if (baseline.fit === null) return 'models_not_available';
  return baseline.fit.status === 'not enough data' ? 'model_not_enough_data' : 'model_no_repeat';
}

interface Known {
  /** Every amount is withheld: for its currency, else for its size. */
  readonly isUnknown: boolean;
  readonly isForeign: boolean;
  readonly hasReferred: boolean;
  /** Why there is no expected profit, no churn risk; null: there is. */
  readonly withoutProfit: string | null;
  readonly withoutChurn: string | null;
  readonly isRanked: boolean;
  readonly purchases: number;
  readonly isContacted: boolean;
  readonly hasPlan: boolean;
}

function costBases(purchases: readonly Purchase[]): CostBasis[] {
  const bases = new Set<CostBasis>();
  for (const { costBasis, lines } of purchases) {
    if (!lines) bases.add(costBasis);
    // Object.keys forgets the key type of `lines`.
    else for (const basis of Object.keys(lines)) bases.add(basis as CostBasis);
  }
  return [...bases].sort();
}

/** Why a field of ours stays empty; what is not named here is filled. */
function unfilledOf(known: Known): Score['unfilled'] {
  const { isUnknown, isForeign, hasReferred, isRanked, purchases, isContacted, hasPlan } = known;
  const unfilled: { [K in FieldKey]?: string } = {
    ...(known.withoutProfit !== null && { expected_profit_12_months: known.withoutProfit }),
    ...(known.withoutChurn !== null && { churn_risk: known.withoutChurn }),
  };
  const because = (code: string, ...keys: FieldKey[]) => {
    for (const key of keys) unfilled[key] = code;
  };
  if (isUnknown) {
    because(
      isForeign ? 'foreign_currency_withheld' : 'amount_out_of_range',
      'profit_12_months',
      'revenue_12_months',
      'lifetime_profit',
      'goodwill_budget',
    );
  }
  if (!hasReferred) because('nobody_referred', 'referral_profit');
  if (!isRanked) because('no_business', 'value_rank');
  if (purchases === 0)
    because('no_purchase', 'relationship_months', 'customer_since', 'usual_order_interval');
  else if (purchases === 1) because('single_purchase', 'usual_order_interval');
  if (!isContacted) {
    because('never_contacted', 'last_contact', 'last_contact_summary', 'contact_gap_days', 'contact_status');
  }
  if (!hasPlan) because('no_contact_plan', 'contact_status');
  return unfilled;
}
