import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock.ts';
import { ConfigError, ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isSuccess, problemOf } from './answers.ts';
import { beginningOf, brokenDownload, rowsOfZip } from './bulk-zip.ts';
import type { ZohoClient } from './client.ts';
import { isObject, parseJson } from './json.ts';
import { listIn, type ZohoRow } from './rows.ts';
import { textOf } from './values.ts';

/** Export of a whole module: 50 credits for up to 200,000 rows. Create a job, wait, download, read. */

interface BulkDeps {
  readonly clock: Clock;
  readonly log: Log;
}
export interface BulkQuery {
  readonly module: string;
  readonly fields: readonly string[];
  /** As Zoho writes it: a comparator, or a group of them. */
  readonly criteria?: unknown;
}
interface JobResult {
  readonly id: string;
  readonly count: number | null;
  readonly nextPageToken: string | null;
  readonly downloadUrl: string | null;
}

const PATH = '/crm/bulk/v8/read';
const ROWS_A_JOB = 200_000;
// Small jobs are done within seconds, large ones take minutes; every look costs a credit.
const FIRST_POLL_MS = 1_000;
const POLL_GROWTH = 1.6;
const LONGEST_POLL_MS = 60_000;
const GIVE_UP_MS = 60 * 60_000;
const DOWNLOADS = 3;
const DOWNLOAD_AGAIN_MS = 5_000;

export async function* bulkRead(
  client: ZohoClient,
  query: BulkQuery,
  deps: BulkDeps,
): AsyncGenerator<ZohoRow[]> {
  let request: Record<string, unknown> = {
    query: {
      module: { api_name: query.module },
      fields: [...new Set(['id', ...query.fields])],
      ...(query.criteria === undefined ? {} : { criteria: query.criteria }),
    },
    file_type: 'csv',
  };
  for (;;) {
    const job = await createJob(client, query.module, request);
    const result = await waitForJob(client, job, deps);
    yield* rowsOfJob(client, result, deps);
    if (result.nextPageToken === null) return;
    // Fields and criteria are bound to the token; it stands alone.
    request = { query: { page_token: result.nextPageToken } };
  }
}

async function createJob(client: ZohoClient, module: string, body: Record<string, unknown>): Promise<string> {
  const answer = await client.request({
    method: 'POST',
    path: PATH,
    body,
    credits: client.prices.bulkReadJob,
  });
  const [row] = listIn(answer.body, 'data', 'a bulk job');
  const id = row && isSuccess(row) && isObject(row.details) ? textOf(row.details.id) : null;
  if (id !== null) return id;
  const problem = problemOf(row);
  if (problem === null) throw new ZohoContractError(`Zoho did not say which bulk job reads ${module}`);
  throw new ZohoRejectedError(
    `Zoho refused the bulk job on ${module} (${problem.code}: ${problem.message})`,
    {
      zohoCode: problem.code,
      details: problem.details,
      status: answer.status,
    },
  );
}

async function waitForJob(client: ZohoClient, id: string, { clock, log }: BulkDeps): Promise<JobResult> {
  const giveUpAt = clock.now().getTime() + GIVE_UP_MS;
  let pauseMs = FIRST_POLL_MS;
  for (;;) {
    await clock.sleep(pauseMs);
    const { body } = await client.request({
      method: 'GET',
      path: `${PATH}/${encodeURIComponent(id)}`,
      credits: client.prices.bulkReadPoll,
    });
    const [job] = listIn(body, 'data', 'the state of a bulk job');
    // "IN PROGRESS" comes with a space or without.
    const state = String(job?.state ?? '')
      .replace(/[\s_]/g, '')
      .toUpperCase();
    // Some answers show a result before there is one.
    if (job && state === 'COMPLETED') return resultOf(id, job);
    if (job && (state === 'FAILURE' || state === 'FAILED')) throw failedJob(id, job);
    if (clock.now().getTime() >= giveUpAt) {
      throw new ZohoUnavailableError(
        `Zoho has not finished bulk job ${id} within an hour (${state}); try again later`,
      );
    }
    log.debug({ bulkJob: id, state, pauseMs }, 'waiting for a bulk job');
    pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * POLL_GROWTH);
  }
}

function failedJob(id: string, job: Record<string, unknown>): ZohoRejectedError {
  const result = isObject(job.result) ? job.result : {};
  const problem = problemOf(result.error_message) ?? {
    code: 'FAILURE',
    message: 'no reason given',
    details: null,
  };
  return new ZohoRejectedError(`Bulk job ${id} failed at Zoho (${problem.code}: ${problem.message})`, {
    zohoCode: problem.code,
    details: problem.details,
  });
}

function resultOf(id: string, job: Record<string, unknown>): JobResult {
  const result = isObject(job.result) ? job.result : {};
  const count = typeof result.count === 'number' && result.count >= 0 ? result.count : null;
  const nextPageToken = result.more_records === true ? textOf(result.next_page_token) : null;
  if (result.more_records === true && nextPageToken === null) {
    throw new ZohoContractError(`Zoho has more rows than bulk job ${id} gives, but names no next page`);
  }
  return { id, count, nextPageToken, downloadUrl: textOf(result.download_url) };
}

/** A broken file is fetched again; rows that were handed out already are passed over. */
async function* rowsOfJob(client: ZohoClient, job: JobResult, deps: BulkDeps): AsyncGenerator<ZohoRow[]> {
  if (job.count === 0) return;
  const folder = await mkdtemp(join(tmpdir(), 'zcv-bulk-'));
  const path = join(folder, 'result.zip');
  let given = 0;
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
  throw new ZohoUnavailableError(
    `Zoho sent no zip for bulk job ${job.id} (${problem ? `${problem.code}: ${problem.message}` : 'unknown content'}); it is asked again`,
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
  const documented = `${PATH}/${encodeURIComponent(job.id)}/result`;
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
