import type { CustomerFacts, CustomerKey, Day, Minor, RecordId } from '../domain.ts';
import { minor, scaleMinor, ZERO } from '../money.ts';
import type { Baseline } from '../scores.ts';
import { compareIds } from './record-order.ts';

/**
 * Whom customers brought: a share of the profit of those they referred (docs/scoring.md, "Contributions"). One level,
 * once, to the first referrer; nobody is credited for himself or round in a circle.
 */

interface Relation {
  readonly referred: RecordId;
  readonly module: CustomerKey['module'];
  readonly referrer: RecordId;
  /** Null: the field that people fill in has no day. */
  readonly day: Day | null;
  /** Of its first purchase; null: has not bought yet. */
  readonly boughtOn: Day | null;
  /** Of 12 months; null: has not bought yet. */
  readonly profit12: Minor | null;
}

export type Referrals = Baseline['referrals'];
export type ReferralCredit = Referrals['credits'][number];

// As many as a page shows; the count tells of all.
const MOST_NAMED = 20;

/** Keeps one relation for each customer that somebody referred. */
export class ReferralTally {
  private readonly relations: Relation[] = [];

  add(
    { key, referredBy, purchases }: Pick<CustomerFacts, 'key' | 'referredBy' | 'purchases'>,
    profit12: Minor | null,
  ): void {
    if (referredBy === null) return;
    this.relations.push({
      referred: key.id,
      module: key.module,
      referrer: referredBy.id,
      day: referredBy.day,
      boughtOn: purchases[0]?.day ?? null,
      profit12,
    });
  }

  parts(): readonly Relation[] {
    return this.relations;
  }
  merge(parts: readonly Relation[]): void {
    for (const relation of parts) this.relations.push(relation);
  }

  /** Records that were named as referrers, each once: accounts and contacts, customers or not. */
  referrers(): RecordId[] {
    return [...new Set(this.relations.map(({ referrer }) => referrer))].sort(compareIds);
  }

  /**
   * `customerOf` tells which customer a record stands for; null: each for itself. The profit of all that one customer
   * brought is added up before its share is rounded.
   */
  result(customerOf: ReadonlyMap<RecordId, RecordId> | null, sharePercent: number): Referrals {
    const known: Relation[] = [];
    let unknown = 0;
    for (const relation of this.relations) {
      const referrer = customerOf === null ? relation.referrer : customerOf.get(relation.referrer);
      if (referrer === undefined) unknown += 1;
      else known.push({ ...relation, referrer });
    }
    const kept = withoutCircles(known);
    const brought = new Map<
      RecordId,
      { referred: number; profit: number; keys: CustomerKey[]; latest: Day | null }
    >();
    for (const { referrer, profit12, boughtOn, referred: id, module } of kept) {
      if (profit12 === null) continue;
      const sum = brought.get(referrer) ?? { referred: 0, profit: 0, keys: [], latest: null };
      sum.referred += 1;
      sum.keys.push({ module, id });
      if (boughtOn !== null && (sum.latest === null || boughtOn > sum.latest)) sum.latest = boughtOn;
      sum.profit += Math.max(0, profit12);
      brought.set(referrer, sum);
    }
    const credits = [...brought]
      .map(([id, { referred, profit, keys, latest }]) => ({
        id,
        referred,
        brought: keys.sort((a, b) => compareIds(a.id, b.id)).slice(0, MOST_NAMED),
        latest,
        profit: minor(profit),
        credit: scaleMinor(minor(profit), Math.round(sharePercent * 10_000), 1_000_000),
      }))
      .sort((a, b) => compareIds(a.id, b.id));
    return { ignored: known.length - kept.length, unknown, credits };
  }
}

/**
 * Everybody has at most one referrer, so a circle is a ring; its latest relation is left out. One without a day is later
 * than one with; of two without, that of the older record is: who was here first was hardly sent by the other.
 */
function withoutCircles(relations: readonly Relation[]): Relation[] {
  const byReferred = new Map(relations.map((relation) => [relation.referred, relation]));
  const left = new Set<Relation>();
  const settled = new Set<RecordId>();
  for (const start of relations) {
    const way: Relation[] = [];
    const onWay = new Set<RecordId>();
    let at: Relation | undefined = start;
    while (at && !settled.has(at.referred) && !onWay.has(at.referred)) {
      way.push(at);
      onWay.add(at.referred);
      at = byReferred.get(at.referrer);
    }
    if (at && onWay.has(at.referred)) {
      const closing = at;
      const ring = way.slice(way.findIndex(({ referred }) => referred === closing.referred));
      left.add(ring.reduce((latest, one) => (isLater(one, latest) ? one : latest)));
    }
    for (const { referred } of way) settled.add(referred);
  }
  return relations.filter((relation) => !left.has(relation));
}

function isLater(one: Relation, other: Relation): boolean {
  if (one.day !== other.day) return one.day === null || (other.day !== null && one.day > other.day);
  return compareIds(one.referred, other.referred) < 0;
}

// Looked up for every customer of a scoring; dies with its baseline.
const creditsOf = new WeakMap<Referrals, ReadonlyMap<RecordId, ReferralCredit>>();

/** Null: brought nobody that bought. */
export function creditOf({ referrals }: Pick<Baseline, 'referrals'>, id: RecordId): ReferralCredit | null {
  let byId = creditsOf.get(referrals);
  if (!byId) {
    byId = new Map(referrals.credits.map((credit) => [credit.id, credit]));
    creditsOf.set(referrals, byId);
  }
  return byId.get(id) ?? null;
}

/** What counts for the rank besides the customer's own profit. */
export function rankedCredit(credit: ReferralCredit | null, isInTier: boolean): Minor {
  return isInTier && credit ? credit.credit : ZERO;
}
