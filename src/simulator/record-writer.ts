import { storeLines } from './lines.ts';
import { derive } from './record-rules.ts';
import { checkRow, type RowCheck } from './row-check.ts';
import type { RowFault } from './row-input.ts';
import type { Row } from './row-table.ts';
import { displayName } from './row-values.ts';
import { enterStage } from './stage-history.ts';
import type { ModuleState, OrgState, SimUser } from './state.ts';
import type { Switches } from './switches.ts';
import { wholeSecond } from './times.ts';
import type { ValueIndex } from './value-index.ts';

export interface WriterDeps {
  state: OrgState;
  switches: Switches;
  index: ValueIndex;
  nowMs(): number;
}

export interface WriteOptions {
  user: SimUser;
  position: number;
  withLayoutRules: boolean;
  isPerson: boolean;
}

export type Written = { ok: true; row: Row; fields: string[] } | { ok: false; faults: RowFault[] };

/** Creates and changes single rows of the org: the API and people in the web pages come through here. */
export interface RecordWriter {
  insert(module: ModuleState, input: unknown, options: WriteOptions): Written;
  update(module: ModuleState, row: Row, input: unknown, options: WriteOptions): Written;
  remove(module: ModuleState, row: Row, user: SimUser): void;
  /** The row with the same value in one of the fields, in their order of priority. */
  findSame(
    module: ModuleState,
    fields: readonly string[],
    input: Record<string, unknown>,
  ): { row: Row; field: string } | null;
}

export function createRecordWriter(deps: WriterDeps): RecordWriter {
  return {
    insert: (module, input, options) => insert(deps, module, input, options),
    update: (module, row, input, options) => update(deps, module, row, input, options),
    remove: (module, row, user) => {
      const kept = takeAway(deps, row);
      module.deleted.push({
        id: row.id,
        displayName: String(displayName(deps.state, row) ?? ''),
        type: 'recycle',
        deletedMs: wholeSecond(deps.nowMs()),
        deletedBy: user.id,
        createdBy: row.createdBy,
        kept,
      });
    },
    findSame: (module, fields, input) => {
      for (const field of fields) {
        const row = deps.index.find(module, field, input[field]);
        if (row !== undefined) return { row, field };
      }
      return null;
    },
  };
}

/** Takes a row out of its module, with the lines and the history that go along; answers all of them. */
export function takeAway({ state, index }: WriterDeps, row: Row): Row[] {
  const rows = [row, ...ownedRows({ state, index }, row)];
  for (const each of rows) {
    index.forget(each);
    state.modules.get(each.module)?.rows.remove(each);
  }
  return rows;
}

function ownedRows({ state, index }: Pick<WriterDeps, 'state' | 'index'>, row: Row): Row[] {
  return [...state.modules.values()]
    .filter(({ parent }) => parent === row.module)
    .flatMap((module) => index.findAll(module, ownerField(module), row.id));
}

/** The field of lines and histories that names what they belong to. */
function ownerField({ kind }: ModuleState): string {
  return kind === 'subform' ? 'Parent_Id' : 'Potential_Name';
}

function rowCheck(
  { state, switches, nowMs }: WriterDeps,
  module: ModuleState,
  { position: index, withLayoutRules, isPerson }: WriteOptions,
  current: Row | null,
): RowCheck {
  return { state, switches, module, nowMs: nowMs(), index, current, withLayoutRules, isPerson };
}

function insert(deps: WriterDeps, module: ModuleState, input: unknown, options: WriteOptions): Written {
  const { values, lines, faults } = checkRow(rowCheck(deps, module, options, null), input);
  faults.push(...duplicateFaults(deps, module, values, null, options.position));
  if (faults.length > 0) return { ok: false, faults };
  const atMs = wholeSecond(deps.nowMs());
  const { id: by } = options.user;
  const row: Row = {
    id: deps.state.ids.next(),
    module: module.apiName,
    values: { Owner: by, ...values },
    createdMs: atMs,
    modifiedMs: atMs,
    createdBy: by,
    modifiedBy: by,
    version: 0,
    gone: false,
  };
  derive(deps.state, row, null);
  for (const given of lines) storeLines(deps, row, given);
  module.rows.add(row);
  deps.index.learn(row);
  if (row.module === deps.state.dealsModule) enterStage(deps, row, atMs, by);
  return { ok: true, row, fields: [...Object.keys(values), ...lines.map(({ field }) => field.apiName)] };
}

function update(
  deps: WriterDeps,
  module: ModuleState,
  row: Row,
  input: unknown,
  options: WriteOptions,
): Written {
  const { values, lines, faults } = checkRow(rowCheck(deps, module, options, row), input);
  faults.push(...duplicateFaults(deps, module, values, row, options.position));
  if (faults.length > 0) return { ok: false, faults };
  const before = { ...row.values };
  const atMs = wholeSecond(deps.nowMs());
  deps.index.forget(row);
  Object.assign(row.values, values);
  row.modifiedMs = atMs;
  row.modifiedBy = options.user.id;
  if (deps.switches.apiTouchesLastActivity || options.isPerson) row.values.Last_Activity_Time = atMs;
  derive(deps.state, row, before);
  for (const given of lines) storeLines(deps, row, given);
  deps.index.learn(row);
  module.rows.touch(row);
  if (row.module === deps.state.dealsModule && values.Stage !== undefined)
    enterStage(deps, row, atMs, options.user.id);
  return { ok: true, row, fields: [...Object.keys(values), ...lines.map(({ field }) => field.apiName)] };
}

function duplicateFaults(
  { index }: WriterDeps,
  module: ModuleState,
  values: Readonly<Record<string, unknown>>,
  current: Row | null,
  position: number,
): RowFault[] {
  return [...module.fields.values()]
    .filter(({ unique }) => unique)
    .flatMap(({ apiName }) => {
      const same = index.find(module, apiName, values[apiName]);
      if (same === undefined || same === current) return [];
      const details = {
        id: same.id,
        duplicate_record: { id: same.id, module: { id: module.id, api_name: module.apiName } },
        api_name: apiName,
        json_path: `$.data[${position}].${apiName}`,
      };
      return [{ code: 'DUPLICATE_DATA', message: 'duplicate data', details }];
    });
}
