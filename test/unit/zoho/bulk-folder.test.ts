import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bulkFolder } from '../../../src/zoho/bulk-folder.ts';

const usual = process.env.TMPDIR;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zcv-folders-'));
  process.env.TMPDIR = folder;
});
afterEach(() => {
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  rmSync(folder, { recursive: true });
});

function aFolder(name: string, hoursOld: number): void {
  mkdirSync(join(folder, name));
  const at = new Date(Date.now() - hoursOld * 3_600_000);
  utimesSync(join(folder, name), at, at);
}

test('what a killed process left of its downloads is taken away, nothing else is', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  aFolder(`zcv-bulk-${dead}-aaaaaa`, 2);
  aFolder('zcv-bulk-bbbbbb', 2);
  aFolder(`zcv-bulk-${dead}-cccccc`, 0.5);
  aFolder(`zcv-bulk-${process.pid}-dddddd`, 2);
  aFolder('of-somebody-else', 2);

  const mine = await bulkFolder();

  expect(readdirSync(folder).sort()).toEqual(
    [basename(mine), 'of-somebody-else', `zcv-bulk-${dead}-cccccc`, `zcv-bulk-${process.pid}-dddddd`].sort(),
  );
});
