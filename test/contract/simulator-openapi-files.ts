import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** Zoho's published OpenAPI files, which are not part of this repository: looked for beside it. */
const FOLDER = path.resolve(import.meta.dirname, '../../../shared/zoho-oas');
/** The files refer to each other by this address, under another owner name than the repository they come from. */
const REMOTE = 'https://raw.githubusercontent.com/Zohocorp-Pvt-Ltd/crm-oas/refs/heads/main/v8.0/';
const LOCAL = 'oas:/';
/** Files that others refer to and that are not among the copies. */
const ABSENT = ['profiles', 'related_lists', 'custom_views', 'attachments'];

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A known defect of the files, with the place it is at, what is read instead, and why. */
export interface Exception {
  why: string;
  /** Of a schema: `file.json#/components/schemas/Name/properties/x`. Ends in `*` for all below. */
  at: string;
  /** Keys that real answers have and the file does not. */
  alsoHas?: readonly string[];
  /** Keys that the file requires and real answers may lack; `all` for the whole list. */
  notRequired?: readonly string[] | 'all';
  /** Replaces the schema. */
  read?: Json;
  /** Values that the file's list of samples leaves out. */
  alsoValues?: readonly string[];
}

export interface Answer {
  file: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  template: string;
  /** The status whose schema is taken; many operations list 200 only. */
  status: number;
  body: unknown;
}

export interface OpenApiFiles {
  names: string[];
  /** What is wrong with an answer; empty when it fits. */
  problems(answer: Answer): string[];
}

export function openApiFiles(exceptions: readonly Exception[]): OpenApiFiles | null {
  if (!existsSync(FOLDER)) return null;
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateSchema: false,
    unicodeRegExp: false,
    logger: false,
  });
  addFormats.default(ajv);
  for (const name of names) {
    const text = readFileSync(path.join(FOLDER, name), 'utf8').replaceAll(REMOTE, LOCAL);
    // JSON.parse can return nothing but Json.
    const file = prepare(JSON.parse(text) as Json, `${name}#`, exceptions);
    ajv.addSchema({ $id: LOCAL + name, ...(file as object) });
  }
  for (const name of ABSENT) ajv.addSchema({ $id: `${LOCAL}${name}.json`, components: { schemas: stubs() } });
  const compiled = new Map<string, ValidateFunction>();
  return {
    names,
    problems: (answer) => {
      const pointer = schemaPointer(answer);
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
      compiled.set(pointer, validate);
      if (validate(answer.body)) return [];
      return (validate.errors ?? []).map((error) => {
        const about =
          'additionalProperty' in error.params ? ` (${String(error.params.additionalProperty)})` : '';
        return `${error.instancePath} ${error.message ?? ''}${about} at ${error.schemaPath}`;
      });
    },
  };
}

function stubs(): Json {
  return Object.fromEntries(
    ['Profile', 'Related_List', 'Custom_View', 'Attachment', 'Custom_Views'].map((name) => [name, {}]),
  );
}

function schemaPointer({ file, method, template, status }: Answer): string {
  const parts = [
    'paths',
    template,
    method,
    'responses',
    String(status),
    'content',
    'application/json',
    'schema',
  ];
  const escaped = parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return `${LOCAL}${file}#/${escaped.join('/')}`;
}

/**
 * Makes one file fit for validation. Everywhere: alternatives may overlap (`oneOf` lists shapes that fit together),
 * empty values are null though hardly any schema says so, and a key that is not described is a problem, because
 * otherwise the files, which require little, would accept nearly everything.
 */
function prepare(node: Json, at: string, exceptions: readonly Exception[]): Json {
  if (Array.isArray(node)) return node.map((child, index) => prepare(child, `${at}/${index}`, exceptions));
  if (node === null || typeof node !== 'object') return node;
  const mine = exceptions.filter((exception) => matches(exception.at, at));
  const replaced = mine.find((exception) => exception.read !== undefined)?.read;
  if (replaced !== undefined) return replaced;
  const entries = Object.entries(node).map(([key, child]): [string, Json] => {
    const prepared = prepare(child, `${at}/${key}`, exceptions);
    if (key === 'oneOf') return ['anyOf', prepared];
    return [key, key === 'properties' ? nullable(prepared) : prepared];
  });
  const schema: { [key: string]: Json } = Object.fromEntries(entries);
  const isSchema = 'properties' in node && node.type === 'object';
  if (isSchema && !('additionalProperties' in node)) schema.additionalProperties = false;
  for (const exception of mine) apply(exception, schema);
  return schema;
}

function matches(pattern: string, at: string): boolean {
  return pattern.endsWith('*') ? at.startsWith(pattern.slice(0, -1)) : pattern === at;
}

function nullable(properties: Json): Json {
  if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) return properties;
  const entries = Object.entries(properties).map(([key, schema]): [string, Json] => [
    key,
    { anyOf: [schema, { type: 'null' }] },
  ]);
  return Object.fromEntries(entries);
}

function apply({ alsoHas, notRequired, alsoValues }: Exception, schema: { [key: string]: Json }): void {
  const { properties, required } = schema;
  if (
    alsoHas !== undefined &&
    properties !== null &&
    typeof properties === 'object' &&
    !Array.isArray(properties)
  ) {
    schema.properties = { ...properties, ...Object.fromEntries(alsoHas.map((key) => [key, {}])) };
  }
  if (notRequired === 'all') delete schema.required;
  else if (notRequired !== undefined && Array.isArray(required)) {
    schema.required = required.filter((key) => typeof key !== 'string' || !notRequired.includes(key));
  }
  if (alsoValues !== undefined && Array.isArray(schema.enum)) schema.enum = [...schema.enum, ...alsoValues];
}
