import { createHash } from 'node:crypto';
import type { Connection } from '../domain.ts';
import { ZohoUnavailableError } from '../errors.ts';
import type { DealStage } from '../records.ts';
import type { Store } from '../store/store.ts';
import { countChanged, literal, scanChanged } from '../zoho/coql.ts';
import { type FieldMeta, fetchFields, type ModuleMeta } from '../zoho/metadata.ts';
import { cheapestRead } from '../zoho/prices.ts';
import { inChunks, type ZohoRow } from '../zoho/rows.ts';
import { historyProblem, STAGE_HISTORY } from '../zoho/stage-history.ts';
import { idOf, instantOf, textOf } from '../zoho/values.ts';
import { OVERLAP_MS } from './follow.ts';
import type { SyncDeps } from './module-input.ts';
import { remembered } from './org-metadata.ts';
import { rangeMemory } from './range-memory.ts';
import { isWorthAnotherWay } from './read-pages.ts';
import { codeOf, endsTheRun } from './run-end.ts';

/**
 * When deals were won or lost, as Zoho's own history of stages tells. First the stays on won and lost stages alone, for
 * they are few; from then on every new stay, which also tells that a deal was reopened. Nothing fails without it.
 */

const FIELDS = ['Potential_Name', 'Stage', 'Moved_To__s'];
// Before there was a CRM to hold deals.
const BEGINNING = new Date('2000-01-01T00:00:00Z');
const AHEAD_MS = 24 * 3_600_000;
const MOST_IN_VALUES = 50;

type Deps = Omit<SyncDeps, 'store'> & {
  readonly store: Pick<Store, 'cursors' | 'dealStages' | 'metadata' | 'stages'>;
};

/** As one more line of a sync. */
export interface StageHistoryRow {
  readonly module: typeof STAGE_HISTORY;
  readonly mode: 'full' | 'incremental' | 'skipped';
  readonly method: 'coql' | null;
  readonly read: number;
  readonly changed: number;
  readonly deleted: 0;
  readonly quarantined: number;
  readonly error: string | null;
}
interface StageHistoryRead {
  /** Null: the org has none that we could read. */
  readonly row: StageHistoryRow | null;
  readonly warnings: readonly string[];
}
const NOT_READ = { mode: 'skipped', method: null, read: 0, changed: 0, quarantined: 0, error: null } as const;

export interface StageHistoryInput {
  readonly connection: Connection;
  readonly full: boolean;
  /** Whether this run read a deal: without one nothing can be new. */
  readonly hasReadDeals: boolean;
  readonly mostCredits: number;
}

/** To be called when the deals are stored. */
export async function readStageHistory(deps: Deps, input: StageHistoryInput): Promise<StageHistoryRead> {
  const { connection, full } = input;
  const modules = await deps.store.metadata.get<ModuleMeta[]>(connection.id, 'modules');
  if (historyProblem(modules?.body ?? []) !== null) return { row: null, warnings: [] };
  const rowOf = (told: Omit<StageHistoryRow, 'module' | 'deleted'>): StageHistoryRow => ({
    module: STAGE_HISTORY,
    deleted: 0,
    ...told,
  });
  try {
    const work = await workOf(deps, input);
    if (work === null) return { row: rowOf(NOT_READ), warnings: [] };
    const missing = await missingFields(deps, connection, full);
    if (missing.length > 0) {
      const named = `${STAGE_HISTORY} has no field ${missing.join(', ')}`;
      return { row: null, warnings: [`${named}: the history of stages is not used`] };
    }
    const { leftOut, ...told } = await read(deps, input, work);
    return { row: rowOf(told), warnings: leftOut === null ? [] : [tooDear(deps, leftOut)] };
  } catch (error) {
    if (endsTheRun(error)) throw error;
    deps.log.warn({ err: error }, 'the history of stages could not be read');
    const words = error instanceof Error ? error.message : String(error);
    const warning = `the history of stages cannot be read (${codeOf(error)}): closing dates stand for it`;
    return { row: rowOf({ ...NOT_READ, error: `${codeOf(error)}: ${words}` }), warnings: [warning] };
  }
}

interface Work {
  readonly from: Date;
  readonly isFirst: boolean;
  readonly closed: readonly string[];
  readonly hash: string;
}

/** Null: nothing can be new. The cursor stays, so that a run which ended before this point leaves nothing out. */
async function workOf(deps: Deps, input: StageHistoryInput): Promise<Work | null> {
  const { connection, full, hasReadDeals } = input;
  const stages = await deps.store.stages.all(connection.id);
  const isClosed = stages.filter(({ outcome }) => outcome === 'won' || outcome === 'lost');
  const closed = [...new Set(isClosed.map(({ stage }) => stage))].sort();
  if (closed.length === 0) return null;
  const hash = createHash('sha256').update(JSON.stringify(closed)).digest('hex');
  const cursor = await deps.store.cursors.get(connection.id, STAGE_HISTORY);
  // A stage that has only now become a closed one was left out before.
  if (full || cursor === null || cursor.modifiedAt === null || cursor.columnsHash !== hash)
    return { from: BEGINNING, isFirst: true, closed, hash };
  return hasReadDeals ? { from: cursor.modifiedAt, isFirst: false, closed, hash } : null;
}

/** Empty also where Zoho describes no field of it: then the query tells. */
async function missingFields(deps: Deps, connection: Connection, refresh: boolean): Promise<string[]> {
  try {
    const how = { name: `fields:${STAGE_HISTORY}`, refresh };
    const ask = () => fetchFields(deps.zoho, STAGE_HISTORY);
    const { value } = await remembered<FieldMeta[]>(deps, connection, how, ask);
    const names = new Set(value.map(({ apiName }) => apiName));
    return names.size === 0 ? [] : [...FIELDS, 'Modified_Time'].filter((name) => !names.has(name));
  } catch (error) {
    if (!isWorthAnotherWay(error) || error instanceof ZohoUnavailableError) throw error;
    return [];
  }
}

function priceOf({ zoho }: Deps, rows: number): number {
  return cheapestRead(zoho.prices, { rows, columns: FIELDS.length, ways: ['coql'] }).credits;
}
function tooDear(deps: Deps, rows: number): string {
  return `${rows} older rows of the history of stages would cost ${priceOf(deps, rows)} credits and are left out: closing dates stand for them. Raise credits.stageHistory in fields.yaml and run zcv sync --full to read them`;
}

async function read(deps: Deps, { connection, mostCredits }: StageHistoryInput, work: Work) {
  const startedAt = deps.clock.now();
  const ranges = await rangeMemory(deps, connection);
  const until = new Date(startedAt.getTime() + AHEAD_MS);
  let rows = 0;
  let stored = 0;
  let leftOut: number | null = null;
  for (const where of wheresOf(work)) {
    const scan = {
      module: STAGE_HISTORY,
      fields: FIELDS,
      from: work.from,
      after: null,
      until,
      where,
      ranges,
    };
    const onMore: NonNullable<Parameters<typeof scanChanged>[1]['onMore']> = async (after) => {
      const expected = await countChanged(deps.zoho, { ...scan, after });
      if (!work.isFirst || expected === null || priceOf(deps, expected) <= mostCredits) return { expected };
      leftOut = (leftOut ?? 0) + expected;
      return 'stop';
    };
    for await (const page of scanChanged(deps.zoho, { ...scan, onMore })) {
      const stays = page.flatMap((row) => stayOf(row) ?? []);
      await deps.store.dealStages.save(connection.id, stays);
      rows += page.length;
      stored += stays.length;
    }
  }
  const followed = new Date(startedAt.getTime() - OVERLAP_MS);
  await deps.store.cursors.set(connection.id, STAGE_HISTORY, {
    state: 'following',
    modifiedAt: followed > work.from ? followed : work.from,
    deletedSince: null,
    fillStartedAt: null,
    filledAt: startedAt,
    checkpoint: null,
    columnsHash: work.hash,
  });
  return {
    mode: work.isFirst ? 'full' : 'incremental',
    method: 'coql',
    read: rows,
    changed: stored,
    quarantined: rows - stored,
    error: null,
    leftOut,
  } as const;
}

function wheresOf({ isFirst, closed }: Work): (string | undefined)[] {
  if (!isFirst) return [undefined];
  return inChunks(closed, MOST_IN_VALUES).map((stages) => `Stage in (${stages.map(literal).join(', ')})`);
}

/** Null: it does not tell which deal entered which stage when. */
function stayOf(row: ZohoRow): DealStage | null {
  try {
    const dealId = idOf(row.Potential_Name);
    const stage = textOf(row.Stage);
    const enteredAt = instantOf(row.Modified_Time);
    if (dealId === null || stage === null || enteredAt === null) return null;
    return { id: row.id, dealId, stage, leftTo: textOf(row.Moved_To__s), enteredAt };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
