// Checks extension/app/, packs it for Zoho, and proves that the zip holds every file of it unchanged.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { configProblem, lintApp, lintManifest } from './extension/lint-app.ts';
import { tryZet } from './extension/zet.ts';
import { contentOf, differences, zipApp } from './extension/zip-app.ts';

const PROJECT = fileURLToPath(new URL('../extension', import.meta.url));
const APP = join(PROJECT, 'app');

const { values } = parseArgs({ options: { config: { type: 'string' } } });
if (values.config !== undefined) {
  const problem = configProblem(readFileSync(values.config, 'utf8'));
  if (problem !== null) fail([`${values.config}: ${problem}`]);
  copyFileSync(values.config, join(APP, 'config.json'));
}
const problems = [...lintApp(APP), ...lintManifest(join(PROJECT, 'plugin-manifest.json'))];
if (problems.length > 0) fail(problems.map(({ path, rule, text }) => `${path || 'app'}: ${text} (${rule})`));

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
mkdirSync(join(PROJECT, 'dist'), { recursive: true });
const zip = join(PROJECT, 'dist', `customer-value-${version}.zip`);
await zipApp(APP, zip);
const content = await contentOf(zip);
const wrong = differences(APP, content);
if (wrong.length > 0) fail(wrong);

for (const { path, bytes, sha256 } of content)
  process.stdout.write(`${sha256}  ${String(bytes).padStart(8)}  ${path}\n`);
process.stdout.write(
  `extension/dist/customer-value-${version}.zip: ${content.length} files, each as in app/\n`,
);

const zet = tryZet(PROJECT);
if (zet.is === 'absent') {
  process.stdout.write(`zet: skipped, ${zet.why}\n`);
} else {
  const packed = zet.pack.zip === null ? null : await contentOf(zet.pack.zip);
  zet.remove();
  for (const [name, run] of [
    ['validate', zet.validate],
    ['pack', zet.pack],
  ] as const)
    process.stdout.write(`zet ${name}: exit ${run.code}: ${run.output.replace(/\s+/g, ' ')}\n`);
  if (zet.validate.code !== 0 || zet.pack.code !== 0 || packed === null) fail(['zet refuses the package']);
  const left = differences(APP, packed);
  if (left.length > 0) fail(left.map((text) => `zet's own zip: ${text}`));
  process.stdout.write(`zet's own zip holds the same ${packed.length} files\n`);
}

function fail(lines: readonly string[]): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.stderr.write('extension: nothing to upload\n');
  process.exit(1);
}
