import type { Connection } from '../domain.ts';
import { type FactContext, prepared } from '../scoring/facts.ts';
import { NewLeadsBuilder } from '../scoring/likeness.ts';
import type { LineDeps } from './line.ts';

/** With the leads that may stand for a lost customer: they say nothing of cut-offs, so only scores ask for them. */
export async function withNewLeads(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
  context: FactContext,
): Promise<FactContext> {
  const builder = new NewLeadsBuilder(context.rules.leads, prepared(context).localDay);
  for await (const leads of store.leads.unconverted(connection.id))
    for (const lead of leads) builder.add(lead);
  const newLeads = builder.result();
  return newLeads === null ? context : { ...context, newLeads };
}
