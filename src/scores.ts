import type {
  ContactStatus,
  CostBasis,
  CustomerKey,
  Day,
  FieldKey,
  Minor,
  ModuleName,
  Phase,
  PhaseOverride,
  RecordId,
  SubPhase,
  Tier,
  Touch,
  TouchChannel,
} from './domain.ts';
import type { LeadBaseline } from './leads.ts';

/** What is computed of customers: reasons, what they are compared with, scores. Types only. */

export type ReasonParam = string | number | boolean | null;
/** Why a value is what it is: a code and numbers. Words are rendered on read, by texts/. */
export interface Reason {
  /** Greppable code, e.g. tier.top.rank, phase.leaving.overdue, goodwill.percent. */
  readonly code: string;
  readonly params: { readonly [name: string]: ReasonParam };
  readonly records?: readonly { readonly module: ModuleName; readonly id: RecordId }[];
}

/** `ok`: believed. `no-dropout`: nobody can tell who left. `low confidence`: the backtest was poor. */
export type ModelStatus = 'ok' | 'no-dropout' | 'low confidence' | 'not enough data';
export type PurchaseModelName = 'MBG/CNBD-2' | 'MBG/NBD' | 'NBD' | 'segment average';

/** How a fit of the past foretold what followed. Counts are purchases of the customers known before the cut. */
export interface Backtest {
  /** Last day that the fit knew, and last day that was foretold. */
  readonly cut: Day;
  readonly until: Day;
  readonly model: string;
  readonly customers: number;
  readonly actual: number;
  readonly predicted: number;
  readonly totalErrorPercent: number | null;
  /** The same of the money of these purchases. */
  readonly valueErrorPercent: number | null;
  /** Mean absolute error per customer: of the model, of each customer's own rate, of one rate for all. */
  readonly meanAbsoluteError: number;
  readonly runRateError: number;
  readonly cohortMeanError: number;
  /** P(at least one purchase in the horizon): Brier score, and that of giving everybody the share that bought. */
  readonly brier: number;
  readonly baseRateBrier: number;
  /** Customers by predicted chance, a tenth each: mean chance and the share that did buy. */
  readonly calibration: readonly {
    readonly chance: number;
    readonly share: number;
    readonly customers: number;
  }[];
  /** Share of customers whose number of purchases lay within the range that scores show. */
  readonly rangeCoverage: number;
  readonly isBetterThanBaselines: boolean;
}

/** What was fitted to all customers: how often they buy, whether they leave, and how much a purchase is worth. */
export interface ModelFit {
  readonly id: string;
  readonly asOf: Day;
  readonly unit: 'weeks';
  readonly status: ModelStatus;
  /** Null: not enough data. */
  readonly model: PurchaseModelName | null;
  readonly parameters: {
    readonly r: number;
    readonly alpha: number;
    readonly a: number | null;
    readonly b: number | null;
  } | null;
  readonly logLikelihood: number | null;
  /** Value of a purchase in the home currency, or null: no repeat purchase at all. */
  readonly value:
    | { readonly model: 'gamma-gamma'; readonly p: number; readonly q: number; readonly v: number }
    | {
        readonly model: 'shrunken mean';
        readonly mean: number;
        readonly weight: number;
        /** Means of account types with customers enough; a fit of before they were kept names none. */
        readonly segments?: readonly { readonly segment: string; readonly mean: number }[];
      }
    | null;
  /** All that were tried; the better, the higher the log-likelihood and the lower AIC. */
  readonly candidates: readonly {
    readonly model: string;
    readonly logLikelihood: number;
    readonly aic: number;
    readonly converged: boolean;
    readonly atBound: readonly string[];
    readonly parameters: readonly number[];
  }[];
  /** Conditions that decided, in order; the first that is not met is why the fit is what it is. */
  readonly gates: readonly {
    readonly gate: string;
    readonly value: number;
    readonly limit: number;
    readonly isMet: boolean;
  }[];
  readonly data: {
    readonly firstDay: Day | null;
    /** Age of customers is counted up to here. */
    readonly until: Day;
    readonly buyers: number;
    /** Of these, first seen within one median gap of the first purchase of all: older, perhaps, than the data. */
    readonly truncated: number;
    readonly repeaters: number;
    readonly repeats: number;
  };
  readonly backtest: Backtest | null;
}

export interface Baseline {
  readonly asOf: Day;
  /** Customers with business: N of docs/scoring.md, "Tier and gold". */
  readonly population: number;
  readonly customers: number;
  /** Profit of the last 12 months of every ranked customer, with its tie-breaks, best first. */
  readonly ranked: readonly RankEntry[];
  readonly topSize: number;
  readonly goldSize: number;
  /** Null: too few customers or too short a history. */
  readonly goldAvailable: boolean;
  readonly topAvailable: boolean;
  readonly goodCut: Minor | null;
  readonly medianGapDays: number | null;
  readonly gapCount: number;
  /** The same of each account type with gaps enough, by its name; a baseline of before they were kept names none. */
  readonly segmentGaps?: readonly { readonly segment: string; readonly medianDays: number }[];
  /** 90th percentile of days to the second purchase; null below minGaps. */
  readonly secondPurchaseP90Days: number | null;
  readonly firstPurchaseDay: Day | null;
  /** What at least ten customers of an account type bought, the most bought first. */
  readonly offers: readonly {
    readonly segment: string;
    /** Those of whose products anything is known. */
    readonly customers: number;
    readonly products: readonly (readonly [name: string, buyers: number])[];
  }[];
  /** Of products that at least ten customers bought, and not all for the same price. */
  readonly lowestPrices: readonly (readonly [product: string, unit: Minor])[];
  /** What scores of 2, 3, 4 and 5 begin at; null: too few buyers, and no fixed limits. */
  readonly rfm: RfmCuts | null;
  /** Who brought whom. `ignored`: relations left out because they go round in a circle; `unknown`: no customer was named. */
  readonly referrals: {
    readonly ignored: number;
    readonly unknown: number;
    readonly credits: readonly {
      readonly id: RecordId;
      /** Customers brought that have bought. */
      readonly referred: number;
      /** The first of them; a baseline of before they were kept names none. */
      readonly brought?: readonly CustomerKey[];
      /** The day on which the last of them first bought; left out by a baseline of before. */
      readonly latest?: Day | null;
      /** Their positive profits of 12 months, and the share of it that is credited. */
      readonly profit: Minor;
      readonly credit: Minor;
    }[];
  };
  readonly lastPurchaseDay: Day | null;
  /** Customers that ever bought and that a purchase model may speak of: all amounts known, under no contract. */
  readonly buyers: number;
  /** Of all purchases of the last 12 months. */
  readonly averages: {
    /** Share of revenue left after direct cost. */
    readonly margin: number;
    /** Cost to serve that comes with an order, in minor units. */
    readonly servePerOrder: number;
  };
  /** What leads are compared with. */
  readonly leads: LeadBaseline;
  /** The purchase model in use; null: none was fitted. */
  readonly fit: ModelFit | null;
}
export type RfmScore = 1 | 2 | 3 | 4 | 5;
export type RfmName =
  | 'champions'
  | 'loyal'
  | 'promising'
  | 'new'
  | 'needs_attention'
  | 'about_to_sleep'
  | 'at_risk'
  | 'cannot_lose'
  | 'hibernating'
  | 'lost';
/** In the order of the scores 2, 3, 4, 5; null: nobody reaches that score. Recency: days at most; the others: at least. */
export interface RfmCuts {
  readonly recency: readonly (number | null)[];
  readonly frequency: readonly (number | null)[];
  readonly money: readonly (number | null)[];
}
export interface RankEntry {
  readonly profit12: Minor;
  readonly revenue12: Minor;
  readonly firstPurchase: Day;
  readonly id: RecordId;
}

/** Entries column by column: a third of the text and a fifth of the work to store or to hand over. */
export type RankColumns = readonly [
  profits: readonly Minor[],
  revenues: readonly Minor[],
  firstPurchases: readonly Day[],
  ids: readonly RecordId[],
];
export function columnsOfRanks(entries: readonly RankEntry[]): RankColumns {
  return [
    entries.map((entry) => entry.profit12),
    entries.map((entry) => entry.revenue12),
    entries.map((entry) => entry.firstPurchase),
    entries.map((entry) => entry.id),
  ];
}
export function ranksOfColumns([profits, revenues, firstPurchases, ids]: RankColumns): RankEntry[] {
  // Hundreds of customers share a day, but every day that was read or handed over is a text of its own.
  const days = new Map<Day, Day>();
  const once = (day: Day): Day => {
    const known = days.get(day);
    if (known === undefined) days.set(day, day);
    return known ?? day;
  };
  const entries: RankEntry[] = [];
  for (const [index, id] of ids.entries()) {
    const profit12 = profits[index];
    const revenue12 = revenues[index];
    const firstPurchase = firstPurchases[index];
    if (profit12 === undefined || revenue12 === undefined || firstPurchase === undefined) continue;
    entries.push({ profit12, revenue12, firstPurchase: once(firstPurchase), id });
  }
  return entries;
}

type ProfileFact = 'why_us' | 'needs' | 'deal_breakers' | 'source' | 'thanked' | 'referrals';
/** The facts that no other field of a score tells; null: not known. */
export interface ProfileFacts {
  readonly whyUs: string | null;
  readonly needs: string | null;
  readonly referredBy: RecordId | null;
  readonly brought: readonly CustomerKey[];
  /** The day on which the last of them first bought; left out by a score of before. */
  readonly lastReferral?: Day | null;
  readonly thanked: { readonly on: Day; readonly how: string | null } | null;
  readonly reasonLeft: string | null;
  /** Of the last deal that was lost for a reason. */
  readonly lossReason: { readonly on: Day; readonly reason: string } | null;
  readonly openCases: number;
  readonly reviewedOn: Day | null;
}
export interface MoneySums {
  readonly revenue: Minor;
  readonly directCost: Minor;
  readonly costToServe: Minor;
  readonly profit: Minor;
}
export interface Score {
  readonly key: CustomerKey;
  readonly name: string;
  readonly ownerId: RecordId | null;
  readonly asOf: Day;
  readonly tier: Tier;
  readonly rawTier: Tier;
  readonly gold: boolean;
  readonly rank: number | null;
  readonly phase: Phase;
  readonly rawPhase: Phase;
  readonly subPhase: SubPhase | null;
  /** Day since when the shown phase holds. */
  readonly phaseSince: Day;
  /** Set by a person, with what the rules say beside it; null: the phase is the computed one. */
  readonly override:
    | (PhaseOverride & { readonly computed: { readonly phase: Phase; readonly subPhase: SubPhase | null } })
    | null;
  readonly window12: MoneySums;
  readonly total: MoneySums;
  readonly costBasis: readonly CostBasis[];
  /** Of the activities and cases of the last 12 months, those whose working time is known. */
  readonly timeCoverage: { readonly known: number; readonly activities: number };
  readonly purchases: number;
  readonly firstPurchase: Day | null;
  readonly lastPurchase: Day | null;
  readonly source: string | null;
  readonly firstContact: Day | null;
  readonly relationshipMonths: number | null;
  /** The data begin within one usual gap before the first purchase: it may not have been the first. */
  readonly isLeftTruncated: boolean;
  readonly usualIntervalDays: number | null;
  readonly overdueRatio: number | null;
  readonly lastContact: Day | null;
  readonly lastContactChannel: TouchChannel | null;
  readonly lastContactDirection: Touch['direction'] | null;
  readonly lastContactSubject: string | null;
  readonly mainContactId: RecordId | null;
  readonly contactGapDays: number | null;
  readonly plannedContactDays: number | null;
  readonly contactStatus: ContactStatus | null;
  /** Our attempts since the last two-way contact. */
  readonly unansweredTouches: number;
  /** First appointment on asOf or within the planned days after it. */
  readonly nextAppointment: Day | null;
  /** True: a contact-gap reminder is due (docs/scoring.md, "Contact"). */
  readonly contactDue: boolean;
  readonly goodwillBudget: Minor | null;
  /** Of 12 months: what the profit allows, what was given, and what is left of it, the budget. */
  readonly goodwill?: { readonly granted: Minor; readonly used: Minor; readonly left: Minor } | null;
  /** Nearly all purchases of known discount were deeply discounted. */
  readonly priceOnly?: boolean;
  readonly expectedProfit12: Minor | null;
  /** The number of purchases, and with it the profit, lies in here with the chance of the rules. */
  readonly expectedProfitRange: { readonly low: Minor; readonly high: Minor } | null;
  /** Tier that the expected profit would have by the cuts of asOf; null: not foretold. */
  readonly futureTier: Tier | null;
  /** 100 x P(no purchase within 90 days), to two decimals. */
  readonly churnRiskPercent: number | null;
  /** Credited share of the profit of the customers it brought; null: brought none that bought. */
  readonly referralProfit: Minor | null;
  /** Value of its other contributions in 12 months: case studies, testimonials, reviews … */
  readonly contributions12: Minor;
  /** How much of the profile is known, and the one question to ask next; null: none. */
  readonly profile: {
    readonly percent: number;
    readonly ask: ProfileFact | 'review' | null;
    /** What is known; a score of before it was kept has none. */
    readonly facts?: ProfileFacts;
  };
  /** A label, never what anything is computed from; null: never bought, or too few buyers. */
  readonly rfm: {
    readonly r: RfmScore;
    readonly f: RfmScore;
    readonly m: RfmScore;
    readonly name: RfmName;
    readonly recencyDays: number;
    /** Purchases and net revenue of `rfm.months`. */
    readonly frequency: number;
    readonly money: Minor;
  } | null;
  /** Hours a month: what its profit pays for, and what it took; null: an hour has no price. */
  readonly effort: {
    readonly budgetHours: number;
    readonly spentHours: number;
    readonly leftHours?: number;
  } | null;
  readonly valueIncomplete: boolean;
  readonly model: {
    readonly name: PurchaseModelName | null;
    readonly status: ModelStatus;
    readonly fitId: string | null;
  };
  readonly nextStep: Reason | null;
  readonly reasons: readonly Reason[];
  /** Fields of ours that stay empty, each with the code of its reason. */
  readonly unfilled: { readonly [K in FieldKey]?: string };
}

/** What hysteresis must remember of one customer between two scorings. */
export interface ScoreState {
  readonly asOf: Day;
  readonly tier: Tier;
  /** Distinct asOf dates, ascending, on which the raw tier stood below the shown one since it last reached it. */
  readonly lowerSince: readonly Day[];
  /** Month-ends, ascending, at which the raw tier was loss-making in a row. */
  readonly lossMonthEnds: readonly Day[];
  readonly gold: boolean;
  readonly phase: Phase;
  readonly phaseSince: Day;
  /** A phase seen on one asOf date, waiting for a second to agree. */
  readonly pendingPhase: { readonly phase: Phase; readonly on: Day } | null;
  readonly lastPurchase: Day | null;
}

export interface PeriodRow {
  readonly key: CustomerKey;
  readonly name: string;
  /** YYYY or YYYY-MM. */
  readonly period: string;
  readonly revenue: Minor;
  readonly directCost: Minor;
  readonly costToServe: Minor;
  readonly profit: Minor;
}
