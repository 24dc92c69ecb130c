import type { TaskChange } from '../changes.ts';
import type { SuppressedCounts } from '../plan/suppressed.ts';

/** The tasks of a plan in numbers. */

export interface TaskCounts {
  create: number;
  update: number;
  close: number;
  suppressed: number;
}
export interface RuleCounts extends TaskCounts {
  /** Of the suppressed: why. */
  readonly why: WhyCounts;
}
interface WhyCounts {
  readonly [why: string]: number;
}

export function countTasks(changes: readonly TaskChange[], suppressed: WhyCounts): TaskCounts {
  const counts = { create: 0, update: 0, close: 0, suppressed: 0 };
  for (const { kind } of changes) counts[kind] += 1;
  for (const count of Object.values(suppressed)) counts.suppressed += count;
  return counts;
}

export function countByRule(
  changes: readonly TaskChange[],
  suppressed: SuppressedCounts,
): { readonly [rule: string]: RuleCounts } {
  const changesOf = Map.groupBy(changes, (change) =>
    change.kind === 'create' ? change.draft.reason : change.reminder.reason,
  );
  const rules = [...new Set([...changesOf.keys(), ...suppressed.keys()])].sort();
  return Object.fromEntries(
    rules.map((rule) => {
      const why = { ...suppressed.get(rule) };
      return [rule, { ...countTasks(changesOf.get(rule) ?? [], why), why }];
    }),
  );
}

export function addUp(counts: readonly WhyCounts[]): WhyCounts {
  const sum: Record<string, number> = {};
  for (const [why, count] of counts.flatMap((one) => Object.entries(one))) sum[why] = (sum[why] ?? 0) + count;
  return sum;
}
