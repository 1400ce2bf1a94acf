/**
 * Runs in the browser. Rows are kept and only refilled when their record changed, so that the keyboard focus stays where it is.
 * Everything from outside is written as text, never as markup.
 */
export const tillScript = `
(() => {
  const at = (id) => document.getElementById(id);
  const money = new Intl.NumberFormat('en-NL', { style: 'currency', currency: 'EUR' });
  const euros = (cents) => money.format(cents / 100);
  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const cell = (content, className) => {
    const td = make('td', undefined, className);
    td.append(...[].concat(content));
    return td;
  };

  const kept = new Map();
  const refill = (body, records, keyOf, fill) => {
    const present = new Set();
    let before = body.firstElementChild;
    for (const record of records) {
      const key = keyOf(record);
      const text = JSON.stringify(record);
      let row = kept.get(key);
      if (!row) kept.set(key, (row = { element: make('tr'), text: '' }));
      present.add(row.element);
      if (row.text !== text) { row.text = text; fill(row.element, record); }
      if (row.element !== before) body.insertBefore(row.element, before);
      else before = before.nextElementSibling;
    }
    for (const element of [...body.children]) if (!present.has(element)) element.remove();
  };

  const badge = (state) => make('span', state, 'badge' + (state === 'Cancelled' ? ' off' : state === 'Open' || state === 'Partly paid' ? '' : ' done'));
  const fillOrder = (row, order) => {
    const lines = make('ul');
    for (const line of order.lines) lines.append(make('li', line.quantity + ' × ' + line.text));
    const number = make('th', order.number);
    number.scope = 'row';
    number.append(make('span', new Date(order.enteredAt).toLocaleString('en-NL', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' }), 'small'), badge(order.state));
    const total = cell(euros(order.total), 'amount');
    if (order.prepaid) total.append(make('span', euros(order.prepaid) + ' prepaid', 'small'));
    row.dataset.reference = order.reference;
    row.replaceChildren(number, cell([order.reference || '–', make('span', order.customer, 'small'), make('span', 'Branch ' + order.branch, 'small')]), cell(lines), total);
  };

  const post = async (path, value) => {
    const response = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });
    if (response.ok) show(await response.json());
  };
  const fillArticle = (row, article) => {
    if (!row.firstElementChild) {
      const name = make('th');
      name.scope = 'row';
      const sell = make('button', 'Sell one');
      sell.type = 'button';
      sell.addEventListener('click', () => post('till/sell', { articleNumber: article.articleNumber }).catch(lost));
      row.append(name, ...article.stock.map(() => cell('', 'amount')), cell(sell));
    }
    const cells = row.children;
    cells[0].replaceChildren(article.name, make('span', article.articleNumber + ' · ' + euros(article.price) + (article.active ? '' : ' · not active'), 'small'));
    article.stock.forEach((stock, index) => {
      cells[index + 1].replaceChildren(String(stock.free) + (article.unit ? ' ' + article.unit : ''), ...(stock.reserved ? [make('span', stock.reserved + ' reserved', 'small')] : []));
    });
    cells[article.stock.length + 1].firstElementChild.setAttribute('aria-label', 'Sell one ' + article.name);
  };

  const notice = (text) => {
    if (at('notice').textContent !== text) at('notice').textContent = text;
    at('notice').hidden = text === '';
  };
  const lost = () => notice('This page cannot reach the till. It keeps trying.');
  function show(state) {
    at('version').textContent = state.version;
    at('order-count').textContent = state.orderCount;
    at('relation-count').textContent = state.relationCount;
    at('article-count').textContent = state.articles.length;
    at('away').checked = state.away;
    notice(state.away ? 'The till is away: whoever calls it over the network gets no answer.' : '');
    if (at('stock-head').children.length === 1) {
      for (const branch of state.branches) at('stock-head').append(Object.assign(make('th', branch.name, 'amount'), { scope: 'col' }));
      at('stock-head').append(Object.assign(make('th', 'Counter'), { scope: 'col' }));
    }
    refill(at('orders'), state.orders, (order) => order.id, fillOrder);
    refill(at('stock'), state.articles, (article) => 'article ' + article.articleNumber, fillArticle);
    at('no-orders').hidden = state.orders.length > 0;
  }

  at('away').addEventListener('change', (event) => post('till/away', { away: event.target.checked }).catch(lost));
  const refresh = async () => {
    try {
      if (!document.hidden) show(await (await fetch('till/state.json')).json());
    } catch { lost(); }
    setTimeout(refresh, 1500);
  };
  document.addEventListener('visibilitychange', () => document.hidden || fetch('till/state.json').then((answer) => answer.json()).then(show, lost));
  refresh();
})();
`;
