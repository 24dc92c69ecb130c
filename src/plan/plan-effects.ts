import type { FieldChange } from '../changes.ts';

/** What a plan would do to customers as a whole: who changes tier, and whose profit leaps. */
export interface PlanEffects {
  /** Customers that change tier, by "from → to"; a first tier, or one to or from No business, does not count. */
  readonly tierMoves: Map<string, number>;
  /** New profit of 12 months by the old one, of those whose profit leaps. */
  readonly leaps: number[];
}

export function noEffects(): PlanEffects {
  return { tierMoves: new Map(), leaps: [] };
}

const isNoBusiness = (value: unknown): boolean => value === 'No business';
// A year of orders seldom triples or falls to a third from one plan to the next.
const LEAP = 3;

export function noteEffect(effects: PlanEffects, change: FieldChange): void {
  const { field, old, new: wanted } = change;
  if (field === 'value_tier') {
    if (old === null || old === '' || isNoBusiness(old) || isNoBusiness(wanted)) return;
    const move = `${old} → ${wanted}`;
    effects.tierMoves.set(move, (effects.tierMoves.get(move) ?? 0) + 1);
  }
  if (field !== 'profit_12_months' || typeof old !== 'number' || typeof wanted !== 'number') return;
  if (old === 0 || wanted === 0) return;
  const factor = wanted / old;
  if (factor < 0 || factor >= LEAP || factor <= 1 / LEAP) effects.leaps.push(factor);
}

export function tierChangesOf({ tierMoves }: PlanEffects): number {
  return [...tierMoves.values()].reduce((sum, count) => sum + count, 0);
}
