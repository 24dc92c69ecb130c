import type { Connection } from '../domain.ts';
import { ConflictError } from '../errors.ts';
import type { PlanHead } from '../store/plan-stores.ts';
import type { LineDeps } from './line.ts';

const DAY_MS = 86_400_000;

/**
 * A plan rests on the scores of its day. Once another day was scored, or after `writeBack.planDays`, it is not written
 * any more: it would put old values over new ones. Throws ConflictError; the plan is expired from then on.
 */
export async function requireCurrent(
  deps: Pick<LineDeps, 'clock' | 'settings'> & {
    readonly store: Pick<LineDeps['store'], 'plans' | 'baselines'>;
  },
  connection: Connection,
  plan: PlanHead,
): Promise<void> {
  // What was applied to its end has nothing left to write, however old it is.
  if (plan.state === 'applied') return;
  const { planDays } = deps.settings.writeBack;
  const ageMs = deps.clock.now().getTime() - plan.createdAt.getTime();
  const scored = await deps.store.baselines.asOf(connection.id);
  const why =
    ageMs > planDays * DAY_MS
      ? `is older than ${planDays} days (writeBack.planDays)`
      : scored !== null && scored > plan.asOf
        ? `rests on the scores of ${plan.asOf}, and ${scored} was scored since`
        : null;
  if (why === null) return;
  await deps.store.plans.setState(plan.id, 'expired');
  throw new ConflictError(`plan ${plan.id} ${why}; nothing was written. Make a new one: zcv plan`);
}
