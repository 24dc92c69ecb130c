import { actionBar } from './actions.ts';
import type { RecordAnswer } from './answers.ts';
import { figures, headLine, lastContact, moneyFigures, nextStep, reasonList } from './card-parts.ts';
import { compactCard, leadCard } from './compact.ts';
import { pageAddress } from './config.ts';
import { el } from './elements.ts';
import { type FieldNames, fieldsOfMeta, fieldsOfRecord, type ZohoRecord } from './fields.ts';
import { reminders } from './reminders.ts';
import type { Shell } from './shell.ts';
import { fill } from './texts/tables.ts';
import { type CustomerValues, customerValues, isUnscored, lookupId } from './values.ts';

/** The value card of one record. */

export interface Page {
  readonly module: string;
  readonly id: string;
}

const CUSTOMERS: ReadonlySet<string> = new Set(['Accounts', 'Contacts']);
const OTHERS: ReadonlySet<string> = new Set(['Deals', 'Cases']);

export async function showCard(shell: Shell, { module, id }: Page): Promise<void> {
  const isKnown = CUSTOMERS.has(module) || OTHERS.has(module) || module === 'Leads';
  if (!isKnown) return shell.state('otherModule');
  const answer = await shell.zoho.record(module, id);
  if (answer.is !== 'record') return showRefusal(shell, answer, () => void showAgain());
  const { record } = answer;
  const names = fieldsOfRecord(module, record, shell.config.fields[module]);
  if (names.size === 0) return shell.state((await hasFields(shell, module)) ? 'hiddenFields' : 'noFields');
  if (module === 'Leads') return leadCard(shell, record, names);
  if (OTHERS.has(module) || isMemberOfAccount(module, record, names))
    return compactCard(shell, { module, record, names });
  await customerCard(shell, { module, id, record, names });

  async function showAgain(): Promise<void> {
    shell.state('loading');
    await showCard(shell, { module, id });
  }
}

function showRefusal(shell: Shell, answer: Exclude<RecordAnswer, { is: 'record' }>, retry: () => void): void {
  if (answer.is === 'failed') shell.state('failed', { code: answer.code, retry });
  else shell.state(answer.is);
}

/** A contact with an account holds copies of the account's tier and phase, and no values of its own. */
function isMemberOfAccount(module: string, record: ZohoRecord, names: FieldNames): boolean {
  if (module !== 'Contacts' || lookupId(record.Account_Name) === null) return false;
  return isUnscored(customerValues(record, names));
}

async function hasFields({ zoho }: Shell, module: string): Promise<boolean> {
  const told = await zoho.fields(module);
  return told.is === 'list' && fieldsOfMeta(told.rows).size > 0;
}

interface Shown extends Page {
  readonly record: ZohoRecord;
  readonly names: FieldNames;
}

async function customerCard(shell: Shell, { module, id, record, names }: Shown): Promise<void> {
  const values = customerValues(record, names);
  if (isUnscored(values)) return shell.state('notYet');
  const link = await pageLink(shell, module, id);
  shell.show(
    el(
      'article',
      { class: 'card', 'aria-label': shell.texts.title },
      headLine(shell, values),
      figures(shell.texts.none.money, [...moneyFigures(shell, values), ...relationFigures(shell, values)]),
      nextStep(shell, values.nextStep),
      lastContact(shell, values),
      reminders(shell, module, id),
      reasonList(shell, values.reasons),
      actionBar(shell, { module, id, names }),
      link,
    ),
  );
}

function relationFigures({ texts, format }: Shell, values: CustomerValues) {
  const { relationshipMonths: months, since, goodwill, churnPercent } = values;
  const { label, none } = texts;
  const risk = churnPercent === null ? null : fill(label.churn, { percent: format.percent(churnPercent) });
  return [
    {
      label: label.relationship,
      value: months === null ? none.relationship : format.months(months),
      hint:
        since === null
          ? risk
          : [fill(label.since, { day: format.day(since) }), risk].filter(Boolean).join('. '),
    },
    { label: label.goodwill, value: goodwill === null ? null : format.money(goodwill) },
  ];
}

async function pageLink(
  { zoho, config, texts }: Shell,
  module: string,
  id: string,
): Promise<HTMLElement | null> {
  const { customerPage, customerPageVariable: name } = config;
  const template = name === null ? customerPage : ((await zoho.variable(name)) ?? customerPage);
  const href = pageAddress(template, module, id);
  if (href === null) return null;
  const link = el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, texts.action.page);
  link.title = texts.action.pageHint;
  return el('p', { class: 'more' }, link);
}
