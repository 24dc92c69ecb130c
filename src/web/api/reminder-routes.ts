import { z } from 'zod';
import type { OpenReminder } from '../../changes.ts';
import type { Connection } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { LeadScore } from '../../leads.ts';
import { renderReason } from '../../texts/reasons.ts';
import { ruleTitles } from '../../texts/rule-title.ts';
import { LEAD_COLUMNS, leadRows } from '../../views/lead-rows.ts';
import { rowLines } from '../../views/row-lines.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Lang, Money, RecordIdText, ReminderKeySchema } from '../api-schemas.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';
import { sendLines } from '../send-lines.ts';

/** Whom to call next: reminders that we own as tasks, and leads. Proposed and suppressed ones stand in the plan. */

const ReminderStates = { open: ['open'], done: ['closed_by_person', 'closed_by_us'] } as const;
const Reminder = z.strictObject({
  cvRef: z.string(),
  customer: ReminderKeySchema,
  reason: z.string(),
  title: z.string().meta({ description: 'Of the rule, in the language asked for' }),
  state: z.enum(['open', 'closed_by_person', 'closed_by_us']),
  subject: z.string(),
  priority: z.enum(['High', 'Normal', 'Low']),
  dueDay: CalendarDay,
  createdOn: CalendarDay,
  closedOn: CalendarDay.nullable(),
  ownerId: z.string().nullable(),
  ownerName: z.string().nullable(),
  taskId: z.string().nullable(),
});
const DueDayPlace = z.tuple([z.string(), z.string()]);
const FollowUpPlace = z.tuple([z.string().nullable(), z.string()]);

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
});
const LeadDetail = Lead.extend({
  reasons: z.array(z.strictObject({ code: z.string(), text: z.string() })),
  score: z.record(z.string(), z.unknown()).meta({ description: 'As `zcv explain --json` prints it' }),
});

function nameOf(names: ReadonlyMap<string, string>, id: string | null): string | null {
  return id === null ? null : (names.get(id) ?? null);
}

function listedLead(lead: LeadScore, names: ReadonlyMap<string, string>) {
  const { key, name, ownerId, asOf, createdDay, source, state, ...rest } = lead;
  const { followUp, followUpBy, lastContact, expectedValue, chance } = rest;
  return {
    ...{ id: key.id, name, ownerId, asOf, createdDay, source, state, ownerName: nameOf(names, ownerId) },
    ...{ followUp, followUpBy, lastContact, expectedValue, chance },
  };
}

export function reminderRoutes({ store, settingsOf }: Pick<ApiDeps, 'store' | 'settingsOf'>): ApiRoute[] {
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
      path: '/connections/{connection}/reminders',
      summary: 'Reminders that exist as tasks, by due day',
      description:
        'What is proposed or suppressed, and why, stands in the changes of the newest plan (kind task, suppressed).',
      tag: 'Reminders',
      query: z.strictObject({
        ...Paged,
        lang: Lang,
        state: z.enum(['open', 'done']).default('open'),
        reason: z.string().max(64).optional().meta({ description: 'Id of a rule of the playbook' }),
        owner: RecordIdText.optional(),
        record: RecordIdText.optional(),
      }),
      answer: pageSchema(Reminder),
      async handle({ connection, query: { state, reason, owner, record, cursor, limit, lang } }) {
        const { playbook, language } = (await settingsOf(connection)).plan;
        const titleOf = ruleTitles(playbook, lang ?? language);
        const { items, next } = await store.lists.reminders(connection.id, {
          ...{ states: ReminderStates[state], reason, ownerId: owner, recordId: record, limit },
          after: placeOf(DueDayPlace, cursor),
        });
        const names = await namesIn(connection);
        const told = (reminder: OpenReminder) => {
          const { cvRef, customer, subject, priority, dueDay, createdOn, closedOn, ownerId, taskId } =
            reminder;
          return {
            ...{ cvRef, customer, subject, priority, dueDay, createdOn, closedOn, ownerId, taskId },
            ...{ reason: reminder.reason, state: reminder.state, title: titleOf(reminder.reason) },
            ownerName: nameOf(names, ownerId),
          };
        };
        return { items: items.map(told), next: cursorOf(next) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/leads',
      summary: 'Leads, by the day until which the follow-up is in time',
      tag: 'Leads',
      query: z.strictObject({
        ...Paged,
        state: z.enum(['open', 'closed']).optional(),
        followUp: z.enum(['on_time', 'due', 'overdue']).optional(),
      }),
      answer: pageSchema(Lead),
      async handle({ connection, query: { state, followUp, cursor, limit } }) {
        const after = placeOf(FollowUpPlace, cursor);
        const names = await namesIn(connection);
        const { items, next } = await store.lists.leads(connection.id, { state, followUp, after, limit });
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
        if (found === null) return { items: [] };
        const rows = [[null, found.all] as const, ...found.sources];
        return {
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
        };
      },
    }),
  ];
}
