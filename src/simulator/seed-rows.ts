import { storeLines } from './lines.ts';
import { derive } from './record-rules.ts';
import { compareRowIds, type Row } from './row-table.ts';
import type { OrgSeed, RowSeries, SeedEmail, SeedRow } from './seed.ts';
import { enterStage, STAGE_HISTORY } from './stage-history.ts';
import type { FieldState, ModuleState, OrgState } from './state.ts';
import { wholeSecond } from './times.ts';

/** Finds the id of a row of the seed by its `$key`, or by `Module/index` in a series. */
export type SeedIds = (key: string) => string | undefined;

/** Fills the org with the seed's records. */
export function loadRecords(state: OrgState, seed: OrgSeed, nowMs: number): SeedIds {
  const ids = assignIds(state, seed);
  const users = new Map([...state.users.values()].map((user) => [user.key, user.id]));
  const resolve = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('$ref' in value) return known(ids, String(value.$ref), 'row');
    if ('$user' in value) return known(users, String(value.$user), 'user');
    return value;
  };
  for (const [apiName, rows] of Object.entries(seed.records)) {
    const module = moduleOf(state, apiName);
    for (const row of rows) {
      const loaded = loadRow(state, module, row, { id: known(ids, keyOf(row), 'row'), nowMs, resolve });
      derive(state, loaded, null);
      module.rows.add(loaded);
      loadLines(state, module, row, loaded, resolve);
    }
  }
  const inSeries = loadSeries(state, seed.series ?? {}, { nowMs, resolve });
  for (const [apiName, rows] of Object.entries(seed.deleted ?? {})) {
    const module = moduleOf(state, apiName);
    const by = state.consentingUser.id;
    for (const row of rows) {
      const isPermanent = row.type === 'permanent';
      module.deleted.push({
        id: state.ids.early(),
        displayName: isPermanent ? null : row.display_name,
        type: row.type,
        deletedMs: wholeSecond(Date.parse(row.deleted_time)),
        deletedBy: isPermanent ? null : by,
        createdBy: isPermanent ? null : by,
        kept: [],
      });
    }
    module.deleted.sort((a, b) => a.deletedMs - b.deletedMs || compareRowIds(a.id, b.id));
  }
  const idOf: SeedIds = (key) => ids.get(key) ?? inSeries(key);
  if (seed.stageHistory !== false) beginHistory(state);
  for (const [key, emails] of Object.entries(seed.emails ?? {})) {
    const id = idOf(key);
    if (id === undefined) throw new Error(`the seed has e-mails of a row that does not exist: ${key}`);
    addEmails(state, id, emails);
  }
  return idOf;
}

/** Deals whose history the seed does not tell have been in their stage from the beginning. */
function beginHistory(state: OrgState): void {
  const told = new Set(
    [...(state.modules.get(STAGE_HISTORY)?.rows.values() ?? [])].map(({ values }) => values.Potential_Name),
  );
  for (const deal of state.modules.get(state.dealsModule)?.rows.values() ?? [])
    if (!told.has(deal.id)) enterStage({ state, index: null }, deal, deal.createdMs, deal.createdBy);
}

/** Lines stand as arrays in the rows of the seed, and become rows of their own. */
function loadLines(
  state: OrgState,
  module: ModuleState,
  seed: SeedRow,
  row: Row,
  resolve: (value: unknown) => unknown,
): void {
  for (const field of module.fields.values()) {
    const lines = field.dataType === 'subform' ? seed[field.apiName] : undefined;
    const of = state.modules.get(field.lookup ?? '');
    if (!Array.isArray(lines) || of === undefined) continue;
    const given = lines.map((line: SeedRow) => {
      const values = Object.entries(line).map(([name, value]) => {
        const known = of.fields.get(name);
        if (known === undefined) throw new Error(`the seed has an unknown field: ${of.apiName}.${name}`);
        return [name, stored(known, resolve(value))] as const;
      });
      return { id: null, isDeleted: false, values: Object.fromEntries(values) };
    });
    storeLines({ state, index: null }, row, { field, lines: given });
  }
}

/** Also for e-mails that come in later. */
export function addEmails(state: OrgState, recordId: string, emails: readonly SeedEmail[]): void {
  const known = state.emails.get(recordId) ?? [];
  for (const { time, source, status, ...email } of emails) {
    known.push({
      ...email,
      id: `m${state.ids.next()}`,
      timeMs: instant(time) ?? 0,
      source: source ?? (email.sent ? 'crm' : 'mailbox'),
      status: status ?? (email.sent ? ['sent'] : []),
      ownerId: state.consentingUser.id,
    });
  }
  state.emails.set(recordId, known);
}

function loadSeries(
  state: OrgState,
  series: Readonly<Record<string, RowSeries>>,
  { nowMs, resolve }: { nowMs: number; resolve: (value: unknown) => unknown },
): SeedIds {
  const ids = new Map(
    Object.entries(series).map(([apiName, { count }]) => [
      apiName,
      Array.from({ length: count }, (_, index) => (index < count / 2 ? state.ids.early() : state.ids.next())),
    ]),
  );
  const idOf = (module: string, index: number): string => {
    const id = ids.get(module)?.[index];
    if (id === undefined) throw new Error(`the seed names a row that does not exist: ${module}/${index}`);
    return id;
  };
  for (const [apiName, { rows }] of Object.entries(series)) {
    const module = moduleOf(state, apiName);
    let index = 0;
    for (const row of rows(idOf)) {
      const loaded = loadRow(state, module, row, { id: idOf(apiName, index), nowMs, resolve });
      derive(state, loaded, null);
      module.rows.add(loaded);
      index += 1;
    }
  }
  return (key) => {
    const [, module = '', index = ''] = /^(\w+)\/(\d+)$/.exec(key) ?? [];
    return ids.get(module)?.[Number(index)];
  };
}

/** The first half of each module gets the shorter ids, so that every list shows whether ids are compared as numbers. */
function assignIds(state: OrgState, seed: OrgSeed): Map<string, string> {
  const ids = new Map<string, string>();
  for (const rows of Object.values(seed.records)) {
    const half = rows.length / 2;
    for (const [index, row] of rows.entries()) {
      const key = keyOf(row);
      if (ids.has(key)) throw new Error(`the seed has two rows with the key ${key}`);
      ids.set(key, index < half ? state.ids.early() : state.ids.next());
    }
  }
  return ids;
}

function keyOf(row: SeedRow): string {
  if (typeof row.$key !== 'string') throw new Error('a row of the seed has no $key');
  return row.$key;
}

function known(map: ReadonlyMap<string, string>, key: string, what: string): string {
  const id = map.get(key);
  if (id === undefined) throw new Error(`the seed names a ${what} that does not exist: ${key}`);
  return id;
}

function moduleOf(state: OrgState, apiName: string): ModuleState {
  const module = state.modules.get(apiName === 'Deals' ? state.dealsModule : apiName);
  if (module === undefined) throw new Error(`the seed has records of an unknown module: ${apiName}`);
  return module;
}

function loadRow(
  state: OrgState,
  module: ModuleState,
  seed: SeedRow,
  { id, nowMs, resolve }: { id: string; nowMs: number; resolve: (value: unknown) => unknown },
): Row {
  const by = state.consentingUser.id;
  const createdMs = instant(seed.Created_Time) ?? wholeSecond(nowMs);
  const values: Record<string, unknown> = { Owner: by };
  for (const [name, value] of Object.entries(seed)) {
    if (name.startsWith('$') || OF_THE_ROW.has(name)) continue;
    const field = module.fields.get(name);
    if (field === undefined) throw new Error(`the seed has an unknown field: ${module.apiName}.${name}`);
    if (field.dataType !== 'subform') values[name] = stored(field, resolve(value));
  }
  return {
    id,
    module: module.apiName,
    values,
    createdMs,
    modifiedMs: instant(seed.Modified_Time) ?? createdMs,
    createdBy: textOr(resolve(seed.Created_By), by),
    modifiedBy: textOr(resolve(seed.Modified_By), by),
    version: 0,
    gone: false,
  };
}

const OF_THE_ROW: ReadonlySet<string> = new Set([
  'id',
  'Created_Time',
  'Modified_Time',
  'Created_By',
  'Modified_By',
]);

const textOr = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);

function stored(field: FieldState, value: unknown): unknown {
  return field.dataType === 'datetime' && typeof value === 'string' ? instant(value) : (value ?? null);
}

function instant(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) throw new Error(`not an instant in the seed: ${value}`);
  return wholeSecond(ms);
}
