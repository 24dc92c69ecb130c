import type { PlanPrice } from '../changes.ts';
import type { ModuleName } from '../domain.ts';

/** Zoho takes at most 100 records a write call and charges one credit per 10 of them, rounded up per call. */
export const RECORDS_PER_WRITE = 100;
const RECORDS_PER_CREDIT = 10;

export interface PriceInput {
  /** Records with at least one changed field, by module. */
  readonly records: { readonly [M in ModuleName]?: number };
  readonly tasks: { readonly create: number; readonly update: number; readonly close: number };
}

function priceOf(count: number): { calls: number; credits: number } {
  const full = Math.floor(count / RECORDS_PER_WRITE);
  const rest = count % RECORDS_PER_WRITE;
  return {
    calls: full + (rest > 0 ? 1 : 0),
    credits: full * (RECORDS_PER_WRITE / RECORDS_PER_CREDIT) + Math.ceil(rest / RECORDS_PER_CREDIT),
  };
}

/** A task is read before it is closed: its description is a person's too, and a person may have closed it. */
function readPrice(count: number): { calls: number; credits: number } {
  const calls = Math.ceil(count / RECORDS_PER_READ);
  return { calls, credits: calls };
}
const RECORDS_PER_READ = 50;

/** Calls and credits of applying a plan when every answer arrives. */
export function planPrice(input: PriceInput): PlanPrice {
  const { create, update, close } = input.tasks;
  const parts = [
    ...Object.values(input.records).map(priceOf),
    priceOf(create),
    priceOf(update),
    priceOf(close),
    readPrice(close),
  ];
  return {
    method: 'records',
    calls: parts.reduce((sum, part) => sum + part.calls, 0),
    credits: parts.reduce((sum, part) => sum + part.credits, 0),
  };
}
