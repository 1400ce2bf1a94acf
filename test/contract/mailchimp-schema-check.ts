/** Holds what the simulated account takes and says against Mailchimp's own specification, where that is at hand. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Shape } from '../simulators/mailchimp/shape.ts';
import type { ApiRequest } from '../simulators/mailchimp/surface.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly responses: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface Specification {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export const folder = fileURLToPath(new URL('../../../shared/contracts/data/mailchimp/', import.meta.url));
const file = `${folder}marketing-3.0.55-subset.swagger.json`;
export const specified = existsSync(file);

let read: Specification | undefined;
const specification = (): Specification => {
  read ??= JSON.parse(readFileSync(file, 'utf8')) as Specification;
  return read;
};

/** Names that version 3.0.91 has beyond 3.0.55, and the secret of signed webhooks. */
const newer = new Set(['cart_id', 'merge_field_limit', 'signing_secret', 'product', 'headers']);

/** What 3.0.91 can do and 3.0.55 could not: the schemas are those of the sister operation. */
const sisters: Readonly<Record<string, readonly [body: string, answer: string]>> = {
  'put /ecommerce/stores/{store_id}/orders/{order_id}': [
    'post /ecommerce/stores/{store_id}/orders',
    'patch /ecommerce/stores/{store_id}/orders/{order_id}',
  ],
  'put /ecommerce/stores/{store_id}/products/{product_id}': [
    'post /ecommerce/stores/{store_id}/products',
    'patch /ecommerce/stores/{store_id}/products/{product_id}',
  ],
};

const named = (name: string): Operation | undefined => {
  const [method = '', path = ''] = name.split(' ');
  return specification().paths[path]?.[method];
};

function templateOf(method: string, path: string): string | undefined {
  const parts = path.split('/');
  const fits = (template: string) => {
    const wanted = template.split('/');
    return wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at]);
  };
  // `/lists/{id}/webhooks` before `/lists/{id}/{anything}`
  const templates = Object.keys(specification().paths).filter(fits);
  const found = templates.sort((one, other) => one.split('{').length - other.split('{').length)[0];
  return found === undefined ? undefined : `${method.toLowerCase()} ${found}`;
}

/** Schemas of an operation by method and path, the path with values or with `:names` in it. */
export function schemasOf(
  method: string,
  path: string,
): { body?: Schema; answer?: Schema; problem?: Schema; parameters: string[] } | undefined {
  const name = templateOf(method, path);
  if (name === undefined) return undefined;
  const [bodyName, answerName] = sisters[name] ?? [name, name];
  const asked = named(bodyName);
  const answered = named(answerName);
  if (asked === undefined || answered === undefined) return undefined;
  const body = asked.parameters?.find((parameter) => parameter.in === 'body')?.schema;
  const answer = answered.responses['200']?.schema;
  const problem = answered.responses.default?.schema;
  return {
    ...(body && { body: bodyName === name || !name.endsWith('{order_id}') ? body : { ...body, required: ['id'] } }),
    ...(answer && { answer }),
    ...(problem && { problem }),
    parameters: (asked.parameters ?? []).filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name),
  };
}

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number' && Number.isInteger(value)
        ? 'integer'
        : typeof value;

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** One sentence per mistake; empty when the value fits. */
export function problemsWith(schema: Schema, value: unknown, path: string): string[] {
  const kind = kindOf(value);
  const type = schema.type ?? (schema.properties === undefined ? undefined : 'object');
  if (type !== undefined && type !== kind && !(type === 'number' && kind === 'integer')) return [`${path} is ${kind}, not ${type}`];
  const problems: string[] = [];
  // Dates that have not happened are empty.
  if (schema.enum !== undefined && !schema.enum.includes(String(value)))
    problems.push(`${path} is ${String(value)}, not one of ${schema.enum}`);
  if (schema.format === 'date-time' && value !== '' && !dateTime.test(String(value)))
    problems.push(`${path} is not a time: ${String(value)}`);
  if (schema.maxLength !== undefined && String(value).length > schema.maxLength) problems.push(`${path} is too long`);
  if (Array.isArray(value))
    return [...problems, ...value.flatMap((item, at) => (schema.items ? problemsWith(schema.items, item, `${path}[${at}]`) : []))];
  if (kind !== 'object' || schema.properties === undefined) return problems;
  for (const [name, inner] of Object.entries(value as object)) {
    const known = schema.properties[name];
    if (known !== undefined) problems.push(...problemsWith(known, inner, `${path}.${name}`));
    else if (schema.additionalProperties === undefined && !newer.has(name)) problems.push(`${path} has no ${name}`);
  }
  return problems;
}

const lacking = (schema: Schema, value: unknown, path: string): string[] => {
  if (Array.isArray(value)) return value.flatMap((item, at) => (schema.items ? lacking(schema.items, item, `${path}[${at}]`) : []));
  if (typeof value !== 'object' || value === null) return [];
  const held = value as Record<string, unknown>;
  return [
    ...(schema.required ?? []).filter((name) => held[name] === undefined).map((name) => `${path} lacks ${name}`),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => lacking(inner, held[name], `${path}.${name}`)),
  ];
};

/** The spec leaves out ids that the lists of a PATCH need; an address asks for `status_if_new` only when it is new. */
const tolerated = /^\w+ \S+ body\.(variants|lines)\[\d+\] has no id$|lacks status_if_new$/;

/** Everything in a log of requests that the specification does not allow. A refused body may be as wrong as it likes. */
export function problemsInLog(requests: readonly ApiRequest[]): string[] {
  if (!specified) return [];
  return requests
    .flatMap(({ method, path, query, status, body, answer }) => {
      const name = `${method} ${path}`;
      const schemas = schemasOf(method, path);
      if (schemas === undefined) return status === 404 || status === 405 ? [] : [`the specification has no ${name}`];
      if (status >= 400)
        return schemas.problem
          ? [
              ...problemsWith(withErrors(schemas.problem), answer, `${name} problem`),
              ...lacking(schemas.problem, answer, `${name} problem`),
            ]
          : [];
      return [
        ...[...query.keys()]
          .filter((parameter) => !schemas.parameters.includes(parameter))
          .map((parameter) => `${name} has no ?${parameter}`),
        ...(body !== undefined && schemas.body
          ? [...problemsWith(schemas.body, body, `${name} body`), ...lacking(schemas.body, body, `${name} body`)]
          : []),
        ...(status === 204
          ? answer === undefined
            ? []
            : [`${name} has an answer with 204`]
          : problemsWith(schemas.answer ?? {}, answer, `${name} answer`)),
      ];
    })
    .filter((problem) => !tolerated.test(problem));
}

/** The array of field errors is told in words, not in the schema. */
const withErrors = (schema: Schema): Schema => ({
  ...schema,
  properties: {
    ...schema.properties,
    errors: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, message: { type: 'string' } }, required: ['field', 'message'] },
    },
  },
});

const scalars: Readonly<Record<string, string>> = { datetime: 'string', map: 'object' };

/** Where a shape that the simulator checks bodies by says something else than the specification. */
export function differences(shape: Shape, schema: Schema, path: string): string[] {
  if (typeof shape === 'string') {
    const type = scalars[shape] ?? shape;
    const dated = (shape === 'datetime') === (schema.format === 'date-time');
    return type === schema.type && dated ? [] : [`${path} is ${shape}, not ${schema.type} ${schema.format ?? ''}`];
  }
  if ('words' in shape) return [...shape.words].sort().join() === [...(schema.enum ?? [])].sort().join() ? [] : [`${path} has other words`];
  if ('list' in shape) return schema.items ? differences(shape.list, schema.items, `${path}[]`) : [`${path} is no list`];
  const found: string[] = [];
  const bare = new Map(Object.entries(shape.fields).map(([name, inner]) => [name.replace('*', ''), { inner, must: name.endsWith('*') }]));
  for (const [name, { inner, must }] of bare) {
    const known = schema.properties?.[name];
    if (known === undefined) found.push(`${path}.${name} is new`);
    else {
      found.push(...differences(inner, known, `${path}.${name}`));
      const needed = schema.required?.includes(name) === true;
      if (must !== needed) found.push(`${path}.${name} is ${must ? 'asked for' : 'left free'}`);
    }
  }
  return [
    ...found,
    ...Object.keys(schema.properties ?? {})
      .filter((name) => !bare.has(name))
      .map((name) => `${path}.${name} is missing`),
  ];
}
