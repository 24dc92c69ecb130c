import { text } from 'node:stream/consumers';
import { parse } from 'csv-parse/sync';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { ApiError } from './api-error.ts';
import type { UploadedFile } from './bulk-write-types.ts';

const MOST_COLUMNS = 200;
const DELIMITERS = [',', ';', ':', '|'];

/** The part named `file` of a multipart body. */
export async function fileOfForm(body: Buffer, contentType: string): Promise<Buffer> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const parts = form.getAll('file');
    const [part] = parts;
    if (parts.length === 1 && part instanceof Blob) return Buffer.from(await part.arrayBuffer());
  } catch {
    // No multipart body at all: refused like one without the part.
  }
  throw new ApiError(400, 'MANDATORY_NOT_FOUND', 'required field not found', { api_name: 'file' });
}

/** Refuses what is no zip; what is in it is judged when a job names it. */
export function requireZip(bytes: Buffer, mostBytes: number): void {
  if (bytes.length > mostBytes) throw new ApiError(413, 'FILE_TOO_LARGE', 'File size too large to process');
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK')
    throw new ApiError(400, 'INVALID_FILE_FORMAT', 'invalid file format. only zip format is supported');
}

export async function unpack(id: string, bytes: Buffer, mostRows: number): Promise<UploadedFile> {
  const entries = await csvEntries(bytes);
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) throw notSupported();
  const records = parseCsv(entry.content);
  const [header, ...rows] = records;
  if (header === undefined) throw notSupported();
  if (header.length > MOST_COLUMNS)
    throw new ApiError(400, 'HEADER_LIMIT_EXCEEDED', 'too many columns', { limit: MOST_COLUMNS });
  if (rows.length > mostRows) throw new ApiError(400, 'LIMIT_EXCEEDED', 'too many rows', { limit: mostRows });
  return { id, name: entry.name, header, rows };
}

const notSupported = () => new ApiError(400, 'FILE_NOT_SUPPORTED', 'File not supported for bulk write');

/** The delimiter is the first of the known ones that the header line holds. */
function parseCsv(content: string): string[][] {
  const [firstLine = ''] = content.split('\n', 1);
  const delimiter = DELIMITERS.find((each) => firstLine.includes(each)) ?? ',';
  try {
    return parse(content, { bom: true, delimiter, skip_empty_lines: true });
  } catch {
    throw notSupported();
  }
}

function csvEntries(bytes: Buffer): Promise<{ name: string; content: string }[]> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(notSupported());
      const found: { name: string; content: string }[] = [];
      zip.on('error', () => reject(notSupported()));
      zip.on('end', () => resolve(found));
      zip.on('entry', (entry: Entry) => {
        if (!entry.fileName.toLowerCase().endsWith('.csv')) return zip.readEntry();
        contentOf(zip, entry).then(
          (content) => {
            found.push({ name: entry.fileName, content });
            zip.readEntry();
          },
          () => reject(notSupported()),
        );
      });
      zip.readEntry();
    });
  });
}

function contentOf(zip: ZipFile, entry: Entry): Promise<string> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) =>
      error ? reject(error) : text(stream).then(resolve, reject),
    );
  });
}
