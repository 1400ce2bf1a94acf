/** What the sandbox page asks for and does. */
import type { ApiClient, Shape } from '../e2e/api-client.ts';
import type { PlacedOrder } from '../e2e/shop-fixture.ts';
import type { MpluskassaSimulator } from '../simulators/mpluskassa/simulator.ts';
import type { Stage } from '../simulators/shopware/sandbox-routes.ts';
import { accessOf, type Merchant } from './merchant.ts';
import { sandboxPage } from './page.ts';
import type { SandboxShop } from './shops.ts';
import type { SandboxSystem, SandboxSystems } from './systems.ts';

interface Play {
  readonly shop: SandboxShop;
  readonly merchant: Merchant;
}

interface Ground {
  readonly plays: readonly Play[];
  readonly till: MpluskassaSimulator;
  readonly systems: SandboxSystems;
  /** Records from here on are taken when the sandbox sets a shop up. */
  readonly openedAt: Date;
}

interface Followed extends PlacedOrder {
  readonly kind: 'paid' | 'unpaid' | 'unknown';
  readonly at: Date;
  /** Per flow, once it is where that leads. Later looks at the same order change nothing about it. */
  readonly tookMs: Map<string, number>;
}

/** Where paid orders of a shop go. */
interface Place {
  /** In a sentence. */
  readonly name: string;
  readonly till: boolean;
  readonly state: string | undefined;
  readonly cause: string | undefined;
  readonly tookMs: number | undefined;
}

/** Until the attempt that wrote the order was settled, by the product's own clock. */
async function tookMs(api: ApiClient, id: string, since: Date): Promise<number> {
  const { attemptList } = await api.expect<Shape<'RecordDetail'>>('GET', `records/${id}`);
  const written = attemptList.find(({ steps }) => steps.length > 0);
  const settled = written?.stages.find(({ stage }) => stage === 'settle')?.at;
  return settled === undefined ? 0 : Math.max(0, Date.parse(settled) - since.getTime());
}

const answer = (status: number, value: unknown) => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(value),
});

export function createStage({ plays, till, systems, openedAt }: Ground): Stage {
  const tillUrl = `${till.host}:${till.port}/till`;
  const lost = new Set<SandboxShop>();
  const last = new Map<SandboxShop, Followed>();

  const asTill = async (path: string, sent?: unknown): Promise<{ away: boolean }> => {
    const init = sent === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) };
    return (await (await fetch(`${tillUrl}/${path}`, init)).json()) as { away: boolean };
  };

  const orders = {
    paid: (shop: SandboxShop) => shop.placePaidOrder(),
    unpaid: (shop: SandboxShop) => shop.placeUnpaidOrder(),
    unknown: (shop: SandboxShop) => shop.placeOrderWithUnknownArticle(),
  };
  const place = (kind: keyof typeof orders) => async (shop: SandboxShop) => {
    const at = new Date();
    last.set(shop, { ...(await orders[kind](shop)), kind, at, tookMs: new Map() });
  };

  const merchantOf = (shop: SandboxShop) => plays.find((play) => play.shop === shop)?.merchant;
  const connect = (system: SandboxSystem) => async (shop: SandboxShop) => merchantOf(shop)?.connect(system, openedAt);

  const actions: Readonly<Record<string, (shop: SandboxShop, wanted: boolean) => Promise<void>>> = {
    paid: place('paid'),
    unpaid: place('unpaid'),
    unknown: place('unknown'),
    async away(_shop, away) {
      await asTill('away', { away });
    },
    async lost(shop, wanted) {
      shop.webhooks(wanted ? 'dropped' : 'delivered');
      if (wanted) lost.add(shop);
      else lost.delete(shop);
    },
    async till(shop) {
      await merchantOf(shop)?.connectTill(openedAt);
    },
    ...Object.fromEntries(systems.all.map((system) => [system.name, connect(system)])),
  };

  /** The till first, then the others in the order in which they stand on the page. */
  const rank = ({ target }: Shape<'Flow'>): number => systems.all.findIndex(({ name }) => name === target.connector);

  async function placesOf(api: ApiClient, flows: readonly Shape<'Flow'>[], order: Followed): Promise<Place[]> {
    const { items } = await api.expect<Shape<'RecordPage'>>('GET', `records?limit=50&search=${encodeURIComponent(order.number)}`);
    return Promise.all(
      flows.map(async ({ id, target }): Promise<Place> => {
        const record = items.find((one) => one.flow === id);
        if (!order.tookMs.has(id) && record?.state === 'done') order.tookMs.set(id, await tookMs(api, record.id, order.at));
        const took = order.tookMs.get(id);
        const isTill = target.connector === 'mpluskassa';
        return {
          name: isTill ? 'the till' : target.title,
          till: isTill,
          state: took === undefined ? record?.state : 'done',
          cause: record?.cause?.message,
          tookMs: took,
        };
      }),
    );
  }

  async function shopState({ shop, merchant }: Play): Promise<object> {
    const api = await merchant.api();
    const order = last.get(shop);
    const flows = (await api.expect<Shape<'Flow'>[]>('GET', 'flows'))
      .filter(({ kind, on, source }) => kind === 'order' && on && source.connector === shop.platform)
      .sort((one, other) => rank(one) - rank(other));
    return {
      platform: shop.platform,
      title: shop.title,
      adminUrl: shop.adminUrl,
      webhooksLost: lost.has(shop),
      connected: flows.map(({ target }) => (target.connector === 'mpluskassa' ? 'till' : target.connector)),
      ...(order && {
        order: { number: order.number, kind: order.kind, paidMinor: order.paidMinor, places: await placesOf(api, flows, order) },
      }),
    };
  }

  async function state(): Promise<object> {
    const [{ away }, ...shops] = await Promise.all([asTill('state.json'), ...plays.map(shopState)]);
    const { host, port, ident, secret } = accessOf(till);
    const sheet = { id: 'till', title: 'MplusKASSA', data: { Host: host, Port: port, Ident: ident, Secret: secret } };
    const views = [{ id: 'till', title: 'MplusKASSA', url: tillUrl }, ...systems.views];
    return { pid: process.pid, shops, away, views, access: [sheet, ...systems.access] };
  }

  return async ({ method, headers, body }, path) => {
    if (method === 'GET' && path === '/sandbox/') {
      // The shop knows itself by one name only, and so does the frame's list of ancestors.
      const home = plays[0]?.shop.url ?? '';
      if (headers.host !== new URL(home).host) return { status: 302, headers: { location: `${home}/sandbox/` } };
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }, body: sandboxPage() };
    }
    try {
      if (method === 'GET' && path === '/sandbox/stage.json') return answer(200, await state());
      const act = method === 'POST' ? actions[/^\/sandbox\/stage\/(\w+)$/.exec(path)?.[1] ?? ''] : undefined;
      if (act === undefined) return undefined;
      // No page of another origin can send this type without asking first.
      if (headers['content-type'] !== 'application/json') return answer(415, { error: 'application/json only' });
      const { shop: wanted, on } = JSON.parse(body) as { shop?: string; on?: boolean };
      const play = plays.find(({ shop }) => shop.platform === wanted) ?? plays[0];
      if (play) await act(play.shop, on === true);
      return answer(200, await state());
    } catch (error) {
      return answer(503, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}
