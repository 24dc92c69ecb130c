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
  | 'win_back'
  | 'win_back_running'
  | 'closed';
export type ContactStatus = 'on_plan' | 'due' | 'overdue' | 'silent';
export type Language = 'en' | 'nl' | 'pl' | 'da';
export type ConnectionMode = 'manual' | 'auto' | 'read-only';
/** standby: a copy, from which nothing is read or written by itself (docs/backup.md). */
export type ConnectionState = 'ready' | 'reconnect_needed' | 'parked' | 'standby';

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
  | 'goodwill_given'
  | 'recalculation_asked'
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
  | 'follow_up_status'
  | 'expected_lead_value'
  | 'goodwill_at_opening'
  | 'cv_ref';

/** A value of ours as it stands in Zoho: picklists as their English text, money as a decimal number, days as Day. */
export type FieldValue = string | number | boolean | null;
export type FieldValues = { readonly [K in FieldKey]?: FieldValue };

/** What people filled in about a customer; what is empty is absent. */
export interface CustomerInputs {
  /** The customer that sent this one. */
  readonly referredBy?: RecordId;
  readonly whyUs?: string;
  readonly needs?: string;
  readonly lastThanked?: Day;
  readonly reasonLeft?: string;
  readonly profileReviewedOn?: Day;
  /** What was given away because something went wrong, as noted on the record in Zoho. */
  readonly goodwillGiven?: readonly { readonly day: Day; readonly amount: Minor }[];
  /** When somebody last asked for a new score: it says nothing of the customer, but makes the record a changed one. */
  readonly recalculationAsked?: string;
}
/** A phase that a person set by hand; it holds from `setOn` to `until`, both included. */
export interface PhaseOverride {
  readonly phase: Phase;
  readonly subPhase: SubPhase | null;
  readonly reason: string;
  readonly by: string;
  readonly setOn: Day;
  readonly until: Day;
}
export interface ProductDay {
  readonly day: Day;
  readonly product: string;
}
export type ContributionKind = 'referral' | 'case_study' | 'testimonial' | 'review';
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
  /** Lines of the document; left out: a deal has none. */
  readonly lineCount?: number;
  /** Below the list price, of the lines whose list price is known; left out: of none. */
  readonly discountPercent?: number;
  /** What one of each product cost, of the same lines. */
  readonly unitPrices?: readonly (readonly [product: string, unit: Minor])[];
  /** What sending it cost, by the mapped field; left out: not known. */
  readonly freight?: Minor;
  /** Of an imported document: how many of its lines have their cost from where. */
  readonly lines?: { readonly [B in CostBasis]?: number };
}
/** What an imported cost was for. */
export type CostKind = 'service' | 'freight' | 'returns' | 'travel' | 'marketing' | 'acquisition' | 'other';
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
/** What would be a sign of leaving if its field were mapped, or its documents were read. */
export type UnreadSign = 'survey' | 'case_due' | 'payments' | 'products';
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
  | 'unbilled_document'
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
  readonly leads: readonly {
    readonly id: RecordId;
    readonly createdDay: Day;
    readonly source: string | null;
    /** False: it became this customer after asOf. */
    readonly isConverted: boolean;
  }[];
  /** Leads of others that may stand for this customer, the earliest first; left out: none. */
  readonly newLeads?: readonly {
    readonly id: RecordId;
    readonly createdDay: Day;
    /** What both addresses share; null: the company. */
    readonly domain: string | null;
  }[];
  /** Accounts beneath it that are counted here. */
  readonly family: readonly RecordId[];
  /** Ascending by day; dated on or before asOf. */
  readonly purchases: readonly Purchase[];
  /** Ascending by day; dated on or before asOf. */
  readonly costs: readonly ServeCost[];
  /** True when an amount in a foreign currency, or one out of range, was left out. */
  readonly valueIncomplete: boolean;
  /** Open quotes, and orders that are not delivered yet, are among them. */
  readonly openDeals: readonly {
    readonly id: RecordId;
    readonly name: string;
    readonly createdDay: Day;
    /** Left out: a deal. */
    readonly module?: Exclude<DocumentModule, 'Invoices'>;
  }[];
  readonly lostDeals: readonly { readonly id: RecordId; readonly day: Day; readonly reason: string | null }[];
  /** Ascending by time; on or before asOf. */
  readonly touches: readonly Touch[];
  /** Working time of each activity and case; null = not known. Ascending by day. */
  readonly efforts: readonly {
    readonly day: Day;
    readonly seconds: number | null;
    /** It was spent on a case. */
    readonly isService?: true;
  }[];
  /** Days beyond the term of invoices, by the ends of months, the payment or the analysis; net of tax. Ascending by day. */
  readonly latePayments: readonly { readonly day: Day; readonly days: number; readonly amount: Minor }[];
  /** Ways to meetings, where a field tells them. Ascending by day. */
  readonly trips: readonly { readonly day: Day; readonly metres: number }[];
  /** Days on which its contact persons became known, ascending; a contact is its own. */
  readonly contactsSince: readonly Day[];
  /** Channels whose contacts are not known. */
  readonly unread: readonly UnreadChannel[];
  /** Signs of leaving that this org does not let us see. */
  readonly unreadSigns: readonly UnreadSign[];
  readonly inputs: CustomerInputs;
  /** Nothing left to win, and the word for it: dissolved, blocked, no consent …; null where it is open. */
  readonly closed: { readonly word: string | null } | null;
  /** Null: no contract. */
  readonly contract: { readonly endDay: Day | null; readonly noticeDay: Day | null } | null;
  /** Said to buy by the project: it pauses for long by nature. */
  readonly isProjectBuyer: boolean;
  /** The lowest answer of the customer and its contacts, of 10; null: none. */
  readonly survey: number | null;
  /** Who was spoken with last, or signed last, and has left; the day where that is known. */
  readonly keyContactLeft: {
    readonly id: RecordId;
    readonly name: string;
    readonly day: Day | null;
  } | null;
  /** Paid invoices: when, and how many days beyond their term. Ascending by day. */
  readonly payments: readonly { readonly day: Day; readonly daysLate: number }[];
  /** Tasks of people about the customer that are not done, ascending by day of making. */
  readonly openTasks: readonly {
    readonly id: RecordId;
    readonly subject: string;
    readonly createdDay: Day;
  }[];
  /** The phase that a person set, on asOf; null: none holds. */
  readonly override: PhaseOverride | null;
  /** What its lines name, ascending by day. */
  readonly productDays: readonly ProductDay[];
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
  /** How, where somebody noted it. */
  readonly thankedHow: string | null;
  /** Days of meetings and calls that have not ended yet, on asOf or later, ascending. */
  readonly appointments: readonly Day[];
  readonly cases: readonly {
    readonly id: RecordId;
    readonly subject: string;
    readonly openedDay: Day;
    readonly open: boolean;
    readonly high: boolean;
    /** Until when it should be solved; left out: nobody said. */
    readonly dueDay?: Day;
  }[];
  readonly goodwill: readonly { readonly day: Day; readonly amount: Minor }[];
  readonly issues: readonly { readonly issue: FactIssue; readonly recordId: RecordId }[];
  /** Main contact of the last two-way touch, else of the last won deal; null when neither names one. */
  readonly mainContactId: RecordId | null;
}
