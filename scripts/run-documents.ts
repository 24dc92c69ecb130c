import { parseArgs } from 'node:util';
import { Beside, NotHere } from './documents/beside.ts';
import { type DocumentLine, documentLines } from './documents/command-lines.ts';
import { aHome, type Home } from './documents/home.ts';
import { type Treatment, treatmentOf, wordsToRun } from './documents/treatments.ts';

/**
 * Runs the `zcv` lines of the documents against a simulator, each in a copy of a linked and scored home, and compares the
 * exit code with what the documents say. Needs `npm run build`. `--only TEXT`, also several: lines that hold one of them; `--after TEXT`: those
 * behind the first that holds it; `--list`: runs nothing.
 */

const AT_ONCE = 3;

interface Outcome {
  readonly result: 'ok' | 'wrong' | 'not run';
  readonly note: string;
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    after: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

async function runLine(line: DocumentLine, home: Home, treatment: Treatment | null): Promise<Outcome> {
  const given = (await treatment?.prepare?.(home, beside)) ?? {};
  const words = wordsToRun(line, given);
  const plus = (treatment?.plus ?? []).filter((word) => !words.includes(word));
  const ran = await home.run([...words, ...plus], treatment?.stopWhen);
  const wanted = treatment?.exit?.code ?? 0;
  if (ran.code === wanted)
    return { result: 'ok', note: treatment?.exit ? `exit ${wanted}: ${treatment.exit.why}` : '' };
  return {
    result: 'wrong',
    note: `exit ${ran.code}, not ${wanted}: ${(ran.stderr || ran.stdout).trim().slice(-400)}`,
  };
}

/** What cannot be prepared is as wrong as what fails: the page names something that is not to be had. */
async function outcomeOf(line: DocumentLine, template: Home): Promise<Outcome> {
  const treatment = treatmentOf(line);
  if (treatment?.skip !== undefined) return { result: 'not run', note: treatment.skip };
  if (options.list) return { result: 'not run', note: 'only listed' };
  const home = treatment?.isDestroying ? await aHome() : await template.copy();
  try {
    return await runLine(line, home, treatment);
  } catch (error) {
    if (error instanceof NotHere) return { result: 'not run', note: error.message };
    return { result: 'wrong', note: error instanceof Error ? error.message : String(error) };
  } finally {
    home.remove();
    if (treatment?.isDestroying) await home.simulator.close();
  }
}

const beside = new Beside();
const all = await documentLines();
const start =
  options.after === undefined ? 0 : all.findIndex(({ text }) => text.includes(options.after ?? '')) + 1;
const isAsked = ({ text }: DocumentLine) => options.only?.some((part) => text.includes(part)) ?? true;
const lines = all.slice(start).filter(isAsked);
const template = await aHome();
const counts = { ok: 0, wrong: 0, 'not run': 0 };
const waiting = [...lines];
async function work(): Promise<void> {
  for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
    const { result, note } = await outcomeOf(line, template);
    counts[result] += 1;
    const told = note === '' ? '' : `\n        ${note}`;
    process.stdout.write(`${result.padEnd(8)}zcv ${line.text}  (${line.where})${told}\n`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
template.remove();
await template.simulator.close();
await beside.close();
process.stdout.write(
  `\n${lines.length} lines: ${counts.ok} ok, ${counts.wrong} wrong, ${counts['not run']} not run\n`,
);
process.exitCode = counts.wrong > 0 ? 1 : 0;
