import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';
import { z } from 'zod';
import { instantIn } from '../../clock.ts';
import { addDays } from '../../days.ts';
import type { Connection, Day } from '../../domain.ts';
import type { AuditEntry, AuditFilter, AuditStore } from '../../store/access-stores.ts';
import { type ApiRoute, defineRoute, defineStream } from '../api-route.ts';
import type { ApiDeps } from '../api-routes.ts';
import { CalendarDay, Instant } from '../api-schemas.ts';
import { sendLines } from '../send-lines.ts';

/** Who did what, when, before and after. Nobody can change it here. */

const tag = 'Audit log';
const Entry = z.strictObject({
  id: z.int(),
  at: Instant,
  connection: z.string().nullable(),
  who: z.string(),
  whoName: z.string().nullable(),
  action: z.string(),
  target: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
const filter = {
  who: z.string().max(200).optional().meta({ description: 'e.g. cli, or user:<id>' }),
  action: z.string().max(200).optional().meta({ description: 'An action, or the part before its dot: plan' }),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional().meta({ description: 'Exclusive' }),
};
/** In the time zone of the org, both inclusive. */
const days = {
  fromDay: CalendarDay.optional(),
  untilDay: CalendarDay.optional(),
};
const OfPage = z.strictObject({
  ...filter,
  limit: z.coerce.number().int().min(1).max(500).default(100),
  olderThan: z.coerce.number().int().min(1).optional().meta({ description: 'Id of the last entry so far' }),
});
const OfDownload = z.strictObject({ ...filter, format: z.enum(['csv', 'ndjson']).default('csv') });
const Listed = z.strictObject({
  items: z.array(Entry),
  next: z.int().nullable().meta({ description: 'olderThan of the next page; null: this is the last' }),
});
const stream = { types: ['text/csv', 'application/x-ndjson'], description: 'Entries, newest first' };

export function auditRoutes({ store }: Pick<ApiDeps, 'store'>): ApiRoute[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/audit-log',
      summary: 'What was done to the connection, newest first',
      tag,
      access: 'admin',
      query: OfPage.extend(days),
      answer: Listed,
      handle: ({ connection, query }) => list(store.audit, connection.id, inZone(connection, query)),
    }),
    defineStream({
      method: 'GET',
      path: '/connections/{connection}/audit-log/download',
      summary: 'The audit log of the connection as CSV or NDJSON',
      tag,
      access: 'admin',
      query: OfDownload.extend(days),
      stream,
      send: ({ connection, query, res }) => send(store.audit, res, connection.id, inZone(connection, query)),
    }),
    defineRoute({
      method: 'GET',
      path: '/connections/{connection}/audit-log/known',
      summary: 'Who did something to the connection, and the actions there are, to choose from',
      tag,
      access: 'admin',
      answer: z.strictObject({
        who: z.array(z.strictObject({ who: z.string(), name: z.string().nullable() })),
        actions: z.array(z.string()),
      }),
      async handle({ connection }) {
        const { who, actions } = await store.audit.known(connection.id);
        return { who: [...who], actions: [...actions] };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/audit-log',
      summary: 'What was done anywhere, newest first',
      tag,
      access: 'operator',
      query: OfPage,
      answer: Listed,
      handle: ({ query }) => list(store.audit, 'all', query),
    }),
    defineStream({
      method: 'GET',
      path: '/audit-log/download',
      summary: 'The whole audit log as CSV or NDJSON',
      tag,
      access: 'operator',
      query: OfDownload,
      stream,
      send: ({ query, res }) => send(store.audit, res, 'all', query),
    }),
  ];
}

/** Days as the instants at which they begin and end there; instants that are given count as well. */
function inZone<Query extends { from?: string | undefined; until?: string | undefined }>(
  { org }: Connection,
  { fromDay, untilDay, ...query }: Query & { fromDay?: Day | undefined; untilDay?: Day | undefined },
) {
  const begin = (day: Day) => instantIn(day, '00:00', org.timeZone);
  return {
    ...query,
    from: query.from ?? (fromDay === undefined ? undefined : begin(fromDay)),
    until: query.until ?? (untilDay === undefined ? undefined : begin(addDays(untilDay, 1))),
  };
}

type Of = AuditFilter['connection'];

async function list(audit: AuditStore, connection: Of, query: z.output<typeof OfPage>) {
  const { limit, olderThan } = query;
  const items = await audit.list(filterOf(connection, query), { limit, olderThan });
  return { items: items.map(shown), next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
}

async function send(
  audit: AuditStore,
  res: Response,
  connection: Of,
  query: z.output<typeof OfDownload>,
): Promise<void> {
  const entries = everyEntry(audit, filterOf(connection, query));
  const isCsv = query.format === 'csv';
  const type = isCsv ? 'text/csv' : 'application/x-ndjson';
  await sendLines(
    res,
    { type, fileName: `audit-log.${query.format}` },
    isCsv ? csv(entries) : ndjson(entries),
  );
}

function filterOf(
  connection: Of,
  { who, action, from, until }: Omit<z.output<typeof OfDownload>, 'format'>,
): AuditFilter {
  return {
    connection,
    who,
    action,
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
  };
}

function shown({ at, ...entry }: AuditEntry) {
  return { ...entry, at: at.toISOString() };
}

const PAGE = 500;

async function* everyEntry(audit: AuditStore, filtered: AuditFilter) {
  let olderThan: number | undefined;
  for (;;) {
    const items = await audit.list(filtered, { limit: PAGE, olderThan });
    yield* items.map(shown);
    if (items.length < PAGE) return;
    olderThan = items.at(-1)?.id;
  }
}

async function* ndjson(entries: ReturnType<typeof everyEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

const COLUMNS = ['id', 'at', 'connection', 'who', 'whoName', 'action', 'target', 'before', 'after'] as const;

async function* csv(entries: ReturnType<typeof everyEntry>): AsyncGenerator<string> {
  yield stringify([COLUMNS]);
  for await (const entry of entries) {
    const cells = COLUMNS.map((column) => {
      const value = entry[column];
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    });
    // A cell that begins like a formula would be one in a spreadsheet.
    yield stringify([cells], { escape_formulas: true });
  }
}
