// Runs dependency-cruiser with the layer table and refuses a run that saw no modules:
// a parser that cannot read TypeScript would otherwise pass everything.
import { spawnSync } from 'node:child_process';

const extra = process.argv.slice(2);
const run = spawnSync(
  'depcruise',
  ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'test', ...extra],
  {
    encoding: 'utf8',
    maxBuffer: 512 * 1024 * 1024,
  },
);
if (run.error) throw run.error;
let summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
try {
  summary = JSON.parse(run.stdout).summary;
} catch {
  process.stderr.write(`${run.stderr}\nlayers: dependency-cruiser gave no report\n`);
  process.exit(2);
}
const modules = JSON.parse(run.stdout).modules.filter((m: { source: string }) =>
  m.source.startsWith('src/'),
).length;
for (const violation of summary.violations) {
  process.stderr.write(`${violation.rule.name}: ${violation.from} → ${violation.to}\n`);
}
process.stdout.write(`layers: ${modules} modules of src/ read, ${summary.violations.length} violations\n`);
process.exit(modules === 0 || summary.violations.length > 0 ? 1 : 0);
