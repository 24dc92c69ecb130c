import type { CustomerFacts, Day, ModuleName, RecordId } from '../domain.ts';
import type { Reason } from '../scores.ts';
import { reason } from './reasons.ts';

/** What a lost customer does of itself before it buys again (docs/scoring.md, "Phase"). */

interface Sign {
  readonly kind: 'touch' | 'case' | 'lead';
  readonly day: Day;
  readonly records: readonly { readonly module: ModuleName; readonly id: RecordId }[];
}

/** The latest after `since`: a word from the customer, a case, or a new lead of it; null: none. */
export function returnSignAfter(
  { touches, cases, leads }: Pick<CustomerFacts, 'touches' | 'cases' | 'leads'>,
  since: Day,
): Reason | null {
  // A case is a word from the customer too: it is named as what it is.
  const inbound = touches.filter(({ direction, channel }) => direction === 'in' && channel !== 'case');
  const signs: Sign[] = [
    ...inbound.map(({ day }) => ({ kind: 'touch' as const, day, records: [] })),
    ...leads.map(({ id, createdDay }) => sign('lead', createdDay, 'Leads', id)),
    ...cases.map(({ id, openedDay }) => sign('case', openedDay, 'Cases', id)),
  ];
  const latest = signs.reduce<Sign | null>((best, one) => {
    if (one.day <= since) return best;
    return best === null || one.day >= best.day ? one : best;
  }, null);
  return latest && reason(`phase.lost.sign_of_${latest.kind}`, { on: latest.day }, latest.records);
}

function sign(kind: Sign['kind'], day: Day, module: ModuleName, id: RecordId): Sign {
  return { kind, day, records: [{ module, id }] };
}
