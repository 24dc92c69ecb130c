import { type Clock, systemClock } from '../clock.ts';
import type { Keys } from '../crypto.ts';
import type { Db } from '../db.ts';
import type { ConnectionId, ConnectionMode, CustomerKey, Org, RecordId, RunId } from '../domain.ts';
import type { ActivityRecord } from '../records.ts';
import type { BulkPosition } from '../zoho/bulk-read.ts';
import type { CreditLedger } from '../zoho/credit-account.ts';
import type { TokenStore } from '../zoho/tokens.ts';
import type {
  ApiTokensStore,
  AuditStore,
  LinksStore,
  OAuthStatesStore,
  PeopleStore,
  SessionsStore,
  SupportVisitsStore,
} from './access-stores.ts';
import { type AlertFactsStore, alertFactsStore } from './alert-facts.ts';
import { alertsStore } from './alerts.ts';
import { apiTokensStore } from './api-tokens.ts';
import { auditStore } from './audit.ts';
import { baseValuesStore } from './base-values.ts';
import { baselinesStore } from './baselines.ts';
import { bossJobsStore } from './boss-jobs.ts';
import { bulkHintsStore } from './bulk-hints.ts';
import { type BulkWritesStore, bulkWritesStore } from './bulk-writes.ts';
import { channelsStore } from './channels.ts';
import { comparisonStore } from './comparison.ts';
import { connectionsStore } from './connections.ts';
import { cursorsStore } from './cursors.ts';
import { customerListStore } from './customer-list.ts';
import { customersStore } from './customers.ts';
import { dealStagesStore } from './deal-stages.ts';
import { deliveriesStore } from './deliveries.ts';
import { digestsStore } from './digests.ts';
import { documentLinesStore } from './document-lines.ts';
import { erasureStore } from './erasure.ts';
import type { ErasureStore } from './erasure-stores.ts';
import { eventsStore } from './events.ts';
import { fieldMapStore } from './field-map.ts';
import { type FiguresStore, figuresStore } from './figures.ts';
import { fleetStore } from './fleet.ts';
import type { FleetStore } from './fleet-stores.ts';
import type { ImportsStore, NotesStore, OverridesStore } from './import-stores.ts';
import { importsStore } from './imports.ts';
import { intentsStore } from './intents.ts';
import type { SchedulesStore } from './job-stores.ts';
import { jobsStore } from './jobs.ts';
import { leadScoresStore } from './lead-scores.ts';
import type { LeadScoresStore, LeadsStore } from './lead-stores.ts';
import { leadsStore } from './leads.ts';
import { leasesStore } from './leases.ts';
import { ledgerStore } from './ledger.ts';
import { linksStore } from './links.ts';
import { listsStore } from './lists.ts';
import { mailingStore } from './mailing.ts';
import { mailsStore } from './mails.ts';
import { mappingStatesStore } from './mapping-states.ts';
import { metadataStore } from './metadata.ts';
import { modelFitsStore } from './model-fits.ts';
import { notesStore } from './notes.ts';
import type { EventsStore, MailingStore } from './notify-stores.ts';
import { oauthClientsStore } from './oauth-clients.ts';
import { oauthGrantsStore } from './oauth-grants.ts';
import { oauthStatesStore } from './oauth-states.ts';
import type { OAuthClientsStore, OAuthGrantsStore } from './oauth-stores.ts';
import type { DigestsStore, OutcomesStore } from './outcome-stores.ts';
import { outcomesStore } from './outcomes.ts';
import { overridesStore } from './overrides.ts';
import { peopleStore } from './people.ts';
import type { IntentsStore, PlansStore, RemindersStore } from './plan-stores.ts';
import { plansStore } from './plans.ts';
import { quarantineStore } from './quarantine.ts';
import type { JobsStore, WorkersStore } from './queue-stores.ts';
import type {
  BaselinesStore,
  BulkHintsStore,
  ComparisonStore,
  ConnectionsStore,
  CursorsStore,
  CustomersStore,
  DealStagesStore,
  DocumentLinesStore,
  FieldMapStore,
  Grant,
  MappingStatesStore,
  MetadataStore,
  ModelFitsStore,
  QuarantineStore,
  RecordsStore,
  ScoresStore,
  StagesStore,
  UsersStore,
} from './record-stores.ts';
import { recordsStore } from './records.ts';
import { refusalsStore } from './refusals.ts';
import { remindersStore } from './reminders.ts';
import { type RetentionStore, retentionStore } from './retention.ts';
import { type RunRequestsStore, runRequestsStore } from './run-requests.ts';
import { runsStore } from './runs.ts';
import type { AlertsStore, RefusalsStore } from './safety-stores.ts';
import { savedViewsStore } from './saved-views.ts';
import { schedulesStore } from './schedules.ts';
import { scoresStore } from './scores.ts';
import { type SecretsStore, secretsStore } from './secrets.ts';
import { type ServiceFacts, serviceFacts } from './service-facts.ts';
import { sessionsStore } from './sessions.ts';
import { settingsStore } from './settings.ts';
import type { SettingsStore } from './settings-stores.ts';
import { stagesStore } from './stages.ts';
import { supportVisitsStore } from './support-visits.ts';
import { tokensStore } from './tokens.ts';
import { usersStore } from './users.ts';
import type { BaseValuesStore, CustomerListStore, ListsStore, SavedViewsStore } from './view-stores.ts';
import type { ChannelsStore, DeliveriesStore, WorkflowHooksStore } from './webhook-stores.ts';
import { workersStore } from './workers.ts';
import { workflowHooksStore } from './workflow-hooks.ts';

/** Everything that is remembered, one part a table group. All of it belongs to a connection, except jobs and leases. */

export interface Store {
  readonly connections: ConnectionsStore;
  readonly tokens: TokenStore;
  readonly ledger: CreditLedger;
  readonly records: RecordsStore;
  readonly comparison: ComparisonStore;
  readonly cursors: CursorsStore;
  readonly stages: StagesStore;
  readonly users: UsersStore;
  readonly documentLines: DocumentLinesStore;
  readonly dealStages: DealStagesStore;
  readonly customers: CustomersStore;
  readonly customerList: CustomerListStore;
  readonly baseValues: BaseValuesStore;
  readonly lists: ListsStore;
  readonly savedViews: SavedViewsStore;
  readonly scores: ScoresStore;
  readonly leads: LeadsStore;
  readonly leadScores: LeadScoresStore;
  readonly baselines: BaselinesStore;
  readonly modelFits: ModelFitsStore;
  readonly fieldMap: FieldMapStore;
  readonly mappingStates: MappingStatesStore;
  readonly runs: RunsStore;
  readonly runRequests: RunRequestsStore;
  readonly plans: PlansStore;
  readonly intents: IntentsStore;
  readonly bulkWrites: BulkWritesStore;
  readonly reminders: RemindersStore;
  readonly outcomes: OutcomesStore;
  readonly digests: DigestsStore;
  readonly refusals: RefusalsStore;
  readonly alerts: AlertsStore;
  readonly alertFacts: AlertFactsStore;
  readonly channels: ChannelsStore;
  readonly deliveries: DeliveriesStore;
  readonly workflowHooks: WorkflowHooksStore;
  readonly schedules: SchedulesStore;
  readonly figures: FiguresStore;
  readonly jobs: JobsStore;
  readonly workers: WorkersStore;
  readonly leases: LeasesStore;
  readonly quarantine: QuarantineStore;
  readonly mails: MailsStore;
  readonly metadata: MetadataStore;
  readonly bulkHints: BulkHintsStore;
  readonly imports: ImportsStore;
  readonly notes: NotesStore;
  readonly overrides: OverridesStore;
  readonly erasure: ErasureStore;
  readonly people: PeopleStore;
  readonly supportVisits: SupportVisitsStore;
  readonly sessions: SessionsStore;
  readonly apiTokens: ApiTokensStore;
  readonly links: LinksStore;
  readonly oauthStates: OAuthStatesStore;
  readonly oauthClients: OAuthClientsStore;
  readonly oauthGrants: OAuthGrantsStore;
  readonly audit: AuditStore;
  readonly settings: SettingsStore;
  readonly events: EventsStore;
  readonly mailing: MailingStore;
  readonly fleet: FleetStore;
  readonly secrets: SecretsStore;
  readonly facts: ServiceFacts;
  readonly retention: RetentionStore;
}

/** `clock` dates what no caller dates: when a connection was made, a score written, a plan opened. */
export function createStore(db: Db, keys: Keys, clock: Clock = systemClock): Store {
  return {
    connections: connectionsStore(db, keys, clock),
    tokens: tokensStore(db, keys),
    ledger: ledgerStore(db),
    comparison: comparisonStore(db),
    records: recordsStore(db, keys, clock),
    cursors: cursorsStore(db),
    stages: stagesStore(db),
    users: usersStore(db),
    documentLines: documentLinesStore(db),
    dealStages: dealStagesStore(db),
    customers: customersStore(db),
    customerList: customerListStore(db),
    baseValues: baseValuesStore(db),
    lists: listsStore(db),
    savedViews: savedViewsStore(db),
    scores: scoresStore(db, clock),
    leads: leadsStore(db),
    leadScores: leadScoresStore(db, clock),
    baselines: baselinesStore(db),
    modelFits: modelFitsStore(db),
    fieldMap: fieldMapStore(db),
    mappingStates: mappingStatesStore(db),
    runs: runsStore(db),
    runRequests: runRequestsStore(db),
    plans: plansStore(db, clock),
    intents: intentsStore(db),
    bulkWrites: bulkWritesStore(db),
    reminders: remindersStore(db),
    outcomes: outcomesStore(db),
    digests: digestsStore(db),
    refusals: refusalsStore(db),
    alerts: alertsStore(db),
    alertFacts: alertFactsStore(db),
    channels: channelsStore(db, keys),
    deliveries: deliveriesStore(db),
    workflowHooks: workflowHooksStore(db),
    schedules: schedulesStore(db),
    figures: figuresStore(db),
    jobs: db.dialect === 'sqlite' ? jobsStore(db, clock) : bossJobsStore(db, clock),
    workers: workersStore(db),
    leases: leasesStore(db),
    quarantine: quarantineStore(db),
    mails: mailsStore(db, keys),
    metadata: metadataStore(db),
    bulkHints: bulkHintsStore(db),
    imports: importsStore(db),
    notes: notesStore(db),
    overrides: overridesStore(db),
    erasure: erasureStore(db, keys),
    people: peopleStore(db),
    supportVisits: supportVisitsStore(db),
    sessions: sessionsStore(db),
    apiTokens: apiTokensStore(db),
    links: linksStore(db, keys),
    oauthStates: oauthStatesStore(db),
    oauthClients: oauthClientsStore(db),
    oauthGrants: oauthGrantsStore(db),
    audit: auditStore(db),
    settings: settingsStore(db),
    events: eventsStore(db, keys),
    mailing: mailingStore(db, keys),
    fleet: fleetStore(db),
    secrets: secretsStore(db, keys),
    facts: serviceFacts(db),
    retention: retentionStore(db),
  };
}

export interface NewConnection extends Grant {
  readonly name: string;
  readonly org: Org;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly mode: ConnectionMode;
}

/** Why a mapping is not read: named in the run, in doctor, and in docs/mapping.md. */
export type PauseReason =
  | 'ours'
  | 'missing'
  | 'removed'
  | 'renamed'
  | 'retyped'
  | 'hidden'
  | 'refused'
  | 'option_gone';
export interface MappingState {
  /** Name of the input; `ours.<key>` for a field of ours. */
  readonly input: string;
  /** Of the last time it was good; null when it never was. */
  readonly fieldId: string | null;
  readonly apiName: string;
  readonly dataType: string;
  /** Null: it is read. */
  readonly reason: PauseReason | null;
  readonly repair: string | null;
  readonly pausedSince: Date | null;
}

export interface Cursor {
  readonly state: 'filling' | 'following';
  readonly modifiedAt: Date | null;
  readonly deletedSince: Date | null;
  /** Of the fill under way or the last one; with a checkpoint while following, of that window. Resuming keeps it. */
  readonly fillStartedAt: Date | null;
  /** When the last fill that ended had begun; null: the module was never read whole. */
  readonly filledAt: Date | null;
  readonly checkpoint: FillCheckpoint | null;
  readonly columnsHash: string;
}

/** How far a fill is, or a window of changes that is read by bulk. Stored with the rows it counts. */
export interface FillCheckpoint {
  /** The columns it reads: jobs and page tokens are bound to them. */
  readonly fields: string;
  /** Nothing of the module was stored when it began, so nothing can be left over when it ends. */
  readonly wasEmpty: boolean;
  readonly at: FillPosition | 'start' | 'end';
}
/** `since`: by time, where the list names no next page; ISO 8601, null from the beginning. */
export type ListPosition = { readonly pageToken: string } | { readonly since: string | null };
export type FillPosition =
  | { readonly method: 'coql'; readonly part: number; readonly afterId: RecordId | null }
  | ({ readonly method: 'list' } & ListPosition)
  | ({ readonly method: 'bulk' } & BulkPosition);

export interface Run {
  readonly id: RunId;
  readonly connection: ConnectionId;
  readonly kind: string;
  readonly state: 'running' | 'done' | 'partial' | 'failed';
  readonly input: unknown;
  readonly summary: unknown;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}
export interface RunsStore {
  start(connection: ConnectionId, kind: string, input: unknown, at: Date): Promise<RunId>;
  finish(id: RunId, state: 'done' | 'partial' | 'failed', summary: unknown, at: Date): Promise<void>;
  /** Closes the runs that a killed process left open. Only for whoever holds the connection's line. */
  closeInterrupted(connection: ConnectionId, at: Date): Promise<number>;
  get(id: RunId): Promise<Run | null>;
  latest(connection: ConnectionId, kind: string): Promise<Run | null>;
  /** Newest first. */
  list(connection: ConnectionId, limit: number): Promise<Run[]>;
}

export interface MailsStore {
  /** When each customer's e-mails were last read, by record id. */
  reads(connection: ConnectionId): Promise<Map<RecordId, Date>>;
  /** Credits of the last read of every customer that was read after `since`. */
  spentSince(connection: ConnectionId, since: Date): Promise<number>;
  /** Those of the messages that are stored. */
  known(connection: ConnectionId, ids: readonly string[]): Promise<Set<string>>;
  /** The messages together with the note that this customer's were read. */
  save(
    connection: ConnectionId,
    read: { readonly customer: CustomerKey; readonly at: Date; readonly credits: number },
    mails: readonly ActivityRecord[],
  ): Promise<void>;
}
/** A named lock, and whose it is. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
}
export interface LeasesStore {
  /** True when free, run out, or already this holder's (then prolonged). */
  acquire(name: string, holder: string, until: Date, now: Date): Promise<boolean>;
  /** False when it was given up or taken over; one that ran out and that nobody took is still this holder's. */
  renew(lease: Lease, until: Date): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
  /** Whoever acquired it last and did not release it, run out or not. */
  holder(name: string): Promise<string | null>;
}
