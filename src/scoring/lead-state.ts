import type { Day } from '../domain.ts';
import type { LeadState } from '../leads.ts';
import type { LeadRecord } from '../records.ts';
import type { LocalDay } from './local-day.ts';

/** Where a lead stood on a day. Its status is the one that we know now: Zoho does not tell former ones. */
export function leadState(
  lead: Pick<LeadRecord, 'createdAt' | 'converted' | 'convertedAt' | 'status'>,
  closedStatuses: readonly string[],
  localDay: LocalDay,
  asOf: Day,
): LeadState {
  if (localDay(lead.createdAt) > asOf) return 'later';
  if (lead.converted && (lead.convertedAt === null || localDay(lead.convertedAt) <= asOf)) return 'converted';
  // The status of a lead that was converted since is the one it has from that.
  const status = lead.converted ? '' : (lead.status ?? '').trim().toLowerCase();
  return closedStatuses.includes(status) ? 'closed' : 'open';
}
