import { z } from 'zod';
import type { Connection } from '../../domain.ts';
import { NotFoundError } from '../../errors.ts';
import type { SavedView, ViewQuery } from '../../store/view-stores.ts';
import { type ApiRoute, defineRoute } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Instant } from '../api-schemas.ts';
import { ForbiddenError } from '../http-errors.ts';
import type { Principal } from '../principal.ts';
import { CustomerFilterQuery, CustomerOrderQuery } from './customer-schemas.ts';

/** Views of the list of customers: a filter, an order and columns under a name, for oneself or for all who see the connection. */

const tag = 'Customers';
const path = '/connections/{connection}/customer-views';

/** A parameter of the list, kept as it stands in its address. */
function asWritten(schema: z.ZodType) {
  return z
    .string()
    .min(1)
    .max(200)
    .refine((text) => schema.safeParse(text).success, 'not a value of this parameter of the list')
    .optional();
}
const Query = z
  .strictObject({
    ...mapped({ ...CustomerFilterQuery, ...CustomerOrderQuery }),
    columns: z
      .string()
      .regex(/^[a-zA-Z]{1,30}(,[a-zA-Z]{1,30}){0,29}$/, 'names of columns, parted by commas')
      .optional()
      .meta({ description: 'Of the page, parted by commas; left out: its own choice' }),
  })
  .meta({ description: 'Parameters of GET …/customers by their names, each as text' });
function mapped<Shape extends { readonly [name: string]: z.ZodType }>(shape: Shape) {
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, asWritten(schema)])) as {
    [Name in keyof Shape]: ReturnType<typeof asWritten>; // the same names
  };
}

const Name = z.string().trim().min(1).max(80);
const NewView = z
  .strictObject({ name: Name, shared: z.boolean().default(false), query: Query })
  .meta({ example: { name: 'Top and quiet', shared: false, query: { tier: 'top', quietDays: '90' } } });
const ViewChange = z
  .strictObject({ name: Name.optional(), shared: z.boolean().optional(), query: Query.optional() })
  .meta({ example: { name: 'Top and silent' } });
const View = z.strictObject({
  id: z.string(),
  name: z.string(),
  shared: z.boolean(),
  mine: z.boolean(),
  ownerName: z.string().nullable(),
  canChange: z.boolean().meta({ description: 'One of yours; a shared one: as an administrator' }),
  query: Query,
  changedAt: Instant,
});
const OfView = z.strictObject({ view: z.string().regex(/^[0-9a-f]{1,40}$/, 'the id of a view') });

export function customerViewRoutes({ store, clock }: Pick<ApiDeps, 'store' | 'clock'>): ApiRoute[] {
  /** Throws NotFoundError on a view of somebody else alike, ForbiddenError where it may be seen but not changed. */
  async function changeable(connection: Connection, id: string, principal: Principal): Promise<SavedView> {
    const view = await store.savedViews.get(connection.id, id);
    if (view === null || !(view.shared || view.who === whoIs(principal)))
      throw new NotFoundError('there is no such view, or it is not shared with you');
    if (!canChange(view, connection, principal))
      throw new ForbiddenError('a shared view is changed by an administrator; save one of your own');
    return view;
  }
  return [
    defineRoute({
      method: 'GET',
      path,
      summary: 'Views of the list of customers that the caller saved or that are shared, by name',
      tag,
      answer: z.strictObject({ items: z.array(View) }),
      async handle({ connection, principal }) {
        const views = await store.savedViews.list(connection.id, whoIs(principal));
        return { items: views.map((view) => shown(view, connection, principal)) };
      },
    }),
    defineRoute({
      method: 'POST',
      path,
      action: 'view.add',
      summary: 'Save a view; only an administrator may share one',
      tag,
      access: 'viewer',
      body: NewView,
      status: 201,
      answer: View,
      async handle({ connection, principal, body: { name, shared, query }, note }) {
        requireOwnHand(principal);
        if (shared) requireSharing(connection, principal);
        const saved = { who: whoIs(principal), name, shared, query: written(query) };
        const view = await store.savedViews.add(connection.id, saved, clock.now());
        note({ target: view.id, after: { shared, query: view.query } });
        return shown(view, connection, principal);
      },
    }),
    defineRoute({
      method: 'PATCH',
      path: `${path}/{view}`,
      action: 'view.change',
      summary: 'Rename a view, give it another filter, order or columns, share it or take it back',
      tag,
      access: 'viewer',
      params: OfView,
      body: ViewChange,
      answer: View,
      async handle({ connection, principal, params, body: { name, shared, query }, note }) {
        requireOwnHand(principal);
        const before = await changeable(connection, params.view, principal);
        if (shared) requireSharing(connection, principal);
        const change = {
          ...(name === undefined ? {} : { name }),
          ...(shared === undefined ? {} : { shared }),
          ...(query === undefined ? {} : { query: written(query) }),
        };
        const view = await store.savedViews.change(connection.id, params.view, change, clock.now());
        if (view === null) throw new NotFoundError('the view was removed meanwhile');
        note({
          target: view.id,
          before: { shared: before.shared, query: before.query },
          after: { shared: view.shared, query: view.query },
        });
        return shown(view, connection, principal);
      },
    }),
    defineRoute({
      method: 'DELETE',
      path: `${path}/{view}`,
      action: 'view.remove',
      summary: 'Remove a view',
      tag,
      access: 'viewer',
      params: OfView,
      status: 204,
      answer: z.void(),
      async handle({ connection, principal, params, note }) {
        requireOwnHand(principal);
        const { id, shared, query } = await changeable(connection, params.view, principal);
        await store.savedViews.remove(connection.id, id);
        note({ target: id, before: { shared, query } });
      },
    }),
  ];
}

function whoIs({ kind, id }: Principal): string {
  return `${kind}:${id}`;
}

/** An operator on a visit looks and changes nothing. */
function requireOwnHand({ visit }: Principal): void {
  if (visit) throw new ForbiddenError('on a visit nothing is changed');
}

function requireSharing({ id }: Connection, principal: Principal): void {
  if (principal.roleOn(id) !== 'admin')
    throw new ForbiddenError('only an administrator of the connection shares a view; save it for yourself');
}

function canChange(view: SavedView, { id }: Connection, principal: Principal): boolean {
  if (principal.visit) return false;
  return view.shared ? principal.roleOn(id) === 'admin' : view.who === whoIs(principal);
}

function written(query: z.output<typeof Query>): ViewQuery {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function shown(view: SavedView, connection: Connection, principal: Principal): z.input<typeof View> {
  const { id, name, shared, query, whoName, who, changedAt } = view;
  return {
    ...{ id, name, shared, query, ownerName: whoName, mine: who === whoIs(principal) },
    canChange: canChange(view, connection, principal),
    changedAt: changedAt.toISOString(),
  };
}
