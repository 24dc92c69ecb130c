import { z } from 'zod';
import type { HoldReason } from '../changes.ts';
import type { Connection } from '../domain.ts';
import { changedRules } from '../plan/changed-rules.ts';
import { withCause } from '../plan/hold-cause.ts';
import type { Settings } from '../rules.ts';
import type { LineDeps } from './line.ts';

/** What decides how customers are valued; kept with each plan, so that a later one can tell what changed. */
export function rulesOf({ scoring, mapping }: Settings): object {
  return { ...scoring, mapping: mapping.inputs };
}

// Runs of the last weeks by the hour; older ones make the counts smaller, never wrong in kind.
const MOST_RUNS = 2_000;
// A run that failed, or of an older version, tells nothing.
const SyncCounts = z.object({
  modules: z.array(z.object({ module: z.string(), changed: z.number(), deleted: z.number() })),
});

/** A plan that changes very much says what changed since the last one that was applied. */
export async function explainHold(
  deps: LineDeps,
  connection: Connection,
  held: HoldReason | null,
): Promise<HoldReason | null> {
  if (held?.reason !== 'tier_changes' && held?.reason !== 'profit_leaps') return held;
  const last = await deps.store.plans.lastApplied(connection.id);
  if (!last) return held;
  const data: Record<string, number> = {};
  for (const run of await deps.store.runs.list(connection.id, MOST_RUNS)) {
    if (run.kind !== 'sync' || run.startedAt <= last.createdAt) continue;
    // Tasks change by what we write.
    for (const { module, changed, deleted } of SyncCounts.safeParse(run.summary).data?.modules ?? [])
      if (changed + deleted > 0 && module !== 'Tasks') data[module] = (data[module] ?? 0) + changed + deleted;
  }
  return withCause(held, {
    planId: last.id,
    on: last.asOf,
    rules: last.rules === null ? null : changedRules(last.rules, rulesOf(deps.settings)),
    data,
  });
}
