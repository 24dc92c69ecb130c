/** Words of doctor's findings, by code. English here; other languages have files of their own. Brackets: as in fill-plain.ts. */

export const DOCTOR_EN = {
  findings: {
    'database.not_in_force': {
      message: '{why}',
      repair: 'Do what the message says (docs/backup.md); nothing runs until then',
    },
    'database.answers': { message: 'The database answers; connections: {connections}', repair: null },
    'backup.failed': {
      message: 'The last backup failed ({why}); {newest}',
      repair: 'Run zcv backup and read what it says; look at BACKUP_DIR, its free space and its owner',
    },
    'backup.old': {
      message: 'No backup for {days} days: {newest}',
      repair: 'Let zcv serve or a worker run: the job backup makes one every night (zcv schedule)',
    },
    'backup.nightly': { message: 'Backups are made every night; {newest}', repair: null },
    'backup.off': { message: 'No backup is made by itself (BACKUP_DIR); {newest}', repair: null },
    'config.broken': {
      message: 'The settings of this connection cannot be used: {problems}',
      repair:
        'Mend the named file, or take a stored version back: zcv settings rollback; nothing runs until then',
    },
    'config.currency': {
      message: 'The settings name amounts in {foreign}; the home currency of the org is {home}',
      repair: 'Write the amounts of scoring.yaml in {home}',
    },
    'config.valid': { message: 'Environment and settings are valid', repair: null },
    'connection.none': {
      message: 'No org is connected yet',
      repair: 'zcv connect --grant-code …, or zcv demo to look around without Zoho',
    },
    'zoho.unchecked': { message: 'Not checked: Zoho gave no access', repair: '{repair}' },
    'zoho.error': { message: '{error}', repair: '{repair}' },
    'token.good': { message: 'Zoho accepts the token of user {user}', repair: null },
    'clock.unknown': { message: 'Zoho sent no time to compare with', repair: null },
    'clock.agrees': { message: 'This clock and that of Zoho agree', repair: null },
    'clock.off': {
      message: 'This clock is {seconds} seconds away from that of Zoho',
      repair: 'Set the clock of this machine by NTP',
    },
    'scopes.granted': { message: 'All scopes are granted', repair: null },
    'scopes.missing': {
      message: 'Scopes not granted: {scopes}',
      repair:
        'Make a code with all scopes of docs/scopes.md, then: zcv connect --name {connection} --grant-code …',
    },
    'module.read': { message: '{module} can be read', repair: null },
    'module.essential': {
      message: '{module}: {problem}',
      repair: 'Let an administrator give the connected user this module, or connect as an administrator',
    },
    'module.optional': {
      message: '{module}: {problem}',
      repair: 'Scoring goes on without it; an administrator can give the connected user this module',
    },
    'history.off': { message: 'The history of stages is not read: stageHistory is off', repair: null },
    'history.read': {
      message: 'The history of stages tells when deals were won and lost',
      repair: null,
    },
    'history.unread': {
      message: 'The history of stages cannot be read ({problem}): closing dates stand for it',
      repair:
        'Let an administrator show the connected user {module}, or set stageHistory: off in fields.yaml',
    },
    'fields.none': {
      message: 'None of our fields are set up in the org',
      repair: 'zcv fields apply --yes',
    },
    'fields.gone': {
      message: 'Fields that were removed in Zoho: {fields}; they are left out, the others are written',
      repair: 'zcv fields apply --yes',
    },
    'fields.all': { message: 'All {count} fields of ours are there', repair: null },
    'fields.lacking': {
      message: 'Not set up: {fields}; the other {count} fields are written',
      repair: 'zcv fields apply --yes',
    },
    'fields.full': {
      message:
        'Not set up: {fields}; the other {count} fields are written. {modules} has used up the {limit} custom fields of the edition',
      repair: 'Delete custom fields that nobody uses in Zoho, then: zcv fields apply --yes',
    },
    'costs.no_field': {
      message: 'Deals has no field {fields}, which mapping.deals of fields.yaml names; the rest goes on',
      repair: 'Correct mapping.deals in fields.yaml',
    },
    'costs.read': { message: 'Costs of deals are read from {field}', repair: null },
    'margin.set': { message: 'No deal says its cost: a margin of {percent} % is taken', repair: null },
    'margin.default': {
      message: 'No deal says its cost: a margin of {percent} % is taken, a default that nobody has confirmed',
      repair: 'Set money.defaultMarginPercent in scoring.yaml, or map the cost in fields.yaml',
    },
    'margin.default_rest': {
      message:
        'Deals without a value in {field} do not say their cost: a margin of {percent} % is taken, a default that nobody has confirmed',
      repair: 'Set money.defaultMarginPercent in scoring.yaml, or map the cost in fields.yaml',
    },
    'currency.home': { message: 'All amounts are in {home}', repair: null },
    'currency.known': {
      message: 'Foreign amounts: {direction} by the exchange rate of the deal',
      repair: null,
    },
    'currency.none': {
      message: 'The org has several currencies, and no deal in another than {home}',
      repair: null,
    },
    'currency.withheld': {
      message:
        'Foreign amounts are withheld: it is not known how the exchange rate applies. "{name}", {amount} {currency} at {rate}, would be divide: {divided} {home} or multiply: {multiplied} {home}',
      repair: 'Set currency.rateDirection in scoring.yaml to the way that gives the right amount',
    },
    'mappings.read': { message: 'Every field that is mapped can be read', repair: null },
    'mappings.paused': {
      message:
        '{module}.{field} is paused[ since {since}] ({reason}): what was read of it stays, the rest goes on',
      repair: 'In Zoho or in fields.yaml: {repair}; the next sync takes it up again',
    },
    'set_aside.none': { message: 'Every record that Zoho gave could be read', repair: null },
    'set_aside.some': {
      message: 'Records set aside because a value cannot be read: {records}[ and {more} more]',
      repair: 'Mend these values in Zoho; the next sync reads the records again',
    },
    'purchases.deals': {
      message: 'Purchases are won deals, and nothing imported counts twice',
      repair: null,
    },
    'purchases.twice': {
      message:
        'Imported invoices without deal_id stand beside won deals: {sums}; the same business may count twice',
      repair:
        'Fill deal_id in the file, or set purchase.from: imports in scoring.yaml, so that deals are no purchases (docs/imports.md)',
    },
    'purchases.imports': { message: 'Purchases are imported documents; files: {files}', repair: null },
    'purchases.no_imports': {
      message: 'Purchases are imported documents, and none was imported: no customer has a purchase',
      repair: 'zcv purchases import FILE, or set purchase.from: deals in scoring.yaml',
    },
    'purchases.crm': { message: 'Purchases are the {documents} of the CRM', repair: null },
    'purchases.crm_and_imports': {
      message:
        'Purchases are the {documents} of the CRM, and imported documents count beside them (files: {files})',
      repair: 'Remove what the CRM holds too (zcv purchases list), or set purchase.from: imports',
    },
    'options.known': { message: 'Options that the settings name are options of the org', repair: null },
    'options.unknown': {
      message: '{named}',
      repair: 'Name them in scoring.yaml as the org shows them, e.g. {options}',
    },
    'owners.nobody': { message: 'Rules of the playbook name nobody by e-mail address', repair: null },
    'owners.unread': {
      message: 'Users of the org are not read yet; zcv sync reads them',
      repair: null,
    },
    'owners.active': { message: 'Whom rules of the playbook name is an active user', repair: null },
    'owners.wrong': {
      message: '{wrong}',
      repair:
        'Name an active user of the CRM in playbook.yaml; whoever was added or activated just now is known after zcv sync',
    },
    'channels.none': {
      message: 'No PUBLIC_URL, so Zoho cannot notify us: changes are found by polling',
      repair: null,
    },
    'channels.not_yet': {
      message: 'Zoho notifies us of nothing yet: changes are found by polling',
      repair: 'Let zcv serve run with PUBLIC_URL; it opens the channel',
    },
    'channels.refused': {
      message: '{module} is found by polling: {why}',
      repair: 'Let the connected user see {module}, or take it out of notifications.modules in fields.yaml',
    },
    'channels.unheard': {
      message: 'Channel {channel} for {events} had not told of {changes} changes that syncs found',
      repair: 'zcv channels test says what is wrong',
    },
    'channels.alive': {
      message: 'Channel {channel} for {events} lives until {until}, last heard: {heard}',
      repair: null,
    },
    'channels.ended': {
      message: 'Channel {channel} for {events} ended at {until}',
      repair: 'Let zcv serve run: it opens the channel again and reads what was missed',
    },
    'credits.enough': { message: '{account}', repair: null },
    'credits.scarce': {
      message: '{account}',
      repair:
        'Credits come back 24 hours after they were spent; or raise credits.ceilingPercent in fields.yaml',
    },
    'credits.parked': {
      message: '{account}. No calls before {until}: {why}',
      repair: 'Wait; work goes on by itself at that time. Or raise credits.ceilingPercent in fields.yaml',
    },
    'credits.parked_by_zoho': {
      message: '{account}. No calls before {until}: {why}',
      repair:
        'Wait; work goes on by itself at that time. Look in Zoho, Setup > Developer Hub > APIs & SDKs, for who spends the credits',
    },
    'jobs.fine': { message: 'No job failed for good', repair: null },
    'jobs.dead': {
      message: '{count} jobs failed for good; the last, {job}: {error}',
      repair:
        'zcv jobs dead lists them; when the cause is mended: zcv jobs retry --all, or with --delete to forget them',
    },
    'workers.alive': {
      message: '{count} processes run jobs, last heard of at {at}; due: {due}',
      repair: null,
    },
    'workers.idle': { message: 'No process runs jobs now, and no job is due', repair: null },
    'workers.none': {
      message: '{due} jobs are due and no process runs them',
      repair: 'Start zcv serve; beside zcv serve --no-jobs, start zcv worker',
    },
    'mail.off': { message: 'No mail is sent: SMTP_URL is not set', repair: null },
    'mail.no_server': {
      message: '{recipients} recipients are named, and no mail server: nothing is sent',
      repair: 'Set SMTP_URL',
    },
    'mail.unsent': { message: 'Mails cannot be sent ({problem})', repair: '{repair}' },
    'mail.heard': {
      message: 'The mail server takes our log-in; recipients: {recipients}',
      repair: null,
    },
    'mail.unheard': {
      message: 'The mail server takes our log-in, and nobody is told of alerts',
      repair: 'zcv mail recipients add ADDRESS --connection {connection}',
    },
    'alerts.none': { message: 'Nothing waits for you', repair: null },
    'alerts.open': { message: 'Since {at}: {title}', repair: '{todo}' },
    'refusals.none': { message: 'Zoho refuses nothing of what we write', repair: null },
    'refusals.some': {
      message: 'Zoho refused and has not taken since: {counts}',
      repair: '{repairs}',
    },
  },
  phrases: {
    and: ' and ',
    newest_backup: 'the newest, {file}, is of {at}',
    no_backup: 'no backup was made yet',
    reconnect_with_scopes: 'Connect again with all scopes of docs/scopes.md',
    reconnect: 'Connect again: zcv connect --grant-code …, with a new code of the API console',
    wait_until: 'Wait until {at}',
    try_again: 'Try again in some minutes',
    read_message: 'Read the message; docs name the code of Zoho',
    scope: '{scope} ({breaks})',
    scope_needed: '{scope} (needed)',
    paused_ours: 'ours',
    paused_missing: 'missing',
    paused_removed: 'removed',
    paused_renamed: 'renamed',
    paused_retyped: 'retyped',
    paused_hidden: 'hidden',
    paused_refused: 'refused',
    paused_option_gone: 'option_gone',
    unread_record: '{module} {id} ({reason})',
    imported: '{amount} {currency} in {lines} lines',
    invoices: 'invoices',
    orders: 'orders',
    unknown_option: '{setting}: "{word}" is no option of the org[; did you mean {near}?]',
    no_owner: '{setting}: {email} is no user of the org, its tasks go to the owner of the record',
    inactive_owner:
      '{setting}: {email} is no active user of the org, its tasks go to the owner of the record',
    no_escalation: '{setting}: {email} is no user of the org, its tasks stay with their owner',
    inactive_escalation: '{setting}: {email} is no active user of the org, its tasks stay with their owner',
    not_heard: 'not yet',
    credit_account:
      '{spent} of {ceiling} credits spent in the last 24 hours ({percent} % of what the edition {edition} has)[; Zoho said at {at}: {left} left]',
    or_more: '{count} or more',
    no_reason: 'no reason known',
    mail_no_sender: 'Name a sender in notify.yaml, mail.from, e.g. Customer Value <value@firm.test>',
    mail_log_in: 'The mail server refuses the log-in: mend user and password in SMTP_URL',
    mail_name: 'The name of the mail server is not known: mend SMTP_URL',
    mail_encryption:
      'The mail server offers no encryption that we take: use its port for STARTTLS (587) or smtps:// (465)',
    mail_unreached: 'See that SMTP_URL names the right server and port, and that this machine may reach it',
    refusal: '{code}: {repair}',
  },
} as const;

type Findings = (typeof DOCTOR_EN)['findings'];
type Phrases = (typeof DOCTOR_EN)['phrases'];
export type FindingCode = keyof Findings;
export type PhraseCode = keyof Phrases;

/** The names in braces. */
type Names<T> = T extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
export type FindingNames<C extends FindingCode> = Names<Findings[C]['message'] | Findings[C]['repair']>;
export type PhraseNames<C extends PhraseCode> = Names<Phrases[C]>;

/** The same in another language. */
export interface DoctorWords {
  readonly findings: {
    readonly [C in FindingCode]: {
      readonly message: string;
      readonly repair: Findings[C]['repair'] extends null ? null : string;
    };
  };
  readonly phrases: { readonly [C in PhraseCode]: string };
}
