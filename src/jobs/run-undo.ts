import { z } from 'zod';
import { dayOf } from '../clock.ts';
import type { Connection, RunId } from '../domain.ts';
import { type AppError, InputError, NotFoundError } from '../errors.ts';
import { requireWritable } from '../setup/may-write.ts';
import type { Run } from '../store/store.ts';
import { type UndoResult, undoRun } from '../writeback/undo-run.ts';
import { type HeldLine, type LineDeps, recordRun } from './line.ts';

export interface UndoSummary extends Omit<UndoResult, 'stopped' | 'price'> {
  /** Null: a preview is no run. */
  readonly runId: RunId | null;
  readonly undone: RunId;
  readonly preview: boolean;
  readonly calls: number;
  /** Spent; for a preview, on looking. */
  readonly credits: number;
  /** A preview's estimate of looking once more and writing; null when it was done. */
  readonly price: number | null;
  /** That may still be spent today. */
  readonly creditsLeft: number;
  readonly stopped: { readonly code: string; readonly message: string } | null;
}

const RECENT = 50;

/** The run to take back: an apply, or an undo. Anything else is answered with those that can be. */
async function runToUndo(deps: LineDeps, connection: Connection, id: RunId): Promise<Run> {
  const run = await deps.store.runs.get(id);
  if (run?.connection === connection.id && canBeUndone(run)) {
    await requireKept(deps, run);
    return run;
  }
  const known = (await deps.store.runs.list(connection.id, RECENT)).filter(canBeUndone);
  const named = known.slice(0, 5).map((one) => `${one.id} (${one.kind}, ${one.startedAt.toISOString()})`);
  const hint = named.length > 0 ? `these did: ${named.join(', ')}` : 'none did yet';
  if (run?.connection === connection.id)
    throw new InputError(`run ${id} is a ${run.kind} and wrote nothing to Zoho; ${hint}`);
  throw new NotFoundError(`${connection.name} has no run ${id} that wrote to Zoho; ${hint}`);
}
function canBeUndone({ kind }: Run): boolean {
  return kind === 'apply' || kind === 'undo';
}

const DAY_MS = 86_400_000;
// A run that failed, or was written by an older version, tells nothing.
const Wrote = z.object({ written: z.int().default(0), restored: z.int().default(0) });

/**
 * Retention takes what a run wrote from its first write on, in pieces: what is left of an old run would be half an undo,
 * told as a whole one.
 */
async function requireKept(deps: LineDeps, run: Run): Promise<void> {
  const days = deps.settings.retention.undo;
  const isOld = run.startedAt.getTime() <= deps.clock.now().getTime() - days * DAY_MS;
  const told = Wrote.safeParse(run.summary).data;
  const isGone = async () =>
    told !== undefined && told.written + told.restored > 0 && !(await hasWritten(deps, run.id));
  if (!isOld && !(await isGone())) return;
  throw new InputError(
    `run ${run.id} of ${run.startedAt.toISOString()} can be taken back no more: what a run wrote is kept for ${days} days (retention.undo in fields.yaml)`,
  );
}
async function hasWritten({ store }: LineDeps, id: RunId): Promise<boolean> {
  for await (const page of store.intents.written(id, 1)) return page.length > 0;
  return false;
}

/** What an undo would do, and its price. Reads Zoho, writes nothing. */
export async function previewUndo(
  deps: HeldLine,
  { connection, undone }: { connection: Connection; undone: RunId },
): Promise<{ summary: UndoSummary; stopped: AppError | null }> {
  await runToUndo(deps, connection, undone);
  return undo(deps, { connection, undone, runId: null });
}

/**
 * Takes a run back. Plans that wait would write it again, so they are superseded, and the next one is held until a
 * person approves it; both before the first write, so that a killed undo leaves no gap.
 */
export async function runUndo(
  deps: HeldLine,
  { connection, undone }: { connection: Connection; undone: RunId },
): Promise<{ summary: UndoSummary; stopped: AppError | null }> {
  requireWritable(connection);
  const run = await runToUndo(deps, connection, undone);
  const { alerts, plans } = deps.store;
  const wasUndone = (await alerts.open(connection.id)).some(({ code }) => code === 'undone');
  await alerts.raise(
    connection.id,
    {
      code: 'undone',
      severity: 'warning',
      message: `Run ${undone} was undone: plans are held until one is approved (zcv plan, then zcv plan approve ID)`,
      params: { run: undone },
    },
    deps.clock.now(),
  );
  await plans.supersedeWaiting(connection.id);
  let stopped: AppError | null = null;
  const summary = await recordRun(deps, connection, 'undo', { run: undone }, async (runId) => {
    const done = await undo(deps, { connection, undone, runId });
    stopped = done.stopped;
    const { rejected, remaining } = done.summary;
    return { summary: done.summary, isPartial: stopped !== null || rejected.length + remaining > 0 };
  });
  const { restored, tasksDeleted, tasksRestored, remaining } = summary;
  const didNothing = restored + tasksDeleted + tasksRestored + remaining === 0;
  // Taking back an undo brings back what a person had let pass.
  const isRedone = run.kind === 'undo' && remaining === 0;
  if (isRedone || (didNothing && !wasUndone)) await alerts.close(connection.id, 'undone', deps.clock.now());
  return { summary, stopped };
}

async function undo(
  deps: HeldLine,
  { connection, undone, runId }: { connection: Connection; undone: RunId; runId: RunId | null },
): Promise<{ summary: UndoSummary; stopped: AppError | null }> {
  const zoho = deps.zohoFor(connection);
  const before = zoho.usage();
  const { stopped, price, ...result } = await undoRun(
    { ...deps, zoho },
    {
      connection,
      undone,
      runId: runId ?? '0', // a preview writes no intents
      today: dayOf(deps.clock.now(), connection.org.timeZone),
      isPreview: runId === null,
    },
  );
  const after = zoho.usage();
  const credits = after.credits - before.credits;
  const summary: UndoSummary = {
    runId,
    undone,
    preview: runId === null,
    ...result,
    calls: after.calls - before.calls,
    credits,
    price: runId === null ? price + credits : null,
    creditsLeft: await deps.creditsLeft(connection),
    stopped: stopped ? { code: stopped.code, message: stopped.message } : null,
  };
  return { summary, stopped };
}
