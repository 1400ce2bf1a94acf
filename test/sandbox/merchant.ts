/** The merchant of a shop, who uses the API as the screens do. */
import { type ApiClient, openFrame, type Shape } from '../e2e/api-client.ts';
import type { MpluskassaSimulator } from '../simulators/mpluskassa/simulator.ts';
import type { SandboxShop } from './shops.ts';
import type { SandboxSystem, Way } from './systems.ts';

export interface Merchant {
  /** A session with Tillbridge, opened again before it runs out. */
  api(): Promise<ApiClient>;
  /** The whole set-up: the till's access data, the suggested settings, on. Records since `from` are taken. */
  connectTill(from: Date): Promise<void>;
  /** The same with one of the other systems. */
  connect(system: SandboxSystem, from: Date): Promise<void>;
}

/** Shorter than the life of a ticket. */
const sessionMs = 10 * 60_000;

export function createMerchant(appUrl: string, shop: SandboxShop, till: MpluskassaSimulator): Merchant {
  let session: { readonly api: ApiClient; readonly until: number } | undefined;

  async function api(): Promise<ApiClient> {
    if (session === undefined || session.until < Date.now()) {
      session = { api: await openFrame(appUrl, await shop.frameUrl()), until: Date.now() + sessionMs };
    }
    return session.api;
  }

  const connectorAt = (end: string): string => (end === 'shop' ? shop.platform : end);

  /** What the screens offer: not every shop can say everything. */
  async function offered(client: ApiClient, ways: readonly Way[]): Promise<readonly Way[]> {
    const connectors = await client.expect<Shape<'Connector'>[]>('GET', 'connectors');
    const at = (end: string) => connectors.find(({ name }) => name === connectorAt(end));
    return ways.filter(({ kind, from, to }) => at(from)?.reads.includes(kind) && at(to)?.writes.includes(kind));
  }

  async function flowOf(client: ApiClient, { kind, from, to }: Way): Promise<Shape<'Flow'>> {
    const connections = await client.expect<Shape<'Connection'>[]>('GET', 'connections');
    const [source, target] = [from, to].map((end) => connections.find(({ connector }) => connector === connectorAt(end))?.id);
    const flows = await client.expect<Shape<'Flow'>[]>('GET', 'flows');
    const there = flows.find((flow) => flow.kind === kind && flow.source.connection === source && flow.target.connection === target);
    return there ?? client.expect('POST', 'flows', { kind, source, target });
  }

  /** What somebody has set already stays as it is. */
  async function switchOn(client: ApiClient, way: Way, from: Date): Promise<void> {
    const flow = await flowOf(client, way);
    if (flow.settingsVersion === 1) {
      const { values, tables } = await client.expect<Shape<'FlowSettings'>>('POST', `flows/${flow.id}/suggest`);
      const settings = { values: { ...values, ...way.values }, tables };
      await client.expect('PUT', `flows/${flow.id}/settings`, { settings, version: flow.settingsVersion });
    }
    if (!flow.on) await client.expect('POST', `flows/${flow.id}/switch`, { on: true, from: from.toISOString() });
  }

  return {
    api,
    async connectTill(from) {
      const client = await api();
      await client.expect('PUT', 'connections/mpluskassa', { settings: { ...accessOf(till), branchNumber: 1, employeeNumber: 101 } });
      await switchOn(client, { kind: 'order', from: 'shop', to: 'mpluskassa' }, from);
    },
    async connect(system, from) {
      const client = await api();
      await system.connect(client);
      for (const way of await offered(client, system.ways)) await switchOn(client, way, from);
    },
  };
}

/** What a till's supplier hands to the merchant. */
export const accessOf = ({ host, port, ident, secret }: MpluskassaSimulator) => ({ host, port, ident, secret });
