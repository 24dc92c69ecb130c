import type { AlertCode } from '../alerts.ts';
import type { HoldReason } from '../changes.ts';

/** Words of alerts: what is the matter, and what to do. Other languages have files of their own. */

export interface AlertWords {
  readonly alerts: { readonly [C in AlertCode]: { readonly title: string; readonly todo: string } };
  readonly held: { readonly [R in HoldReason['reason']]: string };
  readonly severity: { readonly info: string; readonly warning: string; readonly critical: string };
  readonly change: { readonly opened: string; readonly worsened: string; readonly recovered: string };
  readonly since: string;
  readonly look: string;
  readonly stop: string;
  /** Where there is no address that stops them. */
  readonly askToStop: string;
}

export const ALERTS_EN: AlertWords = {
  alerts: {
    connection_lost: {
      title: 'Zoho no longer accepts our access to {org}; nothing is read or written',
      todo: 'Link it again: open /connect, or run zcv connect --name {connection} with a new code of the API console',
    },
    owner_left: {
      title: 'The Zoho user {user}, in whose name {org} is linked, is no longer active',
      todo: 'Link the org again as a user that stays: zcv connect --name {connection}',
    },
    no_good_run: {
      title: 'No run ended well since {since}; {missed:number} scheduled runs were missed',
      todo: 'Look at why the last one failed: zcv doctor --connection {connection}, then run it by hand: zcv run',
    },
    channel_expiring: {
      title: '[Zoho notifies us only until {ends}][Zoho has notified us of nothing since {ended}]',
      todo: 'See that zcv serve runs and that PUBLIC_URL can be reached from outside; until then changes are found by the hourly sync',
    },
    channels_failing: {
      title: "Zoho's notifications could not be renewed[: {modules}]",
      todo: 'Changes are found by polling meanwhile. Look at zcv channels test; where a scope is missing, link the org again with all scopes of docs/scopes.md',
    },
    webhook_gap: {
      title: 'The comparison with Zoho found changes that nobody told us of: {missed:number}[ ({modules})]',
      todo: 'They are repaired. Should it happen again, look at the channels: zcv doctor --connection {connection}',
    },
    credits_low: {
      title:
        'API credits run short: {spent:number} of {ceiling:number} are spent in 24 hours[, at this pace {forecast:number}][; no calls before {until}]',
      todo: 'Work goes on by itself when credits return. Or raise credits.ceilingPercent in fields.yaml, or look in Zoho for who else spends them (Setup > Developer Hub > APIs & SDKs)',
    },
    writes_refused: {
      title:
        'Zoho refused {percent:number} % of the last writes: {rejected:number} of {tried:number} ({codes})',
      todo: 'Mend what the codes say (docs/alerts.md, zcv doctor --connection {connection}), then: zcv retry-failed {run}',
    },
    plan_held: {
      title: 'Plan {planId} is held and nothing was written: {reason}',
      todo: 'Look at it with zcv plan --diff, then: zcv plan approve {planId}, or zcv plan reject {planId}',
    },
    canary_stopped: {
      title:
        'The first [{records:number} ]records of plan {planId} did not stand as they were written; the rest waits',
      todo: 'Look at those records in Zoho, then: zcv plan approve {planId}, or zcv plan reject {planId}',
    },
    undone: {
      title: 'A run was taken back; nothing is written until a plan is approved',
      todo: 'Look at the next plan with zcv plan --diff, then: zcv plan approve ID',
    },
    schema_drift: {
      title: 'Fields that we use changed in Zoho, and are not read or written: {fields}',
      todo: 'Run zcv doctor --connection {connection}: it says for each field what happened and how to mend it',
    },
    fields_full: {
      title: 'The org has no room for all our fields; not made: {left:number}[ ({fields})]',
      todo: 'Delete custom fields that nobody uses, then: zcv fields apply; or keep to fewer of ours: zcv fields apply --set essential, or --max COUNT',
    },
    unmatched_money: {
      title: '{percent:number} % of the money of won deals and invoices belongs to no customer',
      todo: 'Run zcv assess --connection {connection}: it lists them; give those deals an account or contact in Zoho',
    },
    currency_rate_missing: {
      title: 'Amounts in a foreign currency are left out because their rate is not known: {records:number}',
      todo: 'Set currency.rateDirection in scoring.yaml (zcv doctor shows a deal both ways), and rates in Zoho (Setup > Company Settings > Currencies)',
    },
    time_data_stopped: {
      title: 'Nobody has told working times since {since}; the cost to serve is incomplete',
      todo: 'Ask people to fill Minutes Spent again, or clear perHour in scoring.yaml if times are no longer kept',
    },
    model_worse: {
      title:
        'On past data the forecast was worse than a simple rule (off by {model:count} purchases a customer, the rule by {simple:count})',
      todo: 'Nothing is broken: treat expected profits with care; zcv explain shows what they rest on',
    },
    fields_edited: {
      title: 'People changed fields that we fill: {fields:number}',
      todo: 'zcv plan --diff lists them; what becomes of them is writeBack.onEdit in fields.yaml',
    },
    settings_broken: {
      title: 'The settings of {connection} cannot be used[: {name}]; the last good ones stay in force',
      todo: 'Mend them: zcv settings validate --connection {connection} names file and line',
    },
    update_pending: {
      title: 'The database and this version do not fit each other: {migrations}',
      todo: 'Start all servers and workers with the newest version',
    },
    backup_missing: {
      title: 'No backup has succeeded[ since {since}][: {why}]',
      todo: 'zcv backup shows what is wrong; look at BACKUP_DIR, its free space and its owner',
    },
    endpoint_disabled: {
      title: 'Events are no longer sent to endpoint {endpoint} ({why})',
      todo: 'Mend the receiver, then: zcv events enable {endpoint}; zcv events log shows what was lost and zcv events resend sends it again',
    },
    mail_failed: {
      title: 'Messages could not be sent: {messages:number}[ ({why})]',
      todo: 'Test the mail server with zcv mail test --to ADDRESS, and mend SMTP_URL or the address: zcv mail recipients',
    },
  },
  held: {
    undone: 'an earlier run was taken back',
    tier_changes: 'too many customers would change tier',
    profit_leaps: 'profits leap too far',
    new_tasks: 'too many new tasks',
    partial_sync: 'a module could not be read whole',
    credits: 'it costs more API credits than may be spent',
  },
  severity: { info: 'Note', warning: 'Warning', critical: 'Critical' },
  change: { opened: 'New', worsened: 'Worse', recovered: 'Over' },
  since: 'since {since}',
  look: 'More: {link}',
  stop: 'No more messages like this one: {link}',
  askToStop: 'To get no more messages like this one, ask whoever runs this service.',
};
