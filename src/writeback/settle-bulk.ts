import { type AppError, ZohoUnavailableError } from '../errors.ts';
import { indexMapped } from '../plan/mapped-fields.ts';
import type { BulkWrite } from '../store/bulk-writes.ts';
import { dropBulkWrite } from './bulk-fields.ts';
import { finishBulkWrite, settleLostJob } from './bulk-outcome.ts';
import { settleIntents } from './settle-intents.ts';
import { taskWordsOf } from './task-rows.ts';
import { type ApplyInput, type Applying, emptyTally, type Tally, type WritebackDeps } from './types.ts';
import type { Refusals } from './write-fields.ts';

/** All that an earlier process announced and never reported: bulk writes first, then single calls. */
export async function settleWrites(
  deps: WritebackDeps,
  input: Pick<ApplyInput, 'connection' | 'bulkTo'>,
  tally: Tally = emptyTally(),
): Promise<void> {
  await settleBulkWrites(deps, input, tally);
  await settleIntents(deps, input.connection);
}

/** A job that runs still is waited for so long before anything else is written. */
const PATIENCE_MS = 10 * 60_000;

/**
 * Bulk writes that an earlier process left behind are gone on with: never made a second time while the first may run.
 * What they wrote counts in `tally`. Throws ZohoUnavailableError while one of them still runs.
 */
async function settleBulkWrites(
  deps: WritebackDeps,
  { connection, bulkTo }: Pick<ApplyInput, 'connection' | 'bulkTo'>,
  tally: Tally,
): Promise<void> {
  for (const write of await deps.store.bulkWrites.open(connection.id)) {
    const { planId, runId } = write;
    const applying: Applying = {
      deps,
      // What was announced is only looked at; whose value stands was decided before.
      input: {
        connection,
        planId,
        runId,
        onEdit: { usual: 'ours', fields: {} },
        ...(bulkTo ? { bulkTo } : {}),
      },
      asOf: (await deps.store.plans.get(planId))?.asOf ?? '',
      mapped: indexMapped(await deps.store.fieldMap.writable(connection.id)),
      words: await taskWordsOf(deps.store, connection.id),
      tally,
    };
    const stop = await settleOne(applying, write);
    if (stop) throw stop;
    deps.log.info(
      { bulkWrite: write.id, bulkJob: write.jobId },
      'a bulk write of an earlier apply was settled',
    );
  }
}

async function settleOne(applying: Applying, write: BulkWrite): Promise<AppError | null> {
  const refusals: Refusals = { modules: new Map(), fields: new Map() };
  switch (write.state) {
    case 'running':
      if (write.jobId === null) throw new ZohoUnavailableError(`bulk write ${write.id} runs without an id`);
      await finishBulkWrite(applying, refusals, { ...write, jobId: write.jobId }, PATIENCE_MS);
      return null;
    case 'sent':
      return (await settleLostJob(applying, refusals, write)).stop;
    case 'announced':
      await dropBulkWrite(applying, write);
      return null;
    case 'done':
    case 'dropped':
      return null;
  }
}
