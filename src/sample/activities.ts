import type { SeedRow } from '../simulator/seed.ts';
import { dayText, instantOn } from './calendar.ts';
import { GENERATED, type Owner } from './crm-shape.ts';
import type { Random } from './random.ts';

/**
 * Calls, meetings, tasks and cases of one customer. How long ago the last two-way contact lies is drawn first,
 * so that every contact status occurs often: on plan, due, overdue, silent, never contacted, with and without
 * an appointment ahead. What comes after that contact reached nobody.
 */

export interface ActivityRows {
  readonly Calls: SeedRow[];
  readonly Events: SeedRow[];
  readonly Tasks: SeedRow[];
  readonly Cases: SeedRow[];
}
export interface ActivitySubject {
  readonly key: string;
  /** Null: a contact without account. */
  readonly account: { readonly $ref: string } | null;
  readonly contact: { readonly $ref: string } | null;
  readonly owner: Owner;
  /** Day on which the record was created: nothing happened before. */
  readonly since: number;
  readonly today: number;
}

/** Days since the last two-way contact, or null: never contacted. */
function drawGap(random: Random): number | null {
  const share = random.next();
  if (share < 0.12) return null;
  if (share < 0.42) return random.int(1, 22);
  if (share < 0.6) return random.int(23, 60);
  if (share < 0.78) return random.int(61, 130);
  if (share < 0.91) return random.int(131, 360);
  return random.int(361, 800);
}

const CALL_SUBJECTS = [
  'Order talk',
  'Delivery question',
  'Price question',
  'Reorder',
  'Thank-you call',
] as const;
const MEETING_TITLES = ['Yearly review', 'Visit', 'Product demo', 'Assortment talk'] as const;
/** None of these names a contact: a completed one closes no contact gap. */
const DESK_SUBJECTS = ['Send price list', 'Check stock', 'Update address', 'Prepare quote'] as const;
const CASE_SUBJECTS = [
  'Damaged parcel',
  'Wrong item',
  'Late delivery',
  'Invoice question',
  'Return',
] as const;

export function addActivities(random: Random, subject: ActivitySubject, rows: ActivityRows): void {
  const gap = drawGap(random);
  const lastTouch = gap === null ? null : Math.max(subject.today - gap, subject.since);
  if (lastTouch !== null && lastTouch < subject.today) addTouches(random, subject, lastTouch, rows);
  addAttempts(random, subject, Math.max(lastTouch ?? 0, subject.since), rows);
  addAppointments(random, subject, rows);
  addDeskTasks(random, subject, rows);
  addCases(random, subject, rows);
}

function base(
  subject: ActivitySubject,
  kind: string,
  count: number,
  created: string,
  modified: string,
): SeedRow {
  const row: SeedRow = {
    $key: `${kind}-${subject.key}-${count}`,
    Owner: subject.owner,
    Description: GENERATED,
    Created_Time: created,
    Modified_Time: modified,
  };
  if (subject.account) {
    row.What_Id = subject.account;
    row.$se_module = 'Accounts';
  }
  if (subject.contact) row.Who_Id = subject.contact;
  return row;
}

function addTouches(random: Random, subject: ActivitySubject, lastDay: number, rows: ActivityRows): void {
  const touches = 1 + random.int(0, 4);
  let day = lastDay;
  for (let index = 0; index < touches && day >= subject.since; index++) {
    const channel = random.next();
    if (channel < 0.65) {
      const call = random.chance(0.4) ? 'Inbound' : 'Outbound';
      addCall(random, subject, day, call, 20 + Math.floor(random.exponential(240)), rows);
    } else if (channel < 0.9) addMeeting(random, subject, day, rows);
    else addTask(subject, 'Follow-up call on last order', day - 2, day, day, rows);
    day -= random.int(15, 90);
  }
}

function addCall(
  random: Random,
  subject: ActivitySubject,
  day: number,
  type: 'Inbound' | 'Outbound' | 'Missed',
  seconds: number,
  rows: ActivityRows,
  status?: 'Scheduled' | 'Cancelled',
): void {
  const minute = random.int(0, 380);
  const start = instantOn(day, minute);
  // A planned call was entered at the latest yesterday.
  const created = status === 'Scheduled' ? instantOn(subject.today - 1, 0) : start;
  const ended = status === 'Scheduled' ? created : instantOn(day, minute + Math.ceil(seconds / 60));
  const pad = (part: number) => String(part).padStart(2, '0');
  const row: SeedRow = {
    ...base(subject, 'call', rows.Calls.length, created, ended),
    Subject: random.pick(CALL_SUBJECTS),
    Call_Type: type,
    Call_Start_Time: start,
    Call_Duration: `${pad(Math.floor(seconds / 60))}:${pad(seconds % 60)}`,
    Call_Duration_in_seconds: seconds,
  };
  if (status !== undefined) row.Outgoing_Call_Status = status;
  rows.Calls.push(row);
}

function addMeeting(random: Random, subject: ActivitySubject, day: number, rows: ActivityRows): void {
  const minute = random.int(0, 300);
  // Planned a week ahead, but neither before the customer existed nor after yesterday.
  const planned = Math.max(Math.min(day - 7, subject.today - 1), subject.since);
  const created = instantOn(planned, 0);
  rows.Events.push({
    ...base(subject, 'event', rows.Events.length, created, created),
    Event_Title: random.pick(MEETING_TITLES),
    Start_DateTime: instantOn(day, minute),
    End_DateTime: instantOn(day, minute + random.int(2, 6) * 15),
  });
}

function addTask(
  subject: ActivitySubject,
  title: string,
  createdDay: number,
  dueDay: number,
  closedDay: number | null,
  rows: ActivityRows,
): void {
  const created = instantOn(Math.max(Math.min(createdDay, subject.today - 1), subject.since), 5);
  const closed = closedDay === null ? null : instantOn(closedDay, 200);
  const row: SeedRow = {
    ...base(subject, 'task', rows.Tasks.length, created, closed ?? created),
    Subject: title,
    Status: closed === null ? 'Not Started' : 'Completed',
    Priority: 'Normal',
    Due_Date: dayText(dueDay),
  };
  if (closed !== null) row.Closed_Time = closed;
  rows.Tasks.push(row);
}

/** After the last contact: calls that reached nobody. They leave the gap as it is. */
function addAttempts(random: Random, subject: ActivitySubject, after: number, rows: ActivityRows): void {
  const days = subject.today - 1 - after;
  if (days < 1) return;
  if (random.chance(0.12)) addCall(random, subject, after + random.int(1, days), 'Missed', 0, rows);
  if (random.chance(0.05))
    addCall(random, subject, after + random.int(1, days), 'Outbound', random.int(1, 8), rows);
  if (random.chance(0.03)) {
    addCall(random, subject, after + random.int(1, days), 'Outbound', 0, rows, 'Cancelled');
  }
}

function addAppointments(random: Random, subject: ActivitySubject, rows: ActivityRows): void {
  if (random.chance(0.1)) addMeeting(random, subject, subject.today + random.int(2, 40), rows);
  else if (random.chance(0.03)) {
    addCall(random, subject, subject.today + random.int(1, 14), 'Outbound', 0, rows, 'Scheduled');
  }
}

function addDeskTasks(random: Random, subject: ActivitySubject, rows: ActivityRows): void {
  const { today, since } = subject;
  if (random.chance(0.2)) {
    const created = today - random.int(3, 40);
    addTask(subject, random.pick(DESK_SUBJECTS), created, today + random.int(-10, 20), null, rows);
  }
  const closed = today - random.int(5, 400);
  if (random.chance(0.3) && closed > since)
    addTask(subject, random.pick(DESK_SUBJECTS), closed - 5, closed, closed, rows);
}

function addCases(random: Random, subject: ActivitySubject, rows: ActivityRows): void {
  if (!random.chance(0.18)) return;
  for (let left = random.int(1, 3); left > 0; left--) {
    const opened = subject.today - 2 - Math.floor(random.exponential(180));
    if (opened < subject.since) continue;
    const isOpen = opened > subject.today - 60 ? random.chance(0.7) : random.chance(0.08);
    const created = instantOn(opened, random.int(0, 400));
    const closed = instantOn(Math.min(opened + random.int(1, 20), subject.today - 1), 410);
    const row: SeedRow = {
      $key: `case-${subject.key}-${rows.Cases.length}`,
      Subject: random.pick(CASE_SUBJECTS),
      Status: isOpen ? random.pick(['New', 'On Hold', 'Escalated']) : 'Closed',
      Priority: random.pick(['High', 'Medium', 'Low']),
      Case_Origin: random.pick(['Email', 'Phone', 'Web']),
      Owner: subject.owner,
      Description: GENERATED,
      Created_Time: created,
      Modified_Time: isOpen ? created : closed,
    };
    if (subject.account) row.Account_Name = subject.account;
    if (subject.contact) row.Related_To = subject.contact;
    rows.Cases.push(row);
  }
}
