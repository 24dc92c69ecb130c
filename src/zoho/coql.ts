import { zohoInstant } from '../clock.ts';
import { ZohoContractError, ZohoRejectedError } from '../errors.ts';
import type { ZohoClient } from './client.ts';
import { isObject } from './json.ts';
import { COQL_COLUMNS, COQL_PAGE_ROWS, coqlPrice, pageLimit } from './prices.ts';
import { inChunks, listIn, mergeById, rowsIn, withId, type ZohoRow } from './rows.ts';
import { instantOf } from './values.ts';

/** Queries, and reading a whole module or what changed of it by keyset: no ceiling of 100,000 rows. */

const PAGE_ROWS = COQL_PAGE_ROWS;
// Most times little has changed: the first look costs 1 credit instead of 3.
const FIRST_LOOK_ROWS = 200;
// The limits page says 50; one production client selects more, but 50 works either way.
const MOST_COLUMNS = COQL_COLUMNS + 1;
const MOST_IN_VALUES = 50;

/** A value as COQL writes it. Times have a positive offset: a negative one is not understood by every server. */
export function literal(value: string | number | Date | boolean): string {
  if (typeof value === 'number') return String(value);
  const text = value instanceof Date ? zohoInstant(value) : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

async function ask(
  client: ZohoClient,
  query: string,
  limit: number,
): Promise<{ body: unknown; more: boolean | null }> {
  const { body } = await client.request({
    method: 'POST',
    path: '/crm/v8/coql',
    body: { select_query: query },
    credits: coqlPrice(client.prices, limit),
    sub: true,
    idempotent: true,
  });
  const info = isObject(body) && isObject(body.info) ? body.info : {};
  return { body, more: typeof info.more_records === 'boolean' ? info.more_records : null };
}

/** `limit` is that of the query: it decides the price. Rows of aggregates have no id; theirs is ''. */
export async function coql(
  client: ZohoClient,
  query: string,
  limit: number,
): Promise<{ rows: ZohoRow[]; more: boolean }> {
  const { body, more } = await ask(client, query, limit);
  const rows = listIn(body, 'data', 'a COQL query').map((row) => withId(row) ?? { ...row, id: '' });
  return { rows, more: more ?? rows.length >= limit };
}

interface Page {
  readonly module: string;
  readonly fields: readonly string[];
  readonly criteria: string;
  readonly order: string;
  readonly limit?: number;
}

interface PageAnswer {
  readonly rows: ZohoRow[];
  /** As Zoho returned it, even where the record was gone a moment later. */
  readonly last: ZohoRow | undefined;
  readonly more: boolean;
}

async function fetchPage(client: ZohoClient, page: Page): Promise<PageAnswer> {
  const [first = [], ...others] = columnSets(page.fields);
  const { limit = PAGE_ROWS } = page;
  const queryOf = (columns: readonly string[]) =>
    `select ${columns.join(', ')} from ${page.module} where ${page.criteria} order by ${page.order} limit ${limit}`;
  const { body, more } = await ask(client, queryOf(first), limit);
  let rows = rowsIn(body, `a COQL query on ${page.module}`);
  const last = rows.at(-1);
  const isMore = more ?? rows.length >= limit;
  for (const columns of others) {
    if (rows.length === 0) break;
    const { body: rest } = await ask(client, queryOf(columns), limit);
    const found = byId(rowsIn(rest, `a COQL query on ${page.module}`));
    await addMissing(client, page.module, columns, rows, found);
    rows = mergeById(rows, found);
  }
  return { rows, last, more: isMore };
}

/**
 * The same window can hold other records a moment later. What has left it is asked for by id, so that only records
 * that are gone from Zoho are left out.
 */
async function addMissing(
  client: ZohoClient,
  module: string,
  columns: readonly string[],
  rows: readonly ZohoRow[],
  found: Map<string, ZohoRow>,
): Promise<void> {
  const missing = rows.map((row) => row.id).filter((id) => !found.has(id));
  for (const ids of inChunks(missing, MOST_IN_VALUES)) {
    const query = `select ${columns.join(', ')} from ${module} where id in (${ids.map(literal).join(', ')}) limit ${MOST_IN_VALUES}`;
    const { body } = await ask(client, query, MOST_IN_VALUES);
    for (const row of rowsIn(body, `a COQL query on ${module}`)) found.set(row.id, row);
  }
}

function byId(rows: readonly ZohoRow[]): Map<string, ZohoRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** Each with the id; a column named twice would be refused. */
function columnSets(fields: readonly string[]): string[][] {
  const others = [...new Set(fields)].filter((field) => field !== 'id');
  const sets = inChunks(others, MOST_COLUMNS - 1).map((chunk) => ['id', ...chunk]);
  return sets.length > 0 ? sets : [['id']];
}

/** Criteria are joined in pairs only: ((a and b) and c) (Zoho docs, COQL overview). */
function allOf(...parts: readonly (string | null | undefined)[]): string {
  const present = parts.filter((part) => part !== null && part !== undefined);
  return present.reduce((left, right) => `(${left} and ${right})`);
}

/**
 * Every record in the order of Zoho's ids. `where` is one predicate; a compound one brings its parentheses.
 * The cursor is the last row that Zoho returned: it compares ids as numbers, we as text.
 */
export async function* scanModule(
  client: ZohoClient,
  input: {
    module: string;
    fields: readonly string[];
    where?: string | undefined;
    order: 'id';
    /** Last row of an earlier scan. */
    after?: string | null;
    /** How many there are thought to be: the last page is asked for at no more than its price. */
    expected?: number | null;
  },
): AsyncGenerator<ZohoRow[]> {
  const { module, fields, where } = input;
  const cursors = new Set<string>();
  let after = input.after ?? null;
  let left = input.expected ?? null;
  for (;;) {
    const criteria: string =
      after === null ? (where ?? 'id is not null') : allOf(where, `id > ${literal(after)}`);
    const limit = pageLimit(left);
    const page = await fetchPage(client, { module, fields, criteria, order: 'id asc', limit });
    const last: string | undefined = page.last?.id;
    if (last !== undefined && cursors.has(last)) throw noProgress(module, last);
    if (page.rows.length > 0) yield page.rows;
    if (!page.more || last === undefined) return;
    cursors.add(last);
    after = last;
    // More than were counted: how many is unknown again.
    left = left === null || left <= page.rows.length ? null : left - page.rows.length;
  }
}

function noProgress(module: string, id: string): ZohoContractError {
  return new ZohoContractError(
    `Zoho goes on returning ${module} up to record ${id} although it was asked for those after it; the read was stopped`,
  );
}

interface Position {
  readonly modifiedAt: Date;
  readonly id: string;
}
/** Whether this server takes two bounds on one column: a refusal costs a call, and need be paid for once only. */
export interface RangeMemory {
  readonly isRefused: boolean;
  refuse(): Promise<void>;
}
interface ChangedInput {
  readonly module: string;
  readonly fields: readonly string[];
  readonly from: Date;
  /** Last row of an earlier scan; it and everything before it is left out. */
  readonly after: Position | null;
  /** Rows of this instant and later are left out. Seconds count: Modified_Time has no smaller part. */
  readonly until: Date;
  readonly where?: string | undefined;
  readonly ranges?: RangeMemory | undefined;
  /** Asked once, after the first look, where there is more: how much, or to leave the rest to another way. */
  readonly onMore?: (after: Position) => Promise<{ readonly expected: number | null } | 'stop'>;
}

type Bounds = Pick<ChangedInput, 'from' | 'until' | 'where' | 'ranges'>;

const BY_TIME = 'Modified_Time asc, id asc';

/**
 * Records modified in [from, until), in the order (Modified_Time, id). Thousands may carry the same second, so the id
 * is part of the cursor. A server that refuses two bounds on one column gets one, and the rest is filtered here.
 */
export async function* scanChanged(client: ZohoClient, input: ChangedInput): AsyncGenerator<ZohoRow[]> {
  const fields = ['Modified_Time', ...input.fields];
  const scan = { ...input, fields };
  let after = input.after;
  let criteriaOf = boundsFor(scan);
  let limit = FIRST_LOOK_ROWS;
  let left: number | null = null;
  let isAsked = false;
  for (;;) {
    let page: PageAnswer;
    try {
      page = await fetchPage(client, { ...scan, criteria: criteriaOf(scan, after), order: BY_TIME, limit });
    } catch (error) {
      if (criteriaOf !== bothBounds || !isRefusedQuery(error)) throw error;
      criteriaOf = lowerBoundOnly;
      continue;
    }
    // Only now is it sure that the second bound was what displeased.
    if (criteriaOf === lowerBoundOnly && scan.ranges?.isRefused === false) await scan.ranges.refuse();
    const { last } = page;
    const rows = page.rows.filter((row) => isInWindow(positionOf(row, input.module), scan, after));
    if (rows.length > 0) yield rows;
    if (last === undefined || !page.more) return;
    const end = positionOf(last, input.module);
    if (end.modifiedAt.getTime() >= wholeSecond(input.until)) return;
    if (!isAsked && input.onMore) {
      isAsked = true;
      const told = await input.onMore(end);
      if (told === 'stop') return;
      left = told.expected;
    } else left = left === null || left <= page.rows.length ? null : left - page.rows.length;
    limit = pageLimit(left);
    if (!isInWindow(end, scan, after)) {
      // Every row of this page was known: with one bound only, a second with more rows than a page does that.
      if (criteriaOf === bothBounds || after === null) throw noProgress(input.module, end.id);
      const second = after;
      yield* scanSecond(client, scan, second);
      after = { modifiedAt: new Date(second.modifiedAt.getTime() + 1_000), id: '0' };
      continue;
    }
    after = end;
  }
}

/** How many records such a scan would give; null where the server does not count them. */
export async function countChanged(
  client: ZohoClient,
  scan: Omit<ChangedInput, 'onMore' | 'fields'>,
): Promise<number | null> {
  const query = `select COUNT(id) from ${scan.module} where ${boundsFor(scan)(scan, scan.after)}`;
  try {
    const { rows } = await coql(client, query, 1);
    const [count] = Object.entries(rows[0] ?? {}).flatMap(([name, value]) =>
      /^count\(id\)$/i.test(name) ? [Number(value)] : [],
    );
    return count !== undefined && Number.isSafeInteger(count) ? count : null;
  } catch (error) {
    if (error instanceof ZohoRejectedError || error instanceof ZohoContractError) return null;
    throw error;
  }
}

/** The rest of one second, by id. */
async function* scanSecond(
  client: ZohoClient,
  scan: ChangedInput,
  second: Position,
): AsyncGenerator<ZohoRow[]> {
  const during = allOf(`Modified_Time = ${literal(second.modifiedAt)}`, scan.where);
  let after = second.id;
  for (;;) {
    const criteria = allOf(during, `id > ${literal(after)}`);
    const page = await fetchPage(client, { ...scan, criteria, order: 'id asc' });
    const last = page.last?.id;
    if (last !== undefined && !isLaterId(last, after)) throw noProgress(scan.module, last);
    if (page.rows.length > 0) yield page.rows;
    if (!page.more || last === undefined) return;
    after = last;
  }
}

function boundsFor({ ranges }: Bounds) {
  return ranges?.isRefused ? lowerBoundOnly : bothBounds;
}

function bothBounds(scan: Bounds, after: Position | null): string {
  const from = after === null ? scan.from : after.modifiedAt;
  const window = allOf(`Modified_Time >= ${literal(from)}`, `Modified_Time < ${literal(scan.until)}`);
  if (after === null) return allOf(window, scan.where);
  // Within Modified_Time >= c this says: (time, id) greater than the last one seen.
  const beyond = `(Modified_Time > ${literal(after.modifiedAt)} or id > ${literal(after.id)})`;
  return allOf(window, beyond, scan.where);
}

function lowerBoundOnly(scan: Bounds, after: Position | null): string {
  return allOf(`Modified_Time >= ${literal(after === null ? scan.from : after.modifiedAt)}`, scan.where);
}

function isRefusedQuery(error: unknown): boolean {
  return (
    error instanceof ZohoRejectedError &&
    (error.zohoCode === 'INVALID_QUERY' || error.zohoCode === 'SYNTAX_ERROR')
  );
}

function wholeSecond(at: Date): number {
  return Math.floor(at.getTime() / 1_000) * 1_000;
}

function positionOf(row: ZohoRow, module: string): Position {
  const modifiedAt = instantOf(row.Modified_Time);
  if (modifiedAt === null) {
    throw new ZohoContractError(
      `${module} ${row.id} came without Modified_Time, so changes cannot be followed; check that the connected user may see this field`,
    );
  }
  return { modifiedAt, id: row.id };
}

function isLaterId(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than);
}

function isInWindow(row: Position, scan: ChangedInput, after: Position | null): boolean {
  const at = row.modifiedAt.getTime();
  if (at < wholeSecond(scan.from) || at >= wholeSecond(scan.until)) return false;
  if (after === null) return true;
  const seen = wholeSecond(after.modifiedAt);
  return at > seen || (at === seen && isLaterId(row.id, after.id));
}
