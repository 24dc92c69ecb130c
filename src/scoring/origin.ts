import type { CustomerFacts, Day, Touch } from '../domain.ts';
import type { CustomerRows } from '../records.ts';
import type { Reason } from '../scores.ts';
import type { LocalDay } from './local-day.ts';
import { reason } from './reasons.ts';
import { compareIds } from './record-order.ts';

/** Where a customer came from, and since when we know it: through its leads, which conversion leaves behind. */

type Origin = Pick<CustomerFacts, 'source' | 'firstContact' | 'leads' | 'family'>;

export function originOf(
  rows: CustomerRows,
  touches: readonly Touch[],
  localDay: LocalDay,
  asOf: Day,
): Origin {
  const leads = rows.leads
    .map(({ id, createdAt, convertedAt, source }) => ({
      id,
      createdDay: localDay(createdAt),
      source,
      isConverted: convertedAt === null || localDay(convertedAt) <= asOf,
    }))
    .filter(({ createdDay }) => createdDay <= asOf)
    .sort((a, b) =>
      a.createdDay === b.createdDay ? compareIds(a.id, b.id) : a.createdDay < b.createdDay ? -1 : 1,
    );
  return {
    source:
      rows.record.source ?? firstSource(rows.contacts) ?? firstSource(rows.leads) ?? firstSource(rows.deals),
    firstContact: touches.find((touch) => touch.twoWay)?.day ?? null,
    leads,
    family: rows.family.map((member) => member.id),
  };
}

interface Sourced {
  readonly id: string;
  readonly createdAt: Date;
  readonly source: string | null;
}
/** Of the one created first among those that name any: later ones tell why a customer stays, not why it came. */
function firstSource(records: readonly Sourced[]): string | null {
  const first = records.reduce<Sourced | null>((least, one) => {
    if (one.source === null) return least;
    const isEarlier =
      least === null ||
      one.createdAt < least.createdAt ||
      (one.createdAt.getTime() === least.createdAt.getTime() && compareIds(one.id, least.id) < 0);
    return isEarlier ? one : least;
  }, null);
  return first?.source ?? null;
}

const SHOWN_MEMBERS = 20;

export function originReasons({ source, firstContact, leads, family }: Origin): Reason[] {
  const reasons: Reason[] = [];
  const [lead] = leads;
  if (lead) {
    const records = [{ module: 'Leads', id: lead.id }] as const;
    reasons.push(reason('source.lead', { source, on: lead.createdDay }, records));
  } else if (source !== null) reasons.push(reason('source.known', { source }));
  if (firstContact !== null) reasons.push(reason('relationship.first_contact', { first: firstContact }));
  if (family.length > 0) {
    const records = family.slice(0, SHOWN_MEMBERS).map((id) => ({ module: 'Accounts', id }) as const);
    reasons.push(reason('family.accounts', { accounts: family.length }, records));
  }
  return reasons;
}
