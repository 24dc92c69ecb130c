import type { FieldChange } from '../changes.ts';

/** What a plan would do to customers as a whole: who changes tier, and whose profit leaps. */
export interface PlanEffects {
  /** Customers that change tier, by "from → to"; a first tier, or one to or from No business, does not count. */
  readonly tierMoves: Map<string, number>;
  /** Customers whose first tier is written, by that tier. */
  readonly firstTiers: Map<string, number>;
  /** New profit of 12 months by the old one, of those whose profit leaps. */
  readonly leaps: number[];
}

export interface ToldEffects {
  readonly tierMoves: readonly { readonly from: string; readonly to: string; readonly customers: number }[];
  readonly firstTiers: readonly { readonly tier: string; readonly customers: number }[];
}

const ARROW = ' → ';

export function noEffects(): PlanEffects {
  return { tierMoves: new Map(), firstTiers: new Map(), leaps: [] };
}

const isNoBusiness = (value: unknown): boolean => value === 'No business';
// A year of orders seldom triples or falls to a third from one plan to the next.
const LEAP = 3;

export function noteEffect(effects: PlanEffects, change: FieldChange): void {
  const { field, old, new: wanted } = change;
  if (field === 'value_tier') {
    if (old === null || old === '') addOne(effects.firstTiers, String(wanted));
    else if (!isNoBusiness(old) && !isNoBusiness(wanted))
      addOne(effects.tierMoves, `${old}${ARROW}${wanted}`);
  }
  if (field !== 'profit_12_months' || typeof old !== 'number' || typeof wanted !== 'number') return;
  if (old === 0 || wanted === 0) return;
  const factor = wanted / old;
  if (factor < 0 || factor >= LEAP || factor <= 1 / LEAP) effects.leaps.push(factor);
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** As a plan keeps them, most first, in the words that stand in Zoho. */
export function toldEffects({ tierMoves, firstTiers }: PlanEffects): ToldEffects {
  const most = (counts: Map<string, number>) => [...counts].sort(([, left], [, right]) => right - left);
  return {
    tierMoves: most(tierMoves).map(([move, customers]) => {
      const [from = '', to = ''] = move.split(ARROW);
      return { from, to, customers };
    }),
    firstTiers: most(firstTiers).map(([tier, customers]) => ({ tier, customers })),
  };
}

export function tierChangesOf({ tierMoves }: PlanEffects): number {
  return [...tierMoves.values()].reduce((sum, count) => sum + count, 0);
}
