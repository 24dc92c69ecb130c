import type { OpenReminder, ReminderKey } from '../changes.ts';
import type { Connection, Day, RecordId } from '../domain.ts';
import type { DraftInput } from '../plan/reminder-draft.ts';
import { customerSubject, leadSubject, type ReminderSubject } from '../plan/reminder-subject.ts';
import { planReminders, type ReminderPlan } from '../plan/reminders.ts';
import { ruleHolds } from '../plan/rule-holds.ts';
import type { Score } from '../scores.ts';
import type { LineDeps } from './line.ts';
import { scoredLeads } from './plan-leads.ts';

/** The reminders of a plan: who may need one is picked out while the scores pass by. */

interface Scope {
  readonly connection: Connection;
  /** Records that this plan is about; null: all. */
  readonly only: readonly ReminderKey[] | null;
}
type Deps = Pick<LineDeps, 'store' | 'settings'>;

export class ReminderCandidates {
  private readonly subjects: ReminderSubject[] = [];
  private readonly unseen: Map<string, OpenReminder[]>;
  private readonly deps: Deps;
  private readonly scope: Scope;
  private readonly current: readonly OpenReminder[];

  private readonly isWhyUsKept: boolean;
  private readonly ourTasks: ReadonlySet<RecordId>;

  private constructor(deps: Deps, scope: Scope, current: readonly OpenReminder[], isWhyUsKept: boolean) {
    this.isWhyUsKept = isWhyUsKept;
    this.deps = deps;
    this.scope = scope;
    this.current = current;
    const open = current.filter(({ state }) => state === 'open');
    this.ourTasks = new Set(open.flatMap(({ taskId }) => taskId ?? []));
    this.unseen = Map.groupBy(open, ({ customer }) => keyText(customer));
  }

  static async start(deps: Deps, scope: Scope): Promise<ReminderCandidates> {
    const { reminders } = deps.store;
    const { connection, only } = scope;
    const current = only ? await reminders.of(connection.id, only) : await reminders.all(connection.id);
    // Where the org has no field for the answer, nobody is asked.
    const fields = await deps.store.fieldMap.all(connection.id);
    const isWhyUsKept = fields.some(({ key }) => key === 'why_they_chose_us');
    return new ReminderCandidates(deps, scope, current, isWhyUsKept);
  }

  addCustomer(score: Score): void {
    this.add(customerSubject(score, this.isWhyUsKept, this.ourTasks));
  }

  private add(subject: ReminderSubject): void {
    const hasOpen = this.unseen.delete(keyText(subject.key));
    const rules = this.deps.settings.plan.playbook.filter(
      (rule) => rule.enabled && rule.for === subject.scope,
    );
    if (hasOpen || rules.some((rule) => ruleHolds(rule.when, subject.about))) this.subjects.push(subject);
  }

  async addLeads(): Promise<void> {
    const { connection, only } = this.scope;
    const ids = only?.filter(({ module }) => module === 'Leads').map(({ id }) => id) ?? null;
    for await (const leads of scoredLeads(this.deps, connection, ids)) {
      for (const lead of leads) this.add(leadSubject(lead));
    }
  }

  async plan(asOf: Day): Promise<ReminderPlan> {
    const { connection } = this.scope;
    const { store, settings } = this.deps;
    const people = await owners(this.deps, connection);
    const rules = settings.plan;
    return planReminders({
      subjects: this.subjects,
      current: this.current,
      // Whoever has no score any more was deleted, merged or converted.
      gone: [...this.unseen.values()].flat(),
      createdToday: await store.reminders.createdOn(connection.id, asOf),
      ...people,
      asOf,
      timeZone: connection.org.timeZone,
      country: connection.org.country,
      rules,
      format: { language: rules.language, currency: connection.org.currency },
    });
  }
}

const keyText = ({ module, id }: ReminderKey): string => `${module}.${id}`;

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
