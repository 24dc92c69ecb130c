import { reckonTotal } from './lines.ts';
import type { Row } from './row-table.ts';
import type { OrgState } from './state.ts';

/** Modules whose What_Id needs $se_module. */
export const ACTIVITY_MODULES: ReadonlySet<string> = new Set(['Tasks', 'Calls', 'Events']);

/** The system field that upsert compares when the call names none. */
export const DEFAULT_DUPLICATE_FIELD: Readonly<Record<string, string>> = {
  Leads: 'Email',
  Contacts: 'Email',
  Accounts: 'Account_Name',
  Deals: 'Deal_Name',
  Cases: 'Subject',
  Products: 'Product_Name',
};

export const NO_UPSERT: ReadonlySet<string> = new Set(['Tasks', 'Events', 'Calls', 'Notes']);

/** Fields that Zoho fills by itself. `before` holds the former values of an update, null on creation. */
export function derive(state: OrgState, row: Row, before: Readonly<Record<string, unknown>> | null): void {
  const { values } = row;
  switch (row.module) {
    case 'Leads':
    case 'Contacts':
      values.Full_Name = [values.First_Name, values.Last_Name].filter(Boolean).join(' ');
      if (row.module === 'Leads') values.Converted__s ??= false;
      break;
    case state.dealsModule:
      deriveDeal(state, values, before);
      break;
    case 'Tasks':
      if (values.Status !== 'Completed') values.Closed_Time = null;
      else values.Closed_Time ??= row.modifiedMs;
      break;
    case 'Quotes':
    case 'Sales_Orders':
    case 'Invoices':
      reckonTotal(values);
      break;
    case 'Calls':
      values.Call_Duration_in_seconds = durationSeconds(values.Call_Duration);
      break;
    default:
  }
  if (state.org.multiCurrency) deriveCurrency(state, values);
}

function deriveDeal(
  state: OrgState,
  values: Record<string, unknown>,
  before: Readonly<Record<string, unknown>> | null,
): void {
  const isMoved = before !== null && before.Stage !== values.Stage;
  const isGiven = before !== null && before.Probability !== values.Probability;
  if (values.Probability === undefined || (isMoved && !isGiven)) {
    const stages = state.pipelines.flatMap((pipeline) => pipeline.stages);
    values.Probability = stages.find(({ actual }) => actual === values.Stage)?.probability ?? null;
  }
  const { Amount: amount, Probability: probability } = values;
  values.Expected_Revenue =
    typeof amount === 'number' && typeof probability === 'number'
      ? Math.round(amount * probability) / 100
      : null;
}

function deriveCurrency(state: OrgState, values: Record<string, unknown>): void {
  const code = values.Currency ?? state.org.iso_code;
  values.Currency = code;
  values.Exchange_Rate ??= state.currencies.find(({ iso_code }) => iso_code === code)?.exchange_rate ?? 1;
}

/** `mm:ss`, as Zoho's web pages show it. */
export function durationSeconds(text: unknown): number | null {
  const match = typeof text === 'string' ? /^(\d+):(\d{2})$/.exec(text) : null;
  return match === null ? null : Number(match[1]) * 60 + Number(match[2]);
}
