import type { AlertCode, AlertParams, AlertRules, Severity } from '../alerts.ts';
import type { Connection } from '../domain.ts';

/** Which states are worth telling. Pure: facts in, a verdict for each kind of alert out. */

export interface Verdict {
  readonly code: AlertCode;
  /** unclear: neither opens nor closes one. */
  readonly state: 'bad' | 'good' | 'unclear';
  readonly severity: Severity;
  readonly params: AlertParams;
  readonly grade: number;
  /** Its end is told as soon as it is seen: it does not come and go. */
  readonly endsAtOnce: boolean;
}

type Found = Partial<Pick<Verdict, 'severity' | 'params' | 'grade' | 'endsAtOnce'>>;
const bad = (code: AlertCode, severity: Severity, found: Found = {}): Verdict => ({
  ...{ code, state: 'bad', severity, params: {}, grade: 0, endsAtOnce: false },
  ...found,
});
const good = (code: AlertCode, endsAtOnce = false): Verdict => ({
  ...{ code, state: 'good', severity: 'info', params: {}, grade: 0, endsAtOnce },
});
const unclear = (code: AlertCode): Verdict => ({ ...good(code), state: 'unclear' });

/** Between the limit and what is good again nothing changes. */
function limited(
  code: AlertCode,
  value: { readonly value: number; readonly limit: number },
  rules: Pick<AlertRules, 'recoverPercent'>,
  found: () => Verdict,
): Verdict {
  if (value.value >= value.limit) return found();
  return value.value < (value.limit * rules.recoverPercent) / 100 ? good(code) : unclear(code);
}

const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What a look every few minutes reads. */
export interface AlertFacts {
  readonly now: Date;
  readonly connection: Pick<Connection, 'state' | 'userId'>;
  readonly users: readonly { readonly id: string; readonly name: string; readonly active: boolean }[];
  /** Null: nothing is scheduled, or it is too early to tell. */
  readonly runs: { readonly lastGoodAt: Date; readonly missed: number } | null;
  /** Null: there are no notifications, and none are wanted. */
  readonly channelEndsAt: Date | null;
  readonly credits: {
    readonly spent: number;
    readonly ceiling: number;
    /** In 24 hours, at the pace of the last hours. */
    readonly forecast: number;
    readonly parkedUntil: Date | null;
  } | null;
  readonly lastApply: {
    readonly run: string;
    readonly written: number;
    readonly rejected: Readonly<Record<string, number>>;
  } | null;
  /** Fields that were good once, by "module.field". */
  readonly drifted: readonly string[];
  /** Records whose amount is withheld; null: not scored yet. */
  readonly withheld: number | null;
  readonly editedFields: number | null;
  readonly migrations: readonly string[];
  /** Null: none are wanted. */
  readonly backup: {
    /** Of the newest that succeeded. */
    readonly at: Date | null;
    /** Why the newest attempt failed; null: it did not. */
    readonly failed: string | null;
  } | null;
}

export function judgeAlerts(facts: AlertFacts, rules: AlertRules): Verdict[] {
  return [
    connectionLost(facts),
    ownerLeft(facts),
    noGoodRun(facts, rules),
    channelExpiring(facts, rules),
    creditsLow(facts, rules),
    writesRefused(facts, rules),
    facts.drifted.length === 0
      ? good('schema_drift')
      : bad('schema_drift', 'warning', { params: { fields: facts.drifted }, grade: facts.drifted.length }),
    facts.withheld === null
      ? unclear('currency_rate_missing')
      : facts.withheld === 0
        ? good('currency_rate_missing')
        : bad('currency_rate_missing', 'warning', { params: { records: facts.withheld } }),
    facts.editedFields === null
      ? unclear('fields_edited')
      : facts.editedFields === 0
        ? good('fields_edited')
        : bad('fields_edited', 'info', { params: { fields: facts.editedFields } }),
    facts.migrations.length === 0
      ? good('update_pending', true)
      : bad('update_pending', 'info', { params: { migrations: facts.migrations } }),
    backupMissing(facts),
  ];
}

/** The schedule makes one a night: two that are missing are no accident. */
const OLD_BACKUP_MS = 50 * 3_600_000;

function backupMissing({ now, backup }: AlertFacts): Verdict {
  if (backup === null) return good('backup_missing', true);
  const { at, failed } = backup;
  const isOld = at !== null && now.getTime() - at.getTime() > OLD_BACKUP_MS;
  if (failed === null && !isOld) return good('backup_missing', true);
  return bad('backup_missing', 'warning', {
    params: { since: at === null ? null : minute(at), why: failed },
  });
}

function connectionLost({ connection }: AlertFacts): Verdict {
  return connection.state === 'reconnect_needed'
    ? bad('connection_lost', 'critical')
    : good('connection_lost', true);
}

function ownerLeft({ connection, users }: AlertFacts): Verdict {
  const owner = users.find(({ id }) => id === connection.userId);
  if (!owner) return unclear('owner_left');
  return owner.active
    ? good('owner_left', true)
    : bad('owner_left', 'critical', { params: { user: owner.id } });
}

function noGoodRun({ runs }: AlertFacts, { missedRuns }: AlertRules): Verdict {
  if (runs === null) return unclear('no_good_run');
  if (runs.missed === 0) return good('no_good_run', true);
  if (runs.missed < missedRuns) return unclear('no_good_run');
  return bad('no_good_run', 'critical', {
    params: { since: minute(runs.lastGoodAt), missed: runs.missed },
  });
}

function channelExpiring({ now, channelEndsAt }: AlertFacts, { channelHours }: AlertRules): Verdict {
  if (channelEndsAt === null) return good('channel_expiring');
  const leftMs = channelEndsAt.getTime() - now.getTime();
  if (leftMs >= channelHours * 3_600_000) return good('channel_expiring', true);
  const at = minute(channelEndsAt);
  return leftMs > 0
    ? bad('channel_expiring', 'warning', { params: { ends: at } })
    : bad('channel_expiring', 'critical', { params: { ended: at } });
}

function creditsLow({ credits }: AlertFacts, rules: AlertRules): Verdict {
  if (credits === null) return unclear('credits_low');
  const { spent, ceiling, forecast, parkedUntil } = credits;
  // A busy hour in the morning is no forecast of the day.
  const isFast = forecast > ceiling && spent * 2 >= ceiling;
  const params = {
    ...{ spent: Math.round(spent), ceiling },
    forecast: isFast ? Math.round(forecast) : null,
    until: parkedUntil === null ? null : minute(parkedUntil),
  };
  if (parkedUntil !== null || isFast) return bad('credits_low', 'warning', { params });
  return limited('credits_low', { value: spent, limit: (ceiling * rules.creditsPercent) / 100 }, rules, () =>
    bad('credits_low', 'warning', { params }),
  );
}

function writesRefused({ lastApply }: AlertFacts, rules: AlertRules): Verdict {
  if (lastApply === null) return unclear('writes_refused');
  const rejected = Object.values(lastApply.rejected).reduce((sum, rows) => sum + rows, 0);
  const tried = lastApply.written + rejected;
  if (tried < rules.refusedRows)
    return rejected === 0 && tried > 0 ? good('writes_refused') : unclear('writes_refused');
  const percent = Math.round((rejected / tried) * 1_000) / 10;
  const codes = Object.entries(lastApply.rejected)
    .sort(([, left], [, right]) => right - left)
    .map(([code, rows]) => `${code} ${rows}`);
  const params = { percent, rejected, tried, codes, run: lastApply.run };
  return limited('writes_refused', { value: percent, limit: rules.refusedPercent }, rules, () =>
    bad('writes_refused', 'warning', { params }),
  );
}

/** What a look once a night reads. */
export interface NightlyFacts {
  readonly money: { readonly all: number; readonly unmatched: number };
  /** Null: nobody wants working times. */
  readonly times: {
    readonly since: string;
    readonly before: { readonly timed: number };
    readonly after: { readonly all: number; readonly timed: number };
  } | null;
  /** Purchases a customer by which the forecast and the best simple rule were off; null: not tested. */
  readonly backtest: {
    readonly isBetter: boolean;
    readonly model: number;
    readonly simple: number;
  } | null;
}

// So few tell nothing of a habit.
const FEW_TIMES = 10;

export function judgeNightly({ money, times, backtest }: NightlyFacts, rules: AlertRules): Verdict[] {
  const percent = money.all <= 0 ? 0 : Math.round((money.unmatched / money.all) * 100);
  return [
    limited('unmatched_money', { value: percent, limit: rules.unmatchedPercent }, rules, () =>
      bad('unmatched_money', 'warning', { params: { percent } }),
    ),
    timeDataStopped(times),
    backtest === null
      ? unclear('model_worse')
      : backtest.isBetter
        ? good('model_worse')
        : bad('model_worse', 'info', { params: { model: backtest.model, simple: backtest.simple } }),
  ];
}

function timeDataStopped(times: NightlyFacts['times']): Verdict {
  if (times === null || times.after.timed > 0) return good('time_data_stopped');
  const hadHabit = times.before.timed >= FEW_TIMES && times.after.all >= FEW_TIMES;
  return hadHabit
    ? bad('time_data_stopped', 'info', { params: { since: times.since } })
    : unclear('time_data_stopped');
}
