import type { Instalments } from '../changes.ts';
import { dayOf } from '../clock.ts';
import { type AppError, NotFoundError } from '../errors.ts';
import { instalmentsOf } from '../plan/instalments.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import { planPrice, RECORDS_PER_WRITE, tasksPrice } from '../plan/price.ts';
import { applyFields } from './apply-fields.ts';
import { closeTasks, updateTasks } from './change-tasks.ts';
import { createTasks } from './create-tasks.ts';
import { pendingCounts } from './pending-counts.ts';
import { countPending, tasksInOrder } from './plan-order.ts';
import { stopOrThrow } from './send-batch.ts';
import { settleWrites } from './settle-bulk.ts';
import { taskWordsOf } from './task-rows.ts';
import { type ApplyInput, type Applying, type ApplyResult, emptyTally, type WritebackDeps } from './types.ts';

export type { ApplyResult } from './types.ts';

/**
 * Plan → Zoho. First what an earlier apply left open is settled; then fields, best customers first; then tasks.
 * Whatever Zoho refuses as a whole (credits, sign-in, outage) ends it in good order: what is done stands, the rest
 * stays in the plan, and the error comes back in `stopped`.
 */
export async function applyPlan(deps: WritebackDeps, input: ApplyInput): Promise<ApplyResult> {
  const plan = await deps.store.plans.get(input.planId);
  if (!plan) throw new NotFoundError(`there is no plan ${input.planId}`);
  const applying: Applying = {
    deps,
    input,
    asOf: plan.asOf,
    mapped: indexMapped(await deps.store.fieldMap.writable(input.connection.id)),
    words: await taskWordsOf(deps.store, input.connection.id),
    tally: emptyTally(),
  };
  const { stop, isCut, instalments } = await apply(applying);
  return {
    ...applying.tally,
    remaining: stop || isCut ? await countPending(applying) : 0,
    instalments: isCut ? instalments : null,
    stopped: stop ? { error: stop } : null,
  };
}

interface End {
  readonly stop: AppError | null;
  /** The day's allowance was spent before the last field. */
  readonly isCut: boolean;
  readonly instalments: Instalments | null;
}

/** Tasks go out with the first instalment: they are few, and what a person does today cannot wait. */
async function apply(applying: Applying): Promise<End> {
  const settled = await settle(applying);
  if (settled) return { stop: settled, isCut: false, instalments: null };
  const { zoho } = applying.deps;
  const { allowance, bulkTo, connection, planId, fieldsOnly, onEdit } = applying.input;
  const pending = await pendingCounts({ store: applying.deps.store, planId, onEdit });
  const { rows, readFirst } = pending;
  const tasks = fieldsOnly ? { create: 0, update: 0, close: 0 } : pending.tasks;
  const mayBulk = (bulkTo ?? null) !== null;
  const { credits } = planPrice({ rows, readFirst, tasks, prices: zoho.prices, mayBulk });
  const today = dayOf(applying.deps.clock.now(), connection.org.timeZone);
  const instalments = allowance ? instalmentsOf(credits, allowance, today) : null;
  const forTasks = tasksPrice({ tasks, prices: zoho.prices }).credits;
  const budget = instalments && {
    now: Math.max(0, instalments.today - forTasks),
    perDay: instalments.perDay,
  };
  const fields = await applyFields(applying, { rows, budget });
  const stop = fields.stop ?? (await applyTasks(applying));
  return { stop, isCut: fields.isCut, instalments };
}

async function settle({ deps, input, tally }: Applying): Promise<AppError | null> {
  try {
    await settleWrites(deps, input, tally);
    return null;
  } catch (error) {
    return stopOrThrow(error);
  }
}

async function applyTasks(applying: Applying): Promise<AppError | null> {
  return (
    (await inBatches(tasksInOrder(applying, 'create'), (rows) => createTasks(applying, rows))) ??
    (await inBatches(tasksInOrder(applying, 'update'), (rows) => updateTasks(applying, rows))) ??
    (await inBatches(tasksInOrder(applying, 'close'), (rows) => closeTasks(applying, rows)))
  );
}

async function inBatches<T>(
  chunks: AsyncIterable<T[]>,
  write: (rows: T[]) => Promise<AppError | null>,
): Promise<AppError | null> {
  const waiting: T[] = [];
  for await (const chunk of chunks) {
    waiting.push(...chunk);
    while (waiting.length >= RECORDS_PER_WRITE) {
      const stop = await write(waiting.splice(0, RECORDS_PER_WRITE));
      if (stop) return stop;
    }
  }
  return waiting.length > 0 ? write(waiting) : null;
}
