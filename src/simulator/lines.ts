import { isObject, judgeValue, type RowFault } from './row-input.ts';
import type { Row } from './row-table.ts';
import type { FieldState, ModuleState, OrgState } from './state.ts';
import type { ValueIndex } from './value-index.ts';

/** Lines of one subform as a call gives them: judged, not yet stored. */
export interface GivenLines {
  field: FieldState;
  lines: { id: string | null; isDeleted: boolean; values: Record<string, unknown> }[];
}

/** Judges the array under a subform's name. Those with an id are changed, or deleted when they have `_delete`. */
export function judgeLines(
  state: OrgState,
  field: FieldState,
  input: unknown,
  jsonPath: string,
): { given: GivenLines; faults: RowFault[] } {
  const given: GivenLines = { field, lines: [] };
  const module = state.modules.get(field.lookup ?? '');
  if (module === undefined || !Array.isArray(input) || !input.every(isObject)) {
    const details = { expected_data_type: 'jsonarray', api_name: field.apiName, json_path: jsonPath };
    return { given, faults: [{ code: 'INVALID_DATA', message: 'invalid data', details }] };
  }
  const faults: RowFault[] = [];
  for (const [at, line] of input.entries()) {
    const values: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(line)) {
      const of = module.fields.get(name);
      if (of === undefined || of.readOnly) continue;
      const judged = judgeValue(state, of, value, `${jsonPath}[${at}].${name}`);
      if (judged.ok) values[name] = judged.stored;
      else faults.push(judged.fault);
    }
    const id = typeof line.id === 'string' ? line.id : null;
    if (id !== null && module.rows.get(id) === undefined)
      faults.push({
        code: 'INVALID_DATA',
        message: 'the id given seems to be invalid',
        details: { api_name: 'id', json_path: `${jsonPath}[${at}].id` },
      });
    given.lines.push({ id, isDeleted: '_delete' in line, values });
  }
  return { given, faults };
}

/** Stores lines of a record, which keeps their ids, and sums them up. */
export function storeLines(
  { state, index }: { state: OrgState; index: ValueIndex | null },
  parent: Row,
  { field, lines }: GivenLines,
): void {
  const module = state.modules.get(field.lookup ?? '');
  if (module === undefined) return;
  const former = parent.values[field.apiName];
  const ids: string[] = Array.isArray(former) ? former.map(String) : [];
  for (const { id, isDeleted, values } of lines) {
    const known = id === null ? undefined : module.rows.get(id);
    if (known === undefined) ids.push(addLine({ state, index }, module, parent, { ...values }, ids.length));
    else if (isDeleted) removeLine(index, module, known, ids);
    else changeLine(index, module, parent, known, values);
  }
  parent.values[field.apiName] = ids;
  sumUp(
    parent,
    ids.flatMap((id) => module.rows.get(id) ?? []),
  );
}

function addLine(
  { state, index }: { state: OrgState; index: ValueIndex | null },
  module: ModuleState,
  parent: Row,
  values: Record<string, unknown>,
  at: number,
): string {
  const row: Row = {
    id: state.ids.next(),
    module: module.apiName,
    values: { Parent_Id: parent.id, Sequence_Number: at + 1, ...values },
    createdMs: parent.modifiedMs,
    modifiedMs: parent.modifiedMs,
    createdBy: parent.modifiedBy,
    modifiedBy: parent.modifiedBy,
    version: 0,
    gone: false,
  };
  reckon(row.values);
  module.rows.add(row);
  index?.learn(row);
  return row.id;
}

function removeLine(index: ValueIndex | null, module: ModuleState, row: Row, ids: string[]): void {
  ids.splice(ids.indexOf(row.id), 1);
  index?.forget(row);
  module.rows.remove(row);
}

function changeLine(
  index: ValueIndex | null,
  module: ModuleState,
  parent: Row,
  row: Row,
  values: Readonly<Record<string, unknown>>,
): void {
  index?.forget(row);
  Object.assign(row.values, values);
  reckon(row.values);
  row.modifiedMs = parent.modifiedMs;
  row.modifiedBy = parent.modifiedBy;
  index?.learn(row);
  module.rows.touch(row);
}

const numberIn = (value: unknown) => (typeof value === 'number' ? value : 0);
const cents = (value: number) => Math.round(value * 100) / 100;

function reckon(values: Record<string, unknown>): void {
  values.Total = cents(numberIn(values.Quantity) * numberIn(values.List_Price));
  values.Total_After_Discount = cents((values.Total as number) - numberIn(values.Discount));
  values.Net_Total = cents((values.Total_After_Discount as number) + numberIn(values.Tax));
}

/** Without lines the sums stay as they were given. */
function sumUp({ values }: Row, lines: readonly Row[]): void {
  if (lines.length === 0) return;
  values.Sub_Total = cents(lines.reduce((sum, line) => sum + numberIn(line.values.Net_Total), 0));
  reckonTotal(values);
}

/** What is to be paid, once discount, tax or adjustment of the whole have changed. */
export function reckonTotal(values: Record<string, unknown>): void {
  if (typeof values.Sub_Total !== 'number') return;
  const { Sub_Total, Discount, Tax, Adjustment } = values;
  values.Grand_Total = cents(Sub_Total - numberIn(Discount) + numberIn(Tax) + numberIn(Adjustment));
}
