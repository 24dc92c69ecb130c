import { addDays, addMonths, isDay } from '../days.ts';
import type { Connection, Day, Tier } from '../domain.ts';
import { ConflictError, InputError } from '../errors.ts';
import { type MonthReport, type ReportMove, reminderCounts } from '../notify/compose-report.ts';
import { type ChangedCustomer, type Comparison, compareViews } from './compare-views.ts';
import { asOfDay, type LineDeps } from './line.ts';
import { orgQuality } from './run-digest.ts';

/** So many customers that changed are looked at for the lists, those with the most profit first. */
const MOST_CHANGED = 2_000;
const LISTED = 10;
const TIERS: readonly Tier[] = ['loss_making', 'none', 'marginal', 'good', 'top'];

/**
 * What a calendar month brought, judged anew from what is stored: the customer base on its last day against the last day
 * before it. A month that is not over is told up to today. Nothing is saved.
 * Throws InputError for no month (YYYY-MM) or one to come, ConflictError where nothing was scored yet.
 */
export async function monthReport(
  deps: LineDeps,
  { connection, month }: { readonly connection: Connection; readonly month: string | null },
): Promise<MonthReport> {
  const { store, settings } = deps;
  if (!(await store.baselines.latest(connection.id)))
    throw new ConflictError('nothing was scored yet; run: zcv score');
  const today = asOfDay(deps, connection, null);
  const { from, until, isWhole } = span(month, today);
  const before = addDays(from, -1);
  const comparison = await compareViews(deps, {
    connection,
    before: { asOf: before, settings },
    after: { asOf: until, settings },
    most: MOST_CHANGED,
  });
  const { id, name, currency } = connection.org;
  return {
    ...{ from, until, isWhole, before },
    connection: connection.name,
    org: { id, name, currency },
    ...standings(comparison),
    ...lists(comparison.changed.first),
    tasks: reminderCounts(await store.reminders.all(connection.id), { from, until }),
    quality: { ...(await orgQuality(deps, connection)), asOf: today },
  };
}

function span(month: string | null, today: Day): Pick<MonthReport, 'from' | 'until' | 'isWhole'> {
  const asked = month ?? addMonths(`${today.slice(0, 7)}-01` as Day, -1).slice(0, 7); // a day, cut and completed
  const from = `${asked}-01`;
  if (!/^\d{4}-\d\d$/.test(asked) || !isDay(from))
    throw new InputError(`--month ${asked}: give a month as YYYY-MM`);
  if (from > today) throw new InputError(`--month ${asked} has not begun; today is ${today}`);
  const last = addDays(addMonths(from, 1), -1);
  return last < today
    ? { from, until: last, isWhole: true }
    : { from, until: today, isWhole: last === today };
}

function standings({ before, after, change, flow, tierMoves, phaseMoves }: Comparison) {
  const risk = ({ base }: Comparison['before']) => ({
    customers: base.byPhase.leaving?.customers ?? 0,
    profit12: base.byPhase.leaving?.profit ?? null,
  });
  const intoPhase = (fits: (from: string, to: string) => boolean) =>
    Object.entries(phaseMoves).reduce(
      (sum, [from, to]) =>
        sum +
        Object.entries(to ?? {}).reduce(
          (inner, [name, count]) => inner + (fits(from, name) ? (count ?? 0) : 0),
          0,
        ),
      0,
    );
  const moved = (isUp: boolean) =>
    Object.entries(tierMoves).reduce(
      (sum, [from, to]) =>
        sum +
        Object.entries(to ?? {}).reduce((inner, [name, count]) => {
          const step = TIERS.indexOf(name as Tier) - TIERS.indexOf(from as Tier); // the keys of Migration<Tier>
          return inner + ((isUp ? step > 0 : step < 0) ? (count ?? 0) : 0);
        }, 0),
      0,
    );
  const side = ({ base, tiers, phases, gold, customers }: Comparison['before']) => ({
    ...{ customers, gold, tiers, phases },
    base: {
      customers: base.customers,
      meanProfit: base.meanProfit,
      meanYears: base.meanYears,
      value: base.value,
      profit12: base.profit,
    },
  });
  return {
    standing: { before: side(before), after: side(after) },
    change: { number: change.number, yield: change.yield, length: change.length, total: change.total },
    flow,
    moved: { up: moved(true), down: moved(false) },
    atRisk: { before: risk(before), after: risk(after) },
    lost: intoPhase((from, to) => to === 'lost' && from !== 'lost'),
    wonBack: intoPhase((from, to) => from === 'lost' && to !== 'lost' && to !== 'prospect'),
  };
}

const worth = ({ tier, gold }: ChangedCustomer['before']) => (gold ? TIERS.length : TIERS.indexOf(tier));

function lists(
  changed: readonly ChangedCustomer[],
): MonthReport['lists'] extends infer L ? { lists: L } : never {
  const moves = (fits: (one: ChangedCustomer) => boolean): ReportMove[] =>
    changed
      .filter(fits)
      .slice(0, LISTED)
      .map(({ key, name, before, after }) => ({ key, name, before, after }));
  return {
    lists: {
      up: moves(({ before, after }) => worth(after) > worth(before)),
      down: moves(({ before, after }) => worth(after) < worth(before)),
      atRisk: moves(({ before, after }) => after.phase === 'leaving' && before.phase !== 'leaving'),
      wonBack: moves(
        ({ before, after }) => before.phase === 'lost' && !['lost', 'prospect'].includes(after.phase),
      ),
      lost: moves(({ before, after }) => after.phase === 'lost' && before.phase !== 'lost'),
    },
  };
}
