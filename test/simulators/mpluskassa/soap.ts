import { answers } from './answers/table.ts';
import { decode, NAMESPACE, SchemaViolation } from './decode.ts';
import { bareEnvelope, envelope } from './encode.ts';
import { ClientFault } from './faults.ts';
import { type Fields, inside, textOf } from './fields.ts';
import { parseShape, type Shape, shapeOf } from './schema/notation.ts';
import { type Operation, operations } from './schema/operations.ts';
import type { Till } from './till.ts';
import { type Element, MalformedXml, readXml } from './xml.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

/** A fault that shows a mistake in the client, to be remembered as unexpected; others may be honest probing. */
export class Unexpected extends ClientFault {}

interface Compiled {
  input: Shape;
  output: Shape;
  root: string;
  keyed: boolean;
  /** The result word for FAILED, for operations that have one. */
  failed: string | undefined;
}

function compile(name: Operation): Compiled {
  const [input, root] = operations[name];
  const output = shapeOf(root);
  const result = output.fields.find((field) => field.name === 'result');
  return {
    input: parseShape(name, input),
    output,
    root,
    keyed: output.index.has('idempotencyResult'),
    failed: [...(result?.words ?? [])].find((word) => word.endsWith('-RESULT-FAILED')),
  };
}

const compiled = new Map<string, Compiled>((Object.keys(operations) as Operation[]).map((name) => [name, compile(name)]));

/** The name of the operation in a request, and its element. Throws Unexpected when there is none. */
export function readRequest(body: string): Element {
  try {
    const root = readXml(body);
    if (root.name !== 'Envelope' || root.namespace !== ENVELOPE) throw new MalformedXml('no SOAP 1.1 envelope');
    const operation = root.children.find((child) => child.name === 'Body')?.children[0];
    if (operation === undefined) throw new MalformedXml('no operation in the SOAP body');
    return operation;
  } catch (error) {
    if (error instanceof MalformedXml) throw new Unexpected(error.message);
    throw error;
  }
}

/** Versions below 57 have no V2 or V3 operations; getOrdersByExtOrderIds came with 61. */
function inVersion(till: Till, name: string): boolean {
  const major = till.version[0];
  if (/V[23]$/.test(name) && major < 57) return false;
  return name !== 'getOrdersByExtOrderIds' || major >= 61;
}

function lookUp(till: Till, element: Element): Compiled {
  const missing = `Method '${element.name}' not implemented: method name or namespace not recognized`;
  const found = compiled.get(element.name);
  if (found === undefined || element.namespace !== NAMESPACE) throw new Unexpected(missing);
  if (!inVersion(till, element.name)) throw new ClientFault(missing);
  return found;
}

/** An answer that says nothing at all: the root alone. */
export function emptyEnvelope(name: string): string {
  return bareEnvelope(compiled.get(name)?.root ?? `${name}Response`);
}

export interface Answer {
  xml: string;
  /** False when the result says that it did not work. */
  ok: boolean;
  input: Fields;
}

function carryOut(till: Till, name: Operation, input: Fields): Fields {
  try {
    return answers[name](till, input);
  } catch (error) {
    if (error instanceof ClientFault && !(error instanceof Unexpected)) throw new Unexpected(error.message, error.code);
    throw error;
  }
}

/** Refuses as a till can: FAILED, no text, nothing done. */
function plainFailure(operation: Compiled): Fields {
  return {
    result: operation.failed,
    errorMessage: '',
    message: '',
    relationNumber: 0,
    productNumber: 0,
    info: { orderId: '', orderString: '', invoiceId: '', invoiceString: '' },
  };
}

function firstOrReplay(till: Till, key: string, make: () => Fields): Fields {
  const kept = till.answers.get(key);
  if (kept !== undefined) return { ...kept, idempotencyResult: 'IDEMPOTENCY-RESULT-REPLAY-RESPONSE' };
  const made = { ...make(), idempotencyResult: 'IDEMPOTENCY-RESULT-ORIGINAL-RESPONSE' };
  till.answers.set(key, made);
  return made;
}

/**
 * Carries out one request. `refuse` answers FAILED without doing it (an operation that knows no FAILED gets a Server fault).
 * Throws ClientFault for what a till answers with a fault. An answer to a keyed operation is kept, a FAILED one as well.
 */
export function answer(till: Till, element: Element, how: { strict: boolean; refuse: boolean }): Answer {
  const operation = lookUp(till, element);
  const name = element.name as Operation;
  let input: Fields;
  try {
    input = decode(element, operation.input, how.strict);
  } catch (error) {
    if (error instanceof SchemaViolation) throw new Unexpected(`${name}: ${error.message}`);
    throw error;
  }
  if (how.refuse && operation.failed === undefined) throw new ClientFault('Internal error', 'Server');
  const make = (): Fields => (how.refuse ? plainFailure(operation) : carryOut(till, name, input));
  const key = textOf(inside(input, 'request'), 'idempotencyKey');
  if (operation.keyed && key === '') throw new Unexpected(`${name}: idempotencyKey is empty`);
  const fields = operation.keyed ? firstOrReplay(till, `${name} ${key}`, make) : make();
  const ok = !/FAILED|INSUFFICIENT|TOO-HIGH|ALREADY|CHANGED|NO-STOCK/.test(textOf(fields, 'result'));
  return { xml: envelope(operation.root, operation.output, fields), ok, input };
}

/** A short description of the service; a real till serves the vendor's whole file here. */
export function wsdl(address: string): string {
  const port = [...compiled]
    .map(([name, { root }]) => `<operation name="${name}"><input message="tns:${name}"/><output message="tns:${root}"/></operation>`)
    .join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="mplusqapi" targetNamespace="${NAMESPACE}" xmlns:tns="${NAMESPACE}" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns="http://schemas.xmlsoap.org/wsdl/">
<portType name="mplusqapiPortType">
${port}
</portType>
<service name="mplusqapi"><port name="mplusqapi" binding="tns:mplusqapi"><soap:address location="${address}"/></port></service>
</definitions>
`;
}
