import type { CoqlSource, RowView } from './coql-types.ts';
import type { Row } from './row-table.ts';
import type { FieldState, ModuleState, OrgState } from './state.ts';
import { formatInstant } from './times.ts';

export interface Viewer {
  state: OrgState;
  timeZone: string;
  showsDisplayValues: boolean;
  /** By id: what a fault shows instead of fields. */
  garbled: ReadonlyMap<string, Readonly<Record<string, unknown>>> | null;
}

/** A value as the record API shows it. */
export function showValue(viewer: Viewer, row: Row, field: FieldState): unknown {
  switch (field.apiName) {
    case 'id':
      return row.id;
    case 'Created_Time':
      return formatInstant(row.createdMs, viewer.timeZone);
    case 'Modified_Time':
      return formatInstant(row.modifiedMs, viewer.timeZone);
    case 'Created_By':
      return showUser(viewer.state, row.createdBy);
    case 'Modified_By':
      return showUser(viewer.state, row.modifiedBy);
    case 'Layout':
      return { id: viewer.state.modules.get(row.module)?.layoutId, name: 'Standard' };
    case 'Tag':
      return row.values.Tag ?? [];
    case 'Record_Status__s':
      return row.values.Record_Status__s ?? 'Available';
    case 'Locked__s':
      return row.values.Locked__s ?? false;
    default:
      return showStored(viewer, row.values[field.apiName], field);
  }
}

function showStored(viewer: Viewer, stored: unknown, field: FieldState): unknown {
  const { state, timeZone, showsDisplayValues } = viewer;
  if (stored === undefined || stored === null)
    return field.dataType === 'boolean' ? false : field.dataType === 'subform' ? [] : null;
  switch (field.dataType) {
    case 'datetime':
      return typeof stored === 'number' ? formatInstant(stored, timeZone) : stored;
    case 'ownerlookup':
    case 'userlookup':
      return showUser(state, String(stored));
    case 'lookup':
      return showLookup(state, String(stored), field.lookup);
    case 'subform':
      return showLines(viewer, stored, field.lookup);
    case 'picklist':
    case 'multiselectpicklist': {
      if (!showsDisplayValues) return stored;
      const shown = (one: unknown) => field.options?.find(({ actual }) => actual === one)?.display ?? one;
      return Array.isArray(stored) ? stored.map(shown) : shown(stored);
    }
    default:
      return stored;
  }
}

function showLines(viewer: Viewer, ids: unknown, module: string | null): unknown[] {
  const fields = [...(viewer.state.modules.get(module ?? '')?.fields.values() ?? [])];
  if (!Array.isArray(ids)) return [];
  return ids.flatMap((id: string) => {
    const line = viewer.state.row(id, module);
    return line === undefined ? [] : [showRow(viewer, line, fields)];
  });
}

export function showUser(state: OrgState, id: string): { id: string; name: string; email: string } | null {
  const user = state.users.get(id);
  return user === undefined ? null : { id, name: user.name, email: user.email };
}

/** null once the record it points to is deleted. */
function showLookup(
  state: OrgState,
  id: string,
  module: string | null,
): { id: string; name: unknown } | null {
  const row = state.row(id, module);
  return row === undefined ? null : { id, name: displayName(state, row) };
}

export function displayName(state: OrgState, row: Row): unknown {
  const field = state.modules.get(row.module)?.displayField;
  return field === undefined ? null : (row.values[field] ?? null);
}

export function showRow(viewer: Viewer, row: Row, fields: readonly FieldState[]): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const field of fields) shown[field.apiName] = showValue(viewer, row, field);
  // Activities name the module of the record they hang on beside it.
  if (row.values.What_Id && 'What_Id' in shown)
    shown.$se_module = viewer.state.row(String(row.values.What_Id))?.module ?? null;
  shown.id = row.id;
  for (const [name, value] of Object.entries(viewer.garbled?.get(row.id) ?? {}))
    if (name in shown) shown[name] = value;
  return shown;
}

class StoredRowView implements RowView {
  readonly id: string;
  readonly module: string;
  private readonly viewer: Viewer;
  private readonly row: Row;
  private readonly fields: ModuleState['fields'];

  constructor(viewer: Viewer, row: Row, fields: ModuleState['fields']) {
    this.id = row.id;
    this.module = row.module;
    this.viewer = viewer;
    this.row = row;
    this.fields = fields;
  }

  get(name: string): unknown {
    const garbled = this.viewer.garbled?.get(this.id);
    if (garbled !== undefined && name in garbled) return garbled[name];
    const field = this.fields.get(name);
    return field === undefined ? null : showValue(this.viewer, this.row, field);
  }

  cell(name: string): unknown {
    const garbled = this.viewer.garbled?.get(this.id);
    if (garbled !== undefined && name in garbled) return garbled[name];
    const field = this.fields.get(name);
    if (field === undefined) return null;
    const { state } = this.viewer;
    switch (field.dataType) {
      case 'lookup': {
        const id = this.row.values[name];
        return typeof id === 'string' && state.row(id, field.lookup) !== undefined ? id : null;
      }
      case 'ownerlookup':
      case 'userlookup': {
        const id = this.userId(name);
        return typeof id === 'string' && state.users.has(id) ? id : null;
      }
      default:
        return showValue(this.viewer, this.row, field);
    }
  }

  private userId(name: string): unknown {
    if (name === 'Created_By') return this.row.createdBy;
    return name === 'Modified_By' ? this.row.modifiedBy : this.row.values[name];
  }

  instantMs(name: string): number | null {
    if (name === 'Created_Time') return this.row.createdMs;
    if (name === 'Modified_Time') return this.row.modifiedMs;
    const stored = this.row.values[name];
    return typeof stored === 'number' ? stored : null;
  }
}

/** All rows of the org for queries and exports, in the orders they page by. */
export function rowSource(viewer: Viewer): Required<CoqlSource> {
  const { state } = viewer;
  const view = (row: Row) =>
    new StoredRowView(viewer, row, state.modules.get(row.module)?.fields ?? new Map());
  const viewAll = function* (rows: Iterable<Row>): Iterable<RowView> {
    for (const row of rows) yield view(row);
  };
  const table = (module: string) => state.modules.get(module)?.rows;
  return {
    rows: (module) => viewAll(table(module)?.values() ?? []),
    row: (id) => {
      const row = state.row(id);
      return row === undefined ? null : view(row);
    },
    rowsAfterId: (module, id) => viewAll(table(module)?.fromId(id, false) ?? []),
    rowsModifiedFrom: (module, epochMs, afterId) =>
      viewAll(table(module)?.fromTime(epochMs === null ? null : { ms: epochMs, id: afterId }, false) ?? []),
  };
}
