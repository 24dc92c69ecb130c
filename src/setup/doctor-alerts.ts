import type { Connection } from '../domain.ts';
import { refusalPolicy } from '../plan/refusal-policy.ts';
import { alertText } from '../texts/alerts.ts';
import { type Check, type DoctorDeps, ok } from './check.ts';

/** What waits for a person, and what Zoho keeps refusing. */

export async function checkAlerts({ store }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const alerts = await store.alerts.open(connection.id);
  if (alerts.length === 0) return [ok('alerts', 'Nothing waits for you')];
  const names = { connection: connection.name, org: connection.org.name };
  const format = { language: 'en', currency: connection.org.currency } as const;
  return alerts.map((alert) => {
    const { title, todo } = alertText(alert, names, format);
    const message = `Since ${alert.openedAt.toISOString()}: ${title}`;
    return { id: 'alerts', status: 'warn', message, repair: todo };
  });
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
