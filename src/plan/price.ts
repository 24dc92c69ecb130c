import type { PlanPrice } from '../changes.ts';
import type { ModuleName } from '../domain.ts';

/** Zoho takes at most 100 records a write call and charges a credit per 10 of them, rounded up per call. */
export const RECORDS_PER_WRITE = 100;

export interface PriceInput {
  /** Records with at least one changed field, by module. */
  readonly records: { readonly [M in ModuleName]?: number };
  /** That one credit writes. */
  readonly recordsPerCredit: number;
  readonly tasks: { readonly create: number; readonly update: number; readonly close: number };
}

function priceOf(count: number, recordsPerCredit: number): { calls: number; credits: number } {
  const full = Math.floor(count / RECORDS_PER_WRITE);
  const rest = count % RECORDS_PER_WRITE;
  return {
    calls: full + (rest > 0 ? 1 : 0),
    credits: full * Math.ceil(RECORDS_PER_WRITE / recordsPerCredit) + Math.ceil(rest / recordsPerCredit),
  };
}

/** A task is read before it is changed or closed: its texts are a person's too, and a person may have closed it. */
function readPrice(count: number): { calls: number; credits: number } {
  const calls = Math.ceil(count / RECORDS_PER_READ);
  return { calls, credits: calls };
}
const RECORDS_PER_READ = 50;

/** Calls and credits of applying a plan when every answer arrives. */
export function planPrice(input: PriceInput): PlanPrice {
  const { create, update, close } = input.tasks;
  const parts = [
    ...[...Object.values(input.records), create, update, close].map((count) =>
      priceOf(count, input.recordsPerCredit),
    ),
    readPrice(update),
    readPrice(close),
  ];
  return {
    method: 'records',
    calls: parts.reduce((sum, part) => sum + part.calls, 0),
    credits: parts.reduce((sum, part) => sum + part.credits, 0),
  };
}
