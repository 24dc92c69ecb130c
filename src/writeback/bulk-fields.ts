import type { FieldValue, ModuleName } from '../domain.ts';
import { type AppError, ZohoAuthError, ZohoRejectedError } from '../errors.ts';
import { fieldSpec } from '../plan/field-catalog.ts';
import { CLEARS_NOTHING } from '../plan/price.ts';
import type { BulkWrite } from '../store/bulk-writes.ts';
import {
  createWriteJob,
  FileTooLarge,
  type UploadTarget,
  uploadFile,
  type WriteColumn,
  type WriteFile,
  zipOf,
} from '../zoho/bulk-write.ts';
import { finishBulkWrite, settleLostJob } from './bulk-outcome.ts';
import { rowIntent } from './field-rows.ts';
import { isAnswerLost, stopOrThrow } from './send-batch.ts';
import type { Applying, FieldRow } from './types.ts';
import type { Refusals } from './write-fields.ts';

/**
 * Writes many rows of one module by one bulk job. Its rows are announced before anything is sent, and the job's id is
 * stored before anything else is done, so that a restart goes on with the job instead of making a second one.
 */

export interface BulkOutcome {
  /** Rows that the job did not write and that are worth another way. */
  readonly again: FieldRow[];
  /** The org takes no bulk writes of this module now. */
  readonly isRefused: boolean;
  readonly stop: AppError | null;
}

// A second lost answer in a row is an outage, not bad luck.
const MOST_JOBS = 2;
/** Documented to end within minutes; a job that runs longer is gone on with by the next apply. */
const PATIENCE_MS = 60 * 60_000;

export async function writeInBulk(
  applying: Applying,
  refusals: Refusals,
  input: { module: ModuleName; group: string; rows: readonly FieldRow[]; to: UploadTarget },
): Promise<BulkOutcome> {
  const { deps } = applying;
  const file = fileOf(input);
  let zip: Buffer;
  try {
    zip = await zipOf(file);
  } catch (error) {
    if (!(error instanceof FileTooLarge) || input.rows.length < 2) throw error;
    deps.log.warn({ rows: input.rows.length, module: input.module }, 'a file of a bulk write is cut in two');
    return inHalves(applying, refusals, input);
  }
  for (let attempt = 1; ; attempt += 1) {
    const write = await announce(applying, input.module, input.rows);
    const asked = await askForJob(applying, write, { ...input, file, zip });
    if ('outcome' in asked) return asked.outcome;
    if ('jobId' in asked)
      return follow(applying, refusals, { ...write, state: 'running', jobId: asked.jobId });
    const lost = await settleLostJob(applying, refusals, write);
    if (lost.stop || lost.hasRun) return { again: lost.again, isRefused: false, stop: lost.stop };
    if (attempt >= MOST_JOBS) return { again: [], isRefused: false, stop: stopOrThrow(asked.lost) };
  }
}

async function inHalves(
  applying: Applying,
  refusals: Refusals,
  input: Parameters<typeof writeInBulk>[2],
): Promise<BulkOutcome> {
  const half = Math.ceil(input.rows.length / 2);
  const again: FieldRow[] = [];
  for (const rows of [input.rows.slice(0, half), input.rows.slice(half)]) {
    const part = await writeInBulk(applying, refusals, { ...input, rows });
    again.push(...part.again);
    if (part.stop || part.isRefused) return { ...part, again };
  }
  return { again, isRefused: false, stop: null };
}

async function announce(
  { deps, input }: Applying,
  module: ModuleName,
  rows: readonly FieldRow[],
): Promise<BulkWrite> {
  const at = deps.clock.now();
  const head = { connection: input.connection.id, runId: input.runId, planId: input.planId };
  const write = await deps.store.bulkWrites.announce(
    { ...head, module, rows: rows.length, begunAt: at },
    deps.lease,
  );
  const intents = rows.map((row) => rowIntent(row, { ...head, at }));
  await deps.store.bulkWrites.addIntents(write.id, intents, deps.lease);
  return write;
}

type Asked =
  | { readonly jobId: string }
  /** Nobody can say whether there is a job. */
  | { readonly lost: unknown }
  /** There is certainly none. */
  | { readonly outcome: BulkOutcome };

async function askForJob(
  applying: Applying,
  write: BulkWrite,
  { file, zip, to, rows }: { file: WriteFile; zip: Buffer; to: UploadTarget; rows: readonly FieldRow[] },
): Promise<Asked> {
  const { zoho, store, log } = applying.deps;
  try {
    const fileId = await uploadFile(zoho, to, { name: `zcv-${write.id}.zip`, zip });
    await store.bulkWrites.setState(write.id, 'sent');
    const jobId = await createWriteJob(zoho, fileId, file);
    await store.bulkWrites.setState(write.id, 'running', jobId);
    log.info({ bulkJob: jobId, module: file.module, rows: rows.length }, 'a bulk write was started');
    return { jobId };
  } catch (error) {
    if (isAnswerLost(error)) return { lost: error };
    const isRefused =
      error instanceof ZohoRejectedError || (error instanceof ZohoAuthError && error.scope === true);
    const stop = isRefused ? null : stopOrThrow(error);
    await dropBulkWrite(applying, write);
    if (isRefused) {
      log.warn(
        { err: error, module: file.module, rows: rows.length },
        'Zoho takes no bulk write here; the record API is used, which costs a credit per 10 records',
      );
    }
    return { outcome: { again: isRefused ? [...rows] : [], isRefused, stop } };
  }
}

/** Nothing of it can have been written: its rows are as if they had never been announced. */
export async function dropBulkWrite({ deps }: Pick<Applying, 'deps'>, write: BulkWrite): Promise<void> {
  for await (const intents of deps.store.bulkWrites.openRows(write.id, 1_000)) {
    await deps.store.intents.finish(
      intents.map(({ id, recordId }) => ({ id, outcome: 'failed', code: null, message: null, recordId })),
    );
  }
  await deps.store.bulkWrites.setState(write.id, 'dropped');
}

async function follow(
  applying: Applying,
  refusals: Refusals,
  write: BulkWrite & { readonly jobId: string },
): Promise<BulkOutcome> {
  try {
    const { again, hasFailed } = await finishBulkWrite(applying, refusals, write, PATIENCE_MS);
    return { again, isRefused: hasFailed, stop: null };
  } catch (error) {
    return { again: [], isRefused: false, stop: stopOrThrow(error) };
  }
}

function fileOf({
  module,
  group,
  rows,
}: {
  module: ModuleName;
  group: string;
  rows: readonly FieldRow[];
}): WriteFile {
  const columns = new Map<string, WriteColumn>();
  for (const { writes } of rows) {
    for (const { apiName, key } of writes)
      columns.set(apiName, { apiName, isDate: fieldSpec(key).type === 'date' });
  }
  const names = [...columns.keys()];
  return {
    module,
    columns: [...columns.values()],
    rows: rows.map(({ recordId, writes }) => {
      const values = new Map(writes.map(({ apiName, value }) => [apiName, value]));
      return { id: recordId, cells: names.map((name) => cellOf(values.get(name))) };
    }),
    // In a group that clears something every row writes every column.
    ignoreEmpty: group === CLEARS_NOTHING,
  };
}

function cellOf(value: FieldValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
