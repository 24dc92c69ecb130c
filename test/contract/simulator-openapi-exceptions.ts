import type { Exception } from './simulator-openapi-files.ts';

const ANYTHING = {};

/** Known defects of the OpenAPI files, each with what is read instead and why. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    at: 'bulk_read.json#/components/schemas/Query',
    why: 'requires cvid, criteria and a file_type whose only value is ics, which no documented sample has',
    notRequired: 'all',
  },
  {
    at: 'bulk_read.json#/components/schemas/Criteria',
    why: 'requires a type that the documentation does not know',
    notRequired: 'all',
  },
  {
    at: 'bulk_read.json#/components/schemas/Criteria/properties/value',
    why: 'is an object here; the documentation sends texts, numbers and lists',
    read: ANYTHING,
  },
  {
    at: 'bulk_write.json#/components/schemas/Success_Response/properties/details',
    why: 'requires the keys of a created job, which the answer to an upload lacks',
    notRequired: 'all',
  },
  {
    at: 'bulk_write.json#/components/schemas/Success_Response/properties/details/properties/file_id',
    why: 'is a number of 18 digits here; the documentation has a text',
    read: { type: 'string' },
  },
  {
    at: 'bulk_write.json#/components/schemas/API_Exception/properties/message',
    why: 'lists the texts of single samples, names of fields included',
    read: { type: 'string' },
  },
  {
    at: 'fields.json#/components/schemas/Minified_Field',
    why: 'criteria are shown as they were sent, with the API name alone',
    notRequired: ['id'],
  },
  {
    at: 'org.json#/components/schemas/Org/properties/type',
    why: 'is Production here and production in the documentation, which the simulator follows',
    alsoValues: ['production'],
  },
  {
    at: 'notifications.json#/components/schemas/Notification/properties/channel_id',
    why: 'is an object here; the documentation and the client have a text',
    read: { type: 'string' },
  },
  {
    at: 'notifications.json#/components/schemas/Notification/properties/notify_url',
    why: 'has a pattern made from one sample',
    read: { type: 'string' },
  },
  {
    at: 'fields.json#/components/schemas/DependeeError/properties/code',
    why: 'lacks the code that the documentation has for a picklist without values',
    alsoValues: ['EXPECTED_DEPENDENT_FIELD_MISSING'],
  },
  {
    at: 'record.json#/paths//crm/v8/{module_api_name}/actions/count/get/responses/200/content/application/json/schema',
    why: 'the count is a text here; the documentation has a number, and the client takes one',
    read: {
      type: 'object',
      properties: { count: { type: 'integer' } },
      required: ['count'],
      additionalProperties: false,
    },
  },
  {
    at: 'modules.json#/components/schemas/modules',
    why: 'requires what the documented list of modules does not show, and lacks a key that it shows',
    notRequired: 'all',
    alsoHas: ['global_search_supported'],
  },
  {
    at: 'modules.json#/components/schemas/modules/properties/generated_type',
    why: 'lacks the types that the documentation shows for lines and stage history',
    alsoValues: ['subform', 'field_tracker'],
  },
  {
    at: 'record_count.json#/components/schemas/Invalid_Module_API_Exception/properties/message',
    why: 'writes the first word small where record.json writes it large',
    alsoValues: ['The module name given seems to be invalid'],
  },
  {
    at: 'fields.json#/components/schemas/fields',
    why: 'requires keys of single data types and of requests, and lacks one that fields have',
    notRequired: 'all',
    alsoHas: ['global_picklist'],
  },
  {
    at: 'layouts.json#/components/schemas/layouts',
    why: 'requires a key of subforms',
    notRequired: ['subform_properties'],
  },
  {
    at: 'layouts.json#/components/schemas/sections',
    why: 'requires a key of requests',
    notRequired: ['_delete'],
  },
  {
    at: 'layouts.json#/components/schemas/fields',
    why: 'requires keys of single data types and of requests, and lacks one that fields have',
    notRequired: 'all',
    alsoHas: ['global_picklist'],
  },
  ...['multiselectlookup', 'auto_number'].map((name) => ({
    at: `fields.json#/components/schemas/${name}`,
    why: 'is an empty object on fields of another type',
    notRequired: 'all' as const,
  })),
  {
    at: 'users.json#/components/schemas/users/properties/email',
    why: 'has a pattern made from one sample',
    read: { type: 'string' },
  },
  {
    at: 'users.json#/components/schemas/users/properties/time_zone',
    why: 'is an object here; the documentation has the name of a zone',
    read: { type: 'string' },
  },
  {
    at: 'notes.json#/components/schemas/Note',
    why: 'requires every key, though a list holds the fields that were asked for',
    notRequired: 'all',
  },
  {
    at: 'notes.json#/components/schemas/Info',
    why: 'lacks two keys that the lists of all modules have',
    alsoHas: ['call', 'email'],
  },
];
