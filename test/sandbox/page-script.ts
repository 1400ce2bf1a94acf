/** Runs in the browser. Asks for the state, says what happened in one sentence, and leaves the frames alone. */
export const pageScript = `
(() => {
  const at = (id) => document.getElementById(id);
  const money = new Intl.NumberFormat('en-NL', { style: 'currency', currency: 'EUR' });
  let chosen;
  let viewed;
  let state;
  let asked = 0;

  const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
  const said = (text, kind) => {
    if (at('said').textContent !== text) at('said').textContent = text;
    at('said').className = kind || '';
  };
  const shop = () => state.shops.find(({ platform }) => platform === chosen) || state.shops[0];

  const list = (names) => names.length < 2 ? names.join('') : names.slice(0, -1).join(', ') + ' and ' + names.at(-1);
  const names = (places) => list(places.map(({ name }) => name));

  function story({ connected, order, webhooksLost }) {
    if (!order) return connected.length ? ['Tillbridge is on. Place a paid order and look to the right.', ''] : ['Connect the till in Tillbridge on the left, or let it be done for you.', ''];
    const what = 'Order ' + order.number + ' over ' + money.format(order.paidMinor / 100);
    if (!connected.length) return [what + ' is placed. Nothing is sent before Tillbridge is switched on.', ''];
    const places = order.places.filter((place) => place.state !== 'skipped');
    const there = places.filter((place) => place.state === 'done');
    const parked = places.filter((place) => place.state === 'parked');
    const open = places.filter((place) => place.state !== 'done' && place.state !== 'parked');
    if (!places.length || (order.kind === 'unpaid' && open.length)) return [what + ' is not paid: it stays where it is until it is. Pay it under Orders in the shop’s admin.', ''];

    const sentences = [];
    const who = () => sentences.length ? 'It' : what;
    const toward = (some, way) => places.length > 1 ? way + names(some) : '';
    if (there.length) {
      const [first, ...further] = there;
      const took = ', ' + (first.tookMs / 1000).toFixed(1) + ' s after it was placed';
      sentences.push(what + ' is in ' + first.name + took + (further.length ? ', and in ' + names(further) : '') + '.');
    }
    for (const place of parked) sentences.push(who() + ' is parked' + toward([place], ' on its way to ') + ': ' + (place.cause || 'see the activity in Tillbridge'));
    const stuck = state.away && open.some(({ till }) => till);
    const unheard = webhooksLost && open.some((place) => place.state === undefined);
    if (stuck) sentences.push(who() + ' waits: the till is away. Nothing is lost, it goes on by itself.');
    else if (unheard) sentences.push(who() + ' is placed, but the shop’s webhook was lost. Tillbridge finds it within seconds by looking.');
    else if (open.length) sentences.push(who() + ' is on its way' + toward(open, ' to ') + ' …');
    return [sentences.join(' '), parked.length || stuck || unheard ? 'warn' : open.length ? '' : 'good'];
  }

  function showFrame(frame, address) {
    if (frame.dataset.shows === address) return;
    frame.dataset.shows = address;
    frame.src = address;
  }

  function show(fresh) {
    state = fresh;
    const now = shop();
    if (!at('views').children.length) fillViews();
    showFrame(at('shop'), now.adminUrl);
    const view = state.views.find(({ id }) => id === viewed) || state.views[0];
    showFrame(at(view.id), view.url);
    for (const { id } of state.views) at(id).hidden = id !== view.id;
    for (const tab of at('views').children) tab.ariaPressed = String(tab.dataset.view === view.id);
    for (const box of document.querySelectorAll('[data-toggle]')) box.checked = box.dataset.toggle === 'away' ? state.away : now.webhooksLost;
    for (const button of document.querySelectorAll('[data-connect]')) showConnected(button, now.connected.includes(button.dataset.connect));
    said(...story(now));
    if (!at('access').children.length) fillAccess();
    if (state.shops.length > 1 && !at('shops').children.length) fillTabs();
    for (const tab of at('shops').children) tab.ariaPressed = String(tab.dataset.platform === now.platform);
  }

  function showConnected(button, on) {
    button.dataset.offered ||= button.textContent;
    button.disabled = on || button.dataset.busy === 'yes';
    button.toggleAttribute('data-on', on);
    const text = on ? button.dataset.done : button.dataset.offered;
    if (button.textContent !== text) button.textContent = text;
  }

  function fillAccess() {
    for (const { id, title, data } of state.access) {
      const dl = make('dl', '');
      for (const [name, value] of Object.entries(data)) {
        const dd = make('dd', '');
        dd.append(make('code', String(value)));
        const copy = Object.assign(make('button', 'Copy'), { type: 'button', ariaLabel: 'Copy ' + title + ': ' + name });
        copy.addEventListener('click', () => navigator.clipboard.writeText(String(value)).then(() => { copy.textContent = 'Copied'; }));
        dl.append(make('dt', name), dd, copy);
      }
      dl.dataset.access = id;
      at('access').append(make('h3', title), dl);
    }
  }

  function fillViews() {
    for (const { id, title } of state.views) {
      const tab = Object.assign(make('button', title), { type: 'button' });
      tab.dataset.view = id;
      tab.addEventListener('click', () => { viewed = id; show(state); });
      at('views').append(tab);
      at('views').closest('section').append(Object.assign(make('iframe', ''), { id, title, hidden: true }));
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

  for (const button of document.querySelectorAll('[data-do], [data-connect]')) button.addEventListener('click', async () => {
    const { connect } = button.dataset;
    const busy = (is) => { button.dataset.busy = is ? 'yes' : 'no'; button.disabled = is || button.hasAttribute('data-on'); };
    busy(true);
    try {
      await ask(button.dataset.do || connect, { shop: state && shop().platform });
      if (connect) {
        // Its screens may stand in the middle of the guide that is now done.
        at('shop').src = at('shop').dataset.shows;
        viewed = { lightspeed: 'retail' }[connect] || connect;
        show(state);
      }
    } catch (error) { failed(error); }
    finally { busy(false); }
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
