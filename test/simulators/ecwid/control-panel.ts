/** A page that plays the store's Control Panel: the app in its frame, a till-less shop floor of buttons, and the list of orders. */
export function controlPanelPage(facts: { storeName: string; clientId: string; storeId: number; patienceMs: number }): string {
  const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Control Panel · ${escaped(facts.storeName)}</title>
<style>
:root{--bg:#f4f5f7;--card:#fff;--ink:#191d23;--soft:#5d6673;--edge:#d9dde3;--side:#12233f;--side-ink:#c9d5ea;--go:#275dc5;--good:#1c7c3c}
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--card:#1d2229;--ink:#e8ebef;--soft:#9aa5b3;--edge:#343b45;--side:#0b1424;--side-ink:#b4c3dc;--go:#6f9cf0;--good:#62c987}}
*{box-sizing:border-box}body{margin:0;font:15px/1.45 "Segoe UI",system-ui,sans-serif;background:var(--bg);color:var(--ink);display:grid;grid-template-columns:13.5rem 1fr;min-height:100vh}
nav{background:var(--side);color:var(--side-ink);padding:1.2rem 0}nav b{display:block;padding:0 1.2rem 1.2rem;color:#fff;font-size:1.05rem}
nav span{display:block;padding:.5rem 1.2rem}nav span.here{background:rgba(255,255,255,.1);color:#fff;border-left:3px solid #7fb0ff}
main{padding:1.5rem;min-width:0}h1{font-size:1.3rem;margin:0 0 1rem}.row{display:flex;flex-wrap:wrap;gap:.5rem;margin-bottom:1rem}
button{font:inherit;border:1px solid var(--edge);background:var(--card);color:var(--ink);border-radius:4px;padding:.45rem .8rem;cursor:pointer}button.first{background:var(--go);border-color:var(--go);color:var(--card)}
.card{background:var(--card);border:1px solid var(--edge);border-radius:6px;margin-bottom:1.2rem;overflow:auto}
iframe{width:100%;height:720px;border:0;display:block}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem .9rem;border-bottom:1px solid var(--edge);white-space:nowrap}
th{color:var(--soft);font-weight:600;font-size:.85rem}td.money{text-align:right;font-variant-numeric:tabular-nums}.PAID{color:var(--good);font-weight:600}
#wrong{display:none;padding:2rem;color:var(--soft)}
@media(max-width:800px){body{grid-template-columns:1fr}nav{display:none}main{padding:.8rem}}
</style></head><body>
<nav><b>${escaped(facts.storeName)}</b><span>Dashboard</span><span class="here">My Sales</span><span>Catalog</span><span>Settings</span><span>Apps</span></nav>
<main><h1>Sales</h1>
<div class="row"><button class="first" data-do="paid">Place a paid order</button><button data-do="unpaid">Place an unpaid order</button><button data-do="pickup">Pick-up order</button><button data-do="coupon">Order with coupon and gift card</button><button data-do="business">Business order, reverse charge</button></div>
<div class="card"><div id="wrong">Something went wrong</div><iframe id="app" title="App" name="app"></iframe></div>
<div class="card" id="sales"><table><thead><tr><th>Order</th><th>Customer</th><th>Payment</th><th>Delivery</th><th>Total</th><th></th></tr></thead><tbody id="orders"></tbody></table></div>
<h1>Catalog</h1>
<div class="card"><table><thead><tr><th>SKU</th><th>Product</th><th>Price</th><th>Stock</th><th>Shown</th><th></th></tr></thead><tbody id="products"></tbody></table></div>
</main>
<script>
const ns = ${JSON.stringify(facts.clientId)};
const at = (id) => document.getElementById(id);
const cell = (text, kind) => { const td = document.createElement('td'); td.textContent = text; if (kind) td.className = kind; return td; };
async function show() {
  const { orders } = await (await fetch('/sandbox/orders')).json();
  at('orders').replaceChildren(...orders.map((order) => {
    const row = document.createElement('tr');
    row.dataset.order = order.id;
    const buttons = document.createElement('td');
    const add = (name, action) => { const b = document.createElement('button'); b.textContent = name; b.onclick = () => act(action, order.id); buttons.append(b); };
    if (order.paymentStatus === 'AWAITING_PAYMENT') add('Mark paid', 'mark-paid');
    if (order.paymentStatus === 'PAID') add('Refund', 'refund');
    row.append(cell(order.id), cell(order.customer), cell(order.paymentStatus, order.paymentStatus), cell(order.fulfillmentStatus), cell(order.total.toFixed(2) + ' ' + order.currency, 'money'), buttons);
    return row;
  }));
}
async function showProducts() {
  const { products } = await (await fetch('/sandbox/products')).json();
  at('products').replaceChildren(...products.flatMap((product) => [product, ...product.combinations].map((article) => {
    const row = document.createElement('tr');
    row.dataset.sku = article.sku;
    const stock = cell(article.unlimited ? 'no limit' : String(article.quantity), 'money');
    stock.dataset.stock = article.unlimited ? '' : article.quantity;
    const buttons = document.createElement('td');
    if (article === product) {
      const edit = document.createElement('button');
      edit.textContent = 'Edit description';
      edit.onclick = async () => {
        const description = prompt('Description of ' + product.name, product.description);
        if (description !== null) await act('describe', product.id, description);
      };
      buttons.append(edit);
    }
    row.append(cell(article.sku), cell(article.name), cell(article.price.toFixed(2), 'money'), stock, cell(product.enabled ? 'yes' : 'hidden'), buttons);
    row.title = product.description;
    return row;
  })));
}
async function act(action, id, text) {
  await fetch('/sandbox/' + action, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id, text }) });
  await Promise.all([show(), showProducts()]);
}
for (const button of document.querySelectorAll('[data-do]')) button.onclick = () => act(button.dataset.do);
addEventListener('message', (event) => {
  let said; try { said = JSON.parse(event.data); } catch { return; }
  if (said.ecwidAppNs !== ns) return;
  if (said.method === 'ready') { at('app').dataset.ready = 'yes'; at('wrong').style.display = 'none'; }
  if (said.method === 'setSize' && /^\\d+px$/.test(said.data.height)) at('app').style.height = said.data.height;
});
const wrong = () => { if (at('app').dataset.ready !== 'yes') at('wrong').style.display = 'block'; };
fetch('/sandbox/frame').then((answer) => answer.json()).then(({ url }) => { if (url) { at('app').src = url; setTimeout(wrong, ${facts.patienceMs}); } else wrong(); });
show(); showProducts(); setInterval(() => { show(); showProducts(); }, 3000);
</script></body></html>`;
}
