import { chooseAccess } from './coql-access.ts';
import { checkStatement } from './coql-check.ts';
import { compileWhere, readComparable, readPath } from './coql-filter.ts';
import { groupRows } from './coql-group.ts';
import { parseStatement } from './coql-parse.ts';
import {
  type CoqlCatalog,
  type CoqlQuery,
  type CoqlSource,
  type CoqlSwitches,
  DEFAULT_COQL_SWITCHES,
  type RowView,
  type Value,
} from './coql-types.ts';
import { compare, compareIds } from './coql-values.ts';

export type AnswerRow = Record<string, unknown>;

/** Parses and judges a query. Throws CoqlError with Zoho's code and details. */
export function parseCoql(
  query: string,
  catalog: CoqlCatalog,
  switches: Partial<CoqlSwitches> = {},
): CoqlQuery {
  return checkStatement(parseStatement(query), catalog, { ...DEFAULT_COQL_SWITCHES, ...switches });
}

/** 1 credit up to 200 rows, 2 up to 1,000, 3 up to 2,000: priced by LIMIT, not by what is found. */
export function coqlCredits({ limit }: Pick<CoqlQuery, 'limit'>): number {
  return limit <= 200 ? 1 : limit <= 1000 ? 2 : 3;
}

export function runCoql(query: CoqlQuery, source: CoqlSource): { rows: AnswerRow[]; more: boolean } {
  const access = chooseAccess(query, source);
  const isMatch = compileWhere(query, source);
  const isGrouped = query.groupBy.length > 0 || query.columns.some((column) => column.aggregate !== null);
  const end = query.offset + query.limit;
  if (isGrouped) {
    const groups = groupRows(query, matching(access.rows, isMatch), source);
    return { rows: groups.slice(query.offset, end), more: groups.length > end };
  }
  const found = access.ordered
    ? firstRows(matching(access.rows, isMatch), end + 1)
    : topRows(matching(access.rows, isMatch), end + 1, query, source);
  const page = found.slice(query.offset, end);
  return { rows: page.map((row) => answerRow(row, query, source)), more: found.length > end };
}

function* matching(rows: Iterable<RowView>, isMatch: (row: RowView) => boolean): Iterable<RowView> {
  for (const row of rows) if (isMatch(row)) yield row;
}

function firstRows(rows: Iterable<RowView>, count: number): RowView[] {
  const first: RowView[] = [];
  for (const row of rows) {
    first.push(row);
    if (first.length === count) break;
  }
  return first;
}

interface Ranked {
  row: RowView;
  keys: (Value | null)[];
}

/** The first rows of the order, without holding or sorting all that match. */
function topRows(rows: Iterable<RowView>, count: number, query: CoqlQuery, source: CoqlSource): RowView[] {
  const paths = query.orderBy.map(({ path }) => path);
  const order = (a: Ranked, b: Ranked) => compareRanked(a, b, query);
  let best: Ranked[] = [];
  for (const row of rows) {
    best.push({ row, keys: paths.map((path) => readComparable(path, row, source)) });
    if (best.length >= 2 * count + 1000) best = best.sort(order).slice(0, count);
  }
  return best
    .sort(order)
    .slice(0, count)
    .map(({ row }) => row);
}

function compareRanked(a: Ranked, b: Ranked, query: CoqlQuery): number {
  for (const [index, { path, descending }] of query.orderBy.entries()) {
    const [left, right] = [a.keys[index] ?? null, b.keys[index] ?? null];
    // Empty values come first in ascending order.
    const step =
      left === null || right === null
        ? Number(left !== null) - Number(right !== null)
        : compare(path.kind, left, right);
    if (step !== 0) return descending ? -step : step;
  }
  return compareIds(a.row.id, b.row.id);
}

function answerRow(row: RowView, query: CoqlQuery, source: CoqlSource): AnswerRow {
  const answer: AnswerRow = {};
  for (const { path, key } of query.columns) answer[key] = shown(readPath(path, row, source));
  answer[query.switches.coqlIdKey] = row.get('id') ?? row.id;
  return answer;
}

/** Lookups and owners come as id and name, without the e-mail address that the record API adds. */
function shown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('id' in value)) return value;
  return 'name' in value ? { name: value.name, id: value.id } : { id: value.id };
}
