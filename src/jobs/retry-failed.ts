import type { Connection, CustomerKey, RecordId, RunId } from '../domain.ts';
import { type AppError, NotFoundError } from '../errors.ts';
import { refusalPolicy } from '../plan/refusal-policy.ts';
import { requireWritable } from '../setup/may-write.ts';
import type { Refusal } from '../store/safety-stores.ts';
import type { HeldLine } from './line.ts';
import { type ApplySummary, runApply } from './run-apply.ts';
import { type PlanSummary, runPlan } from './run-plan.ts';

export interface FailedRow
  extends Pick<Refusal, 'module' | 'recordId' | 'field' | 'code' | 'message' | 'attempts'> {
  readonly value: Refusal['attempted'];
  readonly repair: string;
}
export interface RetryResult {
  /** The run whose refusals are tried again. */
  readonly retried: RunId;
  readonly failed: readonly FailedRow[];
  readonly plan: PlanSummary | null;
  readonly apply: ApplySummary | null;
}

/** What of a run is still refused. */
export async function failedOf(
  deps: Pick<HeldLine, 'store'>,
  connection: Connection,
  runId: RunId,
): Promise<readonly FailedRow[]> {
  return (await refusedIn(deps, connection, runId)).map(toldOf);
}

async function refusedIn(
  deps: Pick<HeldLine, 'store'>,
  connection: Connection,
  runId: RunId,
): Promise<readonly Refusal[]> {
  const run = await deps.store.runs.get(runId);
  if (run?.connection !== connection.id || run.kind !== 'apply')
    throw new NotFoundError(
      `${connection.name} has no apply run ${runId}; apply prints the number of its run`,
    );
  return deps.store.refusals.ofRun(connection.id, runId);
}

function toldOf(row: Refusal): FailedRow {
  const { module, recordId, field, code, message, attempts, attempted } = row;
  return {
    ...{ module, recordId, field, code, message, attempts },
    value: attempted,
    repair: refusalPolicy(code).repair,
  };
}

/**
 * Tries again what Zoho refused in a run, with the values of today: the customers concerned are planned anew and
 * written. Guards and mode hold as ever; what is refused once more is told as by any apply.
 */
export async function retryFailed(
  deps: HeldLine,
  connection: Connection,
  runId: RunId,
): Promise<{ result: RetryResult; stopped: AppError | null }> {
  requireWritable(connection);
  const rows = await refusedIn(deps, connection, runId);
  const none = { retried: runId, failed: rows.map(toldOf), plan: null, apply: null };
  if (rows.length === 0) return { result: none, stopped: null };
  await deps.store.refusals.save(
    connection.id,
    rows.map((row) => ({ ...row, attempts: 0 })),
  );
  const customers = new Map<RecordId, CustomerKey>();
  const leads = new Set<RecordId>();
  for (const { customer } of rows) {
    if (customer.module === 'Leads') leads.add(customer.id);
    else customers.set(customer.id, { module: customer.module, id: customer.id });
  }
  const plan = await runPlan(deps, {
    connection,
    isPartial: false,
    only: [...customers.values()],
    leads: [...leads],
    creditsLeft: await deps.creditsLeft(connection),
  });
  if (plan.held) return { result: { ...none, plan }, stopped: null };
  const { summary, stopped } = await runApply(deps, { connection, planId: plan.planId });
  return { result: { ...none, plan, apply: summary }, stopped };
}
