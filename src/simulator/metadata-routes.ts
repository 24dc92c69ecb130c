import { Router } from 'express';
import { ApiError } from './api-error.ts';
import type { Answer, Call, SimContext } from './context.ts';
import { byMethod } from './endpoint.ts';
import { moduleParam } from './field-routes.ts';
import { profiles, showField } from './field-show.ts';
import { isHiddenFrom } from './module-access.ts';
import { invalidParam, listIn, readyFields, requiredParam } from './requests.ts';
import { isObject } from './row-input.ts';
import { showUser } from './row-values.ts';
import type { ModuleState } from './state.ts';
import { formatInstant } from './times.ts';

const FORECAST_CATEGORIES = { Open: 'Pipeline', 'Closed Won': 'Closed', 'Closed Lost': 'Omitted' } as const;
/** Tabs without records, which the list of modules names as well. */
const TABS = ['Home', 'Reports', 'Dashboards'];

/** Modules, layouts, pipelines and related lists under `/crm/v8/settings/`. */
export function metadataRouter(context: SimContext): Router {
  const router = Router();
  const { endpoint } = context;
  router.all('/crm/v8/settings/modules', byMethod(endpoint, { GET: (call) => listModules(context, call) }));
  router.all(
    '/crm/v8/settings/modules/:name',
    byMethod(endpoint, { GET: (call) => oneModule(context, call) }),
  );
  const layouts = {
    GET: (call: Call) => listLayouts(context, call),
    PATCH: (call: Call) => changeLayout(context, call),
  };
  router.all('/crm/v8/settings/layouts', byMethod(endpoint, layouts));
  router.all('/crm/v8/settings/layouts/:id', byMethod(endpoint, layouts));
  router.all(
    '/crm/v8/settings/pipeline',
    byMethod(endpoint, { GET: (call) => listPipelines(context, call) }),
  );
  router.all(
    '/crm/v8/settings/related_lists',
    byMethod(endpoint, { GET: (call) => listRelated(context, call) }),
  );
  return router;
}

function listModules(context: SimContext, call: Call): Answer {
  call.need('settings', 'modules', 'READ');
  call.charge(1);
  const modules = [...context.state.modules.values()].map((module, at) =>
    showModule(context, call, module, at),
  );
  const tabs = TABS.map((name, at) => ({
    ...moduleShape(`472576700000000${at}001`, name, modules.length + at),
    singular_label: name,
    plural_label: name,
    generated_type: 'web',
    ...{ api_supported: false, viewable: false, creatable: false, editable: false, deletable: false },
  }));
  return { status: 200, json: { modules: [...modules, ...tabs] } };
}

function oneModule(context: SimContext, call: Call): Answer {
  call.need('settings', 'modules', 'READ');
  call.charge(1);
  const module = context.state.modules.get(call.params.name ?? '');
  if (module === undefined)
    throw new ApiError(400, 'INVALID_MODULE', 'The module name given seems to be invalid', {
      resource_path_index: 2,
    });
  return { status: 200, json: { modules: [showModule(context, call, module, 0)] } };
}

function showModule(context: SimContext, call: Call, module: ModuleState, sequence: number) {
  const isHidden = isHiddenFrom(context, module, call.user);
  const parentId = context.state.modules.get(module.parent ?? '')?.id ?? null;
  return {
    ...moduleShape(module.id, module.apiName, sequence),
    singular_label: module.singular,
    plural_label: module.plural,
    generated_type: module.kind,
    api_supported: true,
    ...rightsOf(module, isHidden),
    parent_module: module.parent === null ? {} : { api_name: module.parent, id: parentId },
  };
}

/** Lines are changed through what they belong to, histories by nobody. */
function rightsOf({ kind }: ModuleState, isHidden: boolean) {
  const isTab = kind === 'default' || kind === 'custom';
  const isChanged = isTab && !isHidden;
  return {
    viewable: !isHidden,
    ...{ creatable: isChanged, editable: isChanged, deletable: isChanged },
    ...{ visible: isTab && !isHidden, show_as_tab: isTab && !isHidden },
    status: isHidden ? 'user_hidden' : isTab ? 'visible' : 'system_hidden',
  };
}

function moduleShape(id: string, name: string, sequence: number) {
  return {
    id,
    api_name: name,
    module_name: name,
    sequence_number: sequence + 1,
    visible: true,
    visibility: 1,
    status: 'visible',
    show_as_tab: true,
    global_search_supported: true,
    quick_create: false,
    convertable: name === 'Leads',
    triggers_supported: true,
    feeds_required: false,
    scoring_supported: true,
    webform_supported: false,
    filter_supported: true,
    inventory_template_supported: false,
    emailTemplate_support: false,
    email_parser_supported: false,
    isBlueprintSupported: true,
    presence_sub_menu: true,
    recycle_bin_on_delete: true,
    track_current_data: false,
    has_more_profiles: false,
    sub_menu_available: true,
    chart_view: false,
    chart_view_supported: true,
    business_card_field_limit: 5,
    profile_count: 2,
    description: null,
    web_link: null,
    modified_time: null,
    modified_by: null,
    parent_module: {},
    activity_badge: 'Disabled',
    arguments: [],
    profiles: profiles().map(({ id: profileId, name: profileName }) => ({
      id: profileId,
      name: profileName,
    })),
  };
}

function listLayouts(context: SimContext, call: Call): Answer {
  call.need('settings', 'layouts', 'READ');
  call.charge(1);
  const module = moduleParam(context, call);
  if (call.params.id !== undefined && call.params.id !== module.layoutId) return { status: 204 };
  return { status: 200, json: { layouts: [showLayout(context, call, module)] } };
}

function showLayout({ state, clock }: SimContext, call: Call, module: ModuleState) {
  const fieldsOf = (sectionId: string | null) =>
    readyFields(module, clock.nowMs())
      .filter((field) => field.onLayout && field.sectionId === sectionId)
      .map((field, at) => ({
        ...showField(state, module, field, call.user.timeZone),
        required: field.mandatory || field.requiredOnLayout,
        sequence_number: at + 1,
        section_id: 1,
        validation_rule: null,
        default_value: null,
      }));
  return {
    id: module.layoutId,
    name: 'Standard',
    api_name: 'Standard',
    display_label: 'Standard',
    status: 'active',
    visible: true,
    has_more_profiles: false,
    source: 'crm',
    mode: 'view',
    generated_type: 'system_defined',
    show_business_card: true,
    created_time: null,
    modified_time: null,
    created_for: null,
    created_by: null,
    modified_by: showUser(state, call.user.id),
    convert_mapping: null,
    profiles: profiles().map(({ id, name }) => ({ id, name, default: true, _default_view: null })),
    actions_allowed: {
      edit: true,
      rename: true,
      clone: true,
      downgrade: false,
      delete: false,
      deactivate: false,
      set_layout_permissions: true,
    },
    sections: [
      showSection(module.sectionId, `${module.singular} Information`, 1, fieldsOf(null)),
      ...module.sections.map(({ id, label }, at) => showSection(id, label, at + 2, fieldsOf(id))),
    ],
  };
}

function showSection(id: string, label: string, sequence: number, fields: readonly object[]) {
  return {
    id,
    name: label,
    api_name: label.replaceAll(' ', '_'),
    display_label: label,
    sequence_number: sequence,
    column_count: 2,
    tab_traversal: 'left_to_right',
    isSubformSection: false,
    generated_type: sequence === 1 ? 'default' : 'custom',
    type: 'used',
    properties: null,
    fields,
  };
}

const MOST_IN_LAYOUT_CHANGE = 5;

/**
 * A section without id is new, one with `_delete` goes with its fields. Fields by id: `required` of the layout,
 * `_delete` takes off, anything else puts into the section.
 */
function changeLayout(context: SimContext, call: Call): Answer {
  call.need('settings', 'layouts', 'UPDATE');
  call.charge(1);
  if (!call.user.admin) throw new ApiError(403, 'NO_PERMISSION', 'permission denied', {});
  const module = moduleParam(context, call);
  const [layout] = listIn(call.json(), 'layouts', 1);
  const id = call.params.id ?? (isObject(layout) ? layout.id : undefined);
  if (id !== module.layoutId)
    throw new ApiError(400, 'INVALID_DATA', 'the id given seems to be invalid', { api_name: 'id' });
  const sections = isObject(layout) && Array.isArray(layout.sections) ? layout.sections.filter(isObject) : [];
  const count = sections.reduce((sum, { fields }) => sum + (Array.isArray(fields) ? fields.length : 0), 0);
  if (Math.max(count, sections.length) > MOST_IN_LAYOUT_CHANGE)
    throw new ApiError(400, 'LIMIT_EXCEEDED', 'the limit is exceeded', { limit: MOST_IN_LAYOUT_CHANGE });
  for (const section of sections) changeSection(context, module, section);
  const done = { code: 'SUCCESS', status: 'success', message: 'layout updated', details: { id } };
  return { status: 200, json: { layouts: [done] } };
}

function changeSection({ state }: SimContext, module: ModuleState, section: Record<string, unknown>): void {
  const own = sectionOf(state, module, section);
  const fields = Array.isArray(section.fields) ? section.fields : [];
  for (const change of fields) {
    const known = [...module.fields.values()].find((field) => isObject(change) && field.id === change.id);
    if (known === undefined || !isObject(change))
      throw new ApiError(400, 'INVALID_DATA', 'the id given seems to be invalid', { api_name: 'fields' });
    known.onLayout = change._delete === undefined;
    known.sectionId = own;
    if (typeof change.required === 'boolean') known.requiredOnLayout = change.required;
  }
  if (section._delete === undefined || own === null) return;
  module.sections = module.sections.filter(({ id }) => id !== own);
  for (const field of module.fields.values()) {
    if (field.sectionId !== own) continue;
    field.sectionId = null;
    field.onLayout = false;
  }
}

/** Null: the first one. */
function sectionOf(
  { ids }: SimContext['state'],
  module: ModuleState,
  { id, display_label: label }: Record<string, unknown>,
): string | null {
  if (id === module.sectionId) return null;
  const known = module.sections.find((section) => section.id === id);
  if (known) return known.id;
  if (id !== undefined)
    throw new ApiError(400, 'INVALID_DATA', 'the id given seems to be invalid', { api_name: 'sections' });
  if (typeof label !== 'string' || !/^[\p{L}\p{N} ]{1,50}$/u.test(label))
    throw new ApiError(400, 'MANDATORY_NOT_FOUND', 'required field not found', { api_name: 'display_label' });
  const made = { id: ids.next(), label };
  module.sections.push(made);
  return made.id;
}

function listPipelines({ state }: SimContext, call: Call): Answer {
  call.need('settings', 'pipeline', 'READ');
  call.charge(1);
  if (requiredParam(call, 'layout_id') !== state.modules.get(state.dealsModule)?.layoutId)
    throw invalidParam('layout_id');
  const pipeline = state.pipelines.map(({ id, name, isDefault, stages }) => ({
    id,
    display_value: name,
    actual_value: name,
    default: isDefault,
    child_available: false,
    maps: stages.map((stage, at) => ({
      id: stage.id,
      display_value: stage.display,
      actual_value: stage.actual,
      sequence_number: at + 1,
      colour_code: null,
      forecast_type: stage.forecast_type,
      forecast_category: { name: FORECAST_CATEGORIES[stage.forecast_type], id: '4725767000000005001' },
    })),
  }));
  return { status: 200, json: { pipeline } };
}

function listRelated(context: SimContext, call: Call): Answer {
  call.need('settings', 'related_lists', 'READ');
  call.charge(1);
  const module = moduleParam(context, call);
  const related = relatedLists(context, call, module);
  if (related.length === 0) return { status: 204 };
  const lists = related.map(({ id, apiName, plural, list }, at) => ({
    id: `4725767000000009${String(at).padStart(3, '0')}`,
    sequence_number: String(at + 1),
    display_label: plural,
    api_name: list,
    name: plural,
    module: { api_name: apiName, id },
    action: null,
    href: `${module.apiName}/{ENTITYID}/${list}`,
    type: 'default',
    status: 'visible',
    connectedmodule: null,
    linkingmodule: null,
    modified_time: formatInstant(0, call.user.timeZone),
  }));
  return { status: 200, json: { related_lists: lists } };
}

function relatedLists(context: SimContext, call: Call, { apiName: target }: ModuleState) {
  return [...context.state.modules.values()].flatMap((module) => {
    const isPointing = [...module.fields.values()].some(
      ({ dataType, lookup }) => dataType === 'lookup' && (lookup === target || lookup === null),
    );
    if (!isPointing || module.kind === 'subform' || isHiddenFrom(context, module, call.user)) return [];
    const { id, apiName, plural, kind } = module;
    return [{ id, apiName, plural, list: kind === 'field_tracker' ? 'Stage_History' : apiName }];
  });
}
