import type { Connection, ModuleName, PlanId } from '../domain.ts';
import type { PlanRules } from '../rules.ts';
import { type ApplyResult, applyPlan } from '../writeback/apply-plan.ts';
import { type CanaryCheck, checkCanary } from '../writeback/canary.ts';
import type { ApplyInput, WritebackDeps } from '../writeback/types.ts';
import type { HeldLine } from './line.ts';

/** An apply in parts: without tasks, or the first records alone until they have proved good. */

export interface ApplyParts {
  /** Tasks stay in the plan; default: the setting. */
  readonly fieldsOnly?: boolean | undefined;
  /** Records that are written and read back before the rest; default: the setting. */
  readonly canary?: number | undefined;
}
interface LeftTask {
  readonly action: 'create' | 'update' | 'close';
  readonly module: ModuleName;
  readonly recordId: string;
  readonly name: string;
}
export interface PartsResult extends ApplyResult {
  /** Null: none was asked for, or the plan is no larger than it would be. */
  readonly canary: CanaryCheck | null;
  /** Reminders that stay in the plan, for `fieldsOnly`. */
  readonly tasksLeft: readonly LeftTask[];
}

export async function applyInParts(
  deps: WritebackDeps,
  input: ApplyInput,
  { parts, rules }: { parts: ApplyParts; rules: PlanRules['apply'] },
): Promise<PartsResult> {
  const whole = { ...input, fieldsOnly: parts.fieldsOnly ?? rules.fieldsOnly };
  const records = parts.canary ?? rules.canaryRecords;
  if (records > 0) {
    const before = deps.zoho.usage().credits;
    const first = await applyPlan(deps, { ...whole, firstRecords: records });
    const remaining = await pendingCount(deps, input.planId);
    if (first.stopped) return { ...first, remaining, canary: null, tasksLeft: [] };
    if (remaining > 0 || parts.canary !== undefined) {
      const canary = await checkCanary(deps, input, {
        rejected: first.rejected.length,
        maxRejected: rules.canaryMaxRejected,
      });
      if (!canary.passed) return { ...first, remaining, canary, tasksLeft: [] };
      const rest = await applyPlan(deps, afterSpending(whole, deps.zoho.usage().credits - before));
      return { ...sum(first, rest), canary, tasksLeft: await leftTasks(deps, whole) };
    }
    return { ...first, canary: null, tasksLeft: [] };
  }
  const result = await applyPlan(deps, whole);
  return { ...result, canary: null, tasksLeft: await leftTasks(deps, whole) };
}

/** The canary and its check were paid from today's allowance. */
function afterSpending(input: ApplyInput, credits: number): ApplyInput {
  const { allowance } = input;
  return allowance ? { ...input, allowance: { ...allowance, left: allowance.left - credits } } : input;
}

function sum(first: ApplyResult, rest: ApplyResult): ApplyResult {
  return {
    ...rest,
    written: first.written + rest.written,
    skipped: first.skipped + rest.skipped,
    rejected: [...first.rejected, ...rest.rejected],
    tasks: {
      created: first.tasks.created + rest.tasks.created,
      updated: first.tasks.updated + rest.tasks.updated,
      closed: first.tasks.closed + rest.tasks.closed,
    },
  };
}

const CHUNK = 500;

async function pendingCount({ store }: WritebackDeps, planId: PlanId): Promise<number> {
  const left = new Set<string>();
  for await (const items of store.plans.items(planId, CHUNK, 'pending'))
    for (const item of items)
      left.add(item.kind === 'field' ? `${item.change.module}.${item.change.recordId}` : `${item.seq}`);
  return left.size;
}

async function leftTasks({ store }: WritebackDeps, input: ApplyInput): Promise<LeftTask[]> {
  if (!input.fieldsOnly) return [];
  const left: LeftTask[] = [];
  for await (const items of store.plans.items(input.planId, CHUNK, 'pending'))
    for (const item of items) {
      if (item.kind !== 'task') continue;
      const { task } = item;
      const { customer } = task.kind === 'create' ? task.draft : task.reminder;
      const name = task.kind === 'close' ? task.reminder.subject : task.draft.name;
      left.push({ action: task.kind, module: customer.module, recordId: customer.id, name });
    }
  return left;
}

/** A canary that failed holds the rest of its plan, and says so until somebody decides. */
export async function holdAfterCanary(
  deps: HeldLine,
  connection: Connection,
  { planId, canary, remaining }: { planId: PlanId; canary: CanaryCheck; remaining: number },
): Promise<void> {
  await deps.store.plans.setState(planId, 'held');
  await deps.store.alerts.raise(
    connection.id,
    {
      code: 'canary_stopped',
      severity: 'critical',
      message: `The first ${canary.records} records of plan ${planId} did not come out as written (${canary.differing.length} values differ, ${canary.rejected} rejected); ${remaining} remain unwritten`,
      params: {
        ...{ planId, records: canary.records, remaining },
        ...{ differing: canary.differing.length, rejected: canary.rejected },
      },
    },
    deps.clock.now(),
  );
}
