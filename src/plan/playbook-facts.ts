import { addMonths } from '../days.ts';
import type { Day, Phase, RecordId, SubPhase, Tier } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import type { Reason, ReasonParam, Score } from '../scores.ts';

/** What rules of the playbook may ask of a customer or a lead: a closed list (docs/playbook.md). */

type FactKind = 'flag' | 'number' | 'money' | 'day' | 'word';
export const CUSTOMER_FACTS = {
  contactDue: 'flag',
  priceOnly: 'flag',
  valueIncomplete: 'flag',
  whyUsMissing: 'flag',
  sourceMissing: 'flag',
  purchases: 'number',
  relationshipMonths: 'number',
  contactGapDays: 'number',
  plannedContactDays: 'number',
  unanswered: 'number',
  overdueRatio: 'number',
  churnRiskPercent: 'number',
  rank: 'number',
  openCases: 'number',
  brought: 'number',
  profilePercent: 'number',
  profit12: 'money',
  revenue12: 'money',
  profitTotal: 'money',
  expectedProfit12: 'money',
  referralProfit: 'money',
  goodwillBudget: 'money',
  contributions12: 'money',
  phaseSince: 'day',
  firstPurchase: 'day',
  lastPurchase: 'day',
  firstContact: 'day',
  lastContact: 'day',
  lastOutreach: 'day',
  nextAppointment: 'day',
  caseOpened: 'day',
  contractEnd: 'day',
  signOfReturn: 'day',
  winBackStage: 'day',
  anniversary: 'day',
  lastThanked: 'day',
  lastReferral: 'day',
  profileReviewed: 'day',
  source: 'word',
  contactStatus: 'word',
  futureTier: 'word',
  profileAsk: 'word',
  largestCost: 'word',
} as const satisfies { readonly [fact: string]: FactKind };
export const LEAD_FACTS = {
  unanswered: 'number',
  expectedValue: 'money',
  created: 'day',
  followUpBy: 'day',
  lastFollowUp: 'day',
  lastContact: 'day',
  nextAppointment: 'day',
  followUp: 'word',
  source: 'word',
  rating: 'word',
  status: 'word',
} as const satisfies { readonly [fact: string]: FactKind };

type Value = string | number | boolean | null;
type CustomerFact = keyof typeof CUSTOMER_FACTS;
type LeadFact = keyof typeof LEAD_FACTS;

/** A customer or lead as rules see it. Money in units of the home currency. */
export interface RuleSubject {
  readonly phase: Phase | null;
  readonly subPhase: SubPhase | null;
  readonly tier: Tier | null;
  readonly gold: boolean;
  readonly reasons: readonly string[];
  readonly facts: { readonly [fact: string]: Value };
  readonly asOf: Day;
}

const units = (minorUnits: number | null): number | null => (minorUnits === null ? null : minorUnits / 100);

/** `isWhyUsKept`: the org has the field that takes the answer. */
/** `ourTasks`: reminders that are open. One that nobody worked on yet is no sign that somebody is at it. */
export function customerFacts(
  score: Score,
  isWhyUsKept: boolean,
  ourTasks: ReadonlySet<RecordId>,
): RuleSubject {
  const isOurTask = ({ code, records = [] }: Reason) =>
    code === 'phase.lost.running_task' && records.every(({ id }) => ourTasks.has(id));
  const { profile } = score;
  const facts = {
    contactDue: score.contactDue,
    priceOnly: score.priceOnly ?? false,
    valueIncomplete: score.valueIncomplete,
    whyUsMissing: isWhyUsKept && profile.facts?.whyUs === null,
    sourceMissing: score.source === null,
    purchases: score.purchases,
    relationshipMonths: score.relationshipMonths,
    contactGapDays: score.contactGapDays,
    plannedContactDays: score.plannedContactDays,
    unanswered: score.unansweredTouches,
    overdueRatio: score.overdueRatio,
    churnRiskPercent: score.churnRiskPercent,
    rank: score.rank,
    openCases: profile.facts?.openCases ?? 0,
    brought: profile.facts?.brought.length ?? 0,
    profilePercent: profile.percent,
    profit12: units(score.window12.profit),
    revenue12: units(score.window12.revenue),
    profitTotal: units(score.total.profit),
    expectedProfit12: units(score.expectedProfit12),
    referralProfit: units(score.referralProfit),
    goodwillBudget: units(score.goodwillBudget),
    contributions12: units(score.contributions12),
    phaseSince: score.phaseSince,
    firstPurchase: score.firstPurchase,
    lastPurchase: score.lastPurchase,
    firstContact: score.firstContact,
    lastContact: score.lastContact,
    lastOutreach: lastOutreach(score),
    nextAppointment: score.nextAppointment,
    caseOpened: textIn(score, CASES, 'opened'),
    contractEnd: textIn(score, ['signal.contract_ends'], 'end'),
    signOfReturn: textIn(score, SIGNS_OF_RETURN, 'on'),
    winBackStage: winBackStage(score),
    anniversary: anniversary(score),
    lastThanked: profile.facts?.thanked?.on ?? null,
    lastReferral: profile.facts?.lastReferral ?? null,
    profileReviewed: profile.facts?.reviewedOn ?? null,
    source: score.source,
    contactStatus: score.contactStatus,
    futureTier: score.futureTier,
    profileAsk: profile.ask,
    largestCost: textIn(score, ['tier.loss_making'], 'item'),
  } satisfies { [F in CustomerFact]: Value };
  const { phase, subPhase, tier, gold, asOf } = score;
  const reasons = score.reasons.filter((one) => !isOurTask(one)).map(({ code }) => code);
  return { phase, subPhase, tier, gold, reasons, facts, asOf };
}

export function leadFacts(lead: LeadScore): RuleSubject {
  const facts = {
    unanswered: lead.unansweredTouches,
    expectedValue: units(lead.expectedValue),
    created: lead.createdDay,
    followUpBy: lead.followUpBy,
    lastFollowUp: lead.lastFollowUp,
    lastContact: lead.lastContact,
    nextAppointment: lead.nextAppointment,
    followUp: lead.followUp,
    source: lead.source,
    rating: lead.rating,
    status: lead.status,
  } satisfies { [F in LeadFact]: Value };
  const reasons = lead.reasons.map(({ code }) => code);
  return { phase: null, subPhase: null, tier: null, gold: false, reasons, facts, asOf: lead.asOf };
}

const CASES = ['signal.high_case', 'signal.case_past_due', 'profile.open_cases'];
const SIGNS_OF_RETURN = ['phase.lost.sign_of_touch', 'phase.lost.sign_of_case', 'phase.lost.sign_of_lead'];

/** Of the first of these codes that the score has, in the order given. */
function reasonParam(reasons: readonly Reason[], codes: readonly string[], param: string): ReasonParam {
  for (const code of codes) {
    const value = reasons.find((reason) => reason.code === code)?.params[param];
    if (value !== undefined && value !== null) return value;
  }
  return null;
}
function textIn(score: Score, codes: readonly string[], param: string): string | null {
  const value = reasonParam(score.reasons, codes, param);
  return typeof value === 'string' ? value : null;
}

/** Subject of the most urgent open case. */
export function caseOf(score: Score): string | null {
  return textIn(score, CASES, 'subject');
}

/** The last day on which we are known to have turned to the customer, whether it answered or not. */
function lastOutreach(score: Score): Day | null {
  const tried = textIn(score, ['phase.lost.running_touch'], 'on');
  const spoken = score.lastContactDirection === 'in' ? null : score.lastContact;
  return (
    [tried, spoken]
      .filter((day) => day !== null)
      .sort()
      .at(-1) ?? null
  );
}

const WIN_BACK_MONTHS = [12, 6, 3] as const;
/** The last of the days 3, 6 and 12 months after the loss that has come. */
function winBackStage({ phase, phaseSince, asOf }: Score): Day | null {
  if (phase !== 'lost') return null;
  const reached = WIN_BACK_MONTHS.map((months) => addMonths(phaseSince, months)).find((day) => day <= asOf);
  return reached ?? null;
}

/** The last full year since the first purchase, where that is known to have been the first. */
function anniversary({ firstPurchase, isLeftTruncated, relationshipMonths, asOf }: Score): Day | null {
  if (firstPurchase === null || isLeftTruncated || relationshipMonths === null) return null;
  const years = Math.floor(relationshipMonths / 12);
  if (years < 1) return null;
  const day = addMonths(firstPurchase, 12 * years);
  return day <= asOf ? day : null;
}
