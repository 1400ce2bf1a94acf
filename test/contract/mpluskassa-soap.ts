import { XMLParser } from 'fast-xml-parser';
import type { MpluskassaSimulator } from '../simulators/mpluskassa/simulator.ts';
import type { XmlNode } from './mpluskassa-schema-check.ts';

const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: true,
});

type Ordered = Record<string, unknown>;

function nodes(list: readonly Ordered[]): XmlNode[] {
  return list.flatMap((each) => {
    const name = Object.keys(each)[0] ?? '';
    if (name === '#text' || name.startsWith('?')) return [];
    const inner = each[name] as Ordered[];
    const text = inner.map((part) => (typeof part['#text'] === 'string' ? part['#text'] : '')).join('');
    return [{ name, text, children: nodes(inner) }];
  });
}

/** The first element of the SOAP body. */
export function bodyOf(xml: string): XmlNode {
  const found = nodes(parser.parse(xml) as Ordered[])[0]?.children.find((child) => child.name === 'Body')?.children[0];
  if (found === undefined) throw new Error(`no SOAP body in ${xml.slice(0, 200)}`);
  return found;
}

export function wrap(operation: string, parameters: string): string {
  const inner = parameters.replace(/<(\/?)(\w)/g, '<$1m:$2');
  return `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="urn:mplusqapi"><e:Body><m:${operation}>${inner}</m:${operation}></e:Body></e:Envelope>`;
}

export interface Reply {
  status: number;
  xml: string;
  /** The answer element, or the fault. */
  node: XmlNode;
  /** The text at a path of element names below the answer; undefined when there is none. */
  at(path: string): string | undefined;
  /** How many elements there are at a path. */
  count(path: string): number;
}

function reach(from: readonly XmlNode[], path: string): XmlNode[] {
  return path
    .split('/')
    .reduce<XmlNode[]>((level, name) => level.flatMap((node) => node.children.filter((child) => child.name === name)), [...from]);
}

export async function sendXml(till: MpluskassaSimulator, xml: string): Promise<Reply> {
  const response = await fetch(till.url, { method: 'POST', headers: { 'Content-Type': 'text/xml; charset=utf-8' }, body: xml });
  const answer = await response.text();
  const node = bodyOf(answer);
  return {
    status: response.status,
    xml: answer,
    node,
    at: (path) => reach([node], path)[0]?.text,
    count: (path) => reach([node], path).length,
  };
}

/** Calls an operation; the parameters as plain XML without prefixes. */
export function call(till: MpluskassaSimulator, operation: string, parameters = ''): Promise<Reply> {
  return sendXml(till, wrap(operation, parameters));
}

export interface OrderWish {
  ext?: string;
  relation?: number;
  article?: number;
  quantity?: number;
  decimals?: number;
  price?: number;
  vatMethod?: string;
  employee?: number;
  branch?: number;
  vatCode?: number;
}

/** An order as a shop would send it, one line. */
export function orderXml(wish: OrderWish): string {
  const {
    ext = '',
    relation = 1002,
    article = 1006,
    quantity = 2,
    decimals = 0,
    price = 8995,
    vatMethod = 'INCLUSIVE',
    employee = 999_999,
    branch = 1,
    vatCode,
  } = wish;
  const vat = vatCode === undefined ? '' : `<vatCode>${vatCode}</vatCode>`;
  return `<order><orderId></orderId><extOrderId>${ext}</extOrderId><entryBranchNumber>${branch}</entryBranchNumber><employeeNumber>${employee}</employeeNumber><relationNumber>${relation}</relationNumber><financialBranchNumber>${branch}</financialBranchNumber><vatMethod>VAT-METHOD-${vatMethod}</vatMethod><lineList><line><articleNumber>${article}</articleNumber><data><quantity>${quantity}</quantity><decimalPlaces>${decimals}</decimalPlaces><price>${price}</price>${vat}</data></line></lineList></order>`;
}

export function paymentXml(method: string, amount: number): string {
  return `<paymentList><payment><method>${method}</method><amount>${amount}</amount></payment></paymentList>`;
}
