import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { WSDL } from 'soap';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBody } from '../../connectors/mpluskassa/reader.ts';
import { wsdlText } from '../../connectors/mpluskassa/wsdl.ts';

const envelope = (inner: string, header = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ns="urn:mplusqapi">${header}<SOAP-ENV:Body>${inner}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const order = (inner: string): string =>
  envelope(`<ns:GetOrderResponse><ns:result>OK</ns:result><ns:order>${inner}</ns:order></ns:GetOrderResponse>`);
const read = (xml: string): unknown => readBody(xml, 'GetOrderResponse').value;

let wsdl: WSDL;
beforeAll(async () => {
  wsdl = await new Promise<WSDL>((resolve, reject) => {
    const made = new WSDL(wsdlText, 'mpluskassa.wsdl', {});
    made.onReady((error: Error | undefined) => (error ? reject(error) : resolve(made)));
  });
});

/** What the soap package makes of the same answer. */
function asSoapReads(xml: string): unknown {
  const { Body } = wsdl.xmlToObject(xml) as { Body: Record<string, unknown> };
  return Object.values(Body)[0];
}

describe('an answer of the till', () => {
  it('has the types that the WSDL gives its fields, and lists where something may repeat', () => {
    const xml = order(
      '<ns:orderId>7</ns:orderId><ns:totalInclAmount>1250</ns:totalInclAmount><ns:fullyPaid>true</ns:fullyPaid><ns:reference/><ns:relationNumber></ns:relationNumber><ns:lineList><ns:line><ns:articleNumber>1</ns:articleNumber><ns:text> a &amp; b &#233; <![CDATA[<c>]]></ns:text></ns:line></ns:lineList>',
    );
    expect(read(xml)).toEqual({
      result: 'OK',
      order: {
        orderId: '7',
        totalInclAmount: 1250,
        fullyPaid: true,
        reference: '',
        relationNumber: null,
        lineList: { line: [{ articleNumber: 1, text: 'a & b é <c>' }] },
      },
    });
  });

  it('keeps what nobody knows, leaves out what is nil, and looks at nothing but the first child of the body', () => {
    const header = '<SOAP-ENV:Header><ns:order>no</ns:order></SOAP-ENV:Header>';
    const inner =
      '<ns:GetOrderResponse note="a > b"><!-- <x> --><ns:novelty><a>1</a><a>2</a></ns:novelty><ns:result xsi:nil="true"/></ns:GetOrderResponse><ns:multiRef>x</ns:multiRef>';
    expect(readBody(envelope(inner, header), 'GetOrderResponse')).toEqual({
      name: 'GetOrderResponse',
      value: { novelty: { a: ['1', '2'] } },
    });
  });

  it.each([
    ['breaks off', order('<ns:orderId>7</ns:orderId>').slice(0, -40)],
    ['closes what is not open', order('<ns:orderId>7</ns:reference>')],
    ['has an entity that XML does not know', order('<ns:reference>&nbsp;</ns:reference>')],
    ['has an ampersand that is none', order('<ns:reference>a & b</ns:reference>')],
    ['has a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${order('')}`],
    ['has no answer', '<a:Envelope xmlns:a="x"><a:Body></a:Body></a:Envelope>'],
    ['is empty', ''],
  ])('is refused when it %s', (_what, xml) => {
    expect(() => read(xml)).toThrow(SyntaxError);
  });

  it('is read as the soap package reads it, whatever stands in it', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '&', '<', '>', '"', "'", ' ', '\n', ']', '0') });
    const escaped = (value: string): string => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    const leaf = (name: string, value: fc.Arbitrary<string>) => value.map((content) => `<ns:${name}>${escaped(content)}</ns:${name}>`);
    const number = fc.integer().map(String);
    const data = fc.tuple(leaf('quantity', number), leaf('price', number)).map((parts) => `<ns:data>${parts.join('')}</ns:data>`);
    const line = fc
      .tuple(
        leaf('lineId', text),
        leaf('articleNumber', number),
        leaf('text', text),
        fc.option(data, { nil: '' }),
        leaf('unheardOf', number),
      )
      .map((parts) => `<ns:line>${parts.join('\n  ')}</ns:line>`);
    const whole = fc
      .tuple(
        leaf('orderId', text),
        leaf('totalInclAmount', number),
        leaf('fullyPaid', fc.constantFrom('true', 'false', '1', '0')),
        fc.array(line, { maxLength: 4 }).map((lines) => `<ns:lineList>${lines.join('')}</ns:lineList>`),
        fc.option(leaf('reference', text), { nil: '<ns:reference/>' }),
      )
      .map((parts) => order(parts.join('')));
    fc.assert(
      fc.property(whole, (xml) => {
        expect(read(xml)).toEqual(asSoapReads(xml));
      }),
    );
  });
});

const examples = new URL('../../../shared/contracts/data/mpluskassa/examples/', import.meta.url);

describe.runIf(existsSync(examples))('the example answers of the contract', () => {
  it('are read as the soap package reads them', () => {
    const answers = readdirSync(examples).filter((file) => file.endsWith('.response.xml'));
    for (const file of answers) {
      const xml = readFileSync(new URL(file, examples), 'utf8');
      const name = /Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(xml)?.[1] ?? '';
      if (name === 'Fault' || !wsdlText.includes(`<message name="${name}"`)) continue;
      expect(readBody(xml, name).value, file).toEqual(asSoapReads(xml) ?? null);
    }
    expect(answers.length).toBeGreaterThan(10);
  });
});
