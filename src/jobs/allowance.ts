import type { Connection } from '../domain.ts';
import type { Allowance } from '../plan/instalments.ts';
import type { LineDeps } from './line.ts';

/** What may be spent on a connection now, and in any 24 hours. */
export async function allowanceOf(
  deps: Pick<LineDeps, 'creditsLeft' | 'creditCeiling'>,
  connection: Connection,
  left?: number,
): Promise<Allowance> {
  const now = left ?? (await deps.creditsLeft(connection));
  return { left: now, ceiling: deps.creditCeiling?.(connection) ?? now };
}
