import type { Fields, Value } from './fields.ts';
import type { Field, Shape } from './schema/notation.ts';
import { escapeText } from './xml.ts';

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:ns="urn:mplusqapi"><SOAP-ENV:Body>';
const TAIL = '</SOAP-ENV:Body></SOAP-ENV:Envelope>';

function one(field: Field, value: Value): string {
  if (field.kind === '@') return field.open + encode(field.shape as Shape, value as Fields) + field.close;
  if (field.words !== undefined && !field.words.has(String(value))) throw new Error(`${field.name} cannot be ${String(value)}`);
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error(`${field.name} must be a whole number, not ${value}`);
  return field.open + (typeof value === 'string' ? escapeText(value) : String(value)) + field.close;
}

/** The fields as elements in the schema's order. Fields that are undefined are left out. */
function encode(shape: Shape, fields: Fields): string {
  let xml = '';
  for (const field of shape.fields) {
    const value = fields[field.name];
    if (value === undefined) continue;
    if (field.many) for (const each of value as Value[]) xml += one(field, each);
    else if (field.kind === '_') xml += field.open + field.close;
    else xml += one(field, value);
  }
  return xml;
}

/** A whole answer: prefixes and namespaces on the Envelope as gSOAP writes them. */
export function envelope(root: string, shape: Shape, fields: Fields): string {
  return `${HEAD}<ns:${root}>${encode(shape, fields)}</ns:${root}>${TAIL}`;
}

export function bareEnvelope(root: string): string {
  return `${HEAD}<ns:${root}></ns:${root}>${TAIL}`;
}

/** A SOAP fault; `code` without prefix, such as `Client.Authentication`. */
export function faultEnvelope(code: string, text: string): string {
  return `${HEAD}<SOAP-ENV:Fault><faultcode>SOAP-ENV:${code}</faultcode><faultstring>${escapeText(text)}</faultstring></SOAP-ENV:Fault>${TAIL}`;
}
