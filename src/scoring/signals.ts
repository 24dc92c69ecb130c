import type { CustomerFacts, Day } from '../domain.ts';
import type { ScoringRules } from '../rules.ts';
import type { Baseline, Reason } from '../scores.ts';
import type { Cadence } from './cadence.ts';
import { addDays, addMonths, dayFromNumber } from './calendar.ts';
import type { Contact } from './contact.ts';
import { contractSignals } from './contract.ts';
import { aliveOn, chanceOn } from './models/outlook.ts';
import { HORIZON_DAYS } from './models/time.ts';
import { believedAlive, type CustomerOutlook, sinceWhen } from './outlook.ts';
import { reason } from './reasons.ts';
import { salesSignals } from './sales-signals.ts';
import { isIn } from './sums.ts';

/** What speaks for a customer leaving (docs/scoring.md, "Phase"), as far as CRM records can tell. */

export interface Signals {
  /** Of the hard ones those that are facts: a notice, the end of a contract. */
  readonly contract: readonly Reason[];
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
  const { facts, cadence } = input;
  const contract = contractSignals(facts, { ...input, lastPurchase: lastDay(cadence) });
  const judged = [overdue(input), oneTimeBuyer(input), hardlyAlive(input), churnUp(input)];
  const hard = [...contract, ...judged.filter((signal) => signal !== null)];
  const severe = severeCase(input);
  const soft = [
    severe,
    severe ? null : manyCases(input),
    ...salesSignals(input),
    silent(input),
    badSurvey(input),
    keyContactLeft(input),
    competitor(input),
  ].filter((signal) => signal !== null);
  const days = hard.map((signal) => String(signal.params.since)).sort();
  return { contract, hard, soft, isSevere: severe !== null, since: days[0] ?? null };
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
  const { fit, days, until, chance, chanceBefore } = outlook;
  if (chance > chanceBefore - CHURN_RISE) return null;
  const hasRisen = (day: number) => {
    const before = chanceOn(fit, days, day - HORIZON_DAYS);
    return before !== null && (chanceOn(fit, days, day) ?? 1) <= before - CHURN_RISE;
  };
  // Day by day, for it may have come and passed before.
  let first = until;
  while (hasRisen(first - 1)) first -= 1;
  const since = dayFromNumber(first);
  const [now, before] = [chance, chanceBefore].map((one) => Math.round((1 - one) * 100));
  return reason('signal.churn_up', { now: now ?? null, before: before ?? null, since });
}

/** Of high severity, else one that should have been solved by now. */
function severeCase({ facts, asOf }: SignalInput): Reason | null {
  const found =
    facts.cases.find((record) => record.open && record.high) ??
    facts.cases.find((record) => record.open && isPastDue(record, asOf));
  if (!found) return null;
  const records = [{ module: 'Cases', id: found.id }] as const;
  const params = { subject: found.subject, opened: found.openedDay };
  return found.high
    ? reason('signal.high_case', params, records)
    : reason('signal.case_past_due', { ...params, due: found.dueDay ?? null }, records);
}

export function isPastDue({ dueDay }: CustomerFacts['cases'][number], asOf: Day): boolean {
  return dueDay !== undefined && dueDay < asOf;
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

/** By the plan of the tier: who does not answer is no safer for being asked less often. */
function silent({ contact }: SignalInput): Reason | null {
  const { last, gapDays, tierDays } = contact;
  if (last === null || gapDays === null || tierDays === null || gapDays <= 2 * tierDays) return null;
  return reason('signal.silent', { last: last.day, plannedDays: tierDays });
}

function badSurvey({ facts, rules }: SignalInput): Reason | null {
  const limit = rules.phases.surveyLimit;
  if (facts.survey === null || facts.survey > limit) return null;
  return reason('signal.survey', { answer: facts.survey, limit });
}

function keyContactLeft({ facts }: SignalInput): Reason | null {
  if (facts.keyContactLeft === null) return null;
  const { name, day } = facts.keyContactLeft;
  return reason('signal.key_contact_left', { name, on: day });
}

/** The loss reason is a list that every org words itself. */
function competitor({ facts, asOf, rules }: SignalInput): Reason | null {
  const start = addMonths(asOf, -12);
  const isOne = (why: string) => rules.phases.competitorReasons.some((word) => why.includes(word));
  const lost = facts.lostDeals.findLast(
    ({ day, reason: why }) => day > start && isOne((why ?? '').toLowerCase()),
  );
  return lost ? reason('signal.competitor', { on: lost.day }, [{ module: 'Deals', id: lost.id }]) : null;
}
