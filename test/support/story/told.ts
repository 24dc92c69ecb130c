import { ARCS } from './parts.ts';
import type { StoryEnd } from './play.ts';

/** What a story tells, in a table, and what it still owes. */

const SUPPRESSED = ['cool_down', 'covered_by', 'per_record', 'cap'] as const;
const HEAD = ['rule', 'made', 'updated', 'closed by us', 'by a person', 'again', ...SUPPRESSED];

export function storyTable({ rules, suppressed, quietCredits }: StoryEnd): string {
  const rows = [...rules]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([rule, { fired, updated, closedByUs, completed, deleted, again }]) => [
      ...[rule, fired, updated, closedByUs, completed + deleted, again],
      ...SUPPRESSED.map((why) => suppressed.get(rule)?.get(why) ?? 0),
    ]);
  const lines = [HEAD, ...rows].map((row) =>
    row
      .map((cell, at) => String(cell).padEnd(at === 0 ? 18 : 13))
      .join('')
      .trimEnd(),
  );
  const { min, median, max } = spread(quietCredits);
  const quiet = `credits of ${quietCredits.length} quiet days: ${min} at least, ${median} in the middle, ${max} at most`;
  return [...lines, quiet].join('\n');
}

/** Where `playbook stats` tells otherwise than the CRM; what the last night made is not followed yet. */
export function wrongStats({ stats, tasks }: StoryEnd): string[] {
  const followed = Map.groupBy(
    tasks.filter(({ madeOn }) => madeOn < stats.asOf),
    ({ rule }) => rule,
  );
  return [...followed].flatMap(([rule, made]) => {
    const closed = (by: 'us' | 'completed' | 'deleted') =>
      made.filter((task) => task.closed?.by === by).length;
    const seen = { made: made.length, done: closed('completed'), deleted: closed('deleted') };
    const told = stats.rules.find(({ reason }) => reason === rule);
    const isRight =
      told?.made === seen.made &&
      told.done === seen.done &&
      told.deleted === seen.deleted &&
      told.open + told.ignored + told.needGone === seen.made - seen.done - seen.deleted;
    return isRight ? [] : [`${rule}: ${JSON.stringify(told)} instead of ${JSON.stringify(seen)}`];
  });
}

export function spread(values: readonly number[]): { min: number; median: number; max: number } {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(Math.floor(sorted.length / 2)), max: at(sorted.length - 1) };
}

/** Of each rule: made, updated, closed by us, closed by a person, and again or never again after that. */
export function owedBy({ rules }: StoryEnd, ids: readonly string[]): string[] {
  return ids.flatMap((id) => {
    const told = rules.get(id);
    if (!told) return [`${id} never fired`];
    const isForGood = ARCS.some(({ rule, ends }) => rule === id && ends === 'for good');
    return [
      ...(told.fired >= 2 ? [] : [`${id} fired ${told.fired} times`]),
      ...(told.updated >= 1 ? [] : [`${id} was never updated`]),
      ...(told.closedByUs >= 1 ? [] : [`${id} was never closed by us`]),
      ...(told.deleted >= 1 ? [] : [`${id} was never closed by a person`]),
      ...(told.again >= 1 || isForGood ? [] : [`${id} never came again after its cool-down`]),
    ];
  });
}
