import type { ReminderOutcome } from '../changes.ts';
import type { Connection, Day, Phase, RecordId } from '../domain.ts';
import { firstOutcome, nextOutcome, type OutcomeView } from '../plan/outcomes.ts';
import type { PendingReminder } from '../store/outcome-stores.ts';
import type { LineDeps } from './line.ts';

type TrackDeps = Pick<LineDeps, 'settings'> & {
  readonly store: Pick<LineDeps['store'], 'outcomes' | 'records' | 'scores' | 'leadScores'>;
};

/** One look at every reminder of which not all is known yet; those that are settled are left alone. */
export async function trackOutcomes(deps: TrackDeps, connection: Connection, asOf: Day): Promise<void> {
  const pending = (await deps.store.outcomes.pending(connection.id)).filter(
    // A plan of a past day knows less than what was seen already.
    ({ reminder }) => reminder.createdOn <= asOf,
  );
  if (pending.length === 0) return;
  const views = await viewsOf(deps, connection, [
    ...new Set(pending.map(({ reminder }) => reminder.customer.id)),
  ]);
  const tasks = await deps.store.records.get(
    connection.id,
    'Tasks',
    pending.flatMap(({ reminder }) => reminder.taskId ?? []),
  );
  const living = new Set(tasks.map((task) => task.id));
  const changed: ReminderOutcome[] = [];
  for (const { reminder, outcome } of pending) {
    const before = outcome ?? firstOutcome(reminder, await phaseThen(deps, connection, { reminder }));
    const after = nextOutcome(before, {
      reminder,
      hasTask: living.has(reminder.taskId ?? ''),
      view: views.get(reminder.customer.id) ?? null,
      asOf,
      rules: deps.settings.plan.outcomes,
    });
    if (outcome === null || !isSame(outcome, after)) changed.push(after);
  }
  await deps.store.outcomes.save(connection.id, changed);
}

async function viewsOf(
  { store }: TrackDeps,
  connection: Connection,
  ids: readonly RecordId[],
): Promise<Map<RecordId, OutcomeView>> {
  const views = new Map<RecordId, OutcomeView>();
  for (const score of await store.scores.of(connection.id, ids))
    views.set(score.key.id, { ...score, isConverted: false });
  const rest = ids.filter((id) => !views.has(id));
  for (const lead of await store.records.get(connection.id, 'Leads', rest)) {
    const score = await store.leadScores.get(connection.id, lead.id);
    views.set(lead.id, {
      phase: null,
      lastContact: score?.lastFollowUp ?? null,
      lastContactChannel: score?.lastContactChannel ?? null,
      lastPurchase: null,
      isConverted: lead.converted,
    });
  }
  return views;
}

/** As it was shown on the day of the reminder. */
async function phaseThen(
  { store }: TrackDeps,
  connection: Connection,
  { reminder }: Pick<PendingReminder, 'reminder'>,
): Promise<Phase | null> {
  const rows = await store.scores.history(connection.id, reminder.customer.id);
  return rows.findLast((row) => row.asOf <= reminder.createdOn)?.phase ?? null;
}

function isSame(left: ReminderOutcome, right: ReminderOutcome): boolean {
  return Object.entries(left).every(([key, value]) => right[key as keyof ReminderOutcome] === value);
}
