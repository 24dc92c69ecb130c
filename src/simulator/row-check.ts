import { type GivenLines, judgeLines } from './lines.ts';
import { ACTIVITY_MODULES, durationSeconds } from './record-rules.ts';
import { isObject, judgeValue, type RowFault } from './row-input.ts';
import type { Row } from './row-table.ts';
import type { FieldState, ModuleState, OrgState } from './state.ts';
import type { Switches } from './switches.ts';

export interface RowCheck {
  state: OrgState;
  switches: Switches;
  module: ModuleState;
  nowMs: number;
  /** A row's place in the call, for json_path. */
  index: number;
  /** The row to be changed; null on creation. */
  current: Row | null;
  /** Layout rules are asked for. */
  withLayoutRules: boolean;
  /** People in the web pages may set what the API may not. */
  isPerson: boolean;
}

/** The values to store, or what Zoho says against the row. */
export function checkRow(
  check: RowCheck,
  input: unknown,
): { values: Record<string, unknown>; lines: GivenLines[]; faults: RowFault[] } {
  const { state, index } = check;
  if (!isObject(input)) {
    const details = { expected_data_type: 'jsonobject', api_name: 'data', json_path: `$.data[${index}]` };
    return { values: {}, lines: [], faults: [{ code: 'INVALID_DATA', message: 'invalid data', details }] };
  }
  const values: Record<string, unknown> = {};
  const lines: GivenLines[] = [];
  const faults: RowFault[] = [];
  for (const [name, value] of Object.entries(input)) {
    if (name === 'id' || name.startsWith('$')) continue;
    const field = fieldFor(check, name, faults);
    if (field === null) continue;
    if (field.dataType === 'subform') {
      const judged = judgeLines(state, field, value, `$.data[${index}].${name}`);
      lines.push(judged.given);
      faults.push(...judged.faults);
      continue;
    }
    const judged = judgeValue(state, field, value, `$.data[${index}].${name}`);
    if (judged.ok) values[name] = judged.stored;
    else faults.push(judged.fault);
  }
  faults.push(...mandatoryFaults(check, input), ...dependentFaults(check, input, values));
  return { values, lines, faults };
}

/** The field to write, or null when the name is to be left out; adds the fault when it is to be refused. */
function fieldFor(
  { module, switches, nowMs, index, isPerson }: RowCheck,
  name: string,
  faults: RowFault[],
): FieldState | null {
  const field = module.fields.get(name);
  const details = { api_name: name, json_path: `$.data[${index}].${name}` };
  if (field === undefined || field.readyMs > nowMs || (field.hidden && !isPerson)) {
    if (switches.unknownField === 'reject')
      faults.push({ code: 'INVALID_DATA', message: 'invalid data', details });
    return null;
  }
  if (field.readOnly && !isPerson) {
    if (switches.readOnlyField === 'reject')
      faults.push({ code: 'INVALID_DATA', message: 'invalid data', details });
    return null;
  }
  return field;
}

function mandatoryFaults(
  { module, current, withLayoutRules, index }: RowCheck,
  input: Record<string, unknown>,
): RowFault[] {
  if (current !== null) return [];
  const byLayout = withLayoutRules || input.Layout !== undefined;
  return [...module.fields.values()]
    .filter((field) => field.mandatory || (byLayout && field.requiredOnLayout))
    .filter(({ apiName }) => input[apiName] === undefined)
    .map(({ apiName }) => fault('MANDATORY_NOT_FOUND', 'required field not found', apiName, index));
}

function fault(code: string, message: string, apiName: string, index: number): RowFault {
  return { code, message, details: { api_name: apiName, json_path: `$.data[${index}].${apiName}` } };
}

/** What one value demands of another. */
function dependentFaults(
  { state, module, index, current }: RowCheck,
  input: Record<string, unknown>,
  values: Readonly<Record<string, unknown>>,
): RowFault[] {
  const faults: RowFault[] = [];
  if (ACTIVITY_MODULES.has(module.apiName) && typeof values.What_Id === 'string') {
    if (input.$se_module === undefined || input.$se_module === null) {
      faults.push(fault('DEPENDENT_FIELD_MISSING', 'Dependent Fields missing', '$se_module', index));
    } else if (state.row(values.What_Id)?.module !== input.$se_module) {
      faults.push(fault('INVALID_DATA', 'the given id seems to be invalid', 'What_Id', index));
    }
  }
  const now: Readonly<Record<string, unknown>> = { ...current?.values, ...values };
  if (module.apiName === 'Calls' && typeof values.Call_Duration === 'string') {
    const seconds = durationSeconds(values.Call_Duration);
    const isDone = now.Call_Type !== 'Missed' && now.Outgoing_Call_Status !== 'Scheduled';
    if (seconds === null) faults.push(fault('INVALID_DATA', 'invalid data', 'Call_Duration', index));
    else if (seconds === 0 && isDone)
      faults.push(fault('DEPENDENT_MISMATCH', 'invalid data', 'Call_Duration', index));
  }
  const { Start_DateTime: start, End_DateTime: end } = now;
  const isTimed = values.Start_DateTime !== undefined || values.End_DateTime !== undefined;
  if (isTimed && typeof start === 'number' && typeof end === 'number' && end < start)
    faults.push(fault('DEPENDENT_MISMATCH', 'invalid data', 'End_DateTime', index));
  return faults;
}
