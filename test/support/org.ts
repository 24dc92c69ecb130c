import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dayOf } from '../../src/clock.ts';
import { addDays } from '../../src/days.ts';
import { parseCvRef } from '../../src/plan/cv-ref.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';

/** What end-to-end tests read from the simulated org and how they set up around it. */

export const todayIn = (timeZone: string): string => dayOf(new Date(), timeZone);
export const addDaysTo = addDays;

export type OrgRecord = { readonly id: string } & Readonly<Record<string, unknown>>;

export function recordsOf(simulator: Simulator, module: string): OrgRecord[] {
  return simulator.control.records(module) as OrgRecord[]; // rows as Zoho's API would show them
}

const isOpen = (task: OrgRecord): boolean => task.Status !== 'Completed';
const idIn = (value: unknown): string | null =>
  value !== null && typeof value === 'object' && 'id' in value ? String(value.id) : null;

/** Our key on a task, whatever API name the org gave the field. */
export function cvRefOf(task: OrgRecord): string | null {
  const name = Object.keys(task).find((field) => /^CV_Ref/.test(field));
  const value = name === undefined ? null : task[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Open tasks that carry our key, by the rule that made them and the record they hang on. */
export function openTasks(simulator: Simulator): Map<string, number> {
  const open = new Map<string, number>();
  for (const task of recordsOf(simulator, 'Tasks')) {
    const record = idIn(task.What_Id) ?? idIn(task.Who_Id);
    const rule = parseCvRef(cvRefOf(task) ?? '')?.reason;
    if (rule === undefined || !isOpen(task) || record === null) continue;
    const key = `${rule} of ${record}`;
    open.set(key, (open.get(key) ?? 0) + 1);
  }
  return open;
}

/** A configuration with cap and new-task guard at 10,000. */
export function aBigReminderConfig(folder: string): string {
  const dir = mkdtempSync(join(folder, 'config-'));
  writeFileSync(
    join(dir, 'playbook.yaml'),
    'version: 1\nreminders:\n  perOwnerAndDay: 10000\nguards:\n  maxNewTasks: 10000\n',
  );
  return dir;
}
