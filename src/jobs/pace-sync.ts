import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { editSchedule } from './schedule-edit.ts';

/** Where Zoho cannot notify us, changes are looked for more often. */

export interface PaceDeps {
  readonly store: Pick<Store, 'schedules'> & {
    readonly leases: Pick<Store['leases'], 'acquire' | 'release'>;
  };
  readonly clock: Clock;
  readonly log: Log;
}

// What a new connection is given, now and by earlier versions; any other expression was set by a person, or here.
const USUAL = ['every 1 hour', 'every 60 minutes'] as const;

/** A schedule that a person has edited stays as it is. */
export async function paceSync(
  deps: PaceDeps,
  connection: Connection,
  { isPolling, minutes }: { readonly isPolling: boolean; readonly minutes: number },
): Promise<void> {
  const polling = `every ${minutes} minutes`;
  const rows = await deps.store.schedules.of(connection.id);
  const row = rows.find(({ job }) => job === 'sync-incremental');
  const isUsual = USUAL.some((expr) => expr === row?.expr);
  if (!row || isPolling !== isUsual || (!isUsual && row.expr !== polling)) return;
  const expr = isPolling ? polling : USUAL[0];
  if (row.expr === expr) return;
  await editSchedule(deps, connection, row.job, { expr, spreadMinutes: row.spreadMinutes });
  deps.log.info({ expr, isPolling }, 'the sync runs at another pace');
}
