import type { OpenReminder, ReminderKey, SuppressedTask, TaskChange } from '../changes.ts';
import type { Connection, Day, RecordId } from '../domain.ts';
import type { NewTask } from '../plan/reminder-choice.ts';
import type { DraftInput } from '../plan/reminder-draft.ts';
import { customerSubject, leadSubject, type ReminderSubject } from '../plan/reminder-subject.ts';
import { keyText, ReminderPlanner } from '../plan/reminders.ts';
import type { SuppressedCounts } from '../plan/suppressed.ts';
import type { Score } from '../scores.ts';
import type { LineDeps } from './line.ts';
import { scoredLeads } from './plan-leads.ts';

/** The reminders of a plan: needs are noted while the scores pass by; the records of new tasks are read once more. */

const CHUNK = 500;

interface Scope {
  readonly connection: Connection;
  /** Records that this plan is about; null: all. */
  readonly only: readonly ReminderKey[] | null;
  readonly asOf: Day;
}
type Deps = Pick<LineDeps, 'store' | 'settings'>;

export interface ReminderPlan {
  readonly changes: readonly TaskChange[];
  readonly suppressed: SuppressedCounts;
  /** To be gone through once. */
  readonly listed: Iterable<SuppressedTask>;
}

export class ReminderCandidates {
  private readonly deps: Deps;
  private readonly scope: Scope;
  private readonly planner: ReminderPlanner;
  private readonly isWhyUsKept: boolean;
  private readonly ourTasks: ReadonlySet<RecordId>;
  /** Open reminders of records that did not pass by yet. */
  private readonly unseen: Map<string, OpenReminder[]>;

  private constructor(
    deps: Deps,
    scope: Scope,
    known: { planner: ReminderPlanner; current: readonly OpenReminder[]; isWhyUsKept: boolean },
  ) {
    this.deps = deps;
    this.scope = scope;
    this.planner = known.planner;
    this.isWhyUsKept = known.isWhyUsKept;
    const open = known.current.filter(({ state }) => state === 'open');
    this.ourTasks = new Set(open.flatMap(({ taskId }) => taskId ?? []));
    this.unseen = Map.groupBy(open, ({ customer }) => keyText(customer));
  }

  static async start(deps: Deps, scope: Scope): Promise<ReminderCandidates> {
    const { reminders, fieldMap } = deps.store;
    const { connection, only, asOf } = scope;
    const { id, org } = connection;
    const current = only ? await reminders.of(id, only) : await reminders.all(id);
    const rules = deps.settings.plan;
    const planner = new ReminderPlanner({
      current,
      createdToday: await reminders.createdOn(id, asOf),
      ...(await owners(deps, connection)),
      asOf,
      timeZone: org.timeZone,
      country: org.country,
      rules,
      format: { language: rules.language, currency: org.currency },
    });
    // Where the org has no field for the answer, nobody is asked.
    const isWhyUsKept = (await fieldMap.all(id)).some(({ key }) => key === 'why_they_chose_us');
    return new ReminderCandidates(deps, scope, { planner, current, isWhyUsKept });
  }

  addCustomer(score: Score): void {
    this.add(this.customer(score));
  }

  async addLeads(): Promise<void> {
    const { connection, only } = this.scope;
    const ids = only?.filter(({ module }) => module === 'Leads').map(({ id }) => id) ?? null;
    for await (const leads of scoredLeads(this.deps, connection, ids)) {
      for (const lead of leads) this.add(leadSubject(lead));
    }
  }

  async plan(): Promise<ReminderPlan> {
    // Whoever has no score any more was deleted, merged or converted.
    const gone = [...this.unseen.values()].flat();
    const { changes, made, suppressed, listed } = this.planner.choose(gone);
    const created: TaskChange[] = [];
    for (let at = 0; at < made.length; at += CHUNK)
      created.push(...(await this.draft(made.slice(at, at + CHUNK))));
    return { changes: [...changes, ...created], suppressed, listed };
  }

  private add(subject: ReminderSubject): void {
    this.unseen.delete(keyText(subject.key));
    this.planner.add(subject);
  }

  private customer(score: Score): ReminderSubject {
    return customerSubject(score, this.isWhyUsKept, this.ourTasks);
  }

  private async draft(tasks: readonly NewTask[]): Promise<TaskChange[]> {
    const { deps, scope } = this;
    const subjects = new Map<string, ReminderSubject>();
    const keys = tasks.map(({ key }) => key);
    const customers = keys.filter(({ module }) => module !== 'Leads').map(({ id }) => id);
    for (const score of await deps.store.scores.of(scope.connection.id, [...new Set(customers)]))
      subjects.set(keyText(score.key), this.customer(score));
    const leads = keys.filter(({ module }) => module === 'Leads').map(({ id }) => id);
    for await (const scores of scoredLeads(deps, scope.connection, [...new Set(leads)]))
      for (const lead of scores) subjects.set(keyText(lead.key), leadSubject(lead));
    return tasks.flatMap((task) => {
      // Erased since it passed by: of such a record nothing is made.
      const subject = subjects.get(keyText(task.key));
      return subject ? this.planner.draft(task, subject) : [];
    });
  }
}

/** Who gets a reminder whose record's owner is gone: who connected us, else the first active user we know, by id. */
async function owners(
  deps: Deps,
  connection: Connection,
): Promise<Pick<DraftInput, 'activeOwners' | 'standInOwner' | 'managers' | 'byEmail'>> {
  const users = await deps.store.users.all(connection.id);
  const active = users.filter((user) => user.active).map((user) => user.id);
  const standIn = active.includes(connection.userId) ? connection.userId : (active[0] ?? null);
  const managers = users.flatMap(({ id, managerId }) =>
    managerId === null ? [] : [[id, managerId] as const],
  );
  const named = deps.settings.plan.playbook.flatMap(({ owner, escalation }) => [owner, escalation?.to ?? '']);
  const emails = [...new Set(named)].filter((word) => word.includes('@'));
  return {
    activeOwners: new Set(active),
    standInOwner: standIn,
    managers: new Map(managers),
    byEmail: await deps.store.users.byEmail(connection.id, emails),
  };
}
