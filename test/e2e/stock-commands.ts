/** What may happen to the stock of a shop and its till, each as a command that fast-check puts in any order. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Article, articles, type FlowKind, type ShopOrder, type Street } from './stock-street.ts';

/** What the world should be like, as a merchant with a pencil would keep it. */
export interface Pencil {
  readonly orders: ShopOrder[];
  away: boolean;
}

type Step = fc.AsyncCommand<Pencil, Street>;
type Act = (street: Street, pencil: Pencil) => Promise<void>;

const step = (name: string, act: Act, possible: (pencil: Readonly<Pencil>) => boolean = () => true): Step => ({
  check: possible,
  run: (pencil, street) => act(street, pencil),
  toString: () => name,
});

const article = fc.constantFrom(...articles);
const pieces = fc.integer({ min: 1, max: 4 });
/** Which of several: the n-th, counted round and round. */
const which = fc.nat({ max: 20 });
const kind = fc.constantFrom<FlowKind[]>('order', 'stock');
/** An order on its way to the till and the stock behind it take about this many steps. */
const deathAt = fc.integer({ min: 1, max: 90 });

const nth = (orders: readonly ShopOrder[], state: ShopOrder['state'], index: number): ShopOrder | undefined => {
  const of = orders.filter((order) => order.state === state);
  return of[index % of.length];
};
const some =
  (state: ShopOrder['state']) =>
  ({ orders }: Readonly<Pencil>): boolean =>
    orders.some((order) => order.state === state);

async function order({ shop, buy }: Street, pencil: Pencil, wish: { sku: Article; most: number; paid: boolean }): Promise<void> {
  const placed = await buy(wish.sku, wish.most);
  if (placed === undefined) return;
  pencil.orders.push(placed);
  if (wish.paid) await pay(shop, placed);
}

async function pay(shop: Street['shop'], of: ShopOrder): Promise<void> {
  of.state = 'paid';
  await shop.pay(of.id);
}

async function cancel(shop: Street['shop'], of: ShopOrder | undefined): Promise<void> {
  if (of === undefined) return;
  of.state = 'cancelled';
  await shop.cancel(of.id);
}

/** While `work` is under way, at the till's n-th call. */
async function meanwhile({ till }: Street, how: { call: number; does: () => void }, work: () => Promise<void>): Promise<void> {
  let left = how.call;
  const end = till.calls.watch(() => {
    left -= 1;
    if (left === 0) how.does();
  });
  await work();
  end();
}

export const steps = [
  fc
    .tuple(article, fc.integer({ min: -2, max: 4 }))
    .map(([sku, quantity]) => step(`the till sells ${quantity} of ${sku}`, async ({ till }) => void till.sell(Number(sku), quantity))),
  fc
    .tuple(article, pieces, fc.boolean())
    .map(([sku, most, paid]) =>
      step(`a customer orders ${most} of ${sku}${paid ? ' and pays' : ''}`, (street, pencil) => order(street, pencil, { sku, most, paid })),
    ),
  fc
    .tuple(article, pieces)
    .map(([sku, most]) =>
      step(`a customer pays ${most} of ${sku} at once`, (street, pencil) => order(street, pencil, { sku, most, paid: true })),
    ),
  which.map((index) =>
    step(
      `order ${index} is paid`,
      async ({ shop }, { orders }) => {
        const chosen = nth(orders, 'unpaid', index);
        if (chosen) await pay(shop, chosen);
      },
      some('unpaid'),
    ),
  ),
  fc
    .tuple(which, fc.constantFrom<('unpaid' | 'paid')[]>('unpaid', 'paid'))
    .map(([index, state]) =>
      step(
        `${state} order ${index} is cancelled in the shop`,
        ({ shop }, { orders }) => cancel(shop, nth(orders, state, index)),
        some(state),
      ),
    ),
  which.map((index) =>
    step(`order ${index} is cancelled in the till, or not any more`, async ({ till }) => {
      const known = till.orders();
      const chosen = known[index % Math.max(1, known.length)];
      if (chosen) till.cancel(chosen.orderId);
    }),
  ),
  fc.constant(step('webhooks are lost from now on', async ({ shop }) => shop.webhooks('dropped'))),
  fc.constant(step('webhooks arrive from now on', async ({ shop }) => shop.webhooks('delivered'))),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.boolean())
    .map(([copies, freshIds]) =>
      step(`webhooks come ${copies} times${freshIds ? ' as news' : ''}`, async ({ shop }) => shop.disturb({ copies, freshIds })),
    ),
  fc.integer({ min: 1, max: 2 }).map((count) => step(`${count} at work`, (street) => street.work(count))),
  fc.constant(step('at work', (street) => street.work())),
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), article, pieces)
    .map(([call, sku, quantity]) =>
      step(`at work, and at call ${call} the till sells ${quantity} of ${sku}`, (street) =>
        meanwhile(street, { call, does: () => void street.till.sell(Number(sku), quantity) }, () => street.work()),
      ),
    ),
  kind.map((of) => step(`a poll for ${of}`, (street) => street.poll(of))),
  deathAt.map((at) => step(`at work, dies at step ${at}`, (street) => street.workAndDie(at))),
  fc
    .tuple(kind, fc.integer({ min: 1, max: 12 }))
    .map(([of, at]) => step(`a poll for ${of}, dies at step ${at}`, (street) => street.pollAndDie(of, at))),
  fc.boolean().map((away) =>
    step(
      `the till is ${away ? 'away' : 'back'}`,
      async ({ till }, pencil) => {
        pencil.away = away;
        await till.faults.away(away);
      },
      (pencil) => pencil.away !== away,
    ),
  ),
  fc
    .integer({ min: 1, max: 4 })
    .map((times) =>
      step(`the till refuses ${times} orders`, async ({ till }) => till.faults.next('failed', { operation: 'createOrderV3', times })),
    ),
  fc
    .constantFrom('createOrderV3', 'createRelation')
    .map((operation) =>
      step(`the till loses its answer to ${operation}`, async ({ till }) => till.faults.next('write-then-drop', { operation })),
    ),
  fc.constant(step('the till says nothing of its stock', async ({ till }) => till.faults.next('empty', { operation: 'getStock' }))),
  fc.constant(step('what was set aside is sent again', (street) => street.replay())),
  fc.constant(
    step(
      'everything comes to rest',
      (street, pencil) => rest(street, pencil),
      ({ away }) => !away,
    ),
  ),
];

/** Between what the shop itself holds back for unpaid orders and what the till can deliver beyond what was promised. */
export async function rest(street: Street, { orders }: Pencil): Promise<void> {
  await street.settle();
  const { shop, available, booked } = street;
  const known = booked();
  expect(known, 'no order is in the till twice').toEqual([...new Set(known)]);
  for (const sku of articles) {
    const pieces = (wanted: (order: ShopOrder) => boolean): number =>
      orders.filter((one) => one.sku === sku && wanted(one)).reduce((sum, { quantity }) => sum + quantity, 0);
    const promised = pieces(({ state, number }) => state === 'paid' && !known.includes(number));
    const held = pieces(({ state }) => state === 'unpaid');
    const sellable = Math.max(0, available(sku) - promised);
    const shown = shop.published(sku);
    const story = `${sku}: ${shown} on show, the till has ${available(sku)}, ${promised} promised, ${held} held for unpaid orders`;
    expect(shown, story).toBeLessThanOrEqual(sellable);
    expect(shown, story).toBeGreaterThanOrEqual(Math.max(0, sellable - held));
  }
}

/** The end of the day: the till is back, what was set aside goes in, and nobody is left who has not decided. */
export async function end(street: Street, pencil: Pencil): Promise<void> {
  const { shop, till } = street;
  pencil.away = false;
  await till.faults.away(false);
  till.faults.clear();
  for (const [index, one] of pencil.orders.filter(({ state }) => state === 'unpaid').entries()) {
    if (index % 2 === 0) await pay(shop, one);
    else await cancel(shop, one);
  }
  await street.settle();
  await street.replay();
  await rest(street, pencil);
  const paid = pencil.orders.filter(({ state }) => state === 'paid').map(({ number }) => number);
  expect(street.booked()).toEqual(expect.arrayContaining(paid));
}
