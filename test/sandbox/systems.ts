/** Mailchimp and Lightspeed as they stand in the sandbox, and how its merchants connect them. */
import type { ApiClient, Shape } from '../e2e/api-client.ts';
import type { TestShop } from '../e2e/shop-fixture.ts';
import { connectMailchimp, connectRetail, type Systems, startSystems } from '../e2e/systems.ts';
import type { SeedArticle } from '../simulators/lightspeed/articles.ts';

type Kind = Shape<'Flow'>['kind'];

/** A flow by the names of the connectors at its ends; `shop` is the merchant's own. */
export interface Way {
  readonly kind: Kind;
  readonly from: string;
  readonly to: string;
  /** Beside the suggested settings. */
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface SandboxSystem {
  /** The connector's. */
  readonly name: 'mailchimp' | 'lightspeed';
  readonly title: string;
  connect(api: ApiClient): Promise<unknown>;
  /** What is switched on for a merchant who has it connected. */
  readonly ways: readonly Way[];
}

export interface AccessSheet {
  readonly id: string;
  readonly title: string;
  readonly data: Readonly<Record<string, string | number>>;
}

export interface SandboxSystems extends Systems {
  readonly all: readonly SandboxSystem[];
  readonly views: readonly { readonly id: string; readonly title: string; readonly url: string }[];
  readonly access: readonly AccessSheet[];
}

/** Mailchimp asks on its page before it gives access, as the real one does. */
export async function openSystems(shops: readonly Pick<TestShop, 'catalogue'>[]): Promise<SandboxSystems> {
  const systems = await startSystems({ consent: 'ask', articles: articlesOf(shops) });
  const { mailchimp, webshop, retail } = systems;
  const [register] = retail.registerIds();
  return {
    ...systems,
    all: [
      {
        name: 'mailchimp',
        title: 'Mailchimp',
        connect: (api) => connectMailchimp(api, mailchimp),
        ways: [
          { kind: 'order', from: 'shop', to: 'mailchimp' },
          { kind: 'customer', from: 'shop', to: 'mailchimp' },
          { kind: 'consent', from: 'mailchimp', to: 'shop' },
        ],
      },
      {
        name: 'lightspeed',
        title: 'Lightspeed',
        // Of its two products the one that takes orders of others.
        connect: (api) => connectRetail(api, retail),
        ways: [{ kind: 'order', from: 'shop', to: 'lightspeed', values: { register } }],
      },
    ],
    views: [
      { id: 'mailchimp', title: 'Mailchimp', url: mailchimp.pageUrl },
      { id: 'retail', title: 'Lightspeed Retail', url: retail.pageUrl },
      { id: 'webshop', title: 'Lightspeed eCom', url: webshop.pageUrl },
    ],
    access: [
      { id: 'mailchimp', title: 'Mailchimp', data: { 'API key': mailchimp.apiKey, Audience: mailchimp.audienceId } },
      {
        id: 'retail',
        title: 'Lightspeed Retail',
        data: { 'Name of the store': retail.domainPrefix, 'Personal token': retail.personalToken() },
      },
      { id: 'webshop', title: 'Lightspeed eCom', data: { 'API key': webshop.apiKey, 'API secret': webshop.apiSecret, Language: 'nl' } },
    ],
  };
}

/** Where two shops sell the same, the first one's name and price count. */
function articlesOf(shops: readonly Pick<TestShop, 'catalogue'>[]): SeedArticle[] {
  const sold = new Map<string, SeedArticle>();
  for (const { number, name, priceMinor, taxRate } of shops.flatMap((shop) => shop.catalogue())) {
    if (!sold.has(number)) sold.set(number, { code: number, name, price: priceMinor, rate: Math.round(taxRate * 100), stock: 100 });
  }
  return [...sold.values()];
}
