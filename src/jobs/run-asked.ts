import type { Connection } from '../domain.ts';
import type { AppError } from '../errors.ts';
import type { Settings } from '../rules.ts';
import type { DoctorReport } from '../setup/doctor.ts';
import type { Asked } from './asked.ts';
import { asOfDay, type HeldLine, type LineDeps, recordRun, withLine } from './line.ts';
import { retryFailed } from './retry-failed.ts';
import { runApply } from './run-apply.ts';
import { runLine } from './run-line.ts';
import { runPlan } from './run-plan.ts';
import { runScoring } from './run-scoring.ts';
import { runSync } from './run-sync.ts';
import { previewUndo, runUndo } from './run-undo.ts';
import { lookInto, whatIf, workOnFields } from './set-up-work.ts';

/** What a person started from a page or by the API: the steps that commands take, as a job. */

export interface AskedDeps extends LineDeps {
  readonly doctor: (connection: Connection) => Promise<DoctorReport>;
  /** As they would be if that stored version, a draft among them, were in force. Throws ConfigError, NotFoundError. */
  readonly settingsOf: (connection: Connection, version: number) => Promise<Settings>;
}

/** Throws what stopped a write, after all that was written is stored; then the job is parked or repeated. */
export async function runAsked(deps: AskedDeps, connection: Connection, asked: Asked): Promise<void> {
  if (asked.what === 'run') {
    const { full, apply } = asked;
    const { stopped } = await runLine(deps, { connection, full, apply, asOf: null });
    if (stopped) throw stopped;
    return;
  }
  const stopped = await withLine(deps, connection, (line) => step(deps, line, connection, asked));
  if (stopped) throw stopped;
}

async function step(
  { doctor, settingsOf }: AskedDeps,
  line: HeldLine,
  connection: Connection,
  asked: Exclude<Asked, { what: 'run' }>,
): Promise<AppError | null> {
  switch (asked.what) {
    case 'sync':
      await runSync(line, { connection, full: asked.full });
      return null;
    case 'score':
      await runScoring(line, { connection, asOf: asOfDay(line, connection, null) });
      return null;
    case 'plan': {
      const lastSync = await line.store.runs.latest(connection.id, 'sync');
      const creditsLeft = await line.creditsLeft(connection);
      await runPlan(line, { connection, isPartial: lastSync?.state === 'partial', creditsLeft });
      return null;
    }
    case 'apply': {
      const { plan, fieldsOnly, canary } = asked;
      const parts = { fieldsOnly, ...(canary === null ? {} : { canary }) };
      return (await runApply(line, { connection, planId: plan, ...parts })).stopped;
    }
    case 'undo':
      return (await runUndo(line, { connection, undone: asked.run })).stopped;
    case 'undo-preview':
      await recordRun(line, connection, 'undo-preview', { run: asked.run }, async () => {
        const { summary, stopped } = await previewUndo(line, { connection, undone: asked.run });
        return { summary, isPartial: stopped !== null };
      });
      return null;
    case 'retry':
      return (await retryFailed(line, connection, asked.run)).stopped;
    case 'doctor':
      await recordRun(line, connection, 'doctor', {}, async () => ({
        summary: await doctor(connection),
        isPartial: false,
      }));
      return null;
    case 'assess':
      await lookInto(line, connection);
      return null;
    case 'fields-plan':
    case 'fields':
      await workOnFields(line, connection, asked);
      return null;
    case 'what-if':
      await whatIf(line, connection, {
        ...{ version: asked.version, customer: asked.customer },
        settings: await settingsOf(connection, asked.version),
      });
      return null;
  }
}
