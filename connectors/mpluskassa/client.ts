/** Speaks SOAP with one till. The `soap` package renders, reader.ts reads; every byte travels through {@link Io.send}. */
import { Client, type IHttpClient, WSDL } from 'soap';
import type { Io } from '../connector.ts';
import { type Answer, answers } from './answers.ts';
import { answerProblem, type Fault, faultFailure, unreadable } from './faults.ts';
import { type BodyChild, readBody } from './reader.ts';
import { type Operation, operations, wsdlText } from './wsdl.ts';

/** Largest answer time of the till that we wait for; its own clients wait up to 600 s, lists here are short. */
const timeoutMs = 60_000;

const writing: ReadonlySet<Operation> = new Set([
  'createRelation',
  'updateRelation',
  'createOrder',
  'createOrderV3',
  'payOrder',
  'payOrderV2',
  'saveInvoice',
  'payInvoice',
  'createProduct',
  'updateProduct',
  'setStock',
  'saveStockCorrections',
]);

interface TillAddress {
  /** With scheme, port and path. */
  readonly base: URL;
  readonly ident: string;
  readonly secret: string;
}

export interface TillClient {
  /** Renders and sends. Throws a Failure that says what to do. */
  call<Name extends Operation>(operation: Name, parameters?: object): Promise<Answer<Name>>;
  /** Sends exactly this envelope, as {@link render} made it. */
  send<Name extends Operation>(operation: Name, envelope: string): Promise<Answer<Name>>;
}

/** Hands soap's finished request to whoever asked for it: nothing travels through soap itself. */
const transport: IHttpClient = {
  request(_url, data, _callback, _headers, options) {
    options?.capture(String(data));
    // The interface wants axios' promise; the client only uses the callback.
    return undefined as unknown as ReturnType<IHttpClient['request']>;
  },
};

/** Looks for each child of a type once: the description does not change. */
class Description extends WSDL {
  readonly #children = new WeakMap<object, Map<string, unknown>>();

  override findChildSchemaObject(type: object | null | undefined, name: string, backtrace?: object[]): unknown {
    if (!type || backtrace) return super.findChildSchemaObject(type, name, backtrace);
    const known = this.#children.get(type) ?? new Map<string, unknown>();
    this.#children.set(type, known);
    if (!known.has(name)) known.set(name, super.findChildSchemaObject(type, name));
    return known.get(name);
  }
}

/** One for the process: it holds the parsed WSDL and no connection's data. */
const soap = await new Promise<Client>((resolve, reject) => {
  const wsdl = new Description(wsdlText, 'mpluskassa.wsdl', {});
  wsdl.onReady((error: Error | undefined) => {
    if (error) reject(error);
    else resolve(new Client(wsdl, 'urn:never-used', { envelopeKey: 'SOAP-ENV', httpClient: transport }));
  });
});

/**
 * The request's exact bytes, without sending: what a plan shows is what goes over the wire.
 * Undefined values and empty lists are left out; characters that XML cannot carry are dropped.
 */
export function render(operation: Operation, parameters: object = {}): string {
  let envelope: string | undefined;
  const capture = (text: string): void => {
    envelope = text;
  };
  const method: (args: object, callback: () => void, options: object) => void = soap[operation];
  method(cleaned(parameters) as object, () => undefined, { capture });
  if (envelope === undefined) throw new TypeError(`${operation} cannot be rendered`);
  return envelope;
}

export function createTillClient(address: TillAddress, io: Io): TillClient {
  const url = new URL(address.base);
  url.searchParams.set('ident', address.ident);
  url.searchParams.set('secret', address.secret);
  const till = address.base.host;

  const send = async <Name extends Operation>(operation: Name, envelope: string): Promise<Answer<Name>> => {
    const write = writing.has(operation);
    const response = await io.send({
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: `"${operation}"` },
      body: envelope,
      reads: !write,
      timeoutMs,
      label: operation,
    });
    const problem = answerProblem({ status: response.status, root: firstBodyChild(response.body), till, write });
    if (problem) throw problem;
    let answer: BodyChild;
    try {
      answer = readBody(shortened(operation, response.body), operations[operation].gives);
    } catch (error) {
      throw unreadable(operation, { till, write, cause: error });
    }
    // Answer roots are irregular and newer services may rename them: whatever is no fault is the answer.
    if (answer.name === 'Fault')
      throw faultFailure(faultOf(answer.value), { operation, till, write, secrets: [address.ident, address.secret] });
    const parsed = answers[operation].safeParse(answer.value ?? {});
    if (!parsed.success) throw unreadable(operation, { till, write, cause: parsed.error });
    return parsed.data as Answer<Name>;
  };

  return { send, call: (operation, parameters) => send(operation, render(operation, parameters)) };
}

const bodyChild = /<(?:[\w.-]+:)?Body(?:\s[^>]*)?>\s*(?:<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)/;

/** createOrderV3 repeats the whole order, which is read back anyway: parsing it would be half of the work of an order. */
function shortened(operation: Operation, body: string): string {
  if (operation !== 'createOrderV3') return body;
  const start = /<((?:[\w.-]+:)?order)>/.exec(body);
  const end = start === null ? -1 : body.lastIndexOf(`</${start[1]}>`);
  return start === null || end < 0 ? body : body.slice(0, start.index) + body.slice(end + start[0].length + 1);
}

function firstBodyChild(body: string): string | undefined {
  return bodyChild.exec(body.slice(0, 8_192))?.[1];
}

function faultOf(value: unknown): Fault {
  const { faultcode = '', faultstring = '' } = isRecord(value) ? value : {};
  return { code: String(faultcode ?? '').replace(/^.*:/, ''), text: String(faultstring ?? '') };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const unprintable = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu;

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(unprintable, '');
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(cleaned);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, cleaned(inner)] as const)
      .filter(([, inner]) => inner !== undefined),
  );
}

/** Puts the ids that earlier steps brought into a planned envelope; nothing else changes. */
export function filled(
  envelope: string,
  ids: { readonly relationNumber?: string | undefined; readonly orderId?: string | undefined; readonly invoiceId?: string | undefined },
): string {
  const put = (text: string, place: { name: string; step: string; id: string | undefined }): string =>
    place.id === undefined ? text : text.replace(`<ns1:${place.name}>{{${place.step}}}<`, () => `<ns1:${place.name}>${escaped(place.id)}<`);
  const withRelation = put(envelope, { name: 'relationNumber', step: 'customer', id: ids.relationNumber });
  const withOrder = put(withRelation, { name: 'orderId', step: 'order', id: ids.orderId });
  return put(withOrder, { name: 'invoiceId', step: 'order', id: ids.invoiceId });
}

function escaped(id = ''): string {
  return id.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
