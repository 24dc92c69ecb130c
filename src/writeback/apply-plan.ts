import type { ModuleName } from '../domain.ts';
import { type AppError, NotFoundError } from '../errors.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import { RECORDS_PER_WRITE } from '../plan/price.ts';
import { closeTasks, updateTasks } from './change-tasks.ts';
import { createTasks } from './create-tasks.ts';
import { countPending, rowsInOrder, tasksInOrder } from './plan-order.ts';
import { stopOrThrow } from './send-batch.ts';
import { settleIntents } from './settle-intents.ts';
import { taskWordsOf } from './task-rows.ts';
import type { ApplyInput, Applying, ApplyResult, FieldRow, WritebackDeps } from './types.ts';
import { type Refusals, writeFields } from './write-fields.ts';

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
    tally: { written: 0, skipped: 0, rejected: [], tasks: { created: 0, updated: 0, closed: 0 } },
  };
  const stop = (await settle(applying)) ?? (await applyFields(applying)) ?? (await applyTasks(applying));
  return {
    ...applying.tally,
    remaining: stop ? await countPending(applying) : 0,
    stopped: stop ? { error: stop } : null,
  };
}

async function settle({ deps, input }: Applying): Promise<AppError | null> {
  try {
    await settleIntents(deps, input.connection);
    return null;
  } catch (error) {
    return stopOrThrow(error);
  }
}

/** A module's rows fill whole calls across tiers: an apply costs no more calls than its plan was priced at. */
async function applyFields(applying: Applying): Promise<AppError | null> {
  const refusals: Refusals = { modules: new Map(), fields: new Map() };
  const waiting = new Map<ModuleName, FieldRow[]>();
  const flush = async (module: ModuleName, atLeast: number): Promise<AppError | null> => {
    const rows = waiting.get(module) ?? [];
    while (rows.length >= atLeast && rows.length > 0) {
      const stop = await writeFields(applying, refusals, module, rows.splice(0, RECORDS_PER_WRITE));
      if (stop) return stop;
    }
    return null;
  };
  let isAtCopies = false;
  for await (const { rows, isCopies } of rowsInOrder(applying)) {
    if (isCopies && !isAtCopies) {
      // Contacts go on: customers and copies of that module share calls.
      const stop = await flush('Accounts', 1);
      if (stop) return stop;
      isAtCopies = true;
    }
    for (const [module, group] of Map.groupBy(rows, (row) => row.module)) {
      waiting.set(module, [...(waiting.get(module) ?? []), ...group]);
      const stop = await flush(module, RECORDS_PER_WRITE);
      if (stop) return stop;
    }
  }
  for (const module of waiting.keys()) {
    const stop = await flush(module, 1);
    if (stop) return stop;
  }
  return null;
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
