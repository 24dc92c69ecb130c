import type { Connection, Language, PlanId } from '../domain.ts';
import type { Settings } from '../rules.ts';
import type { Store } from '../store/store.ts';
import { renderReason } from '../texts/reasons.ts';
import { ruleTitles } from '../texts/rule-title.ts';

/** Every change of a plan as one object a line: field writes, task changes, and what was suppressed and why. */
export async function* planDiff(
  deps: { readonly store: Pick<Store, 'plans'>; readonly settings: Pick<Settings, 'plan'> },
  connection: Connection,
  planId: PlanId,
  language: Language = deps.settings.plan.language,
): AsyncGenerator<object> {
  const format = { language, currency: connection.org.currency };
  const titleOf = ruleTitles(deps.settings.plan.playbook, format.language);
  for await (const items of deps.store.plans.items(planId, 500, 'all')) {
    for (const item of items) {
      if (item.kind === 'field') {
        const { module, recordId, name, field, old, new: next, reason, cause } = item.change;
        yield {
          module,
          recordId,
          name,
          field,
          old,
          new: next,
          cause,
          reason: reason ? renderReason(reason, format) : cause,
        };
      } else if (item.kind === 'task') {
        const { task } = item;
        if (task.kind === 'create')
          yield { task: { action: 'create', ...task.draft, title: titleOf(task.draft.reason) } };
        else {
          const { cvRef, taskId, customer, reason } = task.reminder;
          const next =
            task.kind === 'update' ? { subject: task.draft.subject, dueDay: task.draft.dueDay } : {};
          yield {
            task: {
              ...{ action: task.kind, cvRef, taskId, customer, cause: task.cause },
              ...{ reason, title: titleOf(reason), ...next },
            },
          };
        }
      } else if (item.kind === 'edited') {
        yield { edited: item.edit };
      } else {
        yield { task: { action: 'suppressed', ...item.task, title: titleOf(item.task.reason) } };
      }
    }
  }
}
