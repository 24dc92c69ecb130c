import type { CustomerFacts, Day, Minor, Purchase, Touch } from '../../../src/domain.ts';
import type { LeadFacts } from '../../../src/leads.ts';
import { minor, toMinor } from '../../../src/money.ts';
import type {
  AccountRecord,
  ActivityRecord,
  CaseRecord,
  ContactRecord,
  CustomerDocument,
  CustomerRows,
  DealRecord,
  DocumentRecord,
  LeadRecord,
  StageRow,
} from '../../../src/records.ts';
import type { ScoringRules } from '../../../src/rules.ts';
import type { Baseline, ModelFit } from '../../../src/scores.ts';
import type { FactContext } from '../../../src/scoring/facts.ts';
import { NO_HISTORY } from '../../../src/scoring/lead-history.ts';
import { readSettings } from '../../../src/settings.ts';

/** Small builders: every test says only what it is about. */

export const ASOF: Day = '2026-11-24';

function defaultRules(): ScoringRules {
  const problems: string[] = [];
  const { settings } = readSettings('test/no-such-folder', problems);
  if (!settings) throw new Error(problems.join('\n'));
  return settings.scoring;
}
/** What a firm that sets nothing gets. */
export const RULES: ScoringRules = defaultRules();

type UnitCosts = ScoringRules['money']['unitCosts'];
export function rulesWith(change: {
  unitCosts?: { readonly [K in keyof UnitCosts]?: number };
  money?: Partial<Omit<ScoringRules['money'], 'unitCosts'>>;
  tiers?: Partial<ScoringRules['tiers']>;
  contactDays?: Partial<ScoringRules['contactDays']>;
  phases?: Partial<ScoringRules['phases']>;
  touches?: Partial<ScoringRules['touches']>;
  currency?: ScoringRules['currency'];
  purchase?: Partial<ScoringRules['purchase']>;
  rfm?: Partial<ScoringRules['rfm']>;
  effort?: ScoringRules['effort'];
  nextSteps?: ScoringRules['nextSteps'];
  contributions?: Partial<ScoringRules['contributions']>;
  leads?: Partial<ScoringRules['leads']>;
  goodwillPercent?: Partial<ScoringRules['goodwillPercent']>;
}): ScoringRules {
  const costs = Object.entries(change.unitCosts ?? {}).map(([key, units]) => [key, toMinor(units ?? 0)]);
  return {
    ...RULES,
    currency: change.currency ?? RULES.currency,
    purchase: { ...RULES.purchase, ...change.purchase },
    money: {
      ...RULES.money,
      ...change.money,
      unitCosts: { ...RULES.money.unitCosts, ...Object.fromEntries(costs) },
    },
    tiers: { ...RULES.tiers, ...change.tiers },
    contactDays: { ...RULES.contactDays, ...change.contactDays },
    phases: { ...RULES.phases, ...change.phases },
    touches: { ...RULES.touches, ...change.touches },
    rfm: { ...RULES.rfm, ...change.rfm },
    effort: change.effort ?? RULES.effort,
    nextSteps: change.nextSteps ?? RULES.nextSteps,
    contributions: { ...RULES.contributions, ...change.contributions },
    leads: { ...RULES.leads, ...change.leads },
    goodwillPercent: { ...RULES.goodwillPercent, ...change.goodwillPercent },
  };
}

export const STAGES: readonly StageRow[] = [
  { pipeline: 'Standard', stage: 'Qualification', outcome: 'open' },
  { pipeline: 'Standard', stage: 'Closed Won', outcome: 'won' },
  { pipeline: 'Standard', stage: 'Closed Lost', outcome: 'lost' },
];

export function aContext(change: Partial<FactContext> = {}): FactContext {
  return { timeZone: 'Europe/Amsterdam', homeCurrency: 'EUR', stages: STAGES, rules: RULES, ...change };
}

let lastId = 0;
/** Eighteen digits, ascending within a test file. */
export function anId(): string {
  lastId += 1;
  return `4876876${String(lastId).padStart(11, '0')}`;
}

const stored = () => ({
  id: anId(),
  createdAt: new Date('2024-01-02T10:00:00Z'),
  modifiedAt: new Date('2024-01-02T10:00:00Z'),
  ownerId: '4876876000000000001',
  ours: {},
});
export function anAccount(change: Partial<AccountRecord> = {}): AccountRecord {
  return {
    ...stored(),
    name: 'Bakkerij Vermeer',
    parentId: null,
    number: null,
    accountType: null,
    source: null,
    keptContactDay: null,
    inputs: {},
    domain: null,
    terms: {},
    ...change,
  };
}
export function aContact(change: Partial<ContactRecord> = {}): ContactRecord {
  return {
    ...stored(),
    name: 'Anna Vermeer',
    accountId: null,
    source: null,
    keptContactDay: null,
    inputs: {},
    domain: null,
    terms: {},
    ...change,
  };
}
/** Won on 2026-03-10 for 100.00, first seen at the first sync. */
export function aDeal(change: Partial<DealRecord> = {}): DealRecord {
  return {
    ...stored(),
    name: 'Order',
    accountId: null,
    contactId: null,
    amount: '100.00',
    cost: null,
    profit: null,
    freight: null,
    currency: null,
    exchangeRate: null,
    stage: 'Closed Won',
    pipeline: 'Standard',
    closingDay: '2026-03-10',
    source: null,
    lossReason: null,
    wonSeenOn: '2026-11-20',
    wonAtFirstSync: true,
    ...change,
  };
}
function anActivity(module: ActivityRecord['module'], change: Partial<ActivityRecord>): ActivityRecord {
  return {
    ...stored(),
    module,
    subject: 'Order talk',
    whatId: null,
    whoId: null,
    status: null,
    callType: null,
    startAt: null,
    endAt: null,
    durationSeconds: null,
    minutesSpent: null,
    kilometres: null,
    dueDay: null,
    closedAt: null,
    cancelled: false,
    cvRef: null,
    ...change,
  };
}
export function aCall(change: Partial<ActivityRecord> = {}): ActivityRecord {
  return anActivity('Calls', {
    callType: 'Outbound',
    startAt: new Date('2026-10-01T09:00:00Z'),
    durationSeconds: 300,
    ...change,
  });
}
export function aMeeting(change: Partial<ActivityRecord> = {}): ActivityRecord {
  return anActivity('Events', {
    startAt: new Date('2026-10-01T09:00:00Z'),
    endAt: new Date('2026-10-01T10:30:00Z'),
    ...change,
  });
}
export function aTask(change: Partial<ActivityRecord> = {}): ActivityRecord {
  return anActivity('Tasks', {
    subject: 'Call about the order',
    status: 'Completed',
    closedAt: new Date('2026-10-01T09:00:00Z'),
    ...change,
  });
}
/** What somebody wrote down about a talk. */
export function aNote(change: Partial<ActivityRecord> = {}): ActivityRecord {
  return anActivity('Notes', {
    subject: 'Call: new prices',
    createdAt: new Date('2026-10-01T09:00:00Z'),
    ...change,
  });
}
export function aMail(change: Partial<ActivityRecord> = {}): ActivityRecord {
  const startAt = new Date('2026-10-01T09:00:00Z');
  return anActivity('Emails', { subject: 'Re: your offer', callType: 'Inbound', startAt, ...change });
}
export function aCase(change: Partial<CaseRecord> = {}): CaseRecord {
  return {
    ...stored(),
    subject: 'Late delivery',
    accountId: null,
    contactId: null,
    dealId: null,
    status: 'New',
    priority: 'Low',
    minutesSpent: null,
    dueDay: null,
    ...change,
  };
}
export function aLead(change: Partial<LeadRecord> = {}): LeadRecord {
  return {
    ...stored(),
    createdAt: new Date('2026-01-05T12:00:00Z'),
    name: 'Bakkerij Vermeer',
    source: 'Trade fair',
    status: null,
    rating: null,
    converted: true,
    convertedAt: new Date('2026-02-01T12:00:00Z'),
    convertedAccountId: null,
    convertedContactId: null,
    convertedDealId: null,
    company: null,
    domain: null,
    ...change,
  };
}
export function anInvoice(
  change: Partial<DocumentRecord> = {},
  lines: CustomerDocument['lines'] = [],
): CustomerDocument {
  const document: DocumentRecord = {
    ...stored(),
    module: 'Invoices',
    name: 'Invoice',
    number: null,
    accountId: null,
    contactId: null,
    dealId: null,
    status: 'Approved',
    day: '2026-10-01',
    untilDay: null,
    paidDay: null,
    subTotal: '1000.00',
    discount: null,
    tax: '210.00',
    total: '1210.00',
    cost: null,
    profit: null,
    freight: null,
    currency: null,
    exchangeRate: null,
    ...change,
  };
  return { document, lines };
}
export function aLine(
  change: Partial<CustomerDocument['lines'][number]> = {},
): CustomerDocument['lines'][number] {
  return {
    id: anId(),
    productId: null,
    quantity: '1',
    listPrice: null,
    discount: null,
    tax: null,
    netTotal: '1000.00',
    product: null,
    ...change,
  };
}
export function someRows(change: Partial<CustomerRows> = {}): CustomerRows {
  const record = change.record ?? anAccount();
  return {
    key: { module: 'Accounts', id: record.id },
    record,
    contacts: [],
    deals: [],
    activities: [],
    cases: [],
    leads: [],
    documents: [],
    family: [],
    goodwill: [],
    mailReadAt: null,
    ...change,
  };
}

/** [day, revenue, direct cost] in units, such as ['2026-01-05', 200, 120]. */
export type PurchaseRow = readonly [day: Day, revenue: number, cost: number];

function purchases(rows: readonly PurchaseRow[]): Purchase[] {
  const ascending = rows.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return ascending.map(([day, revenue, cost]) => ({
    dealId: anId(),
    day,
    revenue: toMinor(revenue),
    directCost: toMinor(cost),
    costBasis: 'deal',
  }));
}
export function aTouch(day: Day, change: Partial<Touch> = {}): Touch {
  return {
    at: new Date(`${day}T10:00:00Z`),
    day,
    channel: 'call',
    direction: 'out',
    twoWay: true,
    subject: 'Order talk',
    recordId: anId(),
    contactId: null,
    durationSeconds: 300,
    ...change,
  };
}
export type FactChange = Partial<Omit<CustomerFacts, 'purchases'>> & {
  readonly bought?: readonly PurchaseRow[];
  readonly purchases?: readonly Purchase[];
};
/** As facts give them: calls that reached somebody and meetings, each as long as it took. */
function effortsOf(touches: readonly Touch[]): CustomerFacts['efforts'] {
  return touches
    .filter(({ twoWay, channel }) => twoWay && (channel === 'call' || channel === 'meeting'))
    .map(({ day, durationSeconds }) => ({ day, seconds: durationSeconds }));
}
export function someFacts({ bought, ...change }: FactChange = {}): CustomerFacts {
  return {
    key: { module: 'Accounts', id: anId() },
    name: 'Bakkerij Vermeer',
    ownerId: '4876876000000000001',
    createdDay: '2024-01-02',
    source: null,
    firstContact: null,
    leads: [],
    family: [],
    purchases: purchases(bought ?? []),
    costs: [],
    valueIncomplete: false,
    openDeals: [],
    lostDeals: [],
    touches: [],
    efforts: effortsOf(change.touches ?? []),
    latePayments: [],
    trips: [],
    contactsSince: [],
    unread: [],
    unreadSigns: [],
    inputs: {},
    closed: null,
    contract: null,
    isProjectBuyer: false,
    survey: null,
    keyContactLeft: null,
    payments: [],
    openTasks: [],
    override: null,
    productDays: [],
    products: [],
    segment: '',
    referredBy: null,
    contributions: [],
    thanked: null,
    thankedHow: null,
    appointments: [],
    cases: [],
    goodwill: [],
    issues: [],
    mainContactId: null,
    ...change,
  };
}

/** 100 other customers with profits 100.00, 99.00 … 1.00: top from 81.00, gold from 91.00, good from 40.50. */
export function aBaseline(change: Partial<Baseline> = {}): Baseline {
  const ranked = Array.from({ length: 100 }, (_, index) => ({
    profit12: minor((100 - index) * 100),
    revenue12: minor((100 - index) * 200),
    firstPurchase: '2025-01-01',
    id: `999${String(index).padStart(15, '0')}`,
  }));
  return {
    asOf: ASOF,
    population: 100,
    customers: 120,
    ranked,
    topSize: 20,
    goldSize: 10,
    goldAvailable: true,
    topAvailable: true,
    goodCut: minor(4050),
    medianGapDays: 60,
    gapCount: 300,
    secondPurchaseP90Days: 200,
    lastPurchaseDay: null,
    buyers: 0,
    averages: { margin: 0.3, servePerOrder: 0 },
    leads: NO_HISTORY,
    fit: null,
    firstPurchaseDay: '2022-01-01',
    offers: [],
    lowestPrices: [],
    rfm: null,
    referrals: { ignored: 0, unknown: 0, credits: [] },
    ...change,
  };
}

/** MBG/NBD as fitted to the CDNOW sample: about 6 weeks of rate, a third leave after a purchase; 20.00 an order. */
export function aFit(change: Partial<ModelFit> = {}): ModelFit {
  return {
    id: '2026-11-22-0a1b2c3d',
    asOf: '2026-11-22',
    unit: 'weeks',
    status: 'ok',
    model: 'MBG/NBD',
    parameters: { r: 0.525, alpha: 6.183, a: 0.891, b: 1.614 },
    logLikelihood: -9582.1,
    value: { model: 'shrunken mean', mean: 20, weight: 3 },
    candidates: [],
    gates: [],
    data: {
      firstDay: '2022-01-01',
      until: '2026-11-22',
      buyers: 2357,
      truncated: 300,
      repeaters: 946,
      repeats: 2457,
    },
    backtest: {
      cut: '2025-12-01',
      until: '2026-11-22',
      model: 'MBG/NBD',
      customers: 2357,
      actual: 704,
      predicted: 683.6,
      totalErrorPercent: -2.9,
      valueErrorPercent: -7.6,
      meanAbsoluteError: 0.38,
      runRateError: 0.47,
      cohortMeanError: 0.61,
      brier: 0.12,
      baseRateBrier: 0.14,
      calibration: [],
      rangeCoverage: 0.92,
      isBetterThanBaselines: true,
    },
    ...change,
  };
}
/** Leaving cannot be told from pausing: an order about every `everyWeeks`. */
export const aFitWithoutDropout = (everyWeeks = 6): ModelFit =>
  aFit({ status: 'no-dropout', model: 'NBD', parameters: { r: 2, alpha: 2 * everyWeeks, a: null, b: null } });
/** Its backtest was off by a half. */
export function aPoorFit(): ModelFit {
  const fit = aFit({ status: 'low confidence' });
  return { ...fit, backtest: fit.backtest && { ...fit.backtest, totalErrorPercent: 50 } };
}
/** Too few buyers for anything. */
export const aFitOfTooFew = (): ModelFit =>
  aFit({
    status: 'not enough data',
    model: null,
    parameters: null,
    logLikelihood: null,
    value: null,
    backtest: null,
    gates: [{ gate: 'buyers', value: 89, limit: 200, isMet: false }],
  });

export const euros = (units: number): Minor => toMinor(units);

/** Came in on 2026-11-01, not converted. */
export function anOpenLead(change: Partial<LeadRecord> = {}): LeadRecord {
  return aLead({
    createdAt: new Date('2026-11-01T12:00:00Z'),
    converted: false,
    convertedAt: null,
    ...change,
  });
}
export function someLeadFacts(change: Partial<LeadFacts> = {}): LeadFacts {
  return {
    id: anId(),
    name: 'Bakkerij Vermeer',
    ownerId: '4876876000000000001',
    createdDay: '2026-11-01',
    source: 'Trade fair',
    rating: null,
    status: 'Contacted',
    isClosed: false,
    touches: [],
    appointments: [],
    unread: [],
    ...change,
  };
}
