/** The merchant of a shop, who uses the API as the screens do. */
import { type ApiClient, openFrame, type Shape } from '../e2e/api-client.ts';
import type { TestShop } from '../e2e/shop-fixture.ts';
import type { MpluskassaSimulator } from '../simulators/mpluskassa/simulator.ts';

export interface Merchant {
  /** A session with Tillbridge, opened again before it runs out. */
  api(): Promise<ApiClient>;
  /** The whole set-up: the till's access data, the suggested settings, on. Records since `from` are taken. */
  connectAndSwitchOn(from: Date): Promise<void>;
}

/** Shorter than the life of a ticket. */
const sessionMs = 10 * 60_000;

export function createMerchant(appUrl: string, shop: TestShop, till: MpluskassaSimulator): Merchant {
  let session: { readonly api: ApiClient; readonly until: number } | undefined;

  async function api(): Promise<ApiClient> {
    if (session === undefined || session.until < Date.now()) {
      session = { api: await openFrame(appUrl, await shop.frameUrl()), until: Date.now() + sessionMs };
    }
    return session.api;
  }

  async function orderFlow(client: ApiClient): Promise<Shape<'Flow'>> {
    const existing = (await client.expect<Shape<'Flow'>[]>('GET', 'flows')).find(({ kind }) => kind === 'order');
    if (existing !== undefined) return existing;
    const connections = await client.expect<Shape<'Connection'>[]>('GET', 'connections');
    const target = connections.find(({ connector }) => connector === 'mpluskassa');
    const source = connections.find(({ connector }) => connector !== 'mpluskassa');
    return client.expect('POST', 'flows', { kind: 'order', source: source?.id, target: target?.id });
  }

  return {
    api,
    async connectAndSwitchOn(from) {
      const client = await api();
      await client.expect('PUT', 'connections/mpluskassa', { settings: { ...accessOf(till), branchNumber: 1, employeeNumber: 101 } });
      const flow = await orderFlow(client);
      if (flow.settingsVersion === 1) {
        const settings = await client.expect<Shape<'FlowSettings'>>('POST', `flows/${flow.id}/suggest`);
        await client.expect('PUT', `flows/${flow.id}/settings`, { settings, version: flow.settingsVersion });
      }
      if (!flow.on) await client.expect('POST', `flows/${flow.id}/switch`, { on: true, from: from.toISOString() });
    },
  };
}

/** What a till's supplier hands to the merchant. */
export const accessOf = ({ host, port, ident, secret }: MpluskassaSimulator) => ({ host, port, ident, secret });
