// Writes the scores and the surviving mutants of the last mutation run into docs/mutation-testing.md, keeping the reasons
// that stand there. Fails when a file scores below the limit or a survivor has no reason; reasons of the killed go.
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const GUIDE = 'docs/mutation-testing.md';
const LEAST_PERCENT = 80;
const GENERATED = '<!-- from here on written by scripts/mutation-report.ts; the reasons are kept -->';

const Place = z.object({ line: z.number(), column: z.number() });
const Report = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.string(),
      mutants: z.array(
        z.object({
          status: z.string(),
          replacement: z.string(),
          location: z.object({ start: Place, end: Place }),
        }),
      ),
    }),
  ),
});
type File = z.infer<typeof Report>['files'][string];
type Mutant = File['mutants'][number];

/** Killed by a failing test or by running endlessly, over all that a test could judge. */
function scoreOf({ mutants }: File): { found: number; judged: number } {
  const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const found = count('Killed', 'Timeout');
  return { found, judged: found + count('Survived', 'NoCoverage') };
}
const percentOf = ({ found, judged }: { found: number; judged: number }) => (found / judged) * 100;

const LONGEST = 100;
function cell(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  const short = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
  return `\`${short.replaceAll('|', '\\|').replaceAll('`', "'")}\``;
}

function mutatedCode(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]?.slice(0, end.column - 1) ?? '';
  lines[0] = lines[0]?.slice(start.column - 1) ?? '';
  return lines.join('\n');
}

/** Rows of the guide by file and change, without the line, which moves: several reasons of one change in their order. */
function reasonsOf(guide: string): Map<string, string[]> {
  const reasons = new Map<string, string[]>();
  let file = '';
  for (const line of guide.split('\n')) {
    file = /^### (\S+)/.exec(line)?.[1] ?? file;
    const [, , code, mutant, reason = ''] = line.split(/(?<!\\)\|/).map((part) => part.trim());
    if (!code?.startsWith('`') || !mutant || reason === '') continue;
    const key = `${file} ${code} ${mutant}`;
    reasons.set(key, [...(reasons.get(key) ?? []), reason]);
  }
  return reasons;
}

const { files } = Report.parse(JSON.parse(readFileSync('coverage/mutation.json', 'utf8')));
const guide = readFileSync(GUIDE, 'utf8');
const reasons = reasonsOf(guide);
const problems: string[] = [];
const scores: string[] = [];
const survivors: string[] = [];
const all = { found: 0, judged: 0 };
for (const [name, file] of Object.entries(files).sort(([left], [right]) => (left < right ? -1 : 1))) {
  const score = scoreOf(file);
  all.found += score.found;
  all.judged += score.judged;
  scores.push(
    `| ${name} | ${score.judged} | ${score.judged - score.found} | ${percentOf(score).toFixed(1)} % |`,
  );
  if (percentOf(score) < LEAST_PERCENT) problems.push(`${name}: below ${LEAST_PERCENT} %`);
  const left = file.mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .sort(
      (a, b) =>
        a.location.start.line - b.location.start.line || a.location.start.column - b.location.start.column,
    );
  if (left.length > 0)
    survivors.push(
      '',
      `### ${name}`,
      '',
      '| line | code | lives as | because |',
      '| --- | --- | --- | --- |',
    );
  for (const { location, replacement } of left) {
    const change = `${cell(mutatedCode(file.source, location))} | ${cell(replacement)}`;
    const key = `${name} ${change.replace(' | ', ' ')}`;
    const reason = reasons.get(key)?.shift() ?? '';
    if (reason === '') problems.push(`${name}:${location.start.line}: no reason for ${change}`);
    survivors.push(`| ${location.start.line} | ${change} | ${reason} |`);
  }
}
for (const [key, unused] of reasons) for (const _ of unused) process.stdout.write(`killed by now: ${key}\n`);

const [byHand = ''] = guide.split(GENERATED);
const table = ['| file | mutants | alive | score |', '| --- | --- | --- | --- |', ...scores];
const total = `| all | ${all.judged} | ${all.judged - all.found} | ${percentOf(all).toFixed(1)} % |`;
writeFileSync(
  GUIDE,
  [`${byHand}${GENERATED}`, '', '## Scores', '', ...table, total, '', '## Survivors', ...survivors, ''].join(
    '\n',
  ),
);
process.stdout.write(`${table.join('\n')}\n${total}\n`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
