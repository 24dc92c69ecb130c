/** What people are told of, and the rules by which: shared by those who find a cause and those who tell. */

export const ALERT_CODES = [
  'connection_lost',
  'owner_left',
  'no_good_run',
  'channel_expiring',
  'channels_failing',
  'webhook_gap',
  'credits_low',
  'writes_refused',
  'plan_held',
  'canary_stopped',
  'undone',
  'schema_drift',
  'fields_full',
  'unmatched_money',
  'currency_rate_missing',
  'time_data_stopped',
  'model_worse',
  'fields_edited',
  'settings_broken',
  'update_pending',
  'backup_missing',
  'endpoint_disabled',
  'mail_failed',
] as const;
/** What an alert is about; one of a kind is open at a time. */
export type AlertCode = (typeof ALERT_CODES)[number];

/** Lowest first. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export function isWorse(severity: Severity, than: Severity): boolean {
  return SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(than);
}

export interface AlertParams {
  readonly [name: string]: string | number | boolean | null | readonly string[];
}

/** notify.yaml. */
export interface NotifyRules {
  readonly alerts: AlertRules;
  readonly events: EventRules;
  readonly mail: MailRules;
}
export interface AlertRules {
  /** Scheduled runs in a row without one that ended well. */
  readonly missedRuns: number;
  readonly channelHours: number;
  /** Of our ceiling. */
  readonly creditsPercent: number;
  /** Of the rows of one apply. */
  readonly refusedPercent: number;
  /** Fewer rows than this tell nothing. */
  readonly refusedRows: number;
  /** Of the money of won deals and invoices. */
  readonly unmatchedPercent: number;
  readonly timeDataDays: number;
  /** A cause must be gone so long before its end is told. */
  readonly recoverMinutes: number;
  /** What was above a limit is good again below this share of it. */
  readonly recoverPercent: number;
}
export interface EventRules {
  /** False: endpoints must be public https addresses. */
  readonly allowPrivateAddresses: boolean;
}
interface MailRules {
  /** Sender; null: the user of SMTP_URL where it is an address. */
  readonly from: string | null;
  /** How long warnings are gathered into one message. */
  readonly bundleMinutes: number;
  /** True: each owner gets the own digest at the address that Zoho has. */
  readonly digestToOwners: boolean;
}
