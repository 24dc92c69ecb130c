import { daysBetween } from '../../../src/days.ts';
import type { Day } from '../../../src/domain.ts';
import { cvRefOf, type OrgRecord, recordsOf } from '../org.ts';
import type { VirtualDays } from '../virtual-days.ts';

/** Our tasks as they stand in the simulated CRM, night by night: what was made, changed and closed, and by whom. */

export interface SeenTask {
  readonly id: string;
  readonly ref: string;
  readonly rule: string;
  readonly record: string;
  readonly episode: number;
  readonly madeOn: Day;
  readonly dueDay: Day;
  subject: string;
  ownerId: string;
  /** All that had it, the last one last. */
  readonly owners: string[];
  priority: string;
  isUpdated: boolean;
  closed: {
    readonly on: Day;
    readonly by: 'us' | 'completed' | 'deleted';
    readonly note: string | null;
  } | null;
}
export interface RuleStory {
  fired: number;
  updated: number;
  closedByUs: number;
  completed: number;
  deleted: number;
  /** Made again for the same record after a person closed it: never before the cool-down had passed. */
  again: number;
}

const REF = /^cv-(.+)-(\d+)-(\d+)$/;
// On working days of the Netherlands in the years of the story; written down, not computed.
const HOLIDAYS = new Set([
  ...['2025-01-01', '2025-04-21', '2025-05-29', '2025-06-09', '2025-12-25', '2025-12-26'],
  ...['2026-01-01', '2026-04-06', '2026-04-27', '2026-05-14', '2026-05-25'],
]);

export class TaskWatch {
  readonly all = new Map<string, SeenTask>();
  /** What should never be; empty in a good story. */
  readonly faults: string[] = [];
  readonly #days: VirtualDays;
  readonly #perOwnerAndDay: number;

  constructor(days: VirtualDays, perOwnerAndDay: number) {
    this.#days = days;
    this.#perOwnerAndDay = perOwnerAndDay;
  }

  open(): SeenTask[] {
    return [...this.all.values()].filter((task) => task.closed === null);
  }
  ofRule(rule: string, record: string): SeenTask[] {
    return [...this.all.values()]
      .filter((task) => task.rule === rule && task.record === record)
      .sort((left, right) => left.episode - right.episode);
  }
  closedByPerson(task: SeenTask, by: 'completed' | 'deleted'): void {
    task.closed = { on: this.#days.today(), by, note: null };
  }

  /** Looks at every task after the line has run in the night to `day`. */
  look(day: Day): void {
    const made: SeenTask[] = [];
    const living = new Set<string>();
    for (const row of recordsOf(this.#days.simulator, 'Tasks')) {
      const ref = cvRefOf(row);
      if (ref === null) continue;
      living.add(ref);
      const known = this.all.get(ref);
      if (known) this.#compare(known, row, day);
      else made.push(this.#add(ref, row, day));
    }
    for (const task of this.open())
      if (!living.has(task.ref)) this.faults.push(`${day}: ${task.ref} is gone, and nobody deleted it`);
    this.#checkMade(made, day);
    this.#checkDoubles(day);
  }

  #add(ref: string, row: OrgRecord, day: Day): SeenTask {
    const [, rule = '', record = '', episode = ''] = REF.exec(ref) ?? [];
    const now = shown(row);
    const task: SeenTask = {
      ...{ id: row.id, ref, rule, record, episode: Number(episode), madeOn: day },
      ...{ dueDay: String(row.Due_Date), ...now, owners: [now.ownerId] },
      ...{ isUpdated: false, closed: null },
    };
    if (this.all.has(ref)) this.faults.push(`${day}: ${ref} was made twice`);
    if (row.Status === 'Completed') this.faults.push(`${day}: ${ref} was made closed`);
    this.all.set(ref, task);
    return task;
  }

  #compare(task: SeenTask, row: OrgRecord, day: Day): void {
    if (task.closed === null && row.Status === 'Completed') {
      const text = String(row.Description);
      const note = text.split('\n').find((line) => line.startsWith('Completed by Customer Value: ')) ?? null;
      if (note === null) this.faults.push(`${day}: ${task.ref} was closed without a note`);
      if (!text.endsWith(`ref: ${task.ref}`)) this.faults.push(`${day}: ${task.ref} lost its last line`);
      task.closed = { on: day, by: 'us', note };
    }
    const now = shown(row);
    const isChanged = (['subject', 'ownerId', 'priority'] as const).some((part) => now[part] !== task[part]);
    if (isChanged && task.closed !== null && task.closed.on !== day)
      this.faults.push(`${day}: ${task.ref} was changed after it was closed`);
    if (String(row.Due_Date) !== task.dueDay) this.faults.push(`${day}: the due day of ${task.ref} moved`);
    if (now.ownerId !== task.ownerId) task.owners.push(now.ownerId);
    if (isChanged) Object.assign(task, now, { isUpdated: true });
  }

  #checkMade(made: readonly SeenTask[], day: Day): void {
    for (const [owner, tasks] of Map.groupBy(made, ({ ownerId }) => ownerId))
      if (tasks.length > this.#perOwnerAndDay)
        this.faults.push(`${day}: ${owner} got ${tasks.length} new tasks`);
    for (const { ref, dueDay } of made) {
      const weekday = new Date(`${dueDay}T12:00:00Z`).getUTCDay();
      if (weekday === 0 || weekday === 6 || HOLIDAYS.has(dueDay))
        this.faults.push(`${day}: ${ref} is due on ${dueDay}, no working day`);
      if (dueDay < day) this.faults.push(`${day}: ${ref} was due before it was made`);
    }
  }

  #checkDoubles(day: Day): void {
    for (const [need, tasks] of Map.groupBy(this.open(), ({ rule, record }) => `${rule} of ${record}`))
      if (tasks.length > 1) this.faults.push(`${day}: ${tasks.length} open tasks for ${need}`);
  }

  /** By rule; a task that came again too soon is a fault. */
  story(coolDownOf: (rule: string) => number): Map<string, RuleStory> {
    const rules = new Map<string, RuleStory>();
    for (const task of this.all.values()) {
      const rule = rules.get(task.rule) ?? {
        ...{ fired: 0, updated: 0, closedByUs: 0, completed: 0, deleted: 0, again: 0 },
      };
      rules.set(task.rule, rule);
      rule.fired += 1;
      if (task.isUpdated) rule.updated += 1;
      if (task.closed?.by === 'us') rule.closedByUs += 1;
      if (task.closed?.by === 'completed') rule.completed += 1;
      if (task.closed?.by === 'deleted') rule.deleted += 1;
      const before = this.ofRule(task.rule, task.record).find(({ episode }) => episode === task.episode - 1);
      if (!before?.closed || before.closed.by === 'us') continue;
      const gap = daysBetween(before.closed.on, task.madeOn);
      if (gap < coolDownOf(task.rule)) this.faults.push(`${task.ref} came ${gap} days after ${before.ref}`);
      rule.again += 1;
    }
    return rules;
  }
}

function shown(row: OrgRecord): Pick<SeenTask, 'subject' | 'ownerId' | 'priority'> {
  const owner = row.Owner;
  const ownerId = owner !== null && typeof owner === 'object' && 'id' in owner ? String(owner.id) : '';
  return { subject: String(row.Subject), ownerId, priority: String(row.Priority) };
}
