import fc from 'fast-check';
import { addDays } from '../../src/days.ts';
import type { CustomerInputs, Day } from '../../src/domain.ts';
import type {
  ActivityRecord,
  CaseRecord,
  CostLine,
  CustomerRows,
  CustomerTerms,
  DealRecord,
  LeadRecord,
  PurchaseLine,
  StoredOverride,
} from '../../src/records.ts';
import { type FactContext, factsOf } from '../../src/scoring/facts.ts';
import {
  ASOF,
  aCall,
  aCase,
  aContact,
  aContext,
  aDeal,
  aLead,
  aMail,
  aMeeting,
  aNote,
  anAccount,
  anId,
  aTask,
  euros,
  rulesWith,
  someRows,
} from '../unit/scoring/builders.ts';

/** Arbitrary customers as the store hands them to scoring: refunds, foreign money, odd stages, planned calls, open cases. */

export const COSTLY_RULES = rulesWith({
  unitCosts: {
    perOrder: 4.5,
    perOrderLine: 0.35,
    perShipment: 6.95,
    perReturn: 25,
    perServiceCase: 30,
    perServiceMinute: 0.77,
    perVisit: 90,
    perVisitKm: 0.23,
    perCall: 2,
    perEmail: 0.15,
    perHour: 45,
    perContactMonth: 1.01,
    perAccountMonth: 3.33,
  },
  money: { accountSharePercent: 1.25, capitalCostPercent: 8 },
  tiers: { minPopulation: 8 },
  touches: { notes: 'contact', emails: { creditsPerDay: 100 } },
});
const CONTEXT: FactContext = aContext({ rules: COSTLY_RULES });

const daysAgo = (least: number, most: number) => fc.integer({ min: least, max: most });
const dayOf = (ago: number): Day => addDays(ASOF, -ago);
const instantOf = (ago: number) => new Date(Date.parse(`${dayOf(ago)}T12:00:00Z`));
const amount = fc.integer({ min: -20_000, max: 200_000 }).map((cents) => (cents / 100).toFixed(2));

// Days cluster, so that purchases of one day and of the analysis date itself are common.
const purchaseAge = fc.oneof(daysAgo(0, 1200), daysAgo(0, 100), fc.constantFrom(0, 1, 364, 365, 366));

const anyDeal: fc.Arbitrary<DealRecord> = fc
  .record({
    ago: purchaseAge,
    amount: fc.option(amount, { freq: 15 }),
    cost: fc.option(amount),
    freight: fc.constantFrom(null, null, '12.50'),
    stage: fc.constantFrom('Closed Won', 'Closed Won', 'Closed Won', 'Qualification', 'Closed Lost', 'Odd'),
    currency: fc.constantFrom(null, null, null, null, 'USD'),
    lossReason: fc.constantFrom(null, 'Price', 'Competitor'),
    isAhead: fc.boolean(),
  })
  .map(({ ago, stage, isAhead, ...deal }) =>
    aDeal({
      ...deal,
      stage,
      closingDay: isAhead && ago < 30 ? addDays(ASOF, ago) : dayOf(ago),
      wonSeenOn: stage === 'Closed Won' ? dayOf(Math.floor(ago / 2)) : null,
      createdAt: instantOf(ago + 20),
    }),
  );

const anyActivity: fc.Arbitrary<ActivityRecord> = fc
  .record({
    kind: fc.constantFrom('call', 'meeting', 'task', 'note', 'mail'),
    ago: daysAgo(-60, 500),
    seconds: fc.integer({ min: 0, max: 4000 }),
    callType: fc.constantFrom('Outbound', 'Inbound', 'Missed'),
    minutesSpent: fc.constantFrom(null, null, 0, 25),
    subject: fc.constantFrom('Call back', 'Send samples', 'Offerte {last} [x]\nherinnering', 'Łódź 🚚'),
  })
  .map(({ kind, ago, seconds, callType, ...given }) => {
    const startAt = instantOf(ago);
    if (kind === 'call') return aCall({ ...given, startAt, callType, durationSeconds: seconds });
    if (kind === 'task') return aTask({ ...given, closedAt: startAt });
    if (kind === 'note') return aNote({ subject: given.subject, createdAt: startAt });
    if (kind === 'mail') return aMail({ subject: given.subject, startAt, callType });
    return aMeeting({
      ...given,
      kilometres: seconds % 2 === 0 ? '41.5' : null,
      startAt,
      endAt: new Date(startAt.getTime() + seconds * 1000),
    });
  });

const anyCase: fc.Arbitrary<CaseRecord> = fc
  .record({
    ago: daysAgo(-10, 300),
    status: fc.constantFrom('New', 'On Hold', 'Closed'),
    priority: fc.constantFrom('High', 'Low', null),
    minutesSpent: fc.constantFrom(null, 35),
  })
  .map(({ ago, ...record }) => aCase({ ...record, createdAt: instantOf(ago) }));

const source = fc.constantFrom(null, 'Website', 'Trade fair');
const anyLead: fc.Arbitrary<LeadRecord> = fc
  .record({ ago: daysAgo(-10, 500), source })
  .map(({ ago, ...lead }) => aLead({ ...lead, createdAt: instantOf(ago) }));
const inputDay = fc.option(daysAgo(-10, 500).map(dayOf), { nil: undefined });
const anyInputs: fc.Arbitrary<CustomerInputs> = fc
  .record({
    referredBy: fc.constantFrom(undefined, '4876876000000000777'),
    whyUs: fc.constantFrom(undefined, 'Close by, [and] {last} fast'),
    needs: fc.constantFrom(undefined, `Łódź 🚚 ${'long '.repeat(60)}`),
    lastThanked: inputDay,
    reasonLeft: fc.constantFrom(undefined, 'Price', 'Their own word'),
    profileReviewedOn: inputDay,
  })
  .map((inputs) => Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined)));

const anyLine: fc.Arbitrary<PurchaseLine> = fc
  .record({
    ago: purchaseAge,
    number: fc.constantFrom(null, 'INV-1', 'INV-2', 'INV-3'),
    kind: fc.constantFrom('invoice', 'credit_note', null),
    product: fc.constantFrom(null, 'Desk', 'Chair'),
    group: fc.constantFrom(null, 'Furniture', 'Paper'),
    cents: fc.integer({ min: -20_000, max: 200_000 }),
    cost: fc.option(amount),
    currency: fc.constantFrom(null, null, null, null, 'USD'),
    rate: fc.constantFrom(null, '0.91', '4.2567'),
    dueDay: fc.option(daysAgo(-20, 400).map(dayOf)),
    paidDay: fc.option(daysAgo(-20, 400).map(dayOf)),
  })
  .map(({ ago, cents, currency, rate, ...line }) => ({
    ...line,
    importId: 1,
    line: Number(anId().slice(-9)),
    day: dayOf(ago),
    dealId: null,
    quantity: null,
    amount: (cents / 100).toFixed(2),
    listPrice: null,
    discountPercent: null,
    currency,
    rate: currency === null ? null : rate,
  }));

const anyCost: fc.Arbitrary<CostLine> = fc
  .record({
    ago: purchaseAge,
    kind: fc.constantFrom('service', 'freight', 'returns', 'marketing', 'acquisition', 'travel'),
    amount: fc.option(amount),
    currency: fc.constantFrom(null, null, null, 'USD'),
  })
  .map(({ ago, ...cost }) => ({
    ...cost,
    day: dayOf(ago),
    minutes: cost.amount === null ? '12.5' : null,
    note: null,
    rate: null,
  }));

const anyContribution = fc
  .record({
    ago: daysAgo(-10, 500),
    kind: fc.constantFrom('case_study' as const, 'review' as const),
    amount: fc.constantFrom(null, '250.00'),
  })
  .map(({ ago, ...given }) => ({ ...given, day: dayOf(ago), note: null }));

/** What the org says of a relation; of most nothing. */
const anyTerms: fc.Arbitrary<CustomerTerms> = fc
  .record({
    closed: fc.constantFrom(undefined, undefined, undefined, 'Dissolved', 'true', 'Open'),
    contractEnd: fc.option(daysAgo(-400, 400).map(dayOf), { nil: undefined }),
    noticeGiven: fc.option(daysAgo(-20, 200).map(dayOf), { nil: undefined }),
    buyerType: fc.constantFrom(undefined, undefined, 'Project'),
    survey: fc.constantFrom(undefined, undefined, '3', '9.5'),
  })
  .map((terms) => Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined)));
const terms = fc.oneof(
  { weight: 3, arbitrary: fc.constant<CustomerTerms>({}) },
  { weight: 1, arbitrary: anyTerms },
);
const anyOverride: fc.Arbitrary<StoredOverride> = fc
  .record({
    id: fc.integer({ min: 1, max: 1e6 }),
    phase: fc.constantFrom('prospect', 'new', 'established', 'loyal', 'leaving', 'lost'),
    isClosed: fc.boolean(),
    ago: daysAgo(-5, 100),
    lasts: fc.integer({ min: 0, max: 200 }),
    isEnded: fc.boolean(),
  })
  .map(({ id, phase, isClosed, ago, lasts, isEnded }) => ({
    id,
    phase,
    subPhase: phase === 'lost' && isClosed ? 'closed' : null,
    reason: 'Known better',
    by: 'Anna',
    setOn: dayOf(ago),
    until: dayOf(ago - lasts),
    endedOn: isEnded ? dayOf(ago - Math.floor(lasts / 2)) : null,
  }));

export const anyCustomer: fc.Arbitrary<CustomerRows> = fc
  .record({
    lines: fc.array(anyLine, { maxLength: 5 }),
    costs: fc.array(anyCost, { maxLength: 3 }),
    isBilled: fc.boolean(),
    inputs: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: anyInputs }),
    mailReadAt: fc.constantFrom(null, instantOf(1)),
    deals: fc.array(anyDeal, { maxLength: 12 }),
    activities: fc.array(anyActivity, { maxLength: 6 }),
    cases: fc.array(anyCase, { maxLength: 4 }),
    goodwill: fc.array(fc.record({ ago: daysAgo(0, 500), units: fc.integer({ min: 1, max: 90 }) }), {
      maxLength: 2,
    }),
    leads: fc.array(anyLead, { maxLength: 2 }),
    source,
    keptContactDay: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, daysAgo(-10, 500).map(dayOf)),
    members: fc.constantFrom(0, 0, 1, 30),
    contributions: fc.array(anyContribution, { maxLength: 2 }),
    terms,
    overrides: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(anyOverride, { maxLength: 2 }) },
    ),
  })
  .map(
    ({
      goodwill,
      inputs,
      source,
      keptContactDay,
      members,
      contributions,
      lines,
      costs,
      isBilled,
      terms,
      ...rows
    }) => {
      const [deal] = rows.deals;
      const billedDeals = isBilled && deal ? [{ dealId: deal.id, day: deal.closingDay ?? ASOF }] : [];
      const contact = aContact();
      return someRows({
        record: anAccount({ id: anId(), inputs, source, keptContactDay, terms }),
        family: Array.from({ length: members }, () => ({ id: anId(), name: 'Filiaal' })),
        contacts: [contact],
        ...rows,
        goodwill: goodwill.map(({ ago, units }) => ({ day: dayOf(ago), amount: euros(units) })),
        imported: {
          purchases: lines,
          costs,
          billedDeals,
          contributions,
          referredBy: null,
          thanks: [],
        },
      });
    },
  );

export const anyOrg = fc.array(anyCustomer, { minLength: 1, maxLength: 40 });

export const factsAt = (rows: CustomerRows, asOf: Day = ASOF) => factsOf(rows, CONTEXT, asOf);
