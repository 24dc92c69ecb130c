import { figures, headLine, moneyFigures, nextStep, wordOf } from './card-parts.ts';
import { button, el } from './elements.ts';
import { type FieldNames, fieldsOfRecord, type ZohoRecord } from './fields.ts';
import type { Shell } from './shell.ts';
import { type CustomerValues, customerValues, isUnscored, lookupId, lookupName, readerOf } from './values.ts';

/** The small card of records that belong to a customer, or may become one. */

interface Belonging {
  readonly module: string;
  readonly record: ZohoRecord;
  readonly names: FieldNames;
}

/** What the account says where it may be seen, else the copies on the record itself. */
export async function compactCard(shell: Shell, { module, record, names }: Belonging): Promise<void> {
  const { texts, format, zoho } = shell;
  const accountId = lookupId(record.Account_Name);
  const account = accountId === null ? null : await valuesOf(shell, accountId);
  const values = account ?? copiesOn(record, names);
  if (isUnscored(values)) return shell.state('notYet');
  const atOpening = readerOf(record, names).number('goodwill_at_opening');
  const { goodwill } = values;
  const budget =
    atOpening === null
      ? { label: texts.label.goodwill, value: goodwill === null ? null : format.money(goodwill) }
      : { label: texts.label.goodwillAtOpening, value: format.money(atOpening) };
  const hasBudget = account !== null || atOpening !== null;
  const missing = accountId === null ? texts.none.noAccount : texts.none.owner;
  const name = lookupName(record.Account_Name);
  shell.show(
    el(
      'article',
      { class: 'card compact', 'aria-label': texts.title, 'data-module': module },
      name === null ? null : el('p', { class: 'of' }, name),
      headLine(shell, values),
      hasBudget ? figures(texts.none.money, [...(account ? moneyFigures(shell, values) : []), budget]) : null,
      account ? nextStep(shell, values.nextStep) : el('p', { class: 'none' }, missing),
      accountId === null
        ? null
        : el(
            'div',
            { class: 'buttons' },
            button(texts.action.open, () => zoho.open('Accounts', accountId)),
          ),
    ),
  );
}

async function valuesOf({ zoho, config }: Shell, id: string): Promise<CustomerValues | null> {
  const answer = await zoho.record('Accounts', id);
  if (answer.is !== 'record') return null;
  const values = customerValues(
    answer.record,
    fieldsOfRecord('Accounts', answer.record, config.fields.Accounts),
  );
  return isUnscored(values) ? null : values;
}

function copiesOn(record: ZohoRecord, names: FieldNames): CustomerValues {
  const { option } = readerOf(record, names);
  return {
    ...customerValues(record, names),
    tier: option('customer_tier', 'tier'),
    phase: option('customer_phase', 'phase'),
  };
}

export function leadCard(shell: Shell, record: ZohoRecord, names: FieldNames): void {
  const { texts, format } = shell;
  const { option, number } = readerOf(record, names);
  const followUp = option('follow_up_status', 'follow_up');
  const value = number('expected_lead_value');
  if (followUp === null && value === null) {
    shell.state('notYet');
    return;
  }
  shell.show(
    el(
      'article',
      { class: 'card compact', 'aria-label': texts.title, 'data-module': 'Leads' },
      figures(texts.none.money, [
        ...(followUp
          ? [
              {
                label: texts.label.followUp,
                value: wordOf(texts.follow_up, followUp),
                isLoss: followUp.code === 'overdue',
              },
            ]
          : []),
        { label: texts.label.leadValue, value: value === null ? null : format.money(value) },
      ]),
    ),
  );
}
