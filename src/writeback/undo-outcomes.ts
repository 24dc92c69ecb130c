import type { ModuleName, RecordId } from '../domain.ts';
import type { Sent } from './send-batch.ts';
import type { IntentOutcome } from './types.ts';
import type { UndoTally } from './undo-types.ts';

interface UndoneRow {
  readonly intent: number;
  readonly module: ModuleName;
  readonly recordId: RecordId;
}

/** Counts what was not put back. Null: nobody can say yet, and the next start reads it back. */
export function outcomeOf(tally: UndoTally, row: UndoneRow, answer: Sent): IntentOutcome | null {
  const end = { id: row.intent, code: null, message: null, recordId: row.recordId };
  switch (answer.outcome) {
    case 'written':
      return { ...end, outcome: 'written' };
    case 'rejected': {
      const { code, message, field } = answer.result;
      tally.rejected.push({ module: row.module, recordId: row.recordId, field, code, message });
      return { ...end, outcome: 'rejected', code, message };
    }
    case 'failed':
      tally.remaining += 1;
      return { ...end, outcome: 'failed' };
    case 'unknown':
      tally.remaining += 1;
      return null;
  }
}
