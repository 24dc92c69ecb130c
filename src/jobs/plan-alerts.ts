import type { HoldReason, PlanState } from '../changes.ts';
import type { Connection, PlanId } from '../domain.ts';
import type { LineDeps } from './line.ts';

/** The alerts about plans that wait for a person: opened with the hold, closed by the decision. */

type Deps = Pick<LineDeps, 'clock' | 'log'> & { readonly store: Pick<LineDeps['store'], 'alerts'> };

/** A run was taken back and no plan was approved since. */
export async function isUndone({ store }: Deps, connection: Connection): Promise<boolean> {
  return (await store.alerts.open(connection.id)).some(({ code }) => code === 'undone');
}

export async function tellOfHold(
  { store, clock, log }: Deps,
  connection: Connection,
  plan: { planId: PlanId; held: HoldReason | null; isNarrow: boolean },
): Promise<void> {
  const { planId, held } = plan;
  if (held) {
    log.warn({ planId, reason: held.reason, params: held.params }, 'plan is held until it is approved');
    await store.alerts.raise(
      connection.id,
      {
        code: 'plan_held',
        severity: 'critical',
        message: `Plan ${planId} is held: ${held.message}`,
        params: { planId, reason: held.reason, ...held.params },
      },
      clock.now(),
    );
    return;
  }
  // A plan of some customers takes nothing away from the one that waits.
  if (!plan.isNarrow) await store.alerts.close(connection.id, 'plan_held', clock.now());
}

/** Approving says that what was undone may be written again. */
export async function closeDecided(
  { store, clock }: Omit<Deps, 'log'>,
  connection: Connection,
  state: PlanState,
): Promise<void> {
  const codes =
    state === 'approved'
      ? (['plan_held', 'canary_stopped', 'undone'] as const)
      : (['plan_held', 'canary_stopped'] as const);
  for (const code of codes) await store.alerts.close(connection.id, code, clock.now());
}
