// The zip that is uploaded: the folder app/ at its root and nothing else, the same bytes for the same files.
import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';
import yazl from 'yazl';
import { filesOf } from './lint-app.ts';

const ROOT = 'app/';
// Zip knows no time before 1980; a fixed one makes two builds of the same files the same file.
const WHEN = new Date(1980, 0, 1);

export interface Packed {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

export async function zipApp(folder: string, zip: string): Promise<void> {
  const file = new yazl.ZipFile();
  for (const path of filesOf(folder))
    file.addBuffer(readFileSync(join(folder, path)), ROOT + path, { mtime: WHEN, mode: 0o100644 });
  file.end();
  await pipeline(file.outputStream, createWriteStream(zip));
}

export async function contentOf(zip: string): Promise<Packed[]> {
  const file = await yauzl.openPromise(zip);
  const content: Packed[] = [];
  for await (const entry of file.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const data = await buffer(await file.openReadStreamPromise(entry));
    content.push({ path: entry.fileName, bytes: data.length, sha256: sha256(data) });
  }
  return content.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What of the folder the zip lacks, holds besides, or holds changed. */
export function differences(folder: string, content: readonly Packed[]): string[] {
  const wanted = new Map(
    filesOf(folder).map((path) => [ROOT + path, sha256(readFileSync(join(folder, path)))]),
  );
  const packed = new Map(content.map(({ path, sha256: hash }) => [path, hash]));
  return [
    ...[...wanted.keys()].filter((path) => !packed.has(path)).map((path) => `${path} is missing in the zip`),
    ...[...packed.keys()].filter((path) => !wanted.has(path)).map((path) => `${path} is in the zip only`),
    ...[...wanted].flatMap(([path, hash]) =>
      packed.has(path) && packed.get(path) !== hash ? [`${path} differs in the zip`] : [],
    ),
  ];
}
