import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import { addDays, addMonths } from './calendar.ts';
import { Tally } from './tally.ts';

/**
 * Puts everything that was booked of a customer into the tally of its day. Whether and for how much something counts is
 * decided booking by booking, so months add up to years, and years to the total.
 */
export function bookAll(
  facts: CustomerFacts,
  rules: ScoringRules,
  span: { readonly after: Day | null; readonly upTo: Day },
  tallyAt: (day: Day) => Tally,
): void {
  const { unitCosts } = rules.money;
  const isIn = (day: Day) => day <= span.upTo && (span.after === null || day > span.after);
  const freightMonths = unitCosts.perShipment === 0 ? NO_MONTHS : monthsOf(facts, 'freight');
  for (const purchase of facts.purchases) {
    if (!isIn(purchase.day)) continue;
    tallyAt(purchase.day).addPurchase(purchase, freightMonths.has(monthOf(purchase.day)));
  }
  for (const cost of facts.costs) if (isIn(cost.day)) tallyAt(cost.day).addCost(cost);
  if (rules.money.capitalCostPercent !== 0) {
    for (const late of facts.latePayments) if (isIn(late.day)) tallyAt(late.day).addLatePayment(late);
  }
  if (!Tally.countsService(unitCosts)) return;
  for (const touch of facts.touches) if (isIn(touch.day)) tallyAt(touch.day).addTouch(touch);
  for (const effort of facts.efforts) if (isIn(effort.day)) tallyAt(effort.day).addTime(effort);
  for (const { openedDay } of facts.cases) if (isIn(openedDay)) tallyAt(openedDay).addCase();
  if (unitCosts.perVisitKm !== 0) {
    const travelMonths = monthsOf(facts, 'travel');
    for (const { day, metres } of facts.trips) {
      if (isIn(day) && !travelMonths.has(monthOf(day))) tallyAt(day).addTrip(metres);
    }
  }
  if (unitCosts.perContactMonth !== 0 || unitCosts.perAccountMonth !== 0) {
    for (const day of activeMonthEnds(facts, span)) {
      tallyAt(day).addMonth(facts.contactsSince.filter((since) => since <= day).length);
    }
  }
}

const NO_MONTHS: ReadonlySet<string> = new Set();
const monthOf = (day: Day): string => day.slice(0, 7);

/** Months for which the real costs of a kind were imported: nothing is reckoned there by unit costs. */
function monthsOf(
  { costs }: Pick<CustomerFacts, 'costs'>,
  wanted: 'freight' | 'travel',
): ReadonlySet<string> {
  return new Set(costs.filter(({ kind }) => kind === wanted).map(({ day }) => monthOf(day)));
}

/** Ends of months up to which the customer bought within 12 months: whoever stopped buying costs no standing money. */
export function* activeMonthEnds(
  { purchases }: Pick<CustomerFacts, 'purchases'>,
  { after, upTo }: { readonly after: Day | null; readonly upTo: Day },
): Generator<Day> {
  const days = purchases.filter(({ revenue }) => revenue > 0).map(({ day }) => day);
  const [first] = days;
  if (first === undefined) return;
  const from = after !== null && after > first ? after : first;
  for (let start = `${from.slice(0, 7)}-01`; ; start = addMonths(start, 1)) {
    const end = addDays(addMonths(start, 1), -1);
    if (end > upTo) return;
    if (after !== null && end <= after) continue;
    const yearBefore = addMonths(end, -12);
    if (days.some((day) => day <= end && day > yearBefore)) yield end;
  }
}
