import { ZohoContractError } from '../errors.ts';
import type { MappingState } from '../store/store.ts';
import { type FieldMeta, fetchFields } from '../zoho/metadata.ts';
import { type Columns, columnsOf, type PausedMapping } from './columns.ts';
import { refusedFields } from './field-refusal.ts';
import type { ModuleInput, SyncDeps, Tally } from './module-input.ts';
import { remembered } from './org-metadata.ts';
import { isWorthAnotherWay } from './read-pages.ts';

/** The columns of a module, and whether they are those that Zoho named in this run. */
export interface KnownColumns {
  readonly columns: Columns;
  readonly isRemembered: boolean;
}

/** Which fields of a module are read: by its metadata, else those that were mapped last, else the standard ones. */
export async function readColumns(
  deps: SyncDeps,
  input: ModuleInput,
  tally: Tally,
  { refresh, refused = new Set() }: { refresh: boolean; refused?: ReadonlySet<string> },
): Promise<KnownColumns> {
  const { connection, module } = input;
  const known = await deps.store.mappingStates.of(connection.id, module);
  let meta: FieldMeta[] = [];
  let isRemembered = false;
  try {
    // What is paused is looked at in every run, so that it comes back with the next one.
    const isPaused = known.some(({ reason }) => reason !== null);
    const how = { name: `fields:${module}`, refresh: refresh || isPaused };
    const told = await remembered(deps, connection, how, () => fetchFields(deps.zoho, module));
    meta = told.value;
    isRemembered = told.isRemembered;
  } catch (error) {
    // A module that is not there says so when it is read.
    if (!isWorthAnotherWay(error)) throw error;
    note(
      tally,
      `${module}: its fields cannot be listed, so those known before, else the standard ones, are read`,
    );
  }
  const columns = columnsOf({ ...input, meta, known, refused });
  // A field that somebody has just made and mapped is not in what is remembered: nothing is paused by that alone.
  if (isRemembered && columns.paused.length > 0)
    return readColumns(deps, input, tally, { refresh: true, refused });
  const states = columns.states.map((state) => withPause(state, known, deps.clock.now()));
  if (JSON.stringify(inOrder(states)) !== JSON.stringify(inOrder(known)))
    await deps.store.mappingStates.replace(connection.id, module, states);
  if (columns.renamed.length > 0) await deps.store.fieldMap.upsert(connection.id, columns.renamed);
  for (const paused of columns.paused) note(tally, pauseWords(module, paused));
  return { columns, isRemembered };
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

/** A row does not fit what is remembered of its fields: they may have changed since. */
export class ColumnsOutdated extends ZohoContractError {}

/**
 * Reads with the columns of the metadata. A field that Zoho refuses, or a value that does not fit, has the metadata
 * looked at again; a field that is refused all the same is left out, and the reading goes on without it.
 */
export async function withColumns<T>(
  deps: SyncDeps,
  input: ModuleInput,
  tally: Tally,
  read: (columns: KnownColumns) => Promise<T>,
  first: KnownColumns | null = null,
): Promise<T> {
  const refused = new Set<string>();
  let known = first ?? (await readColumns(deps, input, tally, { refresh: input.full }));
  for (;;) {
    try {
      return await read(known);
    } catch (error) {
      const { columns, isRemembered } = known;
      const fields = refusedFields(error, columns.fields).filter((name) => !refused.has(name));
      const isOutdated = error instanceof ColumnsOutdated;
      if (fields.length === 0 && !isOutdated) throw error;
      deps.log.warn(
        { err: error, module: input.module, fields },
        'the fields of a module are looked at again',
      );
      if (!isRemembered) for (const name of fields) refused.add(name);
      known = await readColumns(deps, input, tally, { refresh: true, refused });
    }
  }
}
