import { ApiError } from './api-error.ts';
import { readComparable, textTest, valueTest } from './coql-filter.ts';
import { resolvePath } from './coql-path.ts';
import type { CoqlCatalog, CoqlSource, Operator, Path, RowView, Value } from './coql-types.ts';
import { valueOfLiteral } from './coql-values.ts';

const MOST_CONDITIONS = 10;
const MOST_VALUES = 100;
const TEXT = ['equals', 'not_equal', 'starts_with', 'in'];
const CHOICE = ['equals', 'not_equal', 'in'];
const RANGE = [
  'equals',
  'not_equal',
  'greater_than',
  'greater_equal',
  'less_than',
  'less_equal',
  'between',
  'in',
];
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  text: TEXT,
  email: TEXT,
  phone: TEXT,
  website: TEXT,
  multiselectpicklist: TEXT,
  textarea: ['equals', 'not_equal', 'starts_with'],
  picklist: CHOICE,
  autonumber: CHOICE,
  lookup: CHOICE,
  ownerlookup: CHOICE,
  userlookup: CHOICE,
  boolean: ['equals', 'not_equal'],
};
const ORDERED: ReadonlySet<string> = new Set(['number', 'bigint', 'date', 'datetime', 'id']);
/** Texts in which `equals` finds what contains the value. */
const CONTAINING: ReadonlySet<string> = new Set([
  'text',
  'email',
  'phone',
  'website',
  'textarea',
  'multiselectpicklist',
]);
const AS_COQL: Readonly<Record<string, Operator>> = {
  equals: '=',
  not_equal: '!=',
  in: 'in',
  greater_than: '>',
  greater_equal: '>=',
  less_than: '<',
  less_equal: '<=',
  between: 'between',
};

export type SearchTest = (row: RowView, source: CoqlSource) => boolean;

/** `((Stage:equals:Closed Won)and(Amount:greater_than:5))`; a backslash frees parentheses and commas in values. */
export function compileSearch(text: string, module: string, catalog: CoqlCatalog): SearchTest {
  const reader = new Reader(text, module, catalog);
  const test = reader.sequence();
  if (!reader.isAtEnd()) throw invalid(text);
  return test;
}

function invalid(near: string): ApiError {
  return new ApiError(400, 'INVALID_QUERY', 'invalid query formed', { near });
}

class Reader {
  private readonly text: string;
  private readonly module: string;
  private readonly catalog: CoqlCatalog;
  private at = 0;
  private conditions = 0;

  constructor(text: string, module: string, catalog: CoqlCatalog) {
    this.text = text;
    this.module = module;
    this.catalog = catalog;
  }

  isAtEnd(): boolean {
    return this.at === this.text.length;
  }

  /** Terms joined by and, or; of the same rank, from left to right. */
  sequence(): SearchTest {
    let test = this.term();
    for (let joint = this.joint(); joint !== null; joint = this.joint()) {
      const [left, right] = [test, this.term()];
      test =
        joint === 'and'
          ? (row, source) => left(row, source) && right(row, source)
          : (row, source) => left(row, source) || right(row, source);
    }
    return test;
  }

  private joint(): 'and' | 'or' | null {
    const match = /^(and|or)(?=\()/i.exec(this.text.slice(this.at));
    if (match === null) return null;
    this.at += match[0].length;
    return match[0].toLowerCase() === 'and' ? 'and' : 'or';
  }

  private term(): SearchTest {
    if (this.text[this.at] !== '(') throw invalid(this.text.slice(this.at));
    this.at += 1;
    const test = this.text[this.at] === '(' ? this.sequence() : this.condition();
    if (this.text[this.at] !== ')') throw invalid(this.text.slice(this.at));
    this.at += 1;
    return test;
  }

  private condition(): SearchTest {
    this.conditions += 1;
    if (this.conditions > MOST_CONDITIONS)
      throw new ApiError(400, 'LIMIT_EXCEEDED', 'too many conditions', { limit: MOST_CONDITIONS });
    const match = /^([\w.]+):(\w+):((?:\\.|[^\\()])*)/s.exec(this.text.slice(this.at));
    const [whole = '', name = '', operator = '', value = ''] = match ?? [];
    if (match === null || value === '') throw invalid(this.text.slice(this.at));
    this.at += whole.length;
    return compileCondition(this.pathOf(name), operator, valuesIn(value, operator));
  }

  private pathOf(name: string): Path {
    const path = resolvePath({ text: name, quoted: false }, this.module, this.catalog);
    if (typeof path === 'string' || path.through.length > 0) throw invalid(name);
    return path;
  }
}

function valuesIn(text: string, operator: string): string[] {
  const parts = ['in', 'between'].includes(operator) ? (text.match(/(?:\\.|[^\\,])+/gs) ?? []) : [text];
  if (parts.length > MOST_VALUES || (operator === 'between' && parts.length !== 2)) throw invalid(text);
  return parts.map((part) => part.replace(/\\(.)/gs, '$1'));
}

function compileCondition(path: Path, operator: string, texts: readonly string[]): SearchTest {
  const { data_type: type } = path.type;
  const allowed = OPERATORS[type] ?? (ORDERED.has(path.kind) ? RANGE : []);
  if (!allowed.includes(operator)) throw invalid(`${path.text}:${operator}`);
  const holds = holdsFor(path, operator, texts);
  return (row, source) => {
    const value = readComparable(path, row, source);
    return value !== null && holds(value);
  };
}

function holdsFor(path: Path, operator: string, texts: readonly string[]): (value: Value) => boolean {
  const [first = ''] = texts;
  if (operator === 'starts_with') return textTest('start', first);
  if (CONTAINING.has(path.type.data_type)) {
    const tests = texts.map((text) => textTest('anywhere', text));
    const isAny = (value: Value) => tests.some((test) => test(value));
    return operator === 'not_equal' ? (value) => !isAny(value) : isAny;
  }
  return valueTest(
    path.kind,
    AS_COQL[operator] ?? '=',
    texts.map((text) => literalOf(path, text)),
  );
}

function literalOf(path: Path, text: string): Value {
  const kind = path.kind === 'number' ? 'number' : 'text';
  try {
    if (kind === 'text' || /^-?\d+(\.\d+)?$/.test(text))
      return valueOfLiteral(path.kind, path.text, { kind, text }, { coqlRefusesNegativeOffset: false });
  } catch {
    // Falls through to the refusal in the words of this API.
  }
  throw invalid(`${path.text}:${text}`);
}
