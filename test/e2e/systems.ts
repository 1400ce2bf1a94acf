/** Systems beside shop and till in a world: started first, since the product is told where they are, and connected as a merchant would. */
import type { SeedArticle } from '../simulators/lightspeed/articles.ts';
import { type CSeriesSimulator, startCSeries } from '../simulators/lightspeed/cseries.ts';
import { startXSeries, type XSeriesSimulator } from '../simulators/lightspeed/xseries.ts';
import { startMailchimp } from '../simulators/mailchimp/simulator.ts';
import type { MailchimpSimulator } from '../simulators/mailchimp/surface.ts';
import type { ApiClient, Shape } from './api-client.ts';
import type { World } from './world.ts';

export type Kind = Shape<'Flow'>['kind'];

export interface Systems {
  readonly mailchimp: MailchimpSimulator;
  readonly webshop: CSeriesSimulator;
  readonly retail: XSeriesSimulator;
  /** Where the product finds them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Requests that no real system would understand. */
  unexpected(): readonly string[];
  stop(): Promise<void>;
}

export interface SystemsWish {
  /** What Mailchimp's consent page does. Default: it sends the merchant back at once. */
  readonly consent?: 'at-once' | 'ask';
  /** What the Lightspeed shops sell, instead of their own. */
  readonly articles?: readonly SeedArticle[];
  /** How far eCom's clock is behind, in milliseconds: its polls look a minute late, so that what was ordered just now is found at once. */
  readonly webshopBehindMs?: number;
}

export async function startSystems({ consent = 'at-once', articles, webshopBehindMs = 0 }: SystemsWish = {}): Promise<Systems> {
  const selling = articles === undefined ? {} : { articles };
  const [mailchimp, webshop, retail] = await Promise.all([
    startMailchimp({ consent }),
    startCSeries({ knobs: { linesAfterMs: 0 }, now: () => new Date(Date.now() - webshopBehindMs), ...selling }),
    startXSeries(selling),
  ]);
  return {
    mailchimp,
    webshop,
    retail,
    environment: {
      MAILCHIMP_API_BASE_URL: mailchimp.apiBaseUrlTemplate,
      MAILCHIMP_LOGIN_BASE_URL: mailchimp.loginBaseUrl,
      MAILCHIMP_CLIENT_ID: mailchimp.clientId,
      MAILCHIMP_CLIENT_SECRET: mailchimp.clientSecret,
      LIGHTSPEED_ECOM_API_BASE_URL: webshop.url,
      LIGHTSPEED_RETAIL_API_BASE_URL: retail.apiBaseUrl,
      LIGHTSPEED_RETAIL_CONNECT_URL: retail.connectUrl,
      LIGHTSPEED_CLIENT_ID: retail.clientId,
      LIGHTSPEED_CLIENT_SECRET: retail.clientSecret,
    },
    unexpected: () => [...mailchimp.unexpected, ...webshop.unexpected, ...retail.unexpected],
    async stop() {
      await Promise.all([mailchimp.stop(), webshop.stop(), retail.stop()]);
    },
  };
}

async function connect(api: ApiClient, name: string, settings: object): Promise<Shape<'Connection'>> {
  const connection = await api.expect<Shape<'Connection'>>('PUT', `connections/${name}`, { settings });
  if (connection.report?.ok !== true) throw new Error(`${name} does not connect: ${JSON.stringify(connection.report?.cause)}`);
  return connection;
}

export const connectMailchimp = (api: ApiClient, { apiKey, audienceId }: MailchimpSimulator) =>
  connect(api, 'mailchimp', { apiKey, audience: audienceId });
export const connectWebshop = (api: ApiClient, { apiKey, apiSecret }: CSeriesSimulator) =>
  connect(api, 'lightspeed', { series: 'ecom', apiKey, apiSecret, language: 'nl' });
export const connectRetail = (api: ApiClient, retail: XSeriesSimulator) =>
  connect(api, 'lightspeed', { series: 'retail', domainPrefix: retail.domainPrefix, personalToken: retail.personalToken() });

export interface FlowWish {
  readonly values?: Readonly<Record<string, unknown>>;
  readonly tables?: Readonly<Record<string, readonly { from: string; to: string }[]>>;
  /** The target wants a look before anything is sent; what it finds is left out. */
  readonly lookFirst?: true;
}

/** Sets a flow up between two systems, by the names of their connectors, and switches it on for everything of the last hour. */
export async function flowBetween(world: World, kind: Kind, way: readonly [string, string], wish: FlowWish = {}): Promise<Shape<'Flow'>> {
  const { api } = world;
  const connections = await api.expect<Shape<'Connection'>[]>('GET', 'connections');
  const [source, target] = way.map((name) => connections.find(({ connector }) => connector === name)?.id);
  let flow = await api.expect<Shape<'Flow'>>('POST', 'flows', { kind, source, target });
  if (wish.values || wish.tables) {
    const settings = { values: { ...flow.settings.values, ...wish.values }, tables: { ...flow.settings.tables, ...wish.tables } };
    flow = await api.expect<Shape<'Flow'>>('PUT', `flows/${flow.id}/settings`, { settings, version: flow.settingsVersion });
  }
  if (wish.lookFirst) {
    await api.expect('POST', `flows/${flow.id}/imports`, { phase: 'preview', action: 'start' });
    await world.app.idle();
  }
  const from = new Date(Date.now() - 3_600_000).toISOString();
  return api.expect<Shape<'Flow'>>('POST', `flows/${flow.id}/switch`, { on: true, from, ...(wish.lookFirst && { leaveOut: true }) });
}

/** What became of the flow's records, with the causes of those that are parked. */
export async function outcome(world: World, flow: Shape<'Flow'>) {
  const { items } = await world.api.expect<Shape<'RecordPage'>>('GET', `records?flow=${flow.id}&limit=100`);
  return items.map(({ state, reason, cause, number, sourceId }) => ({
    state,
    number: number ?? sourceId,
    ...(reason !== undefined && { reason }),
    ...(cause && { cause: `${cause.code}: ${cause.message}` }),
  }));
}

/** Imports everything that there is, and waits until it is carried out. */
export async function importAll(world: World, flow: Shape<'Flow'>): Promise<void> {
  await world.api.expect('POST', `flows/${flow.id}/imports`, { phase: 'import', action: 'start' });
  await world.app.idle();
  await world.app.idle();
}
