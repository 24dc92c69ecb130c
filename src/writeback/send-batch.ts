import { AppError, ZohoContractError, ZohoRejectedError, ZohoUnavailableError } from '../errors.ts';
import type { RowResult } from '../zoho/records.ts';
import type { WritebackDeps } from './types.ts';

/**
 * One write call of up to 100 rows whose answer may be lost. A lost write may have taken effect, may take effect in
 * a moment, or never: Zoho knows no idempotency key, so it is read back before it is repeated.
 */

export type Sent =
  | { readonly outcome: 'written'; readonly recordId: string | null }
  | { readonly outcome: 'rejected'; readonly result: Extract<RowResult, { ok: false }> }
  /** Certainly not written; it stays in the plan. */
  | { readonly outcome: 'failed' }
  /** Nobody can say yet: the next start of apply reads it back. */
  | { readonly outcome: 'unknown' };

export interface BatchCall<W> {
  send(writes: W[]): Promise<RowResult[]>;
  /** Which of the writes Zoho holds already, each with the id of its record. */
  readBack(writes: W[]): Promise<Map<W, string>>;
  /** Waits before each look at Zoho after a lost answer; the last look decides that a write is repeated. */
  waitsMs(): Promise<readonly number[]>;
}
export interface BatchResult {
  /** By position of the write. */
  readonly sent: Sent[];
  /** Ends the apply: no later call can succeed either. */
  readonly stop: AppError | null;
}

// A third lost answer in a row is an outage, not bad luck: the rest waits for the next run.
const MAX_SENDS = 3;

export async function sendBatch<W>(
  deps: Pick<WritebackDeps, 'clock' | 'log'>,
  writes: readonly W[],
  call: BatchCall<W>,
): Promise<BatchResult> {
  const sent = new Map<W, Sent>();
  let open = [...writes];
  let stop: AppError | null = null;
  for (let attempt = 1; open.length > 0 && !stop; attempt++) {
    try {
      const results = await call.send(open);
      if (results.length !== open.length) throw unequal(open.length, results.length);
      for (const [index, result] of results.entries()) {
        const write = open[index];
        if (write !== undefined) sent.set(write, outcomeOf(result));
      }
      break;
    } catch (error) {
      if (error instanceof ZohoRejectedError) {
        for (const write of open) sent.set(write, refused(error));
        break;
      }
      if (!isAnswerLost(error)) {
        stop = stopOrThrow(error);
        for (const write of open) sent.set(write, { outcome: 'failed' });
        break;
      }
      deps.log.warn({ err: error, rows: open.length, attempt }, 'the answer to a write was lost');
      const look = await lookBack(deps, open, call);
      for (const [write, recordId] of look.found) sent.set(write, { outcome: 'written', recordId });
      open = open.filter((write) => !look.found.has(write));
      stop = look.stop ?? (open.length > 0 && attempt >= MAX_SENDS ? stopOrThrow(error) : null);
      if (stop) for (const write of open) sent.set(write, { outcome: 'unknown' });
    }
  }
  return { sent: writes.map((write) => sent.get(write) ?? { outcome: 'unknown' }), stop };
}

/** Looks until all is found or the waits are used up. */
async function lookBack<W>(
  deps: Pick<WritebackDeps, 'clock'>,
  writes: readonly W[],
  call: BatchCall<W>,
): Promise<{ found: Map<W, string>; stop: AppError | null }> {
  const found = new Map<W, string>();
  try {
    for (const waitMs of await call.waitsMs()) {
      const missing = writes.filter((write) => !found.has(write));
      if (missing.length === 0) break;
      if (waitMs > 0) await deps.clock.sleep(waitMs);
      for (const [write, recordId] of await call.readBack(missing)) found.set(write, recordId);
    }
    return { found, stop: null };
  } catch (error) {
    return { found, stop: stopOrThrow(error) };
  }
}

export function isAnswerLost(error: unknown): boolean {
  // An answer that we cannot understand is as good as none: the write behind it may stand.
  return (error instanceof ZohoUnavailableError && error.answerLost) || error instanceof ZohoContractError;
}

/** Errors of Zoho end the apply in good order; anything else is a bug or a dead process and is not ours to handle. */
export function stopOrThrow(error: unknown): AppError {
  if (error instanceof AppError && error.code.startsWith('zoho_')) return error;
  throw error;
}

/** Replies are positional: with one too few, nobody can say which row it is that got none. */
function unequal(rows: number, replies: number): ZohoContractError {
  return new ZohoContractError(`Zoho answered ${replies} of ${rows} written rows`);
}

function outcomeOf(result: RowResult): Sent {
  return result.ok ? { outcome: 'written', recordId: result.id } : { outcome: 'rejected', result };
}

function refused(error: ZohoRejectedError): Sent {
  return {
    outcome: 'rejected',
    result: {
      ok: false,
      code: error.zohoCode ?? error.code,
      message: error.message,
      field: null,
      details: error.details,
    },
  };
}
