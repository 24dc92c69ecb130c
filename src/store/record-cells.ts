import type { CustomerInputs, FieldValues } from '../domain.ts';
import type { AccountRecord } from '../records.ts';
import type { ColumnType } from './dialect.ts';
import { fromJson, storable, toJson } from './rows.ts';
import type { Tables } from './tables.ts';

/** What the tables of records have in common: the columns of every record, and how a cell becomes a value. */

type RecordTableName =
  | 'accounts'
  | 'contacts'
  | 'leads'
  | 'deals'
  | 'activities'
  | 'cases'
  | 'products'
  | 'documents';
type Column = { readonly name: string; readonly type: ColumnType };
type Stored = Pick<AccountRecord, 'id' | 'createdAt' | 'modifiedAt' | 'ownerId' | 'ours'>;

export interface RecordTable<R extends Stored> {
  readonly table: RecordTableName & keyof Tables;
  /** Without the columns that every record has. */
  readonly columns: readonly Column[];
  /** In the order of `columns`. */
  readonly values: (record: R) => unknown[];
  /** Cells in the order of `readColumns`. */
  readonly record: (cells: readonly unknown[]) => R;
  /** Columns that say whose record it is; null where none does. */
  readonly parents: readonly string[];
}

export const COMMON_COLUMNS: readonly Column[] = [
  { name: 'connection_id', type: 'text' },
  { name: 'id', type: 'text' },
  { name: 'created_at', type: 'timestamptz' },
  { name: 'modified_at', type: 'timestamptz' },
  { name: 'owner_id', type: 'text' },
  { name: 'ours', type: 'text' },
  { name: 'input_hash', type: 'text' },
  { name: 'deleted_at', type: 'timestamptz' },
  { name: 'seen_at', type: 'timestamptz' },
];
const READ_FIRST = ['id', 'created_at', 'modified_at', 'owner_id', 'ours'];

export function readColumns(table: Pick<RecordTable<never>, 'columns'>): string[] {
  return [...READ_FIRST, ...table.columns.map((column) => column.name)];
}

const NOTHING: FieldValues = Object.freeze({});
/** Most records hold none of our fields, and parsing a million empty objects takes a second. */
export function oursOf(text: unknown): FieldValues {
  return text === '{}' ? NOTHING : fromJson(text as string); // the column is text and never null
}
export function commonValues(connection: string, record: Stored, inputHash: string, seenAt: Date): unknown[] {
  const { id, createdAt, modifiedAt, ownerId, ours } = record;
  return [connection, id, createdAt, modifiedAt, ownerId, toJson(ours), inputHash, null, seenAt];
}

// Each cell comes from the column that its place names, whose type the schema sets.
export const text = (cell: unknown) => cell as string;
export const maybe = (cell: unknown) => cell as string | null;
export const instant = (cell: unknown) => cell as Date;
export const maybeInstant = (cell: unknown) => cell as Date | null;
export const flag = (cell: unknown) => cell as boolean;
export const maybeNumber = (cell: unknown) => cell as number | null;
const NO_INPUTS: CustomerInputs = Object.freeze({});
export const inputsOf = (cell: unknown): CustomerInputs =>
  cell === '{}' ? NO_INPUTS : fromJson(cell as string);
export const kept = (value: string | null) => (value === null ? null : storable(value));

export const textColumns = (...names: string[]): Column[] => names.map((name) => ({ name, type: 'text' }));
