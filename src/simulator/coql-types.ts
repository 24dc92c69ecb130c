/** What the simulator must know of a field to judge a query. */
export interface CoqlField {
  data_type: string;
  /** Module a lookup points to; absent for lookups to any module (What_Id) and to users. */
  lookup?: string;
  /** Of formula fields: the type they are judged by. */
  return_type?: string;
  encrypted?: boolean;
}

export interface CoqlCatalog {
  module(name: string): { fields: ReadonlyMap<string, CoqlField> } | null;
}

/** Where Zoho's behaviour is unconfirmed, tests run with both positions. */
export interface CoqlSwitches {
  /** 50 by the limits page; a production connector selects up to 500. */
  coqlColumnLimit: number;
  /** `!=` answers INVALID_QUERY. */
  coqlRefusesNotEqual: boolean;
  /** Two range conditions on one datetime column answer INVALID_QUERY. */
  coqlRefusesDoubleRange: boolean;
  /** A datetime literal with a negative offset answers INVALID_QUERY. */
  coqlRefusesNegativeOffset: boolean;
  /** Spelling of the id that is added to every row. */
  coqlIdKey: 'id' | 'Id';
  /** Leads without an explicit Converted__s predicate show unconverted ones only. */
  coqlHidesConverted: boolean;
  /** Negated tests (`!=`, `not in`, `not like`, `not between`) also match empty values. */
  coqlNegationMatchesEmpty: boolean;
}

export const DEFAULT_COQL_SWITCHES: CoqlSwitches = {
  coqlColumnLimit: 50,
  coqlRefusesNotEqual: false,
  coqlRefusesDoubleRange: false,
  coqlRefusesNegativeOffset: false,
  coqlIdKey: 'id',
  coqlHidesConverted: true,
  coqlNegationMatchesEmpty: false,
};

/** A row as the API shows it: lookups are `{ id, name }`, datetimes ISO texts with an offset. */
export interface RowView {
  id: string;
  module: string;
  get(field: string): unknown;
  /** The same as `get`, but a lookup is its id alone: looking up the names costs an export more than all the rest. */
  cell?(field: string): unknown;
  /** A datetime as epoch milliseconds, for predicates: formatting and parsing it again costs more than all the rest. */
  instantMs?(field: string): number | null;
}

export interface CoqlSource {
  rows(module: string): Iterable<RowView>;
  /** Of any module. */
  row(id: string): RowView | null;
  /** Rows in ascending numeric order of id, those above `id` when given. Spares scanning and sorting. */
  rowsAfterId?(module: string, id: string | null): Iterable<RowView>;
  /**
   * Rows in ascending order of (Modified_Time, id) from that instant on; within the very instant only ids above
   * `afterId` when given.
   */
  rowsModifiedFrom?(module: string, epochMs: number | null, afterId: string | null): Iterable<RowView>;
}

export class CoqlError extends Error {
  readonly code: string;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = 'CoqlError';
    this.code = code;
    this.details = details;
  }
}

export type Operator =
  | '='
  | '!='
  | '>'
  | '>='
  | '<'
  | '<='
  | 'in'
  | 'not in'
  | 'like'
  | 'not like'
  | 'between'
  | 'not between'
  | 'is null'
  | 'is not null';

export type Literal = { kind: 'text' | 'number' | 'word'; text: string };

export type Aggregate = 'COUNT' | 'SUM' | 'MIN' | 'MAX' | 'AVG';

/** A column as written, before it was looked up. */
export interface ColumnText {
  text: string;
  quoted: boolean;
}

export interface SelectText extends ColumnText {
  aggregate: Aggregate | null;
  alias: string | null;
}

export type CriteriaText =
  | { kind: 'and' | 'or'; left: CriteriaText; right: CriteriaText }
  | { kind: 'test'; column: ColumnText; operator: Operator; values: Literal[] };

/** The sentence as it was parsed. */
export interface Statement {
  select: SelectText[];
  module: string;
  customView: string | null;
  where: CriteriaText;
  groupBy: ColumnText[];
  orderBy: { column: ColumnText; descending: boolean }[];
  limit: number;
  offset: number;
}

/** How values of a column are compared. */
export type ValueKind =
  | 'id'
  | 'text'
  | 'number'
  | 'bigint'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'lookup'
  | 'multi'
  | 'opaque';

/** A column that exists: the lookups to follow, then the field. */
export interface Path {
  text: string;
  through: { field: string; isUser: boolean; onlyModule: string | null }[];
  field: string;
  type: CoqlField;
  kind: ValueKind;
}

export type Value = string | number | bigint | boolean | readonly string[];

export type Criteria =
  | { kind: 'and' | 'or'; left: Criteria; right: Criteria }
  | { kind: 'test'; path: Path; operator: Operator; values: Value[] };

export interface SelectColumn {
  path: Path;
  aggregate: Aggregate | null;
  key: string;
}

export interface CoqlQuery {
  module: string;
  columns: SelectColumn[];
  where: Criteria;
  groupBy: Path[];
  /** By a column, or by the key of a selected one. */
  orderBy: { path: Path; key: string | null; descending: boolean }[];
  limit: number;
  offset: number;
  switches: CoqlSwitches;
}
