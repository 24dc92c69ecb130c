import type { Day, RecordId, Touch } from '../domain.ts';
import type { ActivityRecord, CaseRecord, CustomerRows } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { LocalDay } from './local-day.ts';

/** Which activities were contacts, and which are only planned. Never a record's last modification. */

export interface TouchContext {
  readonly rules: ScoringRules['touches'];
  readonly localDay: LocalDay;
  readonly asOf: Day;
  /** People of this customer; anybody else on an activity is not its contact. */
  readonly contacts: ReadonlySet<RecordId>;
  /** What has not ended by now cannot have been a contact, whatever day is asked about. */
  readonly knownUntil: Date;
  /** Tasks of ours that we completed because the need was gone: no contact. */
  readonly closedByUs: ReadonlySet<RecordId>;
}
export type ActivityOutcome =
  | { readonly touch: Touch }
  | { readonly appointment: Day }
  | { readonly ignored: true };

const IGNORED: ActivityOutcome = { ignored: true };
const PLANNED_CALL = /^(scheduled|overdue)$/i;

export function activityOutcome(activity: ActivityRecord, context: TouchContext): ActivityOutcome {
  if (activity.cancelled) return IGNORED;
  switch (activity.module) {
    case 'Calls':
      return callOutcome(activity, context);
    case 'Events':
      return meetingOutcome(activity, context);
    case 'Tasks':
      return taskOutcome(activity, context);
    case 'Notes':
      return noteOutcome(activity, context);
    case 'Emails':
      return mailOutcome(activity, context);
  }
}

function callOutcome(call: ActivityRecord, context: TouchContext): ActivityOutcome {
  const at = call.startAt ?? call.createdAt;
  const day = context.localDay(at);
  const isInbound = call.callType === 'Inbound';
  const isMissed = call.callType === 'Missed';
  if (day > context.asOf || at > context.knownUntil) return isMissed ? IGNORED : { appointment: day };
  // Planned, never logged as made: neither a contact nor an attempt.
  if (call.durationSeconds === null && PLANNED_CALL.test(call.status ?? '')) return IGNORED;
  return {
    touch: {
      at,
      day,
      channel: 'call',
      direction: isInbound || isMissed ? 'in' : 'out',
      twoWay: !isMissed && (call.durationSeconds ?? 0) >= context.rules.minCallSeconds,
      ...about(call, context),
      durationSeconds: call.durationSeconds,
    },
  };
}

/** A meeting counts on the day it ended, once it has; until then it is an appointment. */
function meetingOutcome(meeting: ActivityRecord, context: TouchContext): ActivityOutcome {
  const startAt = meeting.startAt ?? meeting.endAt;
  if (startAt === null) return IGNORED;
  const endAt = meeting.endAt ?? startAt;
  const startDay = context.localDay(startAt);
  const day = context.localDay(endAt);
  if (day > context.asOf || endAt > context.knownUntil) {
    return { appointment: startDay >= context.asOf ? startDay : day };
  }
  return {
    touch: {
      at: endAt,
      day,
      channel: 'meeting',
      direction: 'both',
      twoWay: true,
      ...about(meeting, context),
      durationSeconds: Math.max(0, Math.round((endAt.getTime() - startAt.getTime()) / 1000)),
    },
  };
}

/** A task of ours that we closed ourselves was never done. */
export function isDoneTask(task: ActivityRecord, { closedByUs }: Pick<TouchContext, 'closedByUs'>): boolean {
  if (task.module !== 'Tasks' || closedByUs.has(task.id)) return false;
  return task.closedAt !== null || /^completed$/i.test(task.status ?? '');
}

function taskOutcome(task: ActivityRecord, context: TouchContext): ActivityOutcome {
  if (!isDoneTask(task, context) || !isContactTask(task, context)) return IGNORED;
  const at = task.closedAt ?? task.modifiedAt;
  const day = context.localDay(at);
  if (day > context.asOf) return IGNORED;
  const base = { at, day, channel: 'task', direction: 'out', twoWay: true } as const;
  return { touch: { ...base, ...about(task, context), durationSeconds: null } };
}

function isContactTask(task: ActivityRecord, { rules }: TouchContext): boolean {
  switch (rules.tasks) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'contact':
      return task.cvRef !== null || namesAContact(task, rules);
  }
}

function namesAContact({ subject }: ActivityRecord, { taskWords }: TouchContext['rules']): boolean {
  return taskWords.some((word) => startsAWord(subject, word));
}

/** Somebody wrote down a talk; which of the two began it is not told. */
function noteOutcome(note: ActivityRecord, context: TouchContext): ActivityOutcome {
  const { rules } = context;
  if (rules.notes === 'off' || (rules.notes === 'contact' && !namesAContact(note, rules))) return IGNORED;
  const day = context.localDay(note.createdAt);
  if (day > context.asOf) return IGNORED;
  const base = { at: note.createdAt, day, channel: 'note', direction: 'both', twoWay: true } as const;
  return { touch: { ...base, ...about(note, context), durationSeconds: null } };
}

/** Only what the customer wrote is a contact in both directions; what we sent is an attempt. */
function mailOutcome(mail: ActivityRecord, context: TouchContext): ActivityOutcome {
  const at = mail.startAt ?? mail.createdAt;
  const day = context.localDay(at);
  if (day > context.asOf || at > context.knownUntil) return IGNORED;
  const isInbound = mail.callType === 'Inbound';
  const direction = isInbound ? 'in' : 'out';
  const base = { at, day, channel: 'email', direction, twoWay: isInbound } as const;
  return { touch: { ...base, ...about(mail, context), durationSeconds: null } };
}

/** "bel" is in "Klant bellen", but "label" is no call: the word must begin where a word of the subject does. */
export function startsAWord(subject: string, word: string): boolean {
  const text = subject.toLowerCase();
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}

function about(
  activity: ActivityRecord,
  { contacts }: TouchContext,
): Pick<Touch, 'subject' | 'recordId' | 'contactId'> {
  const { whoId } = activity;
  return {
    subject: activity.subject,
    recordId: activity.id,
    contactId: whoId !== null && contacts.has(whoId) ? whoId : null,
  };
}

/** Opening a case is a message of the customer that somebody took up. */
export function caseTouch(record: CaseRecord, { localDay, contacts }: TouchContext): Touch {
  const { contactId } = record;
  return {
    at: record.createdAt,
    day: localDay(record.createdAt),
    channel: 'case',
    direction: 'in',
    twoWay: true,
    subject: record.subject,
    recordId: record.id,
    contactId: contactId !== null && contacts.has(contactId) ? contactId : null,
    durationSeconds: null,
  };
}

/** A day that people keep by hand, on the customer or on one of its contacts. */
export function keptTouches({ record, contacts }: CustomerRows, { asOf }: TouchContext): Touch[] {
  const own = contacts.some((contact) => contact.id === record.id) ? contacts : [record, ...contacts];
  return own.flatMap(({ id, keptContactDay: day }): Touch[] => {
    if (day === null || day > asOf) return [];
    const at = new Date(`${day}T00:00:00Z`);
    const base = { at, day, channel: 'field', direction: 'both', twoWay: true, subject: '' } as const;
    return [{ ...base, recordId: id, contactId: id === record.id ? null : id, durationSeconds: null }];
  });
}
