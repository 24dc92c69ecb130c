import type { DayTest, FactTest, PlaybookRule, RangeTest, RuleCondition } from '../rules.ts';

/** A rule of the playbook in the words of its file, in short. */

/** With what holds where the file leaves it out. */
export type ListedRule = Omit<PlaybookRule, 'task' | 'title' | 'coolDown'> & {
  readonly title: string;
  readonly coolDown: number;
};

export function ruleText(rule: ListedRule, index: number): string {
  const { id, title, enabled, escalation, due, owner, coolDown, background } = rule;
  const indent = '\n    ';
  return [
    `${String(index + 1).padStart(2)}  ${id}${title === id ? '' : `: ${title}`}${enabled ? '' : ' (off)'}`,
    [rule.for, ...conditionParts(rule.when)].join(' · '),
    [
      `due ${due.workingDays === 'by_tier' ? 'by tier' : `in ${days(due.workingDays, 'working ')}`}`,
      `owner ${owner}`,
      `cool-down ${days(coolDown)}`,
      ...(escalation
        ? [`after ${days(escalation.afterWorkingDays, 'working ')} overdue to ${escalation.to}`]
        : []),
      ...(background ? ['background'] : []),
    ].join(' · '),
  ].join(indent);
}

function conditionParts({ gold, facts, without, ...lists }: RuleCondition): string[] {
  const named = Object.entries(lists).flatMap(([key, words]) =>
    words === undefined ? [] : [`${key} ${either(words)}`],
  );
  const tests = Object.entries(facts ?? {}).flatMap(([fact, test]) =>
    test === undefined ? [] : [`${fact} ${testText(test)}`],
  );
  return [
    ...named,
    ...(gold === undefined ? [] : [gold ? 'gold' : 'not gold']),
    ...tests,
    ...(without === undefined ? [] : [`without ${either(without)}`]),
  ];
}

function testText(test: FactTest): string {
  if (typeof test === 'boolean') return test ? 'yes' : 'no';
  if (isWords(test)) return either(test);
  return isRange(test) ? rangeText(test) : dayText(test);
}
// Array.isArray does not narrow a readonly array away.
const isWords = (test: FactTest): test is readonly string[] => Array.isArray(test);

const isRange = (test: RangeTest | DayTest): test is RangeTest => 'min' in test || 'max' in test;

function rangeText({ min, max }: RangeTest): string {
  return [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ].join(', ');
}

function dayText({ known, within, notWithin, ahead, since, notSince }: DayTest): string {
  return [
    ...(known === undefined ? [] : [known ? 'known' : 'not known']),
    ...(within === undefined ? [] : [`within ${days(within)}`]),
    ...(notWithin === undefined ? [] : [`not within ${days(notWithin)}`]),
    ...(ahead === undefined ? [] : [`at most ${days(ahead)} ahead`]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(notSince === undefined ? [] : [`not since ${notSince}`]),
  ].join(', ');
}

const either = (words: readonly string[]) => words.join(' or ');
const days = (n: number, kind = '') => `${n} ${kind}${n === 1 ? 'day' : 'days'}`;
