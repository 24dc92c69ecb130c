import { z } from 'zod';
import type { Connection } from '../domain.ts';
import type { Run, Store } from '../store/store.ts';

/** How far an org is set up: from consent to runs by schedule. Read from what was done, so nothing has to be remembered. */

export const STEP_IDS = [
  'connect',
  'checks',
  'assess',
  'fields',
  'rules',
  'dry_run',
  'approve',
  'schedule',
] as const;
interface SetUpStep {
  readonly id: (typeof STEP_IDS)[number];
  readonly state: 'open' | 'working' | 'failed' | 'done';
  /** The newest run of the step; its summary is the report. */
  readonly run: string | null;
  readonly at: Date | null;
  /** Of `failed`; null also where the report itself says it. */
  readonly why: string | null;
}
interface SetUp {
  readonly steps: readonly SetUpStep[];
  /** The newest plan that is made. */
  readonly plan: string | null;
}
type Stores = Pick<Store, 'runs' | 'plans' | 'settings' | 'fieldMap' | 'schedules'> & {
  readonly lists: Pick<Store['lists'], 'health'>;
};

const DECIDED = new Set(['approved', 'applying', 'applied']);
const PLANS_LOOKED_AT = 20;

export async function setUpOf(store: Stores, connection: Connection): Promise<SetUp> {
  const { id } = connection;
  const newest = async (...kinds: string[]): Promise<Run | null> => {
    const runs = await Promise.all(kinds.map((kind) => store.runs.latest(id, kind)));
    return (
      runs
        .filter((run) => run !== null)
        .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime())[0] ?? null
    );
  };
  const checks = await newest('doctor');
  const plans = (await store.plans.list(id, PLANS_LOOKED_AT)).filter(
    ({ state }) => state !== 'building' && state !== 'discarded',
  );
  const isApproved = plans.some(({ state }) => DECIDED.has(state));
  const hasFields = (await store.fieldMap.all(id)).length > 0;
  const hasRules = plans.length > 0 || (await store.settings.current(id)) !== null;
  const line = await newest('plan', 'score', 'sync');
  const nightly = (await store.schedules.of(id)).find(({ job }) => job === 'score-and-write');
  return {
    steps: [
      await connectStep(store, connection),
      checks?.state === 'done' && !isSound(checks)
        ? { ...step('checks', checks, false), state: 'failed' }
        : step('checks', checks, checks?.state === 'done'),
      step('assess', await newest('assess')),
      step('fields', await newest('fields', 'fields-plan'), hasFields),
      step('rules', hasRules ? await newest('what-if') : await newest('what-if', 'sync'), hasRules),
      step('dry_run', hasRules || plans.length > 0 ? line : null, plans.length > 0),
      step('approve', plans.length > 0 ? await newest('apply') : null, isApproved),
      step('schedule', null, isApproved && nightly?.enabled === true),
    ],
    plan: plans[0]?.id ?? null,
  };
}

async function connectStep(store: Stores, { id, state }: Connection): Promise<SetUpStep> {
  const health = await store.lists.health(id);
  const isLost = state === 'reconnect_needed';
  return {
    ...{ id: 'connect', run: null, at: health?.linkedAt ?? null },
    state: isLost ? 'failed' : 'done',
    why: isLost ? (health?.stateWhy ?? null) : null,
  };
}

const Report = z.object({ ok: z.boolean() });
const Failure = z.object({ error: z.string() });

function isSound({ summary }: Run): boolean {
  return Report.safeParse(summary).data?.ok === true;
}

/** `isDone`: by what is there; left out: by the run itself. */
function step(id: SetUpStep['id'], run: Run | null, isDone?: boolean): SetUpStep {
  const told = { id, run: run?.id ?? null, at: run ? (run.finishedAt ?? run.startedAt) : null, why: null };
  if (run?.state === 'running') return { ...told, state: 'working' };
  const isFine = isDone ?? (run !== null && run.state !== 'failed');
  if (isFine) return { ...told, state: 'done' };
  if (run?.state !== 'failed') return { ...told, state: 'open' };
  return { ...told, state: 'failed', why: Failure.safeParse(run.summary).data?.error ?? null };
}
