import type { Clock } from '../clock.ts';
import type { Connection } from '../domain.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { editSchedule } from './schedule.ts';

/** Where Zoho cannot notify us, changes are looked for more often. */

export interface PaceDeps {
  readonly store: Pick<Store, 'schedules'> & {
    readonly leases: Pick<Store['leases'], 'acquire' | 'release'>;
  };
  readonly clock: Clock;
  readonly log: Log;
}

// What a new connection is given; any other expression was set by a person, or here, and the former is left alone.
const USUAL = 'every 60 minutes';

/** A schedule that a person has edited stays as it is. */
export async function paceSync(
  deps: PaceDeps,
  connection: Connection,
  { isPolling, minutes }: { readonly isPolling: boolean; readonly minutes: number },
): Promise<void> {
  const polling = `every ${minutes} minutes`;
  const rows = await deps.store.schedules.of(connection.id);
  const row = rows.find(({ job }) => job === 'sync-incremental');
  const wanted = isPolling ? polling : USUAL;
  if (!row || row.expr === wanted || (row.expr !== USUAL && row.expr !== polling)) return;
  await editSchedule(deps, connection, 'sync-incremental', { expr: wanted });
  deps.log.info({ expr: wanted, isPolling }, 'the sync runs at another pace');
}
