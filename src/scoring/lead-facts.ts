import type { Day } from '../domain.ts';
import type { LeadFacts, LeadRows } from '../leads.ts';
import { type FactContext, inOrderOfTime, NOBODY, prepared, touchContextOf } from './facts.ts';
import { leadState } from './lead-state.ts';
import { activityOutcome } from './touches.ts';

/** Records of one lead → what scoring reads. Null: converted, or not there yet. The order of the records does not matter. */
export function leadFactsOf(
  { lead, activities }: LeadRows,
  context: FactContext,
  asOf: Day,
): LeadFacts | null {
  const { localDay, unread } = prepared(context);
  const state = leadState(lead, context.rules.leads.closedStatuses, localDay, asOf);
  if (state === 'converted' || state === 'later') return null;
  const touchContext = touchContextOf(context, asOf, NOBODY);
  const outcomes = activities.map((activity) => activityOutcome(activity, touchContext));
  return {
    id: lead.id,
    name: lead.name,
    ownerId: lead.ownerId,
    createdDay: localDay(lead.createdAt),
    source: lead.source,
    rating: lead.rating,
    status: lead.status,
    isClosed: state === 'closed',
    touches: outcomes.flatMap((one) => ('touch' in one ? [one.touch] : [])).sort(inOrderOfTime),
    appointments: outcomes.flatMap((one) => ('appointment' in one ? [one.appointment] : [])).sort(),
    unread,
  };
}
