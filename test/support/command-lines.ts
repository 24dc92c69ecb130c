import type { Command, Option } from 'commander';

/** Judges command lines of the documents by the command table itself. */

const START = /(?:^|[\s($])(?:npx )?(?:zcv|node dist\/cli\.js) (?=[a-z-])/;
const END = /^(?:#|\||>|>>|2>|&&|\|\||;|&)/;

/** The words behind `zcv`; null where the text is no command line. */
export function wordsOf(text: string): string[] | null {
  const start = START.exec(text);
  if (!start) return null;
  const words: string[] = [];
  for (const [raw] of text.slice(start.index + start[0].length).matchAll(/"[^"]*"|'[^']*'|\S+/g)) {
    if (END.test(raw)) break;
    const word = raw.replace(/^\[/, '').replace(/(?<!\.)[\]).,;:…]+$/, '');
    if (word !== '') words.push(word);
    // Zoho's codes and the like are shortened with an ellipsis: the value is there all the same.
    else if (raw === '…') words.push(raw);
    if (/[;]$/.test(raw)) break;
  }
  return words;
}

/** `a|b` in a word stands for two command lines. */
export function alternatives(words: readonly string[]): string[][] {
  let lines: string[][] = [[]];
  for (const word of words) {
    const choices = /^["']/.test(word) ? [word] : word.split('|');
    lines = lines.flatMap((line) => choices.map((choice) => [...line, choice]));
  }
  return lines;
}

/** Null: the table knows it. Otherwise what is wrong with it. `isWhole`: nothing that is required may be missing. */
export function problemOf(table: Command, words: readonly string[], isWhole: boolean): string | null {
  let command = table;
  const rest = words.filter((word) => word !== '--help' && word !== '--version');
  while (rest[0] !== undefined && command.commands.length > 0) {
    const inner = command.commands.find((one) => one.name() === rest[0]);
    // A command with options of its own works without naming one of its commands, as plan does.
    if (!inner && command !== table && command.options.length > 0) break;
    if (!inner) return `${command.name()} knows no command "${rest[0]}"`;
    command = inner;
    rest.shift();
  }
  if (isWhole && command.commands.length > 0 && command.options.length === 0)
    return `${command.name()} needs one of its commands`;
  const args: string[] = [];
  const given = new Set<Option>();
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (!word.startsWith('--')) {
      args.push(word);
      continue;
    }
    const [name = '', joined] = word.split('=');
    const option = command.options.find((one) => one.long === name);
    if (!option) return `${command.name()} has no option ${name}`;
    given.add(option);
    const isTaken = option.required || (option.optional && /^[^-]/.test(rest[0] ?? ''));
    const value = joined ?? (isTaken ? rest.shift() : undefined);
    if (option.required && isWhole && value === undefined) return `${name} needs a value`;
    if (option.argChoices && value !== undefined && /^[a-z]/.test(value)) {
      if (!option.argChoices.includes(value)) return `${name} cannot be ${value}`;
    }
  }
  const places = command.registeredArguments;
  const last = places.at(-1);
  if (args.length > places.length && !last?.variadic) {
    return `${command.name()} takes no argument "${args[places.length]}"`;
  }
  if (!isWhole) return null;
  const missing = places.find((place, index) => place.required && index >= args.length);
  if (missing) return `${command.name()} needs <${missing.name()}>`;
  const mandatory = command.options.find((option) => option.mandatory && !given.has(option));
  return mandatory ? `${command.name()} needs ${mandatory.long}` : null;
}
