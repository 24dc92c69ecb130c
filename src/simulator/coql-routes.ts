import { Router } from 'express';
import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { coqlCredits, parseCoql, runCoql } from './coql.ts';
import { byMethod } from './endpoint.ts';
import { showField } from './field-show.ts';
import { scopeWord } from './module-access.ts';
import { isObject } from './row-input.ts';

/** `POST /crm/v8/coql`, priced by the LIMIT of the query. */
export function coqlRouter(context: SimContext): Router {
  const router = Router();
  router.all('/crm/v8/coql', byMethod(context.endpoint, { POST: (call) => answerQuery(context, call) }));
  return router;
}

function answerQuery(context: SimContext, call: Call): Answer {
  call.need('coql', 'READ');
  call.enterSub();
  const body = call.json();
  const text = isObject(body) ? body.select_query : undefined;
  if (typeof text !== 'string')
    throw new ApiError(400, 'MANDATORY_NOT_FOUND', 'required field not found', {
      api_name: 'select_query',
      json_path: '$.select_query',
    });
  const query = parseCoql(text, context.catalog(call.user), context.switches);
  const module = context.state.modules.get(query.module);
  if (module !== undefined) call.need('modules', scopeWord(module), 'READ');
  call.charge(coqlCredits(query));
  const { rows, more } = runCoql(query, context.source(call.user.timeZone));
  if (rows.length === 0) return { status: 204 };
  const info = { count: rows.length, more_records: more };
  return { status: 200, json: { data: rows, info, ...metaFor(context, call, body, text) } };
}

/** `include_meta: ["fields"]` adds the descriptions of the plain columns. */
function metaFor({ state, catalog, switches }: SimContext, call: Call, body: unknown, text: string) {
  const wants = isObject(body) && Array.isArray(body.include_meta) && body.include_meta.includes('fields');
  if (!wants) return {};
  call.need('settings', 'fields', 'READ');
  const query = parseCoql(text, catalog(call.user), switches);
  const module = state.modules.get(query.module);
  if (module === undefined) return {};
  const fields = query.columns.flatMap(({ path }) => {
    const field = path.through.length === 0 ? module.fields.get(path.field) : undefined;
    return field === undefined ? [] : [showField(state, module, field, call.user.timeZone)];
  });
  return { fields: Object.fromEntries(fields.map((field) => [field.api_name, field])) };
}
