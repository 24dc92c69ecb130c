import { open, stat } from 'node:fs/promises';
import { finished, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { parse } from 'csv-parse';
import { type Entry, open as openZip, type ZipFile } from 'yauzl';
import { AppError, ZohoContractError, ZohoUnavailableError } from '../errors.ts';
import type { ZohoRow } from './rows.ts';

/** The result file of a bulk job: a zip with one CSV, read without holding it in memory. */

const MOST_ROWS_A_CHUNK = 1_000;
const ZIP_MAGIC = 'PK';

/** What was downloaded is no result, or not the whole of it. */
export class BrokenResult extends ZohoUnavailableError {}

export function brokenDownload(what: string, cause?: unknown): BrokenResult {
  return new BrokenResult(
    `The result of a bulk job arrived broken (${what}); sync again: it is downloaded anew`,
    { cause },
  );
}

/** The first bytes tell a zip from the error body that Zoho sends in its place. */
export async function beginningOf(path: string): Promise<{ size: number; isZip: boolean; text: string }> {
  const { size } = await stat(path);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4_096), 0, 4_096, 0);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return { size, isZip: text.startsWith(ZIP_MAGIC), text };
  } finally {
    await file.close();
  }
}

function openFile(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true, autoClose: false }, (error, zip) =>
      error ? reject(brokenDownload('not a whole zip', error)) : resolve(zip),
    );
  });
}

/** null: the archive is empty, which is how a job without rows may end. */
function firstEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    zip.once('error', (error) => reject(brokenDownload('unreadable directory', error)));
    zip.once('end', () => resolve(null));
    zip.on('entry', (entry: Entry) => (entry.fileName.endsWith('/') ? zip.readEntry() : resolve(entry)));
    zip.readEntry();
  });
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, content) =>
      error ? reject(brokenDownload('unreadable entry', error)) : resolve(content),
    );
  });
}

/** yauzl checks the size of an entry, not its sum. */
async function* checked(content: Readable, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of content) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw brokenDownload('wrong checksum');
}

/** Rows in chunks of at most 1,000; at most two chunks are in memory. */
export async function* rowsOfZip(path: string): AsyncGenerator<ZohoRow[]> {
  const zip = await openFile(path);
  try {
    const entry = await firstEntry(zip);
    if (entry) yield* rowsOfCsv(checked(await contentOf(zip, entry), entry));
  } finally {
    zip.close();
  }
}

async function* rowsOfCsv(content: AsyncIterable<Buffer>): AsyncGenerator<ZohoRow[]> {
  // Not among csv-parse's declared options, but handed on to the stream that it is.
  const buffered = { readableHighWaterMark: MOST_ROWS_A_CHUNK };
  const parser = parse({ bom: true, skip_empty_lines: true, ...buffered });
  let failure: unknown = null;
  const feeding = pipeline(content, parser).catch((error: unknown) => {
    failure = error;
  });
  let columns: string[] | null = null;
  try {
    for await (const records of batches(parser)) {
      const rows: ZohoRow[] = [];
      for (const record of records) {
        if (columns === null) columns = columnNames(record);
        else rows.push(rowOf(columns, record));
      }
      if (rows.length > 0) yield rows;
    }
    await feeding;
    if (failure !== null) throw failure;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw brokenDownload(error instanceof Error ? error.message : 'unreadable CSV', error);
  } finally {
    parser.destroy();
    await feeding;
  }
}

/** API names as asked for; the id is spelled Id or id. */
function columnNames(header: readonly string[]): string[] {
  const names = header.map((name) => (name.toLowerCase() === 'id' ? 'id' : name));
  if (names.includes('id')) return names;
  // The result of a bulk write names the records that it wrote, whatever it calls our column of ids.
  if (names.includes('RECORD_ID')) return names.map((name) => (name === 'RECORD_ID' ? 'id' : name));
  throw new ZohoContractError('The result of a bulk job has no column of ids; nothing of it was used');
}

/** In a CSV an empty text and none look the same; both are none. */
function rowOf(columns: readonly string[], record: readonly string[]): ZohoRow {
  const row: ZohoRow = { id: '' };
  for (let at = 0; at < columns.length; at += 1) {
    const value = record[at];
    const name = columns[at];
    if (name !== undefined) row[name] = value === '' ? null : value;
  }
  return row;
}

/** Hundreds of records at a time: one turn of the event loop a record would triple the time. */
async function* batches(parser: Readable): AsyncGenerator<string[][]> {
  let error: unknown = null;
  let isOver = false;
  let wake = () => {};
  const stop = finished(parser, (cause) => {
    error = cause ?? null;
    isOver = true;
    wake();
  });
  const onReadable = () => wake();
  parser.on('readable', onReadable);
  try {
    let records: string[][] = [];
    for (;;) {
      const record: string[] | null = parser.read();
      if (record !== null) {
        records.push(record);
        if (records.length < MOST_ROWS_A_CHUNK) continue;
        yield records;
        records = [];
      } else if (isOver) break;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    // What arrived whole before an error is used: it need not be stored again.
    if (records.length > 0) yield records;
    if (error !== null) throw error;
  } finally {
    parser.off('readable', onReadable);
    stop();
  }
}
