import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConfigError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { problemOf } from './answers.ts';
import { bulkFolder } from './bulk-folder.ts';
import {
  BULK_PATH,
  type BulkDeps,
  type BulkJob,
  BulkJobFailed,
  type BulkQuery,
  createJob,
  type JobResult,
  waitForJob,
} from './bulk-jobs.ts';
import { BrokenResult, beginningOf, brokenDownload, rowsOfZip } from './bulk-zip.ts';
import type { ZohoClient } from './client.ts';
import { parseJson } from './json.ts';
import type { ZohoRow } from './rows.ts';

/** Export of a whole module: 50 credits for up to 200,000 rows. Create a job, wait, download, read. */

/** How far a read is: enough to go on with it in another process, without paying for a job twice. */
export interface BulkPosition {
  readonly job: BulkJob;
  /** Rows of that job that were handed out. */
  readonly stored: number;
  /** Works at Zoho while `job` is read. */
  readonly next: BulkJob | null;
}
/** `rows` are empty where only the position moved: it is to be remembered all the same. */
interface BulkPiece {
  readonly rows: ZohoRow[];
  readonly position: BulkPosition;
}

const ROWS_A_JOB = 200_000;
const DOWNLOADS = 3;
const DOWNLOAD_AGAIN_MS = 5_000;
/** Jobs that failed, or whose result was gone or broken, for one piece of the module. */
const JOBS_A_PIECE = 2;

/** Creates the first job of a read: Zoho works on it while other things are done. */
export async function startBulkRead(
  client: ZohoClient,
  query: BulkQuery,
  deps: BulkDeps,
): Promise<BulkPosition> {
  const job = await createJob(client, query, null, deps.hints);
  return { job, stored: 0, next: null };
}

/**
 * Every record, from `from` on. A result that is gone (Zoho keeps it a day) is made again from its page token; where
 * that token is dead too, the module is read from its beginning.
 */
export async function* bulkRead(
  client: ZohoClient,
  query: BulkQuery,
  deps: BulkDeps,
  from: BulkPosition | null = null,
): AsyncGenerator<BulkPiece> {
  const make = (pageToken: string | null) => createJob(client, query, pageToken, deps.hints);
  let position = from;
  for (let failures = 0; ; ) {
    if (position === null) {
      position = { job: await make(null), stored: 0, next: null };
      yield { rows: [], position };
    }
    try {
      const result = await waitForJob(client, position.job, deps);
      if (result.nextPageToken !== null && position.next === null) {
        position = { ...position, next: await make(result.nextPageToken) };
        yield { rows: [], position };
      }
      for await (const rows of rowsOfJob(client, result, position.stored, deps)) {
        position = { ...position, stored: position.stored + rows.length };
        yield { rows, position };
      }
    } catch (error) {
      failures += 1;
      if (!isWorthAnotherJob(error) || failures >= JOBS_A_PIECE) throw error;
      deps.log.warn({ err: error, bulkJob: position.job.id }, 'a bulk job is made again');
      position = await remade(position, make);
      if (position !== null) yield { rows: [], position };
      continue;
    }
    if (position.next === null) return;
    failures = 0;
    position = { job: position.next, stored: 0, next: null };
  }
}

const PASSING = [
  'FAILURE',
  'INTERNAL_ERROR',
  'PROCESSING_ERROR',
  'DEPENDENT_SERVICE_ERROR',
  'SERVICE_UNAVAILABLE',
];

/** The job failed, its result is broken whenever it is fetched, or one of them is no longer there. */
function isWorthAnotherJob(error: unknown): boolean {
  // Zoho's own trouble; a field or module that it names would only be refused again.
  if (error instanceof BulkJobFailed) return PASSING.includes(error.zohoCode ?? '');
  if (error instanceof BrokenResult) return true;
  const isGone = ['RESOURCE_NOT_FOUND', 'INVALID_REQUEST', 'INVALID_DATA'];
  return (
    error instanceof ZohoRejectedError && (error.status === 404 || isGone.includes(error.zohoCode ?? ''))
  );
}

/** Its rows may be others now, so all of them are read. null: from the beginning. */
async function remade(
  { job }: BulkPosition,
  make: (pageToken: string | null) => Promise<BulkJob>,
): Promise<BulkPosition | null> {
  if (job.pageToken === null) return null;
  try {
    return { job: await make(job.pageToken), stored: 0, next: null };
  } catch (error) {
    // A page token lives for 24 hours.
    if (error instanceof ZohoRejectedError) return null;
    throw error;
  }
}

/** A broken file is fetched again; rows that were handed out already are passed over. */
async function* rowsOfJob(
  client: ZohoClient,
  job: JobResult,
  stored: number,
  deps: BulkDeps,
): AsyncGenerator<ZohoRow[]> {
  if (job.count === 0) return;
  const folder = await bulkFolder();
  const path = join(folder, 'result.zip');
  let given = stored;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        for await (const rows of rowsOfDownload(client, job, { path, skip: given, log: deps.log })) {
          given += rows.length;
          yield rows;
        }
        requireAllRows(job, given);
        return;
      } catch (error) {
        const isWorthRepeating = error instanceof ZohoUnavailableError && attempt < DOWNLOADS;
        if (!isWorthRepeating) throw error;
        deps.log.warn({ err: error, bulkJob: job.id, attempt }, 'a bulk result is downloaded again');
        await deps.clock.sleep(DOWNLOAD_AGAIN_MS);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A file that is too short would make the missing records look deleted. */
function requireAllRows(job: JobResult, given: number): void {
  const promised = Math.min(job.count ?? 0, ROWS_A_JOB);
  if (given < promised) throw brokenDownload(`${given} rows of ${promised}`);
}

async function* rowsOfDownload(
  client: ZohoClient,
  job: JobResult,
  { path, skip, log }: { path: string; skip: number; log: Log },
): AsyncGenerator<ZohoRow[]> {
  const hasContent = await download(client, job, path, log);
  if (!hasContent) return;
  let passed = 0;
  for await (const rows of rowsOfZip(path)) {
    const known = Math.min(rows.length, Math.max(0, skip - passed));
    passed += rows.length;
    if (known < rows.length) yield known === 0 ? rows : rows.slice(known);
  }
}

/** False where Zoho has nothing to send: 204 or an empty body. */
async function download(client: ZohoClient, job: JobResult, path: string, log: Log): Promise<boolean> {
  const { body } = await requestResult(client, job, log);
  if (!(body instanceof Readable)) return false;
  try {
    await pipeline(body, createWriteStream(path));
  } catch (error) {
    throw brokenDownload('the connection broke off', error);
  }
  const { size, isZip, text } = await beginningOf(path);
  if (isZip) return true;
  if (size === 0) return false;
  const problem = problemIn(text);
  throw new BrokenResult(
    `Zoho sent no zip for bulk job ${job.id} (${problem ? `${problem.code}: ${problem.message}` : 'unknown content'}); sync again: it is asked for anew`,
    { zohoCode: problem?.code },
  );
}

function problemIn(text: string): ReturnType<typeof problemOf> {
  try {
    return problemOf(parseJson(text));
  } catch {
    return null;
  }
}

/** The address that Zoho gives, where it is one of the two documented forms; else the documented one. */
async function requestResult(client: ZohoClient, job: JobResult, log: Log) {
  const ask = (path: string) =>
    client.request({ method: 'GET', path, credits: client.prices.bulkReadDownload, responseType: 'stream' });
  const documented = `${BULK_PATH}/${encodeURIComponent(job.id)}/result`;
  const given = job.downloadUrl;
  if (given?.startsWith('/crm/bulk/')) return ask(given);
  if (given === null || !/^https?:\/\//i.test(given)) return ask(documented);
  try {
    return await ask(given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    log.warn({ err: error, bulkJob: job.id }, 'a download address outside Zoho is not used');
    return ask(documented);
  }
}
