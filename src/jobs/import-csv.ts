import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { InputError } from '../errors.ts';

/** A CSV file of people's own making, record by record: never the whole file in memory. */

export interface CsvRecord {
  /** On which its record begins, counted from 1 as an editor does. */
  readonly line: number;
  readonly cells: readonly string[];
}
interface BrokenLine {
  readonly line: number;
  readonly reason: string;
}
export interface CsvFile {
  readonly name: string;
  readonly delimiter: ',' | ';' | '\t';
  readonly header: readonly string[];
  /** Without the header. A broken one ends the file: what follows a quote that is not closed cannot be told apart. */
  readonly records: AsyncIterable<readonly (CsvRecord | BrokenLine)[]>;
  /** SHA-256 of what was read so far; of the whole file once `records` has ended. */
  readonly hash: () => string;
}

const HEADER_BYTES = 65_536;
const MAX_RECORD_CHARACTERS = 1_000_000;

/** Throws InputError when there is no such file or no header in it. */
export async function openCsv(path: string): Promise<CsvFile> {
  const name = basename(path);
  const delimiter = await delimiterOf(path);
  const sum = createHash('sha256');
  const batches = recordsOf(path, delimiter, (chunk) => sum.update(chunk));
  const { value: [header, ...first] = [] } = await batches.next();
  if (!header) throw new InputError(`${name} is empty; its first line must name the columns`);
  if ('reason' in header) throw new InputError(`${name} line ${header.line}: ${header.reason}`);
  async function* records() {
    yield first;
    yield* batches;
  }
  return { name, delimiter, header: header.cells, records: records(), hash: () => sum.copy().digest('hex') };
}

async function delimiterOf(path: string): Promise<CsvFile['delimiter']> {
  const start = Buffer.alloc(HEADER_BYTES);
  let bytes = 0;
  try {
    const file = await open(path);
    try {
      ({ bytesRead: bytes } = await file.read(start, 0, HEADER_BYTES, 0));
    } finally {
      await file.close();
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new InputError(`${path} cannot be read (${code})`, { cause });
  }
  const [header = ''] = start.toString('latin1', 0, bytes).split(/\r|\n/, 1);
  const count = (delimiter: string) => header.split(delimiter).length;
  if (count(';') > count(',')) return ';';
  return count('\t') > count(',') ? '\t' : ',';
}

/** In batches: a turn of the event loop a record would cost more than reading it. */
async function* recordsOf(
  path: string,
  delimiter: CsvFile['delimiter'],
  onChunk: (chunk: Buffer) => void,
): AsyncGenerator<(CsvRecord | BrokenLine)[], undefined> {
  let batch: (CsvRecord | BrokenLine)[] = [];
  let last = 0;
  const parser = parse({
    bom: true,
    delimiter,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_RECORD_CHARACTERS,
    on_record: (cells: string[], { lines }) => {
      last = lines;
      batch.push({ line: lines - linesWithin(cells), cells });
      return null;
    },
  });
  let failure: unknown = null;
  parser.on('error', (error) => {
    failure = error;
  });
  const ended = finished(parser.resume()).catch(() => undefined);
  try {
    for await (const text of textOf(path, onChunk)) {
      if (!parser.write(text)) await Promise.race([once(parser, 'drain'), ended]);
      if (batch.length > 0) yield batch;
      batch = [];
      if (failure !== null) break;
    }
    if (failure === null) parser.end();
    await ended;
  } catch (error) {
    failure = error;
  } finally {
    parser.destroy();
  }
  if (failure !== null) batch.push(brokenLine(failure, last + 1));
  if (batch.length > 0) yield batch;
  return undefined;
}

/** Throws what is no fault of the text. */
function brokenLine(error: unknown, line: number): BrokenLine {
  if (error instanceof CsvError) return { line, reason: brokenRecord(error) };
  if (error instanceof NotUtf8) {
    return { line: error.line, reason: 'not UTF-8; save the file as CSV UTF-8; what follows was not read' };
  }
  throw error;
}

function linesWithin(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => (cell.includes('\n') ? sum + cell.split('\n').length - 1 : sum), 0);
}

function brokenRecord({ code, message }: CsvError): string {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened and never closed; what follows was not read';
    case 'CSV_INVALID_CLOSING_QUOTE':
    case 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE':
      return 'text stands beside a quoted value; write a quote within a value as two; what follows was not read';
    case 'CSV_MAX_RECORD_SIZE':
      return 'longer than a million characters: is a quote not closed? What follows was not read';
    default:
      return `${message}; what follows was not read`;
  }
}

/** Throws NotUtf8 on bytes that are none: a name would otherwise be stored with its letters replaced. */
async function* textOf(path: string, onChunk: (chunk: Buffer) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let lines = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    onChunk(chunk);
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch (cause) {
      // What stands before it is read still: other bad lines are to be named too.
      const [good = ''] = chunk.toString('utf8').split('\ufffd', 1);
      yield good;
      throw new NotUtf8(lines + linesWithin([good]) + 1, cause);
    }
    yield text;
    for (let at = chunk.indexOf(LINE_END); at >= 0; at = chunk.indexOf(LINE_END, at + 1)) lines += 1;
  }
}

const LINE_END = 10;

class NotUtf8 extends Error {
  readonly line: number;
  constructor(line: number, cause: unknown) {
    super(`line ${line} is not UTF-8`, { cause });
    this.line = line;
  }
}
