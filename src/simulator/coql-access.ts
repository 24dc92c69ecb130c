import type { RowTest } from './coql-filter.ts';
import type { CoqlQuery, CoqlSource, Criteria, Operator, RowView, Value } from './coql-types.ts';
import { compareIds } from './coql-values.ts';

/** Rows that may match, and whether they come in the order the query asks for. */
interface Access {
  rows: Iterable<RowView>;
  ordered: boolean;
}

type Test = Extract<Criteria, { kind: 'test' }>;

/**
 * Chooses how to reach the rows. Exports page through millions of rows by `id > x` or by (Modified_Time, id): those
 * pages start at the cursor and end at their limit instead of scanning and sorting the module each time. The
 * predicate is still tested on every row, so the choice may skip only what cannot match.
 */
export function chooseAccess(query: CoqlQuery, source: CoqlSource): Access {
  const parts = conjuncts(query.where);
  const must = parts.filter((part) => part.kind === 'test');
  const named = must.find((test) => isOn(test, 'id') && (test.operator === '=' || test.operator === 'in'));
  if (named !== undefined) return { rows: rowsNamed(named.values, query.module, source), ordered: false };
  const isPlain = query.groupBy.length === 0 && query.columns.every((column) => column.aggregate === null);
  const order = query.orderBy.map(({ path, descending }) => (descending ? '-' : '') + path.text).join();
  if (isPlain && (order === '' || order === 'id') && source.rowsAfterId !== undefined) {
    const upTo = upperBound(must, 'id', (a, b) => compareIds(String(a), String(b)));
    const rows = source.rowsAfterId(query.module, idBound(must));
    return {
      rows: until(rows, (row) => upTo !== null && compareIds(row.id, String(upTo)) > 0),
      ordered: true,
    };
  }
  const isTimed = isPlain && (order === 'Modified_Time' || order === 'Modified_Time,id');
  const start = timeStart(parts, must);
  if ((isTimed || start.epochMs !== null) && source.rowsModifiedFrom !== undefined) {
    const upTo = upperBound(must, 'Modified_Time', (a, b) => Number(a) - Number(b));
    const rows = source.rowsModifiedFrom(query.module, start.epochMs, start.afterId);
    const isPast = (row: RowView) => upTo !== null && modifiedMs(row) > Number(upTo);
    return { rows: until(rows, isPast), ordered: isTimed };
  }
  return { rows: source.rows(query.module), ordered: false };
}

function modifiedMs(row: RowView): number {
  return row.instantMs?.('Modified_Time') ?? Date.parse(String(row.get('Modified_Time')));
}

function conjuncts(criteria: Criteria): Criteria[] {
  if (criteria.kind !== 'and') return [criteria];
  return [...conjuncts(criteria.left), ...conjuncts(criteria.right)];
}

function isOn({ path }: Test, field: string): boolean {
  return path.through.length === 0 && path.field === field;
}

function* rowsNamed(ids: readonly Value[], module: string, source: CoqlSource): Iterable<RowView> {
  for (const id of new Set(ids.map(String))) {
    const row = source.row(id);
    if (row !== null && row.module === module) yield row;
  }
}

const LOWER: readonly Operator[] = ['>', '>=', 'between'];

function idBound(must: Test[]): string | null {
  const bounds = must.filter((test) => isOn(test, 'id') && LOWER.includes(test.operator));
  // rowsAfterId is exclusive: an inclusive bound starts one below.
  const exclusive = bounds.map(({ operator, values: [first = '0'] }) =>
    operator === '>' ? String(first) : String(BigInt(String(first)) - 1n),
  );
  return exclusive.sort(compareIds).at(-1) ?? null;
}

function upperBound(must: Test[], field: string, order: (a: Value, b: Value) => number): Value | null {
  const bounds = must.flatMap((test) => {
    if (!isOn(test, field)) return [];
    if (test.operator === '<' || test.operator === '<=') return test.values;
    return test.operator === 'between' ? test.values.slice(1) : [];
  });
  return bounds.sort(order)[0] ?? null;
}

interface TimeStart {
  epochMs: number | null;
  afterId: string | null;
}

function timeStart(parts: Criteria[], must: Test[]): TimeStart {
  const bounds = must.filter((test) => isOn(test, 'Modified_Time') && LOWER.includes(test.operator));
  const instants = bounds.map(({ values: [first] }) => Number(first));
  const keysets = parts.flatMap(keysetOf);
  for (const keyset of keysets) if (keyset.alone) instants.push(keyset.epochMs);
  const epochMs = instants.length === 0 ? null : Math.max(...instants);
  const cursor = keysets.find((keyset) => keyset.epochMs === epochMs);
  return { epochMs, afterId: cursor?.afterId ?? null };
}

/**
 * `Modified_Time > c or id > x` beside `Modified_Time >= c`, or alone as `Modified_Time > c or (Modified_Time = c and
 * id > x)`. Mass changes stamp a whole module with one second, so that second must be entered at x.
 */
function keysetOf(part: Criteria): { epochMs: number; afterId: string; alone: boolean }[] {
  if (part.kind !== 'or') return [];
  const [later, tie] = isTest(part.left, 'Modified_Time', '>')
    ? [part.left, part.right]
    : [part.right, part.left];
  if (!isTest(later, 'Modified_Time', '>')) return [];
  const epochMs = Number(later.values[0]);
  const within = tie.kind === 'and' ? conjuncts(tie) : [tie];
  const ids = within.find((test) => isTest(test, 'id', '>'));
  if (ids === undefined || !isTest(ids, 'id', '>')) return [];
  const instant = within.find((test) => isTest(test, 'Modified_Time', '='));
  const alone =
    instant !== undefined && isTest(instant, 'Modified_Time', '=') && Number(instant.values[0]) === epochMs;
  return alone || within.length === 1 ? [{ epochMs, afterId: String(ids.values[0]), alone }] : [];
}

function isTest(criteria: Criteria, field: string, operator: Operator): criteria is Test {
  return criteria.kind === 'test' && criteria.operator === operator && isOn(criteria, field);
}

function* until(rows: Iterable<RowView>, isPast: RowTest): Iterable<RowView> {
  for (const row of rows) {
    if (isPast(row)) return;
    yield row;
  }
}
