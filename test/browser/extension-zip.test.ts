import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lintApp } from '../../scripts/extension/lint-app.ts';
import { tryZet } from '../../scripts/extension/zet.ts';
import { contentOf, differences, zipApp } from '../../scripts/extension/zip-app.ts';

/** The built package, from the files to the zip that is uploaded. */

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
let project: string;
let app: string;

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'zcv-extension-'));
  app = join(project, 'app');
  cpSync(root('extension/plugin-manifest.json'), join(project, 'plugin-manifest.json'));
  const configFile = root('vite.widget.config.ts');
  await build({ configFile, logLevel: 'warn', build: { outDir: app, emptyOutDir: true } });
});
afterAll(() => rmSync(project, { recursive: true }));

const namesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

test('what is built passes every rule, and its code is small', () => {
  expect(lintApp(app)).toEqual([]);
  const code = namesIn(app).filter((name) => /\.(js|css|html)$/.test(name));
  const bytes = code.reduce((sum, name) => sum + gzipSync(readFileSync(join(app, name))).length, 0);
  expect(bytes).toBeLessThan(60_000);
});

test('the zip holds app/ and nothing else, each file with the hash it has there', async () => {
  const zip = join(project, 'one.zip');
  await zipApp(app, zip);

  const content = await contentOf(zip);

  const hashes = namesIn(app).map((name) => [
    `app/${name}`,
    createHash('sha256')
      .update(readFileSync(join(app, name)))
      .digest('hex'),
  ]);
  expect(Object.fromEntries(content.map(({ path, sha256 }) => [path, sha256]))).toEqual(
    Object.fromEntries(hashes),
  );
  expect(content.map(({ path }) => path)).toContain('app/widget.html');
  expect(differences(app, content)).toEqual([]);
});

test('the same files make the same zip', async () => {
  const [one, two] = [join(project, 'a.zip'), join(project, 'b.zip')];
  await zipApp(app, one);
  await zipApp(app, two);

  expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
});

test('a zip that lacks a file, holds another or holds it changed is told', async () => {
  const other = join(project, 'other');
  cpSync(app, other, { recursive: true });
  rmSync(join(other, 'widget.html'));
  writeFileSync(join(other, 'config.json'), '{}');
  mkdirSync(join(other, 'more'));
  writeFileSync(join(other, 'more', 'extra.js'), '');
  const zip = join(project, 'other.zip');
  await zipApp(other, zip);

  expect(differences(app, await contentOf(zip)).sort()).toEqual([
    'app/config.json differs in the zip',
    'app/more/extra.js is in the zip only',
    'app/widget.html is missing in the zip',
  ]);
});

test("Zoho's own packer takes it, and packs the same files", async () => {
  const zet = tryZet(project);
  if (zet.is === 'absent') throw new Error(zet.why);

  expect(zet.validate).toMatchObject({ code: 0, output: expect.stringContaining('passed successfully') });
  expect(zet.pack).toMatchObject({ code: 0, output: expect.stringContaining('packed successfully') });
  expect(differences(app, await contentOf(String(zet.pack.zip)))).toEqual([]);
  zet.remove();
});

test("Zoho's own packer drops what our rules refuse, and says nothing by its exit code", async () => {
  const worse = mkdtempSync(join(tmpdir(), 'zcv-extension-'));
  cpSync(project, worse, { recursive: true });
  writeFileSync(join(worse, 'app', 'logo.webp'), 'x');
  const zet = tryZet(worse);
  if (zet.is === 'absent') throw new Error(zet.why);

  expect(zet.pack.code).toBe(0);
  expect(differences(join(worse, 'app'), await contentOf(String(zet.pack.zip)))).toEqual([
    'app/logo.webp is missing in the zip',
  ]);
  expect(lintApp(join(worse, 'app')).map(({ rule }) => rule)).toEqual(['file-type']);
  zet.remove();
  rmSync(worse, { recursive: true });
});
