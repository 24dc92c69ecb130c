import type { Db } from '../../src/db.ts';
import { AppError } from '../../src/errors.ts';
import { type HeldLine, type LineDeps, withLine } from '../../src/jobs/line.ts';
import { runApply } from '../../src/jobs/run-apply.ts';
import { runLine } from '../../src/jobs/run-line.ts';
import { type Ended, type LineProcess, startProcess } from './line-process.ts';
import { snapshot, wrongAfter, wrongAtRest } from './write-oracle.ts';
import { type Done, doEdit } from './write-people.ts';
import type { Moment, Scene } from './write-scene.ts';
import { activeUsers, type Stage, setStage, wholeLine } from './write-stage.ts';

export interface SceneEnd {
  readonly scene: Scene;
  /** Empty: nothing lost, doubled or wrong. */
  readonly wrong: readonly string[];
  /** What really happened, by kind. */
  readonly hits: ReadonlyMap<string, number>;
  readonly planned: {
    readonly fields: number;
    readonly creates: number;
    readonly updates: number;
    readonly closes: number;
  };
  readonly credits: { readonly priced: number; readonly spent: number };
}

/** The horizon of a late commit. */
const LATE_MS = 60_000;
const MOST_PROCESSES = 8;
const MOST_ROUNDS = 4;

/** One seeded run: a plan is applied while the scene disturbs it, then undisturbed to its end. */
export async function playScene(db: Db, scene: Scene): Promise<SceneEnd> {
  const stage = await setStage(db, scene);
  try {
    return await play(stage);
  } finally {
    await stage.world.close();
  }
}

async function play(stage: Stage): Promise<SceneEnd> {
  const { world, scene, items, plan } = stage;
  const { control } = world.simulator;
  const hits = new Map<string, number>();
  const hit = (what: string, times = 1) => hits.set(what, (hits.get(what) ?? 0) + times);
  const before = snapshot(stage);
  control.resetReport();

  const done = await disturb(stage, hit);
  for (const fault of control.report().faults) if (fault.struck > 0) hit(fault.kind, fault.struck);
  control.clearFaults();
  await applyToTheEnd(stage);
  await world.time.advance(LATE_MS + 1_000);

  const spent = control.report().credits;
  const wrong = await wrongAfter({ stage, before, done });
  // A task that people had changed may need no update after all, and a price with reads is the most (ADR 0026).
  const isExact =
    scene.onEdit === 'ours' && !items.some((item) => item.kind === 'task' && item.task.kind === 'update');
  if (hits.size === 0 && (isExact ? spent !== plan.credits : spent > plan.credits))
    wrong.push(`${spent} credits spent, ${plan.credits} priced`);
  let rounds = 0;
  for (; rounds < MOST_ROUNDS; rounds++) {
    const next = await wholeLine(world, true);
    if (next.plan?.fieldChanges === 0 && (next.apply?.calls ?? 0) === 0) break;
  }
  if (rounds === MOST_ROUNDS) wrong.push('runs without any event never come to rest');
  wrong.push(...(await wrongAtRest({ stage, before, done })));
  const tasks = (kind: string) =>
    items.filter((item) => item.kind === 'task' && item.task.kind === kind).length;
  return {
    scene,
    wrong,
    hits,
    planned: {
      fields: items.filter((item) => item.kind === 'field').length,
      creates: tasks('create'),
      updates: tasks('update'),
      closes: tasks('close'),
    },
    credits: { priced: plan.credits, spent },
  };
}

/** Runs of apply one after the other and beside each other, until one comes to its end or all strikes are used up. */
async function disturb(stage: Stage, hit: (what: string) => void): Promise<Done[]> {
  const { world, scene } = stage;
  const { control } = world.simulator;
  const done: Done[] = [];
  const users = await activeUsers(world);
  const counts = new Map<string, number>();
  const beside: Promise<unknown>[] = [];
  let started = 0;
  control.addFaults(scene.faults);
  const keyLost = scene.key === 'lost' ? { value: stage.dice.int(0, 6) } : null;

  const isAt = (moment: Moment, name: string, when: string, count: number) =>
    moment.step === name && moment.when === when && moment.nth === count;
  const start = (
    work: (deps: LineDeps) => Promise<unknown>,
  ): { ended: Promise<Ended<unknown>>; self: LineProcess } => {
    const number = started++;
    const own = new Map<string, number>();
    const self = startProcess(world.newDeps(), ({ name, when }, process) => {
      const place = `${name} ${when}`;
      const [ofAll, ofOwn] = [(counts.get(place) ?? 0) + 1, (own.get(place) ?? 0) + 1];
      counts.set(place, ofAll);
      own.set(place, ofOwn);
      if (keyLost && name.startsWith('zoho.') && when === 'before' && keyLost.value-- === 0) {
        control.removeField('Tasks', 'CV_Ref');
        hit('key lost');
      }
      for (const edit of scene.edits) {
        if (!isAt(edit, name, when, ofAll)) continue;
        const what = doEdit(stage, edit, users);
        if (!what) continue;
        done.push(what);
        hit(`person: ${edit.kind}`);
      }
      if (scene.second && number === 0 && isAt(scene.second.at, name, when, ofOwn)) {
        hit(`second worker: ${scene.second.does}`);
        beside.push(start(scene.second.does === 'apply' ? applying(stage) : running(stage)).ended);
      }
      for (const strike of scene.strikes) {
        if (strike.process !== number || !isAt(strike, name, when, ofOwn)) continue;
        hit(`${strike.does} ${when} ${name}`);
        hit(strike.does);
        if (strike.does === 'kill') {
          process.kill();
          if (scene.knowsDeath) world.noteGone(process.deps);
        } else {
          process.freeze();
          // It stands still until another has had time to take over and work.
          beside.push(start(applying(stage)).ended.then(() => process.thaw()));
        }
      }
    });
    return { ended: self.run(work), self };
  };

  for (let n = 0; n < MOST_PROCESSES; n++) {
    const { ended } = start(applying(stage));
    const end = await ended;
    while (beside.length > 0) await beside.shift();
    if (end.how === 'failed' && !(end.error instanceof AppError)) throw end.error;
    if (end.how === 'done') break;
  }
  return done;
}

const applying =
  ({ world: { connection }, plan }: Stage) =>
  (deps: LineDeps) =>
    withLine(deps, connection, (line: HeldLine) => runApply(line, { connection, planId: plan.planId }));
const running =
  ({ world: { connection } }: Stage) =>
  (deps: LineDeps) =>
    runLine(deps, { connection, full: false, apply: true, asOf: null });

/** Undisturbed. */
async function applyToTheEnd(stage: Stage): Promise<void> {
  const { world } = stage;
  for (let n = 0; n < MOST_PROCESSES; n++) {
    const end = await startProcess(world.newDeps()).run(applying(stage));
    if (end.how === 'done' && end.value.stopped === null) return;
    // A newer plan has taken its place: that one is applied.
    if (end.how === 'failed' && end.error instanceof AppError && end.error.code === 'conflict') {
      const latest = await startProcess(world.newDeps()).run((deps) =>
        withLine(deps, world.connection, (line) =>
          runApply(line, { connection: world.connection, planId: null }),
        ),
      );
      if (latest.how === 'done' && latest.value.stopped === null) return;
    } else if (end.how === 'failed') throw end.error;
    await world.time.advance(LATE_MS);
  }
  throw new Error('an undisturbed apply does not come to its end');
}
