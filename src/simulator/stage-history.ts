import type { Row } from './row-table.ts';
import type { ModuleState, OrgState } from './state.ts';
import type { ValueIndex } from './value-index.ts';

const DAY_MS = 86_400_000;
export const STAGE_HISTORY = 'DealHistory';
const SNAPSHOT = ['Amount', 'Probability', 'Expected_Revenue', 'Closing_Date'] as const;

/** A row for each time that a stage is saved: it begins one period and ends the former. */
export function enterStage(
  { state, index }: { state: OrgState; index: ValueIndex | null },
  deal: Row,
  atMs: number,
  by: string,
): void {
  const history = state.modules.get(STAGE_HISTORY);
  if (history === undefined) return;
  if (index !== null) leaveStage(history, index, deal, atMs);
  const row: Row = {
    id: state.ids.next(),
    module: STAGE_HISTORY,
    values: {
      Potential_Name: deal.id,
      Stage: deal.values.Stage ?? null,
      Moved_To__s: null,
      Stage_Duration_Calendar_Days: null,
      ...Object.fromEntries(SNAPSHOT.map((name) => [name, deal.values[name] ?? null])),
    },
    createdMs: atMs,
    modifiedMs: atMs,
    createdBy: by,
    modifiedBy: by,
    version: 0,
    gone: false,
  };
  history.rows.add(row);
  index?.learn(row);
}

/** Ends the current period. Its Modified_Time stays: it tells when the period began. */
function leaveStage(history: ModuleState, index: ValueIndex, deal: Row, atMs: number): void {
  for (const row of index.findAll(history, 'Potential_Name', deal.id)) {
    if (row.values.Moved_To__s !== null) continue;
    row.values.Moved_To__s = deal.values.Stage ?? null;
    row.values.Stage_Duration_Calendar_Days = Math.floor((atMs - row.modifiedMs) / DAY_MS);
  }
}
