import type { ConnectionId, Language, RecordId } from '../domain.ts';

/** The parts of the store that hold what goes out: events to endpoints of programs, and mail to people. */

export interface NewEvent {
  readonly type: string;
  /** Of whom it tells; it goes with that record when a person is erased. */
  readonly recordId: RecordId | null;
  readonly data: unknown;
}
export interface OutEvent extends NewEvent {
  /** Rises with every event of a database. */
  readonly sequence: number;
  /** The webhook-id of every attempt. */
  readonly eventId: string;
  readonly connection: ConnectionId;
  readonly at: Date;
}

type EndpointState = 'enabled' | 'disabled';
export interface Endpoint {
  readonly id: string;
  readonly connection: ConnectionId;
  readonly url: string;
  /** Event types; "*" is all of them. */
  readonly types: readonly string[];
  readonly state: EndpointState;
  readonly why: string | null;
  readonly createdAt: Date;
  /** Failed attempts in a row, and since when. */
  readonly failures: number;
  readonly failingSince: Date | null;
}
/** With what signs, newest first. */
export interface ClaimedEndpoint extends Endpoint {
  readonly secrets: readonly string[];
}
export interface EventDelivery {
  readonly id: number;
  readonly event: OutEvent;
  /** Those before this one. */
  readonly attempts: number;
}
export interface AttemptOutcome {
  readonly at: Date;
  /** Null: no answer. */
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
  readonly next:
    | { readonly state: 'delivered' | 'failed' }
    | { readonly state: 'waiting'; readonly at: Date };
  /** Failed: nothing else goes to this endpoint before. */
  readonly resumeAt: Date | null;
}
export interface LoggedDelivery {
  readonly id: number;
  readonly eventId: string;
  readonly type: string;
  readonly endpoint: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number | null;
  readonly attemptedAt: Date | null;
  readonly nextAt: Date | null;
  readonly at: Date;
}
export interface EventsStore {
  /** Stores them with their deliveries, where an endpoint asks for them. */
  append(connection: ConnectionId, events: readonly NewEvent[], at: Date): Promise<void>;
  addEndpoint(
    connection: ConnectionId,
    endpoint: { readonly url: string; readonly types: readonly string[]; readonly secret: string },
    at: Date,
  ): Promise<Endpoint>;
  endpoints(connection: ConnectionId): Promise<Endpoint[]>;
  /** The others of these answer false when there is no such endpoint of the connection. */
  removeEndpoint(connection: ConnectionId, id: string): Promise<boolean>;
  setEndpoint(
    connection: ConnectionId,
    id: string,
    state: EndpointState,
    why: string | null,
    at: Date,
  ): Promise<boolean>;
  /** Both secrets sign until then. */
  rotate(connection: ConnectionId, id: string, secret: string, formerUntil: Date): Promise<boolean>;
  /** An event for one endpoint alone, whatever it asks for. */
  appendFor(connection: ConnectionId, endpoint: string, event: NewEvent, at: Date): Promise<OutEvent | null>;
  /** Delivers again what is delivered or failed: one, or all that failed. Answers how many. */
  resend(
    connection: ConnectionId,
    which: { readonly delivery: number } | { readonly failedOf: string },
    at: Date,
  ): Promise<number>;
  /** Newest first. */
  log(
    connection: ConnectionId,
    options: { readonly limit: number; readonly endpoint?: string; readonly state?: LoggedDelivery['state'] },
  ): Promise<LoggedDelivery[]>;
  attempts(
    connection: ConnectionId,
    delivery: number,
  ): Promise<{ at: Date; status: number | null; error: string | null; durationMs: number }[]>;

  /** The enabled endpoint that was served longest ago and has something due; nobody else serves it meanwhile. */
  claim(now: Date, lease: { readonly holder: string; readonly until: Date }): Promise<ClaimedEndpoint | null>;
  /** Oldest first. */
  due(endpoint: string, now: Date, limit: number): Promise<EventDelivery[]>;
  /** One transaction. */
  noteAttempt(endpoint: string, delivery: number, outcome: AttemptOutcome): Promise<void>;
  /** False: it was lost to another process. */
  keepLease(endpoint: string, lease: { readonly holder: string; readonly until: Date }): Promise<boolean>;
  releaseEndpoint(endpoint: string, holder: string, now: Date): Promise<void>;
}

interface Recipient {
  readonly address: string;
  readonly language: Language;
  readonly alerts: boolean;
  readonly digest: boolean;
}
export interface KnownRecipient extends Recipient {
  /** Names the recipient where an address must not stand, e.g. in a path. */
  readonly id: string;
  /** What they asked not to get any more. */
  readonly stopped: readonly MailKind[];
}
export type MailKind = 'alerts' | 'digest';
interface NewMail {
  /** One message of it goes to an address, whoever asks how often. */
  readonly key: string;
  readonly kind: MailKind;
  readonly address: string;
  readonly language: Language;
  /** What it tells, as ids. */
  readonly about: unknown;
}
export interface OutMail extends NewMail {
  readonly id: number;
  readonly connection: ConnectionId;
  /** This one included. */
  readonly attempts: number;
  readonly madeAt: Date;
}
interface MailsSummary {
  readonly waiting: number;
  readonly failed: number;
  readonly sentAt: Date | null;
  readonly lastError: string | null;
}
export interface MailingStore {
  recipients(connection: ConnectionId): Promise<KnownRecipient[]>;
  setRecipient(connection: ConnectionId, recipient: Recipient): Promise<void>;
  /** With the messages to it that are not sent yet. */
  removeRecipient(connection: ConnectionId, address: string): Promise<boolean>;
  /** Names the address and the kind to whoever gets the message, and to nobody else. */
  optOutToken(connection: ConnectionId, address: string, kind: MailKind): string;
  /** What the token would stop, and of whom it tells; null: not a token of ours, or the connection is gone. */
  optOutOf(token: string): Promise<{ kind: MailKind; connection: ConnectionId } | null>;
  /** With the messages of that kind that are not sent yet. Null: as above. */
  optOut(token: string, at: Date): Promise<{ kind: MailKind; connection: ConnectionId } | null>;
  optIn(connection: ConnectionId, address: string): Promise<void>;

  /** Connections with alert events that wait for mail. */
  waitingFor(): Promise<ConnectionId[]>;
  /** Oldest first. */
  waitingEvents(connection: ConnectionId): Promise<OutEvent[]>;
  eventsOf(connection: ConnectionId, sequences: readonly number[]): Promise<OutEvent[]>;
  /**
   * Stores messages, and that the events are dealt with, in one transaction; nothing where another process has dealt
   * with one of them. Opted-out addresses are passed over. Answers how many messages are new.
   */
  add(
    connection: ConnectionId,
    mails: readonly NewMail[],
    events: readonly number[],
    at: Date,
  ): Promise<number>;
  /** The message that has been due longest; nobody else sends it meanwhile. */
  claim(now: Date, lease: { readonly holder: string; readonly until: Date }): Promise<OutMail | null>;
  settle(
    id: number,
    outcome:
      | { readonly state: 'sent'; readonly at: Date }
      | { readonly state: 'waiting'; readonly at: Date; readonly error: string }
      | { readonly state: 'failed' | 'dropped'; readonly error: string },
  ): Promise<void>;
  /** Messages that failed for good since the last that their address got, and why the newest did. */
  failing(connection: ConnectionId): Promise<{ readonly messages: number; readonly why: string | null }>;
  summary(connection: ConnectionId, since: Date): Promise<MailsSummary>;
}
