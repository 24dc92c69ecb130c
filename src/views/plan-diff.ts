import type { Connection, Language, PlanId } from '../domain.ts';
import type { Settings } from '../rules.ts';
import type { PlanItem } from '../store/plan-stores.ts';
import type { Store } from '../store/store.ts';
import { renderReason } from '../texts/reasons.ts';
import { ruleTitles } from '../texts/rule-title.ts';

/** Every change of a plan as one object a line: field writes, task changes, and what was suppressed and why. */
export async function* planDiff(
  deps: { readonly store: Pick<Store, 'plans'>; readonly settings: Pick<Settings, 'plan'> },
  connection: Connection,
  planId: PlanId,
  language?: Language,
): AsyncGenerator<object> {
  const lineOf = planLines(deps.settings, connection, language);
  for await (const items of deps.store.plans.items(planId, 500, 'all')) {
    for (const item of items) yield lineOf(item);
  }
}

/** How one change is shown, in the language of the settings unless another is given. */
export function planLines(
  { plan }: Pick<Settings, 'plan'>,
  { org }: Connection,
  language: Language = plan.language,
): (item: PlanItem) => object {
  const format = { language, currency: org.currency };
  const titleOf = ruleTitles(plan.playbook, language);
  return (item) => {
    if (item.kind === 'field') {
      const { module, recordId, name, field, old, new: next, reason, cause } = item.change;
      const why = reason ? renderReason(reason, format) : cause;
      return { module, recordId, name, field, old, new: next, cause, reason: why };
    }
    if (item.kind === 'edited') return { edited: item.edit };
    if (item.kind === 'suppressed') {
      return { task: { action: 'suppressed', ...item.task, title: titleOf(item.task.reason) } };
    }
    const { task } = item;
    if (task.kind === 'create') {
      return { task: { action: 'create', ...task.draft, title: titleOf(task.draft.reason) } };
    }
    const { cvRef, taskId, customer, reason } = task.reminder;
    const next = task.kind === 'update' ? { subject: task.draft.subject, dueDay: task.draft.dueDay } : {};
    return {
      task: {
        ...{ action: task.kind, cvRef, taskId, customer, cause: task.cause },
        ...{ reason, title: titleOf(reason), ...next },
      },
    };
  };
}
