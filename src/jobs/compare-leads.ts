import type { Connection } from '../domain.ts';
import type { LeadBaseline, LeadRows, LeadScore } from '../leads.ts';
import { type LeadComparison, LeadComparisonTally } from '../scoring/compare-leads.ts';
import type { FactContext } from '../scoring/facts.ts';
import { leadFactsOf } from '../scoring/lead-facts.ts';
import { scoreLead } from '../scoring/lead-score.ts';
import type { LineDeps } from './line.ts';

export interface LeadView {
  readonly context: FactContext;
  readonly asOf: string;
  readonly baseline: LeadBaseline;
}

const CHUNK = 500;

/** The stored leads seen in two ways, without saving anything. */
export async function compareLeads(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
  { before, after, most }: { before: LeadView; after: LeadView; most: number },
): Promise<LeadComparison> {
  const tally = new LeadComparisonTally(most);
  for await (const rows of store.leads.inKeyOrder(connection.id, CHUNK, () => true)) {
    for (const row of rows) tally.add(look(row, before), look(row, after));
  }
  return tally.result();
}

function look(row: LeadRows, { context, asOf, baseline }: LeadView): LeadScore | null {
  const facts = leadFactsOf(row, context, asOf);
  return facts && scoreLead(facts, baseline, context.rules, asOf);
}
