import type { FieldChange } from '../changes.ts';
import type { Connection, PlanId, RecordId } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import { fieldsOfSet } from '../plan/field-catalog.ts';
import type { MappedFields } from '../plan/mapped-fields.ts';
import { type LeadPlan, planLead } from '../plan/plan-lead.ts';
import type { PlanItem } from '../store/plan-stores.ts';
import type { LineDeps } from './line.ts';

const CHUNK = 500;

/** Our fields on leads, in key order and a chunk at a time: an org may have hundreds of thousands. */
export async function planLeads(
  { store, settings }: Pick<LineDeps, 'store' | 'settings'>,
  input: {
    readonly connection: Connection;
    readonly planId: PlanId;
    readonly mapped: MappedFields;
    /** Only these; null: all. */
    readonly leads: readonly RecordId[] | null;
  },
  /** Answers those of the changes that go into the plan. */
  keep: (planned: LeadPlan) => Promise<readonly FieldChange[]>,
): Promise<void> {
  const { connection, planId, mapped } = input;
  if (!fieldsOfSet('leads').some(({ key }) => mapped.get('Leads', key))) return;
  for await (const scores of scoredLeads({ store }, connection, input.leads)) {
    const ids = scores.map((score) => score.key.id);
    const records = await store.records.get(connection.id, 'Leads', ids);
    const oursOf = new Map(records.map(({ id, ours }) => [id, ours]));
    const items: PlanItem[] = [];
    for (const score of scores) {
      const ours = oursOf.get(score.key.id);
      if (!ours) continue;
      const planned = planLead({ score, ours, mapped, rules: settings.plan });
      items.push(...(await keep(planned)).map((change): PlanItem => ({ kind: 'field', change })));
    }
    await store.plans.append(planId, items);
  }
}

export async function* scoredLeads(
  { store }: Pick<LineDeps, 'store'>,
  connection: Connection,
  only: readonly RecordId[] | null,
): AsyncGenerator<LeadScore[]> {
  if (only === null) return yield* store.leadScores.inKeyOrder(connection.id, CHUNK);
  for (let at = 0; at < only.length; at += CHUNK) {
    const few = only.slice(at, at + CHUNK);
    const scores = await Promise.all(few.map((id) => store.leadScores.get(connection.id, id)));
    yield scores.filter((score) => score !== null);
  }
}
