import type { FieldValues, ModuleName } from '../domain.ts';
import type { AppError } from '../errors.ts';
import { sameValue } from '../plan/same-value.ts';
import { type RowResult, updateRecords } from '../zoho/records.ts';
import { withoutEdited } from './edited-rows.ts';
import { rowBody, rowIntent, rowsInPlace, valuesOf } from './field-rows.ts';
import { type Sent, sendBatch } from './send-batch.ts';
import type { Applying, FieldRow, FieldWrite, IntentOutcome } from './types.ts';
import { isModifiedSince } from './unmodified.ts';

/** Writes one batch of field rows of one module: intents committed, then the call, then its outcomes. */

// A write that Zoho still works on shows after seconds; a second look spares a repeat.
const MOST_READS = 4;
const FIELD_WAITS_MS = [0, 2_000] as const;

/** What Zoho answers to every row of a module alike: asking again for the next batch would only cost credits. */
const MODULE_CODES = new Set(['INVALID_MODULE', 'NO_PERMISSION', 'AUTHORIZATION_FAILED', 'NOT_SUPPORTED']);
type Refusal = { readonly code: string; readonly message: string };

/** Modules and fields that Zoho refused for every row of a batch in this apply. */
export interface Refusals {
  readonly modules: Map<ModuleName, Refusal>;
  /** By module and API name. */
  readonly fields: Map<string, Refusal>;
}

export async function writeFields(
  applying: Applying,
  refusals: Refusals,
  module: ModuleName,
  rows: readonly FieldRow[],
): Promise<AppError | null> {
  let open = await rowsToWrite(applying, refusals, module, rows);
  for (let reads = 1; open.length > 0; reads++) {
    const unedited = await withoutEdited(applying, module, open);
    if (unedited.stop) return unedited.stop;
    // Somebody works on these records all the time: what we just read is all that can be asked for.
    const unmodifiedSince = reads < MOST_READS ? unedited.unmodifiedSince : null;
    const { again, stop } = await writeOnce(applying, refusals, module, unedited.rows, unmodifiedSince);
    if (stop) return stop;
    open = await withoutRefused(applying, refusals, again);
  }
  return null;
}

/** What is left of the rows of a plan when they are about to be written, whichever way they go. */
export async function rowsToWrite(
  applying: Applying,
  refusals: Refusals,
  module: ModuleName,
  rows: readonly FieldRow[],
): Promise<FieldRow[]> {
  return withoutRefused(applying, refusals, await withoutSettled(applying, module, rows));
}

/** Rows lose the fields that already hold the value: a plan may be older than the last write. */
async function withoutSettled(
  { deps, input, tally }: Applying,
  module: ModuleName,
  rows: readonly FieldRow[],
): Promise<FieldRow[]> {
  const stored = await deps.store.records.get(
    input.connection.id,
    module,
    rows.map((row) => row.recordId),
  );
  const ours = new Map<string, FieldValues>(stored.map((record) => [record.id, record.ours]));
  const done: number[] = [];
  const open = rows.flatMap((row) => {
    const holds = (write: FieldWrite) => {
      const held = ours.get(row.recordId);
      return held?.[write.key] !== undefined && sameValue(write.key, held[write.key], write.value);
    };
    const [settled, writes] = partition(row.writes, holds);
    done.push(...settled.map((write) => write.seq));
    return writes.length > 0 ? [{ ...row, writes }] : [];
  });
  if (done.length > 0) await deps.store.plans.markDone(input.planId, done);
  tally.skipped += rows.length - open.length;
  return open;
}

/** What this org refused for every row before is named for these rows too, without asking again. */
async function withoutRefused(
  applying: Applying,
  refusals: Refusals,
  rows: readonly FieldRow[],
): Promise<FieldRow[]> {
  const { deps, input, tally } = applying;
  const done: number[] = [];
  const open = rows.flatMap((row) => {
    const ofModule = refusals.modules.get(row.module);
    const refusalOf = (write: FieldWrite) =>
      ofModule ?? refusals.fields.get(fieldKey(row.module, write.apiName));
    const [refused, writes] = partition(row.writes, (write) => refusalOf(write) !== undefined);
    done.push(...refused.map((write) => write.seq));
    const named = ofModule ? refused.slice(0, 1) : refused;
    for (const write of named) {
      const refusal = refusalOf(write);
      if (!refusal) continue;
      const field = ofModule ? null : write.apiName;
      tally.rejected.push({ module: row.module, recordId: row.recordId, field, ...refusal });
    }
    return writes.length > 0 ? [{ ...row, writes }] : [];
  });
  if (done.length > 0) await deps.store.plans.markDone(input.planId, done);
  return open;
}

async function writeOnce(
  applying: Applying,
  refusals: Refusals,
  module: ModuleName,
  rows: readonly FieldRow[],
  unmodifiedSince: Date | null,
): Promise<{ again: FieldRow[]; stop: AppError | null }> {
  if (rows.length === 0) return { again: [], stop: null };
  const { deps, input } = applying;
  const head = {
    connection: input.connection.id,
    runId: input.runId,
    planId: input.planId,
    at: deps.clock.now(),
  };
  const intents = await deps.store.intents.begin(
    rows.map((row) => rowIntent(row, head)),
    deps.lease,
  );
  const { sent, stop } = await sendBatch(deps, rows, {
    send: (open) => updateRecords(deps.zoho, module, open.map(rowBody), { unmodifiedSince }),
    readBack: (open) => rowsInPlace(deps, module, open),
    waitsMs: async () => FIELD_WAITS_MS,
  });
  const isGuarded = unmodifiedSince !== null;
  const again = await commitRows(applying, { module, rows, sent, intents, isGuarded });
  noteRefusals(refusals, module, rows, sent);
  return { again, stop };
}

interface Answered {
  readonly module: ModuleName;
  readonly rows: readonly FieldRow[];
  readonly sent: readonly Sent[];
  readonly intents: readonly number[];
  /** A row that somebody wrote to meanwhile is looked at again. */
  readonly isGuarded?: boolean;
}

/**
 * Stores what became of the rows; answers those that are worth another try. Before the intents end, a restart reads these
 * rows back; after that, it finds in the store what they hold.
 */
export async function commitRows(
  applying: Applying,
  { module, rows, sent, intents, isGuarded = false }: Answered,
): Promise<FieldRow[]> {
  const { deps, input, tally } = applying;
  const written: { id: string; ours: FieldValues }[] = [];
  const done: number[] = [];
  const outcomes: IntentOutcome[] = [];
  const again: FieldRow[] = [];
  for (const [index, row] of rows.entries()) {
    const answer = sent[index];
    const id = intents[index];
    if (!answer || id === undefined || answer.outcome === 'unknown') continue;
    const end = { id, code: null, message: null, recordId: row.recordId };
    switch (answer.outcome) {
      case 'written':
        written.push({ id: row.recordId, ours: valuesOf(row.writes) });
        done.push(...row.writes.map((write) => write.seq));
        outcomes.push({ ...end, outcome: 'written' });
        break;
      case 'rejected': {
        if (isGuarded && isModifiedSince(answer.result)) {
          outcomes.push({ ...end, outcome: 'failed' });
          again.push(row);
          break;
        }
        const { code, message, field } = answer.result;
        tally.rejected.push({ module, recordId: row.recordId, field, code, message });
        outcomes.push({ ...end, outcome: 'rejected', code, message });
        const rest = withoutField(row, answer.result);
        if (rest) again.push(rest);
        const kept = new Set(rest?.writes.map((write) => write.seq));
        done.push(...row.writes.map((write) => write.seq).filter((seq) => !kept.has(seq)));
        break;
      }
      case 'failed':
        outcomes.push({ ...end, outcome: 'failed' });
        break;
    }
  }
  if (written.length > 0) await deps.store.records.setOurs(input.connection.id, module, written);
  if (outcomes.length > 0) await deps.store.intents.finish(outcomes);
  // Last: who dies before this line finds the rows in the plan, and what was refused is on record.
  if (done.length > 0) await deps.store.plans.markDone(input.planId, done);
  tally.written += written.length;
  return again;
}

/** Zoho refuses a whole row for one field that is gone or full; the others are worth a second try. */
function withoutField(row: FieldRow, result: Extract<RowResult, { ok: false }>): FieldRow | null {
  const writes = row.writes.filter((write) => write.apiName !== result.field);
  return writes.length > 0 && writes.length < row.writes.length ? { ...row, writes } : null;
}

export function noteRefusals(
  refusals: Refusals,
  module: ModuleName,
  rows: readonly FieldRow[],
  sent: readonly Sent[],
): void {
  const results = sent.map((answer) => (answer.outcome === 'rejected' ? answer.result : null));
  const [first] = results;
  if (!first || results.some((result) => result?.code !== first.code)) return;
  const refusal = { code: first.code, message: first.message };
  if (MODULE_CODES.has(first.code) && results.every((result) => result?.field === null)) {
    refusals.modules.set(module, refusal);
    return;
  }
  // One row alone says something about that row; several alike say something about the field.
  const { field } = first;
  const hasField = field !== null && rows.every((row) => row.writes.some((write) => write.apiName === field));
  if (rows.length > 1 && hasField && results.every((result) => result?.field === field)) {
    refusals.fields.set(fieldKey(module, field), refusal);
  }
}

const fieldKey = (module: ModuleName, apiName: string): string => `${module}.${apiName}`;

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
