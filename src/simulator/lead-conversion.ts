import { moveChildren } from './record-life.ts';
import { derive } from './record-rules.ts';
import type { RecordWriter, WriteOptions, WriterDeps } from './record-writer.ts';
import { isObject, type RowFault } from './row-input.ts';
import type { Row } from './row-table.ts';
import type { ModuleState, SimUser } from './state.ts';
import { wholeSecond } from './times.ts';

const DAY_MS = 86_400_000;
/** Lead → account and lead → contact, as Zoho maps them unless the firm changed it. */
const TO_ACCOUNT: Readonly<Record<string, string>> = {
  Phone: 'Phone',
  Website: 'Website',
  Industry: 'Industry',
  Annual_Revenue: 'Annual_Revenue',
  No_of_Employees: 'Employees',
  Rating: 'Rating',
  Street: 'Billing_Street',
  City: 'Billing_City',
  State: 'Billing_State',
  Zip_Code: 'Billing_Code',
  Country: 'Billing_Country',
};
const TO_CONTACT: Readonly<Record<string, string>> = {
  First_Name: 'First_Name',
  Last_Name: 'Last_Name',
  Email: 'Email',
  Secondary_Email: 'Secondary_Email',
  Phone: 'Phone',
  Mobile: 'Mobile',
  Designation: 'Title',
  Lead_Source: 'Lead_Source',
  Email_Opt_Out: 'Email_Opt_Out',
  Street: 'Mailing_Street',
  City: 'Mailing_City',
  State: 'Mailing_State',
  Zip_Code: 'Mailing_Zip',
  Country: 'Mailing_Country',
};
const OF_DEAL = ['Deal_Name', 'Closing_Date', 'Pipeline', 'Stage'];

export interface Conversion {
  account: Row | null;
  contact: Row;
  deal: Row | null;
  /** Made by the conversion, not found. */
  created: Row[];
  moved: Row[];
}

export type Converted = { ok: true; conversion: Conversion } | { ok: false; faults: RowFault[] };

interface ConversionDeps extends WriterDeps {
  writer: RecordWriter;
}

/**
 * Makes an account, a contact and, when asked for, a deal of a lead; an account of the same name is used. Activities
 * and notes of the lead go to the deal, else the contact. The input is one element of the convert call.
 */
export function convertLead(
  deps: ConversionDeps,
  lead: Row,
  input: Readonly<Record<string, unknown>>,
  user: SimUser,
): Converted {
  const { state, writer } = deps;
  const accounts = moduleOf(deps, 'Accounts');
  const contacts = moduleOf(deps, 'Contacts');
  const deals = moduleOf(deps, state.dealsModule);
  const options: WriteOptions = { user, position: 0, withLayoutRules: false, isPerson: true };
  const faults = [
    ...unknownRow(accounts, input.Accounts),
    ...unknownRow(contacts, input.Contacts),
    ...dealFaults(deps, input.Deals),
  ];
  const assignee = isObject(input.assign_to) ? String(input.assign_to.id) : null;
  if (assignee !== null && !state.users.get(assignee)?.active) faults.push(strange('assign_to.id'));
  if (faults.length > 0) return { ok: false, faults };

  const Owner = { id: assignee ?? String(lead.values.Owner) };
  const created: Row[] = [];
  const make = (module: ModuleState, values: Record<string, unknown>): Row => {
    const written = writer.insert(module, values, options);
    if (!written.ok) throw new RangeError(`the conversion was refused: ${JSON.stringify(written.faults)}`);
    created.push(written.row);
    return written.row;
  };
  const ownerIfActive = state.users.get(Owner.id)?.active ? { Owner } : {};
  const account =
    namedRow(accounts, input.Accounts) ??
    accountOf(deps, accounts, lead, (values) => make(accounts, { ...values, ...ownerIfActive }));
  const contact =
    namedRow(contacts, input.Contacts) ??
    make(contacts, {
      ...mapped(lead, TO_CONTACT),
      ...(account === null ? {} : { Account_Name: { id: account.id } }),
      ...ownerIfActive,
    });
  const deal = isObject(input.Deals)
    ? make(deals, {
        ...withoutRole(input.Deals),
        ...(account === null ? {} : { Account_Name: { id: account.id } }),
        Contact_Name: { id: contact.id },
        ...ownerIfActive,
      })
    : null;
  const moved = moveChildren(deps, lead, deal ?? contact, user);
  markConverted(deps, lead, { account, contact, deal }, user);
  return { ok: true, conversion: { account, contact, deal, created, moved } };
}

function moduleOf({ state }: ConversionDeps, name: string): ModuleState {
  const module = state.modules.get(name);
  if (module === undefined) throw new RangeError(`the org has no ${name}`);
  return module;
}

function namedRow(module: ModuleState, given: unknown): Row | null {
  return isObject(given) && given.id !== undefined ? (module.rows.get(String(given.id)) ?? null) : null;
}

function unknownRow(module: ModuleState, given: unknown): RowFault[] {
  if (!isObject(given) || given.id === undefined || namedRow(module, given) !== null) return [];
  return [strange(`${module.apiName}.id`)];
}

function strange(place: string): RowFault {
  const details = { api_name: place.split('.').at(-1), json_path: `$.data[0].${place}` };
  return { code: 'INVALID_DATA', message: 'invalid data', details };
}

function dealFaults({ state }: ConversionDeps, given: unknown): RowFault[] {
  if (given === undefined || given === null) return [];
  if (!isObject(given)) return [strange('Deals')];
  const missing = OF_DEAL.filter((name) => given[name] === undefined || given[name] === null);
  if (missing.length > 0)
    return missing.map((name) => ({
      code: 'MANDATORY_NOT_FOUND',
      message: 'required field not found',
      details: { api_name: name, json_path: `$.data[0].Deals.${name}` },
    }));
  const pipeline = state.pipelines.find(({ name }) => name === given.Pipeline);
  const hasStage = pipeline?.stages.some(({ actual, display }) =>
    [actual, display].includes(String(given.Stage)),
  );
  if (hasStage) return [];
  const details = { mapped_field: 'Pipeline', api_name: 'Stage', json_path: '$.data[0].Deals.Stage' };
  return [{ code: 'MAPPING_MISMATCH', message: 'Pipeline doesn`t contain the Stage', details }];
}

/** A lead without a company becomes a contact without an account. */
function accountOf(
  { index }: ConversionDeps,
  accounts: ModuleState,
  lead: Row,
  make: (values: Record<string, unknown>) => Row,
): Row | null {
  const { Company: name } = lead.values;
  if (typeof name !== 'string' || name === '') return null;
  return (
    index.find(accounts, 'Account_Name', name) ?? make({ Account_Name: name, ...mapped(lead, TO_ACCOUNT) })
  );
}

function mapped(lead: Row, names: Readonly<Record<string, string>>): Record<string, unknown> {
  const pairs = Object.entries(names).map(([from, to]) => [to, lead.values[from]] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined && value !== null));
}

function withoutRole({ Contact_Role: _role, ...deal }: Record<string, unknown>): Record<string, unknown> {
  return deal;
}

function markConverted(
  { state, index, switches, nowMs }: ConversionDeps,
  lead: Row,
  { account, contact, deal }: Pick<Conversion, 'account' | 'contact' | 'deal'>,
  user: SimUser,
): void {
  const atMs = wholeSecond(nowMs());
  const days = Math.floor((atMs - lead.createdMs) / DAY_MS);
  index.forget(lead);
  Object.assign(lead.values, {
    Converted__s: true,
    Converted_Date_Time: atMs,
    Converted_Account: account?.id ?? null,
    Converted_Contact: contact.id,
    Converted_Deal: deal?.id ?? null,
    Lead_Conversion_Time: days,
  });
  if (deal !== null) deal.values.Lead_Conversion_Time = days;
  if (switches.conversionTouchesLead) {
    lead.modifiedMs = atMs;
    lead.modifiedBy = user.id;
  }
  derive(state, lead, { ...lead.values });
  index.learn(lead);
  state.modules.get('Leads')?.rows.touch(lead);
}
