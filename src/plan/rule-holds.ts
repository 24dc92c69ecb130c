import { addDays } from '../days.ts';
import type { DayTest, FactTest, RuleCondition } from '../rules.ts';
import type { RuleSubject } from './playbook-facts.ts';

/** Whether a condition of a rule holds. Of what is not known, only `known`, `notWithin` and `notSince` can hold. */
export function ruleHolds(condition: RuleCondition, subject: RuleSubject): boolean {
  const { phase, subPhase, tier, gold, reasons, without, facts } = condition;
  return (
    isOneOf(phase, subject.phase) &&
    isOneOf(subPhase, subject.subPhase) &&
    isOneOf(tier, subject.tier) &&
    (gold === undefined || gold === subject.gold) &&
    (reasons === undefined || reasons.some((code) => hasReason(subject, code))) &&
    !(without ?? []).some((code) => hasReason(subject, code)) &&
    Object.entries(facts ?? {}).every(([fact, test]) => test === undefined || factHolds(fact, test, subject))
  );
}

function isOneOf<T>(list: readonly T[] | undefined, value: T | null): boolean {
  return list === undefined || (value !== null && list.includes(value));
}

function hasReason({ reasons }: RuleSubject, code: string): boolean {
  if (!code.endsWith('*')) return reasons.includes(code);
  const beginning = code.slice(0, -1);
  return reasons.some((one) => one.startsWith(beginning));
}

function factHolds(fact: string, test: FactTest, subject: RuleSubject): boolean {
  const value = subject.facts[fact] ?? null;
  if (typeof test === 'boolean') return value === test;
  if (isWords(test)) return typeof value === 'string' && test.some((word) => sameWord(word, value));
  if ('min' in test || 'max' in test) {
    return typeof value === 'number' && value >= (test.min ?? value) && value <= (test.max ?? value);
  }
  // Without a bound it is the test of a day: the schema leaves no other.
  return dayHolds(typeof value === 'string' ? value : null, test as DayTest, subject);
}

// Array.isArray does not narrow a readonly array.
const isWords = (test: Exclude<FactTest, boolean>): test is readonly string[] => Array.isArray(test);
const sameWord = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase();

function dayHolds(day: string | null, test: DayTest, { asOf, facts }: RuleSubject): boolean {
  const other = (name: string): string | null => {
    const value = facts[name];
    return typeof value === 'string' ? value : null;
  };
  const { known, within, notWithin, ahead, since, notSince } = test;
  if (known !== undefined && known !== (day !== null)) return false;
  const isWithin = (days: number) => day !== null && day <= asOf && day >= addDays(asOf, -days);
  if (within !== undefined && !isWithin(within)) return false;
  if (notWithin !== undefined && isWithin(notWithin)) return false;
  if (ahead !== undefined && !(day !== null && day >= asOf && day <= addDays(asOf, ahead))) return false;
  if (since !== undefined) {
    const from = other(since);
    if (day === null || from === null || day < from) return false;
  }
  if (notSince !== undefined) {
    const from = other(notSince);
    if (from === null || (day !== null && day >= from)) return false;
  }
  return true;
}
