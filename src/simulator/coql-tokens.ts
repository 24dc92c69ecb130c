import { CoqlError } from './coql-types.ts';

export interface Token {
  kind: 'word' | 'number' | 'text' | 'sign' | 'end';
  /** Words and signs as written, texts without their quotes. */
  text: string;
  line: number;
  column: number;
}

const PATTERNS: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+/y],
  ['word', /[A-Za-z_$][A-Za-z0-9_$]*/y],
  ['number', /-?\d+(?:\.\d+)?(?![A-Za-z_])/y],
  ['text', /'(?:[^']|'')*'/y],
  ['sign', /!=|>=|<=|[=<>(),.#!]/y],
];

export function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const found = match(query, at);
    if (found === null) throw parseError(tokenAt(query, at, 'sign', query.slice(at, at + 20)));
    if (found.kind !== 'space') {
      const text = found.kind === 'text' ? found.raw.slice(1, -1).replaceAll("''", "'") : found.raw;
      tokens.push(tokenAt(query, at, found.kind, text));
    }
    at += found.raw.length;
  }
  tokens.push(tokenAt(query, query.length, 'end', ''));
  return tokens;
}

function match(query: string, at: number): { kind: Token['kind'] | 'space'; raw: string } | null {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const found = pattern.exec(query);
    if (found !== null) return { kind, raw: found[0] };
  }
  return null;
}

function tokenAt(query: string, at: number, kind: Token['kind'], text: string): Token {
  const before = query.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { kind, text, line: before.split('\n').length, column: at - lineStart + 1 };
}

export function parseError(token: Token): CoqlError {
  return new CoqlError('SYNTAX_ERROR', 'error occured while parsing the query', {
    line: token.line,
    column: token.column,
    near: token.text,
  });
}

export function missingClause(clause: string): CoqlError {
  return new CoqlError('SYNTAX_ERROR', 'missing clause', { clause });
}
