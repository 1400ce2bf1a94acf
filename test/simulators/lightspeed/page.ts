/** A page to look at the simulated shop or till and to press its buttons; reads itself again every two seconds. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';

interface Action {
  readonly name: string;
  readonly label: string;
}

interface Row {
  readonly id: string;
  readonly label: string;
  readonly customer: string;
  readonly status: string;
  /** Cents. */
  readonly total: number;
  readonly actions: readonly Action[];
}

interface PageState {
  readonly rows: readonly Row[];
  readonly products: readonly { readonly sku: string; readonly name: string; readonly price: number; readonly stock: string }[];
  readonly customers: readonly { readonly name: string; readonly email: string; readonly city: string }[];
}

export interface PageFacts {
  readonly title: string;
  readonly subtitle: string;
  /** `order` or `sale`: names the rows and their data attribute. */
  readonly kind: 'order' | 'sale';
  /** The first is what the page is mostly opened for. */
  readonly buttons: readonly Action[];
  state(): PageState;
  act(name: string, id: string): void;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const style = `
:root{--bg:#f6f6f4;--card:#fff;--ink:#1d1d1b;--soft:#64645f;--edge:#dcdcd6;--go:#c8102e;--on-go:#fff;--good:#1b7a3d}
@media(prefers-color-scheme:dark){:root{--bg:#161614;--card:#20201e;--ink:#ececea;--soft:#a3a39d;--edge:#3a3a37;--go:#ff6b7d;--on-go:#200;--good:#6fd08f}}
*{box-sizing:border-box}body{margin:0;font:15px/1.45 system-ui,sans-serif;background:var(--bg);color:var(--ink)}
header,main{max-width:72rem;margin:auto;padding:1rem}header{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center}
h1{font-size:1.25rem;margin:0}h2{font-size:1rem;margin:0;padding:.7rem .9rem}p{margin:0;color:var(--soft)}.row{display:flex;flex-wrap:wrap;gap:.5rem;margin-left:auto}
button{font:inherit;border:1px solid var(--edge);background:var(--card);color:var(--ink);border-radius:5px;padding:.4rem .75rem;cursor:pointer}
button.first{background:var(--go);border-color:var(--go);color:var(--on-go);font-weight:600}td button{padding:.1rem .5rem;margin-right:.3rem;font-size:.85rem}
button:focus-visible{outline:2px solid var(--go);outline-offset:2px}section{background:var(--card);border:1px solid var(--edge);border-radius:8px;margin-bottom:1rem;overflow:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem .9rem;border-top:1px solid var(--edge);white-space:nowrap}th{color:var(--soft);font-weight:600;font-size:.85rem}
.money{text-align:right;font-variant-numeric:tabular-nums}.good{color:var(--good);font-weight:600}#empty{padding:.5rem .9rem 1rem}`;

const script = (kind: string): string => `
const at = (id) => document.getElementById(id);
const cell = (text, name) => { const td = document.createElement('td'); td.textContent = text; if (name) td.className = name; return td; };
const euros = (cents) => (cents / 100).toFixed(2) + ' EUR';
const button = (label, run) => { const made = document.createElement('button'); made.textContent = label; made.onclick = run; return made; };
let shown = '';
async function show() {
  const text = await (await fetch('/lightspeed/state')).text();
  if (text === shown) return;
  shown = text;
  const { rows, products, customers } = JSON.parse(text);
  at('empty').hidden = rows.length > 0;
  at('rows').replaceChildren(...rows.map((row) => {
    const tr = document.createElement('tr');
    tr.dataset.${kind} = row.id;
    tr.dataset.status = row.status;
    const acts = cell('');
    for (const action of row.actions) { const made = button(action.label, () => act(action.name, row.id)); made.dataset.act = action.name; acts.append(made); }
    tr.append(cell(row.label), cell(row.customer), cell(row.status), cell(euros(row.total), 'money'), acts);
    return tr;
  }));
  at('products').replaceChildren(...products.map((product) => {
    const tr = document.createElement('tr');
    tr.dataset.sku = product.sku;
    const stock = cell(product.stock, 'money');
    stock.dataset.stock = product.stock;
    const acts = cell('');
    const sell = button('Sell one', () => act('sell', product.sku));
    sell.dataset.act = 'sell';
    acts.append(sell);
    tr.append(cell(product.sku), cell(product.name), cell(euros(product.price), 'money'), stock, acts);
    return tr;
  }));
  at('customers').replaceChildren(...customers.map((customer) => {
    const tr = document.createElement('tr');
    tr.dataset.customer = customer.email;
    tr.append(cell(customer.name), cell(customer.email), cell(customer.city));
    return tr;
  }));
}
async function act(name, id) {
  await fetch('/lightspeed/do/' + name, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: id ?? '' }) });
  await show();
}
for (const made of document.querySelectorAll('[data-do]')) made.onclick = () => act(made.dataset.do);
show(); setInterval(() => { show().catch(() => {}); }, 2000);`;

function html(facts: PageFacts): string {
  const buttons = facts.buttons.map(
    ({ name, label }, at) => `<button${at === 0 ? ' class="first"' : ''} data-do="${name}">${escaped(label)}</button>`,
  );
  const noun = facts.kind === 'order' ? 'Order' : 'Sale';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>${escaped(facts.title)}</title><style>${style}</style></head>
<body><header><div><h1>${escaped(facts.title)}</h1><p>${escaped(facts.subtitle)}</p></div><div class="row">${buttons.join('')}</div></header>
<main><section aria-labelledby="rows-title"><h2 id="rows-title">${noun}s</h2>
<table><thead><tr><th scope="col">${noun}</th><th scope="col">Customer</th><th scope="col">Status</th><th scope="col" class="money">Total</th><th></th></tr></thead><tbody id="rows"></tbody></table>
<p id="empty">Nothing yet.</p></section>
<section aria-labelledby="products-title"><h2 id="products-title">Products</h2>
<table><thead><tr><th scope="col">Code</th><th scope="col">Product</th><th scope="col" class="money">Price</th><th scope="col" class="money">Stock</th><th></th></tr></thead><tbody id="products"></tbody></table></section>
<section aria-labelledby="customers-title"><h2 id="customers-title">Customers</h2>
<table><thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">City</th></tr></thead><tbody id="customers"></tbody></table></section></main>
<script>${script(facts.kind)}</script></body></html>`;
}

const answer = (status: number, type: string, body: string): SimResponse => ({
  status,
  headers: { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' },
  body,
});

/** `/lightspeed`, its data and its buttons; `undefined` for every other path. */
export function pageAnswer(facts: PageFacts, { method, path, body }: SimRequest): SimResponse | undefined {
  if (path === '/favicon.ico') return answer(404, 'text/plain', '');
  if (path === '/lightspeed' && method === 'GET') return answer(200, 'text/html', html(facts));
  if (path === '/lightspeed/state' && method === 'GET') return answer(200, 'application/json', JSON.stringify(facts.state()));
  const name = method === 'POST' ? /^\/lightspeed\/do\/([\w-]+)$/.exec(path)?.[1] : undefined;
  if (name === undefined) return undefined;
  facts.act(name, String((JSON.parse(body === '' ? '{}' : body) as { id?: unknown }).id ?? ''));
  return answer(200, 'application/json', '{}');
}
