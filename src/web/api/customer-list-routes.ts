import { z } from 'zod';
import { dayOf } from '../../clock.ts';
import type { Connection } from '../../domain.ts';
import { CUSTOMER_COLUMNS, customerRows, listedRows } from '../../views/customer-rows.ts';
import { rowLines } from '../../views/row-lines.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Flag } from '../api-schemas.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';
import { sendLines } from '../send-lines.ts';
import {
  CustomerFilterQuery,
  CustomerOrderQuery,
  ListedCustomerSchema,
  listAskedFor,
  listedCustomer,
} from './customer-schemas.ts';

/** Customers as a list: searched, filtered, ordered, paged, and as a file. */

const tag = 'Customers';
const Place = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);

export function customerListRoutes({
  store,
  settingsOf,
  work,
  clock,
}: Pick<ApiDeps, 'store' | 'settingsOf' | 'work' | 'clock'>): ApiRoute[] {
  const today = ({ org }: Connection) => dayOf(clock.now(), org.timeZone);
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/customers',
      summary: 'Customers: searched, filtered, ordered',
      description:
        'Customers without a value in what they are ordered by come last. `total` is told with the first page.',
      tag,
      query: z.strictObject({
        ...Paged,
        ...CustomerFilterQuery,
        ...CustomerOrderQuery,
      }),
      answer: pageSchema(ListedCustomerSchema).extend({ total: z.int().nullable() }),
      async handle({ connection, query: { limit, cursor, ...asked } }) {
        const list = listAskedFor(asked, today(connection));
        const after = placeOf(Place, cursor);
        const page = await store.customerList.page(connection.id, { ...list, after, limit });
        const names = new Map((await store.users.all(connection.id)).map(({ id, name }) => [id, name]));
        return {
          items: page.items.map((item) => listedCustomer(item, names)),
          next: cursorOf(page.next),
          total: after === null ? await store.customerList.count(connection.id, list.filter) : null,
        };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/owners',
      summary: 'Users of the org who own customers or may own any, by name, with how many they have',
      tag,
      answer: z.strictObject({
        items: z.array(
          z.strictObject({
            id: z.string(),
            name: z.string().nullable().meta({ description: 'null: no user of the org any more' }),
            active: z.boolean(),
            customers: z.int(),
          }),
        ),
      }),
      async handle({ connection }) {
        const counts = await store.customerList.ofOwners(connection.id);
        const users = await store.users.all(connection.id);
        const known = new Set(users.map(({ id }) => id));
        const gone = [...counts.keys()].filter((id) => !known.has(id));
        const owners = [...users, ...gone.map((id) => ({ id, name: null, active: false }))];
        return {
          items: owners
            .map(({ id, name, active }) => ({ id, name, active, customers: counts.get(id) ?? 0 }))
            .filter(({ active, customers }) => active || customers > 0)
            .toSorted((a, b) => (a.name ?? a.id).localeCompare(b.name ?? b.id)),
        };
      },
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/customers/export',
      summary: 'One row a customer, as `zcv export` writes it; or those of a list alone',
      description:
        'With a filter or an order: exactly the customers of that list, in its order. Without: all, by module and id.',
      tag,
      query: z.strictObject({
        format: z.enum(['csv', 'ndjson']).default('csv'),
        falling: Flag.meta({ description: 'Only Top and Good customers that are expected to fall' }),
        ...CustomerFilterQuery,
        ...CustomerOrderQuery,
        sort: CustomerOrderQuery.sort.removeDefault().optional(),
      }),
      stream: { types: ['text/csv', 'application/x-ndjson'], description: 'A file' },
      async send({ connection, query: { format, falling = false, sort, ...asked }, res }) {
        const deps = { store, settings: await settingsOf(connection) };
        const isList = sort !== undefined || Object.values(asked).some((value) => value !== undefined);
        const list = listAskedFor({ ...asked, sort: sort ?? 'value' }, today(connection));
        const rows = isList
          ? listedRows(deps, connection, { ...list, falling })
          : customerRows(deps, connection, { falling });
        const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
        await sendLines(
          res,
          { type, fileName: `customers.${format}` },
          rowLines(rows, CUSTOMER_COLUMNS, format),
        );
      },
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/customers/export-periods',
      summary: 'One row a customer and month or year, as `zcv export --by` writes it',
      tag,
      query: z.strictObject({
        by: z.enum(['month', 'year']).default('month'),
        format: z.enum(['csv', 'ndjson']).default('csv'),
      }),
      stream: { types: ['text/csv', 'application/x-ndjson'], description: 'A file' },
      async send({ connection, query: { by, format }, res }) {
        const { rows, columns } = await work.allPeriods(connection, by);
        const type = format === 'csv' ? 'text/csv' : 'application/x-ndjson';
        await sendLines(
          res,
          { type, fileName: `customers-by-${by}.${format}` },
          rowLines(rows, columns, format),
        );
      },
    }),
  ];
}
