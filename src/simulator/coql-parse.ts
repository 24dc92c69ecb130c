import { missingClause, parseError, type Token, tokenize } from './coql-tokens.ts';
import {
  type Aggregate,
  type ColumnText,
  CoqlError,
  type CriteriaText,
  type Literal,
  type Operator,
  type SelectText,
  type Statement,
} from './coql-types.ts';

const RESERVED = new Set(
  'select from where and or not in like between is null order group by asc desc limit offset as'.split(' '),
);
const AGGREGATES: readonly Aggregate[] = ['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'];
const COMPARISONS: readonly Operator[] = ['=', '!=', '>', '>=', '<', '<='];

/** Rows that offsets can reach; beyond it a client must page by key. */
const REACHABLE_ROWS = 100_000;
const LIMITS = {
  rows: 2000,
  defaultRows: 200,
  conditions: 25,
  inValues: 50,
  orderBy: 10,
  groupBy: 4,
  aggregates: 5,
};

export function limitExceeded(clause: string, limit: number): CoqlError {
  return new CoqlError('LIMIT_EXCEEDED', `the ${clause} exceeds its limit`, { clause, limit });
}

export function parseStatement(query: string): Statement {
  return new Parser(tokenize(query)).statement();
}

/** Recursive descent over the published grammar. Whatever the grammar does not derive is refused. */
class Parser {
  private at = 0;
  private conditions = 0;
  private readonly tokens: Token[];

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  statement(): Statement {
    this.clause('select');
    const select = this.list(() => this.selectColumn());
    if (select.filter((column) => column.aggregate !== null).length > LIMITS.aggregates) {
      throw limitExceeded('aggregate', LIMITS.aggregates);
    }
    this.clause('from');
    const module = this.name();
    const customView = this.takeSign('#') ? this.take('number').text : null;
    this.clause('where');
    const where = this.criteria();
    const groupBy = this.groupBy();
    const orderBy = this.orderBy();
    const page = this.limit();
    if (this.peek().kind !== 'end') throw parseError(this.peek());
    return { select, module, customView, where, groupBy, orderBy, ...page };
  }

  private clause(word: string): void {
    if (this.takeWord(word)) return;
    const token = this.peek();
    const isElsewhere = token.kind === 'end' || RESERVED.has(token.text.toLowerCase());
    throw isElsewhere ? missingClause(word) : parseError(token);
  }

  private selectColumn(): SelectText {
    const [head, next] = [this.peek(), this.tokens[this.at + 1]];
    const aggregate = AGGREGATES.find((name) => head.kind === 'word' && name === head.text.toUpperCase());
    if (aggregate !== undefined && next?.text === '(' && next.kind === 'sign') {
      this.at += 2;
      const column = this.column();
      this.need(')');
      return { ...column, aggregate, alias: this.alias() };
    }
    return { ...this.column(), aggregate: null, alias: this.alias() };
  }

  private alias(): string | null {
    if (!this.takeWord('as')) return null;
    const token = this.peek();
    if (token.kind !== 'word' || RESERVED.has(token.text.toLowerCase())) {
      throw new CoqlError('INVALID_ALIAS', 'the alias is invalid', { alias: token.text });
    }
    this.at += 1;
    return token.text;
  }

  /** `Field`, `Lookup.Field`, `!Module.Lookup.Field`, or any of them (and `What_Id->Deals.Name`) in quotes. */
  private column(): ColumnText {
    const token = this.peek();
    if (token.kind === 'text') {
      this.at += 1;
      return { text: token.text, quoted: true };
    }
    const qualified = this.takeSign('!');
    const names = [this.name()];
    while (this.takeSign('.')) names.push(this.name());
    return { text: (qualified ? '!' : '') + names.join('.'), quoted: false };
  }

  /** Strictly pairwise: a test, or `(criteria and|or criteria)`. */
  private criteria(): CriteriaText {
    if (!this.takeSign('(')) return this.test();
    const left = this.criteria();
    const kind = this.takeWord('and') ? 'and' : this.takeWord('or') ? 'or' : null;
    if (kind === null) throw parseError(this.peek());
    const right = this.criteria();
    this.need(')');
    return { kind, left, right };
  }

  private test(): CriteriaText {
    this.conditions += 1;
    if (this.conditions > LIMITS.conditions) throw limitExceeded('where', LIMITS.conditions);
    const column = this.column();
    const operator = this.operator();
    return { kind: 'test', column, operator, values: this.operands(operator) };
  }

  private operator(): Operator {
    const sign = COMPARISONS.find(
      (comparison) => this.peek().kind === 'sign' && this.peek().text === comparison,
    );
    if (sign !== undefined) {
      this.at += 1;
      return sign;
    }
    if (this.takeWord('is')) {
      const negated = this.takeWord('not');
      if (!this.takeWord('null')) throw parseError(this.peek());
      return negated ? 'is not null' : 'is null';
    }
    const negated = this.takeWord('not');
    for (const word of ['in', 'like', 'between'] as const) {
      if (this.takeWord(word)) return negated ? `not ${word}` : word;
    }
    throw parseError(this.peek());
  }

  private operands(operator: Operator): Literal[] {
    switch (operator) {
      case 'is null':
      case 'is not null':
        return [];
      case 'in':
      case 'not in': {
        this.need('(');
        const values = this.list(() => this.literal());
        this.need(')');
        if (values.length > LIMITS.inValues) throw limitExceeded('in', LIMITS.inValues);
        return values;
      }
      case 'between':
      case 'not between': {
        const from = this.literal();
        if (!this.takeWord('and')) throw parseError(this.peek());
        return [from, this.literal()];
      }
      case '=':
      case '!=':
      case '>':
      case '>=':
      case '<':
      case '<=':
      case 'like':
      case 'not like':
        return [this.literal()];
    }
  }

  private literal(): Literal {
    const token = this.peek();
    if (token.kind === 'text' || token.kind === 'number') {
      this.at += 1;
      return { kind: token.kind, text: token.text };
    }
    if (token.kind === 'word' && /^(true|false)$/i.test(token.text)) {
      this.at += 1;
      return { kind: 'word', text: token.text.toLowerCase() };
    }
    throw parseError(token);
  }

  private groupBy(): ColumnText[] {
    if (!this.takeWord('group')) return [];
    if (!this.takeWord('by')) throw parseError(this.peek());
    const columns = this.list(() => this.column());
    if (columns.length > LIMITS.groupBy) throw limitExceeded('group by', LIMITS.groupBy);
    return columns;
  }

  private orderBy(): Statement['orderBy'] {
    if (!this.takeWord('order')) return [];
    if (!this.takeWord('by')) throw parseError(this.peek());
    const columns = this.list(() => {
      const column = this.column();
      const descending = this.takeWord('desc');
      if (!descending) this.takeWord('asc');
      return { column, descending };
    });
    if (columns.length > LIMITS.orderBy) throw limitExceeded('order by', LIMITS.orderBy);
    return columns;
  }

  private limit(): { limit: number; offset: number } {
    if (!this.takeWord('limit')) return { limit: LIMITS.defaultRows, offset: 0 };
    let limit = this.count();
    let offset = 0;
    if (this.takeSign(',')) [offset, limit] = [limit, this.count()];
    else if (this.takeWord('offset')) offset = this.count();
    if (limit < 1 || limit > LIMITS.rows) throw limitExceeded('limit', LIMITS.rows);
    if (offset + limit > REACHABLE_ROWS) throw limitExceeded('offset', REACHABLE_ROWS);
    return { limit, offset };
  }

  private count(): number {
    const token = this.take('number');
    if (!/^\d{1,9}$/.test(token.text)) throw parseError(token);
    return Number(token.text);
  }

  private list<T>(element: () => T): T[] {
    const elements = [element()];
    while (this.takeSign(',')) elements.push(element());
    return elements;
  }

  private name(): string {
    const token = this.peek();
    if (token.kind !== 'word' || RESERVED.has(token.text.toLowerCase())) throw parseError(token);
    this.at += 1;
    return token.text;
  }

  private peek(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw new RangeError('the parser read past the end token');
    return token;
  }

  private take(kind: Token['kind']): Token {
    const token = this.peek();
    if (token.kind !== kind) throw parseError(token);
    this.at += 1;
    return token;
  }

  private takeWord(word: string): boolean {
    const token = this.peek();
    if (token.kind !== 'word' || token.text.toLowerCase() !== word) return false;
    this.at += 1;
    return true;
  }

  private takeSign(sign: string): boolean {
    const token = this.peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.at += 1;
    return true;
  }

  private need(sign: string): void {
    if (!this.takeSign(sign)) throw parseError(this.peek());
  }
}
