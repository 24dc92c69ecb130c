import type { OpenReminder, SuppressedTask, TaskChange } from '../changes.ts';
import { daysBetween } from '../days.ts';
import type { Day } from '../domain.ts';
import type { PlanRules, PlaybookRule } from '../rules.ts';
import type { ReminderSubject } from './reminder-subject.ts';
import { ruleHolds } from './rule-holds.ts';

/** Of one record: which rules ask for a task, which open ones stay, and which of them give way to another. */

/** A task that is wanted; whether it is made depends on what its owner gets that day. */
export interface Wanted {
  readonly rule: PlaybookRule;
  readonly subject: ReminderSubject;
  readonly episode: number;
  /** Open reminders that give way once this one is made. */
  readonly replaces: readonly OpenReminder[];
}
export interface Kept {
  readonly rule: PlaybookRule;
  readonly subject: ReminderSubject;
  readonly reminder: OpenReminder;
}
export interface Needs {
  readonly wanted: readonly Wanted[];
  readonly kept: readonly Kept[];
  readonly closed: readonly Extract<TaskChange, { kind: 'close' }>[];
  readonly suppressed: readonly Pick<SuppressedTask, 'reason' | 'why' | 'by'>[];
}

interface State {
  readonly rule: PlaybookRule;
  readonly open: OpenReminder | null;
  readonly last: OpenReminder | null;
  readonly claim: 'open' | 'wanted' | 'cool_down' | null;
}

/** `reminders`: all of this record, closed ones included. */
export function needsOf(
  subject: ReminderSubject,
  reminders: readonly OpenReminder[],
  { rules, asOf }: { rules: PlanRules; asOf: Day },
): Needs {
  const byRule = Map.groupBy(reminders, (reminder) => reminder.reason);
  const closed: Extract<TaskChange, { kind: 'close' }>[] = [];
  const close = (reminder: OpenReminder, cause: string) => closed.push({ kind: 'close', reminder, cause });
  const states: State[] = [];
  for (const rule of rules.playbook) {
    const history = [...(byRule.get(rule.id) ?? [])].sort((left, right) => right.episode - left.episode);
    byRule.delete(rule.id);
    const [open = null, ...doubles] = history.filter(({ state }) => state === 'open');
    for (const double of doubles) close(double, 'duplicate');
    if (open !== null && !stays(rule, subject)) close(open, closeCause(rule, subject, open));
    const state = { rule, open, last: history[0] ?? null };
    const claim = claimOf(state, subject, { rules, asOf });
    if (claim !== null) states.push({ ...state, claim });
  }
  // Their rule was taken out of the playbook.
  for (const reminder of [...byRule.values()].flat())
    if (reminder.state === 'open') close(reminder, 'rule_off');
  const needs = [...Map.groupBy(states, ({ rule }) => rule.topic ?? `rule ${rule.id}`).values()].map(
    (topic) => settleTopic(topic, subject),
  );
  return {
    wanted: needs.flatMap(({ wanted }) => wanted),
    kept: needs.flatMap(({ kept }) => kept),
    closed: [...closed, ...needs.flatMap((need) => need.closed)],
    suppressed: needs.flatMap(({ suppressed }) => suppressed),
  };
}

function isOff(rule: PlaybookRule, subject: ReminderSubject): boolean {
  return !rule.enabled || rule.for !== subject.scope;
}
function isQuiet(rule: PlaybookRule, { nextAppointment }: ReminderSubject): boolean {
  return rule.quietBeforeAppointment && nextAppointment !== null;
}
function stays(rule: PlaybookRule, subject: ReminderSubject): boolean {
  if (isOff(rule, subject) || isQuiet(rule, subject)) return false;
  return ruleHolds(rule.openWhile ?? rule.when, subject.about);
}

function claimOf(
  { rule, open, last }: Omit<State, 'claim'>,
  subject: ReminderSubject,
  { rules, asOf }: { rules: PlanRules; asOf: Day },
): State['claim'] {
  if (open !== null) return stays(rule, subject) ? 'open' : null;
  if (isOff(rule, subject) || isQuiet(rule, subject) || !ruleHolds(rule.when, subject.about)) return null;
  if (isDoneFor(rule, subject, last)) return null;
  return isCoolingDown(rule, last, rules, asOf) ? 'cool_down' : 'wanted';
}

/** A task was made for the same day before: the same anniversary, the same step of a win-back. */
function isDoneFor(rule: PlaybookRule, { about }: ReminderSubject, last: OpenReminder | null): boolean {
  if (rule.per === undefined || last === null) return false;
  const day = about.facts[rule.per];
  return typeof day === 'string' && last.createdOn >= day;
}

function isCoolingDown(rule: PlaybookRule, last: OpenReminder | null, rules: PlanRules, asOf: Day): boolean {
  if (last?.state !== 'closed_by_person' || last.closedOn === null) return false;
  return daysBetween(last.closedOn, asOf) < (rule.coolDown ?? rules.reminders.coolDownDays);
}

/** One task a topic: the first rule of the playbook that asks has it, the others give way. */
function settleTopic(states: readonly State[], subject: ReminderSubject): Needs {
  const [first, ...others] = states;
  if (!first) return { wanted: [], kept: [], closed: [], suppressed: [] };
  const openOthers = others.flatMap(({ open }) => open ?? []);
  const suppressed: Needs['suppressed'][number][] = others
    .filter(({ open, rule }) => open === null && !rule.background)
    .map(({ rule }) => ({ reason: rule.id, why: 'covered_by', by: first.rule.id }));
  const { rule, open, last } = first;
  if (open !== null) {
    const closed = openOthers.map((reminder) => ({ kind: 'close', reminder, cause: 'covered' }) as const);
    return { wanted: [], kept: [{ rule, subject, reminder: open }], closed, suppressed };
  }
  // Until the better task is made, the one that is there stays.
  const kept = others.flatMap((other) =>
    other.open === null ? [] : [{ rule: other.rule, subject, reminder: other.open }],
  );
  if (first.claim === 'cool_down') {
    return {
      wanted: [],
      kept,
      closed: [],
      suppressed: [{ reason: rule.id, why: 'cool_down' }, ...suppressed],
    };
  }
  const wanted: Wanted = { rule, subject, episode: (last?.episode ?? 0) + 1, replaces: openOthers };
  return { wanted: [wanted], kept, closed: [], suppressed };
}

/** Why nobody needs to do it any more. */
function closeCause(rule: PlaybookRule, subject: ReminderSubject, reminder: OpenReminder): string {
  if (isOff(rule, subject)) return 'rule_off';
  const { lastContact, nextAppointment, about } = subject;
  const { lastThanked, openCases } = about.facts;
  if (isQuiet(rule, subject)) return 'appointment';
  if (rule.when.facts?.openCases !== undefined && openCases === 0) return 'case_solved';
  if (typeof lastThanked === 'string' && lastThanked >= reminder.createdOn) return 'thanked';
  if (lastContact !== null && lastContact >= reminder.createdOn) return 'contact_made';
  if (rule.when.facts?.contactDue === true) return nextAppointment === null ? 'tier_changed' : 'appointment';
  return 'need_gone';
}
