import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { type Conversion, convertLead } from './lead-conversion.ts';
import { listIn, moduleFor } from './requests.ts';
import { isObject } from './row-input.ts';
import type { Row } from './row-table.ts';
import { displayName } from './row-values.ts';

const CREDITS = 5;

/** `POST /crm/v8/Leads/{id}/actions/convert`. */
export function answerConversion(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'UPDATE');
  for (const object of ['accounts', 'contacts', 'deals']) call.need('modules', object, 'CREATE');
  if (module.apiName !== 'Leads') throw new ApiError(400, 'INVALID_MODULE', 'only leads are converted');
  call.charge(CREDITS);
  call.enterSub();
  const [input] = listIn(call.json(), 'data', 1);
  const lead = module.rows.get(call.params.id ?? '');
  if (lead === undefined) throw new ApiError(400, 'INVALID_DATA', 'invalid data', { resource_path_index: 1 });
  if (lead.values.Converted__s === true)
    throw new ApiError(400, 'ID_ALREADY_CONVERTED', 'id already converted', { resource_path_index: 1 });
  const converted = convertLead(context.writing, lead, isObject(input) ? input : {}, call.user);
  if (!converted.ok) {
    const [fault] = converted.faults;
    return { status: 400, json: { data: [{ ...fault, status: 'error' }] } };
  }
  tellOfConversion(context, lead, converted.conversion, call.user);
  const { account, contact, deal } = converted.conversion;
  const details = {
    Contacts: named(context, contact),
    Deals: deal === null ? null : named(context, deal),
    Accounts: account === null ? null : named(context, account),
  };
  const message = 'The record has been converted successfully';
  return { status: 200, json: { data: [{ code: 'SUCCESS', status: 'success', message, details }] } };
}

function named({ state }: SimContext, row: Row) {
  return { name: displayName(state, row), id: row.id };
}

/** Channels hear of what was made, and of the lead. */
export function tellOfConversion(
  { notifier }: Pick<SimContext, 'notifier'>,
  lead: Row,
  { created }: Conversion,
  user: Call['user'],
): void {
  for (const row of created) {
    const changes = [{ id: row.id, fields: Object.keys(row.values) }];
    notifier.changed({ module: row.module, user, isQuiet: false, operation: 'insert', changes });
  }
  const changes = [{ id: lead.id, fields: ['Converted__s', 'Converted_Date_Time'] }];
  notifier.changed({ module: 'Leads', user, isQuiet: false, operation: 'update', changes });
}
