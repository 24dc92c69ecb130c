import type { Connection } from '../domain.ts';
import { refusalPolicy } from '../plan/refusal-policy.ts';
import { listed, phrase } from '../texts/doctor-text.ts';
import { type Check, type DoctorDeps, finding, ok } from './check.ts';

/** What waits for a person, and what Zoho keeps refusing. */

export async function checkAlerts({ store }: DoctorDeps, connection: Connection): Promise<Check[]> {
  const alerts = await store.alerts.open(connection.id);
  if (alerts.length === 0) return [ok('alerts', 'alerts.none', {})];
  const names = { connection: connection.name, org: connection.org.name };
  return alerts.map(({ code: alert, params: about, openedAt }) => {
    const said = { alert, about, names, currency: connection.org.currency };
    return finding('alerts', 'warn', 'alerts.open', {
      at: openedAt.toISOString(),
      title: { ...said, part: 'title' },
      todo: { ...said, part: 'todo' },
    });
  });
}

const RECENT_DAYS = 30;

export async function checkRefusals({ store, clock }: DoctorDeps, connection: Connection): Promise<Check> {
  const since = new Date(clock.now().getTime() - RECENT_DAYS * 86_400_000);
  const counts = [...(await store.refusals.counts(connection.id, since))];
  if (counts.length === 0) return ok('refusals', 'refusals.none', {});
  const repairs = counts.map(([code]) =>
    phrase('refusal', { code, repair: { sentence: refusalPolicy(code).repair } }),
  );
  return finding('refusals', 'warn', 'refusals.some', {
    counts: listed(counts.map(([code, rows]) => `${code} ${rows}`)),
    repairs: listed(repairs, '; '),
  });
}
