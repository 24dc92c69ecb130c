import { BulkReadError, type RowTest } from './bulk-read-types.ts';
import { readComparable, textTest, valueTest } from './coql-filter.ts';
import { resolvePath, UNSELECTABLE_TYPES } from './coql-path.ts';
import type { CoqlCatalog, Operator, Path, Value, ValueKind } from './coql-types.ts';
import { valueOfLiteral } from './coql-values.ts';

const EQUALITY = ['equal', 'not_equal', 'in', 'not_in'];
const TEXT = [...EQUALITY, 'contains', 'not_contains', 'starts_with', 'ends_with'];
const RANGES = ['less_than', 'less_equal', 'greater_than', 'greater_equal', 'between', 'not_between'];
const ORDERED = [...EQUALITY, ...RANGES];
const COMPARATORS: Readonly<Record<ValueKind, readonly string[]>> = {
  id: ORDERED,
  number: ORDERED,
  bigint: ORDERED,
  date: ORDERED,
  datetime: ORDERED,
  text: TEXT,
  multi: TEXT,
  lookup: EQUALITY,
  boolean: ['equal', 'not_equal'],
  opaque: [],
};
const ALL = new Set([...TEXT, ...RANGES]);
const OPERATORS: Readonly<Record<string, Operator>> = {
  equal: '=',
  not_equal: '!=',
  in: 'in',
  not_in: 'not in',
  less_than: '<',
  less_equal: '<=',
  greater_than: '>',
  greater_equal: '>=',
  between: 'between',
  not_between: 'not between',
};
const CONDITIONS = 25;
const LIST_VALUES = 50;
const EMPTY = '${' + 'EMPTY}';

export interface CriteriaContext {
  module: string;
  catalog: CoqlCatalog;
  negationMatchesEmpty: boolean;
}

export function compileCriteria(criteria: unknown, context: CriteriaContext): RowTest {
  const budget = { left: CONDITIONS };
  return compileNode(criteria, context, budget);
}

function compileNode(node: unknown, context: CriteriaContext, budget: { left: number }): RowTest {
  if (!isObject(node)) throw new BulkReadError('INVALID_CRITERIA', 'the criteria given is invalid');
  const isGroup = 'group' in node || 'group_operator' in node;
  const isTest = 'field' in node || 'comparator' in node || 'value' in node;
  if (isGroup && isTest)
    throw new BulkReadError('AMBIGUOUS_CRITERIA', 'a group and a condition in one criteria');
  if (isGroup) return compileGroup(node, context, budget);
  if (!isTest) throw new BulkReadError('INVALID_CRITERIA', 'the criteria given is invalid');
  budget.left -= 1;
  if (budget.left < 0) {
    throw new BulkReadError('CRITERIA_LIMIT_EXCEEDED', 'too many conditions', { max_limit: CONDITIONS });
  }
  return compileTest(node, context);
}

function compileGroup(
  node: Record<string, unknown>,
  context: CriteriaContext,
  budget: { left: number },
): RowTest {
  const { group, group_operator: operator } = node;
  if (!Array.isArray(group) || group.length === 0) {
    throw new BulkReadError('AMBIGUOUS_GROUP_IN_CRITERIA', 'a group needs its conditions');
  }
  if (operator !== 'and' && operator !== 'or') {
    throw new BulkReadError('GROUP_OPERATOR_NOT_SUPPORTED', 'the group operator is not supported', {
      supported: ['and', 'or'],
    });
  }
  const tests = group.map((part: unknown) => compileNode(part, context, budget));
  return operator === 'and'
    ? (row, source) => tests.every((test) => test(row, source))
    : (row, source) => tests.some((test) => test(row, source));
}

function compileTest(node: Record<string, unknown>, context: CriteriaContext): RowTest {
  const path = fieldOf(node.field, context);
  const comparator = comparatorOf(node.comparator, path);
  if (node.value === EMPTY) return emptyTest(comparator, path);
  const negated = comparator.startsWith('not_');
  const holds = holdsFor(comparator, path, node.value);
  return (row, source) => {
    const value = readComparable(path, row, source);
    return value === null ? negated && context.negationMatchesEmpty : holds(value);
  };
}

function fieldOf(field: unknown, { module, catalog }: CriteriaContext): Path {
  const name = isObject(field) ? field.api_name : undefined;
  if (typeof name !== 'string')
    throw new BulkReadError('INVALID_CRITERIA', 'a condition needs field.api_name');
  const path = resolvePath({ text: name, quoted: false }, module, catalog);
  const details = { api_name: name, module };
  if (path === 'too many joins') throw new BulkReadError('JOIN_LIMIT_EXCEEDED', 'too many joins', details);
  if (path === 'unknown') {
    throw new BulkReadError(
      'FIELD_IN_CRITERIA_NOT_AVAILABLE',
      'the field in the criteria is not available',
      details,
    );
  }
  const { data_type } = path.type;
  if (data_type === 'textarea' || UNSELECTABLE_TYPES.has(data_type) || path.kind === 'opaque') {
    throw new BulkReadError(
      'FIELD_IN_CRITERIA_NOT_SUPPORTED',
      'the field in the criteria is not supported',
      details,
    );
  }
  return path;
}

function comparatorOf(comparator: unknown, path: Path): string {
  const details = { api_name: path.text, comparator: String(comparator), supported: COMPARATORS[path.kind] };
  if (typeof comparator !== 'string' || !ALL.has(comparator)) {
    const message = 'the comparator is not supported';
    throw new BulkReadError('FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED', message, details);
  }
  if (!COMPARATORS[path.kind].includes(comparator)) {
    const message = 'the comparator does not go with the field';
    throw new BulkReadError('FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE', message, details);
  }
  return comparator;
}

function emptyTest(comparator: string, path: Path): RowTest {
  if (comparator !== 'equal' && comparator !== 'not_equal') throw incompatible(comparator, path);
  const wantsEmpty = comparator === 'equal';
  return (row, source) => (readComparable(path, row, source) === null) === wantsEmpty;
}

function holdsFor(comparator: string, path: Path, given: unknown): (value: Value) => boolean {
  const isList = ['in', 'not_in', 'between', 'not_between'].includes(comparator);
  if (Array.isArray(given) !== isList) throw incompatible(comparator, path);
  const parts: unknown[] = Array.isArray(given) ? given : [given];
  const isRange = comparator.endsWith('between');
  if (parts.length === 0 || (isRange && parts.length !== 2)) throw incompatible(comparator, path);
  if (parts.length > LIST_VALUES) {
    const details = { api_name: path.text, max_limit: LIST_VALUES };
    throw new BulkReadError('VALUE_LIMIT_EXCEEDED_IN_CRITERIA', 'too many values', details);
  }
  const values = parts.map((part) => literalOf(part, path));
  const text = String(values[0]);
  switch (comparator) {
    case 'contains':
      return textTest('anywhere', text);
    case 'not_contains': {
      const contains = textTest('anywhere', text);
      return (value) => !contains(value);
    }
    case 'starts_with':
      return textTest('start', text);
    case 'ends_with':
      return textTest('end', text);
    default:
      return valueTest(path.kind, OPERATORS[comparator] ?? '=', values);
  }
}

/** JSON has numbers and booleans, so they need no quotes here; texts of numbers are taken as well. */
function literalOf(given: unknown, path: Path): Value {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') {
    throw new BulkReadError('VALUE_TYPE_NOT_SUPPORTED', 'the type of the value is not supported', {
      api_name: path.text,
    });
  }
  const kind = typeof given === 'number' || path.kind === 'number' ? 'number' : 'text';
  const isNumber = kind !== 'number' || /^-?\d+(\.\d+)?$/.test(String(given));
  try {
    if (isNumber) return valueOfLiteral(path.kind, path.text, { kind, text: String(given) }, UNSWITCHED);
  } catch {
    // Falls through to the refusal in the words of this API.
  }
  throw new BulkReadError(
    'FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE',
    'the value does not go with the field',
    {
      api_name: path.text,
      expected_data_type: path.type.data_type,
    },
  );
}

const UNSWITCHED = { coqlRefusesNegativeOffset: false };

function incompatible(comparator: string, { text }: Path): BulkReadError {
  const message = 'the value does not go with the comparator';
  return new BulkReadError('COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE', message, {
    api_name: text,
    comparator,
  });
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
