import { derive } from './record-rules.ts';
import { takeAway, type WriterDeps } from './record-writer.ts';
import type { Row } from './row-table.ts';
import { displayName } from './row-values.ts';
import type { ModuleState, OrgState, SimUser } from './state.ts';
import { wholeSecond } from './times.ts';

const DAY_MS = 86_400_000;
export const RECYCLE_DAYS = 60;

/** What happens to whole records besides being written: merged, restored, gone for good, stamped. */
export interface RecordLife {
  /** The losers vanish, the winner takes what it lacks from them, and their children. Answers the moved rows. */
  merge(module: ModuleState, winner: Row, losers: readonly Row[], user: SimUser): Row[];
  /** Out of the recycle bin; null when it is not in there any more. */
  restore(module: ModuleState, id: string, user: SimUser): Row | null;
  /** Living records and those of the recycle bin are deleted for good; false when there is neither. */
  purge(module: ModuleState, id: string): boolean;
  /** Every row shows the same Modified_Time, as after a mass change. */
  stamp(module: ModuleState, rows: Iterable<Row>, atMs: number): void;
}

/** Modules whose records people can merge. */
export const MERGED_MODULES: ReadonlySet<string> = new Set(['Leads', 'Accounts', 'Contacts']);

export function createRecordLife(deps: WriterDeps): RecordLife {
  const { state, index, switches, nowMs } = deps;
  const touch = (row: Row, by: string) => {
    row.modifiedMs = wholeSecond(nowMs());
    row.modifiedBy = by;
  };
  return {
    merge: (module, winner, losers, user) => {
      index.forget(winner);
      const moved = losers.flatMap((loser) => {
        for (const [name, value] of Object.entries(loser.values)) winner.values[name] ??= value;
        const children = moveChildren(deps, loser, winner, user);
        listLoser(deps, module, loser, user);
        return children;
      });
      touch(winner, user.id);
      derive(state, winner, { ...winner.values });
      index.learn(winner);
      module.rows.touch(winner);
      return moved;
    },
    restore: (module, id, user) => {
      const at = module.deleted.findIndex((deleted) => deleted.id === id && deleted.kept.length > 0);
      const deleted = module.deleted[at];
      if (deleted === undefined || nowMs() - deleted.deletedMs > RECYCLE_DAYS * DAY_MS) return null;
      module.deleted.splice(at, 1);
      const rows = deleted.kept.map((row): Row => ({ ...row, gone: false }));
      if (switches.restoreTouches) for (const row of rows.slice(0, 1)) touch(row, user.id);
      for (const row of rows) {
        state.modules.get(row.module)?.rows.add(row);
        index.learn(row);
      }
      return rows[0] ?? null;
    },
    purge: (module, id) => {
      const row = module.rows.get(id);
      if (row !== undefined) takeAway(deps, row);
      const at = module.deleted.findIndex((deleted) => deleted.id === id && deleted.type === 'recycle');
      if (row === undefined && at < 0) return false;
      if (at >= 0) module.deleted.splice(at, 1);
      const nobody = { displayName: null, deletedBy: null, createdBy: null, kept: [] };
      module.deleted.push({ id, type: 'permanent', deletedMs: wholeSecond(nowMs()), ...nobody });
      return true;
    },
    stamp: (module, rows, atMs) => {
      for (const row of rows) {
        row.modifiedMs = wholeSecond(atMs);
        module.rows.touch(row);
      }
    },
  };
}

function listLoser(deps: WriterDeps, module: ModuleState, loser: Row, user: SimUser): void {
  takeAway(deps, loser);
  if (!deps.switches.mergeListsLoser) return;
  module.deleted.push({
    id: loser.id,
    displayName: String(displayName(deps.state, loser) ?? ''),
    type: 'recycle',
    deletedMs: wholeSecond(deps.nowMs()),
    deletedBy: user.id,
    createdBy: loser.createdBy,
    kept: [],
  });
}

/** Whatever names the one record in a lookup names the other one afterwards. Answers those rows. */
export function moveChildren(deps: WriterDeps, from: Row, to: Row, user: SimUser): Row[] {
  const { state, index, switches, nowMs } = deps;
  const moved: Row[] = [];
  for (const { module, names } of pointingModules(state, from.module)) {
    for (const row of [...module.rows.values()]) {
      const pointing = names.filter((name) => row.values[name] === from.id);
      if (pointing.length === 0) continue;
      index.forget(row);
      for (const name of pointing) row.values[name] = to.id;
      index.learn(row);
      if (switches.moveTouchesChildren) {
        row.modifiedMs = wholeSecond(nowMs());
        row.modifiedBy = user.id;
        module.rows.touch(row);
      }
      moved.push(row);
    }
  }
  return moved;
}

/** Lookups to one module, and those to any. */
function pointingModules({ modules }: OrgState, target: string): { module: ModuleState; names: string[] }[] {
  return [...modules.values()].flatMap((module) => {
    const names = [...module.fields.values()]
      .filter(({ dataType, lookup }) => dataType === 'lookup' && (lookup === target || lookup === null))
      .map(({ apiName }) => apiName);
    return names.length === 0 ? [] : [{ module, names }];
  });
}
