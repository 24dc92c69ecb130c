import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addDays, addMonths, dayFromNumber } from './calendar.ts';
import type { Contact } from './contact.ts';
import { aliveOn, chanceOn } from './models/outlook.ts';
import { believedAlive, type CustomerOutlook, sinceWhen } from './outlook.ts';
import { reason } from './reasons.ts';
import { isIn, type Span } from './sums.ts';

/** What speaks for a customer leaving (docs/scoring.md, "Phase"), as far as CRM records can tell. */

export interface Signals {
  readonly hard: readonly Reason[];
  readonly soft: readonly Reason[];
  /** A soft signal that forbids calling a customer loyal. */
  readonly isSevere: boolean;
  /** Day on which the first hard signal began; null without one. */
  readonly since: Day | null;
}
export interface SignalInput {
  readonly facts: CustomerFacts;
  readonly cadence: Cadence;
  readonly contact: Contact;
  readonly baseline: Baseline;
  readonly rules: ScoringRules;
  readonly asOf: Day;
  /** Null: no model speaks of this customer. */
  readonly outlook: CustomerOutlook | null;
}

export function leavingSignals(input: SignalInput): Signals {
  const hard = [overdue(input), oneTimeBuyer(input), hardlyAlive(input), churnUp(input)].filter(
    (signal) => signal !== null,
  );
  const highCase = openHighCase(input);
  const soft = [
    highCase,
    highCase ? null : manyCases(input),
    revenueDown(input),
    orderSizeDown(input),
    silent(input),
    competitor(input),
  ].filter((signal) => signal !== null);
  const days = hard.map((signal) => String(signal.params.since)).sort();
  return { hard, soft, isSevere: highCase !== null, since: days[0] ?? null };
}

/** D has reached this ratio. */
export function isAtRatio(cadence: Cadence, ratio: number): boolean {
  return cadence.sinceLastDays >= ratio * cadence.intervalDays;
}

/** The day on which the days since the last purchase reach this many intervals. */
export function dayAtRatio(cadence: Cadence, ratio: number): Day {
  return dayFromNumber((cadence.days.at(-1) ?? 0) + Math.ceil(ratio * cadence.intervalDays));
}

function lastDay(cadence: Cadence): Day {
  return dayFromNumber(cadence.days.at(-1) ?? 0);
}

const OVERDUE_GAPS = 2;
function overdue({ cadence, rules }: SignalInput): Reason | null {
  const limit = rules.phases.leavingRatio * cadence.ratioFactor;
  if (cadence.gaps.length < OVERDUE_GAPS || !isAtRatio(cadence, limit)) return null;
  return reason('signal.overdue', { last: lastDay(cadence), since: dayAtRatio(cadence, limit), limit });
}

function oneTimeBuyer({ cadence, baseline }: SignalInput): Reason | null {
  const limitDays = baseline.secondPurchaseP90Days;
  if (limitDays === null || cadence.days.length !== 1 || cadence.sinceLastDays <= limitDays) return null;
  const since = dayFromNumber((cadence.days[0] ?? 0) + Math.floor(limitDays) + 1);
  return reason('signal.one_time_buyer', { last: lastDay(cadence), since, limitDays });
}

const HARDLY_ALIVE = 0.5;
function hardlyAlive({ outlook }: SignalInput): Reason | null {
  const alive = believedAlive(outlook);
  if (outlook === null || alive === null || alive >= HARDLY_ALIVE) return null;
  const { fit, days } = outlook;
  const since = sinceWhen(outlook, (day) => (aliveOn(fit, days, day) ?? 1) < HARDLY_ALIVE);
  return reason('signal.alive', { alive: Math.round(alive * 100), since });
}

const CHURN_RISE = 0.3;
/** The chance of a purchase has fallen by so much within 90 days: a window, so it passes again. */
function churnUp({ outlook }: SignalInput): Reason | null {
  if (outlook === null || believedAlive(outlook) === null || outlook.chanceBefore === null) return null;
  const { fit, days, chance, chanceBefore } = outlook;
  const limit = chanceBefore - CHURN_RISE;
  if (chance > limit) return null;
  const since = sinceWhen(outlook, (day) => (chanceOn(fit, days, day) ?? 1) <= limit);
  const [now, before] = [chance, chanceBefore].map((one) => Math.round((1 - one) * 100));
  return reason('signal.churn_up', { now: now ?? null, before: before ?? null, since });
}

function openHighCase({ facts }: SignalInput): Reason | null {
  const found = facts.cases.find((record) => record.open && record.high);
  if (!found) return null;
  return reason('signal.high_case', { subject: found.subject, opened: found.openedDay }, [
    { module: 'Cases', id: found.id },
  ]);
}

const MANY_CASES = 3;
const MANY_CASES_DAYS = 60;
function manyCases({ facts, asOf }: SignalInput): Reason | null {
  const span = { after: addDays(asOf, -MANY_CASES_DAYS), upTo: asOf };
  const recent = facts.cases.filter(({ openedDay }) => isIn(openedDay, span));
  const [first] = recent;
  if (!first || recent.length < MANY_CASES) return null;
  return reason(
    'signal.many_cases',
    { cases: recent.length, since: first.openedDay },
    recent.map(({ id }) => ({ module: 'Cases', id })),
  );
}

interface Booked {
  readonly revenue: number;
  /** Revenue of purchases alone. */
  readonly bought: number;
  /** Distinct days with a purchase. */
  readonly events: number;
}
function booked(facts: CustomerFacts, span: Span): Booked {
  let revenue = 0;
  let bought = 0;
  const days = new Set<Day>();
  for (const purchase of facts.purchases) {
    if (!isIn(purchase.day, span)) continue;
    revenue += purchase.revenue;
    if (purchase.revenue <= 0) continue;
    bought += purchase.revenue;
    days.add(purchase.day);
  }
  return { revenue, bought, events: days.size };
}

const COMPARED_MONTHS = 6;
const COMPARED_PURCHASES = 2;

/** Less than half the revenue of the same months a year before, if there were purchases enough to compare with. */
function revenueDown({ facts, asOf }: SignalInput): Reason | null {
  const now = booked(facts, { after: addMonths(asOf, -COMPARED_MONTHS), upTo: asOf });
  const before = booked(facts, {
    after: addMonths(asOf, -12 - COMPARED_MONTHS),
    upTo: addMonths(asOf, -12),
  });
  if (before.events < COMPARED_PURCHASES || now.revenue * 2 >= before.revenue) return null;
  return reason('signal.revenue_down', { now: now.revenue, before: before.revenue });
}

/** Orders of the last months at least 40 % smaller than those of the year before them. */
function orderSizeDown({ facts, asOf }: SignalInput): Reason | null {
  const start = addMonths(asOf, -COMPARED_MONTHS);
  const now = booked(facts, { after: start, upTo: asOf });
  const before = booked(facts, { after: addMonths(start, -12), upTo: start });
  if (now.events < COMPARED_PURCHASES || before.events < COMPARED_PURCHASES) return null;
  const [small, usual] = [Math.round(now.bought / now.events), Math.round(before.bought / before.events)];
  return small * 10 > usual * 6 ? null : reason('signal.order_size_down', { now: small, before: usual });
}

function silent({ contact }: SignalInput): Reason | null {
  if (contact.status !== 'silent' || contact.last === null) return null;
  return reason('signal.silent', { last: contact.last.day, plannedDays: contact.plannedDays });
}

/** "Competition", "concurrent", "konkurrent", "konkurencja": the loss reason is a list that every org words itself. */
const COMPETITOR = /compet|concurr|konkur/i;
function competitor({ facts, asOf }: SignalInput): Reason | null {
  const start = addMonths(asOf, -12);
  const lost = facts.lostDeals.findLast((deal) => deal.day > start && COMPETITOR.test(deal.reason ?? ''));
  return lost ? reason('signal.competitor', { on: lost.day }, [{ module: 'Deals', id: lost.id }]) : null;
}
