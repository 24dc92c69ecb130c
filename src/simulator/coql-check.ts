import { limitExceeded } from './coql-parse.ts';
import { RELATIONS, resolvePath, UNSELECTABLE_TYPES } from './coql-path.ts';
import {
  type Aggregate,
  type ColumnText,
  type CoqlCatalog,
  CoqlError,
  type CoqlQuery,
  type CoqlSwitches,
  type Criteria,
  type CriteriaText,
  type Operator,
  type Path,
  type SelectColumn,
  type SelectText,
  type Statement,
  type ValueKind,
} from './coql-types.ts';
import { valueOfLiteral } from './coql-values.ts';

const NULL_TESTS: readonly Operator[] = ['is null', 'is not null'];
const EQUALITY: readonly Operator[] = ['=', '!=', 'in', 'not in', ...NULL_TESTS];
const TEXT: readonly Operator[] = [...EQUALITY, 'like', 'not like'];
const RANGES: readonly Operator[] = ['>', '>=', '<', '<=', 'between', 'not between'];
const ORDERED: readonly Operator[] = [...EQUALITY, ...RANGES];
const OPERATORS: Readonly<Record<ValueKind, readonly Operator[]>> = {
  id: ORDERED,
  number: ORDERED,
  bigint: ORDERED,
  date: ORDERED,
  datetime: ORDERED,
  text: TEXT,
  multi: TEXT,
  lookup: EQUALITY,
  boolean: ['='],
  opaque: NULL_TESTS,
};

/** Columns that look ordinary and fail all the same. */
const UNSELECTABLE = new Set(['Calls.CTI_Entry', 'Events.Participants', 'Cases.Comments']);
const SELECT_ONLY = new Set(['Territories']);

function invalidQuery(column: string, reason: string, more: Record<string, unknown> = {}): CoqlError {
  return new CoqlError('INVALID_QUERY', 'invalid query formed', { column_name: column, reason, ...more });
}

/** Looks every name up in the org's metadata and judges operators and values by type. */
export function checkStatement(
  statement: Statement,
  catalog: CoqlCatalog,
  switches: CoqlSwitches,
): CoqlQuery {
  const { module } = statement;
  if (catalog.module(module) === null) {
    throw new CoqlError('INVALID_MODULE', 'the module name given seems to be invalid', { module });
  }
  if (statement.customView !== null) {
    throw new CoqlError('INVALID_QUERY', 'invalid query formed', { cvid: statement.customView });
  }
  if (statement.select.length > switches.coqlColumnLimit) {
    throw limitExceeded('select', switches.coqlColumnLimit);
  }
  const check = new Check(module, catalog, switches);
  const groupBy = statement.groupBy.map((column) => check.path(column));
  const columns = check.select(statement.select, groupBy);
  const where = check.criteria(statement.where);
  return {
    module,
    columns,
    where,
    groupBy,
    orderBy: statement.orderBy.map(({ column, descending }) => ({
      ...check.ordering(column, columns, groupBy),
      descending,
    })),
    limit: statement.limit,
    offset: statement.offset,
    switches,
  };
}

class Check {
  private readonly module: string;
  private readonly catalog: CoqlCatalog;
  private readonly switches: CoqlSwitches;
  private readonly rangedDatetimes = new Set<string>();

  constructor(module: string, catalog: CoqlCatalog, switches: CoqlSwitches) {
    this.module = module;
    this.catalog = catalog;
    this.switches = switches;
  }

  select(texts: SelectText[], groupBy: Path[]): SelectColumn[] {
    const columns = texts.map((text) => this.selectColumn(text));
    refuseRepeats(texts);
    const grouped = new Set(groupBy.map((path) => path.text));
    if (groupBy.length > 0 || columns.some((column) => column.aggregate !== null)) {
      const loose = columns.find((column) => column.aggregate === null && !grouped.has(column.path.text));
      if (loose !== undefined) throw invalidQuery(loose.path.text, 'column must be in the group by clause');
    }
    return columns;
  }

  private selectColumn({ text, quoted, aggregate, alias }: SelectText): SelectColumn {
    const path = this.path({ text, quoted });
    const owner = path.through.length === 0 ? `${this.module}.` : '';
    if (UNSELECTABLE_TYPES.has(path.type.data_type) || UNSELECTABLE.has(owner + path.field)) {
      throw new CoqlError('INVALID_QUERY', 'data type not supported', {
        column_name: text,
        data_type: path.type.data_type,
      });
    }
    if (aggregate !== null && !isAggregatable(aggregate, path.kind)) {
      throw invalidQuery(text, `${aggregate} is not supported for the column`, {
        data_type: path.type.data_type,
      });
    }
    const spelled = path.text === 'id' ? this.switches.coqlIdKey : path.text;
    return { path, aggregate, key: alias ?? (aggregate === null ? spelled : `${aggregate}(${path.text})`) };
  }

  criteria(text: CriteriaText): Criteria {
    if (text.kind !== 'test') {
      return { kind: text.kind, left: this.criteria(text.left), right: this.criteria(text.right) };
    }
    const path = this.path(text.column);
    this.refuseOperator(path, text.operator);
    if (text.operator === 'like' || text.operator === 'not like') refusePattern(path, text);
    const kind = path.kind;
    const values = text.values.map((literal) => valueOfLiteral(kind, path.text, literal, this.switches));
    return { kind: 'test', path, operator: text.operator, values };
  }

  private refuseOperator(path: Path, operator: Operator): void {
    const { data_type } = path.type;
    if (data_type === 'textarea' || UNSELECTABLE_TYPES.has(data_type) || SELECT_ONLY.has(path.field)) {
      throw invalidQuery(path.text, 'column is not supported in criteria', { data_type });
    }
    const allowed = path.type.encrypted === true ? NULL_TESTS : OPERATORS[path.kind];
    if (!allowed.includes(operator) || (operator === '!=' && this.switches.coqlRefusesNotEqual)) {
      throw invalidQuery(path.text, 'operator is not supported for the column', { operator });
    }
    if (path.kind === 'datetime' && RANGES.includes(operator) && this.switches.coqlRefusesDoubleRange) {
      if (this.rangedDatetimes.has(path.text)) {
        throw invalidQuery(path.text, 'more than one range on the column', { operator });
      }
      this.rangedDatetimes.add(path.text);
    }
  }

  ordering(column: ColumnText, columns: SelectColumn[], groupBy: Path[]): { path: Path; key: string | null } {
    const selected = columns.find((candidate) => candidate.key === column.text);
    if (selected !== undefined) return { path: selected.path, key: selected.key };
    const path = this.path(column);
    const isGrouped = groupBy.length > 0 || columns.some((candidate) => candidate.aggregate !== null);
    if (isGrouped) throw invalidQuery(column.text, 'column must be in the select clause');
    return { path, key: null };
  }

  path(column: ColumnText): Path {
    const path = resolvePath(column, this.module, this.catalog);
    if (path === 'too many joins') throw limitExceeded('join', RELATIONS);
    if (path === 'unknown') {
      const details = { column_name: column.text, module: this.module };
      throw new CoqlError('INVALID_QUERY', 'column given seems to be invalid', details);
    }
    return path;
  }
}

function refuseRepeats(texts: SelectText[]): void {
  const columns = new Set<string>();
  const aliases = new Set<string>();
  for (const { text, aggregate, alias } of texts) {
    const column = aggregate === null ? text : `${aggregate}(${text})`;
    if (columns.has(column)) {
      throw new CoqlError('DUPLICATE_DATA', 'the column is given more than once', { column_name: column });
    }
    columns.add(column);
    if (alias === null) continue;
    if (aliases.has(alias))
      throw new CoqlError('DUPLICATE_ALIAS', 'the alias is given more than once', { alias });
    aliases.add(alias);
  }
}

function isAggregatable(aggregate: Aggregate, kind: ValueKind): boolean {
  switch (aggregate) {
    case 'COUNT':
      return true;
    case 'SUM':
    case 'AVG':
      return kind === 'number';
    case 'MIN':
    case 'MAX':
      return kind === 'number' || kind === 'date' || kind === 'datetime';
  }
}

/** `'x%'`, `'%x'`, `'%x%'`; `not like` works as `'%x%'` only. */
function refusePattern(path: Path, { operator, values }: Extract<CriteriaText, { kind: 'test' }>): void {
  const pattern = values[0]?.text ?? '';
  const allowed = operator === 'like' ? /^(%[^%]+%?|[^%]+%)$/s : /^%[^%]+%$/s;
  if (!allowed.test(pattern)) throw invalidQuery(path.text, 'pattern is not supported', { operator });
}
