/** What the sandbox page asks for and does. */
import type { ApiClient, Shape } from '../e2e/api-client.ts';
import type { PlacedOrder } from '../e2e/shop-fixture.ts';
import type { MpluskassaSimulator } from '../simulators/mpluskassa/simulator.ts';
import type { Stage } from '../simulators/shopware/sandbox-routes.ts';
import { accessOf, type Merchant } from './merchant.ts';
import { sandboxPage } from './page.ts';
import type { SandboxShop } from './shops.ts';

interface Play {
  readonly shop: SandboxShop;
  readonly merchant: Merchant;
}

interface Ground {
  readonly plays: readonly Play[];
  readonly till: MpluskassaSimulator;
  /** Records from here on are taken when the sandbox sets a shop up. */
  readonly openedAt: Date;
}

interface Followed extends PlacedOrder {
  readonly kind: 'paid' | 'unpaid' | 'unknown';
  readonly at: Date;
  /** Known once it is in the till. Later looks at the same order change nothing about it. */
  tookMs?: number;
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

export function createStage({ plays, till, openedAt }: Ground): Stage {
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
    last.set(shop, { ...(await orders[kind](shop)), kind, at });
  };

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
    async connect(shop) {
      await plays.find((play) => play.shop === shop)?.merchant.connectAndSwitchOn(openedAt);
    },
  };

  async function shopState({ shop, merchant }: Play): Promise<object> {
    const api = await merchant.api();
    const order = last.get(shop);
    const [flows, page] = await Promise.all([
      api.expect<Shape<'Flow'>[]>('GET', 'flows'),
      order && api.expect<Shape<'RecordPage'>>('GET', `records?limit=1&search=${encodeURIComponent(order.number)}`),
    ]);
    const record = page?.items[0];
    if (order && order.tookMs === undefined && record?.state === 'done') order.tookMs = await tookMs(api, record.id, order.at);
    return {
      platform: shop.platform,
      title: shop.title,
      adminUrl: shop.adminUrl,
      webhooksLost: lost.has(shop),
      on: flows.some(({ kind, on }) => kind === 'order' && on),
      ...(order && {
        order: {
          number: order.number,
          kind: order.kind,
          paidMinor: order.paidMinor,
          state: order.tookMs === undefined ? record?.state : 'done',
          cause: record?.cause?.message,
          tookMs: order.tookMs,
        },
      }),
    };
  }

  async function state(): Promise<object> {
    const [{ away }, ...shops] = await Promise.all([asTill('state.json'), ...plays.map(shopState)]);
    return { pid: process.pid, shops, till: { url: tillUrl, away, access: accessOf(till) } };
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
