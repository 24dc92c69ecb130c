import type { ListAnswer } from './answers.ts';
import { tierBadge } from './card-parts.ts';
import { button, el } from './elements.ts';
import { type FieldKey, type FieldNames, fieldsOfMeta } from './fields.ts';
import { dueText } from './reminders.ts';
import type { Shell } from './shell.ts';
import { fill } from './texts/tables.ts';
import { atStake, customerOf, type WorkRow, workRows } from './worklist-rows.ts';

/** The open reminders of whoever looks, most at stake first. */

const MOST_TASKS = 200;
const MOST_SHOWN = 15;
// Zoho takes so many values in one list of a query.
const MOST_IDS = 50;
const SHOWN: readonly FieldKey[] = [
  'value_tier',
  'lifecycle_phase',
  'profit_12_months',
  'expected_profit_12_months',
  'next_step',
  'last_contact_summary',
];

export async function showWorklist(shell: Shell): Promise<void> {
  const { zoho, state } = shell;
  const [userId, fields] = await Promise.all([zoho.userId(), zoho.fields('Tasks')]);
  const ref = fields.is === 'list' ? fieldsOfMeta(fields.rows).get('cv_ref') : undefined;
  if (ref === undefined) return state('noReminders');
  if (userId === null || !/^\d+$/.test(userId)) return state('silent', { retry: () => void again(shell) });
  const tasks = await zoho.query(
    `select id, Subject, Due_Date, What_Id, Who_Id, Status from Tasks where ((Owner = '${userId}' and ${ref} like 'cv-%') and Status != 'Completed') order by Due_Date asc limit ${MOST_TASKS}`,
  );
  if (tasks.is !== 'list') return refused(shell, tasks);
  const of = (module: 'Accounts' | 'Contacts') =>
    tasks.rows.flatMap((task) => {
      const customer = customerOf(task);
      return customer?.module === module ? [customer.id] : [];
    });
  const [Accounts, Contacts] = await Promise.all([
    customersOf(shell, 'Accounts', of('Accounts'), ['Account_Name']),
    customersOf(shell, 'Contacts', of('Contacts'), ['Full_Name', 'Last_Name']),
  ]);
  if (Accounts.is !== 'list') return refused(shell, Accounts);
  if (Contacts.is !== 'list') return refused(shell, Contacts);
  const customers = { Accounts: Accounts.rows, Contacts: Contacts.rows };
  const rows = workRows(tasks.rows, customers, shell.config.fields);
  if (rows.length === 0) return state('noWork');
  shell.show(worklistView(shell, rows));
}

async function again(shell: Shell): Promise<void> {
  shell.state('loading');
  await showWorklist(shell);
}

function refused(shell: Shell, answer: Exclude<ListAnswer, { is: 'list' }>): void {
  if (answer.is === 'forbidden') shell.state('noReminders');
  else
    shell.state('failed', {
      code: answer.is === 'failed' ? answer.code : '',
      retry: () => void again(shell),
    });
}

async function customersOf(
  { zoho, config }: Shell,
  module: 'Accounts' | 'Contacts',
  ids: readonly string[],
  own: readonly string[],
): Promise<ListAnswer> {
  if (ids.length === 0) return { is: 'list', rows: [] };
  const told = await zoho.fields(module);
  const found: FieldNames = told.is === 'list' ? fieldsOfMeta(told.rows) : new Map();
  const named = config.fields[module] ?? {};
  const columns = SHOWN.flatMap((key) => named[key] ?? found.get(key) ?? []);
  const unique = [...new Set(ids)];
  const rows = [];
  for (let start = 0; start < unique.length; start += MOST_IDS) {
    const list = unique.slice(start, start + MOST_IDS).map((id) => `'${id}'`);
    const select = ['id', ...own, ...columns].join(', ');
    const page = await zoho.query(
      `select ${select} from ${module} where id in (${list.join(', ')}) limit ${MOST_IDS}`,
    );
    if (page.is !== 'list') return page;
    rows.push(...page.rows);
  }
  return { is: 'list', rows };
}

function worklistView(shell: Shell, rows: readonly WorkRow[]): HTMLElement {
  const { texts } = shell;
  const rest = rows.length - MOST_SHOWN;
  return el(
    'article',
    { class: 'worklist' },
    el('h1', {}, texts.worklistTitle),
    el('ol', {}, ...rows.slice(0, MOST_SHOWN).map((row) => workLine(shell, row))),
    rest > 0 ? el('p', { class: 'none' }, fill(texts.more.tasks, { count: String(rest) })) : null,
  );
}

function workLine(shell: Shell, row: WorkRow): HTMLElement {
  const { zoho, texts, format } = shell;
  const { values } = row;
  const stake = atStake(values);
  return el(
    'li',
    { class: 'line' },
    el(
      'div',
      { class: 'who' },
      button(row.name, () => zoho.open(row.module, row.customerId), 'link name'),
      tierBadge(shell, values.tier),
      stake === null || stake <= 0
        ? null
        : el('span', { class: 'stake' }, `${format.money(stake)} ${texts.label.atStake}`),
    ),
    el(
      'div',
      { class: 'what' },
      button(row.subject, () => zoho.open('Tasks', row.taskId), 'link'),
      row.due === null ? null : dueText(shell, row.due),
    ),
    values.nextStep === null ? null : el('p', { class: 'step' }, values.nextStep),
    values.contactSummary === null ? null : el('p', { class: 'hint' }, values.contactSummary),
  );
}
