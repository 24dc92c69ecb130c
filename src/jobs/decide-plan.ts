import type { Instalments, PlanPrice } from '../changes.ts';
import { dayOf } from '../clock.ts';
import type { Connection, PlanId } from '../domain.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import { instalmentsOf } from '../plan/instalments.ts';
import { type PriceInput, planPrice } from '../plan/price.ts';
import type { PlanHead } from '../store/plan-stores.ts';
import { pendingCounts } from '../writeback/pending-counts.ts';
import { allowanceOf } from './allowance.ts';
import type { LineDeps } from './line.ts';
import { requireCurrent } from './plan-age.ts';
import { closeDecided } from './plan-alerts.ts';
import { matcherOf, type PlanSelection } from './plan-selection.ts';

/** What a person decides about a plan: all of it, a part of it, or that it is not written. */

export interface Decision extends PlanPrice {
  readonly planId: PlanId;
  readonly state: 'approved' | 'rejected';
  /** Of what is approved. */
  readonly records: number;
  readonly tasks: PriceInput['tasks'];
  /** Changes that were not approved; the next plan proposes them again. */
  readonly leftOut: number;
  readonly instalments: Instalments | null;
}

const CHUNK = 500;

export async function planOf(deps: LineDeps, connection: Connection, id: PlanId): Promise<PlanHead> {
  const plan = await deps.store.plans.get(id);
  if (!plan || plan.connection !== connection.id) throw new NotFoundError(`there is no plan ${id}`);
  return plan;
}

async function planToDecide(deps: LineDeps, connection: Connection, id: PlanId): Promise<PlanHead> {
  const plan = await planOf(deps, connection, id);
  if (plan.state !== 'held' && plan.state !== 'open' && plan.state !== 'approved') {
    throw new ConflictError(`plan ${id} is ${plan.state}; only an open or held plan can be decided`);
  }
  return plan;
}

export async function rejectPlan(deps: LineDeps, connection: Connection, id: PlanId): Promise<void> {
  await planToDecide(deps, connection, id);
  await deps.store.plans.setState(id, 'rejected');
  await closeDecided(deps, connection, 'rejected');
}

/**
 * Without a selection all of the plan. With one, what it names: the rest stays in the plan as left out. A further
 * approval of a part adds to what was approved before.
 */
export async function approvePlan(
  deps: LineDeps,
  connection: Connection,
  id: PlanId,
  selection: PlanSelection,
): Promise<Decision> {
  const plan = await planToDecide(deps, connection, id);
  await requireCurrent(deps, connection, plan);
  const { plans } = deps.store;
  await choose(deps, connection, plan, selection);
  await plans.setState(id, 'approved');
  await closeDecided(deps, connection, 'approved');
  const { onEdit } = deps.settings.plan;
  const { rows, tasks, readFirst } = await pendingCounts({ store: deps.store, planId: id, onEdit });
  const { creditPrices: prices } = deps.settings;
  const mayBulk = (deps.bulkTo?.(connection) ?? null) !== null;
  const price = planPrice({ rows, readFirst, tasks, prices, mayBulk });
  const today = dayOf(deps.clock.now(), connection.org.timeZone);
  return {
    planId: id,
    state: 'approved',
    records: Object.values(price.modules).reduce((sum, module) => sum + module.records, 0),
    tasks,
    leftOut: (await plans.counts(id)).leftOut,
    ...price,
    instalments: instalmentsOf(price.credits, await allowanceOf(deps, connection), today),
  };
}

async function choose(
  deps: LineDeps,
  connection: Connection,
  plan: PlanHead,
  selection: PlanSelection,
): Promise<void> {
  const { plans } = deps.store;
  const matches = await matcherOf(deps, connection, selection);
  if (matches === null) return plans.setLeftOut(plan.id, 'all', false);
  const { leftOut } = await plans.counts(plan.id);
  const chosen: number[] = [];
  const others: number[] = [];
  for await (const items of plans.items(plan.id, CHUNK, 'open')) {
    const fits = await matches(items);
    for (const [at, { seq }] of items.entries()) (fits[at] ? chosen : others).push(seq);
  }
  if (chosen.length === 0) {
    throw new InputError(`no change of plan ${plan.id} fits that selection; nothing was approved`);
  }
  if (leftOut > 0) await plans.setLeftOut(plan.id, chosen, false);
  else await plans.setLeftOut(plan.id, others, true);
}
