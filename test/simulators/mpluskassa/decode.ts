import type { Fields, Value } from './fields.ts';
import type { Field, Shape } from './schema/notation.ts';
import type { Element } from './xml.ts';

export const NAMESPACE = 'urn:mplusqapi';

/** The request does not fit the schema. */
export class SchemaViolation extends Error {}

const WHOLE = /^[+-]?\d{1,18}$/;
const LIMITS: Record<string, number> = { i: 2 ** 31, h: 2 ** 15, l: Number.MAX_SAFE_INTEGER };

function whole(element: Element, kind: string): number {
  const text = element.text.trim();
  const number = Number(text);
  const limit = LIMITS[kind] as number;
  if (!WHOLE.test(text) || number >= limit || number < -limit)
    throw new SchemaViolation(`Validation constraint violation: '${text}' in <${element.name}> is no whole number`);
  return number;
}

function matching(element: Element, pattern: RegExp): string {
  const text = element.text.trim();
  if (!pattern.test(text)) throw new SchemaViolation(`Validation constraint violation: '${text}' in <${element.name}>`);
  return text;
}

function truth(element: Element): boolean {
  return /^(true|1)$/.test(matching(element, /^(true|false|1|0)$/));
}

function chosen(element: Element, field: Field): string {
  const text = element.text.trim();
  if (field.words?.has(text) !== true)
    throw new SchemaViolation(`Validation constraint violation: '${text}' is no value of <${element.name}>`);
  return text;
}

function single(element: Element, field: Field, strict: boolean): Value {
  if (field.kind === '@') return decode(element, field.shape as Shape, strict);
  if (field.kind === '_') return undefined;
  if (element.children.length > 0) throw new SchemaViolation(`<${element.name}> holds elements where a value is due`);
  switch (field.kind) {
    case 's':
      return element.text;
    case 'b':
      return truth(element);
    case '#':
      return chosen(element, field);
    case 'd':
      return matching(element, /^[+-]?(\d+\.?\d*|\.\d+)$/);
    case 'D':
      return matching(element, /^\d{4}-\d\d-\d\d/);
    case 'T':
      return matching(element, /^\d{4}-\d\d-\d\dT\d\d:\d\d/);
    default:
      return whole(element, field.kind);
  }
}

/** Live clients leave out required lists without trouble, so an absent list is an empty one. */
function mayBeAbsent(field: Field): boolean {
  return field.optional || (field.kind === '@' && field.shape?.fields[0]?.many === true && field.shape.fields.length === 1);
}

/**
 * Reads an element by its shape. Always refused: a value of the wrong kind. Refused when strict: unknown elements, another
 * order than the schema's, an element twice, a required element missing, another namespace. (Whether a real till enforces
 * order is not established; strictness is here to catch mistakes of clients.)
 */
export function decode(element: Element, shape: Shape, strict: boolean): Fields {
  const fields: Fields = {};
  let last = -1;
  for (const child of element.children) {
    const at = shape.index.get(child.name);
    const field = at === undefined ? undefined : shape.fields[at];
    if (at === undefined || field === undefined) {
      if (strict) throw new SchemaViolation(`Element <${child.name}> is not known in ${shape.name}`);
      continue;
    }
    if (strict && child.namespace !== NAMESPACE) throw new SchemaViolation(`Element <${child.name}> is not in namespace ${NAMESPACE}`);
    if (strict && (at < last || (at === last && !field.many)))
      throw new SchemaViolation(`Element <${child.name}> is out of order in ${shape.name}`);
    last = at;
    const value = single(child, field, strict);
    if (field.many) {
      const list = fields[field.name] as Value[] | undefined;
      if (list === undefined) fields[field.name] = [value];
      else list.push(value);
    } else fields[field.name] = value;
  }
  if (strict) {
    for (const field of shape.fields) {
      if (fields[field.name] === undefined && !mayBeAbsent(field) && field.kind !== '_')
        throw new SchemaViolation(`Element <${field.name}> is missing in ${shape.name}`);
    }
  }
  return fields;
}
