import { Router } from 'express';
import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { answerConversion } from './convert-routes.ts';
import { listEmails } from './email-routes.ts';
import { byMethod } from './endpoint.ts';
import { RECYCLE_DAYS } from './record-life.ts';
import { fieldList, listRecords } from './record-list.ts';
import { recordWrites } from './record-writes.ts';
import { listRelatedRecords } from './related-routes.ts';
import { DISCRETE_ROWS, instantHeader, moduleFor, pageParams, readyFields } from './requests.ts';
import { showRow, showUser } from './row-values.ts';
import { countRecords, searchRecords } from './search-routes.ts';
import type { DeletedRow } from './state.ts';
import { formatInstant } from './times.ts';

const DAY_MS = 86_400_000;
const PERMANENT_DAYS = 120;

/** `/crm/v8/{module}`; to be mounted after every path that begins with another word. */
export function recordRouter(context: SimContext): Router {
  const router = Router();
  const { endpoint } = context;
  const writes = recordWrites(context);
  router.all(
    '/crm/v8/:module',
    byMethod(endpoint, {
      GET: listRecords(context),
      POST: writes.create,
      PUT: writes.update,
      DELETE: writes.remove,
    }),
  );
  router.all('/crm/v8/:module/upsert', byMethod(endpoint, { POST: writes.upsert }));
  router.all('/crm/v8/:module/deleted', byMethod(endpoint, { GET: (call) => listDeleted(context, call) }));
  router.all('/crm/v8/:module/search', byMethod(endpoint, { GET: (call) => searchRecords(context, call) }));
  router.all(
    '/crm/v8/:module/actions/count',
    byMethod(endpoint, { GET: (call) => countRecords(context, call) }),
  );
  router.all(
    '/crm/v8/:module/:id/actions/convert',
    byMethod(endpoint, { POST: (call) => answerConversion(context, call) }),
  );
  router.all('/crm/v8/:module/:id/Emails', byMethod(endpoint, { GET: listEmails(context) }));
  router.all(
    '/crm/v8/:module/:id/:list',
    byMethod(endpoint, { GET: (call) => listRelatedRecords(context, call) }),
  );
  router.all(
    '/crm/v8/:module/:id',
    byMethod(endpoint, {
      GET: (call) => getRecord(context, call),
      PUT: writes.update,
      DELETE: writes.remove,
    }),
  );
  return router;
}

function getRecord(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'READ');
  call.charge(1);
  const { id = '' } = call.params;
  if (!/^\d+$/.test(id))
    throw new ApiError(400, 'INVALID_DATA', 'the id given seems to be invalid', { resource_path_index: 1 });
  const nowMs = context.clock.nowMs();
  const { fields: names } = call.query;
  const rejects = context.switches.unknownListField === 'reject';
  const fields =
    names === undefined ? readyFields(module, nowMs) : fieldList(module, names, { nowMs, rejects });
  const row = module.rows.get(id);
  if (row === undefined) return { status: 204 };
  const shown = showRow(context.viewer(call.user.timeZone), row, fields);
  return { status: 200, json: { data: [names === undefined ? { ...shown, ...UNASKED } : shown] } };
}

/** Keys that come along with a whole record; clients must not stumble over them. */
const UNASKED = { $editable: true, $approved: true, $in_merge: false, $review_process: null, $state: 'save' };

function listDeleted(context: SimContext, call: Call): Answer {
  const module = moduleFor(context, call, 'READ');
  call.charge(2);
  const { type = 'all' } = call.query;
  if (!['all', 'recycle', 'permanent'].includes(type))
    throw new ApiError(400, 'PATTERN_NOT_MATCHED', 'Please check whether the input values are correct', {
      param: 'type',
      api_name: 'type',
    });
  const { page, perPage } = pageParams(call);
  if (context.switches.deletedStopsAt2000 && page * perPage > DISCRETE_ROWS)
    throw new ApiError(400, 'DISCRETE_PAGINATION_LIMIT_EXCEEDED', 'only 2000 records can be fetched');
  const since = instantHeader(call, 'if-modified-since') ?? Number.NEGATIVE_INFINITY;
  const nowMs = context.clock.nowMs();
  const rows = module.deleted
    .flatMap((row) => aged(row, nowMs) ?? [])
    .filter((row) => row.deletedMs > since && (type === 'all' || type === row.type))
    .reverse();
  const data = rows.slice((page - 1) * perPage, page * perPage).map((row) => ({
    id: row.id,
    display_name: row.displayName,
    type: row.type,
    deleted_time: formatInstant(row.deletedMs, call.user.timeZone),
    deleted_by: personIn(context, row.deletedBy),
    created_by: personIn(context, row.createdBy),
  }));
  if (data.length === 0) return { status: 204 };
  const info = { per_page: perPage, count: data.length, page, more_records: rows.length > page * perPage };
  return { status: 200, json: { data, info } };
}

/** The recycle bin is emptied after 60 days; after 120 nothing is left to tell of a deletion. */
function aged(row: DeletedRow, nowMs: number): DeletedRow | null {
  const days = (nowMs - row.deletedMs) / DAY_MS;
  if (days > PERMANENT_DAYS) return null;
  if (row.type === 'permanent' || days <= RECYCLE_DAYS) return row;
  return { ...row, type: 'permanent', displayName: null, deletedBy: null, createdBy: null };
}

function personIn({ state }: SimContext, id: string | null): { id: string; name: string } | null {
  const user = id === null ? null : showUser(state, id);
  return user === null ? null : { id: user.id, name: user.name };
}
