import type { NotifyRules } from './alerts.ts';
import type {
  ContributionKind,
  DocumentModule,
  FieldKey,
  Language,
  Minor,
  ModuleName,
  Phase,
  SubPhase,
  Tier,
} from './domain.ts';
import type { RfmName, RfmScore } from './scores.ts';

/** What the three config files hold, judged: the shapes that scoring and plan are given. Types only. */

export interface ScoringRules {
  readonly customer: {
    readonly basis: 'both' | 'account' | 'contact';
    /** Account_Type values that are not customers, e.g. Vendor. */
    readonly excludeAccountTypes: readonly string[];
    /** parent: the topmost account of a family is the customer. */
    readonly rollUp: 'none' | 'parent';
  };
  readonly purchase: {
    /** What a purchase is: won deals, the invoices or sales orders of the CRM, or imported documents alone. */
    readonly from: 'deals' | 'invoices' | 'orders' | 'imports';
    /** auto: open quotes count as open business, where the org has quotes. */
    readonly quotes: 'auto' | 'off';
    /** auto: orders that are not delivered yet count as open business, where the org has orders. */
    readonly orders: 'auto' | 'off';
    /** Lower-case words; a document whose status has a word that begins with one was cancelled, or is none yet. */
    readonly notCounted: readonly string[];
  };
  readonly currency: { readonly rateDirection: 'divide' | 'multiply' | 'unknown' };
  readonly money: {
    /** 0..100; used where no cost is known. */
    readonly defaultMarginPercent: number;
    readonly includeAcquisition: boolean;
    /** Percent of the revenue that looking after a customer costs. */
    readonly accountSharePercent: number;
    /** Percent a year that money costs which is paid late. */
    readonly capitalCostPercent: number;
    /** Percent of the revenue of an imported line without a cost, by lower-case name; may be negative. */
    readonly margins: {
      readonly products: { readonly [name: string]: number };
      readonly groups: { readonly [name: string]: number };
    };
    /** Minor units of the home currency per count. */
    readonly unitCosts: {
      readonly perOrder: Minor;
      readonly perOrderLine: Minor;
      readonly perShipment: Minor;
      readonly perReturn: Minor;
      readonly perServiceCase: Minor;
      readonly perServiceMinute: Minor;
      readonly perVisit: Minor;
      readonly perVisitKm: Minor;
      readonly perCall: Minor;
      readonly perEmail: Minor;
      readonly perHour: Minor;
      /** Marketing: for each contact person and month. */
      readonly perContactMonth: Minor;
      /** Account management: for each customer and month. */
      readonly perAccountMonth: Minor;
    };
  };
  readonly tiers: {
    readonly topPercent: number;
    readonly goldPercent: number;
    readonly minPopulation: number;
    readonly minHistoryDays: number;
    readonly goodMinProfit: Minor | null;
    readonly bufferPercent: number;
    readonly lossTolerance: Minor;
    /** Days between the two asOf dates that must agree before a tier is lowered. */
    readonly lowerAfterDays: number;
  };
  /** Planned days between contacts; null = no plan, no reminder. */
  readonly contactDays: { readonly [T in Tier]: number | null };
  /** After so many attempts without an answer the days double, to so many at most. */
  readonly unresponsive: { readonly after: number; readonly maxDays: number };
  readonly cadence: {
    /** Fewest gaps of a segment before its own median counts. */
    readonly minGaps: number;
    /** Used when the company itself has no gap yet. */
    readonly fallbackDays: number;
  };
  readonly phases: {
    readonly newDays: number;
    readonly loyalMonths: number;
    readonly lostRatio: number;
    readonly lostDays: number;
    readonly leavingRatio: number;
    readonly winBackMonths: number;
    readonly dormantDays: number;
    /** A contract that ends in fewer days, without open business, is a sign of leaving. */
    readonly contractDays: number;
    /** An answer of 10 that is no better is a sign of leaving. */
    readonly surveyLimit: number;
    /** Cost of a contact to win somebody back; null: only who was top or good is worth it. */
    readonly winBackCost: Minor | null;
    /** project: everybody pauses for long by nature. */
    readonly buyerType: 'auto' | 'project';
    /** Lower-case values of the mapped fields, and words of a loss reason or of Reason Left. */
    readonly closedValues: readonly string[];
    readonly leftValues: readonly string[];
    readonly projectValues: readonly string[];
    readonly competitorReasons: readonly string[];
    readonly refusalReasons: readonly string[];
  };
  readonly rfm: {
    readonly months: number;
    /** Below this many buyers only fixed limits give scores. */
    readonly minBuyers: number;
    /** What scores of 2, 3, 4 and 5 begin at; null: fifths of the buyers. */
    readonly limits: {
      readonly recencyDays: readonly number[];
      readonly frequency: readonly number[];
      readonly money: readonly Minor[];
    } | null;
    /** By recency, then by the rounded mean of frequency and money, 1 to 5. */
    readonly names: { readonly [R in RfmScore]: readonly RfmName[] };
  };
  /** Share of the positive profit of 12 months that working time may cost. */
  readonly effort: { readonly sharePercent: number };
  /** The first that fits goes before our own table. */
  readonly nextSteps: readonly OwnStep[];
  /** Share of the profit of referred customers that the referrer is credited with. */
  readonly referral: { readonly sharePercent: number };
  readonly contributions: {
    /** True: what customers contribute, referrals included, adds to the profit that they are ranked by. */
    readonly inTier: boolean;
    /** What a contribution without an amount is worth. */
    readonly values: { readonly [K in ContributionKind]: Minor };
  };
  /** Who buys for the price only: so many purchases of known discount, this share of them as deep as this. */
  readonly priceOnly: {
    readonly minPurchases: number;
    readonly sharePercent: number;
    readonly discountPercent: number;
  };
  readonly goodwillPercent: { readonly gold: number; readonly top: number; readonly good: number };
  readonly models: ModelRules;
  readonly leads: LeadRules;
  readonly touches: {
    readonly minCallSeconds: number;
    /** Which completed tasks count as a contact: ours and those whose subject names one, all, or none. */
    readonly tasks: 'contact' | 'all' | 'none';
    /** Lower-case words; a task whose subject contains one was a contact. */
    readonly taskWords: readonly string[];
    /** Which notes count as a contact in both directions: those whose title names one, all, or none (not even read). */
    readonly notes: 'off' | 'contact' | 'all';
    /** E-mails cost a credit for every ten of a record; 0 = they are not read. */
    readonly emails: { readonly creditsPerDay: number };
  };
}

/** A next step that the firm words itself; what is left out fits everybody. */
export interface OwnStep {
  readonly phase?: Phase | SubPhase | undefined;
  readonly tier?: Tier | undefined;
  readonly gold?: boolean | undefined;
  /** Code of a reason of the score, or of the step that we would suggest. */
  readonly reason?: string | undefined;
  readonly step: 'nothing' | { readonly [L in Language]: string };
}

/** When a lead must hear from us, and what its source is worth (docs/scoring.md, "Leads"). */
export interface LeadRules {
  readonly firstTouchDays: number;
  readonly everyDays: number;
  /** By lower-case name. Where rating and source both say something, the shorter counts. */
  readonly ratings: { readonly [rating: string]: LeadRhythm };
  readonly sources: { readonly [source: string]: LeadRhythm };
  /** Lower-case names of the statuses that end a lead. */
  readonly closedStatuses: readonly string[];
  /** Younger leads do not count in the share that became customers. */
  readonly matureDays: number;
  /** Lower-case domains, beside those that are known, where everybody has an address: sharing one says nothing. */
  readonly freeMailDomains: readonly string[];
  /** Leads, and customers, of the average that are added to those of a source. */
  readonly shrinkWeight: number;
}
export interface LeadRhythm {
  readonly firstTouchDays?: number | undefined;
  readonly everyDays?: number | undefined;
}

/** When a fitted model is believed, and what is asked of it (docs/scoring.md, "Outlook"). */
export interface ModelRules {
  readonly minBuyers: number;
  readonly minRepeaters: number;
  readonly minRepeats: number;
  readonly minHistoryDays: number;
  /** Log-likelihood by which a model with dropout must beat the one without, and regular gaps the random ones. */
  readonly minDropoutGain: number;
  readonly minRegularityGain: number;
  /** Gamma-Gamma: above either, purchases are valued by a shrunken mean. */
  readonly maxValueShape: number;
  readonly maxValueCorrelation: number;
  readonly backtestPercent: number;
  readonly backtestMinDays: number;
  readonly maxTotalErrorPercent: number;
  readonly annualDiscountPercent: number;
  /** Chance that the number of purchases lies in the range shown. */
  readonly rangePercent: number;
  readonly refitDays: number;
}

interface MaterialityRules {
  /** Currency: rewritten when moved by at least this share and this many units. */
  readonly currencyPercent: number;
  readonly currencyUnits: number;
  readonly gapDriftDays: number;
  readonly churnRiskPoints: number;
  readonly orderIntervalPercent: number;
}
/** When something that followed a reminder counts as its outcome. */
export interface OutcomeRules {
  /** Days after its making within which a contact followed it. */
  readonly touchDays: number;
  /** Days within which a purchase, or a better phase, followed it. */
  readonly resultDays: number;
  /** Days past its due day after which it counts as ignored. */
  readonly ignoredDays: number;
  /** Below so many of a rule, shares say too little. */
  readonly minCount: number;
}
/** Whose value stands where a person changed a field of ours. */
export type EditPolicy = 'ours' | 'theirs' | 'report';
/** Of the fields of customers; copies on other records are always ours. */
export interface EditRules {
  readonly usual: EditPolicy;
  readonly fields: { readonly [K in FieldKey]?: EditPolicy | undefined };
}

export interface PlanRules {
  readonly onEdit: EditRules;
  readonly outcomes: OutcomeRules;
  readonly materiality: MaterialityRules;
  readonly language: Language;
  readonly reminders: {
    readonly perOwnerAndDay: number;
    /** Open tasks of ours that a record has at once. */
    readonly perRecord: number;
    readonly coolDownDays: number;
    /** Working days from asOf to the due date, by tier. */
    readonly dueWorkingDays: { readonly [T in Tier]: number };
  };
  readonly apply: {
    /** Tasks stay in the plan and are named. */
    readonly fieldsOnly: boolean;
    /** Records that are written and read back before the rest; 0: none. */
    readonly canaryRecords: number;
    readonly canaryMaxRejected: number;
  };
  readonly guards: {
    readonly maxTierChangePercent: number;
    /** Customers whose profit of 12 months triples, falls to a third, or turns its sign. */
    readonly maxProfitLeapPercent: number;
    readonly minPopulation: number;
    readonly maxNewTasks: number;
  };
  /** In order of precedence: of several that ask for the same, the first speaks. */
  readonly playbook: readonly PlaybookRule[];
}

/** When a task is made, and what it says (docs/playbook.md). */
export interface PlaybookRule {
  readonly id: string;
  /** What people call it; left out: the id. */
  readonly title?: InLanguages | undefined;
  readonly enabled: boolean;
  readonly for: 'customers' | 'leads';
  /** Rules of one topic ask a person for the same: a record has one open task of it. Left out: one of its own. */
  readonly topic?: string | undefined;
  readonly when: RuleCondition;
  /** Once made, the task stays open while this holds; left out: `when`. */
  readonly openWhile?: RuleCondition | undefined;
  /** A fact that is a day: whoever closed the task of that day, no second one is made for it. */
  readonly per?: string | undefined;
  readonly task: { readonly subject: InLanguages; readonly body: InLanguages };
  readonly due: { readonly workingDays: number | 'by_tier' };
  readonly priority: 'by_tier' | 'High' | 'Normal' | 'Low';
  /** An e-mail address is that of a user of the CRM. */
  readonly owner: string;
  /** Left out: that of all reminders. */
  readonly coolDown?: number | undefined;
  /** Left out: never. */
  readonly escalation?: { readonly afterWorkingDays: number; readonly to: string } | undefined;
  /** Comes after all that is not, within the cap of a day. */
  readonly background: boolean;
  /** Not needed while an appointment is planned. */
  readonly quietBeforeAppointment: boolean;
}
export type InLanguages = { readonly [L in Language]: string };

/** All that is given must hold; of a list, one entry. */
export interface RuleCondition {
  readonly phase?: readonly Phase[] | undefined;
  readonly subPhase?: readonly SubPhase[] | undefined;
  readonly tier?: readonly Tier[] | undefined;
  readonly gold?: boolean | undefined;
  /** Codes of reasons; one that ends in * is a beginning. */
  readonly reasons?: readonly string[] | undefined;
  readonly without?: readonly string[] | undefined;
  readonly facts?: { readonly [fact: string]: FactTest | undefined } | undefined;
}
/** A flag, one of several words, a range of numbers, or where a day lies. */
export type FactTest = boolean | readonly string[] | RangeTest | DayTest;
export interface RangeTest {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}
export interface DayTest {
  readonly known?: boolean | undefined;
  /** At most so many days ago, and not in the future. */
  readonly within?: number | undefined;
  /** Longer ago, or not known. */
  readonly notWithin?: number | undefined;
  /** Today, or at most so many days ahead. */
  readonly ahead?: number | undefined;
  /** On or after another fact; not so while either is unknown. */
  readonly since?: string | undefined;
  /** Before another fact, or unknown; not so while the other is unknown. */
  readonly notSince?: string | undefined;
}

/** Credits that Zoho charges, by kind of call. */
export interface CreditPrices {
  readonly metadata: number;
  readonly listPage: number;
  readonly deletedPage: number;
  /** Ten e-mails of a record. */
  readonly emailsPage: number;
  readonly count: number;
  /** COQL by the LIMIT of the query: up to 200, 1,000 and 2,000 rows. */
  readonly coql200: number;
  readonly coql1000: number;
  readonly coql2000: number;
  /** Records that one credit writes by the record API. */
  readonly recordsPerWriteCredit: number;
  readonly deleteRecords: number;
  readonly bulkReadJob: number;
  readonly bulkReadPoll: number;
  readonly bulkReadDownload: number;
  readonly bulkWriteJob: number;
  readonly bulkWriteUpload: number;
  readonly bulkWritePoll: number;
  readonly bulkWriteDownload: number;
  readonly createFields: number;
  readonly notification: number;
}

/** An API name that must exist, several of which the first that the org has is taken, or null: not read. */
export type MappedName = string | readonly string[] | null;
/** Where the org keeps what we read: what its modules are called, and the field of each input. */
export interface Mapping {
  readonly modules: { readonly [M in ModuleName]: string };
  readonly inputs: { readonly [M in ModuleName]: { readonly [input: string]: MappedName } };
  /** API name of the subform that holds the lines. */
  readonly lines: { readonly [M in BilledModule]: string };
}
/** Documents that purchases can be made of. */
export type BilledModule = Exclude<DocumentModule, 'Quotes'>;

interface WriteBackRules {
  /** cheaper: many rows of a module are written by bulk jobs, where these cost less. */
  readonly bulk: 'off' | 'cheaper';
  /** A plan that is older is not written any more. */
  readonly planDays: number;
}

/** How Zoho tells us of changes. */
export interface NotificationRules {
  /** Those that a channel is opened for; the others are found by polling. */
  readonly modules: readonly ModuleName[];
  /** Changed tasks, calls and meetings are gathered so long, then read in few calls. */
  readonly activityMinutes: number;
  /** How often changes are looked for where Zoho cannot notify us. */
  readonly pollMinutes: number;
}

/** The three config files, judged and in one piece. */
export interface Settings {
  readonly scoring: ScoringRules;
  readonly plan: PlanRules;
  readonly mapping: Mapping;
  readonly creditCeilingPercent: number;
  readonly retention: RetentionDays;
  /** Credits that a run may spend on the lines of documents. */
  readonly documentLineCredits: number;
  /** A first read of the history of stages may cost this; dearer ones begin with what is new. */
  readonly stageHistoryCredits: number;
  readonly creditPrices: CreditPrices;
  readonly writeBack: WriteBackRules;
  readonly notify: NotifyRules;
  /** auto: read where the org shows it. */
  readonly stageHistory: 'auto' | 'off';
  readonly notifications: NotificationRules;
  /** Currency codes written beside amounts; a run refuses them when the org's home currency is another. */
  readonly moneyCodes: readonly string[];
  /** True when somebody set the default margin on purpose. */
  readonly marginIsSet: boolean;
}

/** How many days each kind of row stays. */
export interface RetentionDays {
  /** Notifications of Zoho that were worked on. */
  readonly deliveries: number;
  /** What applies wrote, and the items of their plans: so long an apply can be taken back. */
  readonly undo: number;
  readonly runs: number;
  readonly scoreHistory: number;
  readonly alerts: number;
  readonly digests: number;
  readonly audit: number;
  /** After the end of sessions, links and booked credits. */
  readonly expired: number;
}
