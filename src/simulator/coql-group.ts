import { readPath } from './coql-filter.ts';
import type { CoqlQuery, CoqlSource, RowView, SelectColumn, Value } from './coql-types.ts';
import { comparable, compare } from './coql-values.ts';

interface Group {
  /** Row that the plain columns are read from. */
  first: RowView | null;
  tallies: Tally[];
}

interface Tally {
  count: number;
  sum: number;
  /** Smallest or largest value so far, with the JSON form it is shown in. */
  extreme: { value: Value; shown: unknown } | null;
}

/** Answers of a query with aggregates or GROUP BY, in its order. Without GROUP BY all rows are one group. */
export function groupRows(
  query: CoqlQuery,
  rows: Iterable<RowView>,
  source: CoqlSource,
): Record<string, unknown>[] {
  const groups = new Map<string, Group>();
  if (query.groupBy.length === 0) groups.set('[]', newGroup(query, null));
  for (const row of rows) {
    const key = JSON.stringify(
      query.groupBy.map((path) => String(comparable(path.kind, readPath(path, row, source)))),
    );
    let group = groups.get(key);
    if (group === undefined) {
      group = newGroup(query, row);
      groups.set(key, group);
    }
    for (const [index, column] of query.columns.entries()) {
      const tally = group.tallies[index];
      if (column.aggregate !== null && tally !== undefined)
        add(tally, column, readPath(column.path, row, source));
    }
  }
  const answers = [...groups.values()].map((group) => answerOf(group, query, source));
  return query.orderBy.length === 0 ? answers : answers.sort((a, b) => compareAnswers(a, b, query));
}

function newGroup(query: CoqlQuery, first: RowView | null): Group {
  return { first, tallies: query.columns.map(() => ({ count: 0, sum: 0, extreme: null })) };
}

function add(tally: Tally, { aggregate, path }: SelectColumn, stored: unknown): void {
  const value = comparable(path.kind, stored);
  if (value === null) return;
  tally.count += 1;
  if (aggregate === 'SUM' || aggregate === 'AVG') tally.sum += Number(value);
  if (aggregate !== 'MIN' && aggregate !== 'MAX') return;
  const step = tally.extreme === null ? 0 : compare(path.kind, value, tally.extreme.value);
  if (tally.extreme === null || (aggregate === 'MIN' ? step < 0 : step > 0))
    tally.extreme = { value, shown: stored };
}

function answerOf(group: Group, query: CoqlQuery, source: CoqlSource): Record<string, unknown> {
  const entries = query.columns.map((column, index): [string, unknown] => {
    const tally = group.tallies[index];
    if (column.aggregate !== null && tally !== undefined) return [column.key, result(column, tally)];
    return [column.key, group.first === null ? null : readPath(column.path, group.first, source)];
  });
  return Object.fromEntries(entries);
}

function result({ aggregate }: SelectColumn, tally: Tally): unknown {
  if (aggregate === 'COUNT') return tally.count;
  if (tally.count === 0) return null;
  // Sums of cents in doubles carry noise beyond the ninth decimal, which is where Zoho's decimals end.
  if (aggregate === 'SUM') return round(tally.sum);
  if (aggregate === 'AVG') return round(tally.sum / tally.count);
  return tally.extreme?.shown ?? null;
}

function round(value: number): number {
  return Number(value.toFixed(9));
}

function compareAnswers(a: Record<string, unknown>, b: Record<string, unknown>, query: CoqlQuery): number {
  for (const { path, key, descending } of query.orderBy) {
    if (key === null) continue;
    const column = query.columns.find((candidate) => candidate.key === key);
    const isNumber = column !== undefined && ['COUNT', 'SUM', 'AVG'].includes(column.aggregate ?? '');
    const kind = isNumber ? 'number' : path.kind;
    const [left, right] = [comparable(kind, a[key]), comparable(kind, b[key])];
    const step =
      left === null || right === null
        ? Number(left !== null) - Number(right !== null)
        : compare(kind, left, right);
    if (step !== 0) return descending ? -step : step;
  }
  return 0;
}
