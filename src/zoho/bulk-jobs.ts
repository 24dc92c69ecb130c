import type { Clock } from '../clock.ts';
import { ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isSuccess, problemOf } from './answers.ts';
import type { ZohoClient } from './client.ts';
import { isObject } from './json.ts';
import { listIn } from './rows.ts';
import { textOf } from './values.ts';

/** A bulk job from its creation until its result can be fetched. */

export interface BulkDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly hints?: BulkHints | undefined;
}
export interface BulkQuery {
  readonly module: string;
  readonly fields: readonly string[];
  /** As Zoho writes it: a comparator, or a group of them. */
  readonly criteria?: unknown;
}
export interface BulkJob {
  readonly id: string;
  /** That made it; null: the first job of a read. */
  readonly pageToken: string | null;
}
export interface JobResult {
  readonly id: string;
  readonly count: number | null;
  readonly nextPageToken: string | null;
  readonly downloadUrl: string | null;
}
/**
 * Zoho may tell when a job is done. Its word is not signed, so all it does is bring the next look forward.
 */
export interface BulkHints {
  /** A new address, and what to call once Zoho has named the job. */
  open(): Promise<{ readonly url: string; readonly bind: (jobId: string) => void }>;
  /** False also for a job that another process created. */
  isExpected(jobId: string): boolean;
  hasArrived(jobId: string): Promise<boolean>;
  close(jobId: string): Promise<void>;
}

export const BULK_PATH = '/crm/bulk/v8/read';
// Small jobs are done within seconds, large ones take minutes; every look costs a credit.
const FIRST_POLL_MS = 1_000;
const POLL_GROWTH = 1.6;
const LONGEST_POLL_MS = 60_000;
const GIVE_UP_MS = 60 * 60_000;
/** How soon a hint is seen. Looking for it costs nothing. */
const HINT_LOOK_MS = 1_000;

/** A callback that Zoho does not take must not cost the read its cheapest way. */
export async function createJob(
  client: ZohoClient,
  query: BulkQuery,
  pageToken: string | null,
  hints: BulkHints | undefined,
): Promise<BulkJob> {
  try {
    return await askForJob(client, query, pageToken, hints);
  } catch (error) {
    const isCallback = error instanceof ZohoRejectedError && /CALLBACK/.test(error.zohoCode ?? '');
    if (!hints || !isCallback) throw error;
    return askForJob(client, query, pageToken, undefined);
  }
}

async function askForJob(
  client: ZohoClient,
  query: BulkQuery,
  pageToken: string | null,
  hints: BulkHints | undefined,
): Promise<BulkJob> {
  const hint = await hints?.open();
  const answer = await client.request({
    method: 'POST',
    path: BULK_PATH,
    body: {
      ...(hint ? { callback: { url: hint.url, method: 'post' } } : {}),
      ...requestOf(query, pageToken),
    },
    credits: client.prices.bulkReadJob,
    // A second job does no harm but its price, and a read that breaks off costs more.
    idempotent: true,
  });
  const [row] = listIn(answer.body, 'data', 'a bulk job');
  const id = row && isSuccess(row) && isObject(row.details) ? textOf(row.details.id) : null;
  if (id !== null) {
    hint?.bind(id);
    return { id, pageToken };
  }
  const problem = problemOf(row);
  if (problem === null) {
    throw new ZohoContractError(`Zoho did not say which bulk job reads ${query.module}`);
  }
  throw new ZohoRejectedError(
    `Zoho refused the bulk job on ${query.module} (${problem.code}: ${problem.message})`,
    { zohoCode: problem.code, details: problem.details, status: answer.status },
  );
}

/** Fields and criteria are bound to a page token; it stands alone. */
function requestOf(query: BulkQuery, pageToken: string | null): Record<string, unknown> {
  if (pageToken !== null) return { query: { page_token: pageToken } };
  return {
    query: {
      module: { api_name: query.module },
      fields: [...new Set(['id', ...query.fields])],
      ...(query.criteria === undefined ? {} : { criteria: query.criteria }),
    },
    file_type: 'csv',
  };
}

export async function waitForJob(
  client: ZohoClient,
  { id }: BulkJob,
  { clock, log, hints }: BulkDeps,
): Promise<JobResult> {
  const giveUpAt = clock.now().getTime() + GIVE_UP_MS;
  let pauseMs = FIRST_POLL_MS;
  const isHinted = hints?.isExpected(id) ?? false;
  try {
    for (;;) {
      if (hints && isHinted) await pauseForHint(clock, pauseMs, () => hints.hasArrived(id));
      else await clock.sleep(pauseMs);
      const { state, job } = await look(client, id);
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
  } finally {
    if (isHinted) await hints?.close(id);
  }
}

/** Anybody could send a hint, so one is heeded once a pause and no pause is shorter than a second. */
async function pauseForHint(
  clock: Clock,
  pauseMs: number,
  hasArrived: () => Promise<boolean>,
): Promise<void> {
  for (let leftMs = pauseMs; leftMs > 0; leftMs -= HINT_LOOK_MS) {
    await clock.sleep(Math.min(HINT_LOOK_MS, leftMs));
    if (await hasArrived()) return;
  }
}

async function look(client: ZohoClient, id: string) {
  const { body } = await client.request({
    method: 'GET',
    path: `${BULK_PATH}/${encodeURIComponent(id)}`,
    credits: client.prices.bulkReadPoll,
  });
  const [job] = listIn(body, 'data', 'the state of a bulk job');
  // "IN PROGRESS" comes with a space or without.
  const state = String(job?.state ?? '')
    .replace(/[\s_]/g, '')
    .toUpperCase();
  return { job, state };
}

/** The job itself came to nothing; another one may not. */
export class BulkJobFailed extends ZohoRejectedError {}

function failedJob(id: string, job: Record<string, unknown>): BulkJobFailed {
  const result = isObject(job.result) ? job.result : {};
  const problem = problemOf(result.error_message) ?? {
    code: 'FAILURE',
    message: 'no reason given',
    details: null,
  };
  return new BulkJobFailed(`Bulk job ${id} failed at Zoho (${problem.code}: ${problem.message})`, {
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
