import type { Connection, PlanId, RunId } from '../domain.ts';
import { AppError, ConflictError, NotFoundError } from '../errors.ts';
import { requireWritable } from '../setup/may-write.ts';
import type { PlanHead } from '../store/plan-stores.ts';
import { allowanceOf } from './allowance.ts';
import { type ApplyParts, applyInParts, holdAfterCanary, type PartsResult } from './apply-parts.ts';
import { type HeldLine, type LineDeps, recordRun } from './line.ts';
import { requireCurrent } from './plan-age.ts';
import { noteRefusals, type ToldRow } from './refusals.ts';

export interface ApplySummary extends Omit<PartsResult, 'stopped' | 'rejected'> {
  /** With the value that Zoho refused, and what to do. */
  readonly rejected: readonly ToldRow[];
  readonly runId: RunId;
  readonly planId: PlanId;
  /** Changes of the plan that were not approved; the next one proposes them again. */
  readonly leftOut: number;
  readonly calls: number;
  readonly credits: number;
  /** What ended it before its last change; null when it came to its end. */
  readonly stopped: { readonly code: string; readonly message: string } | null;
}

/** A plan above its guards waits for a person; nothing was written. */
export class PlanHeldError extends ConflictError {
  readonly planId: PlanId;
  constructor(plan: PlanHead) {
    super(
      `plan ${plan.id} is held and needs approval: zcv plan approve ${plan.id}, or zcv plan reject ${plan.id}`,
    );
    this.planId = plan.id;
  }
}

async function planToApply(deps: LineDeps, connection: Connection, planId: PlanId | null): Promise<PlanHead> {
  const plan =
    planId === null ? await deps.store.plans.latest(connection.id) : await deps.store.plans.get(planId);
  if (!plan || plan.connection !== connection.id) {
    throw new NotFoundError(
      planId === null ? 'there is no plan yet; make one: zcv plan' : `there is no plan ${planId}`,
    );
  }
  if (plan.state === 'held') throw new PlanHeldError(plan);
  const isOpen = plan.state === 'open' || plan.state === 'approved' || plan.state === 'applying';
  // Applying an applied plan again is no error: it has nothing left to write.
  if (!isOpen && plan.state !== 'applied')
    throw new ConflictError(`plan ${plan.id} is ${plan.state}; make a new one: zcv plan`);
  await requireCurrent(deps, connection, plan);
  return plan;
}

/** Plan → Zoho. Throws what stopped it only after all that was written is stored. */
export async function runApply(
  deps: HeldLine,
  input: { connection: Connection; planId: PlanId | null } & ApplyParts,
): Promise<{ summary: ApplySummary; stopped: AppError | null }> {
  const { connection } = input;
  requireWritable(connection);
  const plan = await planToApply(deps, connection, input.planId);
  let stopped: AppError | null = null;
  const summary = await recordRun(deps, connection, 'apply', { planId: plan.id }, async (runId) => {
    const zoho = deps.zohoFor(connection);
    const before = zoho.usage();
    await deps.store.plans.setState(plan.id, 'applying');
    const { stopped: why, ...result } = await applyInParts(
      { ...deps, zoho },
      {
        connection,
        planId: plan.id,
        runId,
        onEdit: deps.settings.plan.onEdit,
        bulkTo: deps.bulkTo?.(connection) ?? null,
        allowance: await allowanceOf(deps, connection),
      },
      { parts: input, rules: deps.settings.plan.apply },
    );
    const after = zoho.usage();
    if (why && !(why.error instanceof AppError)) throw why.error;
    stopped = why ? (why.error as AppError) : null; // the line above threw everything else
    const { canary, remaining } = result;
    if (canary && !canary.passed)
      await holdAfterCanary(deps, connection, { planId: plan.id, canary, remaining });
    else if (!why && remaining === 0) await deps.store.plans.setState(plan.id, 'applied');
    const told = await noteRefusals(deps, connection, { runId, planId: plan.id, rejected: result.rejected });
    const summary: ApplySummary = {
      runId,
      planId: plan.id,
      ...result,
      leftOut: (await deps.store.plans.counts(plan.id)).leftOut,
      rejected: told,
      calls: after.calls - before.calls,
      credits: after.credits - before.credits,
      stopped: stopped ? { code: stopped.code, message: stopped.message } : null,
    };
    return { summary, isPartial: stopped !== null || result.remaining + result.rejected.length > 0 };
  });
  return { summary, stopped };
}
