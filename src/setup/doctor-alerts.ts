import type { Connection } from '../domain.ts';
import type { Check, DoctorDeps } from './check.ts';

/** What waits for a person, and what Zoho keeps refusing. */

export async function checkAlerts({ store }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const alerts = await store.alerts.open(connection.id);
  if (alerts.length === 0)
    return [{ id: 'alerts', status: 'ok', message: 'Nothing waits for you', repair: null }];
  return alerts.map(({ message, openedAt }) => ({
    id: 'alerts',
    status: 'warn',
    message: `Since ${openedAt.toISOString()}: ${message}`,
    repair: 'Look at it with zcv plan --diff, then: zcv plan approve ID, or zcv plan reject ID',
  }));
}
