/** A small notation for the bodies that the API takes, and the check that it makes of them. */
import type { FieldError } from './problem.ts';

type Scalar = 'string' | 'number' | 'integer' | 'boolean' | 'datetime' | 'any' | 'map';

/** A scalar, the allowed words, a list of one shape, or named fields; a name that ends in `*` must be there. */
export type Shape = Scalar | { readonly words: readonly string[] } | { readonly list: Shape } | Fields;
export interface Fields {
  readonly fields: Readonly<Record<string, Shape>>;
}

export const words = (...allowed: string[]): Shape => ({ words: allowed });
export const list = (of: Shape): Shape => ({ list: of });
export const fields = (named: Readonly<Record<string, Shape>>): Fields => ({ fields: named });

/** The same fields, none of which must be there. */
export const partial = (shape: Fields): Fields =>
  fields(Object.fromEntries(Object.entries(shape.fields).map(([name, inner]) => [name.replace('*', ''), inner])));

export const without = (shape: Fields, ...names: string[]): Fields =>
  fields(Object.fromEntries(Object.entries(shape.fields).filter(([name]) => !names.includes(name.replace('*', '')))));

interface Findings {
  readonly errors: FieldError[];
  /** Names that the API does not know; it ignores them. */
  readonly unknown: string[];
}

export function check(shape: Shape, value: unknown): Findings {
  const findings: Findings = { errors: [], unknown: [] };
  look(shape, value, '', findings);
  return findings;
}

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'array'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'integer'
          : 'number'
        : typeof value;

const isoDate = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

const accepts: Readonly<Record<Scalar, (kind: string) => boolean>> = {
  string: (kind) => kind === 'string',
  datetime: (kind) => kind === 'string',
  number: (kind) => kind === 'number' || kind === 'integer',
  integer: (kind) => kind === 'integer',
  boolean: (kind) => kind === 'boolean',
  map: (kind) => kind === 'object',
  any: () => true,
};

function look(shape: Shape, value: unknown, path: string, findings: Findings): void {
  const wrong = (message: string) => findings.errors.push({ field: path, message });
  const kind = kindOf(value);
  if (typeof shape === 'string') {
    if (!accepts[shape](kind)) wrong(`Schema describes ${shape === 'datetime' ? 'string' : shape}, ${kind} found instead`);
    else if (shape === 'datetime' && value !== '' && (!isoDate.test(String(value)) || Number.isNaN(Date.parse(String(value)))))
      wrong('This value is not a valid datetime.');
  } else if ('words' in shape) {
    if (kind !== 'string') wrong(`Schema describes string, ${kind} found instead`);
    else if (!shape.words.includes(String(value))) wrong(`Value must be one of: ${shape.words.join(', ')}`);
  } else if ('list' in shape) {
    if (!Array.isArray(value)) wrong(`Schema describes array, ${kind} found instead`);
    else for (const [at, item] of value.entries()) look(shape.list, item, within(path, `item:${at}`), findings);
  } else if (kind !== 'object') wrong(`Schema describes object, ${kind} found instead`);
  else lookInside(shape, value as Record<string, unknown>, path, findings);
}

function lookInside(shape: Fields, value: Record<string, unknown>, path: string, findings: Findings): void {
  for (const [name, inner] of Object.entries(shape.fields)) {
    const bare = name.replace('*', '');
    if (value[bare] !== undefined) look(inner, value[bare], within(path, bare), findings);
    else if (name.endsWith('*')) findings.errors.push({ field: within(path, bare), message: 'This value should not be blank.' });
  }
  for (const name of Object.keys(value))
    if (shape.fields[name] === undefined && shape.fields[`${name}*`] === undefined) findings.unknown.push(within(path, name));
}

const within = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
