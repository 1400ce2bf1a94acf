/** Runs in the browser. Asks for the state, says what happened in one sentence, and leaves the two frames alone. */
export const pageScript = `
(() => {
  const at = (id) => document.getElementById(id);
  const money = new Intl.NumberFormat('en-NL', { style: 'currency', currency: 'EUR' });
  let chosen;
  let state;
  let asked = 0;

  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const said = (text, kind) => {
    if (at('said').textContent !== text) at('said').textContent = text;
    at('said').className = kind || '';
  };
  const shop = () => state.shops.find(({ platform }) => platform === chosen) || state.shops[0];

  function story({ on, order, webhooksLost }) {
    if (!order) return on ? ['Tillbridge is on. Place a paid order and look to the right.', ''] : ['Connect the till in Tillbridge on the left, or let it be done for you.', ''];
    const what = 'Order ' + order.number + ' over ' + money.format(order.paidMinor / 100);
    if (order.state === 'done') return [what + ' is in the till, ' + (order.tookMs / 1000).toFixed(1) + ' s after it was placed.', 'good'];
    if (order.state === 'parked') return [what + ' is parked: ' + (order.cause || 'see the activity in Tillbridge') , 'warn'];
    if (order.state === 'skipped' || (order.kind === 'unpaid' && on)) return [what + ' is not paid: it stays out of the till until it is. Pay it under Orders in the shop’s admin.', ''];
    if (!on) return [what + ' is placed. Nothing is sent before Tillbridge is switched on.', ''];
    if (state.till.away) return [what + ' waits: the till is away. Nothing is lost, it goes on by itself.', 'warn'];
    if (order.state === undefined && webhooksLost) return [what + ' is placed, but the shop’s webhook was lost. Tillbridge finds it within seconds by looking.', 'warn'];
    return [what + ' is on its way …', ''];
  }

  function showFrame(frame, address) {
    if (frame.dataset.shows === address) return;
    frame.dataset.shows = address;
    frame.src = address;
  }

  function show(fresh) {
    state = fresh;
    const now = shop();
    showFrame(at('shop'), now.adminUrl);
    showFrame(at('till'), state.till.url);
    for (const box of document.querySelectorAll('[data-toggle]')) box.checked = box.dataset.toggle === 'away' ? state.till.away : now.webhooksLost;
    at('connect').disabled = now.on;
    at('connect').textContent = now.on ? '✓ Connected and switched on' : 'Connect and switch on for me';
    said(...story(now));
    if (!at('access').children.length) fillAccess(state.till.access);
    if (state.shops.length > 1 && !at('shops').children.length) fillTabs();
    for (const tab of at('shops').children) tab.ariaPressed = String(tab.dataset.platform === now.platform);
  }

  function fillAccess(access) {
    for (const [name, value] of Object.entries(access)) {
      const title = name[0].toUpperCase() + name.slice(1);
      const dd = make('dd', '');
      dd.append(Object.assign(make('code', String(value)), { id: 'access-' + name }));
      const copy = Object.assign(make('button', 'Copy'), { type: 'button', ariaLabel: 'Copy ' + title });
      copy.addEventListener('click', () => navigator.clipboard.writeText(String(value)).then(() => { copy.textContent = 'Copied'; }));
      at('access').append(make('dt', title), dd, copy);
    }
  }

  function fillTabs() {
    at('shops').hidden = false;
    for (const { platform, title } of state.shops) {
      const tab = Object.assign(make('button', title), { type: 'button' });
      tab.dataset.platform = platform;
      tab.addEventListener('click', () => { chosen = platform; show(state); });
      at('shops').append(tab);
    }
  }

  async function ask(action, sent) {
    const mine = ++asked;
    const answer = await fetch(action ? 'stage/' + action : 'stage.json', action && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(sent) });
    const fresh = await answer.json();
    if (!answer.ok) throw new Error(fresh.error || 'The sandbox answered ' + answer.status + '.');
    // An answer that was overtaken would show what is no longer so.
    if (mine === asked) show(fresh);
  }
  const failed = (error) => said(error instanceof TypeError ? 'The sandbox does not answer. Is it still running?' : error.message, 'warn');

  for (const button of document.querySelectorAll('[data-do]')) button.addEventListener('click', async () => {
    button.disabled = true;
    try {
      await ask(button.dataset.do, { shop: state && shop().platform });
      // Its screens may stand in the middle of the guide that is now done.
      if (button.dataset.do === 'connect') at('shop').src = at('shop').dataset.shows;
    } catch (error) { failed(error); }
    finally { if (button.dataset.do !== 'connect' || !state || !shop().on) button.disabled = false; }
  });
  for (const box of document.querySelectorAll('[data-toggle]')) box.addEventListener('change', () => ask(box.dataset.toggle, { shop: shop().platform, on: box.checked }).catch(failed));
  document.addEventListener('keydown', (event) => {
    const sheet = document.querySelector('.access');
    if (event.key === 'Escape' && sheet.open) { sheet.open = false; sheet.firstElementChild.focus(); }
  });
  document.addEventListener('click', (event) => { const sheet = document.querySelector('.access'); if (!sheet.contains(event.target)) sheet.open = false; });
  const keepAsking = async () => {
    if (!document.hidden) await ask().catch(failed);
    setTimeout(keepAsking, 1000);
  };
  keepAsking();
})();
`;
