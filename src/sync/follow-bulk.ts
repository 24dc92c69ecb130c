import { zohoInstant } from '../clock.ts';
import type { Cursor } from '../store/store.ts';
import { type BulkPosition, bulkRead } from '../zoho/bulk-read.ts';
import type { Columns } from './columns.ts';
import type { ModuleInput, SyncDeps } from './module-input.ts';

/** Changes so many that an export is cheaper: what is to be exported, and how a run that was killed goes on with it. */

/** Both halves of the leads come along. */
export function bulkChanged(
  deps: SyncDeps,
  { module }: ModuleInput,
  columns: Columns,
  { from, position }: { from: Date; position: BulkPosition | null },
) {
  const criteria = {
    field: { api_name: 'Modified_Time' },
    comparator: 'greater_equal',
    value: zohoInstant(from),
  };
  return bulkRead(deps.zoho, { module, fields: [...columns.fields], criteria }, deps, position);
}

/** The cursor of a window that is being read: where it began stays, and the export stands beside it. */
export function bulkCheckpoint(
  cursor: Cursor,
  columns: Columns,
  startedAt: Date,
): (position: BulkPosition) => Cursor {
  const fields = columns.fields.join();
  return (position) => ({
    ...cursor,
    fillStartedAt: startedAt,
    checkpoint: { fields, wasEmpty: false, at: { method: 'bulk', ...position } },
  });
}

/** Null: no export was under way, or it was of other columns. */
export function windowLeft(
  { checkpoint, fillStartedAt }: Cursor,
  columns: Columns,
): { readonly position: BulkPosition; readonly startedAt: Date } | null {
  if (checkpoint === null || fillStartedAt === null || checkpoint.fields !== columns.fields.join())
    return null;
  const { at } = checkpoint;
  return typeof at !== 'string' && at.method === 'bulk' ? { position: at, startedAt: fillStartedAt } : null;
}
