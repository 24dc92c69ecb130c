import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Snapshot } from '../store/snapshot.ts';
import type { CopiedTable } from '../store/whole-load.ts';
import type { Cell } from '../store/whole-tables.ts';

/**
 * A backup is one file: a head of fixed length, JSON that says what is in it, then a zstd stream of JSON lines, a line a
 * row. The head is written last, so a file that is not whole has none. Both directions hold one page of rows in memory.
 */

const FORMAT = 'zcv-backup';
const VERSION = 1;
const HEAD_BYTES = 65_536;
// A longer line cannot be a row that we wrote.
const LONGEST_LINE = 256 * 1_024 * 1_024;
const NO_KEY =
  'The encryption keys are not in this file. Without those that are named, its secrets do not open: keep them apart from it.';

const TableSum = z.object({ name: z.string(), rows: z.int(), sha256: z.string() });
const Head = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.int(),
  product: z.string(),
  createdAt: z.iso.datetime(),
  dialect: z.enum(['sqlite', 'postgres']),
  migrations: z.array(z.string()),
  keyIds: z.array(z.string()),
  note: z.string(),
  sequences: z.record(z.string(), z.int()),
  tables: z.array(TableSum),
  body: z.object({ compression: z.literal('zstd'), bytes: z.int(), sha256: z.string() }),
});
export type BackupHead = z.infer<typeof Head>;
export type TableSum = z.infer<typeof TableSum>;

const CELL_TYPE = z.enum(['text', 'bigint', 'double', 'boolean', 'timestamptz', 'bytes']);
const TableLine = z.object({
  table: z.string(),
  columns: z.array(z.object({ name: z.string(), type: CELL_TYPE })),
});

const lineOf = (row: readonly Cell[]): string => `${JSON.stringify(row)}\n`;

/** What two copies of the same rows have in common, whatever database holds them. */
export async function sumsOf(snapshot: Snapshot): Promise<TableSum[]> {
  const sums: TableSum[] = [];
  for (const table of snapshot.tables) {
    const hash = createHash('sha256');
    let rows = 0;
    for await (const page of snapshot.rows(table)) {
      rows += page.length;
      hash.update(page.map(lineOf).join(''));
    }
    sums.push({ name: table.name, rows, sha256: hash.digest('hex') });
  }
  return sums;
}

/** Written aside, synced, and given its name when it is whole; only its owner may read it. Throws what the disk throws. */
export async function writeBackup(
  snapshot: Snapshot,
  path: string,
  about: { readonly product: string; readonly createdAt: Date; readonly keyIds: readonly string[] },
): Promise<BackupHead> {
  const aside = `${path}.part-${randomBytes(4).toString('hex')}`;
  const file = await open(aside, 'wx', 0o600);
  try {
    const tables: TableSum[] = [];
    const bodyHash = createHash('sha256');
    let bytes = 0;
    await pipeline(
      Readable.from(bodyLines(snapshot, tables)),
      createZstdCompress(),
      async (compressed: AsyncIterable<Buffer>) => {
        for await (const chunk of compressed) {
          bodyHash.update(chunk);
          await writeAt(file, chunk, HEAD_BYTES + bytes);
          bytes += chunk.length;
        }
      },
    );
    const head: BackupHead = {
      format: FORMAT,
      formatVersion: VERSION,
      product: about.product,
      createdAt: about.createdAt.toISOString(),
      dialect: snapshot.dialect,
      migrations: [...snapshot.migrations],
      keyIds: [...about.keyIds],
      note: NO_KEY,
      sequences: { ...snapshot.sequences },
      tables,
      body: { compression: 'zstd', bytes, sha256: bodyHash.digest('hex') },
    };
    await file.sync();
    await writeAt(file, headBlock(head), 0);
    await file.sync();
    await file.close();
    await rename(aside, path);
    await syncFolder(dirname(path));
    return head;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(aside, { force: true });
    throw error;
  }
}

async function* bodyLines(snapshot: Snapshot, sums: TableSum[]): AsyncGenerator<string> {
  for (const table of snapshot.tables) {
    const hash = createHash('sha256');
    let rows = 0;
    yield `${JSON.stringify({ table: table.name, columns: table.columns })}\n`;
    for await (const page of snapshot.rows(table)) {
      const lines = page.map(lineOf).join('');
      rows += page.length;
      hash.update(lines);
      yield lines;
    }
    sums.push({ name: table.name, rows, sha256: hash.digest('hex') });
  }
}

function headBlock(head: BackupHead): Buffer {
  const text = Buffer.from(JSON.stringify(head));
  if (text.length >= HEAD_BYTES) throw new Error(`the head of a backup needs ${text.length} bytes`);
  return Buffer.concat([text, Buffer.alloc(HEAD_BYTES - text.length - 1, ' '), Buffer.from('\n')]);
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}

/** Throws InputError when the file is not one of ours, not whole, or of a later format. */
export async function readHead(path: string): Promise<BackupHead> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new InputError(`${path} cannot be read`, { cause });
  });
  try {
    const block = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(block, 0, HEAD_BYTES, 0);
    const text = block.subarray(0, bytesRead).toString('utf8').trimEnd();
    const parsed = Head.safeParse(text.startsWith('{') ? parsedJson(text) : null);
    if (!parsed.success) throw new InputError(`${path} is no backup of this service, or not a whole one`);
    if (parsed.data.formatVersion > VERSION) {
      throw new InputError(
        `${path} was made by version ${parsed.data.product}; use that version or a later one`,
      );
    }
    const { size } = await file.stat();
    if (size !== HEAD_BYTES + parsed.data.body.bytes) {
      throw new InputError(
        `${path} has ${size} bytes instead of ${HEAD_BYTES + parsed.data.body.bytes}: it was cut or added to`,
      );
    }
    return parsed.data;
  } finally {
    await file.close();
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Reads all of it. Throws InputError that names the table whose rows are not those that were written. */
export async function verifyBackup(path: string, head: BackupHead): Promise<void> {
  const bytes = createHash('sha256');
  for await (const chunk of createReadStream(path, { start: HEAD_BYTES })) bytes.update(chunk);
  if (bytes.digest('hex') !== head.body.sha256) {
    throw new InputError(`${path} was changed after it was written: its bytes have another checksum`);
  }
  for await (const table of tablesOf(path, head)) {
    for await (const _page of table.rows) {
      // The rows are judged where they are read.
    }
  }
}

/** Tables one after the other, each to be read to its end. Throws InputError on a wrong checksum or a missing table. */
export async function* tablesOf(path: string, head: BackupHead): AsyncGenerator<CopiedTable> {
  const lines = linesOf(createReadStream(path, { start: HEAD_BYTES }).pipe(createZstdDecompress()));
  const reader = { next: await lines.next() };
  const expected = new Map(head.tables.map((sum) => [sum.name, sum]));
  while (!reader.next.done) {
    const parsed = TableLine.safeParse(parsedJson(reader.next.value));
    const sum = parsed.success ? expected.get(parsed.data.table) : undefined;
    if (!parsed.success || !sum) throw new InputError(`${path} holds a line that belongs to no table`);
    expected.delete(sum.name);
    yield {
      name: parsed.data.table,
      columns: parsed.data.columns,
      rows: rowsOf(lines, reader, sum),
    };
  }
  const [missing] = expected.keys();
  if (missing !== undefined) throw new InputError(`${path} lacks the table ${missing}`);
}

const PAGE_ROWS = 500;

async function* rowsOf(
  lines: AsyncGenerator<string>,
  reader: { next: IteratorResult<string> },
  sum: TableSum,
): AsyncGenerator<Cell[][]> {
  const hash = createHash('sha256');
  let rows = 0;
  let page: Cell[][] = [];
  for (;;) {
    reader.next = await lines.next();
    if (reader.next.done || !reader.next.value.startsWith('[')) break;
    hash.update(`${reader.next.value}\n`);
    page.push(JSON.parse(reader.next.value) as Cell[]); // its checksum says that we wrote it
    rows += 1;
    if (page.length < PAGE_ROWS) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
  if (rows !== sum.rows || hash.digest('hex') !== sum.sha256) {
    throw new InputError(
      `the table ${sum.name} of the backup is not as it was written (${rows} of ${sum.rows} rows)`,
    );
  }
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, at)]).toString('utf8');
      parts = [];
      held = 0;
      from = at + 1;
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > LONGEST_LINE) throw new InputError('the backup holds a line longer than any row');
  }
  if (parts.length > 0) yield Buffer.concat(parts).toString('utf8');
}
