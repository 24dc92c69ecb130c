import { z } from 'zod';
import { addDays } from '../../days.ts';
import type { BaseGroup, BaseValue } from '../../store/view-stores.ts';
import { alertText } from '../../texts/alerts.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Instant, Money, PhaseCode, TierCode } from '../api-schemas.ts';
import { languageOf } from '../language.ts';

/** How the customers as a whole stand: the base value and its change, tiers, phases, the curve, who moved. */

const tag = 'Overview';
const DEFAULT_DAYS = 30;
const MOST_DAYS = 730;
const Days = z.coerce.number().int().min(1).max(MOST_DAYS).default(DEFAULT_DAYS);

const Base = z
  .strictObject({
    asOf: CalendarDay,
    customers: z.int().meta({ description: 'With business' }),
    yield: Money.nullable().meta({ description: 'Mean profit of 12 months of one of them' }),
    months: z.number().nullable().meta({ description: 'Mean length of the relationship' }),
    value: Money.nullable().meta({ description: 'customers × yield × months / 12' }),
  })
  .meta({ description: 'The value of the customer base: number × yield × length' });
const Count = <Code extends z.ZodType>(code: Code) =>
  z.strictObject({ code, customers: z.int(), profit12: Money });
const Groups = {
  tiers: z.array(Count(TierCode)),
  phases: z.array(Count(PhaseCode)),
  gold: z.int(),
  winBack: z.int(),
};
const Overview = z.strictObject({
  base: Base.nullable().meta({ description: 'Null: nothing was scored in full yet' }),
  before: Base.nullable().meta({ description: 'As it was so many days earlier, or the newest before that' }),
  ...Groups,
  curve: z.array(z.strictObject({ customers: z.int(), profit12: Money })).meta({
    description: 'Running sums, best customers first',
  }),
  trouble: z.array(
    z.strictObject({
      code: z.string(),
      severity: z.enum(['info', 'warning', 'critical']),
      message: z.string().meta({ description: 'In the language of Accept-Language' }),
      openedAt: Instant,
    }),
  ),
});
const Day = z.strictObject({ asOf: CalendarDay, customers: z.int(), value: Money.nullable(), ...Groups });
const Move = z.strictObject({ from: TierCode.nullable(), to: TierCode, customers: z.int() });

function baseOf({ asOf, groups }: Pick<BaseValue, 'asOf' | 'groups'>): z.input<typeof Base> {
  const withBusiness = groups.filter(({ tier }) => tier !== 'none');
  const sum = (pick: (group: BaseGroup) => number) =>
    withBusiness.reduce((total, group) => total + pick(group), 0);
  const customers = sum((group) => group.customers);
  const withMonths = sum((group) => group.withMonths);
  const profit = sum((group) => group.profit12);
  const months = withMonths === 0 ? null : sum((group) => group.months) / withMonths;
  return {
    asOf,
    customers,
    yield: customers === 0 ? null : Math.round(profit / customers),
    months: months === null ? null : Math.round(months * 10) / 10,
    value: months === null ? null : Math.round((profit * months) / 12),
  };
}

function countsOf(groups: readonly BaseGroup[]) {
  const counted = <Code extends string>(codes: readonly Code[], pick: (group: BaseGroup) => string) =>
    codes.map((code) => {
      const these = groups.filter((group) => pick(group) === code);
      return {
        code,
        customers: these.reduce((total, group) => total + group.customers, 0),
        profit12: these.reduce((total, group) => total + group.profit12, 0),
      };
    });
  const number = (fits: (group: BaseGroup) => boolean) =>
    groups.filter(fits).reduce((total, group) => total + group.customers, 0);
  return {
    tiers: counted(TierCode.options, ({ tier }) => tier),
    phases: counted(PhaseCode.options, ({ phase }) => phase),
    gold: number(({ gold }) => gold),
    winBack: number(({ winBack }) => winBack),
  };
}

export function overviewRoutes({ store }: Pick<ApiDeps, 'store'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/overview',
      summary: 'The customer base as of the last full scoring, with its change and what is wrong',
      tag,
      query: z.strictObject({ days: Days.meta({ description: 'How long ago it is compared with' }) }),
      answer: Overview,
      async handle({ connection, query, req }) {
        const format = { language: languageOf(req), currency: connection.org.currency };
        const names = { connection: connection.name, org: connection.org.name };
        const latest = await store.baseValues.latest(connection.id);
        const before =
          latest && (await store.baseValues.before(connection.id, addDays(latest.asOf, -query.days)));
        const alerts = await store.alerts.open(connection.id);
        return {
          base: latest && baseOf(latest),
          before: before && baseOf(before),
          ...countsOf(latest?.groups ?? []),
          curve: (latest?.curve ?? []).map(({ customers, profit12 }) => ({ customers, profit12 })),
          trouble: alerts.map((alert) => ({
            ...{ code: alert.code, severity: alert.severity },
            message: alertText(alert, names, format).title,
            openedAt: alert.openedAt.toISOString(),
          })),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/overview/days',
      summary: 'How the customer base stood after each full scoring, oldest first',
      tag,
      query: z.strictObject({ days: Days }),
      answer: z.strictObject({ items: z.array(Day) }),
      async handle({ connection, query }) {
        const latest = await store.baseValues.latest(connection.id);
        const since = latest && addDays(latest.asOf, -query.days);
        const days = since === null ? [] : await store.baseValues.since(connection.id, since);
        return {
          items: days.map((day) => {
            const { asOf, customers, value } = baseOf(day);
            return { asOf, customers, value, ...countsOf(day.groups) };
          }),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/overview/moves',
      summary: 'Customers that changed their tier, counted by where from and where to',
      tag,
      query: z.strictObject({ days: Days }),
      answer: z.strictObject({
        from: CalendarDay.nullable(),
        until: CalendarDay.nullable(),
        items: z.array(Move),
      }),
      async handle({ connection, query }) {
        const until = (await store.baseValues.latest(connection.id))?.asOf ?? null;
        if (until === null) return { from: null, until, items: [] };
        const from = addDays(until, -query.days);
        const counts = new Map<string, z.input<typeof Move>>();
        for (const { before, after } of await store.scores.moves(connection.id, from, until)) {
          if (before?.tier === after.tier) continue;
          const way = `${before?.tier} ${after.tier}`;
          const counted = counts.get(way) ?? { from: before?.tier ?? null, to: after.tier, customers: 0 };
          counts.set(way, { ...counted, customers: counted.customers + 1 });
        }
        return { from, until, items: [...counts.values()].sort((a, b) => b.customers - a.customers) };
      },
    }),
  ];
}
