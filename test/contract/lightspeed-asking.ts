import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CSeriesSimulator } from '../simulators/lightspeed/cseries.ts';

/** Asks as whoever holds the key does. A body is sent as JSON, URLSearchParams as a form. */
export async function asShop(shop: CSeriesSimulator, method: string, path: string, body?: unknown) {
  const credentials = Buffer.from(`${shop.apiKey}:${shop.apiSecret}`).toString('base64');
  const form = body instanceof URLSearchParams;
  const response = await fetch(`${shop.url}${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}`, ...(!form && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: form ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

/** An address that webhooks can be sent to. */
export async function listening() {
  const received: { body: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      received.push({ body, headers: request.headers });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return {
    received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    stop() {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
