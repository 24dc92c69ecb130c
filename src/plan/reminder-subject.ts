import type { ReminderKey } from '../changes.ts';
import { wholeMonthsBetween } from '../days.ts';
import type { Day, RecordId, Tier } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import type { Score } from '../scores.ts';
import type { Format } from '../texts/format.ts';
import { shownPhase } from '../texts/render.ts';
import { customerLines, leadLines, type TaskValues } from '../texts/task-text.ts';
import { caseOf, customerFacts, leadFacts, type RuleSubject } from './playbook-facts.ts';

/** A customer or a lead, as far as its reminders go. */
export interface ReminderSubject {
  readonly key: ReminderKey;
  readonly name: string;
  readonly scope: 'customers' | 'leads';
  readonly ownerId: RecordId | null;
  /** The person to talk to. */
  readonly whoId: RecordId | null;
  readonly tier: Tier;
  readonly gold: boolean;
  /** What it brings in 12 months, or is expected to, in minor units. */
  readonly worth: number;
  /** Days since anybody spoke with it; never is longest. */
  readonly silentDays: number;
  readonly lastContact: Day | null;
  readonly nextAppointment: Day | null;
  readonly about: RuleSubject;
  readonly values: TaskValues;
  readonly facts: (format: Format, withAmounts: boolean) => readonly string[];
}

export function customerSubject(
  score: Score,
  isWhyUsKept = false,
  ourTasks: ReadonlySet<RecordId> = new Set(),
): ReminderSubject {
  const about = customerFacts(score, isWhyUsKept, ourTasks);
  const { facts } = about;
  const day = (fact: keyof typeof facts): Day | null => {
    const value = facts[fact];
    return typeof value === 'string' ? value : null;
  };
  const anniversary = day('anniversary');
  const values: TaskValues = {
    name: score.name,
    tier: score.tier,
    phase: shownPhase(score),
    since: score.phaseSince,
    profit: score.window12.profit,
    revenue: score.window12.revenue,
    total_profit: score.total.profit,
    goodwill: score.goodwillBudget,
    first_purchase: score.firstPurchase,
    last_purchase: score.lastPurchase,
    last_contact: score.lastContact,
    planned_days: score.plannedContactDays,
    attempts: score.unansweredTouches,
    case: caseOf(score),
    case_opened: day('caseOpened'),
    contract_end: day('contractEnd'),
    sign: day('signOfReturn'),
    cost: day('largestCost'),
    anniversary,
    years:
      anniversary === null || score.firstPurchase === null
        ? null
        : Math.round(wholeMonthsBetween(score.firstPurchase, anniversary) / 12),
    brought: Number(facts.brought),
    last_thanked: day('lastThanked'),
    reviewed: day('profileReviewed'),
    reason_left: score.profile.facts?.reasonLeft ?? null,
    source: score.source,
  };
  return {
    key: score.key,
    name: score.name,
    scope: 'customers',
    ownerId: score.ownerId,
    whoId: score.key.module === 'Contacts' ? score.key.id : score.mainContactId,
    tier: score.tier,
    gold: score.gold,
    worth: score.window12.profit,
    silentDays: score.contactGapDays ?? Number.MAX_SAFE_INTEGER,
    lastContact: score.lastContact,
    nextAppointment: score.nextAppointment,
    about,
    values,
    facts: (format, withAmounts) => customerLines(score, format, withAmounts),
  };
}

export function leadSubject(lead: LeadScore): ReminderSubject {
  return {
    key: lead.key,
    name: lead.name,
    scope: 'leads',
    ownerId: lead.ownerId,
    // Zoho ties a task to a lead through What_Id alone.
    whoId: null,
    tier: 'none',
    gold: false,
    worth: lead.expectedValue ?? 0,
    silentDays: Number.MAX_SAFE_INTEGER,
    lastContact: lead.lastFollowUp,
    nextAppointment: lead.nextAppointment,
    about: leadFacts(lead),
    values: {
      name: lead.name,
      source: lead.source,
      status: lead.status,
      rating: lead.rating,
      created: lead.createdDay,
      follow_up_by: lead.followUpBy,
      last_contact: lead.lastContact,
      attempts: lead.unansweredTouches,
      value: lead.expectedValue,
    },
    facts: (format, withAmounts) => leadLines(lead, format, withAmounts),
  };
}
