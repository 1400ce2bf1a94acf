import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Desk } from './server.ts';
import { tillScript } from './till-page-script.ts';
import { tillStyle } from './till-page-style.ts';
import { tillView } from './till-view.ts';

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Till back office</title>
<link rel="icon" href="data:,">
<style>${tillStyle}</style>
</head>
<body>
<header>
  <div>
    <h1>Till back office</h1>
    <p class="quiet">Sandbox till, service <span id="version">…</span></p>
  </div>
  <label class="switch"><input type="checkbox" role="switch" id="away"><span class="track" aria-hidden="true"></span> Till is away</label>
</header>
<p id="notice" role="status" aria-live="polite" hidden></p>
<main>
  <section class="figures" aria-label="Totals">
    <div><strong id="order-count">0</strong> orders</div>
    <div><strong id="relation-count">0</strong> relations</div>
    <div><strong id="article-count">0</strong> stock articles</div>
  </section>
  <section aria-labelledby="orders-title" class="orders">
    <h2 id="orders-title">Orders</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="List of orders">
      <table>
        <thead><tr><th scope="col">Order</th><th scope="col">Web order</th><th scope="col">Lines</th><th scope="col" class="amount">Total</th></tr></thead>
        <tbody id="orders"></tbody>
      </table>
      <p id="no-orders" class="quiet">No orders yet. They appear here as soon as the shop sends one.</p>
    </div>
  </section>
  <section aria-labelledby="stock-title" class="stock">
    <h2 id="stock-title">Stock</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="List of stock">
      <table>
        <thead><tr id="stock-head"><th scope="col">Article</th></tr></thead>
        <tbody id="stock"></tbody>
      </table>
    </div>
  </section>
</main>
<script>${tillScript}</script>
</body>
</html>
`;

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

function readJson(request: IncomingMessage, done: (value: Record<string, unknown> | undefined) => void): void {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > 10_000) request.destroy();
  });
  request.on('end', () => {
    try {
      const value: unknown = JSON.parse(text);
      done(typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined);
    } catch {
      done(undefined);
    }
  });
}

/**
 * The till's own screen at /till, for the sandbox: no credentials. Shows /till/state.json; POST /till/sell {articleNumber}
 * sells one, POST /till/away {away} cuts off SOAP requests while this page stays within reach.
 */
export function tillPage(desk: Desk, sellOne: (articleNumber: number) => void): Desk['page'] {
  const state = (response: ServerResponse): void => send(response, 200, 'application/json', JSON.stringify(tillView(desk.till, desk.away)));
  return (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    const action = `${request.method} ${path}`;
    if (action === 'GET /till') send(response, 200, 'text/html', html);
    else if (action === 'GET /till/state.json') state(response);
    else if (action === 'POST /till/sell') {
      readJson(request, (sent) => {
        const articleNumber = Number(sent?.articleNumber);
        if (!desk.till.articles.has(articleNumber)) return send(response, 404, 'application/json', '{"error":"no such article"}');
        sellOne(articleNumber);
        return state(response);
      });
    } else if (action === 'POST /till/away') {
      readJson(request, (sent) => {
        if (typeof sent?.away !== 'boolean') return send(response, 400, 'application/json', '{"error":"away must be true or false"}');
        desk.away = sent.away;
        return state(response);
      });
    } else return false;
    return true;
  };
}
