import type { CustomerFacts, Day, Purchase, RecordId, Touch } from '../domain.ts';
import type { CustomerRows } from '../records.ts';
import type { ScoringRules } from '../rules.ts';
import type { LocalDay } from './local-day.ts';
import { isMarked } from './relation-facts.ts';

/** Whom to speak with, and whether the one we spoke with has left. */

interface Known {
  /** Ascending; those with contacts that were deleted included. */
  readonly touches: readonly Touch[];
  readonly purchases: readonly Purchase[];
  readonly localDay: LocalDay;
  readonly asOf: Day;
}
type KeyContact = NonNullable<CustomerFacts['keyContactLeft']>;

/** Who was spoken to last; else who signed the last won deal. */
export function mainContactOf(
  rows: CustomerRows,
  known: Known,
  rules: ScoringRules,
): Pick<CustomerFacts, 'mainContactId' | 'keyContactLeft'> {
  const gone = goneContacts(rows, known, rules);
  const here = new Set(rows.contacts.flatMap(({ id }) => (gone.has(id) ? [] : [id])));
  const spokenTo = known.touches.findLast((touch) => touch.twoWay)?.contactId ?? null;
  const isKnown = (id: RecordId | null): id is RecordId => id !== null && (here.has(id) || gone.has(id));
  const key = isKnown(spokenTo) ? spokenTo : signerAmong(isKnown, rows, known.purchases);
  const keyContactLeft = key === null ? null : (gone.get(key) ?? null);
  if (keyContactLeft === null) return { mainContactId: key, keyContactLeft };
  const isHere = (id: RecordId | null): id is RecordId => id !== null && here.has(id);
  const next = known.touches.findLast((touch) => touch.twoWay && isHere(touch.contactId))?.contactId ?? null;
  return { mainContactId: next ?? signerAmong(isHere, rows, known.purchases), keyContactLeft };
}

/** Deleted by then, or marked as having left. Whoever is the customer itself cannot leave it. */
function goneContacts(
  { key, contacts, formerContacts = [] }: CustomerRows,
  { localDay, asOf }: Known,
  { phases }: ScoringRules,
): ReadonlyMap<RecordId, KeyContact> {
  const gone = new Map<RecordId, KeyContact>();
  for (const { id, name, deletedAt } of formerContacts) {
    const day = localDay(deletedAt);
    if (day <= asOf) gone.set(id, { id, name, day });
  }
  const marks = [...phases.leftValues, ...phases.closedValues];
  for (const { id, name, terms } of contacts) {
    if (id !== key.id && isMarked(terms.closed, marks)) gone.set(id, { id, name, day: null });
  }
  return gone;
}

function signerAmong(
  isAmong: (id: RecordId | null) => id is RecordId,
  rows: CustomerRows,
  purchases: readonly Purchase[],
): RecordId | null {
  const signer = ({ dealId, document }: Purchase): RecordId | null => {
    if (dealId !== null) return rows.deals.find((deal) => deal.id === dealId)?.contactId ?? null;
    return rows.documents.find((one) => one.document.id === document?.id)?.document.contactId ?? null;
  };
  const last = purchases.findLast((purchase) => purchase.revenue > 0 && isAmong(signer(purchase)));
  return last ? signer(last) : null;
}
