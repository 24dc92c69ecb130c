import type { Connection, CustomerKey, Day, ModuleName, RecordId } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { requireWritable } from '../setup/may-write.ts';
import type { ApplyParts } from './apply-parts.ts';
import { customerOptionsOf } from './customer-options.ts';
import { asOfDay, type LineDeps, stage, withLine } from './line.ts';
import { type ApplySummary, runApply } from './run-apply.ts';
import { type PlanSummary, runPlan } from './run-plan.ts';
import { rescoreSome, runScoring, type ScoreSummary } from './run-scoring.ts';
import { refreshRecords, runSync, type SyncSummary, syncedModules } from './run-sync.ts';

export interface LineResult {
  readonly sync: SyncSummary | null;
  readonly score: ScoreSummary | null;
  readonly plan: PlanSummary | null;
  readonly apply: ApplySummary | null;
  readonly stopped: AppError | null;
}

/** The whole line for one connection: sync → score → plan → apply. A held plan is not applied. */
export function runLine(
  given: LineDeps,
  input: {
    connection: Connection;
    full: boolean;
    apply: boolean;
    asOf: Day | null;
    plan?: boolean;
  } & ApplyParts,
): Promise<LineResult> {
  const { connection } = input;
  // Before a credit is spent on what cannot be written.
  if (input.apply) requireWritable(connection);
  return withLine(given, connection, async (deps) => {
    const sync = await stage(deps, 'sync', () => runSync(deps, input));
    const asOf = asOfDay(deps, connection, input.asOf);
    const score = await stage(deps, 'score', () => runScoring(deps, { connection, asOf }));
    if (input.plan === false) return { sync, score, plan: null, apply: null, stopped: null };
    const creditsLeft = await deps.creditsLeft(connection);
    const plan = await stage(deps, 'plan', () =>
      runPlan(deps, { connection, isPartial: sync.isPartial, creditsLeft }),
    );
    if (!input.apply || plan.held) return { sync, score, plan, apply: null, stopped: null };
    const { summary, stopped } = await stage(deps, 'apply', () =>
      runApply(deps, { ...input, planId: plan.planId }),
    );
    return { sync, score, plan, apply: summary, stopped };
  });
}

export interface ChangedRecords {
  readonly module: ModuleName;
  readonly ids: readonly RecordId[];
  /** Those of them that Zoho said were deleted. */
  readonly deleted: readonly RecordId[];
}

/**
 * Records that notifications named: re-read, their customers and leads rescored and, in mode auto, written back. Where
 * no input has changed, as after a write of ours, nothing is scored; `again`: an earlier attempt may have read them and
 * stopped before it scored, so they are scored all the same.
 */
export function runForRecords(
  given: LineDeps,
  input: { connection: Connection; changed: readonly ChangedRecords[]; again?: boolean },
): Promise<LineResult> {
  const { connection } = input;
  return withLine(given, connection, async (deps) => {
    const read = new Set(syncedModules(deps.settings));
    const changed = input.changed.filter(({ module }) => read.has(module));
    const options = await customerOptionsOf(deps, connection.id);
    const customers = new Map<RecordId, CustomerKey>();
    const leadIds = new Set<RecordId>();
    const whose = async ({ module, ids }: ChangedRecords) => ({
      customers: await deps.store.customers.of(connection.id, options, module, [...ids]),
      leads: await deps.store.leads.of(connection.id, module, ids),
    });
    for (const part of changed) {
      // Before and after: whom a record has left is scored anew as well as whom it came to.
      const before = await whose(part);
      if (!(await hasChanged(deps, connection, part)) && input.again !== true) continue;
      for (const { customers: keys, leads } of [before, await whose(part)]) {
        for (const key of keys) customers.set(key.id, key);
        for (const id of leads) leadIds.add(id);
      }
    }
    const [keys, leads] = [[...customers.values()], [...leadIds].sort()];
    if (!(await deps.store.baselines.latest(connection.id)) || keys.length + leads.length === 0) {
      return { sync: null, score: null, plan: null, apply: null, stopped: null };
    }
    const asOf = asOfDay(deps, connection, null);
    const score = await stage(deps, 'score', () => rescoreSome(deps, { connection, asOf, keys, leads }));
    // Only auto writes by itself; in the other modes the next plan, which a person decides on, carries the change.
    if (connection.mode !== 'auto') return { sync: null, score, plan: null, apply: null, stopped: null };
    const creditsLeft = await deps.creditsLeft(connection);
    const plan = await stage(deps, 'plan', () =>
      runPlan(deps, { connection, isPartial: false, only: keys, leads, creditsLeft }),
    );
    if (connection.mode !== 'auto' || plan.held)
      return { sync: null, score, plan, apply: null, stopped: null };
    const { summary, stopped } = await stage(deps, 'apply', () =>
      runApply(deps, { connection, planId: plan.planId }),
    );
    return { sync: null, score, plan, apply: summary, stopped };
  });
}

/** Reads the records anew; true when one of them is another than it was. */
async function hasChanged(
  deps: LineDeps,
  connection: Connection,
  { module, ids, deleted }: ChangedRecords,
): Promise<boolean> {
  const gone =
    deleted.length === 0
      ? []
      : await deps.store.records.markDeleted(connection.id, module, deleted, deps.clock.now());
  const read = await stage(deps, 'sync', () => refreshRecords(deps, connection, module, ids));
  return gone.length + read.size > 0;
}
