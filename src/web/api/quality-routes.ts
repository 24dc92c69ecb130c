import { z } from 'zod';
import { sentenceIn } from '../../texts/known-sentences.ts';
import { ruleTitles } from '../../texts/rule-title.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Instant, Lang, Percent } from '../api-schemas.ts';
import { languageOf } from '../language.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';

/** On what the numbers rest: rows that could not be read, money that nobody explains, the rules in force. */

const MOST_DEALS = 200;
const Quarantined = z.strictObject({
  module: z.string(),
  recordId: z.string(),
  reason: z.string().meta({ description: 'In the language of Accept-Language' }),
  seenAt: Instant,
});
const UnmatchedDeal = z.strictObject({
  id: z.string(),
  name: z.string(),
  amount: z.string().nullable().meta({ description: 'As it stands in the record' }),
  currency: z.string().nullable(),
  stage: z.string().nullable(),
});
const Setting = z.strictObject({
  key: z.string(),
  value: z.unknown(),
  origin: z.string().meta({ description: 'Where it comes from: default, file …' }),
});
const Rule = z.strictObject({
  id: z.string(),
  title: z.string(),
  enabled: z.boolean(),
  for: z.enum(['customers', 'leads']),
  topic: z.string().nullable(),
  priority: z.string(),
  background: z.boolean(),
  coolDownDays: z.number(),
  dueWorkingDays: z.union([z.number(), z.literal('by_tier')]),
});
const RuleStats = z.strictObject({
  reason: z.string(),
  title: z.string(),
  made: z.int(),
  open: z.int(),
  done: z.int(),
  deleted: z.int(),
  ignored: z.int(),
  needGone: z.int(),
  touched: z.int(),
  bought: z.int(),
  improved: z.int(),
  percent: z
    .strictObject({ done: Percent, ignored: Percent, touched: Percent, bought: Percent, improved: Percent })
    .meta({ description: 'Of those of which it is known; null: too few to say' }),
});
const Digest = z.strictObject({
  until: CalendarDay,
  ownerId: z.string().nullable().meta({ description: 'Null: for administrators, of everybody' }),
  body: z.unknown(),
});

export function qualityRoutes(
  deps: Pick<ApiDeps, 'store' | 'settingsOf' | 'originsOf' | 'work'>,
): ApiRoute[] {
  const { store, settingsOf, originsOf, work } = deps;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/quality',
      summary: 'Rows that could not be read and deals without customer, counted',
      tag: 'Data quality',
      answer: z.strictObject({
        quarantined: z.record(z.string(), z.int()).meta({ description: 'By module' }),
        unmatchedDeals: z.int().nullable().meta({ description: 'As the last scoring found; null: none yet' }),
        mappings: z.array(
          z.strictObject({
            module: z.string(),
            input: z.string(),
            reason: z.string(),
            repair: z.string().nullable(),
          }),
        ),
      }),
      async handle({ connection, req }) {
        const language = languageOf(req);
        const { summary } = (await store.runs.latest(connection.id, 'score')) ?? { summary: null };
        const found = z.object({ unmatchedDeals: z.int() }).safeParse(summary);
        const paused = [];
        for (const module of MODULES) {
          for (const { input, reason, repair } of await store.mappingStates.of(connection.id, module)) {
            if (reason !== null)
              paused.push({ module, input, reason, repair: repair && sentenceIn(language, repair) });
          }
        }
        return {
          quarantined: await store.quarantine.count(connection.id),
          unmatchedDeals: found.data?.unmatchedDeals ?? null,
          mappings: paused,
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/quality/quarantine',
      summary: 'Rows that could not be read, each with the reason',
      tag: 'Data quality',
      query: z.strictObject(Paged),
      answer: pageSchema(Quarantined),
      async handle({ connection, query: { cursor, limit }, req }) {
        const language = languageOf(req);
        const after = placeOf(z.tuple([z.string(), z.string()]), cursor);
        const { items, next } = await store.lists.quarantine(connection.id, { after, limit });
        return {
          items: items.map(({ seenAt, reason, ...row }) => ({
            ...row,
            reason: sentenceIn(language, reason),
            seenAt: seenAt.toISOString(),
          })),
          next: cursorOf(next),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/quality/unmatched-deals',
      summary: `Deals that no customer explains, the first ${MOST_DEALS}`,
      tag: 'Data quality',
      answer: z.strictObject({ items: z.array(UnmatchedDeal), isComplete: z.boolean() }),
      async handle({ connection }) {
        for await (const deals of store.customers.unmatchedDeals(connection.id)) {
          const items = deals
            .slice(0, MOST_DEALS)
            .map(({ id, name, amount, currency, stage }) => ({ id, name, amount, currency, stage }));
          return { items, isComplete: deals.length <= MOST_DEALS };
        }
        return { items: [], isComplete: true };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/settings',
      summary: 'The settings in force, and where each comes from',
      tag: 'Settings',
      answer: z.strictObject({ items: z.array(Setting) }),
      handle: async ({ connection }) => ({
        items: (await originsOf(connection)).map(({ key, value, origin }) => ({
          key,
          value: value ?? null,
          origin,
        })),
      }),
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/playbook',
      summary: 'The rules of the playbook, in order of precedence',
      tag: 'Playbook',
      query: z.strictObject({ lang: Lang }),
      answer: z.strictObject({ items: z.array(Rule) }),
      async handle({ connection, query }) {
        const { playbook, language, reminders } = (await settingsOf(connection)).plan;
        const titleOf = ruleTitles(playbook, query.lang ?? language);
        return {
          items: playbook.map(({ id, enabled, for: whom, topic, priority, background, coolDown, due }) => ({
            ...{ id, title: titleOf(id), enabled, for: whom, topic: topic ?? null, priority, background },
            coolDownDays: coolDown ?? reminders.coolDownDays,
            dueWorkingDays: due.workingDays,
          })),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/playbook/stats',
      summary: 'What became of the reminders of each rule',
      tag: 'Playbook',
      query: z.strictObject({ since: CalendarDay.optional(), lang: Lang }),
      answer: z.strictObject({ since: CalendarDay.nullable(), asOf: CalendarDay, items: z.array(RuleStats) }),
      async handle({ connection, query }) {
        const { since, asOf, rules } = await work.playbookStats(connection, query.since ?? null);
        const { playbook, language } = (await settingsOf(connection)).plan;
        const titleOf = ruleTitles(playbook, query.lang ?? language);
        return {
          since,
          asOf,
          items: rules.map(({ reason, made, open, done, deleted, ignored, needGone, percent, ...after }) => ({
            ...{ reason, title: titleOf(reason), made, open, done, deleted, ignored, needGone },
            ...{ touched: after.touched, bought: after.bought, improved: after.improved },
            percent,
          })),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/digests/latest',
      summary: 'The digests of the last week, of everybody and of each owner',
      tag: 'Digests',
      answer: z.strictObject({ items: z.array(Digest) }),
      handle: async ({ connection }) => ({
        items: (await store.digests.latest(connection.id)).map(({ until, ownerId, body }) => ({
          ...{ until, ownerId, body: body ?? null },
        })),
      }),
    }),
  ];
}

const MODULES = [
  'Accounts',
  'Contacts',
  'Leads',
  'Deals',
  'Tasks',
  'Calls',
  'Events',
  'Cases',
  'Products',
  'Quotes',
  'Sales_Orders',
  'Invoices',
] as const;
