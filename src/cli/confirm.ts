import { createInterface } from 'node:readline/promises';
import { InputError } from '../errors.ts';
import { say } from './command.ts';

/** Asks on a terminal; without one, or without `--yes`, nothing is written and the exit code is 2. */
export async function confirmed(yes: boolean | undefined, question: string): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new InputError(`${question} Nobody can answer here without a terminal: add --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await terminal.question(`${question} [y/N] `)).trim().toLowerCase();
    if (answer === 'y' || answer === 'yes') return true;
    say('Nothing was written.');
    return false;
  } finally {
    terminal.close();
  }
}
