import type {
  CoqlQuery,
  CoqlSource,
  Criteria,
  Operator,
  Path,
  RowView,
  Value,
  ValueKind,
} from './coql-types.ts';
import { comparable, compare } from './coql-values.ts';

export type RowTest = (row: RowView) => boolean;

/** The stored JSON value of a column, lookups followed; null where a lookup leads nowhere. */
export function readPath(path: Path, row: RowView, source: CoqlSource): unknown {
  if (path.through.length === 0) return row.get(path.field) ?? (path.field === 'id' ? row.id : null);
  let at: RowView | null = row;
  for (const { field, isUser, onlyModule } of path.through) {
    const reference: unknown = at.get(field);
    if (typeof reference !== 'object' || reference === null || !('id' in reference)) return null;
    if (isUser) return userValue(reference, path.field);
    at = source.row(String(reference.id));
    if (at === null || (onlyModule !== null && at.module !== onlyModule)) return null;
  }
  return path.field === 'id' ? at.id : (at.get(path.field) ?? null);
}

/** Users are no rows: what a column through Owner shows is in the reference itself. */
function userValue(user: object, field: string): unknown {
  const known = new Map<string, unknown>(Object.entries(user));
  const words = String(known.get('name') ?? '').split(' ');
  if (field === 'first_name') return words.length > 1 ? words[0] : null;
  if (field === 'last_name') return words.length > 1 ? words.slice(1).join(' ') : words[0];
  return known.get(field) ?? null;
}

/** The same as it is compared; null when it is empty. */
export function readComparable(path: Path, row: RowView, source: CoqlSource): Value | null {
  if (path.kind === 'id' && path.through.length === 0) return row.id;
  if (path.kind === 'datetime' && path.through.length === 0 && row.instantMs !== undefined)
    return row.instantMs(path.field);
  return comparable(path.kind, readPath(path, row, source));
}

export function compileWhere(query: CoqlQuery, source: CoqlSource): RowTest {
  const test = compile(query.where, query, source);
  const hides = query.module === 'Leads' && query.switches.coqlHidesConverted;
  if (!hides || mentions(query.where, 'Converted__s')) return test;
  return (row) => row.get('Converted__s') !== true && test(row);
}

function mentions(criteria: Criteria, field: string): boolean {
  if (criteria.kind !== 'test') return mentions(criteria.left, field) || mentions(criteria.right, field);
  return criteria.path.through.length === 0 && criteria.path.field === field;
}

function compile(criteria: Criteria, query: CoqlQuery, source: CoqlSource): RowTest {
  if (criteria.kind === 'test') return compileTest(criteria, query, source);
  const left = compile(criteria.left, query, source);
  const right = compile(criteria.right, query, source);
  return criteria.kind === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
}

function compileTest(
  { path, operator, values }: Extract<Criteria, { kind: 'test' }>,
  query: CoqlQuery,
  source: CoqlSource,
): RowTest {
  const read = (row: RowView) => readComparable(path, row, source);
  if (operator === 'is null') return (row) => read(row) === null;
  if (operator === 'is not null') return (row) => read(row) !== null;
  const holds = valueTest(path.kind, operator, values);
  const negated = operator === '!=' || operator.startsWith('not ');
  const ofEmpty = negated && query.switches.coqlNegationMatchesEmpty;
  return (row) => {
    const value = read(row);
    return value === null ? ofEmpty : holds(value);
  };
}

/** The test that a value which is not empty has to pass. */
export function valueTest(
  kind: ValueKind,
  operator: Operator,
  values: readonly Value[],
): (value: Value) => boolean {
  const [first = '', second = ''] = values;
  const order = (a: Value, b: Value) => compare(kind, a, b);
  const among = new Set(values.map(String));
  const isAmong = (value: Value) => among.has(String(value));
  const isBetween = (value: Value) => order(value, first) >= 0 && order(value, second) <= 0;
  switch (operator) {
    case '=':
      return (value: Value) => order(value, first) === 0;
    case '!=':
      return (value: Value) => order(value, first) !== 0;
    case '>':
      return (value: Value) => order(value, first) > 0;
    case '>=':
      return (value: Value) => order(value, first) >= 0;
    case '<':
      return (value: Value) => order(value, first) < 0;
    case '<=':
      return (value: Value) => order(value, first) <= 0;
    case 'in':
      return isAmong;
    case 'not in':
      return (value: Value) => !isAmong(value);
    case 'between':
      return isBetween;
    case 'not between':
      return (value: Value) => !isBetween(value);
    case 'like':
      return likeTest(String(first));
    case 'not like': {
      const like = likeTest(String(first));
      return (value: Value) => !like(value);
    }
    case 'is null':
    case 'is not null':
      throw new RangeError(`${operator} has no operand`);
  }
}

function likeTest(pattern: string): (value: Value) => boolean {
  const core = pattern.replaceAll('%', '');
  if (!pattern.endsWith('%')) return textTest('end', core);
  return textTest(pattern.startsWith('%') ? 'anywhere' : 'start', core);
}

/** Looks for a text without regard to case. */
export function textTest(where: 'start' | 'end' | 'anywhere', sought: string): (value: Value) => boolean {
  const core = sought.toLowerCase();
  return (value) => {
    const text = (Array.isArray(value) ? value.join(';') : String(value)).toLowerCase();
    if (where === 'start') return text.startsWith(core);
    return where === 'end' ? text.endsWith(core) : text.includes(core);
  };
}
