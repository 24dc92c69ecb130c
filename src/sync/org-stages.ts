import type { Connection } from '../domain.ts';
import type { DealOutcome, StageRow } from '../records.ts';
import { fetchFields, fetchStages } from '../zoho/metadata.ts';
import type { SyncDeps } from './module-input.ts';
import { remembered } from './org-metadata.ts';
import { codeOf, endsTheRun } from './run-end.ts';
import { outcomeIndex, stagesFromPicklist } from './stages.ts';

/** Which stages are won: asked once a day, and when a deal stands on one that nobody has told us of. */
export interface StageBook {
  outcomeOf(pipeline: string | null, stage: string | null): DealOutcome;
  /** To be called before deals on these stages are stored. */
  meet(stages: Iterable<string | null>): Promise<void>;
}

const NAME = 'stages';
/** Stages that deals stand on and that Zoho did not name when it was last asked: no reason to ask again. */
interface Asked {
  readonly strange: readonly string[];
}

export async function openStages(
  deps: SyncDeps,
  connection: Connection,
  { refresh, warnings }: { refresh: boolean; warnings: string[] },
): Promise<StageBook> {
  let isAnswered = true;
  const ask = async (): Promise<Asked> => {
    isAnswered = await askStages(deps, connection, warnings);
    return { strange: [] };
  };
  const known = await remembered<Asked>(deps, connection, { name: NAME, refresh }, ask);
  // The next run asks again.
  if (!isAnswered) await deps.store.metadata.set(connection.id, NAME, known.value, new Date(0));
  const strange = new Set(known.value.strange);
  let isRemembered = known.isRemembered;
  const index = async () => {
    const rows = await deps.store.stages.all(connection.id);
    return { outcomeOf: outcomeIndex(rows), names: new Set(rows.map((row) => row.stage)) };
  };
  let now = await index();
  return {
    outcomeOf: (pipeline, stage) => now.outcomeOf(pipeline, stage),
    async meet(stages) {
      if (!isRemembered) return;
      const met = new Set<string>();
      for (const stage of stages) {
        if (stage !== null && !now.names.has(stage) && !strange.has(stage)) met.add(stage);
      }
      if (met.size === 0) return;
      isRemembered = false;
      await ask();
      now = await index();
      const left = [...strange, ...met].filter((stage) => !now.names.has(stage));
      await deps.store.metadata.set(connection.id, NAME, { strange: left } satisfies Asked, deps.clock.now());
    },
  };
}

async function askStages(deps: SyncDeps, connection: Connection, warnings: string[]): Promise<boolean> {
  const { stages: store } = deps.store;
  try {
    const stages = await fetchStages(deps.zoho);
    if (stages.length > 0) {
      await store.learn(connection.id, stages);
      return true;
    }
  } catch (error) {
    if (endsTheRun(error)) throw error;
    warnings.push(
      `pipelines cannot be read (${codeOf(error)}): the stages known before are kept, else names tell won from lost`,
    );
    if ((await store.all(connection.id)).length > 0) return false;
  }
  const stages = await stagesByName(deps);
  if (stages.length > 0) await store.learn(connection.id, stages);
  return false;
}

async function stagesByName(deps: SyncDeps): Promise<StageRow[]> {
  try {
    return stagesFromPicklist(await fetchFields(deps.zoho, 'Deals'));
  } catch (error) {
    if (endsTheRun(error)) throw error;
    return [];
  }
}
