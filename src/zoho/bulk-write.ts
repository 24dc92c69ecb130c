import { stringify } from 'csv-stringify/sync';
import { ZipFile } from 'yazl';
import type { Clock } from '../clock.ts';
import { ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { isSuccess, problemOf } from './answers.ts';
import type { ZohoClient } from './client.ts';
import { isObject } from './json.ts';
import { textOf } from './values.ts';

/**
 * Import of many rows of one module: 500 credits for up to 25,000 of them. Upload a zipped CSV, create a job, wait; the
 * result is read by bulk-write-result.ts. Whether the org's workflows run for these rows is not published.
 */

/** Zoho docs, bulk write limitations. */
const MOST_ROWS = 25_000;
const MOST_ZIP_BYTES = 25 * 1024 * 1024;
const WRITE_PATH = '/crm/bulk/v8/write';
const UPLOAD_PATH = '/crm/v8/upload';

/** Where a connection's files go. */
export interface UploadTarget {
  readonly origin: string;
  /** `zgid` of the org, not its id. */
  readonly zgid: string;
}
export interface WriteColumn {
  readonly apiName: string;
  readonly isDate: boolean;
}
/** Rows by id; a cell per column, null clears the field unless `ignoreEmpty`. */
export interface WriteFile {
  readonly module: string;
  readonly columns: readonly WriteColumn[];
  readonly rows: readonly { readonly id: string; readonly cells: readonly (string | null)[] }[];
  /** Empty cells leave their field alone. */
  readonly ignoreEmpty: boolean;
}

/** The file is too large for Zoho although its rows are few enough; half of them may fit. */
export class FileTooLarge extends ZohoRejectedError {}

/** Throws FileTooLarge. */
export async function zipOf(
  { module, columns, rows }: WriteFile,
  mostBytes = MOST_ZIP_BYTES,
): Promise<Buffer> {
  if (rows.length > MOST_ROWS) throw new RangeError(`${rows.length} rows in one file of a bulk write`);
  const zip = new ZipFile();
  const header = ['id', ...columns.map(({ apiName }) => apiName)];
  const csv = stringify([header, ...rows.map(({ id, cells }) => [id, ...cells])]);
  zip.addBuffer(Buffer.from(csv), `${module}.csv`);
  zip.end();
  const parts: Buffer[] = [];
  for await (const part of zip.outputStream) parts.push(Buffer.from(part));
  const bytes = Buffer.concat(parts);
  if (bytes.length <= mostBytes) return bytes;
  throw new FileTooLarge(`${rows.length} rows of ${module} make a file of ${bytes.length} bytes`, {
    zohoCode: 'FILE_TOO_LARGE',
    status: 413,
  });
}

/** Answers the id of the file. A second upload does no harm but its price. */
export async function uploadFile(
  client: ZohoClient,
  { origin, zgid }: UploadTarget,
  file: { readonly name: string; readonly zip: Buffer },
): Promise<string> {
  const boundary = `zcv-${file.zip.length.toString(36)}-${crypto.randomUUID()}`;
  const head = [
    `--${boundary}`,
    `content-disposition: form-data; name="file"; filename="${file.name}"`,
    'content-type: application/zip',
    '',
    '',
  ].join('\r\n');
  const { body } = await client.request({
    method: 'POST',
    path: `${origin}${UPLOAD_PATH}`,
    headers: { feature: 'bulk-write', 'x-crm-org': zgid },
    upload: {
      bytes: Buffer.concat([Buffer.from(head), file.zip, Buffer.from(`\r\n--${boundary}--\r\n`)]),
      contentType: `multipart/form-data; boundary=${boundary}`,
    },
    credits: client.prices.bulkWriteUpload,
    idempotent: true,
  });
  return idIn(body, 'file_id', 'what it calls an uploaded file');
}

/**
 * Answers the id of the job. Repeating it would pay twice and write twice, so a lost answer throws
 * ZohoUnavailableError with answerLost.
 */
export async function createWriteJob(
  client: ZohoClient,
  fileId: string,
  { module, columns, ignoreEmpty }: Omit<WriteFile, 'rows'>,
): Promise<string> {
  const { body } = await client.request({
    method: 'POST',
    path: WRITE_PATH,
    body: {
      operation: 'update',
      ignore_empty: ignoreEmpty,
      resource: [
        {
          type: 'data',
          module: { api_name: module },
          file_id: fileId,
          find_by: 'id',
          field_mappings: [
            { api_name: 'id', index: 0 },
            // Without a format a date is read as month/day/year.
            ...columns.map(({ apiName, isDate }, at) => ({
              api_name: apiName,
              index: at + 1,
              ...(isDate ? { format: 'yyyy-MM-dd' } : {}),
            })),
          ],
        },
      ],
    },
    credits: client.prices.bulkWriteJob,
  });
  return idIn(body, 'id', `which bulk job writes ${module}`);
}

/** `{details: {…}}`, some servers within `data`. */
function idIn(body: unknown, key: 'id' | 'file_id', what: string): string {
  const row: unknown = isObject(body) && Array.isArray(body.data) ? body.data[0] : body;
  const id = isObject(row) && isSuccess(row) && isObject(row.details) ? textOf(row.details[key]) : null;
  if (id !== null) return id;
  const problem = problemOf(row);
  if (problem === null) throw new ZohoContractError(`Zoho did not say ${what}`);
  throw new ZohoRejectedError(`Zoho refused the bulk write (${problem.code}: ${problem.message})`, {
    zohoCode: problem.code,
    details: problem.details,
  });
}

export type WriteJob =
  /** It has ended; every row is accounted for in its result. */
  | { readonly state: 'done'; readonly downloadUrl: string | null }
  /** It came to nothing, or to less than all. */
  | { readonly state: 'failed'; readonly code: string };

// A file is looked at when it can be done; every look costs a credit.
const FIRST_POLL_MS = 1_000;
const POLL_MS_A_ROW = 1;
const POLL_GROWTH = 1.6;
const LONGEST_POLL_MS = 60_000;

/** Throws ZohoUnavailableError when it still runs after `patienceMs`. */
export async function waitForWriteJob(
  client: ZohoClient,
  job: { readonly id: string; readonly rows: number },
  { clock, log, patienceMs }: { clock: Clock; log: Log; patienceMs: number },
): Promise<WriteJob> {
  const giveUpAt = clock.now().getTime() + patienceMs;
  let pauseMs = Math.min(LONGEST_POLL_MS, FIRST_POLL_MS + POLL_MS_A_ROW * job.rows);
  for (;;) {
    await clock.sleep(pauseMs);
    const { state, body } = await look(client, job.id);
    // SKIPPED: no row was written, and the result says why.
    if (state === 'COMPLETED' || state === 'SKIPPED') return { state: 'done', downloadUrl: urlIn(body) };
    if (state === 'FAILED' || state === 'FAILURE') return { state: 'failed', code: codeIn(body) };
    if (clock.now().getTime() >= giveUpAt) {
      throw new ZohoUnavailableError(
        `Zoho has not finished bulk write ${job.id} (${state}); it is gone on with at the next apply`,
      );
    }
    log.debug({ bulkJob: job.id, state, pauseMs }, 'waiting for a bulk write');
    pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * POLL_GROWTH);
  }
}

async function look(
  client: ZohoClient,
  id: string,
): Promise<{ state: string; body: Record<string, unknown> }> {
  const answer = await client.request({
    method: 'GET',
    path: `${WRITE_PATH}/${encodeURIComponent(id)}`,
    credits: client.prices.bulkWritePoll,
  });
  const body: unknown =
    isObject(answer.body) && Array.isArray(answer.body.data) ? answer.body.data[0] : answer.body;
  if (!isObject(body)) throw new ZohoContractError(`Zoho did not say how far bulk write ${id} is`);
  // "IN PROGRESS" comes with a space or without.
  const state = String(body.status ?? body.state ?? '')
    .replace(/[\s_]/g, '')
    .toUpperCase();
  return { state, body };
}

function urlIn(body: Record<string, unknown>): string | null {
  return isObject(body.result) ? textOf(body.result.download_url) : null;
}

function codeIn(body: Record<string, unknown>): string {
  const resource = Array.isArray(body.resource) ? body.resource[0] : null;
  return (isObject(resource) ? textOf(resource.code) : null) ?? 'FAILED';
}
