import { readFileSync } from 'node:fs';

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
}

interface Content {
  content?: Record<string, { schema?: Schema }>;
}

interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: Content;
  responses: Record<string, Content>;
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
  /** Names in the vendor's own examples: they show more than the schemas tell. */
  shown: Set<string>;
}

function namesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]) : [];
}

function examplesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(examplesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => (name === 'example' || name === 'examples' ? [inner] : examplesIn(inner)));
}

export function readOpenApi(path: string): OpenApi {
  const api = JSON.parse(readFileSync(path, 'utf8')) as Omit<OpenApi, 'shown'>;
  return { ...api, shown: new Set(examplesIn(api.paths).flatMap(namesIn)) };
}

const kinds: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const formats: Record<string, RegExp> = { uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i };

function check(api: OpenApi, schema: Schema, value: unknown, at: string): string[] {
  if (schema.$ref !== undefined) {
    const target = api.components.schemas[schema.$ref.split('/').at(-1) ?? ''];
    return target === undefined ? [`${at}: the vendor's ${schema.$ref} is missing`] : check(api, target, value, at);
  }
  if (schema.allOf !== undefined) return schema.allOf.flatMap((part) => check(api, part, value, at));
  if (value === null) return schema.nullable ? [] : [`${at} is null`];
  const kind = schema.type === undefined ? undefined : kinds[schema.type];
  if (kind !== undefined && !kind(value)) return [`${at} is ${JSON.stringify(value)}, not a ${schema.type}`];
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${at} is ${JSON.stringify(value)}, not one of ${schema.enum.join(', ')}`];
  const format = formats[schema.format?.toLowerCase() ?? ''];
  if (format !== undefined && !format.test(String(value))) return [`${at} is ${JSON.stringify(value)}, not a ${schema.format}`];
  if (Array.isArray(value))
    return schema.items === undefined ? [] : value.flatMap((item, index) => check(api, schema.items ?? {}, item, `${at}[${index}]`));
  if (typeof value !== 'object' || schema.properties === undefined) return [];
  const { properties } = schema;
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
  const inner = Object.entries(value).flatMap(([name, item]) => {
    const property = properties[name];
    if (property !== undefined) return check(api, property, item, `${at}.${name}`);
    return api.shown.has(name) ? [] : [`${at}.${name} is unknown`];
  });
  return [...missing, ...inner];
}

function operationOf(api: OpenApi, method: string, path: string): Operation | undefined {
  const parts = path.split('/');
  const found = Object.entries(api.paths).filter(([template]) => {
    const wanted = template.split('/');
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at]);
  });
  // `/users/bulk` is meant before `/users/{id}`.
  found.sort(([left], [right]) => left.split('{').length - right.split('{').length);
  return found.map(([, operations]) => operations[method.toLowerCase()]).find((operation) => operation !== undefined);
}

/** What is wrong with an answer, by the vendor's own description. Empty when it fits. */
export function problemsWithAnswer(
  api: OpenApi,
  asked: { method: string; path: string },
  answer: { status: number; body: unknown },
): string[] {
  const operation = operationOf(api, asked.method, asked.path);
  if (operation === undefined) return [`the vendor knows no ${asked.method} ${asked.path}`];
  const response = operation.responses[String(answer.status)];
  if (response === undefined) return [`${asked.method} ${asked.path} does not answer ${answer.status}`];
  const schema = response.content?.['application/json']?.schema;
  return schema === undefined ? [] : check(api, schema, answer.body, 'answer');
}

/** What is wrong with a request, by the vendor's own description. Empty when it fits. */
export function problemsWithRequest(api: OpenApi, asked: { method: string; path: string; query: URLSearchParams; body: string }): string[] {
  const operation = operationOf(api, asked.method, asked.path);
  if (operation === undefined) return [`the vendor knows no ${asked.method} ${asked.path}`];
  const parameters = new Set((operation.parameters ?? []).flatMap((one) => (one.in === 'query' ? one.name : [])));
  const unknown = [...asked.query.keys()].filter((name) => !parameters.has(name)).map((name) => `the parameter ${name} is unknown`);
  const schema = operation.requestBody?.content?.['application/json']?.schema;
  return schema === undefined ? unknown : [...unknown, ...check(api, schema, JSON.parse(asked.body), 'request')];
}
