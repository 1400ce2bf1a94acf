import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ExchangeRequest, ExchangeResponse } from '../../connectors/exchange.ts';
import { Failure } from '../../connectors/failure.ts';
import { createTillClient, filled, render } from '../../connectors/mpluskassa/client.ts';
import { type Operation, operations, wsdlText } from '../../connectors/mpluskassa/wsdl.ts';

const data = new URL('../../../shared/contracts/data/mpluskassa/', import.meta.url);

function tillThatAnswers(answer: Partial<ExchangeResponse> | Failure) {
  const asked: ExchangeRequest[] = [];
  const client = createTillClient(
    { base: new URL('https://till.example:45678/'), ident: 'ident&1', secret: 'sec ret' },
    {
      now: () => new Date(),
      send: async (request) => {
        asked.push(request);
        if (answer instanceof Failure) throw answer;
        return { status: 200, headers: {}, body: '', ...answer };
      },
    },
  );
  return { client, asked };
}

const envelope = (inner: string): string =>
  `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="urn:mplusqapi"><SOAP-ENV:Body>${inner}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const fault = (code: string, text: string): string =>
  envelope(`<SOAP-ENV:Fault><faultcode>SOAP-ENV:${code}</faultcode><faultstring>${text}</faultstring></SOAP-ENV:Fault>`);

async function failureOfCall(operation: Operation, answer: Partial<ExchangeResponse> | Failure): Promise<Failure> {
  const error: unknown = await tillThatAnswers(answer)
    .client.call(operation)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof Failure)) throw new Error('expected a Failure');
  return error;
}

describe('talking to the till', () => {
  it('puts ident and secret into the query of the address and nowhere else', async () => {
    const { client, asked } = tillThatAnswers({ body: envelope('<ns:getBranchesResponse/>') });
    await client.call('getBranches');
    expect(asked[0]?.url).toBe('https://till.example:45678/?ident=ident%261&secret=sec+ret');
    expect(JSON.stringify([asked[0]?.headers, asked[0]?.body])).not.toMatch(/ident&1|sec ret/);
  });

  it('sends exactly the bytes that were rendered before', async () => {
    const { client, asked } = tillThatAnswers({ body: envelope('<ns:GetOrderResponse><ns:result>X</ns:result></ns:GetOrderResponse>') });
    const planned = render('findOrder', { extOrderId: 'a & <b> ü {{customer}}' });
    await client.send('findOrder', planned);
    expect(asked[0]?.body).toBe(planned);
    expect(planned).toContain('a &amp; &lt;b&gt; ü {{customer}}');
  });

  it('drops characters that XML cannot carry', () => {
    expect(render('findOrder', { extOrderId: 'a\u0000b\u000bc\ud800d😀' })).toContain('<ns1:extOrderId>abcd😀</ns1:extOrderId>');
  });

  it('fills in the id of an earlier step only where the till expects it', () => {
    const planned = render('createOrder', {
      order: { orderId: '', relationNumber: '{{customer}}', lineList: { line: [{ articleNumber: 1, text: '{{customer}}' }] } },
    });
    const sent = filled(planned, { relationNumber: '1207' });
    expect(sent).toContain('<ns1:relationNumber>1207</ns1:relationNumber>');
    expect(sent).toContain('<ns1:text>{{customer}}</ns1:text>');
  });

  it('takes the first child of the body as the answer, whatever its name and prefix', async () => {
    const body =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body><GetOrderV9Response xmlns="urn:mplusqapi"><result>GET-ORDER-RESULT-OK</result><novelty><a>1</a></novelty><order><orderId>abc</orderId><completeState>SOMETHING-NEW</completeState><lineList/></order></GetOrderV9Response></e:Body></e:Envelope>';
    const answer = await tillThatAnswers({ body }).client.call('findOrder', { extOrderId: 'x' });
    expect(answer.order).toMatchObject({ orderId: 'abc', completeState: 'SOMETHING-NEW', lineList: [] });
  });

  it('reads a list of one as a list, and a missing or empty wrapper as an empty list', async () => {
    const one = envelope(
      '<ns:GetPaymentMethodsResponse><ns:paymentMethodList><ns:paymentMethod><ns:method>PIN</ns:method></ns:paymentMethod></ns:paymentMethodList></ns:GetPaymentMethodsResponse>',
    );
    expect((await tillThatAnswers({ body: one }).client.call('getPaymentMethods')).paymentMethodList).toHaveLength(1);
    for (const empty of [
      '<ns:GetPaymentMethodsResponse/>',
      '<ns:GetPaymentMethodsResponse><ns:paymentMethodList></ns:paymentMethodList></ns:GetPaymentMethodsResponse>',
    ])
      expect((await tillThatAnswers({ body: envelope(empty) }).client.call('getPaymentMethods')).paymentMethodList).toEqual([]);
    expect(
      (
        await tillThatAnswers({ body: envelope('<ns:getVatGroupListResponse></ns:getVatGroupListResponse>') }).client.call(
          'getVatGroupList',
        )
      ).vatGroup,
    ).toEqual([]);
  });
});

describe('what a refusal of the till means', () => {
  it.each([
    [
      'wrong credentials pause the connection',
      500,
      fault('Client.Authentication', 'Invalid credentials'),
      'fix-connection',
      'till.credentials',
    ],
    [
      'a request the till cannot read parks the record',
      500,
      fault('Client', 'Validation constraint violation'),
      'fix-data',
      'till.refused-request',
    ],
    ['trouble inside the till waits', 500, fault('Server.Database', 'deadlock'), 'wait', 'till.fault'],
    ['a proxy page waits', 502, '<html><body>Bad gateway</body></html>', 'wait', 'till.not-answering-soap'],
    ['a bare 405 waits', 405, '', 'wait', 'till.not-answering-soap'],
    ['half an envelope waits', 200, envelope('<ns:GetOrderResponse><ns:result>GET').slice(0, -60), 'wait', 'till.not-answering-soap'],
  ])('%s', async (_story, status, body, remedy, code) => {
    expect(await failureOfCall('findOrder', { status, body })).toMatchObject({ remedy, code, ambiguous: false });
  });

  it('an answer lost while writing is ambiguous, a definite refusal is not', async () => {
    expect(await failureOfCall('createOrderV3', { status: 502, body: '<html/>' })).toMatchObject({ remedy: 'wait', ambiguous: true });
    expect(await failureOfCall('createOrderV3', { status: 500, body: fault('Server', 'x') })).toMatchObject({ ambiguous: true });
    expect(await failureOfCall('createOrderV3', { status: 500, body: fault('Client', 'x') })).toMatchObject({ ambiguous: false });
  });

  it('says of each request whether it only reads, for then a lost answer leaves nothing to look for', async () => {
    const { client, asked } = tillThatAnswers(new Failure({ remedy: 'wait', code: 'network.timeout', message: 'm' }));
    for (const operation of ['findOrder', 'createOrderV3'] as const) await expect(client.call(operation)).rejects.toThrow('m');
    expect(asked.map(({ label, reads }) => [label, reads])).toEqual([
      ['findOrder', true],
      ['createOrderV3', false],
    ]);
  });

  it('repeats neither the secret nor an e-mail address of a fault', async () => {
    const failure = await failureOfCall('createRelation', {
      status: 500,
      body: fault('Client', 'relation jan@example.nl refused for sec ret'),
    });
    expect(failure.message).not.toMatch(/jan@example|sec ret/);
  });
});

describe.runIf(existsSync(data))('held against the official schema', () => {
  interface Field {
    name: string;
    type: string;
    min: string;
    max: string;
  }
  interface Shape {
    base?: string | null;
    fields: Field[];
  }
  const official = JSON.parse(readFileSync(new URL('mplusqapi.types.json', data), 'utf8')) as {
    operations: Record<string, { outputElement: string[] }>;
    elements: Record<string, { type: string | null; inline?: Shape }>;
    types: Record<string, Shape>;
  };
  const fieldsOf = (name: string): Field[] => {
    const shape = official.types[name];
    if (!shape) throw new Error(`the official schema has no type ${name}`);
    return [...(shape.base ? fieldsOf(shape.base.replace(/^.*:/, '')) : []), ...shape.fields];
  };
  const elementFields = (name: string): Field[] => {
    const found = official.elements[name];
    if (!found) throw new Error(`the official schema has no element ${name}`);
    return found.inline
      ? [...(found.inline.base ? fieldsOf(found.inline.base.replace(/^.*:/, '')) : []), ...found.inline.fields]
      : fieldsOf((found.type ?? '').replace(/^.*:/, ''));
  };
  const ours = [
    ...wsdlText.matchAll(/<xsd:(complexType|element) name="([^"]+)">(?:<xsd:complexType>)?<xsd:sequence>(.*?)<\/xsd:sequence>/g),
  ].map((match) => ({
    name: match[2] ?? '',
    fields: [...(match[3] ?? '').matchAll(/<xsd:element name="([^"]+)" type="([^"]+)"([^/]*)\/>/g)].map((field) => ({
      name: field[1] ?? '',
      type: (field[2] ?? '').replace(/^.*:/, ''),
      many: (field[3] ?? '').includes('unbounded'),
      optional: (field[3] ?? '').includes('minOccurs="0"'),
    })),
    isElement: match[1] === 'element',
  }));

  it.each(ours)('$name: names, order and cardinality', ({ name, fields, isElement }) => {
    const theirs = isElement ? elementFields(name) : fieldsOf(name);
    let at = -1;
    for (const field of fields) {
      const index = theirs.findIndex((candidate) => candidate.name === field.name);
      expect(index, `${name}.${field.name}`).toBeGreaterThan(at);
      at = index;
      expect(field.many, `${name}.${field.name} repeats`).toBe(theirs[index]?.max === 'unbounded');
      expect(field.optional, `${name}.${field.name} optional`).toBe(theirs[index]?.min === '0');
      const type = (theirs[index]?.type ?? '').replace(/^.*:/, '');
      expect([field.type, type === field.type || (field.type === 'string' && official.types[type] === undefined)]).toEqual([
        field.type,
        true,
      ]);
    }
  });

  it('answers have the official roots', () => {
    for (const [name, { gives }] of Object.entries(operations)) expect(official.operations[name]?.outputElement).toEqual([gives]);
  });

  it('reads the example answers of the contract', async () => {
    const files = readdirSync(new URL('examples/', data)).filter((file) => file.endsWith('.response.xml'));
    let read = 0;
    for (const file of files) {
      const name = /^\d+-(\w+)/.exec(file)?.[1] as Operation;
      if (!(name in operations)) continue;
      await tillThatAnswers({ body: readFileSync(new URL(`examples/${file}`, data), 'utf8') }).client.call(name);
      read += 1;
    }
    expect(read).toBeGreaterThan(10);
  });
});
