import type { CustomerFacts, Day, Purchase } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Reason } from '../scores.ts';
import { reason } from './reasons.ts';
import { piecePrice } from './serve-items.ts';
import { isIn, type Ledger, largestCost, yearUpTo } from './sums.ts';

/** What would bring a loss back to nothing: fewer of what it comes from, where that is enough; else so much money. */

interface BreakEvenInput {
  readonly facts: CustomerFacts;
  readonly window: Ledger;
  readonly rules: ScoringRules;
  readonly asOf: Day;
}

export function breakEven(input: BreakEvenInput): Reason {
  const { window } = input;
  const { item, amount } = largestCost(window);
  const loss = -window.profit;
  const without =
    item === 'refunds' || item === 'direct' ? fewerBookings(item, loss, input) : fewerServed(loss, input);
  return without ?? reason('tier.break_even.amount', { item, amount, loss });
}

/** Of what is counted by pieces at a price; null: it is not, or all of it would not be enough. */
function fewerServed(loss: number, { window, rules }: BreakEvenInput): Reason | null {
  const { item } = largestCost(window);
  const line = window.serve.find((serve) => serve.item === item);
  const unit = line ? piecePrice(line.item, rules.money) : 0;
  const fewer = unit > 0 ? Math.ceil(loss / unit) : 0;
  if (!line || fewer === 0 || fewer > line.count) return null;
  return reason('tier.break_even.fewer', { item, fewer });
}

/** Money given back, or orders below their cost: the largest first, each with what handling it cost. */
function fewerBookings(
  item: 'refunds' | 'direct',
  loss: number,
  { facts, rules, asOf }: BreakEvenInput,
): Reason | null {
  const isMeant = ({ revenue }: Purchase) => (item === 'refunds' ? revenue < 0 : revenue > 0);
  const handling = piecePrice(item === 'refunds' ? 'returns' : 'orders', rules.money);
  const span = yearUpTo(asOf);
  const losses = facts.purchases
    .filter((purchase) => isIn(purchase.day, span) && isMeant(purchase))
    .map(({ revenue, directCost }) => directCost - revenue + handling)
    .filter((lost) => lost > 0)
    .sort((left, right) => right - left);
  let [fewer, lost] = [0, 0];
  for (; fewer < losses.length && lost < loss; fewer += 1) lost += losses[fewer] ?? 0;
  if (lost < loss) return null;
  const code = item === 'refunds' ? 'tier.break_even.returns' : 'tier.break_even.orders';
  return reason(code, { fewer, lost });
}
