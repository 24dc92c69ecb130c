import type { MappedField, OpenReminder } from '../../../src/changes.ts';
import type { ModuleName } from '../../../src/domain.ts';
import type { LeadScore } from '../../../src/leads.ts';
import { minor } from '../../../src/money.ts';
import { FIELD_CATALOG } from '../../../src/plan/field-catalog.ts';
import { indexMapped, type MappedFields } from '../../../src/plan/mapped-fields.ts';
import type { PlanRules, PlaybookRule } from '../../../src/rules.ts';
import type { Score } from '../../../src/scores.ts';
import { readSettings } from '../../../src/settings.ts';

/** Small builders; every test says what matters to it. */

/** The rules of config/playbook.yaml. */
export const SHIPPED_RULES = readSettings('config', []).settings?.plan.playbook ?? [];
export function shippedRule(id: string): PlaybookRule {
  const rule = SHIPPED_RULES.find((one) => one.id === id);
  if (!rule) throw new Error(`config/playbook.yaml has no rule ${id}`);
  return rule;
}

export const RULES: PlanRules = {
  onEdit: { usual: 'ours', fields: {} },
  materiality: {
    currencyPercent: 1,
    currencyUnits: 1,
    gapDriftDays: 7,
    churnRiskPoints: 5,
    orderIntervalPercent: 20,
  },
  language: 'en',
  reminders: {
    perOwnerAndDay: 5,
    perRecord: 2,
    coolDownDays: 14,
    dueWorkingDays: { top: 1, good: 3, marginal: 5, loss_making: 5, none: 5 },
  },
  outcomes: { touchDays: 14, resultDays: 90, ignoredDays: 14, minCount: 10 },
  apply: { fieldsOnly: false, canaryRecords: 0, canaryMaxRejected: 0 },
  guards: { maxTierChangePercent: 10, maxProfitLeapPercent: 25, minPopulation: 20, maxNewTasks: 200 },
  playbook: [shippedRule('contact_gap')],
};
export const FORMAT = { language: 'en', currency: 'USD' } as const;
export const OWNER = '5725767000000388001';

const sums = (profit: number, revenue = profit * 3) => ({
  revenue: minor(revenue),
  directCost: minor(revenue - profit),
  costToServe: minor(0),
  profit: minor(profit),
});

export function aScore(change: Partial<Score> & { profit?: number; id?: string } = {}): Score {
  const { profit = 100_000, id = '5725767000000410001', ...rest } = change;
  return {
    key: { module: 'Accounts', id },
    name: 'Northwind Oy',
    ownerId: OWNER,
    asOf: '2026-02-10',
    tier: 'good',
    rawTier: 'good',
    gold: false,
    rank: 12,
    phase: 'established',
    rawPhase: 'established',
    subPhase: null,
    phaseSince: '2025-06-01',
    override: null,
    window12: sums(profit),
    total: sums(profit * 2),
    costBasis: ['deal'],
    timeCoverage: { known: 0, activities: 0 },
    purchases: 5,
    firstPurchase: '2024-03-05',
    lastPurchase: '2025-12-20',
    source: null,
    firstContact: null,
    relationshipMonths: 23,
    usualIntervalDays: 60,
    overdueRatio: 0.8,
    lastContact: '2025-12-01',
    lastContactChannel: 'call',
    lastContactDirection: 'out',
    lastContactSubject: 'Delivery dates',
    mainContactId: '5725767000000420002',
    contactGapDays: 71,
    plannedContactDays: 60,
    contactStatus: 'overdue',
    unansweredTouches: 0,
    nextAppointment: null,
    contactDue: true,
    goodwillBudget: minor(1_000),
    expectedProfit12: null,
    expectedProfitRange: null,
    futureTier: null,
    isLeftTruncated: false,
    churnRiskPercent: null,
    referralProfit: null,
    contributions12: minor(0),
    rfm: null,
    effort: null,
    profile: { percent: 25, ask: 'why_us' },
    valueIncomplete: false,
    model: { name: null, status: 'not enough data', fitId: null },
    nextStep: null,
    reasons: [
      { code: 'tier.good', params: { profit, cut: null } },
      { code: 'phase.established', params: { last: '2025-12-20' } },
    ],
    unfilled: { expected_profit_12_months: 'no_model' },
    ...rest,
  };
}

/** The whole catalog as an org with every module has it. */
export function allFields(
  without: readonly string[] = [],
  modules: readonly ModuleName[] = ['Accounts', 'Contacts', 'Leads', 'Deals', 'Cases', 'Tasks'],
): MappedField[] {
  return FIELD_CATALOG.flatMap((spec) => {
    const places = spec.modules.flatMap((module): ModuleName[] =>
      module === 'customer' ? ['Accounts', 'Contacts'] : [module],
    );
    return places
      .filter((module) => modules.includes(module) && !without.includes(spec.key))
      .map((module, index) => ({
        key: spec.key,
        module,
        apiName: spec.label.replaceAll(' ', '_'),
        fieldId: `57257670000008${index}`,
        label: spec.label,
        state: 'created' as const,
      }));
  });
}

export const mappedAll = (without: readonly string[] = []): MappedFields => indexMapped(allFields(without));

export function aReminder(change: Partial<OpenReminder> = {}): OpenReminder {
  return {
    cvRef: 'cv-contact_gap-5725767000000410001-1',
    customer: { module: 'Accounts', id: '5725767000000410001' },
    reason: 'contact_gap',
    episode: 1,
    taskId: '5725767000000900001',
    state: 'open',
    createdOn: '2026-02-01',
    closedOn: null,
    ownerId: OWNER,
    dueDay: '2026-02-05',
    subject: 'Call Northwind Oy',
    priority: 'Normal',
    ...change,
  };
}

/** Whether the store counts it among the new ones of the day: one that we took back the same day stands nowhere. */
export const isCounted = ({ createdOn, state, closedOn }: OpenReminder, day: string): boolean =>
  createdOn === day && (state !== 'closed_by_us' || closedOn !== day);

export function aLeadScore(change: Partial<LeadScore> = {}): LeadScore {
  const history = { leads: 40, converted: 10, became: 8, buyers: 8, profit12: 800_000 };
  return {
    key: { module: 'Leads', id: '5725767000000450001' },
    name: 'Ida Dahl',
    ownerId: null,
    asOf: '2026-02-10',
    createdDay: '2026-02-01',
    source: 'Fair',
    rating: null,
    status: 'Contacted',
    state: 'open',
    followUp: 'due',
    followUpBy: '2026-02-10',
    rhythmDays: 7,
    lastFollowUp: '2026-02-03',
    lastContact: null,
    lastContactChannel: null,
    unansweredTouches: 1,
    nextAppointment: null,
    expectedValue: minor(20_000),
    chance: 0.2,
    meanProfit: minor(100_000),
    history,
    reasons: [
      { code: 'lead.follow_up.next', params: {} },
      { code: 'lead.value.expected', params: {} },
    ],
    unfilled: {},
    ...change,
  };
}
