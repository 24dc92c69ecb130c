import { fieldsOfRecord, type ZohoRecord } from './fields.ts';
import { type CustomerValues, customerValues, lookupId, textOf } from './values.ts';

/** Tasks and customers become the lines of the worklist, best first. Pure. */

export interface WorkRow {
  readonly taskId: string;
  readonly subject: string;
  readonly due: string | null;
  readonly module: 'Accounts' | 'Contacts';
  readonly customerId: string;
  readonly name: string;
  readonly values: CustomerValues;
}

type CustomerModule = WorkRow['module'];

/** Whom a task is about: the account it hangs on, or the contact where there is none. */
export function customerOf(task: ZohoRecord): { module: CustomerModule; id: string } | null {
  const account = lookupId(task.What_Id);
  if (account !== null) return { module: 'Accounts', id: account };
  const contact = lookupId(task.Who_Id);
  return contact === null ? null : { module: 'Contacts', id: contact };
}

export function workRows(
  tasks: readonly ZohoRecord[],
  customers: { readonly [M in CustomerModule]: readonly ZohoRecord[] },
  named: { readonly [module: string]: { readonly [key: string]: string } },
): WorkRow[] {
  const rows = tasks.flatMap((task) => {
    const of = customerOf(task);
    const record = of && customers[of.module].find(({ id }) => String(id) === of.id);
    if (!of || !record) return [];
    const values = customerValues(record, fieldsOfRecord(of.module, record, named[of.module]));
    return [
      {
        taskId: String(task.id),
        subject: textOf(task.Subject) ?? '–',
        due: textOf(task.Due_Date),
        module: of.module,
        customerId: of.id,
        name: textOf(record.Account_Name) ?? textOf(record.Full_Name) ?? textOf(record.Last_Name) ?? '–',
        values,
      },
    ];
  });
  return rows.sort(byWorth);
}

/** What a year with this customer is worth: what is expected, or else what the last one brought. */
export function atStake({ expected, profit }: Pick<CustomerValues, 'expected' | 'profit'>): number | null {
  return expected ?? profit;
}

function byWorth(a: WorkRow, b: WorkRow): number {
  const worth = (row: WorkRow) => atStake(row.values) ?? Number.NEGATIVE_INFINITY;
  if (worth(a) !== worth(b)) return worth(a) > worth(b) ? -1 : 1;
  return (a.due ?? '9') < (b.due ?? '9') ? -1 : 1;
}
