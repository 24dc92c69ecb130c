import type { Day, RecordId } from '../domain.ts';
import type { DealOutcome, DealRecord, DealStage } from '../records.ts';
import type { LocalDay } from './local-day.ts';

/** Since when a deal is won or lost, by the history of its stages. */

export interface HistoryContext {
  /** What a stage means to this deal. */
  readonly outcomeOf: (deal: DealRecord, stage: string) => DealOutcome;
  readonly localDay: LocalDay;
  readonly asOf: Day;
}

export type StaysByDeal = ReadonlyMap<RecordId, readonly DealStage[]>;

/** Of each deal in the order in which its stages were entered. */
export function staysByDeal(stays: readonly DealStage[] = []): StaysByDeal {
  const byDeal = new Map<RecordId, DealStage[]>();
  for (const stay of stays) {
    const known = byDeal.get(stay.dealId);
    if (known) known.push(stay);
    else byDeal.set(stay.dealId, [stay]);
  }
  return byDeal;
}

/** As it stood on the analysis date where the deal was already so; null: the history does not tell. */
export function enteredDay(
  deal: DealRecord,
  outcome: DealOutcome,
  stays: StaysByDeal,
  context: HistoryContext,
): Day | null {
  const all = stays.get(deal.id);
  if (all === undefined) return null;
  const { asOf, localDay } = context;
  const until = all.filter(({ enteredAt }) => localDay(enteredAt) <= asOf);
  const entered = lastEntry(deal, outcome, until, context) ?? lastEntry(deal, outcome, all, context);
  return entered === null ? null : localDay(entered);
}

/**
 * The first of the last unbroken stays. A stage saved twice makes two of them, and a stay on an open stage may be known
 * by nothing but the name under which the stay before it says where it went.
 */
function lastEntry(
  deal: DealRecord,
  outcome: DealOutcome,
  stays: readonly DealStage[],
  { outcomeOf }: HistoryContext,
): Date | null {
  let since: Date | null = null;
  let isLeft = false;
  for (const { stage, leftTo, enteredAt } of stays) {
    if (outcomeOf(deal, stage) !== outcome) since = null;
    else if (since === null || isLeft) since = enteredAt;
    isLeft = leftTo !== null && outcomeOf(deal, leftTo) !== outcome;
  }
  return since;
}
