import { ZohoRejectedError } from '../../src/errors.ts';
import type { ZohoClient } from '../../src/zoho/client.ts';
import { DEFAULT_PRICES } from '../../src/zoho/prices.ts';

/** A module in memory behind a client that understands just the queries of a scan, to the letter of the grammar. */

export interface StandInRow {
  readonly id: string;
  /** Seconds since 1970. */
  readonly at: number;
}
export interface StandIn {
  readonly client: ZohoClient;
  readonly queries: string[];
}

type Predicate = (row: StandInRow) => boolean;

const TOKENS = /\(|\)|and\b|or\b|[A-Za-z_]+|>=|<=|=|>|<|'(?:[^']|'')*'/g;

function compare(left: bigint, operator: string, right: bigint): boolean {
  switch (operator) {
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '=':
      return left === right;
    default:
      throw new Error(`operator ${operator}`);
  }
}

/** criteria := predicate | (criteria and|or criteria), nothing else. */
function parseCriteria(tokens: string[]): Predicate {
  const token = tokens.shift();
  if (token === '(') {
    const left = parseCriteria(tokens);
    const word = tokens.shift();
    const right = parseCriteria(tokens);
    if (word !== 'and' && word !== 'or') throw new Error(`expected and/or, got ${word}`);
    if (tokens.shift() !== ')') throw new Error('criteria must be joined in pairs');
    return word === 'and' ? (row) => left(row) && right(row) : (row) => left(row) || right(row);
  }
  const operator = tokens.shift() ?? '';
  if (token === 'id' && operator === 'is') {
    if (tokens.shift() !== 'not' || tokens.shift() !== 'null') throw new Error('expected not null');
    return () => true;
  }
  const value = (tokens.shift() ?? '').slice(1, -1);
  if (token === 'id') return (row) => compare(BigInt(row.id), operator, BigInt(value));
  if (token !== 'Modified_Time') throw new Error(`unexpected ${token}`);
  if (!value.endsWith('+00:00')) throw new Error(`offset of ${value}`);
  const seconds = BigInt(Date.parse(value) / 1_000);
  return (row) => compare(BigInt(row.at), operator, seconds);
}

function byId(left: StandInRow, right: StandInRow): number {
  return BigInt(left.id) < BigInt(right.id) ? -1 : 1;
}

const QUERY = /^select (.+) from (\w+) where (.+) order by (.+) limit (\d+)$/;
const BY_IDS = /^select (.+) from (\w+) where id in \((.+)\) limit (\d+)$/;

const MOST_QUERIES = 1_000;

export interface StandInOptions {
  /** Fewer rows a page than asked for, as long as more_records says so. */
  readonly pageRows?: (query: number) => number;
  /** Refuses two ranges on one column, as one production client reports of Zoho. */
  readonly refusesDoubleRange?: boolean;
  /** Called before each query is answered. */
  readonly before?: (query: number, rows: StandInRow[]) => void;
}

export function coqlStandIn(rows: StandInRow[], options: StandInOptions = {}): StandIn {
  const queries: string[] = [];
  const answer = (text: string): { data: Record<string, unknown>[]; more: boolean } => {
    queries.push(text);
    if (queries.length > MOST_QUERIES) throw new Error('asked without end');
    options.before?.(queries.length, rows);
    const single = BY_IDS.exec(text);
    if (single) {
      const [, columns = '', , ids = ''] = single;
      return {
        data: shown(
          rows.filter((row) => ids.includes(`'${row.id}'`)),
          columns,
        ),
        more: false,
      };
    }
    const [, columns = '', , criteria = '', order = '', limit = ''] = QUERY.exec(text) ?? [];
    if (criteria === '') throw new Error(`not understood: ${text}`);
    const ranges = criteria.match(/Modified_Time [<>]/g)?.length ?? 0;
    if (options.refusesDoubleRange && ranges > 1) {
      throw new ZohoRejectedError('refused', { zohoCode: 'INVALID_QUERY', status: 400 });
    }
    const tokens = criteria.match(TOKENS) ?? [];
    const matches = parseCriteria(tokens);
    if (tokens.length > 0) throw new Error(`criteria not joined in pairs: ${criteria}`);
    const found = rows
      .filter(matches)
      .sort((a, b) => (order.startsWith('id') ? 0 : a.at - b.at) || byId(a, b));
    const page = Math.min(Number(limit), options.pageRows?.(queries.length) ?? Number.POSITIVE_INFINITY);
    return { data: shown(found.slice(0, page), columns), more: found.length > page };
  };
  return {
    queries,
    client: {
      prices: DEFAULT_PRICES,
      usage: () => ({ calls: queries.length, credits: 0 }),
      request: async ({ body }) => {
        const query = String((body as { select_query: unknown }).select_query); // the client under test sends no other body
        const { data, more } = answer(query);
        if (data.length === 0) return { status: 204, body: null, headers: {} };
        const info = { count: data.length, more_records: more };
        return { status: 200, body: { data, info }, headers: {} };
      },
    },
  };
}

function shown(rows: readonly StandInRow[], columns: string): Record<string, unknown>[] {
  const names = columns.split(', ');
  if (names.length > 50) throw new Error(`${names.length} columns`);
  if (new Set(names).size < names.length) throw new Error('a column named twice');
  return rows.map((row) =>
    Object.fromEntries(
      names.map((name) => {
        if (name === 'id') return ['id', row.id];
        if (name === 'Modified_Time')
          return [name, new Date(row.at * 1_000).toISOString().replace('.000Z', '+00:00')];
        return [name, `${name} of ${row.id}`];
      }),
    ),
  );
}
