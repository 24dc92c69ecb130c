import type { Connection } from '../domain.ts';
import { refusalPolicy } from '../plan/refusal-policy.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** What waits for a person, and what Zoho keeps refusing. */

export async function checkAlerts({ store }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const alerts = await store.alerts.open(connection.id);
  if (alerts.length === 0) return [ok('alerts', 'Nothing waits for you')];
  return alerts.map(({ message, openedAt }) => ({
    id: 'alerts',
    status: 'warn',
    message: `Since ${openedAt.toISOString()}: ${message}`,
    repair: 'Look at it with zcv plan --diff, then: zcv plan approve ID, or zcv plan reject ID',
  }));
}

const RECENT_DAYS = 30;

export async function checkRefusals({ store, clock }: DoctorDeps, connection: Connection): Promise<Check> {
  const since = new Date(clock.now().getTime() - RECENT_DAYS * 86_400_000);
  const counts = [...(await store.refusals.counts(connection.id, since))];
  if (counts.length === 0) return ok('refusals', 'Zoho refuses nothing of what we write');
  return {
    id: 'refusals',
    status: 'warn',
    message: `Zoho refused and has not taken since: ${counts.map(([code, rows]) => `${code} ${rows}`).join(', ')}`,
    repair: counts.map(([code]) => `${code}: ${refusalPolicy(code).repair}`).join('; '),
  };
}
