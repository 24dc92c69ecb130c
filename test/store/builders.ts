import type { OpenReminder } from '../../src/changes.ts';
import type { ConnectionId, CustomerKey } from '../../src/domain.ts';
import { minor } from '../../src/money.ts';
import type {
  AccountRecord,
  ActivityRecord,
  CaseRecord,
  ContactRecord,
  DealRecord,
  DocumentRecord,
  LeadRecord,
} from '../../src/records.ts';
import type { Baseline, Score, ScoreState } from '../../src/scores.ts';
import type { NewIntent, PlanItem } from '../../src/store/plan-stores.ts';
import type { RunRequest } from '../../src/store/run-requests.ts';
import type { Refusal } from '../../src/store/safety-stores.ts';
import type { Cursor, NewConnection, Store } from '../../src/store/store.ts';

/** What store tests are made of; every builder takes what the test is about. */

export const AT = new Date('2026-03-01T10:00:00.000Z');
const BASE = { createdAt: AT, modifiedAt: AT, ownerId: '4000000000000000001', ours: {} };

export function later(ms: number): Date {
  return new Date(AT.getTime() + ms);
}

export function aConnection(over: Partial<NewConnection> = {}): NewConnection {
  return {
    name: 'default',
    accountsUrl: 'https://accounts.zoho.com',
    apiDomain: 'https://www.zohoapis.com',
    location: 'us',
    clientId: '1000.CLIENT',
    clientSecret: 'client-secret-of-the-firm',
    refreshToken: '1000.refresh-token-of-the-firm',
    accessToken: null,
    expiresAt: null,
    org: {
      id: '600',
      zgid: '601',
      name: 'Firm',
      edition: 'enterprise',
      users: 12,
      timeZone: 'Europe/Amsterdam',
      currency: 'EUR',
      multiCurrency: false,
      country: 'NL',
    },
    userId: '4000000000000000001',
    scopes: ['ZohoCRM.modules.ALL'],
    mode: 'manual',
    ...over,
  };
}

export async function connected(store: Store, over: Partial<NewConnection> = {}): Promise<ConnectionId> {
  return (await store.connections.create(aConnection(over))).id;
}

export function anAccount(over: Partial<AccountRecord> = {}): AccountRecord {
  return {
    ...BASE,
    id: '100',
    name: 'Acme',
    parentId: null,
    accountType: null,
    number: null,
    source: null,
    keptContactDay: null,
    inputs: {},
    domain: null,
    terms: {},
    ...over,
  };
}
export function aContact(over: Partial<ContactRecord> = {}): ContactRecord {
  return {
    ...BASE,
    id: '200',
    name: 'Ann',
    accountId: null,
    source: null,
    keptContactDay: null,
    inputs: {},
    domain: null,
    terms: {},
    ...over,
  };
}
export function aDeal(over: Partial<DealRecord> = {}): DealRecord {
  return {
    ...BASE,
    id: '300',
    name: 'Order',
    accountId: null,
    contactId: null,
    amount: '261.96',
    cost: '200.10',
    profit: null,
    freight: null,
    currency: null,
    exchangeRate: null,
    stage: 'Closed Won',
    pipeline: 'Standard',
    closingDay: '2026-02-01',
    source: null,
    lossReason: null,
    wonSeenOn: null,
    wonAtFirstSync: false,
    ...over,
  };
}
export function aLead(over: Partial<LeadRecord> = {}): LeadRecord {
  return {
    ...BASE,
    id: '600',
    name: 'Acme',
    source: null,
    status: null,
    rating: null,
    converted: true,
    convertedAt: AT,
    convertedAccountId: null,
    convertedContactId: null,
    convertedDealId: null,
    company: null,
    domain: null,
    ...over,
  };
}
export function anInvoice(over: Partial<DocumentRecord> = {}): DocumentRecord {
  return {
    ...BASE,
    id: '700',
    module: 'Invoices',
    name: 'Invoice',
    number: null,
    accountId: null,
    contactId: null,
    dealId: null,
    status: 'Approved',
    day: '2026-02-01',
    untilDay: null,
    paidDay: null,
    subTotal: '100.00',
    discount: null,
    tax: '21.00',
    total: '121.00',
    cost: null,
    profit: null,
    freight: null,
    currency: null,
    exchangeRate: null,
    ...over,
  };
}
export function aTask(over: Partial<ActivityRecord> = {}): ActivityRecord {
  return {
    ...BASE,
    id: '400',
    module: 'Tasks',
    subject: 'Call',
    whatId: null,
    whoId: null,
    status: 'Not Started',
    callType: null,
    startAt: null,
    endAt: null,
    durationSeconds: null,
    minutesSpent: null,
    kilometres: null,
    dueDay: '2026-03-02',
    closedAt: null,
    cancelled: false,
    cvRef: null,
    ...over,
  };
}
export function aCase(over: Partial<CaseRecord> = {}): CaseRecord {
  return {
    ...BASE,
    id: '500',
    subject: 'Broken',
    accountId: null,
    contactId: null,
    dealId: null,
    status: 'Open',
    priority: null,
    minutesSpent: null,
    dueDay: null,
    ...over,
  };
}
/** With a hash that changes with the record. */
export function hashed<R>(record: R): { record: R; inputHash: string } {
  return { record, inputHash: JSON.stringify(record) };
}
export function aCursor(over: Partial<Cursor> = {}): Cursor {
  return {
    state: 'filling',
    filledAt: null,
    checkpoint: null,
    modifiedAt: null,
    deletedSince: null,
    fillStartedAt: AT,
    columnsHash: 'hash',
    ...over,
  };
}

/** A fill in the order of ids that has stored everything up to this one. */
export function aCursorAt(afterId: string): Cursor {
  return aCursor({
    checkpoint: { fields: 'Account_Name', wasEmpty: true, at: { method: 'coql', part: 0, afterId } },
  });
}
export function idReached(cursor: Cursor | null): string | null {
  const at = cursor?.checkpoint?.at;
  return typeof at === 'object' && at.method === 'coql' ? at.afterId : null;
}

const SUMS = { revenue: minor(0), directCost: minor(0), costToServe: minor(0), profit: minor(0) };
export function aScore(
  over: Partial<Omit<Score, 'key'>> & { id: string; module?: CustomerKey['module'] },
): Score {
  const { id, module = 'Accounts', ...rest } = over;
  return {
    key: { module, id },
    name: `Customer ${id}`,
    ownerId: null,
    asOf: '2026-03-01',
    tier: 'good',
    rawTier: 'good',
    gold: false,
    rank: 1,
    phase: 'established',
    rawPhase: 'established',
    subPhase: null,
    phaseSince: '2026-01-01',
    override: null,
    window12: SUMS,
    total: SUMS,
    costBasis: ['deal'],
    timeCoverage: { known: 0, activities: 0 },
    purchases: 3,
    firstPurchase: '2024-01-01',
    lastPurchase: '2026-02-01',
    source: null,
    firstContact: null,
    relationshipMonths: 25,
    usualIntervalDays: 90,
    overdueRatio: 0.3,
    lastContact: null,
    lastContactChannel: null,
    lastContactDirection: null,
    lastContactSubject: null,
    mainContactId: null,
    contactGapDays: null,
    plannedContactDays: 60,
    contactStatus: null,
    unansweredTouches: 0,
    nextAppointment: null,
    contactDue: true,
    goodwillBudget: null,
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
    reasons: [{ code: 'tier.good.median', params: { cut: 12, name: 'NUL \u0000 and lone \ud800' } }],
    unfilled: { expected_profit_12_months: 'model.none' },
    ...rest,
  };
}
export function money(profit: number, revenue = 0): Score['window12'] {
  return { ...SUMS, profit: minor(profit), revenue: minor(revenue) };
}
export function aState(over: Partial<ScoreState> = {}): ScoreState {
  return {
    asOf: '2026-03-01',
    tier: 'good',
    lowerSince: [],
    lossMonthEnds: [],
    gold: false,
    phase: 'established',
    phaseSince: '2026-01-01',
    pendingPhase: null,
    lastPurchase: '2026-02-01',
    ...over,
  };
}
export function aBaseline(over: Partial<Baseline> = {}): Baseline {
  return {
    asOf: '2026-03-01',
    population: 2,
    customers: 2,
    ranked: [],
    topSize: 1,
    goldSize: 1,
    goldAvailable: false,
    topAvailable: true,
    goodCut: null,
    medianGapDays: 90,
    gapCount: 4,
    secondPurchaseP90Days: null,
    lastPurchaseDay: null,
    buyers: 0,
    averages: { margin: 0.3, servePerOrder: 0 },
    leads: { all: { leads: 3, converted: 2, became: 1, buyers: 1, profit12: 5_000 }, sources: [] },
    fit: null,
    firstPurchaseDay: '2024-01-01',
    offers: [],
    lowestPrices: [],
    rfm: null,
    referrals: { ignored: 1, unknown: 0, credits: [] },
    ...over,
  };
}
export function aReminder(over: Partial<OpenReminder> = {}): OpenReminder {
  return {
    cvRef: 'cv-contact_gap-100-1',
    customer: { module: 'Accounts', id: '100' },
    reason: 'contact_gap',
    episode: 1,
    taskId: null,
    state: 'open',
    createdOn: '2026-03-01',
    closedOn: null,
    ownerId: '4000000000000000001',
    dueDay: '2026-03-03',
    subject: 'Call Acme',
    priority: 'Normal',
    body: null,
    stable: null,
    escalatedOn: null,
    ...over,
  };
}
export function aFieldItem(recordId: string, value: string): PlanItem {
  return {
    kind: 'field',
    change: {
      module: 'Accounts',
      recordId,
      customer: { module: 'Accounts', id: recordId },
      name: 'Acme',
      field: 'value_tier',
      old: null,
      new: value,
      cause: 'first_value',
      reason: null,
    },
  };
}
export function anIntent(
  over: Partial<NewIntent> & Pick<NewIntent, 'connection' | 'runId' | 'planId'>,
): NewIntent {
  return {
    seqs: [1],
    kind: 'update',
    module: 'Accounts',
    recordId: '100',
    cvRef: null,
    before: {},
    sent: { Value_Tier: 'Top' },
    values: { value_tier: 'Top' },
    at: AT,
    ...over,
  };
}
export function aRefusal(over: Partial<Refusal> = {}): Refusal {
  return {
    module: 'Accounts',
    recordId: '100',
    field: null,
    customer: { module: 'Accounts', id: '100' },
    runId: '1',
    code: 'RECORD_LOCKED',
    message: 'The record is locked',
    attempted: { value_tier: 'Top' },
    attempts: 1,
    firstAt: AT,
    lastAt: AT,
    ...over,
  };
}
export function aRequest(over: Partial<RunRequest> = {}): RunRequest {
  return {
    ...{ seq: 1, at: AT, method: 'GET', path: '/crm/v8/Deals?fields&page', module: null, query: null },
    ...{ status: 200, code: null, failed: false, credits: 1, durationMs: 12, attempt: 1 },
    ...over,
  };
}
export async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}
