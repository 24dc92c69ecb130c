import type { FieldState, ModuleState, OrgState } from './state.ts';
import { formatInstant } from './times.ts';

const JSON_TYPES: Readonly<Record<string, string>> = {
  integer: 'integer',
  double: 'double',
  currency: 'double',
  percent: 'double',
  boolean: 'boolean',
  lookup: 'jsonobject',
  ownerlookup: 'jsonobject',
  userlookup: 'jsonobject',
  ALARM: 'jsonobject',
  RRULE: 'jsonobject',
  multiselectpicklist: 'jsonarray',
  subform: 'jsonarray',
  event_reminder: 'jsonarray',
};
const UNFILTERED: ReadonlySet<string> = new Set(['textarea', 'ALARM', 'RRULE', 'event_reminder']);
/** Empty parts that every field has. */
const EMPTY_PARTS = {
  webhook: true,
  blueprint_supported: true,
  virtual_field: false,
  businesscard_supported: true,
  pick_list_values_sorted_lexically: false,
  separator: false,
  enable_colour_code: false,
  mass_update: true,
  type: 'used',
  display_type: -1,
  ui_type: 1,
  colour_code_enabled_by_system: false,
  quick_sequence_number: null,
  email_parser: { fields_update_supported: true, record_operations_supported: true },
  rollup_summary: {},
  refer_from_field: null,
  show_type: 7,
  category: 1,
  multi_module_lookup: {},
  sharing_properties: null,
  file_upolad_optionlist: [],
  subform: null,
  external: null,
  formula: {},
  private: null,
  convert_mapping: null,
  multiselectlookup: {},
  multiuserlookup: {},
  auto_number: {},
  autonumber: {},
  crypt: null,
  history_tracking: null,
  association_details: null,
  allowed_modules: [],
  additional_column: null,
  global_picklist: null,
  hipaa_compliance_enabled: false,
  hipaa_compliance: null,
  number_separator: false,
  static_field: false,
  view_type: { view: true, edit: true, quick_create: false, create: true },
  customizable_properties: ['field_label', 'tooltip'],
};

/** A field as the fields API describes it. */
export function showField(state: OrgState, module: ModuleState, field: FieldState, timeZone: string) {
  const { apiName, dataType, readOnly, custom, label } = field;
  const isMade = custom ? formatInstant(field.createdMs, timeZone) : null;
  return {
    ...EMPTY_PARTS,
    associated_module:
      dataType === 'subform' ? { module: field.lookup, id: lineModuleId(state, field) } : null,
    data_type: dataType,
    operation_type: {
      web_create: !readOnly,
      web_update: !readOnly,
      api_create: !readOnly,
      api_update: !readOnly,
    },
    system_mandatory: field.mandatory,
    field_read_only: readOnly,
    read_only: readOnly,
    custom_field: custom,
    filterable: !UNFILTERED.has(dataType),
    searchable: dataType !== 'textarea',
    sortable: !UNFILTERED.has(dataType),
    visible: !field.hidden,
    available_in_user_layout: field.onLayout,
    display_field: apiName === module.displayField,
    layout_associations: field.onLayout
      ? [{ api_name: 'Standard', name: 'Standard', id: module.layoutId }]
      : [],
    json_type:
      apiName === 'Tag' || apiName === 'Participants' ? 'jsonarray' : (JSON_TYPES[dataType] ?? 'string'),
    created_source: custom ? 'api' : 'default',
    display_label: label,
    field_label: label,
    column_name: apiName.toUpperCase(),
    api_name: apiName,
    length: field.length,
    decimal_place: field.decimals,
    created_time: isMade,
    modified_time: isMade,
    id: field.id,
    currency: field.currency ?? {},
    lookup: showLookup(state, field),
    profiles: profiles(field.hidden ? 'hidden' : 'read_write'),
    unique: field.unique ? { casesensitive: 'false' } : {},
    pick_list_values: (field.options ?? []).map(({ id, display, actual, sequence }) => ({
      id,
      display_value: display,
      actual_value: actual,
      reference_value: actual,
      sequence_number: sequence,
      colour_code: null,
      type: 'used',
    })),
    tooltip: field.tooltip,
    ...(field.textarea === null ? {} : { textarea: { type: field.textarea } }),
  };
}

const lineModuleId = ({ modules }: OrgState, { lookup }: FieldState) => modules.get(lookup ?? '')?.id ?? null;

function showLookup({ modules }: OrgState, { dataType, lookup, label, id }: FieldState) {
  if (dataType !== 'lookup' || lookup === null) return {};
  return {
    display_label: label,
    api_name: null,
    query_details: {},
    module: { api_name: lookup, id: modules.get(lookup)?.id ?? null },
    id,
    revalidate_filter_during_edit: false,
    show_fields: [],
  };
}

export function profiles(permission_type = 'read_write') {
  return [
    { name: 'Administrator', id: '4725767000000026011', permission_type },
    { name: 'Standard', id: '4725767000000026014', permission_type },
  ];
}
