import { z } from 'zod';
import type { OpenReminder } from '../../changes.ts';
import type { Connection } from '../../domain.ts';
import { ruleTitles } from '../../texts/rule-title.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Lang, RecordIdText, ReminderKeySchema } from '../api-schemas.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';

/** Reminders that we own as tasks. Proposed and suppressed ones stand in the plan. */

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
  url: z.string().nullable().meta({ description: 'Page of the task in Zoho' }),
});
const DueDayPlace = z.tuple([z.string(), z.string()]);

function nameOf(names: ReadonlyMap<string, string>, id: string | null): string | null {
  return id === null ? null : (names.get(id) ?? null);
}

export function reminderRoutes({
  store,
  settingsOf,
  work,
}: Pick<ApiDeps, 'store' | 'settingsOf' | 'work'>): ApiRoute[] {
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
            url: taskId === null ? null : work.recordUrl(connection, 'Tasks', taskId),
          };
        };
        return { items: items.map(told), next: cursorOf(next) };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/reminders/caps',
      summary: 'What the newest plan would make of new reminders for each owner, what it keeps back, and why',
      tag: 'Reminders',
      answer: z.strictObject({
        plan: z.string().nullable().meta({ description: 'null: there is none' }),
        asOf: CalendarDay.nullable(),
        perOwnerAndDay: z.int().meta({ description: 'New ones that an owner gets a day at most' }),
        perRecord: z.int().meta({ description: 'Open ones that a customer or lead has at most' }),
        owners: z.array(
          z.strictObject({
            id: z.string().nullable(),
            name: z.string().nullable(),
            proposed: z.int().meta({ description: 'New ones' }),
            keptBack: z.record(z.string(), z.int()).meta({ description: 'Listed in the plan, by why' }),
          }),
        ),
      }),
      async handle({ connection }) {
        const { perOwnerAndDay, perRecord } = (await settingsOf(connection)).plan.reminders;
        const plan = await store.plans.latest(connection.id);
        const rows = plan ? await store.lists.tasksByOwner(plan.id) : [];
        const names = await namesIn(connection);
        const owners = [...Map.groupBy(rows, ({ ownerId }) => ownerId)].map(([id, tasks]) => ({
          ...{ id, name: nameOf(names, id) },
          proposed: tasks.find(({ why }) => why === null)?.tasks ?? 0,
          keptBack: Object.fromEntries(
            tasks.flatMap(({ why, tasks: n }) => (why === null ? [] : [[why, n]])),
          ),
        }));
        const nameOrId = ({ name, id }: (typeof owners)[number]) => name ?? id ?? '';
        return {
          ...{ plan: plan?.id ?? null, asOf: plan?.asOf ?? null, perOwnerAndDay, perRecord },
          owners: owners.toSorted((a, b) => nameOrId(a).localeCompare(nameOrId(b))),
        };
      },
    }),
  ];
}
