import type { CustomerFacts, Day, ModuleName, RecordId } from '../domain.ts';
import type { Reason } from '../scores.ts';
import { reason } from './reasons.ts';

/** What a lost customer does of itself before it buys again (docs/scoring.md, "Phase"). */

interface Sign {
  readonly kind: 'touch' | 'case' | 'lead' | 'company' | 'domain';
  readonly day: Day;
  readonly records: readonly { readonly module: ModuleName; readonly id: RecordId }[];
  readonly domain?: string;
}

/** The latest after `since`: a word from the customer, a case, or a new lead of it; null: none. */
export function returnSignAfter(
  { touches, cases, leads, newLeads = [] }: Pick<CustomerFacts, 'touches' | 'cases' | 'leads' | 'newLeads'>,
  since: Day,
): Reason | null {
  // A case is a word from the customer too: it is named as what it is.
  const inbound = touches.filter(({ direction, channel }) => direction === 'in' && channel !== 'case');
  const signs: Sign[] = [
    ...inbound.map(({ day }) => ({ kind: 'touch' as const, day, records: [] })),
    ...newLeads.map(({ id, createdDay, domain }) => ({
      ...sign(domain === null ? 'company' : 'domain', createdDay, 'Leads', id),
      ...(domain === null ? {} : { domain }),
    })),
    ...leads.map(({ id, createdDay }) => sign('lead', createdDay, 'Leads', id)),
    ...cases.map(({ id, openedDay }) => sign('case', openedDay, 'Cases', id)),
  ];
  const latest = signs.reduce<Sign | null>((best, one) => {
    if (one.day <= since) return best;
    return best === null || one.day >= best.day ? one : best;
  }, null);
  if (latest === null) return null;
  const { kind, day, domain, records } = latest;
  return reason(
    `phase.lost.sign_of_${kind}`,
    domain === undefined ? { on: day } : { on: day, domain },
    records,
  );
}

function sign(kind: Sign['kind'], day: Day, module: ModuleName, id: RecordId): Sign {
  return { kind, day, records: [{ module, id }] };
}
