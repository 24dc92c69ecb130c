import type {
  CustomerFacts,
  Day,
  FactIssue,
  ProductDay,
  Purchase,
  RecordId,
  Touch,
  UnreadChannel,
  UnreadSign,
} from '../domain.ts';
import type { CaseRecord, CustomerRows, DealOutcome, DealRecord, StageRow } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import { givenOf } from './contributions.ts';
import { enteredDay, staysByDeal } from './deal-history.ts';
import { quotedDiscounts } from './discounts.ts';
import { costsOf, documentsOf } from './documents.ts';
import { caseEffort, effortOf, metresOf } from './efforts.ts';
import { isSettled, latePaymentsOf, paymentOf } from './late-payments.ts';
import { type NewLeads, newLeadsOf } from './likeness.ts';
import { type LocalDay, localDayIn } from './local-day.ts';
import { mainContactOf } from './main-contact.ts';
import { namesOf, productDaysOf } from './offers.ts';
import { originOf } from './origin.ts';
import { purchaseOf } from './purchases.ts';
import { compareIds } from './record-order.ts';
import { relationFacts } from './relation-facts.ts';
import { documentDay, documentPurchase, isCounted, isOpenDocument } from './sales-documents.ts';
import { activityOutcome, caseTouch, isDoneTask, keptTouches, type TouchContext } from './touches.ts';
import { unreadChannels, unreadOf, unreadSignsOf } from './unread.ts';

/** Records of one customer → what scoring reads. The order of the records does not matter. */

export interface FactContext {
  readonly timeZone: string;
  readonly homeCurrency: string;
  readonly stages: readonly StageRow[];
  readonly rules: ScoringRules;
  /** The moment of the run: a meeting that ends later is still an appointment. Left out: everything up to asOf happened. */
  readonly knownUntil?: Date;
  /** Reminder tasks that we completed ourselves: they are no contacts. */
  readonly closedByUs?: ReadonlySet<RecordId>;
  /** Channels that the org did not let us read. */
  readonly unread?: readonly UnreadChannel[];
  /** What the settings keep from being read. */
  readonly unreadSigns?: readonly UnreadSign[];
  /** Leads that may stand for a customer who was lost; left out: none is asked. */
  readonly newLeads?: NewLeads;
  /** Imported files that tell when documents were paid; left out: all do. */
  readonly paymentFiles?: ReadonlySet<number>;
}

/** What each stage of each pipeline means. */
export interface StageIndex {
  readonly exact: ReadonlyMap<string, DealOutcome>;
  /** By stage alone, where all pipelines agree on it. */
  readonly byStage: ReadonlyMap<string, DealOutcome>;
}

const stageKey = (pipeline: string, stage: string): string => `${pipeline}\n${stage}`;

export function indexStages(rows: readonly StageRow[]): StageIndex {
  const exact = new Map<string, DealOutcome>();
  const byStage = new Map<string, DealOutcome>();
  for (const { pipeline, stage, outcome } of rows) {
    exact.set(stageKey(pipeline, stage), outcome);
    const known = byStage.get(stage);
    byStage.set(stage, known === undefined || known === outcome ? outcome : 'unknown');
  }
  return { exact, byStage };
}

/** A deal without pipeline, or in one that Zoho no longer lists, is judged by its stage where that is unmistakable. */
export function dealOutcome(stages: StageIndex, pipeline: string | null, stage: string | null): DealOutcome {
  if (stage === null) return 'unknown';
  const exact = pipeline === null ? undefined : stages.exact.get(stageKey(pipeline, stage));
  return exact ?? stages.byStage.get(stage) ?? 'unknown';
}

interface Prepared {
  readonly stages: StageIndex;
  readonly localDay: LocalDay;
  readonly unread: readonly UnreadChannel[];
}
// The same context serves every customer of a run; what follows from it alone is worked out once and dies with it.
const preparedFor = new WeakMap<FactContext, Prepared>();
/** The same for every record of a run. */
export function prepared(context: FactContext): Prepared {
  const known = preparedFor.get(context);
  if (known) return known;
  const made = {
    stages: indexStages(context.stages),
    localDay: localDayIn(context.timeZone),
    unread: unreadChannels(context.rules.touches, context.unread ?? []),
  };
  preparedFor.set(context, made);
  return made;
}

export const NOBODY: ReadonlySet<RecordId> = new Set();
const END_OF_TIME = new Date(8.64e15);
// At the start of a word: "Unresolved" is open.
const CLOSED_CASE = /\b(clos|resolv|solved|done|complet|cancel)/i;
const HIGH_CASE = /high|urgent|critical/i;

export function factsOf(rows: CustomerRows, context: FactContext, asOf: Day): CustomerFacts {
  const { localDay, unread } = prepared(context);
  const deals = dealFacts(rows, context, asOf);
  const { costs, issues: costIssues } = costsOf(rows.imported?.costs ?? [], asOf);
  const { touches, appointments, efforts, trips } = contactFacts(rows, context, asOf);
  const people = mainContactOf(rows, { touches, purchases: deals.purchases, localDay, asOf }, context.rules);
  const productDays = productDaysOf(rows, documentProducts(rows, context, asOf), asOf);
  return {
    key: rows.key,
    name: rows.record.name,
    ownerId: rows.record.ownerId,
    createdDay: localDay(rows.record.createdAt),
    ...originOf(rows, touches, localDay, asOf),
    ...deals,
    ...(context.newLeads && deals.purchases.length > 0
      ? { newLeads: newLeadsOf(rows, context.newLeads, asOf) }
      : {}),
    costs: costs.toSorted((a, b) => compareDays(a.day, b.day)),
    issues: [...deals.issues, ...costIssues.map((issue) => ({ issue, recordId: rows.key.id }))],
    valueIncomplete: deals.valueIncomplete || costIssues.length > 0,
    touches,
    appointments,
    efforts,
    trips,
    contactsSince: rows.contacts
      .map(({ createdAt }) => localDay(createdAt))
      .filter((day) => day <= asOf)
      .sort(compareDays),
    unread: unreadOf(rows, unread),
    unreadSigns: unreadSignsOf(context.unreadSigns ?? [], rows),
    inputs: rows.record.inputs,
    ...relationFacts(rows, { localDay, asOf }, context.rules),
    ...givenOf(rows, asOf),
    productDays,
    products: namesOf(productDays),
    segment: ('accountType' in rows.record ? rows.record.accountType : null) ?? '',
    cases: rows.cases
      .map((record) => caseFact(record, localDay))
      .filter((record) => record.openedDay <= asOf)
      .sort((a, b) => compareDays(a.openedDay, b.openedDay) || compareIds(a.id, b.id)),
    goodwill: [...rows.goodwill, ...(rows.record.inputs.goodwillGiven ?? [])]
      .filter(({ day }) => day <= asOf)
      .sort((a, b) => compareDays(a.day, b.day) || a.amount - b.amount),
    ...people,
  };
}

const compareDays = (left: Day, right: Day): number => (left < right ? -1 : left > right ? 1 : 0);

const WITHHELD: ReadonlySet<FactIssue> = new Set([
  'foreign_currency_withheld',
  'amount_out_of_range',
  'foreign_document_withheld',
]);

type DealFacts = Pick<
  CustomerFacts,
  'purchases' | 'latePayments' | 'payments' | 'valueIncomplete' | 'openDeals' | 'lostDeals' | 'issues'
>;

/** Won deals and imported documents; an invoice that bills a deal takes the deal's place. */
function dealFacts(rows: CustomerRows, context: FactContext, asOf: Day): DealFacts {
  const { stages, localDay } = prepared(context);
  const { homeCurrency, rules } = context;
  const purchases: Purchase[] = [];
  const openDeals: DealFacts['openDeals'][number][] = [];
  const lostDeals: DealFacts['lostDeals'][number][] = [];
  const issues: DealFacts['issues'][number][] = isBelowItself(rows)
    ? [{ issue: 'parent_circle', recordId: rows.key.id }]
    : [];
  const documents = documentsOf(rows.imported?.purchases ?? [], rules.money, asOf, context.paymentFiles);
  purchases.push(...documents.purchases);
  const latePayments = [...documents.latePayments];
  const payments = [...documents.payments];
  for (const issue of documents.issues) issues.push({ issue, recordId: rows.key.id });
  const billed = new Set(
    rows.imported?.billedDeals.filter(({ day }) => day <= asOf).map(({ dealId }) => dealId) ?? [],
  );
  const money = { homeCurrency, rules, localDay };
  // Documents take the place of won deals, or what is billed would count twice.
  const isByDocument = rules.purchase.from !== 'deals';
  const discounts = quotedDiscounts(rows.documents);
  let wonDeals = 0;
  const decided = new Set<RecordId>();
  const stays = staysByDeal(rows.dealStages);
  const history = {
    outcomeOf: (deal: DealRecord, stage: string) => dealOutcome(stages, deal.pipeline, stage),
    localDay,
    asOf,
  };
  for (const deal of rows.deals) {
    switch (dealOutcome(stages, deal.pipeline, deal.stage)) {
      case 'won': {
        decided.add(deal.id);
        if (isByDocument) break;
        if (billed.has(deal.id)) {
          issues.push({ issue: 'deal_billed', recordId: deal.id });
          break;
        }
        const outcome = purchaseOf(deal, money, enteredDay(deal, 'won', stays, history));
        if (outcome.purchase ? outcome.purchase.day > asOf : (deal.closingDay ?? '') > asOf) break;
        if (outcome.purchase) {
          const discountPercent = discounts.get(deal.id);
          purchases.push(
            discountPercent === undefined ? outcome.purchase : { ...outcome.purchase, discountPercent },
          );
          wonDeals += 1;
        }
        for (const issue of outcome.issues) issues.push({ issue, recordId: deal.id });
        break;
      }
      case 'open': {
        const createdDay = localDay(deal.createdAt);
        if (createdDay <= asOf) openDeals.push({ id: deal.id, name: deal.name, createdDay });
        break;
      }
      case 'lost': {
        decided.add(deal.id);
        const day = lostDay(deal, enteredDay(deal, 'lost', stays, history), localDay);
        if (day <= asOf) lostDeals.push({ id: deal.id, day, reason: deal.lossReason });
        break;
      }
      case 'unknown':
        issues.push({ issue: 'unknown_stage', recordId: deal.id });
    }
  }
  const arePaymentsRead = !(context.unreadSigns ?? []).includes('payments');
  for (const one of rows.documents) {
    const { module, id, name, dealId, createdAt } = one.document;
    const createdDay = localDay(createdAt);
    const isDecided = dealId !== null && decided.has(dealId);
    if (module !== 'Invoices' && createdDay <= asOf && isOpenDocument(one, money, asOf, isDecided))
      openDeals.push({ id, name, createdDay, module });
    if (!isCounted(one, rules) || documentDay(one, money) > asOf) continue;
    const outcome = documentPurchase(one, money);
    if (outcome.purchase) {
      purchases.push(outcome.purchase);
      const { untilDay: due, paidDay: paid, status } = one.document;
      const isFollowed = arePaymentsRead && module === 'Invoices' && !isSettled(status);
      latePayments.push(...latePaymentsOf(outcome.purchase, { due, paid, isFollowed }, asOf));
      const payment = outcome.purchase.revenue > 0 ? paymentOf({ due, paid }, asOf) : null;
      if (payment) payments.push(payment);
    }
    for (const issue of outcome.issues) issues.push({ issue, recordId: id });
  }
  if (wonDeals > 0 && documents.unbilled > 0)
    issues.push({ issue: 'unbilled_document', recordId: rows.key.id });
  return {
    purchases: purchases.sort(comparePurchases),
    latePayments: latePayments.sort(
      (a, b) => compareDays(a.day, b.day) || a.days - b.days || a.amount - b.amount,
    ),
    payments: payments.sort((a, b) => compareDays(a.day, b.day) || a.daysLate - b.daysLate),
    openDeals: openDeals.sort((a, b) => compareDays(a.createdDay, b.createdDay) || compareIds(a.id, b.id)),
    lostDeals: lostDeals.sort((a, b) => compareDays(a.day, b.day) || compareIds(a.id, b.id)),
    issues: issues.sort((a, b) => compareIds(a.recordId, b.recordId) || compareDays(a.issue, b.issue)),
    valueIncomplete: issues.some(({ issue }) => WITHHELD.has(issue)),
  };
}

/** A deal that was entered as lost, as an import does, was lost on the day that it says. */
function lostDay(deal: DealRecord, entered: Day | null, localDay: LocalDay): Day {
  const isTold = entered !== null && entered !== localDay(deal.createdAt);
  return (isTold ? entered : deal.closingDay) ?? entered ?? localDay(deal.modifiedAt);
}

function idOf({ dealId, document }: Purchase): RecordId {
  return dealId ?? document?.id ?? '';
}

/** Names of what stands on invoices or orders, where purchases are counted by those. */
function* documentProducts(rows: CustomerRows, context: FactContext, asOf: Day): Generator<ProductDay> {
  const { rules, homeCurrency } = context;
  const money = { homeCurrency, rules, localDay: prepared(context).localDay };
  for (const one of rows.documents) {
    if (!isCounted(one, rules) || documentDay(one, money) > asOf) continue;
    const day = documentDay(one, money);
    for (const { product } of one.lines) if (product !== null) yield { day, product: product.name };
  }
}

/** Accounts that are each other's parents: one of them was taken for the topmost. */
function isBelowItself({ record, family }: CustomerRows): boolean {
  if (!('parentId' in record) || record.parentId === null) return false;
  return family.some((member) => member.id === record.parentId);
}

/** Documents of one day stand before its deals, in the order of their money: their lines have none of their own. */
function comparePurchases(a: Purchase, b: Purchase): number {
  const byDeal = compareIds(idOf(a), idOf(b));
  return compareDays(a.day, b.day) || byDeal || a.revenue - b.revenue || a.directCost - b.directCost;
}

export function touchContextOf(
  context: FactContext,
  asOf: Day,
  contacts: TouchContext['contacts'],
): TouchContext {
  return {
    rules: context.rules.touches,
    localDay: prepared(context).localDay,
    asOf,
    contacts,
    knownUntil: context.knownUntil ?? END_OF_TIME,
    closedByUs: context.closedByUs ?? NOBODY,
  };
}

/** By day first: a day that is kept by hand has no hour. */
export function inOrderOfTime(a: Touch, b: Touch): number {
  return compareDays(a.day, b.day) || a.at.getTime() - b.at.getTime() || compareIds(a.recordId, b.recordId);
}

function contactFacts(
  rows: CustomerRows,
  context: FactContext,
  asOf: Day,
): Pick<CustomerFacts, 'touches' | 'appointments' | 'efforts' | 'trips'> {
  const people = new Set([...rows.contacts, ...(rows.formerContacts ?? [])].map((contact) => contact.id));
  const touchContext = touchContextOf(context, asOf, people);
  const touches: Touch[] = keptTouches(rows, touchContext);
  const efforts: CustomerFacts['efforts'][number][] = [];
  const trips: CustomerFacts['trips'][number][] = [];
  const appointments: Day[] = [];
  for (const activity of rows.activities) {
    const outcome = activityOutcome(activity, touchContext);
    if ('touch' in outcome) touches.push(outcome.touch);
    else if ('appointment' in outcome) appointments.push(outcome.appointment);
    if (activity.cancelled || 'appointment' in outcome) continue;
    const done = {
      touch: 'touch' in outcome ? outcome.touch : null,
      isTaskDone: isDoneTask(activity, touchContext),
    };
    const effort = effortOf(activity, done, touchContext);
    if (effort) efforts.push(effort);
    const metres = done.touch?.channel === 'meeting' ? metresOf(activity) : 0;
    if (done.touch && metres > 0) trips.push({ day: done.touch.day, metres });
  }
  for (const record of rows.cases) {
    const touch = caseTouch(record, touchContext);
    if (touch.day <= asOf) touches.push(touch);
    const effort = caseEffort(record, touchContext);
    if (effort) efforts.push(effort);
  }
  touches.sort(inOrderOfTime);
  efforts.sort((a, b) => compareDays(a.day, b.day) || (a.seconds ?? -1) - (b.seconds ?? -1));
  trips.sort((a, b) => compareDays(a.day, b.day) || a.metres - b.metres);
  return { touches, appointments: appointments.sort(compareDays), efforts, trips };
}

export function isOpenCase({ status }: { readonly status: string | null }): boolean {
  return !CLOSED_CASE.test(status ?? '');
}
function caseFact(record: CaseRecord, localDay: LocalDay): CustomerFacts['cases'][number] {
  return {
    id: record.id,
    subject: record.subject,
    openedDay: localDay(record.createdAt),
    open: isOpenCase(record),
    high: HIGH_CASE.test(record.priority ?? ''),
    ...(record.dueDay !== null && { dueDay: record.dueDay }),
  };
}
