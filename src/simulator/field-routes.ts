import { Router } from 'express';
import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { byMethod } from './endpoint.ts';
import { FieldFault, makeField, optionsOf, tooltipOf } from './field-create.ts';
import { showField } from './field-show.ts';
import { findModule } from './module-access.ts';
import { invalidParam, knownFields, listIn, requiredParam } from './requests.ts';
import { isObject } from './row-input.ts';
import type { FieldState, ModuleState } from './state.ts';

const MOST_FIELDS = 5;

/** `/crm/v8/settings/fields`. */
export function fieldRouter(context: SimContext): Router {
  const router = Router();
  const change = (call: Call, id: string | null) =>
    eachField(context, call, 200, 'UPDATE', (module, input, at) => {
      const field = fieldById(module, id ?? (isObject(input) ? String(input.id) : ''), at);
      changeField(context, field, input, at);
      return success(field.id, 'field updated');
    });
  router.all(
    '/crm/v8/settings/fields',
    byMethod(context.endpoint, {
      GET: (call) => listFields(context, call),
      POST: (call) => createFields(context, call),
      PATCH: (call) => change(call, null),
    }),
  );
  router.all(
    '/crm/v8/settings/fields/:id',
    byMethod(context.endpoint, {
      GET: (call) => oneField(context, call),
      PATCH: (call) => change(call, call.params.id ?? ''),
      DELETE: (call) => deleteField(context, call),
    }),
  );
  return router;
}

/** The module that the `module` parameter names; also for layouts and related lists. */
export function moduleParam(context: SimContext, call: Call): ModuleState {
  const module = findModule(context, requiredParam(call, 'module'), call.user);
  if (module !== undefined) return module;
  throw new ApiError(400, 'INVALID_MODULE', 'The module name given seems to be invalid', {
    param_name: 'module',
  });
}

function listFields(context: SimContext, call: Call): Answer {
  call.need('settings', 'fields', 'READ');
  call.charge(1);
  const module = moduleParam(context, call);
  const { type = 'all' } = call.query;
  if (type !== 'all' && type !== 'unused')
    throw invalidParam('type', { supported_values: ['all', 'unused'] });
  const fields = knownFields(module, context.clock.nowMs())
    .filter((field) => type === 'all' || !field.onLayout)
    .map((field) => showField(context.state, module, field, call.user.timeZone));
  return fields.length === 0 ? { status: 204 } : { status: 200, json: { fields } };
}

function oneField(context: SimContext, call: Call): Answer {
  call.need('settings', 'fields', 'READ');
  call.charge(1);
  const module = moduleParam(context, call);
  const field = knownFields(module, context.clock.nowMs()).find(({ id }) => id === call.params.id);
  if (field === undefined) return { status: 204 };
  return { status: 200, json: { fields: [showField(context.state, module, field, call.user.timeZone)] } };
}

type Work = (module: ModuleState, input: unknown, at: number) => unknown;

function eachField(
  context: SimContext,
  call: Call,
  okStatus: number,
  operation: 'CREATE' | 'UPDATE' | 'DELETE',
  work: Work,
): Answer {
  const module = openModule(context, call, operation);
  return answerEach(context, module, listIn(call.json(), 'fields', MOST_FIELDS), okStatus, work);
}

/** Only administrators may customise. */
function openModule(context: SimContext, call: Call, operation: string): ModuleState {
  call.need('settings', 'fields', operation);
  call.charge(1);
  if (!call.user.admin)
    throw new ApiError(403, 'NO_PERMISSION', 'permission denied', { permissions: ['Crm_Implied_Customize'] });
  return moduleParam(context, call);
}

function answerEach(
  { switches }: SimContext,
  module: ModuleState,
  inputs: readonly unknown[],
  okStatus: number,
  work: Work,
): Answer {
  let failures = 0;
  const fields = inputs.map((input, at) => {
    try {
      return work(module, input, at);
    } catch (error) {
      if (!(error instanceof FieldFault)) throw error;
      failures += 1;
      return { ...error.fault, status: 'error' };
    }
  });
  const status = failures === 0 ? okStatus : failures === inputs.length ? 400 : switches.partialStatus;
  return { status, json: { fields } };
}

function success(id: string, message: string) {
  return { code: 'SUCCESS', status: 'success', message, details: { id } };
}

function createFields(context: SimContext, call: Call): Answer {
  const { state, switches, clock } = context;
  return eachField(context, call, 201, 'CREATE', (module, input, at) => {
    const field = makeField({ state, switches, module, nowMs: clock.nowMs(), at }, input);
    module.fields.set(field.apiName, field);
    // The API name stays untold: it has to be read back.
    return success(field.id, 'field created');
  });
}

function fieldById(module: ModuleState, id: string, at: number): FieldState {
  const field = [...module.fields.values()].find((each) => each.id === id);
  if (field !== undefined) return field;
  throw new FieldFault('INVALID_DATA', 'the id given seems to be invalid', {
    api_name: 'id',
    json_path: `$.fields[${at}].id`,
  });
}

function changeField({ state }: SimContext, field: FieldState, input: unknown, at: number): void {
  if (!isObject(input)) return;
  if (typeof input.field_label === 'string') field.label = input.field_label;
  if (input.tooltip !== undefined) field.tooltip = tooltipOf(input, at);
  if (input.pick_list_values !== undefined) field.options = optionsOf(input, field.dataType, state, at);
}

function deleteField(context: SimContext, call: Call): Answer {
  const module = openModule(context, call, 'DELETE');
  return answerEach(context, module, [call.params.id], 200, (_module, id, at) => {
    const field = fieldById(module, String(id), at);
    if (!field.custom) throw new FieldFault('NOT_ALLOWED', 'default fields cannot be deleted', { id });
    module.fields.delete(field.apiName);
    for (const row of module.rows.values())
      if (row.values[field.apiName] !== undefined) row.values[field.apiName] = undefined;
    return success(field.id, 'field deleted');
  });
}
