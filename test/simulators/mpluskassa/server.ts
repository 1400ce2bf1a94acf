import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Call } from './calls.ts';
import { faultEnvelope } from './encode.ts';
import { ClientFault, type FaultKind, type FaultPlan } from './faults.ts';
import type { Fields } from './fields.ts';
import { answer, emptyEnvelope, readRequest, Unexpected, wsdl } from './soap.ts';
import type { Till } from './till.ts';
import type { Element } from './xml.ts';

const LARGEST_BODY = 8 * 1024 * 1024;
const SLOW_MS = 300;

/** What the server needs to know of the till it stands before. */
export interface Desk {
  till: Till;
  ident: string;
  secret: string;
  strict: boolean;
  faults: FaultPlan;
  unexpected: string[];
  record(call: Call): void;
  /** Set by the switch on the till page: SOAP requests are cut off, the page stays. */
  away: boolean;
  /** Serves the till page. Returns false when the path is not its own. */
  page(request: IncomingMessage, response: ServerResponse): boolean;
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

function sendXml(desk: Desk, response: ServerResponse, status: number, xml: string): void {
  response.setHeader('mplus-service-version', desk.till.version.join('.'));
  send(response, status, 'text/xml; charset=utf-8', xml);
}

function readBody(request: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > LARGEST_BODY) request.destroy();
    else chunks.push(chunk);
  });
  request.on('end', () => done((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8')));
}

/** Faults that need no till to answer. Returns whether the call is done with. */
function breakBefore(desk: Desk, kind: FaultKind | undefined, on: { operation: string; response: ServerResponse }): boolean {
  const { operation, response } = on;
  switch (kind) {
    case 'refuse':
      response.socket?.destroy();
      return true;
    case 'timeout':
      return true;
    case 'fault':
      sendXml(desk, response, 500, faultEnvelope('Server', 'Internal error'));
      return true;
    case 'bad-gateway':
      send(response, 502, 'text/html', '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>');
      return true;
    case 'empty':
      sendXml(desk, response, 200, emptyEnvelope(operation));
      return true;
    case 'garbage':
      sendXml(desk, response, 200, '<?xml version="1.0"?><SOAP-ENV:Envelope><SOAP-ENV:Bo');
      return true;
    default:
      return false;
  }
}

interface Outcome {
  status: number;
  xml: string;
  ok: boolean;
  input: Fields | undefined;
}

function carryOut(desk: Desk, element: Element, refuse: boolean): Outcome {
  try {
    const { xml, ok, input } = answer(desk.till, element, { strict: desk.strict, refuse });
    return { status: 200, xml, ok, input };
  } catch (error) {
    return faultOf(desk, error);
  }
}

function faultOf(desk: Desk, error: unknown): Outcome {
  if (error instanceof Unexpected) desk.unexpected.push(error.message);
  if (error instanceof ClientFault) return { status: 500, xml: faultEnvelope(error.code, error.message), ok: false, input: undefined };
  throw error;
}

function deliverAnswer(desk: Desk, kind: FaultKind | undefined, to: { response: ServerResponse; outcome: Outcome }): void {
  const { response, outcome } = to;
  if (kind === 'write-then-drop') response.socket?.destroy();
  else if (kind === 'slow') setTimeout(() => response.destroyed || sendXml(desk, response, outcome.status, outcome.xml), SLOW_MS).unref();
  else sendXml(desk, response, outcome.status, outcome.xml);
}

function soapCall(desk: Desk, body: string, response: ServerResponse): void {
  let element: Element;
  try {
    element = readRequest(body);
  } catch (error) {
    sendXml(desk, response, 500, faultOf(desk, error).xml);
    return;
  }
  const at = Date.now();
  const kind = desk.faults.take(element.name);
  if (breakBefore(desk, kind, { operation: element.name, response })) {
    desk.record({ operation: element.name, at, body, request: undefined, ok: false });
    return;
  }
  const outcome = carryOut(desk, element, kind === 'failed');
  desk.record({
    operation: element.name,
    at,
    body,
    request: outcome.input,
    ok: outcome.ok && kind !== 'write-then-drop',
  });
  deliverAnswer(desk, kind, { response, outcome });
}

function post(desk: Desk, query: URLSearchParams, on: { request: IncomingMessage; response: ServerResponse }): void {
  const { request, response } = on;
  if (desk.away) {
    request.socket.destroy();
    return;
  }
  readBody(request, (body) => {
    try {
      if (query.get('ident') !== desk.ident || query.get('secret') !== desk.secret)
        sendXml(desk, response, 500, faultEnvelope('Client.Authentication', 'Invalid credentials'));
      else soapCall(desk, body, response);
    } catch (error) {
      desk.unexpected.push(`the simulator itself failed: ${error instanceof Error ? error.message : String(error)}`);
      sendXml(desk, response, 500, faultEnvelope('Server', 'Simulator error'));
    }
  });
}

function route(desk: Desk, request: IncomingMessage, response: ServerResponse): void {
  const address = request.url ?? '/';
  const mark = address.indexOf('?');
  const path = mark < 0 ? address : address.slice(0, mark);
  const query = mark < 0 ? '' : address.slice(mark + 1);
  if (path === '/' && request.method === 'POST') post(desk, new URLSearchParams(query), { request, response });
  else if (path === '/' && request.method === 'GET' && /^wsdl\b/i.test(query))
    send(response, 200, 'text/xml; charset=utf-8', wsdl('http://127.0.0.1:18083/'));
  else if (path === '/' && request.method === 'GET' && /^docs\b/i.test(query))
    send(response, 200, 'text/html; charset=utf-8', '<!doctype html><title>API</title><h1>API</h1>');
  else if (path === '/') send(response, 405, 'text/plain', 'Method Not Allowed');
  else if (!desk.page(request, response)) send(response, 404, 'text/plain', 'Not Found');
}

/** A listening socket that can be closed and opened again on the same port. */
export interface Door {
  port: number;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the till to the network on 127.0.0.1. Closing cuts every connection, answered or not. */
export async function openDoor(desk: Desk, wantedPort: number): Promise<Door> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => route(desk, request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  await listen(wantedPort);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    open: async () => {
      if (!server.listening) await listen(port);
    },
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
