import type { Connection } from '../domain.ts';
import type { LeadScore } from '../leads.ts';
import { type ExportRow, money, ownerNames, type RowDeps } from './customer-rows.ts';

const CHUNK = 500;

export const LEAD_COLUMNS = [
  'module',
  'record_id',
  'name',
  'owner',
  'source',
  'rating',
  'status',
  'state',
  'created',
  'follow_up_status',
  'follow_up_by',
  'rhythm_days',
  'last_follow_up',
  'last_contact',
  'last_contact_channel',
  'unanswered',
  'next_appointment',
  'expected_lead_value',
  'chance',
  'mean_profit_12m',
  'source_leads',
  'source_converted',
  'source_became_customers',
  'source_customers',
] as const;

/** One row a lead that is no customer yet, from the stored scores, in key order. */
export async function* leadRows(
  deps: Pick<RowDeps, 'store'>,
  connection: Connection,
): AsyncGenerator<ExportRow> {
  const ownerName = await ownerNames(deps, connection);
  for await (const scores of deps.store.leadScores.inKeyOrder(connection.id, CHUNK)) {
    for (const score of scores) yield leadRow(score, ownerName(score.ownerId));
  }
}

function leadRow(
  score: LeadScore,
  owner: string | null,
): { [K in (typeof LEAD_COLUMNS)[number]]: ExportRow[string] } {
  return {
    module: score.key.module,
    record_id: score.key.id,
    name: score.name,
    owner,
    source: score.source,
    rating: score.rating,
    status: score.status,
    state: score.state,
    created: score.createdDay,
    follow_up_status: score.followUp,
    follow_up_by: score.followUpBy,
    rhythm_days: score.rhythmDays,
    last_follow_up: score.lastFollowUp,
    last_contact: score.lastContact,
    last_contact_channel: score.lastContactChannel,
    unanswered: score.unansweredTouches,
    next_appointment: score.nextAppointment,
    expected_lead_value: money(score.expectedValue),
    chance: score.chance === null ? null : Math.round(score.chance * 1e4) / 1e4,
    mean_profit_12m: money(score.meanProfit),
    source_leads: score.history.leads,
    source_converted: score.history.converted,
    source_became_customers: score.history.became,
    source_customers: score.history.buyers,
  };
}
