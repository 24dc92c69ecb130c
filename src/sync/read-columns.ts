import type { MappingState } from '../store/store.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { type Columns, columnsOf, type PausedMapping } from './columns.ts';
import { refusedFields } from './field-refusal.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { isWorthAnotherWay } from './read-pages.ts';

/** Which fields of a module are read: by its metadata, else those that were mapped last, else the standard ones. */
async function readColumns(
  deps: SyncDeps,
  input: ModuleInput,
  tally: Tally,
  refused: ReadonlySet<string> = new Set(),
): Promise<Columns> {
  const { connection, module } = input;
  let meta: FieldMeta[] = [];
  try {
    meta = await fetchFields(deps.zoho, module);
  } catch (error) {
    // A module that is not there says so when it is read.
    if (!isWorthAnotherWay(error)) throw error;
    note(
      tally,
      `${module}: its fields cannot be listed, so those known before, else the standard ones, are read`,
    );
  }
  const known = await deps.store.mappingStates.of(connection.id, module);
  const columns = columnsOf({ ...input, meta, known, refused });
  const states = columns.states.map((state) => withPause(state, known, deps.clock.now()));
  if (JSON.stringify(inOrder(states)) !== JSON.stringify(inOrder(known)))
    await deps.store.mappingStates.replace(connection.id, module, states);
  if (columns.renamed.length > 0) await deps.store.fieldMap.upsert(connection.id, columns.renamed);
  for (const paused of columns.paused) note(tally, pauseWords(module, paused));
  return columns;
}

function note(tally: Tally, words: string): void {
  if (!tally.notes.includes(words)) tally.notes.push(words);
}

function withPause(
  state: Omit<MappingState, 'pausedSince'>,
  known: readonly MappingState[],
  now: Date,
): MappingState {
  const since = known.find(({ input, reason }) => input === state.input && reason !== null)?.pausedSince;
  return { ...state, pausedSince: state.reason === null ? null : (since ?? now) };
}

function inOrder(states: readonly MappingState[]): unknown {
  return states
    .map((state) => [state.input, state.fieldId, state.apiName, state.dataType, state.reason, state.repair])
    .sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1));
}

function pauseWords(module: string, { input, apiName, reason, repair }: PausedMapping): string {
  if (reason === 'missing') return `${module} has no field ${apiName} (${input}): it stays empty; ${repair}`;
  return `${module}.${apiName} (${input}) is paused, ${reason}: what was read of it stays; ${repair}`;
}

/**
 * Reads with the columns of the metadata. A field that Zoho refuses all the same is left out after a second look at
 * the metadata, and the reading goes on without it.
 */
export async function withColumns<T>(
  deps: SyncDeps,
  input: ModuleInput,
  tally: Tally,
  read: (columns: Columns) => Promise<T>,
): Promise<T> {
  const refused = new Set<string>();
  for (;;) {
    const columns = await readColumns(deps, input, tally, refused);
    try {
      return await read(columns);
    } catch (error) {
      const fields = refusedFields(error, columns.fields).filter((name) => !refused.has(name));
      if (fields.length === 0) throw error;
      deps.log.warn({ err: error, module: input.module, fields }, 'fields that Zoho refuses are left out');
      for (const name of fields) refused.add(name);
    }
  }
}
