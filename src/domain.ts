/** The nouns of the product. Types only; imports nothing. Zoho's own words stay inside zoho/. */

/** Integer hundredths of the home currency; always a safe integer. Made by money.ts only. */
export type Minor = number & { readonly __unit: 'minor' };
/** A calendar day, YYYY-MM-DD, in the org's time zone. Made by clock.dayOf or days.ts. */
export type Day = string;
/** Zoho record id: 16 to 19 digits, never a number. */
export type RecordId = string;
/** Our own id of a connection, not its name. */
export type ConnectionId = string;
export type RunId = string;
export type PlanId = string;

export type ModuleName =
  | 'Accounts'
  | 'Contacts'
  | 'Leads'
  | 'Deals'
  | 'Tasks'
  | 'Calls'
  | 'Events'
  | 'Cases'
  | 'Products'
  | 'Notes'
  | DocumentModule;
/** Sales documents: what is offered, ordered and billed. */
export type DocumentModule = 'Quotes' | 'Sales_Orders' | 'Invoices';
export type CustomerModule = 'Accounts' | 'Contacts';
export type CustomerKey = { readonly module: CustomerModule; readonly id: RecordId };

export type Tier = 'top' | 'good' | 'marginal' | 'loss_making' | 'none';
export type Phase = 'prospect' | 'new' | 'established' | 'loyal' | 'leaving' | 'lost';
export type SubPhase =
  | 'cold'
  | 'contacted'
  | 'open_deal'
  | 'dormant'
  | 'first_order'
  | 'second_order'
  | 'won_back'
  | 'win_back';
export type ContactStatus = 'on_plan' | 'due' | 'overdue' | 'silent';
export type Language = 'en' | 'nl' | 'pl' | 'da';
export type ConnectionMode = 'manual' | 'auto' | 'read-only';
export type ConnectionState = 'ready' | 'reconnect_needed' | 'parked';

export interface Org {
  readonly id: string;
  readonly zgid: string;
  readonly name: string;
  readonly edition: string;
  readonly users: number;
  /** IANA zone of the org; every calendar day is a day there. */
  readonly timeZone: string;
  /** ISO 4217 code of the home currency. */
  readonly currency: string;
  readonly multiCurrency: boolean;
  /** ISO 3166 alpha-2, or null when Zoho does not say. */
  readonly country: string | null;
}

export interface Connection {
  readonly id: ConnectionId;
  readonly name: string;
  readonly accountsUrl: string;
  readonly apiDomain: string;
  readonly location: string;
  readonly clientId: string;
  readonly org: Org;
  /** Zoho user that consented; rows it modified last may be our own writes. */
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly mode: ConnectionMode;
  readonly state: ConnectionState;
}

/** Keys of the fields that people fill in for us: read back, never written. */
export type InputKey =
  | 'referred_by'
  | 'why_they_chose_us'
  | 'needs'
  | 'last_thanked'
  | 'reason_left'
  | 'profile_reviewed_on'
  | 'minutes_spent';

/** Keys of the fields we own in Zoho. The label and type of each stand in plan/field-catalog.ts. */
export type FieldKey =
  | 'value_tier'
  | 'lifecycle_phase'
  | 'last_contact'
  | 'next_step'
  | 'value_explanation'
  | 'profit_12_months'
  | 'contact_gap_days'
  | 'relationship_months'
  | 'goodwill_budget'
  | 'expected_profit_12_months'
  | 'gold_customer'
  | 'revenue_12_months'
  | 'customer_since'
  | 'last_contact_summary'
  | 'contact_status'
  | 'churn_risk'
  | 'referral_profit'
  | 'lifetime_profit'
  | 'usual_order_interval'
  | 'value_rank'
  | 'customer_tier'
  | 'customer_phase'
  | 'cv_ref';

/** A value of ours as it stands in Zoho: picklists as their English text, money as a decimal number, days as Day. */
export type FieldValue = string | number | boolean | null;
export type FieldValues = { readonly [K in FieldKey]?: FieldValue };

interface StoredRecord {
  readonly id: RecordId;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  readonly ownerId: RecordId | null;
  /** Our own fields as last read from, or written to, this record. */
  readonly ours: FieldValues;
}
/** What people filled in about a customer; what is empty is absent. */
export interface CustomerInputs {
  /** The customer that sent this one. */
  readonly referredBy?: RecordId;
  readonly whyUs?: string;
  readonly needs?: string;
  readonly lastThanked?: Day;
  readonly reasonLeft?: string;
  readonly profileReviewedOn?: Day;
}
export interface AccountRecord extends StoredRecord {
  readonly name: string;
  readonly parentId: RecordId | null;
  readonly accountType: string | null;
  /** What other systems know it by. */
  readonly number: string | null;
  readonly source: string | null;
  /** Of the mapped field in which people keep the day of the last contact. */
  readonly keptContactDay: Day | null;
  readonly inputs: CustomerInputs;
}
export interface ContactRecord extends StoredRecord {
  readonly name: string;
  readonly accountId: RecordId | null;
  readonly source: string | null;
  /** Of the mapped field in which people keep the day of the last contact. */
  readonly keptContactDay: Day | null;
  readonly inputs: CustomerInputs;
}
export interface LeadRecord extends StoredRecord {
  readonly name: string;
  readonly source: string | null;
  readonly status: string | null;
  readonly rating: string | null;
  readonly converted: boolean;
  readonly convertedAt: Date | null;
  readonly convertedAccountId: RecordId | null;
  readonly convertedContactId: RecordId | null;
  readonly convertedDealId: RecordId | null;
}
export interface DealRecord extends StoredRecord {
  readonly name: string;
  readonly accountId: RecordId | null;
  readonly contactId: RecordId | null;
  /** As Zoho holds it, in the record's own currency; exact decimal text such as "261.96"; null = empty. */
  readonly amount: string | null;
  /** Mapped cost or profit field, same form and currency as amount. */
  readonly cost: string | null;
  readonly profit: string | null;
  /** ISO code; null = the org's home currency. */
  readonly currency: string | null;
  /** Decimal text; null when Zoho sent none. */
  readonly exchangeRate: string | null;
  readonly stage: string | null;
  readonly pipeline: string | null;
  readonly closingDay: Day | null;
  readonly source: string | null;
  readonly lossReason: string | null;
  /** Day of the sync that first saw this deal won; null = not won. */
  readonly wonSeenOn: Day | null;
  /** True when it was already won at the first sync of this connection. */
  readonly wonAtFirstSync: boolean;
}
export type ActivityModule = 'Tasks' | 'Calls' | 'Events' | 'Notes' | 'Emails';
export interface ActivityRecord extends StoredRecord {
  readonly module: ActivityModule;
  readonly subject: string;
  /** Account, deal, case, lead … the activity is about. */
  readonly whatId: RecordId | null;
  readonly whoId: RecordId | null;
  readonly status: string | null;
  /** Calls: Inbound, Outbound, Missed. E-mails: Inbound, Outbound. */
  readonly callType: string | null;
  /** Calls and events: start. */
  readonly startAt: Date | null;
  readonly endAt: Date | null;
  readonly durationSeconds: number | null;
  /** As somebody wrote it down; null = nobody did. */
  readonly minutesSpent: number | null;
  readonly dueDay: Day | null;
  readonly closedAt: Date | null;
  readonly cancelled: boolean;
  /** Our key on a reminder task; null on everybody else's. */
  readonly cvRef: string | null;
}
export interface CaseRecord extends StoredRecord {
  readonly subject: string;
  readonly accountId: RecordId | null;
  readonly contactId: RecordId | null;
  readonly dealId: RecordId | null;
  readonly status: string | null;
  readonly priority: string | null;
  /** As somebody wrote it down; null = nobody did. */
  readonly minutesSpent: number | null;
}
export interface ProductRecord extends StoredRecord {
  readonly name: string;
  readonly code: string | null;
  readonly category: string | null;
  readonly active: boolean;
  /** Mapped field: what one unit costs, in the product's currency. */
  readonly cost: string | null;
  /** Null = the org's home currency. */
  readonly currency: string | null;
  readonly exchangeRate: string | null;
}
/** Amounts are exact decimal text in the document's own currency; null = empty. */
export interface DocumentRecord extends StoredRecord {
  readonly module: DocumentModule;
  readonly name: string;
  readonly number: string | null;
  readonly accountId: RecordId | null;
  readonly contactId: RecordId | null;
  readonly dealId: RecordId | null;
  readonly status: string | null;
  /** Invoices: their date. Others where a field is mapped. */
  readonly day: Day | null;
  /** Quotes: until when they stand. */
  readonly untilDay: Day | null;
  readonly subTotal: string | null;
  readonly tax: string | null;
  readonly total: string | null;
  /** Mapped cost or profit of the whole document. */
  readonly cost: string | null;
  readonly profit: string | null;
  readonly currency: string | null;
  readonly exchangeRate: string | null;
}
/** A line of a document; decimal text in the document's currency. */
export interface DocumentLine {
  readonly id: RecordId;
  readonly productId: RecordId | null;
  readonly quantity: string | null;
  readonly listPrice: string | null;
  readonly discount: string | null;
  readonly tax: string | null;
  readonly netTotal: string | null;
}
export type LineProduct = Pick<
  ProductRecord,
  'id' | 'name' | 'category' | 'cost' | 'currency' | 'exchangeRate'
>;
export interface CustomerDocument {
  readonly document: DocumentRecord;
  /** Empty: it has none, or they were not read yet. */
  readonly lines: readonly (DocumentLine & { readonly product: LineProduct | null })[];
}
export interface RecordByModule {
  Accounts: AccountRecord;
  Contacts: ContactRecord;
  Leads: LeadRecord;
  Deals: DealRecord;
  Tasks: ActivityRecord;
  Calls: ActivityRecord;
  Events: ActivityRecord;
  Cases: CaseRecord;
  Products: ProductRecord;
  Notes: ActivityRecord;
  Quotes: DocumentRecord;
  Sales_Orders: DocumentRecord;
  Invoices: DocumentRecord;
}

export type DealOutcome = 'open' | 'won' | 'lost' | 'unknown';
export interface StageRow {
  readonly pipeline: string;
  readonly stage: string;
  readonly outcome: Exclude<DealOutcome, 'unknown'>;
}

/** A line of an imported invoice or credit note. Money is exact decimal text, net of tax; what is given back is negative. */
export interface PurchaseLine {
  readonly importId: number;
  readonly line: number;
  readonly day: Day;
  /** The won deal that this line bills. */
  readonly dealId: RecordId | null;
  /** Number of its document; null: the line is a document of its own. */
  readonly number: string | null;
  /** Null: the sign of the document's sum says it. */
  readonly kind: 'invoice' | 'credit_note' | null;
  readonly product: string | null;
  readonly group: string | null;
  readonly quantity: string | null;
  readonly amount: string;
  readonly listPrice: string | null;
  readonly discountPercent: string | null;
  readonly cost: string | null;
  /** Null: the home currency. */
  readonly currency: string | null;
  /** Units of the home currency for one of the line's. */
  readonly rate: string | null;
}
export interface CostLine {
  readonly day: Day;
  /** As the file words it: freight, service, travel … */
  readonly kind: string;
  readonly amount: string | null;
  readonly minutes: string | null;
  readonly note: string | null;
  readonly currency: string | null;
  readonly rate: string | null;
}
export type ContributionKind = 'referral' | 'case_study' | 'testimonial' | 'review';
/** What people imported or noted about one customer: Zoho does not hold it. */
export interface ImportedRows {
  readonly purchases: readonly PurchaseLine[];
  readonly costs: readonly CostLine[];
  /** Deals of this customer that an invoice bills, whoever it names; from the day of the first. */
  readonly billedDeals: readonly { readonly dealId: RecordId; readonly day: Day }[];
  readonly contributions: readonly {
    readonly day: Day;
    readonly kind: ContributionKind;
    readonly amount: string | null;
    readonly note: string | null;
  }[];
  /** The first referrer; later ones do not count. */
  readonly referredBy: {
    readonly id: RecordId | null;
    readonly number: string | null;
    readonly day: Day;
  } | null;
  readonly thanks: readonly { readonly day: Day; readonly how: string; readonly note: string | null }[];
}

/** One stay of a deal on a stage. */
export interface DealStage {
  readonly id: RecordId;
  readonly dealId: RecordId;
  readonly stage: string;
  /** Null: it had not left the stage when this was read. */
  readonly leftTo: string | null;
  readonly enteredAt: Date;
}
/** Everything stored about one customer, as the store hands it to scoring. Deleted records are left out. */
export interface CustomerRows {
  readonly key: CustomerKey;
  readonly record: AccountRecord | ContactRecord;
  /** Accounts: its contacts. A contact without account: itself. */
  readonly contacts: readonly ContactRecord[];
  readonly deals: readonly DealRecord[];
  /** When its deals entered which stage, in that order; absent: the org's history of stages is not known. */
  readonly dealStages?: readonly DealStage[];
  /** About the customer itself, its contacts, its deals, its cases or its leads; each once. */
  readonly activities: readonly ActivityRecord[];
  readonly cases: readonly CaseRecord[];
  /** Converted into the customer, a contact or a deal of it. */
  readonly leads: readonly LeadRecord[];
  /** Quotes, orders or invoices: those that the settings use. */
  readonly documents: readonly CustomerDocument[];
  /** With `customer.rollUp: parent`: the accounts beneath it, whose rows are all counted here. */
  readonly family: readonly { readonly id: RecordId; readonly name: string }[];
  readonly goodwill: readonly { readonly day: Day; readonly amount: Minor }[];
  /** When its e-mails were last read; null = never. */
  readonly mailReadAt: Date | null;
  /** Absent: nothing was imported or noted. */
  readonly imported?: ImportedRows;
}

export type CostBasis = 'deal' | 'line' | 'product' | 'group' | 'default';
/** One won deal, invoice or order with an amount, or one imported document; a refund or credit note is a negative one. */
export interface Purchase {
  /** Null: no deal but a document. */
  readonly dealId: RecordId | null;
  /** The invoice or order of the CRM that it is. */
  readonly document?: { readonly module: DocumentModule; readonly id: RecordId };
  readonly day: Day;
  readonly revenue: Minor;
  readonly directCost: Minor;
  /** Of a document with several: the least certain. */
  readonly costBasis: CostBasis;
  /** Of an imported document: how many of its lines have their cost from where. */
  readonly lines?: { readonly [B in CostBasis]?: number };
}
/** What an imported cost was for. */
export type CostKind = 'service' | 'freight' | 'returns' | 'marketing' | 'acquisition' | 'other';
/** An imported cost other than that of the goods. */
export interface ServeCost {
  readonly day: Day;
  readonly kind: CostKind;
  /** Null: the time it took, at the rate of an hour. */
  readonly amount: Minor | null;
  readonly seconds: number;
}
export type TouchChannel = 'call' | 'meeting' | 'task' | 'email' | 'case' | 'note' | 'field';
/** Why contacts of a channel are not known: switched off, no credits for it, refused by Zoho, or not read yet. */
export interface UnreadChannel {
  readonly channel: TouchChannel;
  readonly why: 'off' | 'no_budget' | 'not_readable' | 'not_yet';
}
export interface Touch {
  readonly at: Date;
  readonly day: Day;
  readonly channel: TouchChannel;
  readonly direction: 'in' | 'out' | 'both';
  /** False for attempts that reached nobody: they are kept apart and never close the gap. */
  readonly twoWay: boolean;
  readonly subject: string;
  readonly recordId: RecordId;
  readonly contactId: RecordId | null;
  readonly durationSeconds: number | null;
}
/** Counted oddities of the input; each is reported in the run, none stops it. */
export type FactIssue =
  | 'foreign_currency_withheld'
  | 'amount_out_of_range'
  | 'won_without_amount'
  | 'won_with_zero_amount'
  | 'won_without_date'
  | 'future_won_date'
  | 'unknown_stage'
  | 'parent_circle'
  | 'document_without_amount'
  | 'document_with_zero_amount'
  | 'refund'
  | 'deal_billed'
  | 'foreign_document_withheld'
  | 'foreign_cost_withheld';
export interface CustomerFacts {
  readonly key: CustomerKey;
  readonly name: string;
  readonly ownerId: RecordId | null;
  readonly createdDay: Day;
  /** Of the record itself, else of its first contact, lead or deal that names one. */
  readonly source: string | null;
  /** First two-way touch, those with the lead included. */
  readonly firstContact: Day | null;
  /** Leads that became this customer, the earliest first. */
  readonly leads: readonly { readonly id: RecordId; readonly createdDay: Day }[];
  /** Accounts beneath it that are counted here. */
  readonly family: readonly RecordId[];
  /** Ascending by day; dated on or before asOf. */
  readonly purchases: readonly Purchase[];
  /** Ascending by day; dated on or before asOf. */
  readonly costs: readonly ServeCost[];
  /** True when an amount in a foreign currency, or one out of range, was left out. */
  readonly valueIncomplete: boolean;
  /** Open quotes are among them. */
  readonly openDeals: readonly {
    readonly id: RecordId;
    readonly name: string;
    readonly createdDay: Day;
    /** Left out: a deal. */
    readonly module?: 'Quotes';
  }[];
  readonly lostDeals: readonly { readonly id: RecordId; readonly day: Day; readonly reason: string | null }[];
  /** Ascending by time; on or before asOf. */
  readonly touches: readonly Touch[];
  /** Working time of each activity and case; null = not known. Ascending by day. */
  readonly efforts: readonly { readonly day: Day; readonly seconds: number | null }[];
  /** Channels whose contacts are not known. */
  readonly unread: readonly UnreadChannel[];
  readonly inputs: CustomerInputs;
  /** Names of the products on its lines, each once, ascending. */
  readonly products: readonly string[];
  /** Account type, else ''. */
  readonly segment: string;
  /** The first that is known to have sent this customer; the day is null where only the field tells it. */
  readonly referredBy: { readonly id: RecordId; readonly day: Day | null } | null;
  /** Ascending by day; dated on or before asOf. An amount that is null has the value of the rules. */
  readonly contributions: readonly {
    readonly day: Day;
    readonly kind: ContributionKind;
    readonly amount: Minor | null;
  }[];
  /** Day on which the customer was last thanked, as noted or filled in. */
  readonly thanked: Day | null;
  /** Days of meetings and calls that have not ended yet, on asOf or later, ascending. */
  readonly appointments: readonly Day[];
  readonly cases: readonly {
    readonly id: RecordId;
    readonly subject: string;
    readonly openedDay: Day;
    readonly open: boolean;
    readonly high: boolean;
  }[];
  readonly goodwill: readonly { readonly day: Day; readonly amount: Minor }[];
  readonly issues: readonly { readonly issue: FactIssue; readonly recordId: RecordId }[];
  /** Main contact of the last two-way touch, else of the last won deal; null when neither names one. */
  readonly mainContactId: RecordId | null;
}

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
    | { readonly model: 'shrunken mean'; readonly mean: number; readonly weight: number }
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
      /** Their positive profits of 12 months, and the share of it that is credited. */
      readonly profit: Minor;
      readonly credit: Minor;
    }[];
  };
  readonly lastPurchaseDay: Day | null;
  /** Customers that ever bought. */
  readonly buyers: number;
  /** Of all purchases of the last 12 months. */
  readonly averages: {
    /** Share of revenue left after direct cost. */
    readonly margin: number;
    /** Cost to serve that comes with an order, in minor units. */
    readonly servePerOrder: number;
  };
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

type ProfileFact = 'why_us' | 'needs' | 'deal_breakers' | 'source' | 'thanked' | 'referrals';
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
  readonly expectedProfit12: Minor | null;
  /** The number of purchases, and with it the profit, lies in here with the chance of the rules. */
  readonly expectedProfitRange: { readonly low: Minor; readonly high: Minor } | null;
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
  readonly effort: { readonly budgetHours: number; readonly spentHours: number } | null;
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
