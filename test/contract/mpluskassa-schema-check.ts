import { readFileSync } from 'node:fs';

export interface XmlNode {
  name: string;
  text: string;
  children: XmlNode[];
}

interface SchemaField {
  name: string;
  type: string;
  min: string;
  max: string;
}

interface SchemaType {
  base: string | null;
  fields: SchemaField[];
}

export interface Schema {
  operations: Record<string, { inputElement: string[]; outputElement: string[] }>;
  elements: Record<string, { type: string | null; inline?: SchemaType }>;
  types: Record<string, SchemaType>;
  enums: Record<string, { values: string[] }>;
}

export function readSchema(path: string): Schema {
  return JSON.parse(readFileSync(path, 'utf8')) as Schema;
}

const bare = (type: string): string => type.replace(/^.*:/, '');

function fieldsOf(schema: Schema, type: SchemaType): SchemaField[] {
  const base = type.base === null ? undefined : schema.types[bare(type.base)];
  return [...(base === undefined ? [] : fieldsOf(schema, base)), ...type.fields];
}

const KINDS: Record<string, RegExp> = {
  int: /^-?\d{1,10}$/,
  short: /^-?\d{1,5}$/,
  long: /^-?\d{1,19}$/,
  boolean: /^(true|false)$/,
  decimal: /^-?\d+(\.\d+)?$/,
};

function checkValue(schema: Schema, node: XmlNode, type: string): string[] {
  const name = bare(type);
  const complex = schema.types[name];
  if (complex !== undefined) return checkFields(schema, node, fieldsOf(schema, complex));
  const words = schema.enums[name];
  if (words !== undefined) return words.values.includes(node.text) ? [] : [`${node.name} is '${node.text}', not one of ${name}`];
  const kind = KINDS[name];
  return kind === undefined || kind.test(node.text) ? [] : [`${node.name} is '${node.text}', not a ${name}`];
}

/** Names, order, how often, words and kinds of everything in an element; one sentence per mistake. */
function checkFields(schema: Schema, node: XmlNode, fields: readonly SchemaField[]): string[] {
  const problems: string[] = [];
  let at = -1;
  for (const child of node.children) {
    const found = fields.findIndex((field) => field.name === child.name);
    const field = fields[found];
    if (field === undefined) {
      problems.push(`${child.name} is unknown in ${node.name}`);
      continue;
    }
    if (found < at) problems.push(`${child.name} is out of order in ${node.name}`);
    if (found === at && field.max === '1') problems.push(`${child.name} is there twice in ${node.name}`);
    at = found;
    problems.push(...checkValue(schema, child, field.type));
  }
  for (const field of fields) {
    if (Number(field.min) > 0 && !node.children.some((child) => child.name === field.name))
      problems.push(`${field.name} is missing in ${node.name}`);
  }
  return problems;
}

/** What is wrong with the answer to an operation, by the vendor's own schema. Empty when it fits. */
export function problemsWith(schema: Schema, operation: string, answer: XmlNode): string[] {
  const expected = schema.operations[operation]?.outputElement[0];
  if (expected === undefined) return [`the vendor knows no operation ${operation}`];
  const element = schema.elements[expected];
  if (answer.name !== expected || element === undefined) return [`${operation} answers with ${answer.name}, not ${expected}`];
  return element.type === null ? checkFields(schema, answer, element.inline?.fields ?? []) : checkValue(schema, answer, element.type);
}
