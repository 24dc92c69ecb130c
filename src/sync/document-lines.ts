import type { Connection, RecordId } from '../domain.ts';
import { ZohoContractError } from '../errors.ts';
import type { BilledModule } from '../rules.ts';
import type { PendingLines } from '../store/record-stores.ts';
import type { Store } from '../store/store.ts';
import { bulkRead } from '../zoho/bulk-read.ts';
import { coql, literal, scanModule } from '../zoho/coql.ts';
import { fetchFields } from '../zoho/metadata.ts';
import { countRecords, getRecord, type ZohoRow } from '../zoho/records.ts';
import { listIn } from '../zoho/rows.ts';
import { textOf } from '../zoho/values.ts';
import { type LineColumns, lineColumns, lineFields, lineOf } from './line-rows.ts';
import { isWorthAnotherWay, type ReadDeps } from './read-pages.ts';

/**
 * The lines of invoices and orders. They tell no deletions and a changed document may have lost some, so the lines of
 * each document are read anew once it has changed: in the cheapest way that the credits of a run allow.
 */

export interface LineDeps extends ReadDeps {
  readonly store: Pick<Store, 'documentLines'>;
}
export interface LinesInput {
  readonly connection: Connection;
  readonly module: BilledModule;
  readonly subform: string;
  readonly credits: number;
}
export interface LinesResult {
  readonly module: BilledModule;
  /** The way that was used; null: nothing was to be read, or nothing could be. */
  readonly method: 'coql' | 'bulk' | 'records' | null;
  readonly lines: number;
  /** Documents whose lines are to be read in later runs. */
  readonly left: number;
  /** Rows that could not be read. */
  readonly unreadable: number;
}

const IDS_A_QUERY = 50;
// Twenty lines a document; where there are more, the query goes on.
const ROWS_A_QUERY = 1_000;
const ROWS_A_SCAN = 2_000;
const ROWS_A_JOB = 200_000;
// How often the state of a job is asked for, most times.
const USUAL_POLLS = 4;

interface Work extends LinesInput {
  readonly columns: LineColumns;
  lines: number;
  unreadable: number;
}
interface Way {
  readonly method: Exclude<LinesResult['method'], null>;
  readonly credits: number;
  /** Can stop anywhere; others are all or nothing. */
  readonly isPartial: boolean;
  readonly read: (deps: LineDeps, work: Work) => Promise<void>;
}

/** Of all documents that changed since their lines were read. */
export async function readLines(deps: LineDeps, input: LinesInput): Promise<LinesResult> {
  const { connection, module } = input;
  const pending = await deps.store.documentLines.countPending(connection.id, module);
  if (pending === 0) return { module, method: null, lines: 0, left: 0, unreadable: 0 };
  const work: Work = { ...input, columns: await columnsOf(deps, input), lines: 0, unreadable: 0 };
  const method = await inTheFirstWay(deps, work, await waysFor(deps, work, pending));
  const left = await deps.store.documentLines.countPending(connection.id, module);
  return { module, method, lines: work.lines, left, unreadable: work.unreadable };
}

/** Of the named documents, as after a notification. */
export async function readLinesOf(
  deps: LineDeps,
  input: LinesInput & { readonly ids: readonly RecordId[] },
): Promise<void> {
  const documents = await deps.store.documentLines.pendingOf(input.connection.id, input.module, input.ids);
  if (documents.length === 0) return;
  const work: Work = { ...input, columns: await columnsOf(deps, input), lines: 0, unreadable: 0 };
  await inTheFirstWay(deps, work, [
    { method: 'coql', credits: 0, isPartial: true, read: () => readByIds(deps, work, documents) },
    { method: 'records', credits: 0, isPartial: true, read: () => readOneByOne(deps, work, documents) },
  ]);
}

async function columnsOf(deps: LineDeps, { subform }: LinesInput): Promise<LineColumns> {
  try {
    return lineColumns(await fetchFields(deps.zoho, subform));
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    return lineColumns([]);
  }
}

/** The cheapest first; those that the credits do not allow are left out, unless they can do a part. */
async function waysFor(deps: LineDeps, { subform, credits }: Work, pending: number): Promise<Way[]> {
  const { prices } = deps.zoho;
  const job = prices.bulkReadJob + prices.bulkReadDownload + USUAL_POLLS * prices.bulkReadPoll;
  const byIds: Way = {
    method: 'coql',
    credits: Math.ceil(pending / IDS_A_QUERY) * prices.coql1000,
    isPartial: true,
    read: readPending(readByIds, IDS_A_QUERY),
  };
  const oneByOne: Way = {
    method: 'records',
    credits: pending * prices.listPage,
    isPartial: true,
    read: readPending(readOneByOne, 1),
  };
  const bulk = (rows: number): Way => ({
    method: 'bulk',
    credits: Math.max(1, Math.ceil(rows / ROWS_A_JOB)) * job,
    isPartial: false,
    read: readAll((work) => bulkRows(deps, work)),
  });
  // Few documents are asked for by their ids whatever else there is.
  if (byIds.credits <= prices.coql2000) return [byIds, oneByOne];
  const rows = await countLines(deps, subform);
  const scan: Way = {
    method: 'coql',
    credits: Math.max(1, Math.ceil((rows ?? 0) / ROWS_A_SCAN)) * prices.coql2000,
    isPartial: false,
    read: readAll((work) => scanModule(deps.zoho, { ...allOf(work), order: 'id' })),
  };
  const ways = rows === null ? [byIds, oneByOne, bulk(0)] : [byIds, oneByOne, scan, bulk(rows)];
  return ways.filter((way) => way.isPartial || way.credits <= credits).sort((a, b) => a.credits - b.credits);
}

/** Null: Zoho does not count them, and will not be asked for all of them. */
async function countLines(deps: LineDeps, subform: string): Promise<number | null> {
  try {
    return await countRecords(deps.zoho, subform);
  } catch (error) {
    if (!isWorthAnotherWay(error)) throw error;
    return null;
  }
}

async function inTheFirstWay(
  deps: LineDeps,
  work: Work,
  ways: readonly Way[],
): Promise<LinesResult['method']> {
  let refusal: unknown = null;
  for (const way of ways) {
    try {
      await way.read(deps, work);
      return way.method;
    } catch (error) {
      if (!isWorthAnotherWay(error)) throw error;
      refusal = error;
      deps.log.warn(
        { err: error, module: work.subform, method: way.method },
        'another way of reading lines is tried',
      );
    }
  }
  if (refusal !== null) throw refusal;
  return null;
}

function allOf({ subform, columns }: Work): { module: string; fields: string[] } {
  return { module: subform, fields: lineFields(columns) };
}

async function* bulkRows(deps: LineDeps, work: Work): AsyncGenerator<ZohoRow[]> {
  for await (const { rows } of bulkRead(deps.zoho, allOf(work), deps)) if (rows.length > 0) yield rows;
}

type ReadSome = (deps: LineDeps, work: Work, documents: readonly PendingLines[]) => Promise<void>;

/** The best customers first, until the credits of this run are spent. */
function readPending(read: ReadSome, documentsACall: number): Way['read'] {
  return async (deps, work) => {
    const { connection, module } = work;
    const before = deps.zoho.usage().credits;
    const price = documentsACall === 1 ? deps.zoho.prices.listPage : deps.zoho.prices.coql1000;
    for (;;) {
      const left = work.credits - (deps.zoho.usage().credits - before);
      const calls = Math.min(20, Math.floor(left / price));
      if (calls < 1) return;
      const documents = await deps.store.documentLines.pending(connection.id, module, calls * documentsACall);
      if (documents.length === 0) return;
      await read(deps, work, documents);
    }
  };
}

async function readByIds(deps: LineDeps, work: Work, documents: readonly PendingLines[]): Promise<void> {
  const fields = ['id', ...lineFields(work.columns)].join(', ');
  for (let at = 0; at < documents.length; at += IDS_A_QUERY) {
    const some = documents.slice(at, at + IDS_A_QUERY);
    const ids = some.map(({ documentId }) => literal(documentId)).join(', ');
    const found: ZohoRow[] = [];
    for (let after: string | null = null; ; ) {
      const where: string = `${work.columns.document} in (${ids})`;
      const criteria: string = after === null ? where : `(${where} and id > ${literal(after)})`;
      const query = `select ${fields} from ${work.subform} where ${criteria} order by id asc limit ${ROWS_A_QUERY}`;
      const { rows, more } = await coql(deps.zoho, query, ROWS_A_QUERY);
      found.push(...rows);
      const last = rows.at(-1)?.id;
      if (!more || last === undefined || last === after) break;
      after = last;
    }
    await store(deps, work, some, found);
  }
}

async function readOneByOne(deps: LineDeps, work: Work, documents: readonly PendingLines[]): Promise<void> {
  for (const one of documents) {
    const record = await getRecord(deps.zoho, work.module, one.documentId);
    if (record && !Object.hasOwn(record, work.subform)) {
      throw new ZohoContractError(
        `${work.module} show no ${work.subform}; name the subform that holds their lines in mapping.lines of fields.yaml`,
      );
    }
    const rows = listIn(record ? { data: record[work.subform] } : null, 'data', work.subform);
    const parent = work.columns.document ?? 'Parent_Id';
    await store(
      deps,
      work,
      [one],
      rows.map((row) => ({ ...row, id: textOf(row.id) ?? '', [parent]: one.documentId })),
    );
  }
}

/** A whole read: rows come in any order, so what is out of date goes first and all is known in the end. */
function readAll(pages: (work: Work) => AsyncIterable<ZohoRow[]>): Way['read'] {
  return async (deps, work) => {
    const { connection, module } = work;
    let isBegun = false;
    for await (const rows of pages(work)) {
      // Not before the first rows: until then the read may be refused.
      if (!isBegun) await deps.store.documentLines.startOver(connection.id, module);
      isBegun = true;
      await deps.store.documentLines.add(connection.id, module, grouped(work, rows));
    }
    await deps.store.documentLines.finish(connection.id, module);
  };
}

async function store(
  deps: LineDeps,
  work: Work,
  documents: readonly PendingLines[],
  rows: readonly ZohoRow[],
): Promise<void> {
  const lines = new Map(grouped(work, rows).map((one) => [one.documentId, one.lines]));
  await deps.store.documentLines.replace(
    work.connection.id,
    work.module,
    documents.map((one) => ({ ...one, lines: lines.get(one.documentId) ?? [] })),
  );
}

function grouped(work: Work, rows: readonly ZohoRow[]) {
  const documents = new Map<RecordId, NonNullable<ReturnType<typeof lineOf>>['line'][]>();
  for (const row of rows) {
    const found = lineOf(row, work.columns);
    if (found === null) {
      work.unreadable += 1;
      continue;
    }
    work.lines += 1;
    const lines = documents.get(found.documentId);
    if (lines) lines.push(found.line);
    else documents.set(found.documentId, [found.line]);
  }
  return [...documents].map(([documentId, lines]) => ({ documentId, lines }));
}
