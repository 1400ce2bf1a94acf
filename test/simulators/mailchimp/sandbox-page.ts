/** A page that shows the account as its owner would see it, and lets people leave and confirm. */
import type { SimRequest, SimResponse } from '../shared/faulty-server.ts';
import type { Account, Json } from './account.ts';
import { showAudience } from './audience.ts';
import type { MailchimpSimulator } from './surface.ts';

interface Sandbox {
  readonly account: Account;
  readonly controls: Pick<MailchimpSimulator, 'confirm' | 'unsubscribe'>;
}

/** So many newest records of a kind are shown. */
const shown = 100;
const newest = <T>(all: Iterable<T>): T[] => [...all].slice(-shown).reverse();

function view({ account }: Sandbox): Json {
  return {
    account: account.name,
    audiences: [...account.audiences.values()].map((audience) => ({
      id: audience.id,
      name: showAudience(audience).name,
      contacts: audience.members.size,
      members: newest(audience.members.values()).map((member) => ({
        email: member.email,
        status: member.status,
        name: [member.mergeFields.get('FNAME'), member.mergeFields.get('LNAME')].filter(Boolean).join(' '),
        tags: [...member.tags.keys()],
      })),
    })),
    stores: [...account.stores.values()].map((store) => ({
      id: store.id,
      name: store.facts.name,
      syncing: store.syncing,
      figures: { customers: store.customers.size, products: store.products.size, orders: store.orders.size },
      orders: newest(store.orders.values()).map((order) => ({
        id: order.id,
        customer: store.customers.get(order.customerId)?.email ?? order.customerId,
        status: order.facts.financial_status ?? '',
        lines: order.lines.size,
        total: `${Number(order.facts.order_total ?? 0).toFixed(2)} ${String(order.facts.currency_code ?? '')}`,
      })),
    })),
    mails: newest(account.mails).map(({ to, why, about }) => ({ to, why, about })),
  };
}

const json = (body: unknown): SimResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});

export function sandboxAnswer(sandbox: Sandbox, request: SimRequest): SimResponse | undefined {
  switch (`${request.method} ${request.path}`) {
    case 'GET /mailchimp':
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
    case 'GET /mailchimp/view':
      return json(view(sandbox));
    case 'POST /mailchimp/unsubscribe':
    case 'POST /mailchimp/confirm': {
      const { email, audienceId } = JSON.parse(request.body) as { email: string; audienceId: string };
      sandbox.controls[request.path.endsWith('confirm') ? 'confirm' : 'unsubscribe'](email, { audienceId });
      return json({});
    }
    default:
      return undefined;
  }
}

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>Mailchimp sandbox</title>
<style>
:root{--bg:#f6f6f4;--card:#fff;--ink:#241c15;--soft:#6a625c;--edge:#dcd9d4;--top:#ffe01b;--top-ink:#241c15;--good:#1c7c3c;--bad:#a4371f}
@media(prefers-color-scheme:dark){:root{--bg:#17181a;--card:#212427;--ink:#ecebe8;--soft:#a3a19c;--edge:#3a3e42;--top:#3a3410;--top-ink:#ffe01b;--good:#62c987;--bad:#f09077}}
*{box-sizing:border-box}body{margin:0;font:15px/1.45 system-ui,sans-serif;background:var(--bg);color:var(--ink)}
header{background:var(--top);color:var(--top-ink);padding:.9rem 1.5rem;font-weight:700}main{padding:1.2rem 1.5rem;display:grid;gap:1.2rem;max-width:1200px}
h2{font-size:1.05rem;margin:0;padding:.8rem 1rem}h2 small{color:var(--soft);font-weight:400}
section{background:var(--card);border:1px solid var(--edge);border-radius:8px;overflow:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.45rem 1rem;border-top:1px solid var(--edge);white-space:nowrap}
th{color:var(--soft);font-size:.85rem;font-weight:600}td.money{text-align:right;font-variant-numeric:tabular-nums}
.subscribed,.paid{color:var(--good);font-weight:600}.unsubscribed,.cleaned{color:var(--bad)}
.none{color:var(--soft);padding:.6rem 1rem;border-top:1px solid var(--edge)}
button{font:inherit;font-size:.85rem;border:1px solid var(--edge);background:transparent;color:inherit;border-radius:4px;padding:.15rem .6rem;cursor:pointer}
@media(max-width:700px){main{padding:.7rem}}
</style></head><body><header id="account">Mailchimp sandbox</header><main id="all"></main>
<script>
const made = (tag, text, kind) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; if (kind) e.className = kind; return e; };
const section = (title, note, heads, rows) => {
  const s = made('section'); const h = made('h2', title + ' '); h.append(made('small', note)); s.append(h);
  if (rows.length === 0) { s.append(made('div', 'Nothing yet', 'none')); return s; }
  const t = made('table'); const head = t.createTHead().insertRow(); for (const name of heads) head.append(made('th', name));
  const body = t.createTBody(); body.append(...rows); s.append(t); return s;
};
const row = (data, cells) => { const r = made('tr'); Object.assign(r.dataset, data); for (const [text, kind] of cells) r.append(made('td', text, kind)); return r; };
const act = async (what, email, audienceId) => { await fetch('/mailchimp/' + what, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email, audienceId }) }); await show(); };
let last = '';
async function show() {
  const text = await (await fetch('/mailchimp/view')).text();
  if (text === last) return;
  last = text;
  const now = JSON.parse(text);
  document.getElementById('account').textContent = now.account + ' · Mailchimp sandbox';
  document.getElementById('all').replaceChildren(
    ...now.audiences.map((audience) => section('Audience ' + audience.name, audience.contacts + ' contacts · ' + audience.id, ['Address', 'Name', 'Status', 'Tags', ''], audience.members.map((member) => {
      const r = row({ member: member.email, status: member.status }, [[member.email], [member.name], [member.status, member.status], [member.tags.join(', ')]]);
      const last = made('td');
      const add = (name, what) => { const b = made('button', name); b.onclick = () => act(what, member.email, audience.id); last.append(b); };
      if (member.status === 'subscribed') add('Unsubscribe', 'unsubscribe');
      if (member.status === 'pending') add('Confirm', 'confirm');
      r.append(last);
      return r;
    }))),
    ...now.stores.map((store) => section('Store ' + store.name, (store.syncing ? 'syncing · ' : '') + store.figures.customers + ' customers · ' + store.figures.products + ' products · ' + store.figures.orders + ' orders', ['Order', 'Customer', 'Status', 'Lines', 'Total'],
      store.orders.map((order) => row({ order: order.id, store: store.id }, [[order.id], [order.customer], [order.status, order.status], [order.lines], [order.total, 'money']])))),
    section('Mails sent', '', ['To', 'Why', 'About'], now.mails.map((mail) => row({ mail: mail.to }, [[mail.to], [mail.why], [mail.about]]))));
}
show(); setInterval(show, 2000);
</script></body></html>`;
