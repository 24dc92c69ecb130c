import type { Instalments } from '../changes.ts';
import { addDays } from '../days.ts';
import type { Day } from '../domain.ts';

/** A plan that costs more than may be spent today is written over several days, best customers first. Pure. */

/** Of the ceiling: an instalment must not take the credits that the next hourly sync needs. */
const RESERVE_SHARE = 0.05;

export interface Allowance {
  /** Credits that may be spent now. */
  readonly left: number;
  /** Most that may be spent in any 24 hours. */
  readonly ceiling: number;
}

/** Null: the whole plan fits today. */
export function instalmentsOf(credits: number, { left, ceiling }: Allowance, today: Day): Instalments | null {
  if (credits <= left) return null;
  const reserve = Math.ceil(ceiling * RESERVE_SHARE);
  const perDay = Math.max(1, ceiling - reserve);
  const now = Math.max(0, left - reserve);
  const days = Math.ceil((credits - now) / perDay);
  return { today: now, perDay, days: days + 1, lastDay: addDays(today, days) };
}
