import type { RecordId } from '../domain.ts';
import { ZohoRejectedError } from '../errors.ts';
import { refIn } from '../plan/cv-ref.ts';
import { coql, literal } from '../zoho/coql.ts';
import { fetchFields } from '../zoho/metadata.ts';
import type { ZohoRow } from '../zoho/records.ts';
import { textOf } from '../zoho/values.ts';
import { descriptionOf, TASKS, type TaskWords } from './task-rows.ts';
import type { WritebackDeps } from './types.ts';

/** Which of our tasks Zoho holds already: by CV Ref, or where the org has no such field by the description's key. */

export interface SoughtTask {
  readonly cvRef: string;
  /** The record the task is about; a contact is found through Who_Id. */
  readonly about: { readonly id: RecordId; readonly isContact: boolean };
}
export interface FoundTask {
  readonly id: RecordId;
  readonly isCompleted: boolean;
}
/** CV Ref as the org has it now; null: it has none. */
export type RefField = { readonly apiName: string; readonly isUnique: boolean } | null;

// COQL takes 50 values in an `in` list by the narrower of its two published limits.
const PER_QUERY = 50;
const PAGE = 200;
// Our clock and Zoho's may differ; a wider window costs nothing, the key decides.
const WINDOW_MS = 3_600_000;

export async function refFieldOf(
  deps: Pick<WritebackDeps, 'zoho'>,
  apiName: string | null,
): Promise<RefField> {
  if (apiName === null) return null;
  const field = (await fetchFields(deps.zoho, TASKS)).find((meta) => meta.apiName === apiName);
  return field ? { apiName, isUnique: field.unique } : null;
}

export async function findTasks(
  deps: Pick<WritebackDeps, 'zoho' | 'log'>,
  sought: readonly SoughtTask[],
  options: { refField: RefField; since: Date; words: TaskWords },
): Promise<Map<string, FoundTask>> {
  const { refField } = options;
  if (refField) {
    try {
      return await findByRef(deps, sought, refField.apiName, options.words);
    } catch (error) {
      if (!(error instanceof ZohoRejectedError)) throw error;
      deps.log.warn({ err: error }, 'CV Ref cannot be searched; tasks are found by their description');
    }
  }
  return findByRecord(deps, sought, options);
}

async function findByRef(
  deps: Pick<WritebackDeps, 'zoho'>,
  sought: readonly SoughtTask[],
  apiName: string,
  words: TaskWords,
): Promise<Map<string, FoundTask>> {
  const found = new Map<string, FoundTask>();
  for (const part of inParts(sought.map((task) => task.cvRef))) {
    const refs = part.map(literal).join(', ');
    for await (const row of pages(deps, [...statusOf(words), apiName], `${apiName} in (${refs})`)) {
      const cvRef = textOf(row[apiName]);
      if (cvRef !== null) found.set(cvRef, { id: row.id, isCompleted: words.isCompleted(row) });
    }
  }
  return found;
}

const statusOf = (words: TaskWords) => words.readable(['id', 'Status', 'Closed_Time']);

/** COQL has no criteria on a description, so the tasks of the records are compared here. */
async function findByRecord(
  deps: Pick<WritebackDeps, 'zoho'>,
  sought: readonly SoughtTask[],
  { since, words }: { since: Date; words: TaskWords },
): Promise<Map<string, FoundTask>> {
  const refs = new Set(sought.map((task) => task.cvRef));
  const found = new Map<string, FoundTask>();
  const from = literal(new Date(since.getTime() - WINDOW_MS));
  for (const field of ['What_Id', 'Who_Id']) {
    const ids = sought
      .filter((task) => task.about.isContact === (field === 'Who_Id'))
      .map((task) => task.about.id);
    for (const part of inParts([...new Set(ids)])) {
      const where = `${field} in (${part.map(literal).join(', ')}) and Created_Time >= ${from}`;
      for await (const row of pages(deps, [...statusOf(words), 'Description'], where)) {
        const cvRef = refIn(descriptionOf(row));
        if (cvRef !== null && refs.has(cvRef))
          found.set(cvRef, { id: row.id, isCompleted: words.isCompleted(row) });
      }
    }
  }
  return found;
}

async function* pages(
  deps: Pick<WritebackDeps, 'zoho'>,
  columns: readonly string[],
  where: string,
): AsyncGenerator<ZohoRow> {
  let after: RecordId | null = null;
  for (;;) {
    const rest: string = after === null ? where : `(${where}) and id > ${literal(after)}`;
    const query = `select ${columns.join(', ')} from ${TASKS} where (${rest}) order by id asc limit ${PAGE}`;
    const { rows, more } = await coql(deps.zoho, query, PAGE);
    yield* rows;
    after = rows.at(-1)?.id ?? null;
    if (!more || after === null) return;
  }
}

function inParts<T>(values: readonly T[]): T[][] {
  const parts: T[][] = [];
  for (let from = 0; from < values.length; from += PER_QUERY)
    parts.push(values.slice(from, from + PER_QUERY));
  return parts;
}
