import { z } from 'zod';
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

// A summary of an older version tells nothing.
const Priced = z.object({ credits: z.number(), approvedCredits: z.number().nullish() });

/**
 * The price that was approved with a plan that is written in instalments: a nightly plan takes its place and holds its
 * rest, about which nobody need be asked again. An approval of a part says nothing of the whole.
 */
export async function approvedCreditsOf(
  { store: { plans } }: { readonly store: Pick<LineDeps['store'], 'plans'> },
  connection: Connection,
): Promise<number | null> {
  const plan = await plans.latest(connection.id);
  if (plan?.state !== 'applying') return null;
  const summary = Priced.safeParse(plan.summary);
  if (!summary.success || (await plans.counts(plan.id)).leftOut > 0) return null;
  return summary.data.approvedCredits ?? summary.data.credits;
}
