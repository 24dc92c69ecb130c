import type {
  ChangeCause,
  FieldChange,
  HoldReason,
  Instalments,
  PlanPrice,
  SuppressedTask,
  TaskChange,
} from '../changes.ts';
import { dayOf } from '../clock.ts';
import type {
  Connection,
  CustomerKey,
  Day,
  FieldKey,
  ModuleName,
  PlanId,
  RecordId,
  RunId,
} from '../domain.ts';
import { ConflictError } from '../errors.ts';
import { editPolicyOf } from '../plan/edit-policy.ts';
import { holdReasonOf } from '../plan/guards.ts';
import { instalmentsOf } from '../plan/instalments.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import { planCustomer } from '../plan/plan-changes.ts';
import {
  noEffects,
  noteEffect,
  type PlanEffects,
  type ToldEffects,
  toldEffects,
} from '../plan/plan-effects.ts';
import { countRow, planPrice } from '../plan/price.ts';
import type { Score } from '../scores.ts';
import { dealOutcome, indexStages, isOpenCase } from '../scoring/facts.ts';
import type { PlanItem } from '../store/plan-stores.ts';
import { settleWrites } from '../writeback/settle-bulk.ts';
import { allowanceOf, approvedCreditsOf } from './allowance.ts';
import { customerOptionsOf } from './customer-options.ts';
import { explainHold, rulesOf } from './hold-cause.ts';
import { type HeldLine, type LineDeps, recordRun } from './line.ts';
import { isUndone, tellOfHold } from './plan-alerts.ts';
import { addUp, countByRule, countTasks, type RuleCounts, type TaskCounts } from './plan-counts.ts';
import { planLeads } from './plan-leads.ts';
import { ReminderCandidates } from './plan-reminders.ts';
import { reconcileReminders } from './reconcile-reminders.ts';
import { HeldBack } from './refusals.ts';
import { trackOutcomes } from './track-outcomes.ts';

const CHUNK = 500;

export interface PlanSummary {
  readonly runId: RunId;
  readonly planId: PlanId;
  readonly asOf: Day;
  readonly records: number;
  readonly fieldChanges: number;
  readonly tasks: TaskCounts;
  /** All tasks that are not made, by why; `plan --diff` lists those that are news. */
  readonly suppressed: { readonly [why: string]: number };
  /** The tasks by the rule of the playbook that asked for them. */
  readonly byRule: { readonly [rule: string]: RuleCounts };
  readonly byField: Record<string, number>;
  /** Records written, by what made the write necessary; a record may have several causes. */
  readonly byCause: { [C in ChangeCause]?: number };
  /** What it does to customers as a whole. */
  readonly effects: ToldEffects;
  readonly savedByMateriality: number;
  /** Fields of ours that a person changed and that stay by the policy; `plan --diff` tells those to be reported. */
  readonly keptEdits: { readonly fields: number; readonly reported: number };
  readonly unmappedFields: readonly FieldKey[];
  readonly method: 'records' | 'bulk';
  readonly calls: number;
  readonly credits: number;
  /** How the fields of each module are written. */
  readonly modules: PlanPrice['modules'];
  /** Set where the price is more than may be spent today. */
  readonly instalments: Instalments | null;
  /** A price that was approved for a plan under way whose rest this one holds. */
  readonly approvedCredits: number | null;
  /** Changes that Zoho refused before and would refuse again, by its code: left out. */
  readonly refusedBefore: { readonly [code: string]: number };
  readonly held: HoldReason | null;
}

interface Counts {
  readonly rows: { [M in ModuleName]?: Record<string, number> };
  readonly byField: Record<string, number>;
  readonly causes: Map<ChangeCause, number>;
  /** Modules with a field whose value may be a person's. */
  readonly readFirst: Set<ModuleName>;
  fieldChanges: number;
  saved: number;
  kept: number;
  reported: number;
  customers: number;
  readonly effects: PlanEffects;
}

function addChanges(counts: Counts, changes: readonly FieldChange[]): void {
  const causes = new Set<string>();
  for (const change of changes) {
    counts.fieldChanges += 1;
    counts.byField[change.field] = (counts.byField[change.field] ?? 0) + 1;
    const record = `${change.module}:${change.recordId}`;
    if (!causes.has(`${record}:${change.cause}`)) {
      counts.causes.set(change.cause, (counts.causes.get(change.cause) ?? 0) + 1);
    }
    causes.add(`${record}:${change.cause}`);
    noteEffect(counts.effects, change);
  }
  const byRecord = Map.groupBy(changes, ({ module, recordId }) => `${module}:${recordId}`);
  for (const [first, ...others] of byRecord.values()) {
    if (!first) continue;
    const writes = [first, ...others].map(({ field, new: value }) => ({ key: field, value }));
    countRow(counts.rows, first.module, writes);
  }
}

async function* scoredChunks(
  deps: LineDeps,
  connection: Connection,
  only: readonly CustomerKey[] | undefined,
): AsyncGenerator<Score[]> {
  if (!only) return yield* deps.store.scores.inKeyOrder(connection.id, CHUNK);
  const scores: Score[] = [];
  for (const key of only) {
    const score = await deps.store.scores.get(connection.id, key.id);
    if (score) scores.push(score);
  }
  yield scores;
}

/**
 * Scores → a saved list of changes with its price; nothing is written to Zoho.
 * A crash before the last line leaves a plan in state "building", which the next one discards.
 */
export function runPlan(
  deps: HeldLine,
  input: {
    connection: Connection;
    isPartial: boolean;
    /** Only these customers, and only these leads. */
    only?: readonly CustomerKey[];
    leads?: readonly RecordId[];
    creditsLeft: number;
  },
): Promise<PlanSummary> {
  const { connection, only, leads } = input;
  return recordRun(deps, connection, 'plan', { only: only?.length ?? null }, async (runId) => {
    // What a killed apply left open is looked up first, or a task that we completed would pass for a person's work.
    const bulkTo = deps.bulkTo?.(connection) ?? null;
    await settleWrites({ ...deps, zoho: deps.zohoFor(connection) }, { connection, bulkTo });
    await reconcileReminders(deps, connection);
    const asOf = await scoredOn(deps, connection, only);
    if (only === undefined) await trackOutcomes(deps, connection, asOf);
    const planId = await deps.store.plans.open(connection.id, runId, asOf, { isNarrow: only !== undefined });
    const candidates = await ReminderCandidates.start(deps, {
      connection,
      only: only ? [...only, ...(leads ?? []).map((id) => ({ module: 'Leads' as const, id }))] : null,
      asOf,
    });
    const heldBack = await HeldBack.start(deps, connection);
    const { counts, unmapped } = await planFields(deps, {
      connection,
      asOf,
      planId,
      candidates,
      heldBack,
      ...(only ? { only } : {}),
      ...(leads ? { leads } : {}),
    });
    await candidates.addLeads();
    const reminders = await candidates.plan();
    const changes = await heldBack.tasks(reminders.changes);
    for (const items of inChunks(reminderItems(changes, reminders.listed)))
      await deps.store.plans.append(planId, items);
    const byRule = countByRule(changes, reminders.suppressed);
    const suppressed = addUp(Object.values(byRule).map(({ why }) => why));
    const tasks = countTasks(changes, suppressed);
    const price = planPrice({
      rows: counts.rows,
      readFirst: counts.readFirst,
      tasks,
      prices: deps.settings.creditPrices,
      mayBulk: bulkTo !== null,
    });
    const allowance = await allowanceOf(deps, connection, input.creditsLeft);
    const approvedCredits = only ? null : await approvedCreditsOf(deps, connection);
    const today = dayOf(deps.clock.now(), connection.org.timeZone);
    const guarded = holdReasonOf({
      effects: counts.effects,
      customers: only ? await populationOf(deps, connection) : counts.customers,
      appliedPlans: await deps.store.plans.appliedCount(connection.id),
      newTasks: deps.settings.plan.apply.fieldsOnly ? 0 : tasks.create,
      isPartialSync: input.isPartial,
      isUndone: await isUndone(deps, connection),
      credits: price.credits,
      allowance,
      approvedCredits,
      today,
      rules: deps.settings.plan,
    });
    const held = await explainHold(deps, connection, guarded);
    const summary: PlanSummary = {
      runId,
      planId,
      asOf,
      records: Object.values(price.modules).reduce((sum, module) => sum + module.records, 0),
      fieldChanges: counts.fieldChanges,
      tasks,
      suppressed,
      byRule,
      byField: counts.byField,
      byCause: Object.fromEntries(counts.causes),
      effects: toldEffects(counts.effects),
      savedByMateriality: counts.saved,
      keptEdits: { fields: counts.kept, reported: counts.reported },
      unmappedFields: unmapped,
      ...price,
      instalments: instalmentsOf(price.credits, allowance, today),
      approvedCredits,
      refusedBefore: heldBack.counts,
      held,
    };
    // A plan takes the place of the waiting ones, so only whoever still has the line may close it.
    await deps.mustHold();
    await deps.store.plans.close(planId, {
      state: held ? 'held' : 'open',
      summary,
      rules: rulesOf(deps.settings),
    });
    await tellOfHold(deps, connection, { planId, held, isNarrow: only !== undefined });
    return { summary, isPartial: false };
  });
}

async function scoredOn(
  deps: LineDeps,
  connection: Connection,
  only: readonly CustomerKey[] | undefined,
): Promise<Day> {
  for await (const [score] of scoredChunks(deps, connection, only)) if (score) return score.asOf;
  const baseline = await deps.store.baselines.latest(connection.id);
  if (!baseline) throw new ConflictError('nothing was scored yet; run: zcv score');
  return baseline.asOf;
}

async function populationOf(deps: LineDeps, connection: Connection): Promise<number> {
  return (await deps.store.baselines.latest(connection.id))?.customers ?? 0;
}

async function planFields(
  deps: LineDeps,
  input: {
    connection: Connection;
    asOf: Day;
    planId: PlanId;
    candidates: ReminderCandidates;
    heldBack: HeldBack;
    only?: readonly CustomerKey[];
    leads?: readonly RecordId[];
  },
): Promise<{ counts: Counts; unmapped: FieldKey[] }> {
  const { connection, planId, candidates, heldBack, only, leads } = input;
  const mapped = indexMapped(await deps.store.fieldMap.writable(connection.id));
  const stages = indexStages(await deps.store.stages.all(connection.id));
  const rules = deps.settings.plan;
  const format = { language: rules.language, currency: connection.org.currency };
  const counts: Counts = {
    rows: {},
    byField: {},
    causes: new Map(),
    readFirst: new Set(),
    fieldChanges: 0,
    saved: 0,
    kept: 0,
    reported: 0,
    customers: 0,
    effects: noEffects(),
  };
  const options = await customerOptionsOf(deps, connection.id);
  for await (const scores of scoredChunks(deps, connection, only)) {
    const known = await deps.store.customers.known(
      connection.id,
      scores.map((score) => score.key),
      options,
    );
    const byId = new Map(known.map((row) => [row.key.id, row]));
    const items: PlanItem[] = [];
    const wanted: FieldChange[] = [];
    for (const score of scores) {
      counts.customers += 1;
      candidates.addCustomer(score);
      const row = byId.get(score.key.id);
      if (!row) continue;
      const openDealIds = new Set(
        row.deals
          .filter((deal) => dealOutcome(stages, deal.pipeline, deal.stage) === 'open')
          .map((deal) => deal.id),
      );
      const openCases = row.cases.filter(isOpenCase);
      const planned = planCustomer({
        score,
        known: { ...row, openCases },
        openDealIds,
        mapped,
        rules,
        format,
      });
      counts.saved += planned.savedByMateriality;
      counts.kept += planned.kept;
      counts.reported += planned.reported.length;
      wanted.push(...planned.changes);
      items.push(...planned.reported.map((edit): PlanItem => ({ kind: 'edited', edit })));
    }
    const kept = await heldBack.changes(wanted);
    addChanges(counts, kept);
    for (const { module, field } of kept)
      if (editPolicyOf(rules.onEdit, module, field) !== 'ours') counts.readFirst.add(module);
    items.push(...kept.map((change): PlanItem => ({ kind: 'field', change })));
    await deps.store.plans.append(planId, items);
  }
  const onlyLeads = only ? (leads ?? []) : null;
  await planLeads(deps, { connection, planId, mapped, leads: onlyLeads }, async (planned) => {
    counts.saved += planned.savedByMateriality;
    const kept = await heldBack.changes(planned.changes);
    addChanges(counts, kept);
    return kept;
  });
  return { counts, unmapped: mapped.missing() };
}

function* reminderItems(
  changes: readonly TaskChange[],
  suppressed: Iterable<SuppressedTask>,
): Generator<PlanItem> {
  for (const task of changes) yield { kind: 'task', task };
  for (const task of suppressed) yield { kind: 'suppressed', task };
}
function* inChunks<T>(items: Iterable<T>): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
