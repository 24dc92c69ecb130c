import type { Selectable, Transaction } from 'kysely';
import { type AlertCode, isWorse, type Severity } from '../alerts.ts';
import type { Db } from '../db.ts';
import type { ConnectionId } from '../domain.ts';
import { forUpdate } from './dialect.ts';
import { appendEvents } from './out-events.ts';
import { fromJson, isUniqueViolation, toJson } from './rows.ts';
import type { Alert, AlertsStore, NewAlert } from './safety-stores.ts';
import type { Tables } from './tables.ts';

type Row = Selectable<Tables['alerts']>;
type Trx = Transaction<Tables>;

/**
 * State, not events: an alert is open while its cause lasts, however often the cause is seen. A change of state is told
 * by an event that is stored in the same transaction.
 */
export function alertsStore(db: Db): AlertsStore {
  const { kysely } = db;
  const inTransaction = <T>(work: (trx: Trx) => Promise<T>) => kysely.transaction().execute(work);
  const openRow = (trx: Trx, connection: ConnectionId, code: AlertCode) =>
    trx
      .selectFrom('alerts')
      .selectAll()
      .where('connection_id', '=', connection)
      .where('code', '=', code)
      .where('closed_at', 'is', null)
      .modifyEnd(forUpdate(db))
      .executeTakeFirst();
  const raise = (connection: ConnectionId, alert: NewAlert, at: Date) =>
    inTransaction(async (trx) => {
      const row = await openRow(trx, connection, alert.code);
      if (row) await seenAgain(trx, row, alert, at);
      else await tell(trx, await opened(trx, connection, alert, at), 'opened', at);
    });
  const list = async (connection: ConnectionId, limit: number | null): Promise<Alert[]> => {
    const all = kysely
      .selectFrom('alerts')
      .leftJoin('alert_mutes', (join) =>
        join
          .onRef('alert_mutes.connection_id', '=', 'alerts.connection_id')
          .onRef('alert_mutes.code', '=', 'alerts.code'),
      )
      .selectAll('alerts')
      .select('alert_mutes.muted_until')
      .where('alerts.connection_id', '=', connection);
    const rows =
      limit === null
        ? await all.where('alerts.closed_at', 'is', null).orderBy('alerts.id').execute()
        : await all.orderBy('alerts.id', 'desc').limit(limit).execute();
    return rows.map((row) => alertOf(row, row.muted_until));
  };
  return {
    async raise(connection, alert, at) {
      try {
        await raise(connection, alert, at);
      } catch (error) {
        // Another process has opened it at the same moment.
        if (!isUniqueViolation(error)) throw error;
        await raise(connection, alert, at);
      }
    },
    close: (connection, code, at, options) =>
      inTransaction(async (trx) => {
        const row = await openRow(trx, connection, code);
        if (!row) return false;
        const clearSince = row.clear_since ?? at;
        const isOver = at.getTime() - clearSince.getTime() >= (options?.afterMs ?? 0);
        await trx
          .updateTable('alerts')
          .set({ clear_since: clearSince, closed_at: isOver ? at : null })
          .where('id', '=', row.id)
          .execute();
        // Whoever was not told of it needs not hear that it is over.
        if (isOver && row.notified_at !== null) await tell(trx, { ...row, closed_at: at }, 'recovered', at);
        return true;
      }),
    open: (connection) => list(connection, null),
    list,
    tellUntold: (connection, at) =>
      inTransaction(async (trx) => {
        const rows = await trx
          .selectFrom('alerts')
          .selectAll()
          .where('connection_id', '=', connection)
          .where('closed_at', 'is', null)
          .where('clear_since', 'is', null)
          .where('notified_at', 'is', null)
          .modifyEnd(forUpdate(db))
          .execute();
        let told = 0;
        for (const row of rows) if (await tell(trx, row, 'opened', at)) told += 1;
        return told;
      }),
    async acknowledge(connection, code, by, at) {
      const { numUpdatedRows } = await kysely
        .updateTable('alerts')
        .set({ acknowledged_at: at, acknowledged_by: by })
        .where('connection_id', '=', connection)
        .where('code', '=', code)
        .where('closed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    mute: (connection, code, mute) =>
      inTransaction(async (trx) => {
        await trx
          .deleteFrom('alert_mutes')
          .where('connection_id', '=', connection)
          .where('code', '=', code)
          .execute();
        if (mute === null) return;
        await trx
          .insertInto('alert_mutes')
          .values({ connection_id: connection, code, muted_until: mute.until, muted_by: mute.by })
          .execute();
      }),
    async mutes(connection) {
      const rows = await kysely
        .selectFrom('alert_mutes')
        .selectAll()
        .where('connection_id', '=', connection)
        .orderBy('code')
        .execute();
      return rows.map(({ code, muted_until: until, muted_by: by }) => ({
        code: code as AlertCode, // written from one
        until,
        by,
      }));
    },
  };
}

async function opened(trx: Trx, connection: ConnectionId, alert: NewAlert, at: Date): Promise<Row> {
  const { code, severity, message, params, grade = 0 } = alert;
  const told = { connection_id: connection, code, severity, message, params: toJson(params), grade };
  return trx
    .insertInto('alerts')
    .values({
      ...told,
      opened_at: at,
      closed_at: null,
      seen_at: at,
      notified_at: null,
      clear_since: null,
      acknowledged_at: null,
      acknowledged_by: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function seenAgain(trx: Trx, row: Row, alert: NewAlert, at: Date): Promise<void> {
  const known = row.severity as Severity; // written from one
  const { grade = 0 } = alert;
  const isMoreSevere = isWorse(alert.severity, known);
  // Never lowered while it is open: what comes and goes would be told as worse each time.
  const severity = isMoreSevere ? alert.severity : known;
  const values = {
    severity,
    grade: Math.max(grade, row.grade),
    message: alert.message,
    params: toJson(alert.params),
    occurrences: row.occurrences + 1,
    seen_at: at,
    clear_since: null,
  };
  await trx.updateTable('alerts').set(values).where('id', '=', row.id).execute();
  const isTold = row.notified_at !== null;
  if (!isTold || isMoreSevere || grade > row.grade)
    await tell(trx, { ...row, ...values }, isTold ? 'worsened' : 'opened', at);
}

/** False: people want to hear nothing of it for now. */
async function tell(
  trx: Trx,
  row: Row,
  change: 'opened' | 'worsened' | 'recovered',
  at: Date,
): Promise<boolean> {
  const mute = await trx
    .selectFrom('alert_mutes')
    .select('muted_until')
    .where('connection_id', '=', row.connection_id)
    .where('code', '=', row.code)
    .where('muted_until', '>', at)
    .executeTakeFirst();
  if (mute) return false;
  await trx.updateTable('alerts').set({ notified_at: at }).where('id', '=', row.id).execute();
  const data = {
    connection: row.connection_id,
    alert: {
      id: String(row.id),
      code: row.code,
      severity: row.severity,
      openedAt: row.opened_at.toISOString(),
      recoveredAt: row.closed_at?.toISOString() ?? null,
      params: fromJson<unknown>(row.params),
    },
  };
  await appendEvents(trx, row.connection_id, [{ type: `alert.${change}`, recordId: null, data }], at);
  return true;
}

function alertOf(row: Row, mutedUntil: Date | null): Alert {
  const { acknowledged_at: at, acknowledged_by: by } = row;
  return {
    // The casts: both are written from an Alert only.
    code: row.code as Alert['code'],
    severity: row.severity as Alert['severity'],
    message: row.message,
    params: fromJson(row.params),
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    occurrences: row.occurrences,
    notifiedAt: row.notified_at,
    clearSince: row.clear_since,
    acknowledged: at === null || by === null ? null : { by, at },
    mutedUntil,
  };
}
