/** A page that plays the administration: a dark menu, the order list, and the app's module in its frame. */

const style = `
:root { color-scheme: light dark; --ground:#f0f2f5; --card:#fff; --ink:#1d2534; --quiet:#5c6b7f; --line:#d8dfe7; --accent:#0870ff; --on-accent:#fff; --good:#17794b; --good-ground:#e2f6ec; --open-ground:#eef1f5; --bad:#b3261e; }
@media (prefers-color-scheme: dark) { :root { --ground:#14181f; --card:#1d232d; --ink:#e8ecf2; --quiet:#9aa7b8; --line:#323c4a; --accent:#4592ff; --on-accent:#06101f; --good:#6fd8a4; --good-ground:#153527; --open-ground:#2a323e; --bad:#ff8a80; } }
* { box-sizing: border-box; }
body { margin:0; display:grid; grid-template-columns:220px 1fr; height:100vh; font:14px/1.45 Inter,"Helvetica Neue",Arial,sans-serif; background:var(--ground); color:var(--ink); }
nav { background:#10151d; color:#c3ccd8; padding:20px 12px; display:flex; flex-direction:column; gap:4px; }
nav strong { color:#fff; font-size:16px; padding:0 10px 14px; }
nav button { all:unset; padding:9px 10px; border-radius:6px; cursor:pointer; }
nav button:hover { background:#1d2633; }
nav button[aria-current=page] { background:#24324a; color:#fff; }
nav button:focus-visible, .bar button:focus-visible { outline:2px solid #4592ff; outline-offset:2px; }
nav small { margin-top:auto; padding:0 10px; color:#8794a6; }
main { display:flex; flex-direction:column; min-width:0; min-height:0; }
.bar { display:flex; flex-wrap:wrap; gap:8px; align-items:center; padding:14px 20px; background:var(--card); border-bottom:1px solid var(--line); }
.bar h1 { font-size:18px; margin:0 auto 0 0; }
.bar button { font:inherit; padding:7px 12px; border:1px solid var(--line); border-radius:6px; background:var(--card); color:var(--ink); cursor:pointer; }
.bar button.first { background:var(--accent); border-color:var(--accent); color:var(--on-accent); }
.bar button:disabled { opacity:.6; cursor:default; }
#orders, #products { padding:20px; overflow:auto; }
.card { background:var(--card); border:1px solid var(--line); border-radius:8px; overflow:auto; }
table { width:100%; border-collapse:collapse; }
th,td { text-align:left; padding:10px 14px; border-bottom:1px solid var(--line); white-space:nowrap; }
th { color:var(--quiet); font-weight:500; }
td.sum, th.sum { text-align:right; font-variant-numeric:tabular-nums; }
.state { padding:2px 9px; border-radius:10px; background:var(--open-ground); }
.state.paid { background:var(--good-ground); color:var(--good); }
.empty { padding:28px; color:var(--quiet); text-align:center; }
#module { flex:1; min-height:0; display:flex; }
#app-content { border:0; flex:1; width:100%; height:100%; background:var(--ground); }
#module-error { margin:auto; max-width:44ch; text-align:center; color:var(--bad); }
#said { color:var(--quiet); flex-basis:100%; order:1; min-height:1.45em; }
[hidden] { display:none !important; }
body.framed[data-view=module] .bar { display:none; }
@media (max-width:900px) { body { grid-template-columns:1fr; grid-template-rows:auto 1fr; } nav { flex-direction:row; flex-wrap:wrap; padding:8px; align-items:center; } nav strong { padding:0 10px; } nav small { margin:0 0 0 auto; } }
@media (max-width:560px) { nav small { display:none; } #orders, #products { padding:10px; } th,td { padding:8px 10px; } }
`;

/** The script of the page. `root` is the path of the shop, so that it also runs below a folder. */
const script = `
const root = JSON.parse(document.body.dataset.root);
const $ = (id) => document.getElementById(id);
const money = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR' });
let waiting;
let frameOrigin;
const dark = matchMedia('(prefers-color-scheme: dark)');
const theme = () => dark.matches ? 'dark' : 'light';

async function call(path, method = 'GET') {
  const answer = await fetch(root + '/sandbox/' + path, { method });
  if (!answer.ok) throw new Error('The shop answered ' + answer.status);
  return answer.json();
}
function cell(text, name) {
  const td = document.createElement('td');
  if (name) td.className = name;
  td.textContent = text;
  return td;
}
function badge(text) {
  const td = document.createElement('td');
  const span = document.createElement('span');
  span.className = 'state ' + text.toLowerCase().replace(/ /g, '-');
  span.textContent = text;
  td.append(span);
  return td;
}
async function refresh() {
  const { orders } = await call('orders');
  $('rows').replaceChildren(...orders.map((order) => {
    const tr = document.createElement('tr');
    tr.dataset.order = order.orderNumber;
    tr.append(cell(order.orderNumber), cell(order.customer), cell(money.format(order.total), 'sum'), badge(order.payment), badge(order.state));
    return tr;
  }));
  $('none').hidden = orders.length > 0;
  if (document.body.dataset.view === 'products') await refreshProducts();
}
async function refreshProducts() {
  const { products } = await call('products');
  $('product-rows').replaceChildren(...products.map((product) => {
    const tr = document.createElement('tr');
    tr.dataset.product = product.number;
    tr.append(cell(product.number), cell(product.name), cell(String(product.stock), 'sum'), cell(money.format(product.price), 'sum'), badge(product.active ? 'Active' : 'Inactive'));
    return tr;
  }));
}
async function press(button) {
  button.disabled = true;
  try {
    const result = await call(button.dataset.post, 'POST');
    $('said').textContent = result.message ?? 'Order ' + result.orderNumber + ', ' + money.format(result.total);
    await refresh();
  } catch (error) {
    $('said').textContent = error.message;
  } finally {
    button.disabled = false;
  }
}
function fail(text) {
  clearTimeout(waiting);
  $('app-content')?.remove();
  $('module-error').textContent = text;
  $('module-error').hidden = false;
}
async function openModule() {
  clearTimeout(waiting);
  $('app-content')?.remove();
  $('module-error').hidden = true;
  const { url } = await call('module-url?color-scheme=' + theme());
  if (!url) return fail('The app is not installed in this shop.');
  const frame = document.createElement('iframe');
  frame.id = 'app-content';
  frame.title = 'App';
  frame.referrerPolicy = 'origin-when-cross-origin';
  frame.src = url;
  frameOrigin = new URL(url).origin;
  $('module').append(frame);
  waiting = setTimeout(() => fail('The app did not answer within 5 seconds. It has to send "sw-app-loaded" to this window.'), 5000);
}
function tell(message) {
  $('app-content')?.contentWindow.postMessage(JSON.stringify(message), frameOrigin);
}
/** The admin SDK registers its window, and asks theme-aware administrations for their colours. */
function answer(text) {
  if (typeof text !== 'string' || !text.startsWith('{')) return;
  const { _type, _callbackId } = JSON.parse(text);
  if (_type === '__registerWindow__') tell({ _type, _callbackId, _response: null });
  if (_type === 'contextTheme') tell({ _type, _callbackId, _response: theme() });
}
window.addEventListener('message', (event) => {
  if (event.origin !== frameOrigin || event.source !== $('app-content')?.contentWindow) return;
  if (event.data !== 'sw-app-loaded') return answer(event.data);
  clearTimeout(waiting);
  document.body.dataset.appLoaded = 'yes';
});
dark.addEventListener('change', () => tell({ _type: 'contextTheme', _data: theme(), _callbackId: 'theme-' + Date.now() }));
function show(view) {
  document.body.dataset.view = view;
  $('orders').hidden = view !== 'orders';
  $('products').hidden = view !== 'products';
  $('module').hidden = view !== 'module';
  for (const button of document.querySelectorAll('nav button')) button.ariaCurrent = button.dataset.view === view ? 'page' : null;
  if (view === 'module') {
    delete document.body.dataset.appLoaded;
    openModule().catch((error) => fail(error.message));
  }
  if (view === 'products') refreshProducts().catch((error) => { $('said').textContent = error.message; });
}
for (const button of document.querySelectorAll('nav button')) button.addEventListener('click', () => show(button.dataset.view));
for (const button of document.querySelectorAll('.bar button')) button.addEventListener('click', () => press(button));
call('module-url').then(({ label }) => { if (label) $('open-module').textContent = label; });
// Within another page the app gets the room: real administrations have no such buttons over it either.
document.body.classList.toggle('framed', window !== window.top);
refresh();
setInterval(() => { if (!document.hidden) refresh().catch(() => undefined); }, 3000);
show({ '#orders': 'orders', '#products': 'products' }[location.hash] ?? 'module');
`;

/** The whole page. `root` is the shop's path without a trailing slash. */
export function adminPage({ root, version }: { root: string; version: string }): string {
  const quoted = JSON.stringify(root).replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Demo shop | Administration</title><link rel="icon" href="data:,"><style>${style}</style></head>
<body data-root="${quoted}">
<nav aria-label="Main menu">
  <strong>Demo shop</strong>
  <button type="button" data-view="orders">Orders</button>
  <button type="button" data-view="products">Products</button>
  <button type="button" data-view="module" id="open-module">App</button>
  <small>Simulated Shopware ${version}</small>
</nav>
<main>
  <div class="bar">
    <h1>Administration</h1>
    <span id="said" role="status"></span>
    <button type="button" class="first" data-post="orders/paid">Place a paid order</button>
    <button type="button" data-post="orders/unpaid">Place an unpaid order</button>
    <button type="button" data-post="orders/pay-last">Pay last order</button>
    <button type="button" data-post="orders/unknown-product">Place order with unknown product</button>
  </div>
  <section id="orders" aria-label="Orders" hidden>
    <div class="card">
      <table><thead><tr><th>Number</th><th>Customer</th><th class="sum">Total</th><th>Payment</th><th>State</th></tr></thead><tbody id="rows"></tbody></table>
      <p class="empty" id="none">No orders yet. Place one with the buttons above.</p>
    </div>
  </section>
  <section id="products" aria-label="Products" hidden>
    <div class="card">
      <table><thead><tr><th>Number</th><th>Name</th><th class="sum">Stock</th><th class="sum">Price</th><th>State</th></tr></thead><tbody id="product-rows"></tbody></table>
    </div>
  </section>
  <section id="module" aria-label="App" hidden><p id="module-error" role="alert" hidden></p></section>
</main>
<script>${script}</script>
</body>
</html>`;
}
