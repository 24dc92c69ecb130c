import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

/** A Vite plugin: beside each asset its packed twins, `.br` and `.gz`, so that the server packs nothing while somebody waits. */

const [packGzip, packBrotli] = [promisify(gzip), promisify(brotliCompress)];
const PACKABLE = /\.(js|css|svg|json)$/;
/** Smaller ones fit into one packet anyway. */
const LEAST_BYTES = 1_024;

export function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    apply: 'build',
    async writeBundle({ dir = '' }) {
      const folder = join(dir, 'assets');
      for (const name of await readdir(folder)) if (PACKABLE.test(name)) await packOne(join(folder, name));
    },
  };
}

async function packOne(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < LEAST_BYTES) return;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${path}.br`, await packBrotli(content, { params }));
  await writeFile(`${path}.gz`, await packGzip(content, { level: constants.Z_BEST_COMPRESSION }));
}
