import { ZohoRejectedError } from '../errors.ts';
import { isSuccess, problemOf, resultRows } from './answers.ts';
import type { ZohoClient } from './client.ts';
import { isObject } from './json.ts';
import { rowResults } from './row-results.ts';
import { inChunks } from './rows.ts';

/** Creating and deleting custom fields. Zoho makes the API name; read the fields again to learn it. */

export interface NewField {
  readonly label: string;
  readonly dataType:
    | 'text'
    | 'textarea'
    | 'picklist'
    | 'currency'
    | 'integer'
    | 'date'
    | 'boolean'
    | 'percent'
    | 'lookup';
  readonly length?: number;
  readonly values?: readonly { display: string; actual: string }[];
  readonly unique?: boolean;
  /** Of a lookup: the API name of the module it points to. */
  readonly lookupModule?: string;
  readonly tooltip?: string;
}
interface Refused {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}
export type FieldCreated = { readonly ok: true; readonly id: string } | Refused;
export type FieldDeleted = { readonly ok: true } | Refused;

const FIELDS_PER_CALL = 5;
const STATIC_TEXT_MOST = 35;
const CURRENCY_DIGITS = 16;
const INTEGER_DIGITS = 9;
const PERCENT_DIGITS = 5;
const TEXT_LENGTH = 255;

/** What the person or edition may not do at all is not asked for field by field. */
const CONCERNS_ALL = new Set(['NO_PERMISSION', 'AUTHORIZATION_FAILED', 'INVALID_MODULE', 'NOT_SUPPORTED']);

function textareaType(length: number): 'small' | 'large' | 'rich_text' {
  if (length <= 2_000) return 'small';
  return length <= 32_000 ? 'large' : 'rich_text';
}

function typeAttributes(field: NewField): Record<string, unknown> {
  switch (field.dataType) {
    case 'text':
      return { length: field.length ?? TEXT_LENGTH };
    case 'textarea': {
      const length = field.length ?? 2_000;
      return { length, textarea: { type: textareaType(length) } };
    }
    case 'picklist':
      return {
        pick_list_values: (field.values ?? []).map(({ display, actual }) => ({
          display_value: display,
          actual_value: actual,
        })),
      };
    case 'currency':
      return {
        length: field.length ?? CURRENCY_DIGITS,
        decimal_place: 2,
        currency: { rounding_option: 'normal', precision: 2 },
      };
    case 'integer':
      return { length: field.length ?? INTEGER_DIGITS };
    case 'percent':
      return { length: field.length ?? PERCENT_DIGITS };
    case 'lookup':
      return {
        lookup: {
          module: { api_name: field.lookupModule },
          // Names the related list on the record that is pointed to.
          display_label: field.label,
        },
      };
    case 'date':
    case 'boolean':
      return {};
  }
}

function fieldBody(field: NewField): Record<string, unknown> {
  const { tooltip } = field;
  return {
    field_label: field.label,
    data_type: field.dataType,
    ...typeAttributes(field),
    ...(field.unique ? { unique: { case_sensitive: false } } : {}),
    ...(tooltip === undefined
      ? {}
      : {
          tooltip: { name: tooltip.length <= STATIC_TEXT_MOST ? 'static_text' : 'info_icon', value: tooltip },
        }),
  };
}

/** Element i tells about field i; one that is refused does not stop the others. */
export async function createFields(
  client: ZohoClient,
  module: string,
  fields: readonly NewField[],
): Promise<FieldCreated[]> {
  const created: FieldCreated[] = [];
  for (const chunk of inChunks(fields, FIELDS_PER_CALL))
    created.push(...(await createChunk(client, module, chunk)));
  return created;
}

async function createChunk(
  client: ZohoClient,
  module: string,
  fields: readonly NewField[],
): Promise<FieldCreated[]> {
  try {
    const { body } = await client.request({
      method: 'POST',
      path: '/crm/v8/settings/fields',
      query: { module },
      body: { fields: fields.map(fieldBody) },
      credits: client.prices.createFields,
    });
    return rowResults(body, fields.length, 'the creation of fields').map((row) =>
      row.ok ? { ok: true, id: row.id } : { ok: false, code: row.code, message: row.message },
    );
  } catch (error) {
    if (!(error instanceof ZohoRejectedError)) throw error;
    const refused: Refused = { ok: false, code: error.zohoCode ?? 'UNKNOWN', message: error.message };
    if (fields.length === 1 || CONCERNS_ALL.has(refused.code)) return fields.map(() => refused);
    // A refusal without rows does not say which field it means.
    const single: FieldCreated[] = [];
    for (const field of fields) single.push(...(await createChunk(client, module, [field])));
    return single;
  }
}

export async function deleteField(client: ZohoClient, module: string, id: string): Promise<FieldDeleted> {
  try {
    const { body } = await client.request({
      method: 'DELETE',
      path: `/crm/v8/settings/fields/${encodeURIComponent(id)}`,
      query: { module },
      credits: client.prices.metadata,
    });
    const row = resultRows(body)?.[0] ?? (isObject(body) ? body : null);
    const problem = row === null || isSuccess(row) ? null : problemOf(row);
    return problem ? { ok: false, code: problem.code, message: problem.message } : { ok: true };
  } catch (error) {
    if (!(error instanceof ZohoRejectedError)) throw error;
    return { ok: false, code: error.zohoCode ?? 'UNKNOWN', message: error.message };
  }
}
