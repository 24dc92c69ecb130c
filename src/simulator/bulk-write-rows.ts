import { DateTime } from 'luxon';
import type { BulkWriteBody } from './bulk-write-request.ts';
import type { Mapping, UploadedFile } from './bulk-write-types.ts';
import type { SimContext } from './context.ts';
import type { Change } from './notifier.ts';
import type { RowFault } from './row-input.ts';
import type { Row } from './row-table.ts';
import type { ModuleState, SimUser } from './state.ts';
import { formatInstant } from './times.ts';

/** Without a format in its mapping a cell is read so. */
const DEFAULT_FORMATS: Readonly<Record<string, string>> = {
  date: 'MM/dd/yyyy',
  datetime: 'MM/dd/yyyy HH:mm:ss',
};
/** Rows after which other calls get their turn. */
const ROWS_A_TURN = 500;

export interface RowOutcome {
  status: 'added' | 'updated' | 'skipped' | 'unprocessed';
  recordId: string | null;
  errors: string;
}
export interface RowsInput {
  body: BulkWriteBody;
  module: ModuleState;
  file: UploadedFile;
  mappings: readonly Mapping[];
  user: SimUser;
  /** A fault that strikes rows; null where there is none. */
  strike: (row: number, recordId: string | null) => RowOutcome | null;
}

/** Writes the rows of a file, one after the other. */
export async function writeRows(
  context: SimContext,
  input: RowsInput,
): Promise<{ outcomes: RowOutcome[]; inserted: Change[]; updated: Change[] }> {
  const outcomes: RowOutcome[] = [];
  const changes = { inserted: [] as Change[], updated: [] as Change[] };
  for (const [at, cells] of input.file.rows.entries()) {
    if (at > 0 && at % ROWS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    outcomes.push(writeRow(context, input, changes, at, cells));
  }
  return { outcomes, ...changes };
}

function writeRow(
  context: SimContext,
  input: RowsInput,
  changes: { inserted: Change[]; updated: Change[] },
  at: number,
  cells: readonly string[],
): RowOutcome {
  const { body, module, mappings, user } = input;
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const mapping of mappings) {
    const cell = mapping.index === null ? mapping.constant : (cells[mapping.index] ?? '');
    if (cell === null || mapping.field === 'id') continue;
    if (cell === '' && body.ignoreEmpty) continue;
    const read = cell === '' ? { value: null } : cellValue(context, mapping, cell, user);
    if (read === null) faults.push(`INVALID_DATA-${mapping.apiName}`);
    else values[mapping.apiName] = read.value;
  }
  const row = rowFor(context, input, cells, values);
  const struck = input.strike(at, row?.id ?? null);
  if (struck !== null) return struck;
  if (faults.length > 0) return skipped(row?.id ?? null, faults);
  if (row === null && body.operation === 'update')
    return skipped(null, [`RESOURCE_NOT_FOUND-${body.findBy}`]);
  // Given on an insert, find_by passes over what is there.
  if (row !== null && body.operation === 'insert') return skipped(row.id, [`DUPLICATE_DATA-${body.findBy}`]);
  if (row?.values.Locked__s === true) return skipped(row.id, ['BLOCKED_RECORD-id']);
  const options = { user, position: at, withLayoutRules: false, isPerson: false };
  const written =
    row === null
      ? context.writer.insert(module, values, options)
      : context.writer.update(module, row, values, options);
  if (!written.ok) return skipped(row?.id ?? null, written.faults.map(faultText));
  context.report.write(module.apiName, written.row.id, written.fields, row === null);
  const change = { id: written.row.id, fields: written.fields };
  (row === null ? changes.inserted : changes.updated).push(change);
  return { status: row === null ? 'added' : 'updated', recordId: written.row.id, errors: '' };
}

function skipped(recordId: string | null, faults: readonly string[]): RowOutcome {
  return { status: 'skipped', recordId, errors: faults.join(':') };
}

function faultText({ code, details }: RowFault): string {
  return `${code}-${String(details.api_name ?? '')}`;
}

function rowFor(
  context: SimContext,
  { body, module, mappings }: RowsInput,
  cells: readonly string[],
  values: Readonly<Record<string, unknown>>,
): Row | null {
  if (body.findBy === null) return null;
  if (body.findBy !== 'id') return context.writer.findSame(module, [body.findBy], values)?.row ?? null;
  const index = mappings.find(({ field }) => field === 'id')?.index;
  return module.rows.get(cells[index ?? -1] ?? '') ?? null;
}

/** The cell as the record API would be given it; null when it cannot be read as its field's type. */
function cellValue(
  context: SimContext,
  { field, format, findBy }: Mapping,
  cell: string,
  user: SimUser,
): { value: unknown } | null {
  if (field === 'id') return null;
  switch (field.dataType) {
    case 'integer':
    case 'bigint':
    case 'double':
    case 'currency':
    case 'percent':
      return /^-?\d+(\.\d+)?$/.test(cell) ? { value: Number(cell) } : null;
    case 'boolean':
      return cell === 'true' || cell === 'false' ? { value: cell === 'true' } : null;
    case 'date':
    case 'datetime': {
      const at = DateTime.fromFormat(cell, luxonFormat(format ?? DEFAULT_FORMATS[field.dataType] ?? ''), {
        zone: user.timeZone,
      });
      if (!at.isValid) return null;
      return {
        value: field.dataType === 'date' ? at.toISODate() : formatInstant(at.toMillis(), user.timeZone),
      };
    }
    case 'multiselectpicklist':
      return { value: cell.split(';') };
    case 'lookup':
    case 'ownerlookup':
    case 'userlookup': {
      if (findBy === 'id') return { value: { id: cell } };
      const target = context.state.modules.get(field.lookup ?? '');
      const found = target ? context.writer.findSame(target, [findBy ?? ''], { [findBy ?? '']: cell }) : null;
      return found === null ? null : { value: { id: found.row.id } };
    }
    default:
      return { value: cell };
  }
}

/** Zoho's words for formats are Java's; luxon writes the offset otherwise. */
function luxonFormat(format: string): string {
  return format.replace(/X{1,3}|Z/g, 'ZZ');
}
