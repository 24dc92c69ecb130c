import type { ModuleName } from '../domain.ts';
import { type AppError, ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { BulkWrite } from '../store/bulk-writes.ts';
import { waitForWriteJob } from '../zoho/bulk-write.ts';
import { type WrittenRow, writtenRows } from '../zoho/bulk-write-result.ts';
import { scanChanged } from '../zoho/coql.ts';
import { uploadOrigin } from '../zoho/hosts.ts';
import { isInPlace, rowOfIntent, rowsInPlace } from './field-rows.ts';
import { type Sent, stopOrThrow } from './send-batch.ts';
import type { Applying, FieldRow, Intent } from './types.ts';
import { commitRows, noteRefusals, type Refusals } from './write-fields.ts';

/** What became of the rows of a bulk job: from its result, or, where there is none, from the records themselves. */

const CHUNK = 1_000;
const STUCK_MS = 24 * 60 * 60_000;
// How far Zoho's clock and ours may be apart.
const CLOCK_MARGIN_MS = 10 * 60_000;
/**
 * Waits before each look after a lost answer: a job that was made starts within minutes, and the last look decides that
 * none was.
 */
const LOST_WAITS_MS = [5_000, 30_000, 120_000, 300_000] as const;
/** A job that has begun to write shows more rows at each look until it is done. */
const GROWTH_WAIT_MS = 60_000;

/** Waits for the job and stores what it did. Throws ZohoUnavailableError while it still runs after `patienceMs`. */
export async function finishBulkWrite(
  applying: Applying,
  refusals: Refusals,
  write: BulkWrite & { readonly jobId: string },
  patienceMs: number,
): Promise<{ again: FieldRow[]; hasFailed: boolean }> {
  const { deps } = applying;
  const job = { id: write.jobId, rows: write.rows };
  let results = new Map<string, WrittenRow>();
  let hasFailed = false;
  try {
    const ended = await waitForWriteJob(deps.zoho, job, { ...deps, patienceMs });
    if (ended.state === 'failed') {
      hasFailed = true;
      deps.log.warn({ bulkJob: job.id, code: ended.code }, 'a bulk write failed; its rows are read back');
    } else if (ended.downloadUrl !== null) {
      results = await resultsOf(applying, job.id, ended.downloadUrl);
    }
  } catch (error) {
    // Gone, as jobs and their results are kept for days only, or so long under way that it will never end.
    const isStuck = deps.clock.now().getTime() - write.begunAt.getTime() > STUCK_MS;
    if (!(error instanceof ZohoRejectedError || (isStuck && error instanceof ZohoUnavailableError)))
      throw error;
    hasFailed = true;
    deps.log.warn({ err: error, bulkJob: job.id }, 'a bulk write has no result; its rows are read back');
  }
  const again = await commitAll(applying, refusals, write, async (rows) =>
    outcomesOf(applying, rows, results),
  );
  return { again, hasFailed };
}

async function resultsOf(
  { deps, input }: Applying,
  id: string,
  downloadUrl: string,
): Promise<Map<string, WrittenRow>> {
  const origin = input.bulkTo?.origin ?? originOf(input.connection);
  const rows = await writtenRows(deps.zoho, { id, downloadUrl, origin }, deps);
  return new Map(rows.map((row) => [row.id, row]));
}

const originOf = ({ location, apiDomain }: Applying['input']['connection']) =>
  uploadOrigin(location, { apiDomain, operatorUploadUrl: null });

async function outcomesOf(
  { deps }: Applying,
  rows: readonly FieldRow[],
  results: ReadonlyMap<string, WrittenRow>,
): Promise<Sent[]> {
  const unnamed = rows.filter((row) => !results.has(row.recordId));
  const [first] = unnamed;
  const held = first ? await rowsInPlace(deps, first.module, unnamed) : new Map<FieldRow, string>();
  return rows.map((row): Sent => {
    const result = results.get(row.recordId);
    if (result === undefined) return held.has(row) ? written(row) : { outcome: 'failed' };
    return sentOf(row, result);
  });
}

function sentOf(row: FieldRow, result: WrittenRow): Sent {
  switch (result.outcome) {
    case 'written':
      return written(row);
    case 'untouched':
      return { outcome: 'failed' };
    case 'rejected': {
      const { code, message, field } = result;
      return { outcome: 'rejected', result: { ok: false, code, message, field, details: null } };
    }
  }
}

const written = (row: FieldRow): Sent => ({ outcome: 'written', recordId: row.recordId });

/**
 * A job may have been made whose id never arrived. It cannot be asked for, so its rows are looked at: none written
 * after the last look means that there is no job.
 */
export async function settleLostJob(
  applying: Applying,
  refusals: Refusals,
  write: BulkWrite,
): Promise<{ again: FieldRow[]; hasRun: boolean; stop: AppError | null }> {
  const { deps } = applying;
  try {
    let found = new Set<string>();
    for (const waitMs of LOST_WAITS_MS) {
      await deps.clock.sleep(waitMs);
      found = await idsInPlace(applying, write);
      if (found.size > 0) break;
    }
    for (let before = 0; found.size > before && found.size < write.rows; ) {
      before = found.size;
      await deps.clock.sleep(GROWTH_WAIT_MS);
      found = await idsInPlace(applying, write);
    }
    const again = await commitAll(applying, refusals, write, async (rows) =>
      rows.map((row): Sent => (found.has(row.recordId) ? written(row) : { outcome: 'failed' })),
    );
    return { again, hasRun: found.size > 0, stop: null };
  } catch (error) {
    return { again: [], hasRun: true, stop: stopOrThrow(error) };
  }
}

/** Rows that hold what was to be written and were touched since: a scan of what changed is far cheaper than ids. */
async function idsInPlace(applying: Applying, write: BulkWrite): Promise<Set<string>> {
  const { deps } = applying;
  const rows = new Map<string, FieldRow>();
  for await (const intents of deps.store.bulkWrites.openRows(write.id, CHUNK)) {
    for (const intent of intents) rows.set(intent.recordId ?? '', rowOfIntent(intent));
  }
  const fields = new Set([...rows.values()].flatMap((row) => row.writes.map(({ apiName }) => apiName)));
  const found = new Set<string>();
  const window = {
    from: new Date(write.begunAt.getTime() - CLOCK_MARGIN_MS),
    until: new Date(deps.clock.now().getTime() + CLOCK_MARGIN_MS),
  };
  try {
    const scan = { module: write.module, fields: [...fields], after: null, ...window };
    for await (const page of scanChanged(deps.zoho, scan)) {
      for (const held of page) {
        const row = rows.get(held.id);
        if (row && isInPlace(row, held)) found.add(held.id);
      }
    }
    return found;
  } catch (error) {
    if (!(error instanceof ZohoRejectedError || error instanceof ZohoContractError)) throw error;
    return new Set((await rowsInPlace(deps, write.module, [...rows.values()])).values());
  }
}

/** The bulk write ends last: until then a restart does this again for the rows that are left. */
async function commitAll(
  applying: Applying,
  refusals: Refusals,
  write: BulkWrite,
  outcomes: (rows: readonly FieldRow[]) => Promise<Sent[]>,
): Promise<FieldRow[]> {
  const { deps } = applying;
  const module: ModuleName = write.module;
  const again: FieldRow[] = [];
  for await (const intents of deps.store.bulkWrites.openRows(write.id, CHUNK)) {
    const rows = intents.map((intent: Intent) => rowOfIntent(intent));
    const sent = await outcomes(rows);
    const ids = intents.map(({ id }) => id);
    again.push(...(await commitRows(applying, { module, rows, sent, intents: ids })));
    again.push(...rows.filter((_, at) => sent[at]?.outcome === 'failed'));
    noteRefusals(refusals, module, rows, sent);
  }
  await deps.store.bulkWrites.setState(write.id, 'done');
  return again;
}
