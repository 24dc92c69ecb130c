import { dayOf } from '../clock.ts';
import { addDays } from '../days.ts';
import type { Connection } from '../domain.ts';
import { ConflictError, InputError, NotFoundError } from '../errors.ts';
import type { ImportFile, ImportKind, NewLines, UnmatchedMoney } from '../store/import-stores.ts';
import { LineCells } from './import-cells.ts';
import { cellsByName, readHeader } from './import-columns.ts';
import { type CsvRecord, openCsv } from './import-csv.ts';
import { IMPORT_FORMATS } from './import-formats.ts';
import { referralProblems } from './import-referrals.ts';
import { type LineDeps, withLine } from './line.ts';

/** A file comes in whole or not at all; the same file again brings nothing new. */

interface RejectedLine {
  readonly line: number;
  readonly reason: string;
}
export interface ImportResult {
  /** Lines that count from now on, or would with a dry run. */
  readonly imported: number;
  /** The first ones, by line; `rejectedCount` counts all. One is enough to import nothing. */
  readonly rejected: readonly RejectedLine[];
  readonly rejectedCount: number;
  readonly kind: ImportKind;
  readonly file: string;
  readonly fileHash: string;
  /** The same file was imported before. */
  readonly alreadyImported: boolean;
  readonly dryRun: boolean;
  /** Of this file: money that no known customer explains. It is kept and found at a later scoring. */
  readonly unmatched: readonly UnmatchedMoney[];
  /** Of this file: invoices without a deal of customers that have won deals, where those are purchases too. */
  readonly besideDeals: readonly UnmatchedMoney[];
  /** Foreign money without a rate: kept, and left out of every sum. */
  readonly withheld: number;
  /** Referrals that do not count because an earlier one names another referrer. */
  readonly laterReferrers: number;
  readonly ignoredColumns: readonly string[];
}
export interface ImportInput {
  readonly connection: Connection;
  readonly kind: ImportKind;
  readonly path: string;
  readonly dryRun: boolean;
}

const MOST_LISTED = 1_000;
// An invoice may be dated ahead; one of the year 9999 was mistyped.
const DAYS_AHEAD = 366;

export async function importFile(deps: LineDeps, input: ImportInput): Promise<ImportResult> {
  const { connection, kind } = input;
  const checked = await checkFile(deps, input);
  if (checked.rejectedCount > 0 || checked.lines === 0) return resultOf(input, checked, {});
  return withLine(deps, connection, async () => {
    const [known] = await deps.store.imports.find(connection.id, kind, checked.fileHash);
    if (known) return resultOf(input, checked, { alreadyImported: true });
    const { fileHash, file: fileName } = checked;
    const file = { kind, fileHash, fileName };
    const importId = await deps.store.imports.begin(connection.id, file, deps.clock.now());
    let isKept = false;
    try {
      await stageFile(deps, input, importId, checked);
      await deps.store.imports.link(connection.id, importId);
      const among = await checkTogether(deps, input, importId);
      if (among.rejected.length > 0) {
        return resultOf(input, { ...checked, ...among, rejectedCount: among.rejected.length }, {});
      }
      const unmatched = await unmatchedOf(deps, input, importId);
      const besideDeals = await besideDealsOf(deps, input, importId);
      if (!input.dryRun) {
        await deps.store.imports.commit(connection.id, importId, checked.lines);
        isKept = true;
      }
      const { laterReferrers } = among;
      return resultOf(input, checked, { imported: checked.lines, unmatched, besideDeals, laterReferrers });
    } finally {
      if (!isKept) await deps.store.imports.remove(connection.id, importId);
    }
  });
}

interface CheckedFile {
  readonly file: string;
  readonly fileHash: string;
  readonly lines: number;
  readonly rejected: readonly RejectedLine[];
  readonly rejectedCount: number;
  readonly withheld: number;
  readonly ignoredColumns: readonly string[];
}

function resultOf(
  { kind, dryRun }: ImportInput,
  { lines: _lines, ...checked }: CheckedFile,
  more: Partial<ImportResult>,
): ImportResult {
  const nothing = { imported: 0, alreadyImported: false, unmatched: [], besideDeals: [], laterReferrers: 0 };
  return { ...nothing, ...checked, kind, dryRun, ...more };
}

/** Every line judged by itself, before anything is written. */
async function checkFile(deps: LineDeps, input: ImportInput): Promise<CheckedFile> {
  const rejected: RejectedLine[] = [];
  let [lines, rejectedCount, withheld] = [0, 0, 0];
  const { file, hash, ignored, outcomes } = await readLines(deps, input);
  for await (const outcome of outcomes) {
    lines += outcome.rows.length;
    withheld += outcome.rows.filter(isWithheld).length;
    rejectedCount += outcome.rejected.length;
    rejected.push(...outcome.rejected.slice(0, MOST_LISTED - rejected.length));
  }
  return { file, fileHash: hash(), lines, rejected, rejectedCount, withheld, ignoredColumns: ignored };
}

/** The same lines again, this time written; a file that changed in between is refused. */
async function stageFile(
  deps: LineDeps,
  input: ImportInput,
  importId: number,
  { file, fileHash }: CheckedFile,
): Promise<void> {
  const { connection, kind } = input;
  const { hash, outcomes } = await readLines(deps, input);
  for await (const { rows } of outcomes) await deps.store.imports.add(connection.id, kind, importId, rows);
  if (hash() !== fileHash) throw new ConflictError(`${file} changed while it was read; import it again`);
}

function isWithheld(row: NewLines[ImportKind]): boolean {
  return 'currency' in row && row.currency !== null && row.rate === null;
}

/** Of one batch of records. */
interface Outcome {
  readonly rows: readonly NewLines[ImportKind][];
  readonly rejected: readonly RejectedLine[];
}

async function readLines(deps: Pick<LineDeps, 'clock'>, { connection, kind, path }: ImportInput) {
  const format = IMPORT_FORMATS[kind];
  const csv = await openCsv(path);
  const columns = readHeader(csv.name, csv.header, format);
  const context = {
    homeCurrency: connection.org.currency,
    lastDay: addDays(dayOf(deps.clock.now(), connection.org.timeZone), DAYS_AHEAD),
    isCommaDecimal: csv.delimiter !== ',',
  };
  const outcomeOf = ({ line, cells }: CsvRecord): NewLines[ImportKind] | RejectedLine => {
    const values = cellsByName(columns, cells);
    if (values === null) {
      return { line, reason: `${cells.length} cells where the header has ${columns.names.length}` };
    }
    const named = new LineCells(values, context);
    const row = format.line(named, line);
    return named.problems.length > 0 ? { line, reason: named.problems.join('; ') } : row;
  };
  async function* outcomes(): AsyncGenerator<Outcome> {
    for await (const records of csv.records) {
      const rows: NewLines[ImportKind][] = [];
      const rejected: RejectedLine[] = [];
      for (const record of records) {
        const outcome = 'reason' in record ? record : outcomeOf(record);
        if ('reason' in outcome) rejected.push(outcome);
        else rows.push(outcome);
      }
      yield { rows, rejected };
    }
  }
  return { file: csv.name, hash: csv.hash, ignored: columns.ignored, outcomes: outcomes() };
}

/** What only all lines together show, and what other files brought. */
async function checkTogether(
  deps: LineDeps,
  { connection, kind }: ImportInput,
  importId: number,
): Promise<{ rejected: RejectedLine[]; laterReferrers: number }> {
  const { imports } = deps.store;
  if (kind === 'referrals') return referralProblems(await imports.referralLinks(connection.id, importId));
  if (kind !== 'purchases') return { rejected: [], laterReferrers: 0 };
  const repeated = await imports.repeatedDocuments(connection.id, importId, MOST_LISTED);
  const split = await imports.splitDocuments(connection.id, importId, MOST_LISTED);
  const rejected = [
    ...repeated.map(({ line, number }) => ({
      line,
      reason: `document ${number} of this customer was imported before from another file; leave it out, or remove that file first (zcv purchases list)`,
    })),
    ...split.map(({ line, number }) => ({
      line,
      reason: `the lines of document ${number} bear different dates; give all of them the date of the document`,
    })),
  ];
  return { rejected: rejected.sort((a, b) => a.line - b.line).slice(0, MOST_LISTED), laterReferrers: 0 };
}

async function unmatchedOf(deps: LineDeps, { connection, kind }: ImportInput, importId: number) {
  if (kind !== 'purchases' && kind !== 'costs') return [];
  return deps.store.imports.unmatched(connection.id, kind, connection.org.currency, importId);
}

async function besideDealsOf(deps: LineDeps, { connection, kind }: ImportInput, importId: number) {
  if (kind !== 'purchases' || deps.settings.scoring.purchase.from !== 'deals') return [];
  return deps.store.imports.besideDeals(connection.id, connection.org.currency, importId);
}

/** Takes a file back, named by its path or by the beginning of its hash. */
export async function removeImport(
  deps: LineDeps,
  input: Omit<ImportInput, 'dryRun' | 'path'> & { readonly fileOrHash: string },
): Promise<ImportFile> {
  const { connection, kind, fileOrHash } = input;
  const hash = HASH.test(fileOrHash) ? fileOrHash : await hashOf(fileOrHash);
  return withLine(deps, connection, async () => {
    const [found, ...others] = await deps.store.imports.find(connection.id, kind, hash);
    if (!found) {
      throw new NotFoundError(`no such file was imported: ${fileOrHash}; what there is: zcv ${kind} list`);
    }
    if (others.length > 0) throw new InputError(`${fileOrHash} begins several hashes; give more of it`);
    await deps.store.imports.remove(connection.id, found.id);
    return found;
  });
}

const HASH = /^[0-9a-f]{8,64}$/i;

async function hashOf(path: string): Promise<string> {
  const csv = await openCsv(path);
  for await (const _record of csv.records);
  return csv.hash();
}
