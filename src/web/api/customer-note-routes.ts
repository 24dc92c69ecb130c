import { z } from 'zod';
import { dayOf } from '../../clock.ts';
import type { Connection, CustomerKey, Day, RecordId } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import { toMinor } from '../../money.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, CustomerKeySchema, Instant, Money, PhaseCode, SubPhaseCode } from '../api-schemas.ts';
import { ProblemsError } from '../http-errors.ts';
import { OfCustomer } from './customer-routes.ts';

/** What people tell us of a customer that Zoho does not hold: a phase set by hand, goodwill, thanks. */

const tag = 'Customers';
/** The sub-phases that a person may set of each phase. */
const SUB_PHASES: { readonly [P in z.infer<typeof PhaseCode>]: readonly z.infer<typeof SubPhaseCode>[] } = {
  prospect: ['cold', 'contacted', 'open_deal', 'dormant'],
  new: ['first_order', 'second_order', 'won_back'],
  established: [],
  loyal: [],
  leaving: [],
  lost: ['win_back', 'win_back_running', 'closed'],
};
const Reason = z.string().trim().min(1).max(500);
const MOST_NOTES = 100;
const Note = z.string().max(500).nullable().default(null);
const OverrideBody = z
  .strictObject({
    phase: PhaseCode,
    subPhase: SubPhaseCode.nullable().default(null),
    reason: Reason,
    until: CalendarDay,
  })
  .meta({ example: { phase: 'loyal', subPhase: null, reason: 'signs again in May', until: '2999-12-31' } });
const OverrideRow = z.strictObject({
  phase: PhaseCode,
  subPhase: SubPhaseCode.nullable(),
  reason: z.string(),
  by: z.string(),
  setOn: CalendarDay,
  until: CalendarDay,
  setAt: Instant,
  endedOn: CalendarDay.nullable(),
  endedBy: z.string().nullable(),
  holds: z.boolean(),
});
const GoodwillBody = z
  .strictObject({
    amount: z
      .string()
      .regex(/^\d{1,12}(\.\d{1,2})?$/, 'money in the home currency, e.g. 49.50')
      .meta({ description: 'In the home currency' }),
    day: CalendarDay.optional(),
    note: Note,
  })
  .meta({ example: { amount: '49.50', note: 'a late delivery' } });
const ThanksBody = z
  .strictObject({ how: z.string().trim().min(1).max(100), day: CalendarDay.optional(), note: Note })
  .meta({ example: { how: 'a card' } });

export function customerNoteRoutes({
  store,
  work,
  clock,
}: Pick<ApiDeps, 'store' | 'work' | 'clock'>): ApiRoute[] {
  const today = ({ org }: Connection): Day => dayOf(clock.now(), org.timeZone);
  const keyOf = async (connection: Connection, id: RecordId): Promise<CustomerKey> => {
    const key = await work.customerOf(connection, id);
    if (key) return key;
    throw new NotFoundError(`no customer ${id}; give the Zoho id of an account or contact that was synced`);
  };
  const noteDay = (connection: Connection, day: Day | undefined): Day => {
    const now = today(connection);
    if (day !== undefined && day > now) throw inBody('day', `lies ahead; today is ${now}`);
    return day ?? now;
  };
  const targetOf = ({ module, id }: CustomerKey) => `${module} ${id}`;
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/overrides',
      summary: 'Phases that people set by hand, newest first',
      tag,
      params: OfCustomer,
      answer: z.strictObject({ items: z.array(OverrideRow) }),
      async handle({ connection, params }) {
        const key = await keyOf(connection, params.customer);
        const now = today(connection);
        const all = await store.overrides.list(connection.id);
        return {
          items: all
            .filter(({ customer }) => customer.module === key.module && customer.id === key.id)
            .map(({ phase, subPhase, reason, by, setOn, until, setAt, endedOn, endedBy }) => ({
              ...{ phase, subPhase, reason, by, setOn, until, endedOn, endedBy },
              setAt: setAt.toISOString(),
              holds: now <= until && endedOn === null,
            })),
        };
      },
    }),
    defineRoute({
      method: 'PUT',
      path: '/connections/{connection}/customers/{customer}/override',
      action: 'override.set',
      isInput: true,
      summary: 'Set the phase by hand, for a time and with a reason',
      description: 'Shown from the next scoring on, the computed phase beside it.',
      tag,
      params: OfCustomer,
      body: OverrideBody,
      answer: z.strictObject({ customer: CustomerKeySchema, until: CalendarDay }),
      async handle({ connection, params, body, principal, note }) {
        const key = await keyOf(connection, params.customer);
        const { phase, subPhase, reason, until } = body;
        const setOn = today(connection);
        if (until < setOn) throw inBody('until', `is past; give today (${setOn}) or a later day`);
        if (subPhase !== null && !SUB_PHASES[phase].includes(subPhase)) {
          const known = SUB_PHASES[phase].join(', ') || 'none';
          throw inBody('subPhase', `of ${phase} there are: ${known}`);
        }
        const override = { phase, subPhase, reason, until, setOn, by: principal.name };
        await store.overrides.set(connection.id, key, override, clock.now());
        note({ target: targetOf(key), after: { phase, subPhase, until } });
        return { customer: key, until };
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: '/connections/{connection}/customers/{customer}/override',
      action: 'override.end',
      isInput: true,
      summary: 'Show the computed phase again',
      tag,
      params: OfCustomer,
      status: 204,
      answer: z.void(),
      async handle({ connection, params, principal, note }) {
        const key = await keyOf(connection, params.customer);
        const ending = { on: today(connection), by: principal.name };
        if (!(await store.overrides.end(connection.id, key, ending, clock.now()))) {
          throw new NotFoundError(`no phase of ${targetOf(key)} is set by hand`);
        }
        note({ target: targetOf(key), after: { ended: true } });
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers/{customer}/notes',
      summary: 'Goodwill and thanks that people noted here, newest first',
      description: `At most ${MOST_NOTES} of either kind. What Zoho holds of them stands in the score.`,
      tag,
      params: OfCustomer,
      answer: z.strictObject({
        goodwill: z.array(z.strictObject({ day: CalendarDay, amount: Money, note: z.string().nullable() })),
        thanks: z.array(z.strictObject({ day: CalendarDay, how: z.string(), note: z.string().nullable() })),
      }),
      async handle({ connection, params }) {
        return store.notes.of(connection.id, await keyOf(connection, params.customer), MOST_NOTES);
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/customers/{customer}/goodwill',
      action: 'goodwill.add',
      isInput: true,
      summary: 'Note what was given because something went wrong',
      tag,
      params: OfCustomer,
      body: GoodwillBody,
      status: 201,
      answer: z.strictObject({ customer: CustomerKeySchema, day: CalendarDay, amount: Money }),
      async handle({ connection, params, body, note }) {
        const key = await keyOf(connection, params.customer);
        const amount = toMinor(body.amount);
        if (amount === null || amount === 0) throw inBody('amount', 'money above 0, e.g. 49.50');
        const day = noteDay(connection, body.day);
        await store.notes.addGoodwill(connection.id, key, { day, amount, note: body.note });
        note({ target: targetOf(key), after: { day, amount } });
        return { customer: key, day, amount };
      },
    }),
    defineRoute({
      method: 'POST',
      path: '/connections/{connection}/customers/{customer}/thanks',
      action: 'thanks.add',
      isInput: true,
      summary: 'Note that the customer was thanked',
      tag,
      params: OfCustomer,
      body: ThanksBody,
      status: 201,
      answer: z.strictObject({ customer: CustomerKeySchema, day: CalendarDay, how: z.string() }),
      async handle({ connection, params, body, note }) {
        const key = await keyOf(connection, params.customer);
        const day = noteDay(connection, body.day);
        await store.notes.addThanks(connection.id, key, { day, how: body.how, note: body.note });
        note({ target: targetOf(key), after: { day, how: body.how } });
        return { customer: key, day, how: body.how };
      },
    }),
  ];
}

function inBody(path: string, message: string): ProblemsError {
  return new ProblemsError([{ in: 'body', path, message }]);
}
