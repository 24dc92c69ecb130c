import type { Day, Minor, RecordId, Touch, TouchChannel, UnreadChannel } from './domain.ts';
import type { ActivityRecord, LeadRecord } from './records.ts';
import type { Reason } from './scores.ts';

/** Leads: people who are no customers yet. Their rows, their rhythm, and what they are expected to bring. Types only. */

export type FollowUpStatus = 'on_time' | 'due' | 'overdue';
/** `later`: it came in after the date that is asked about. */
export type LeadState = 'open' | 'closed' | 'converted' | 'later';

/** A lead as the store hands it to scoring. */
export interface LeadRows {
  readonly lead: LeadRecord;
  /** About the lead, or with it; each once. Deleted ones are left out. */
  readonly activities: readonly ActivityRecord[];
}

export interface LeadFacts {
  readonly id: RecordId;
  readonly name: string;
  readonly ownerId: RecordId | null;
  readonly createdDay: Day;
  readonly source: string | null;
  readonly rating: string | null;
  readonly status: string | null;
  readonly isClosed: boolean;
  /** Ascending by time; on or before asOf. */
  readonly touches: readonly Touch[];
  /** Days of meetings and calls that have not ended yet, ascending. */
  readonly appointments: readonly Day[];
  readonly unread: readonly UnreadChannel[];
}

/** What became of the leads of a source, and what its customers earn. */
export interface SourceHistory {
  /** Leads old enough to tell: `leads.matureDays`. */
  readonly leads: number;
  /** Of these, those that were converted, and those whose customer bought since the lead came in. */
  readonly converted: number;
  readonly became: number;
  /** Customers that ever bought, and the sum of their profits of 12 months in minor units. */
  readonly buyers: number;
  readonly profit12: number;
}
/** What one lead is compared with: kept with the baseline of the customers. */
export interface LeadBaseline {
  readonly all: SourceHistory;
  /** By the name of the source in lower case, ascending. */
  readonly sources: readonly (readonly [source: string, history: SourceHistory])[];
}

/** Why a lead has no follow-up status, or no expected value. */
export type LeadUnfilled = 'lead_closed' | 'no_lead_history' | 'no_lead_became_customer' | 'no_buyers';
export interface LeadScore {
  readonly key: { readonly module: 'Leads'; readonly id: RecordId };
  readonly name: string;
  readonly ownerId: RecordId | null;
  readonly asOf: Day;
  readonly createdDay: Day;
  readonly source: string | null;
  readonly rating: string | null;
  readonly status: string | null;
  readonly state: 'open' | 'closed';
  /** Null: closed. */
  readonly followUp: FollowUpStatus | null;
  /** The last day on which the next follow-up is in time. */
  readonly followUpBy: Day | null;
  readonly rhythmDays: number | null;
  /** Our last attempt or contact since the lead came in. */
  readonly lastFollowUp: Day | null;
  readonly lastContact: Day | null;
  readonly lastContactChannel: TouchChannel | null;
  /** Our attempts since the last two-way contact. */
  readonly unansweredTouches: number;
  readonly nextAppointment: Day | null;
  /** Profit of 12 months that a lead of this source is expected to bring; null: `unfilled` says why. */
  readonly expectedValue: Minor | null;
  /** Chance to become a customer, and the mean profit of one, both as they went into the expected value. */
  readonly chance: number | null;
  readonly meanProfit: Minor | null;
  /** Of its source; of all leads where it has none. */
  readonly history: SourceHistory;
  readonly reasons: readonly Reason[];
  readonly unfilled: {
    readonly follow_up_status?: LeadUnfilled;
    readonly expected_lead_value?: LeadUnfilled;
  };
}
