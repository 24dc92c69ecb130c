import { type OrgRecord, recordsOf } from './org.ts';
import type { Edit, EditKind } from './write-scene.ts';
import { type Stage, tasksByKey } from './write-stage.ts';

/** What a person did while an apply was under way. */
export interface Done {
  readonly kind: EditKind;
  readonly module: string;
  readonly id: string;
  /** The key of the task, where it was one of ours. */
  readonly key: string | null;
  readonly field: string | null;
  readonly value: unknown;
}

const OTHER_VALUES: { readonly [field: string]: unknown } = {
  Value_Tier: 'No business',
  Next_Step: 'Ask Anna first, she knows them',
  Profit_12_Months: -123_456.78,
  Contact_Gap_Days: 4_321,
  Lifecycle_Phase: 'Lost',
};

/** Through the web pages, at this very moment; null where there is nothing to do it to. */
export function doEdit(stage: Stage, edit: Edit, users: readonly string[]): Done | null {
  const { control } = stage.world.simulator;
  const take = <T>(rows: readonly T[]): T | undefined => rows[Math.floor(edit.which * rows.length)];
  const accounts = recordsOf(stage.world.simulator, 'Accounts');
  const living = new Set(accounts.map(({ id }) => id));
  const write = (module: string, id: string, field: string, value: unknown): Done => {
    control.writeRecords(module, [{ id, [field]: value }]);
    return { kind: edit.kind, module, id, key: null, field, value };
  };
  // Where the apply is at work as well, if there is such a task.
  const planned = new Set(
    stage.items.flatMap((item) =>
      item.kind === 'task'
        ? [item.task.kind === 'create' ? item.task.draft.cvRef : item.task.reminder.cvRef]
        : [],
    ),
  );
  const task = (): { key: string; task: OrgRecord } | undefined => {
    const open = [...tasksByKey(stage.world)].flatMap(([key, tasks]) =>
      tasks.filter((one) => one.Status !== 'Completed').map((one) => ({ key, task: one })),
    );
    const aimed = open.filter(({ key }) => planned.has(key));
    return take(aimed.length > 0 ? aimed : open);
  };
  const writeTask = (field: string, value: (old: OrgRecord) => unknown): Done | null => {
    const found = task();
    if (!found) return null;
    return { ...write('Tasks', found.task.id, field, value(found.task)), key: found.key };
  };
  switch (edit.kind) {
    case 'our field': {
      const changes = stage.items.flatMap((item) => (item.kind === 'field' ? [item.change] : []));
      const change = take(
        changes.filter(
          ({ module, recordId, field, old }) =>
            module === 'Accounts' &&
            living.has(recordId) &&
            // Writing what stands there is no edit.
            (OTHER_VALUES[apiName(stage, module, field)] ?? old) !== old,
        ),
      );
      if (!change) return null;
      const field = apiName(stage, change.module, change.field);
      return write(change.module, change.recordId, field, OTHER_VALUES[field]);
    }
    case 'their field': {
      const account = take(accounts);
      return account ? write('Accounts', account.id, 'Description', `Met at the fair ${edit.which}`) : null;
    }
    case 'task subject':
      return writeTask('Subject', () => `Anna calls them herself ${edit.which}`);
    case 'task description':
      return writeTask(
        'Description',
        (old) => `They want oak, not pine ${edit.which}\n${String(old.Description)}`,
      );
    case 'task due date':
      return writeTask('Due_Date', () => '2026-12-24');
    case 'task priority':
      return writeTask('Priority', () => 'Highest');
    case 'task completed':
      return writeTask('Status', () => 'Completed');
    case 'task deleted': {
      const found = task();
      if (!found) return null;
      control.deleteRecords('Tasks', [found.task.id]);
      return {
        kind: edit.kind,
        module: 'Tasks',
        id: found.task.id,
        key: found.key,
        field: null,
        value: null,
      };
    }
    case 'owner changed': {
      const account = take(accounts);
      const user = take(users);
      return account && user ? write('Accounts', account.id, 'Owner', { id: user }) : null;
    }
    case 'record deleted': {
      const account = take(accounts);
      if (!account) return null;
      control.deleteRecords('Accounts', [account.id]);
      return { kind: edit.kind, module: 'Accounts', id: account.id, key: null, field: null, value: null };
    }
    case 'records merged': {
      const loser = take(accounts);
      const winner = accounts.find(({ id }) => id !== loser?.id);
      if (!loser || !winner) return null;
      control.mergeRecords('Accounts', winner.id, [loser.id]);
      return { kind: edit.kind, module: 'Accounts', id: loser.id, key: null, field: null, value: winner.id };
    }
  }
}

export function apiName({ names }: Stage, module: string, key: string): string {
  return names.get(`${module}.${key}`) ?? key;
}
