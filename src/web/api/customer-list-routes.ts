import { z } from 'zod';
import { CUSTOMER_COLUMNS, customerRows } from '../../views/customer-rows.ts';
import { rowLines } from '../../views/row-lines.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { Flag } from '../api-schemas.ts';
import { cursorOf, Paged, pageSchema, placeOf } from '../paging.ts';
import { sendLines } from '../send-lines.ts';
import { CustomerFilterQuery, ListedCustomerSchema, listedCustomer } from './customer-schemas.ts';

/** Customers as a list: searched, filtered, ordered, paged, and as a file. */

const tag = 'Customers';
const Place = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
const Order = z.enum(['value', 'revenue', 'expected', 'name', 'last_contact']);

export function customerListRoutes({
  store,
  settingsOf,
  work,
}: Pick<ApiDeps, 'store' | 'settingsOf' | 'work'>): ApiRoute[] {
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
        sort: Order.default('value').meta({ description: 'value: profit of 12 months' }),
        direction: z
          .enum(['asc', 'desc'])
          .optional()
          .meta({ description: 'Default: asc for names, else desc' }),
      }),
      answer: pageSchema(ListedCustomerSchema).extend({ total: z.int().nullable() }),
      async handle({ connection, query }) {
        const { limit, cursor, sort, direction, tier, phase, subPhase, contactStatus, owner, gold, search } =
          query;
        const filter = {
          ...{
            search,
            gold,
            tiers: tier,
            phases: phase,
            subPhases: subPhase,
            contactStatuses: contactStatus,
          },
          owners: owner === undefined ? undefined : [owner],
        };
        const descending = (direction ?? (sort === 'name' ? 'asc' : 'desc')) === 'desc';
        const after = placeOf(Place, cursor);
        const page = await store.customerList.page(connection.id, {
          filter,
          order: sort,
          descending,
          after,
          limit,
        });
        const names = new Map((await store.users.all(connection.id)).map(({ id, name }) => [id, name]));
        return {
          items: page.items.map((item) => listedCustomer(item, names)),
          next: cursorOf(page.next),
          total: after === null ? await store.customerList.count(connection.id, filter) : null,
        };
      },
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/customers/export',
      summary: 'One row a customer, as `zcv export` writes it',
      tag,
      query: z.strictObject({
        format: z.enum(['csv', 'ndjson']).default('csv'),
        falling: Flag.meta({ description: 'Only Top and Good customers that are expected to fall' }),
      }),
      stream: { types: ['text/csv', 'application/x-ndjson'], description: 'A file' },
      async send({ connection, query: { format, falling = false }, res }) {
        const settings = await settingsOf(connection);
        const rows = customerRows({ store, settings }, connection, { falling });
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
