import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../clock.ts';
import { ConfigError, ZohoUnavailableError } from '../errors.ts';
import type { Log } from '../log.ts';
import { bulkFolder } from './bulk-folder.ts';
import { BrokenResult, beginningOf, brokenDownload, rowsOfZip } from './bulk-zip.ts';
import type { ZohoClient } from './client.ts';
import { textOf } from './values.ts';

/** What a bulk write says about each of its rows. */
export type WrittenRow =
  | { readonly id: string; readonly outcome: 'written' }
  | {
      readonly id: string;
      readonly outcome: 'rejected';
      readonly code: string;
      /** API name of the column that was refused; null: the row. */
      readonly field: string | null;
      readonly message: string;
    }
  /** Zoho did not come to it. */
  | { readonly id: string; readonly outcome: 'untouched' };

const DOWNLOADS = 3;
const DOWNLOAD_AGAIN_MS = 5_000;

/**
 * Every row of the result, at most 25,000. Throws BrokenResult (a ZohoUnavailableError) when what is sent is no result,
 * ZohoRejectedError when it is gone.
 */
export async function writtenRows(
  client: ZohoClient,
  job: { readonly id: string; readonly downloadUrl: string; readonly origin: string },
  { clock, log }: { clock: Clock; log: Log },
): Promise<WrittenRow[]> {
  const folder = await bulkFolder();
  const path = join(folder, 'result.zip');
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await download(client, job, path, log);
        const all: WrittenRow[] = [];
        for await (const rows of rowsOfZip(path)) all.push(...rows.map(rowOf));
        return all;
      } catch (error) {
        if (!(error instanceof ZohoUnavailableError) || attempt >= DOWNLOADS) throw error;
        log.warn({ err: error, bulkJob: job.id, attempt }, 'the result of a bulk write is downloaded again');
        await clock.sleep(DOWNLOAD_AGAIN_MS);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(
  client: ZohoClient,
  { id, downloadUrl, origin }: { id: string; downloadUrl: string; origin: string },
  path: string,
  log: Log,
): Promise<void> {
  const ask = (url: string) =>
    client.request({
      method: 'GET',
      path: url,
      credits: client.prices.bulkWriteDownload,
      responseType: 'stream',
    });
  // A path belongs to the host of uploads.
  const onUploadHost = (url: string) => `${origin}${url.startsWith('/') ? '' : '/'}${url}`;
  const isAbsolute = /^https?:\/\//i.test(downloadUrl);
  const { body } = await ask(isAbsolute ? downloadUrl : onUploadHost(downloadUrl)).catch((error: unknown) => {
    if (!(error instanceof ConfigError) || !isAbsolute) throw error;
    log.warn({ err: error, bulkJob: id }, 'a download address outside Zoho is not used');
    const { pathname, search } = new URL(downloadUrl);
    return ask(onUploadHost(`${pathname}${search}`));
  });
  if (!(body instanceof Readable)) throw new BrokenResult(`Zoho sent no result for bulk write ${id}`);
  try {
    await pipeline(body, createWriteStream(path));
  } catch (error) {
    throw brokenDownload('the connection broke off', error);
  }
  const { isZip, text } = await beginningOf(path);
  if (!isZip) throw new BrokenResult(`Zoho sent no zip for bulk write ${id} (${text.slice(0, 100)})`);
}

function rowOf(row: { readonly id: string } & Record<string, unknown>): WrittenRow {
  const id = textOf(row.id) ?? textOf(row.RECORD_ID) ?? '';
  const status = (textOf(row.STATUS) ?? '').toLowerCase();
  if (status === 'added' || status === 'updated') return { id, outcome: 'written' };
  const errors = textOf(row.ERRORS);
  // Skipped, or a word that we do not know: what is not said to be written is refused when a reason is given.
  if (status !== 'skipped' && errors === null) return { id, outcome: 'untouched' };
  return { id, outcome: 'rejected', ...firstError(errors) };
}

/** `CODE-column:CODE-column`; codes hold no dash. */
function firstError(errors: string | null): { code: string; field: string | null; message: string } {
  const [first = ''] = (errors ?? '').split(':');
  const dash = first.indexOf('-');
  const code = dash < 0 ? first : first.slice(0, dash);
  const column = dash < 0 ? '' : first.slice(dash + 1);
  const isOfRow = column === '' || column.toLowerCase() === 'id';
  return {
    code: code === '' ? 'SKIPPED' : code,
    field: isOfRow ? null : column,
    message: errors ?? 'Zoho skipped the row and gave no reason',
  };
}
