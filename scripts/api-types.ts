import { readFileSync, writeFileSync } from 'node:fs';
import { apiRoutes } from '../src/web/api-routes.ts';
import { createOpenApiDocument } from '../src/web/openapi.ts';

/** Writes the types of the API for the browser code from the OpenAPI document; with --check it only says whether they are up to date. */

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}
interface Operation {
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: { readonly [type: string]: { readonly schema: Schema } } };
  readonly responses: {
    readonly [status: string]: {
      readonly content?: { readonly [type: string]: { readonly schema: Schema } };
    };
  };
}

const FILE = new URL('../src/admin/api/routes.ts', import.meta.url);
const HEAD = `// Written by scripts/api-types.ts from the routes that the server declares: change those, then run it again.

/** What each route takes and answers. */
export interface Routes {
`;

const key = (name: string) => (/^[a-zA-Z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(typeOf))].join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`;
    case 'object':
      return objectOf(schema);
    default:
      return 'unknown';
  }
}

function objectOf({ properties, required = [], additionalProperties }: Schema): string {
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? typeOf(additionalProperties) : 'unknown';
    return `{ readonly [name: string]: ${value} }`;
  }
  const fields = Object.entries(properties).map(
    ([name, schema]) => `readonly ${key(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}`,
  );
  return `{ ${fields.join('; ')} }`;
}

function parametersOf({ parameters = [] }: Operation, place: string): string | null {
  const fields = parameters
    .filter((parameter) => parameter.in === place)
    .map(({ name, required, schema }) => `readonly ${key(name)}${required ? '' : '?'}: ${typeOf(schema)}`);
  return fields.length === 0 ? null : `{ ${fields.join('; ')} }`;
}

function routeOf(name: string, operation: Operation): string {
  const [good] = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'));
  const content = good?.[1].content;
  const answer =
    content === undefined
      ? 'null'
      : content['application/json']
        ? typeOf(content['application/json'].schema)
        : 'Blob';
  const body = operation.requestBody?.content['application/json'];
  const parts = [
    ['path', parametersOf(operation, 'path')],
    ['query', parametersOf(operation, 'query')],
    ['body', body ? typeOf(body.schema) : null],
    ['answer', answer],
  ].filter(([, type]) => type !== null);
  return `  '${name}': { ${parts.map(([part, type]) => `readonly ${part}: ${type}`).join('; ')} };\n`;
}

// Declaring routes calls nothing of what they are given.
const routes = apiRoutes({} as Parameters<typeof apiRoutes>[0]);
// The document is plain JSON; the parts that are read here are named above.
const document = createOpenApiDocument(routes) as {
  paths: { [path: string]: { [method: string]: Operation } };
};
const lines = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => routeOf(`${method.toUpperCase()} ${path}`, operation)),
);
const wanted = `${HEAD}${lines.join('')}}\n`;

if (!process.argv.includes('--check')) writeFileSync(FILE, wanted);
else if (readFileSync(FILE, 'utf8') !== wanted) {
  process.stderr.write(
    'src/admin/api/routes.ts differs from the routes; write it: node scripts/api-types.ts\n',
  );
  process.exitCode = 1;
}
