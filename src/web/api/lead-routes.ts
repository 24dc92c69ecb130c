import { z } from 'zod';
import type { Connection } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { LeadScore } from '../../leads.ts';
import { renderReason } from '../../texts/reasons.ts';
import { LEAD_COLUMNS, leadRows } from '../../views/lead-rows.ts';
import { rowLines } from '../../views/row-lines.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Flag, Lang, Money, RecordIdText } from '../api-schemas.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';
import { sendLines } from '../send-lines.ts';
import { TouchRow } from './customer-routes.ts';

/** Leads: whom to follow up next, what each may be worth, what happened with it, and which sources bring customers. */

const Place = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
const MOST_TOUCHES = 200;
/** Ascending is what one wants of a day or a name; of the rest the most. */
const ASCENDING = ['follow_up', 'name', 'source'];
const Lead = z.strictObject({
  id: z.string(),
  name: z.string(),
  ownerId: z.string().nullable(),
  ownerName: z.string().nullable(),
  asOf: CalendarDay,
  createdDay: CalendarDay,
  source: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  followUp: z.string().nullable(),
  followUpBy: CalendarDay.nullable(),
  lastContact: CalendarDay.nullable(),
  expectedValue: Money.nullable(),
  chance: z.number().nullable(),
  unanswered: z.int().meta({ description: 'Attempts since the last answer' }),
});
const LeadDetail = Lead.extend({
  url: z.string().nullable().meta({ description: 'Its page in Zoho' }),
  status: z.string().nullable(),
  rhythmDays: z.int().nullable().meta({ description: 'Planned days between two follow-ups now' }),
  lastFollowUp: CalendarDay.nullable(),
  nextAppointment: CalendarDay.nullable(),
  touches: z.array(TouchRow).meta({ description: 'Contacts and attempts, the newest 200 first' }),
  reasons: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  score: z.record(z.string(), z.unknown()).meta({ description: 'As `zcv explain --json` prints it' }),
});

function nameOf(names: ReadonlyMap<string, string>, id: string | null): string | null {
  return id === null ? null : (names.get(id) ?? null);
}

function listedLead(lead: LeadScore, names: ReadonlyMap<string, string>) {
  const { key, name, ownerId, asOf, createdDay, source, state, ...rest } = lead;
  const { followUp, followUpBy, lastContact, expectedValue, chance, unansweredTouches: unanswered } = rest;
  return {
    ...{ id: key.id, name, ownerId, asOf, createdDay, source, state, ownerName: nameOf(names, ownerId) },
    ...{ followUp, followUpBy, lastContact, expectedValue, chance, unanswered },
  };
}

export function leadRoutes({
  store,
  settingsOf,
  work,
}: Pick<ApiDeps, 'store' | 'settingsOf' | 'work'>): ApiRoute[] {
  const leadOf = async (connection: Connection, id: string): Promise<LeadScore> => {
    const lead = await store.leadScores.get(connection.id, id);
    if (lead) return lead;
    throw new NotFoundError(`no lead ${id} was scored; a converted one is a customer`);
  };
  const namesIn = async ({ id }: Connection) =>
    new Map((await store.users.all(id)).map((user) => [user.id, user.name]));
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/leads',
      summary:
        'Leads: searched, filtered, ordered; by the day until which the follow-up is in time unless told',
      description: 'Leads without a value in what they are ordered by come last.',
      tag: 'Leads',
      query: z.strictObject({
        ...Paged,
        state: z.enum(['open', 'closed']).optional(),
        followUp: z.enum(['on_time', 'due', 'overdue']).optional(),
        owner: RecordIdText.optional(),
        source: z.string().min(1).max(255).optional().meta({ description: 'As it is written' }),
        unresponsive: Flag.meta({
          description: 'Answered none of so many attempts as the rules allow (unresponsive.after)',
        }),
        search: z.string().max(100).optional().meta({ description: 'Part of a name, or a record id' }),
        sort: z.enum(['follow_up', 'value', 'chance', 'source', 'name', 'unanswered']).default('follow_up'),
        direction: z
          .enum(['asc', 'desc'])
          .optional()
          .meta({ description: 'Default: asc for days, names and sources, else desc' }),
      }),
      answer: pageSchema(Lead),
      async handle({ connection, query }) {
        const { state, followUp, owner, source, unresponsive, search, sort, direction, cursor, limit } =
          query;
        const least = (await settingsOf(connection)).scoring.unresponsive.after;
        const { items, next } = await store.lists.leads(connection.id, {
          filter: {
            ...{ state, followUp, ownerId: owner, source, search },
            unanswered: unresponsive ? least : undefined,
          },
          order: sort,
          descending: (direction ?? (ASCENDING.includes(sort) ? 'asc' : 'desc')) === 'desc',
          ...{ after: placeOf(Place, cursor), limit },
        });
        const names = await namesIn(connection);
        return { items: items.map((lead) => listedLead(lead, names)), next: cursorOf(next) };
      },
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/leads/export',
      summary: 'One row a lead, as `zcv export --leads` writes it',
      tag: 'Leads',
      query: z.strictObject({ format: z.enum(['csv', 'ndjson']).default('csv') }),
      stream: { types: ['text/csv', 'application/x-ndjson'], description: 'A file' },
      async send({ connection, query: { format }, res }) {
        const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
        const lines = rowLines(leadRows({ store }, connection), LEAD_COLUMNS, format);
        await sendLines(res, { type, fileName: `leads.${format}` }, lines);
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/leads/sources',
      summary: 'What became of the leads of each source, in counts, as of the last full scoring',
      tag: 'Leads',
      answer: z.strictObject({
        known: z
          .array(z.string())
          .meta({ description: 'Sources of the leads that are listed, as they are written' }),
        items: z.array(
          z.strictObject({
            source: z.string().nullable().meta({ description: 'In lower case; null: all leads' }),
            leads: z.int().meta({ description: 'Old enough to tell' }),
            became: z.int().meta({ description: 'Of these, those whose customer bought since' }),
            buyers: z.int().meta({ description: 'Customers of this source that ever bought' }),
            profit12: Money,
          }),
        ),
      }),
      async handle({ connection }) {
        const found = (await store.baselines.latest(connection.id))?.leads ?? null;
        const known = await store.lists.leadSources(connection.id);
        if (found === null) return { known, items: [] };
        const rows = [[null, found.all] as const, ...found.sources];
        return {
          known,
          items: rows.map(([source, { leads, became, buyers, profit12 }]) => ({
            ...{ source, leads, became, buyers, profit12 },
          })),
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/leads/{lead}',
      summary: 'A lead: what it may be worth and why',
      tag: 'Leads',
      params: z.strictObject({ lead: RecordIdText }),
      query: z.strictObject({ lang: Lang }),
      answer: LeadDetail,
      async handle({ connection, params, query }) {
        const lead = await leadOf(connection, params.lead);
        const language = query.lang ?? (await settingsOf(connection)).plan.language;
        const format = { language, currency: connection.org.currency };
        return {
          ...listedLead(lead, await namesIn(connection)),
          reasons: lead.reasons.map((reason) => ({ code: reason.code, text: renderReason(reason, format) })),
          score: { ...lead },
          url: work.recordUrl(connection, 'Leads', lead.key.id),
          ...{ status: lead.status, rhythmDays: lead.rhythmDays, lastFollowUp: lead.lastFollowUp },
          nextAppointment: lead.nextAppointment,
          touches: ((await work.leadTouches(connection, lead.key.id)) ?? [])
            .toReversed()
            .slice(0, MOST_TOUCHES)
            .map(({ at, ...touch }) => ({ ...touch, at: at.toISOString() })),
        };
      },
    }),
  ];
}
