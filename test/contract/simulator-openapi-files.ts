import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** Zoho's published OpenAPI files, which are not part of this repository: looked for beside it. */
const FOLDER = path.resolve(import.meta.dirname, '../../../shared/zoho-oas');
/** The files refer to each other by this address, under another owner name than the repository they come from. */
const REMOTE = 'https://raw.githubusercontent.com/Zohocorp-Pvt-Ltd/crm-oas/refs/heads/main/v8.0/';
const LOCAL = 'oas:/';
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A known defect of the files, with the place it is at, what is read instead, and why. */
export interface Exception {
  why: string;
  /** Of a schema: `file.json#/components/schemas/Name/properties/x`. */
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
  const raw = new Map<string, Json>();
  const seen = new Set<string>();
  for (const name of names) {
    const text = readFileSync(path.join(FOLDER, name), 'utf8').replaceAll(REMOTE, LOCAL);
    const parsed = JSON.parse(text) as Json; // JSON.parse can return nothing else.
    raw.set(name, parsed);
    const file = prepare(parsed, `${name}#`, { exceptions, seen });
    ajv.addSchema({ $id: LOCAL + name, ...(file as object) }); // Every file is an object.
  }
  placehold(ajv, names);
  const lost = exceptions.filter(({ at }) => !seen.has(at));
  if (lost.length > 0)
    throw new Error(`exceptions for places that do not exist: ${lost.map(({ at }) => at).join()}`);
  const compiled = new Map<string, ValidateFunction>();
  return {
    names,
    problems: (answer) => {
      const pointer = schemaPointer(answer, raw.get(answer.file) ?? null);
      const validate = compiled.get(pointer) ?? ajv.compile({ $ref: pointer });
      compiled.set(pointer, validate);
      if (validate(answer.body)) return [];
      // That no alternative fits says nothing that the alternatives themselves do not say.
      const all = validate.errors ?? [];
      const telling = all.filter(({ keyword, params }) => keyword !== 'anyOf' && params.type !== 'null');
      const problems = (telling.length > 0 ? telling : all).map((error) => {
        const about =
          'additionalProperty' in error.params ? ` (${String(error.params.additionalProperty)})` : '';
        return `${error.instancePath.replace(/\/\d+/g, '/*')} ${error.message ?? ''}${about} at ${error.schemaPath}`;
      });
      return [...new Set(problems)];
    },
  };
}

/** Files that others refer to and that are not among the copies take anything. */
function placehold(ajv: Ajv, names: readonly string[]): void {
  const absent = new Map<string, Record<string, Json>>();
  for (const name of names) {
    const text = readFileSync(path.join(FOLDER, name), 'utf8').replaceAll(REMOTE, LOCAL);
    for (const [, file = '', schema = ''] of text.matchAll(
      /"oas:\/(\w+\.json)#\/components\/schemas\/(\w+)"/g,
    )) {
      if (!names.includes(file)) absent.set(file, { ...absent.get(file), [schema]: {} });
    }
  }
  for (const [file, schemas] of absent) ajv.addSchema({ $id: LOCAL + file, components: { schemas } });
}

/** Where the schema of an answer is; responses may be named elsewhere in the file. */
function schemaPointer({ file, method, template, status }: Answer, raw: Json): string {
  const steps = ['paths', template, method, 'responses', String(status)];
  const response = steps.reduce(child, raw);
  const named = child(response, '$ref');
  const at = typeof named === 'string' ? named.slice(2).split('/') : steps.map(escaped);
  return `${LOCAL}${file}#/${[...at, 'content', 'application~1json', 'schema'].map(encodeURIComponent).join('/')}`;
}

function child(node: Json, key: string): Json {
  return node !== null && typeof node === 'object' && !Array.isArray(node) ? (node[key] ?? null) : null;
}

const escaped = (step: string) => step.replaceAll('~', '~0').replaceAll('/', '~1');

interface Known {
  exceptions: readonly Exception[];
  /** Places where an exception was applied. */
  seen: Set<string>;
}

/**
 * Makes one file fit for validation. Everywhere: alternatives may overlap (`oneOf` lists shapes that fit together),
 * empty values are null though hardly any schema says so, and a key that is not described is a problem, because
 * otherwise the files, which require little, would accept nearly everything.
 */
function prepare(node: Json, at: string, known: Known): Json {
  if (Array.isArray(node)) return node.map((child, index) => prepare(child, `${at}/${index}`, known));
  if (node === null || typeof node !== 'object') return node;
  const mine = known.exceptions.filter((exception) => exception.at === at);
  if (mine.length > 0) known.seen.add(at);
  const replaced = mine.find((exception) => exception.read !== undefined)?.read;
  if (replaced !== undefined) return replaced;
  const entries = Object.entries(node).map(([key, value]): [string, Json] => {
    const below = `${at}/${key}`;
    // One of the schemas is named `properties`.
    const isKeyword = key === 'properties' && !at.endsWith('#/components/schemas');
    if (isKeyword) return [key, prepareProperties(value, below, known)];
    return [key === 'oneOf' ? 'anyOf' : key, prepare(value, below, known)];
  });
  const schema: { [key: string]: Json } = Object.fromEntries(entries);
  const isSchema = 'properties' in node && node.type === 'object' && !at.endsWith('#/components/schemas');
  if (isSchema && !('additionalProperties' in node)) schema.additionalProperties = false;
  for (const exception of mine) apply(exception, schema);
  return schema;
}

/** A map of names to schemas, where any name may occur, `properties` too. */
function prepareProperties(node: Json, at: string, known: Known): Json {
  if (node === null || typeof node !== 'object' || Array.isArray(node)) return node;
  const entries = Object.entries(node).map(([key, schema]): [string, Json] => [
    key,
    { anyOf: [prepare(schema, `${at}/${key}`, known), { type: 'null' }] },
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
